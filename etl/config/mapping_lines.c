#include "config/mapping.h"
#include "cust360/base/text.h"

enum {
    PLACE_MOST = 1 << 20, /* no line of an export is longer */
    SKIP_MOST = 1000,
    RECORD_BYTES_DEFAULT = 64 * 1024
};

static const struct key_rule lines_keys[] = {
    {"delimiter", KEY_OPTIONAL, NODE_SCALAR}, {"unit", KEY_OPTIONAL, NODE_SCALAR},
    {"trimmed", KEY_OPTIONAL, NODE_SCALAR},   {"skip", KEY_OPTIONAL, NODE_SCALAR},
    {"type", KEY_OPTIONAL, NODE_SCALAR},      {"header", KEY_OPTIONAL, NODE_MAPPING},
    {"trailer", KEY_OPTIONAL, NODE_MAPPING},  {"ignore", KEY_OPTIONAL, KEY_ANY_KIND},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule header_keys[] = {
    {"type", KEY_REQUIRED, NODE_SCALAR},
    {"columns", KEY_OPTIONAL, KEY_ANY_KIND},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule trailer_keys[] = {
    {"type", KEY_REQUIRED, NODE_SCALAR},
    {"counts", KEY_OPTIONAL, NODE_MAPPING},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

/* ---- places ---- */

static bool read_number(struct slice text, size_t *number)
{
    int64_t read = 0;
    if (!text_to_integer(text, &read) || read < 1 || read > PLACE_MOST)
        return false;
    *number = (size_t)read;
    return true;
}

bool line_place_read(const char *text, bool delimited, struct line_place *place)
{
    const char *dash = strchr(text, '-');
    struct slice first = dash ? slice_make(text, (size_t)(dash - text)) : slice_of(text);
    *place = (struct line_place){0, 0, 0};
    if (!read_number(first, &place->first) || (dash && delimited))
        return false;
    place->last = place->first;
    return !dash || (read_number(slice_of(dash + 1), &place->last) && place->last >= place->first);
}

static bool is_delimited(const struct mapping_binder *binder)
{
    return binder->mapping->lines.delimiter != '\0';
}

static bool place_error(const struct mapping_binder *binder, const struct node *node)
{
    node_error(node, binder->error, "a place in the line is expected here, not \"%s\"",
               node_text(node));
    return error_hint(binder->error, is_delimited(binder)
                                         ? "the number of a field, from 1"
                                         : "first and last character, from 1: 4-11");
}

static bool bind_place(const struct mapping_binder *binder, const struct node *node,
                       struct line_place *place)
{
    return line_place_read(node_text(node), is_delimited(binder), place) ||
           place_error(binder, node);
}

static const struct line_name *find_line_name(const struct line_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->names[i].name, name) == 0)
            return &names->names[i];
    return NULL;
}

static bool add_line_name(struct mapping_binder *binder, const struct node *node,
                          struct line_place place, struct line_names *names)
{
    const char *name = arena_text(binder->arena, node_slice(node));
    if (node_kind(node) != NODE_SCALAR || !name[0] || strchr(name, '/'))
        return node_error(node, binder->error, "the name of a column is expected here");
    if (find_line_name(names, name))
        return node_error(node, binder->error, "two columns are named \"%s\"", name);
    names->names[names->count++] = (struct line_name){name, place};
    return true;
}

/* columns: {number: 2-9} by place, or [type, number, name] field by field. */
static bool bind_names(struct mapping_binder *binder, const struct node *node,
                       struct line_names *names)
{
    size_t count = node ? node_count(node) : 0;
    bool is_list = node && node_kind(node) == NODE_SEQUENCE;
    if (node && node_kind(node) == NODE_SCALAR)
        return node_error(node, binder->error, "columns are a list, or names with their places");
    if (is_list && !is_delimited(binder)) {
        node_error(node, binder->error, "a list of columns goes with a delimiter");
        return error_hint(binder->error, "without one columns have places: {number: 2-9}");
    }
    names->names = arena_allocate_array(binder->arena, count, sizeof(*names->names));
    for (size_t i = 0; i < count; i++) {
        struct line_place place = {0, i + 1, i + 1};
        if (!is_list && !bind_place(binder, node_value(node, i), &place))
            return false;
        if (!add_line_name(binder, is_list ? node_item(node, i) : node_key(node, i), place, names))
            return false;
    }
    return true;
}

/* The names that a column of a level can have; *text moves behind the level's mark. */
static const struct line_names *names_of_level(const struct mapping_binder *binder,
                                               const char **text, size_t *level)
{
    const struct mapping_table *table = binder->table;
    *level = 0;
    if (**text == '/') {
        ++*text;
        *level = LINE_LEVEL_HEADER;
        return binder->mapping->lines.header ? &binder->mapping->lines.names : NULL;
    }
    for (; strncmp(*text, "../", strlen("../")) == 0; *text += strlen("../")) {
        if (table->parent == SIZE_MAX)
            return NULL;
        table = &binder->mapping->tables[table->parent];
        ++*level;
    }
    return &table->names;
}

bool bind_line_place(struct mapping_binder *binder, const struct node *node,
                     struct line_place *place)
{
    const char *text = node_text(node);
    size_t level = 0;
    const struct line_names *names = names_of_level(binder, &text, &level);
    if (!names) {
        node_error(node, binder->error, "there is no line above for \"%s\"", node_text(node));
        return error_hint(binder->error, "../ goes with `parent` of the table, / with `header` of "
                                         "the lines");
    }
    const struct line_name *named = find_line_name(names, text);
    if (named)
        *place = named->place;
    else if (!line_place_read(text, is_delimited(binder), place)) {
        const char **known = arena_allocate_array(binder->arena, names->count, sizeof(*known));
        for (size_t i = 0; i < names->count; i++)
            known[i] = names->names[i].name;
        if (names->count == 0)
            return place_error(binder, node);
        return node_error_names(node, binder->error, known, names->count,
                                "\"%s\" is neither a column of the line nor a place in it", text);
    }
    place->level = level;
    return true;
}

/* ---- the file ---- */

static bool bind_header(struct mapping_binder *binder, const struct node *node)
{
    struct line_dialect *lines = &binder->mapping->lines;
    if (!node)
        return true;
    if (!node_check_keys(node, header_keys, binder->error))
        return false;
    lines->header = bind_text(node, "type", binder->arena);
    return bind_names(binder, node_find(node, "columns"), &lines->names);
}

static bool bind_count(struct mapping_binder *binder, const struct node *key,
                       const struct node *value, struct line_count *count)
{
    count->type = arena_text(binder->arena, node_slice(key));
    count->of = strcmp(count->type, "rows") == 0    ? LINE_COUNT_ROWS
                : strcmp(count->type, "lines") == 0 ? LINE_COUNT_LINES
                                                    : LINE_COUNT_TYPE;
    return bind_place(binder, value, &count->place);
}

static bool bind_trailer(struct mapping_binder *binder, const struct node *node)
{
    struct line_dialect *lines = &binder->mapping->lines;
    if (!node)
        return true;
    if (!node_check_keys(node, trailer_keys, binder->error))
        return false;
    const struct node *counts = node_find(node, "counts");
    size_t count = counts ? node_count(counts) : 0;
    lines->trailer = bind_text(node, "type", binder->arena);
    lines->counts = arena_allocate_array(binder->arena, count, sizeof(*lines->counts));
    for (; lines->count_count < count; lines->count_count++)
        if (!bind_count(binder, node_key(counts, lines->count_count),
                        node_value(counts, lines->count_count), &lines->counts[lines->count_count]))
            return false;
    return true;
}

static bool bind_line_form(struct mapping_binder *binder, const struct node *node)
{
    static const char *const units[] = {"characters", "bytes", NULL};
    struct line_dialect *lines = &binder->mapping->lines;
    size_t unit = 0;
    int64_t skip = 0;
    const struct node *type = node_find(node, "type");
    if (!bind_delimiter(node_find(node, "delimiter"), &lines->delimiter, binder->error) ||
        !node_read_choice(node_find(node, "unit"), units, &unit, binder->error) ||
        !node_read_boolean(node_find(node, "trimmed"), &lines->trimmed, binder->error) ||
        !node_read_integer(node_find(node, "skip"), 0, SKIP_MOST, &skip, binder->error))
        return false;
    lines->bytes = unit == 1;
    lines->skip = (size_t)skip;
    if (lines->delimiter && node_find(node, "unit"))
        return node_error(node_find(node, "unit"), binder->error,
                          "\"unit\" goes with places, not with a delimiter");
    return !type || bind_place(binder, type, &lines->type);
}

bool bind_line_dialect(struct mapping_binder *binder, const struct node *node)
{
    static const char *const of_types[] = {"header", "trailer", "ignore"};
    struct line_dialect *lines = &binder->mapping->lines;
    lines->record_bytes_max = RECORD_BYTES_DEFAULT;
    if (!node)
        return true;
    if (!node_check_keys(node, lines_keys, binder->error) || !bind_line_form(binder, node))
        return false;
    for (size_t i = 0; i < sizeof(of_types) / sizeof(*of_types); i++)
        if (lines->type.first == 0 && node_find(node, of_types[i])) {
            node_error(node_find(node, of_types[i]), binder->error,
                       "\"%s\" goes with lines of several types", of_types[i]);
            return error_hint(binder->error, "say where the type stands: type: 1-2");
        }
    return bind_header(binder, node_find(node, "header")) &&
           bind_trailer(binder, node_find(node, "trailer")) &&
           node_read_texts(node_find(node, "ignore"), binder->arena, &lines->ignored,
                           &lines->ignored_count, binder->error);
}

/* ---- tables ---- */

static bool bind_parent(struct mapping_binder *binder, const struct node *node)
{
    const struct mapping *mapping = binder->mapping;
    const char **names = arena_allocate_array(binder->arena, mapping->table_count, sizeof(*names));
    if (!node)
        return true;
    for (size_t i = 0; i < mapping->table_count; i++) {
        names[i] = mapping->tables[i].name;
        if (slice_equal(slice_of(names[i]), node_slice(node)))
            binder->table->parent = i;
    }
    return binder->table->parent != SIZE_MAX ||
           node_error_names(node, binder->error, names, mapping->table_count,
                            "no table above is named \"%s\"", node_text(node));
}

bool bind_line_table(struct mapping_binder *binder, const struct node *node)
{
    struct mapping_table *table = binder->table;
    const struct node *type = node_find(node, "type");
    const struct node *columns = node_find(node, "columns");
    bool typed = binder->mapping->lines.type.first > 0;
    int64_t length = 0;
    if (typed != (type != NULL)) {
        node_error(type ? type : node, binder->error, "%s",
                   typed ? "a table of lines of several types needs \"type\""
                         : "\"type\" goes with lines of several types");
        return error_hint(binder->error, "`type` of `lines` says where in a line its type stands");
    }
    if (!node_read_texts(type, binder->arena, &table->types, &table->type_count, binder->error) ||
        !bind_parent(binder, node_find(node, "parent")) ||
        !node_read_integer(node_find(node, "length"), 1, PLACE_MOST, &length, binder->error) ||
        !bind_names(binder, columns, &table->names))
        return false;
    table->line_length = (size_t)length;
    if (columns && node_kind(columns) == NODE_SEQUENCE && length == 0)
        table->line_length = table->names.count;
    return true;
}

static bool same_file(const struct mapping_table *a, const struct mapping_table *b)
{
    return a->file && b->file ? strcmp(a->file, b->file) == 0 : !a->file && !b->file;
}

static bool share_a_type(const struct mapping_table *a, const struct mapping_table *b)
{
    for (size_t i = 0; i < a->type_count; i++)
        for (size_t j = 0; j < b->type_count; j++)
            if (strcmp(a->types[i], b->types[j]) == 0)
                return true;
    return a->type_count == 0;
}

/* A line belongs to one table only, and the lines above it are in its file. */
bool check_line_tables(struct mapping_binder *binder, const struct node *tables)
{
    const struct mapping *mapping = binder->mapping;
    for (size_t i = 0; i < mapping->table_count; i++) {
        const struct mapping_table *table = &mapping->tables[i];
        for (size_t j = 0; j < i; j++)
            if (same_file(table, &mapping->tables[j]) && share_a_type(table, &mapping->tables[j]))
                return node_error(node_item(tables, i), binder->error,
                                  "the tables %s and %s would have the same lines",
                                  mapping->tables[j].name, table->name);
        if (table->parent != SIZE_MAX && !same_file(table, &mapping->tables[table->parent]))
            return node_error(node_item(tables, i), binder->error,
                              "the parent of a table is in the same file");
    }
    return true;
}
