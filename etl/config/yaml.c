#include "config/node.h"
#include "cust360/base/buffer.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"

#include <dlfcn.h>
#include <errno.h>
#include <libfyaml.h>
#include <stdlib.h>

/*   bytes ──► document_check_bytes ──► libfyaml's events ──► build_node ──► struct node
 *
 * The tree is built from events and not taken from libfyaml, because only the events show what
 * this subset leaves out: anchors, aliases, tags, further documents. */

#define DOCUMENT_BYTES_MAX ((size_t)64 << 20)
enum { DEPTH_MAX = 32 };

struct builder {
    struct document *document;
    struct fy_parser *parser;
    struct fy_diag *diagnostics;
    struct fy_token_iter *iterator;
    struct buffer text; /* of the last scalar */
    struct error *error;
    uint64_t line; /* of the last event, for errors that libfyaml gives no place for */
    uint64_t column;
};

/* ---- errors of libfyaml ---- */

static const char *syntax_hint(const struct document *document, uint64_t line, const char *message)
{
    if (slice_find(document_line(document, line), SLICE("：")) >= 0)
        return "the line has a full-width colon; a key ends with a plain colon and a space";
    static const struct {
        const char *part;
        const char *hint;
    } hints[] = {
        {"plain key",
         "a colon, a quote or the indentation may be missing here or in the line above"},
        {"implicit key", "a colon or a quote may be missing here or in the line above"},
        {"nested block mapping", "a text with a colon and a space in it needs quotes"},
        {"cannot start", "a text that begins like this needs quotes"},
        {"escape", "in double quotes \\ begins an escape; a pattern stands in single quotes"},
        {"-quoted scalar", "a quote may be missing; inside single quotes a quote is written twice"},
        {"flow", "a comma or a closing bracket may be missing"},
        {"indentation", "what is of one level begins in one column"},
    };
    for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
        if (strstr(message, hints[i].part))
            return hints[i].hint;
    return NULL;
}

/* Some failures leave no diagnostic; then the last place that was understood has to do. */
static bool syntax_error(struct builder *builder)
{
    void *previous = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(builder->diagnostics, &previous);
    if (!first && errno == ENOMEM)
        memory_exhausted();
    const char *message = first && first->msg ? first->msg : "could not be read as YAML from here";
    uint64_t line = first && first->line > 0 ? (uint64_t)first->line : builder->line;
    uint64_t column = first && first->column > 0 ? (uint64_t)first->column : builder->column;
    error_set(builder->error, EXIT_CONFIGURATION, "%s", message);
    document_mark_error(builder->document, line, column, builder->error);
    const char *hint = syntax_hint(builder->document, line, message);
    return hint ? error_hint(builder->error, "%s", hint) : false;
}

static bool refuse(struct builder *builder, const char *what, const char *hint)
{
    error_set(builder->error, EXIT_CONFIGURATION, "%s", what);
    document_mark_error(builder->document, builder->line, builder->column, builder->error);
    return error_hint(builder->error, "%s", hint);
}

/* ---- events to nodes ---- */

static void take_place(struct builder *builder, const struct fy_mark *mark)
{
    if (mark) {
        builder->line = (uint64_t)mark->line + 1;
        builder->column = (uint64_t)mark->column + 1;
    }
}

static struct fy_event *next_event(struct builder *builder)
{
    struct fy_event *event = fy_parser_parse(builder->parser);
    if (event)
        take_place(builder, fy_event_start_mark(event));
    return event;
}

static bool check_subset(struct builder *builder, struct fy_event *event)
{
    struct fy_token *anchor = fy_event_get_anchor_token(event);
    struct fy_token *tag = fy_event_get_tag_token(event);
    if (anchor || tag)
        take_place(builder, fy_token_start_mark(anchor ? anchor : tag));
    if (event->type == FYET_ALIAS)
        return refuse(builder, "an alias (*name) is not understood here",
                      "write the value out; a value that begins with * needs quotes");
    if (anchor)
        return refuse(builder, "an anchor (&name) is not understood here",
                      "leave it out; a value that begins with & needs quotes");
    if (tag)
        return refuse(builder, "a tag (!name) is not understood here",
                      "leave it out; a value that begins with ! needs quotes");
    return true;
}

static struct node *make_node(struct builder *builder, enum node_kind kind)
{
    struct node *node = arena_allocate(builder->document->arena, sizeof(*node));
    node->document = builder->document;
    node->kind = kind;
    node->line = builder->line;
    node->column = builder->column;
    node->text = SLICE("");
    return node;
}

static bool is_null(struct slice text)
{
    return slice_equal(text, SLICE("~")) || slice_equal(text, SLICE("null"));
}

/* libfyaml places a block's text at its first line, and nothing at whatever follows. For people
 * both stand where their key stands. */
static void place_at_key(struct node *node, const struct node *key)
{
    bool is_block = node->style == SCALAR_LITERAL || node->style == SCALAR_FOLDED;
    bool is_nothing = node->style == SCALAR_PLAIN && slice_is_empty(node->text);
    if (node->kind == NODE_SCALAR && (is_block || is_nothing)) {
        node->line = key->line;
        node->column = key->column;
    }
}

/* The pieces of the text are put together here: where libfyaml does so itself and is refused
 * memory, the text is empty, or its second half is whatever lay there. */
static bool read_text(struct builder *builder, struct fy_token *token)
{
    const struct fy_iter_chunk *piece = NULL;
    int failed = 0;
    errno = 0;
    buffer_clear(&builder->text);
    if (!token) /* nothing stands there */
        return true;
    fy_token_iter_start(token, builder->iterator);
    while ((piece = fy_token_iter_chunk_next(builder->iterator, piece, &failed)))
        buffer_append(&builder->text, slice_make(piece->str, piece->len));
    fy_token_iter_finish(builder->iterator);
    if (failed && errno == ENOMEM)
        memory_exhausted();
    return !failed;
}

static struct node *build_scalar(struct builder *builder, const struct fy_event *event)
{
    static const enum scalar_style styles[FYSS_MAX] = {
        [FYSS_PLAIN] = SCALAR_PLAIN,          [FYSS_SINGLE_QUOTED] = SCALAR_SINGLE,
        [FYSS_DOUBLE_QUOTED] = SCALAR_DOUBLE, [FYSS_LITERAL] = SCALAR_LITERAL,
        [FYSS_FOLDED] = SCALAR_FOLDED,
    };
    struct node *node = make_node(builder, NODE_SCALAR);
    bool is_read = read_text(builder, event->scalar.value);
    struct slice text = buffer_slice(&builder->text);
    enum fy_scalar_style style = fy_token_scalar_style(event->scalar.value);
    node->style = style >= 0 && style < FYSS_MAX ? styles[style] : SCALAR_PLAIN;
    if (!is_read || !text_is_valid(text, NULL) ||
        (text.length && memchr(text.data, '\0', text.length))) {
        refuse(builder, "an escape that gives no character", "\\u escapes name Unicode characters");
        return NULL;
    }
    node->text_line = node->line;
    /* libfyaml's place is behind the opening quote. */
    node->column -= node->style == SCALAR_SINGLE || node->style == SCALAR_DOUBLE;
    if (node->style != SCALAR_PLAIN || !is_null(text))
        node->text = arena_copy(builder->document->arena, text);
    return node;
}

/* Grows while a collection is read; the arena gets the finished arrays. */
struct collection {
    const struct node **items;
    const struct node **keys;
    size_t count;
    size_t item_capacity;
    size_t key_capacity;
};

static struct node *build_node(struct builder *builder, struct fy_event *event, unsigned depth);

static bool check_key(struct builder *builder, const struct node *key)
{
    if (key->kind != NODE_SCALAR)
        return node_error(key, builder->error, "a key must be a single text");
    if (key->style == SCALAR_PLAIN && slice_equal(key->text, SLICE("<<"))) {
        node_error(key, builder->error, "a merge key (<<) is not understood here");
        return error_hint(builder->error, "write the keys out");
    }
    if (key->style == SCALAR_PLAIN && slice_is_empty(key->text)) {
        node_error(key, builder->error, "a key without text");
        return error_hint(builder->error, "an empty key is written ''");
    }
    return true;
}

/* Adds one item, or a pair whose key's event is given. */
static bool add_member(struct builder *builder, struct collection *collection, bool is_mapping,
                       struct fy_event *event, unsigned depth)
{
    struct node *node = build_node(builder, event, depth);
    if (!node)
        return false;
    if (is_mapping) {
        if (!check_key(builder, node))
            return false;
        collection->keys = memory_grow(collection->keys, &collection->key_capacity,
                                       collection->count + 1, sizeof(struct node *));
        collection->keys[collection->count] = node;
        struct fy_event *value = next_event(builder);
        if (!value)
            return syntax_error(builder);
        node = build_node(builder, value, depth);
        fy_parser_event_free(builder->parser, value);
        if (!node)
            return false;
        place_at_key(node, collection->keys[collection->count]);
    }
    collection->items = memory_grow(collection->items, &collection->item_capacity,
                                    collection->count + 1, sizeof(struct node *));
    collection->items[collection->count++] = node;
    return true;
}

static int compare_keys(const void *a, const void *b)
{
    const struct node *x = *(const struct node *const *)a;
    const struct node *y = *(const struct node *const *)b;
    int order = slice_compare(x->text, y->text);
    if (order == 0)
        order = x->line != y->line ? (x->line < y->line ? -1 : 1) : x->column < y->column ? -1 : 1;
    return order;
}

static bool check_duplicates(const struct collection *collection, struct error *error)
{
    bool unique = true;
    if (collection->count < 2)
        return true;
    const struct node **sorted = memory_allocate_array(collection->count, sizeof(*sorted));
    memcpy(sorted, collection->keys, collection->count * sizeof(*sorted));
    qsort(sorted, collection->count, sizeof(*sorted), compare_keys);
    for (size_t i = 1; i < collection->count && unique; i++)
        if (slice_equal(sorted[i - 1]->text, sorted[i]->text))
            unique = node_error(
                sorted[i], error, "the key \"%.*s\" stands here twice, first in line %llu",
                SLICE_ARGUMENTS(sorted[i]->text), (unsigned long long)sorted[i - 1]->line);
    memory_free(sorted);
    return unique;
}

/* Copies what was collected, without the pairs that are the user's own (x-…). */
static void keep_members(struct node *node, const struct collection *collection)
{
    struct arena *arena = node->document->arena;
    bool is_mapping = node->kind == NODE_MAPPING;
    node->items = arena_allocate_array(arena, collection->count, sizeof(struct node *));
    if (is_mapping)
        node->keys = arena_allocate_array(arena, collection->count, sizeof(struct node *));
    for (size_t i = 0; i < collection->count; i++) {
        if (is_mapping && slice_starts_with(collection->keys[i]->text, SLICE("x-")))
            continue;
        if (is_mapping)
            node->keys[node->count] = collection->keys[i];
        node->items[node->count++] = collection->items[i];
    }
}

static struct node *build_collection(struct builder *builder, enum node_kind kind, unsigned depth)
{
    struct node *node = make_node(builder, kind);
    struct collection collection = {NULL, NULL, 0, 0, 0};
    enum fy_event_type end = kind == NODE_MAPPING ? FYET_MAPPING_END : FYET_SEQUENCE_END;
    bool done = false;
    bool going = depth < DEPTH_MAX ||
                 refuse(builder, "nested too deeply", "at most 32 levels are understood");
    while (going && !done) {
        struct fy_event *event = next_event(builder);
        if (!event)
            going = syntax_error(builder);
        else if (event->type == end)
            done = true;
        else
            going = add_member(builder, &collection, kind == NODE_MAPPING, event, depth + 1);
        fy_parser_event_free(builder->parser, event);
    }
    if (done && kind == NODE_MAPPING)
        done = check_duplicates(&collection, builder->error);
    if (done)
        keep_members(node, &collection);
    memory_free(collection.items);
    memory_free(collection.keys);
    return done ? node : NULL;
}

static struct node *build_node(struct builder *builder, struct fy_event *event, unsigned depth)
{
    if (!check_subset(builder, event))
        return NULL;
    if (event->type == FYET_SCALAR)
        return build_scalar(builder, event);
    if (event->type == FYET_MAPPING_START)
        return build_collection(builder, NODE_MAPPING, depth);
    if (event->type == FYET_SEQUENCE_START)
        return build_collection(builder, NODE_SEQUENCE, depth);
    syntax_error(builder);
    return NULL;
}

/* ---- the document ---- */

/* Passes over an event that must be of this type. */
static bool expect(struct builder *builder, enum fy_event_type type)
{
    struct fy_event *event = next_event(builder);
    bool as_expected = event && event->type == type;
    bool second = event && event->type == FYET_DOCUMENT_START && type == FYET_STREAM_END;
    bool empty = event && event->type == FYET_STREAM_END && type == FYET_DOCUMENT_START;
    fy_parser_event_free(builder->parser, event);
    if (as_expected)
        return true;
    if (second)
        return refuse(builder, "a second document begins here", "one file holds one document");
    if (empty)
        return refuse(builder, "the document is empty", "a mapping (key: value) is expected");
    return syntax_error(builder);
}

static bool check_root(struct builder *builder)
{
    const struct node *root = builder->document->root;
    if (root->kind == NODE_MAPPING)
        return true;
    node_error(root, builder->error, "not a YAML mapping");
    return error_hint(builder->error, "the document consists of keys and values (key: value)");
}

/* A directive (%YAML, %TAG) could change the meaning of what follows. */
static bool check_directives(struct builder *builder)
{
    struct slice rest = builder->document->source;
    for (uint64_t number = 1; rest.length; number++) {
        const char *end = memchr(rest.data, '\n', rest.length);
        size_t length = end ? (size_t)(end - rest.data) + 1 : rest.length;
        struct slice text = slice_trim(slice_cut(rest, 0, length));
        rest = slice_cut(rest, length, rest.length);
        if (text.length && text.data[0] == '%') {
            builder->line = number;
            return refuse(builder, "a directive (%) is not understood here",
                          "delete the line; the file is read as YAML 1.2");
        }
        if (text.length && text.data[0] != '#')
            break;
    }
    return true;
}

static bool build_document(struct builder *builder)
{
    if (!check_directives(builder) || !expect(builder, FYET_STREAM_START) ||
        !expect(builder, FYET_DOCUMENT_START))
        return false;
    struct fy_event *event = next_event(builder);
    if (!event)
        return syntax_error(builder);
    builder->document->root = build_node(builder, event, 0);
    fy_parser_event_free(builder->parser, event);
    return builder->document->root && expect(builder, FYET_DOCUMENT_END) &&
           expect(builder, FYET_STREAM_END) && check_root(builder);
}

/* libfyaml asks for room for its input by this call of its own and, before 0.9.1, goes on with what
 * it was not given. Calls between libraries go to the program's function where it has one of that
 * name: so this one comes before the library's, and ends a program without memory as all do. */
struct fy_input;
struct fy_input *fy_input_create(const void *settings);

struct fy_input *fy_input_create(const void *settings)
{
    typedef struct fy_input *create(const void *settings);
    union {
        void *object;
        create *function;
    } librarys = {dlsym(RTLD_NEXT, "fy_input_create")};
    struct fy_input *input = librarys.object ? librarys.function(settings) : NULL;
    if (!input)
        memory_exhausted();
    return input;
}

static bool parse(struct document *document, struct error *error)
{
    struct builder builder = {.document = document, .error = error, .line = 1, .column = 1};
    struct fy_parse_cfg settings = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG};
    bool done = false;
    builder.diagnostics = fy_diag_create(NULL);
    if (!builder.diagnostics)
        return error_set(error, EXIT_FAILED, "could not start the YAML reader");
    fy_diag_set_collect_errors(builder.diagnostics, true);
    settings.diag = builder.diagnostics;
    builder.parser = fy_parser_create(&settings);
    builder.iterator = fy_token_iter_create(NULL);
    if (builder.parser && builder.iterator &&
        fy_parser_set_string(builder.parser, document->source.data, document->source.length) == 0)
        done = build_document(&builder);
    else
        error_set(error, EXIT_FAILED, "could not start the YAML reader");
    buffer_release(&builder.text);
    fy_token_iter_destroy(builder.iterator);
    fy_parser_destroy(builder.parser);
    fy_diag_destroy(builder.diagnostics);
    return done;
}

static struct document *document_finish(struct document *document, struct slice text,
                                        struct error *error)
{
    if (slice_starts_with(text, SLICE("\xEF\xBB\xBF")))
        text = slice_cut(text, 3, text.length);
    document->source = text;
    if (!document_check_bytes(document, error) || !parse(document, error)) {
        document_close(document);
        return NULL;
    }
    return document;
}

static struct document *document_create(const char *path)
{
    struct arena *arena = arena_create();
    struct document *document = arena_allocate(arena, sizeof(*document));
    document->arena = arena;
    document->path = arena_text(arena, slice_of(path));
    return document;
}

struct document *document_open(const char *path, struct error *error)
{
    struct document *document = document_create(path);
    struct slice text;
    if (!file_read(document->arena, path, DOCUMENT_BYTES_MAX, &text, error)) {
        error->exit_code = EXIT_CONFIGURATION;
        document_close(document);
        return NULL;
    }
    return document_finish(document, text, error);
}

struct document *document_read(const char *path, struct slice text, struct error *error)
{
    struct document *document = document_create(path);
    return document_finish(document, arena_copy(document->arena, text), error);
}

void document_close(struct document *document)
{
    if (document)
        arena_destroy(document->arena);
}
