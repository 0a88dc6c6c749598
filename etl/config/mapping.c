#include "config/mapping.h"
#include "cust360/base/file.h"

/* A record of a DMS has some hundred bytes and few lines; what is far beyond is a lost quote. */
enum {
    CSV_SKIP_MOST = 100,
    RECORD_BYTES_DEFAULT = 64 * 1024,
    RECORD_BYTES_LEAST = 256,
    RECORD_BYTES_MOST = 64 * 1024 * 1024,
    RECORD_LINES_DEFAULT = 32,
    RECORD_LINES_MOST = 100000
};

static const struct key_rule mapping_keys[] = {
    {"name", KEY_OPTIONAL, NODE_SCALAR},       {"kind", KEY_REQUIRED, NODE_SCALAR},
    {"encoding", KEY_OPTIONAL, NODE_SCALAR},   {"csv", KEY_OPTIONAL, NODE_MAPPING},
    {"connection", KEY_OPTIONAL, NODE_SCALAR}, {"tables", KEY_REQUIRED, NODE_SEQUENCE},
    {"repair", KEY_OPTIONAL, NODE_SEQUENCE},   {"lines", KEY_OPTIONAL, NODE_MAPPING},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule csv_keys[] = {
    {"delimiter", KEY_OPTIONAL, NODE_SCALAR},
    {"quote", KEY_OPTIONAL, NODE_SCALAR},
    {"header", KEY_OPTIONAL, NODE_SCALAR},
    {"skip", KEY_OPTIONAL, NODE_SCALAR},
    {"record_bytes_max", KEY_OPTIONAL, NODE_SCALAR},
    {"record_lines_max", KEY_OPTIONAL, NODE_SCALAR},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule table_keys[] = {
    {"name", KEY_REQUIRED, NODE_SCALAR},      {"file", KEY_OPTIONAL, NODE_SCALAR},
    {"record", KEY_OPTIONAL, NODE_SCALAR},    {"query", KEY_OPTIONAL, NODE_SCALAR},
    {"watermark", KEY_OPTIONAL, NODE_SCALAR}, {"look_back_days", KEY_OPTIONAL, NODE_SCALAR},
    {"ignore", KEY_OPTIONAL, NODE_SEQUENCE},  {"entities", KEY_REQUIRED, NODE_MAPPING},
    {"type", KEY_OPTIONAL, KEY_ANY_KIND},     {"parent", KEY_OPTIONAL, NODE_SCALAR},
    {"length", KEY_OPTIONAL, NODE_SCALAR},    {"columns", KEY_OPTIONAL, KEY_ANY_KIND},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const char *const kind_names[] = {[SOURCE_CSV] = "csv",
                                         [SOURCE_XML] = "xml",
                                         [SOURCE_ODBC] = "odbc",
                                         [SOURCE_LINES] = "lines",
                                         NULL};

/* ---- the dialect ---- */

bool bind_delimiter(const struct node *node, char *byte, struct error *error)
{
    static const struct {
        const char *name;
        char byte;
    } names[] = {{"tab", '\t'}, {"comma", ','}, {"semicolon", ';'}, {"pipe", '|'}};
    if (!node)
        return true;
    struct slice text = node_slice(node);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (slice_equal(text, slice_of(names[i].name))) {
            *byte = names[i].byte;
            return true;
        }
    if (text.length != 1 || (text.data[0] & 0x80) || strchr("\r\n", text.data[0])) {
        node_error(node, error, "one ASCII character is expected here, not \"%s\"",
                   node_text(node));
        return error_hint(error, "',', ';', '|' or tab");
    }
    *byte = text.data[0];
    return true;
}

static bool bind_csv(struct mapping_binder *binder, const struct node *node)
{
    struct csv_dialect *csv = &binder->mapping->csv;
    int64_t bytes = RECORD_BYTES_DEFAULT;
    int64_t lines = RECORD_LINES_DEFAULT;
    int64_t skip = 0;
    *csv = (struct csv_dialect){.delimiter = ',', .quote = '"', .header = true};
    if (node) {
        if (!node_check_keys(node, csv_keys, binder->error) ||
            !bind_delimiter(node_find(node, "delimiter"), &csv->delimiter, binder->error) ||
            !bind_delimiter(node_find(node, "quote"), &csv->quote, binder->error) ||
            !node_read_boolean(node_find(node, "header"), &csv->header, binder->error) ||
            !node_read_integer(node_find(node, "skip"), 0, CSV_SKIP_MOST, &skip, binder->error) ||
            !node_read_integer(node_find(node, "record_bytes_max"), RECORD_BYTES_LEAST,
                               RECORD_BYTES_MOST, &bytes, binder->error) ||
            !node_read_integer(node_find(node, "record_lines_max"), 1, RECORD_LINES_MOST, &lines,
                               binder->error))
            return false;
        if (csv->delimiter == csv->quote)
            return node_error(node, binder->error, "delimiter and quote are the same character");
    }
    csv->skip = (size_t)skip;
    csv->record_bytes_max = (size_t)bytes;
    csv->record_lines_max = (size_t)lines;
    return true;
}

/* ---- tables ---- */

/* Which of file, record and query go with which kind. */
static bool check_table_kind(struct mapping_binder *binder, const struct node *node)
{
    static const struct {
        const char *key;
        const char *fits;   /* the letters that the kinds begin with */
        const char *needed; /* the same */
    } rules[] = {
        {"file", "cl", ""},   {"record", "x", "x"},   {"query", "o", "o"},
        {"ignore", "cl", ""}, {"watermark", "o", ""}, {"look_back_days", "o", ""},
        {"type", "l", ""},    {"parent", "l", ""},    {"length", "l", ""},
        {"columns", "l", ""},
    };
    enum source_kind kind = binder->mapping->kind;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        const struct node *value = node_find(node, rules[i].key);
        if (value && !strchr(rules[i].fits, kind_names[kind][0]))
            return node_error(value, binder->error, "\"%s\" does not go with kind: %s",
                              rules[i].key, kind_names[kind]);
        if (strchr(rules[i].needed, kind_names[kind][0]) &&
            (!value || slice_is_empty(node_slice(value))))
            return node_error(node, binder->error, "a table of kind %s needs \"%s\"",
                              kind_names[kind], rules[i].key);
    }
    return true;
}

static bool bind_table_file(struct mapping_binder *binder, const struct node *node)
{
    if (!node)
        return true;
    struct slice text = node_slice(node);
    if (slice_is_empty(text) || memchr(text.data, '/', text.length) ||
        memchr(text.data, '*', text.length)) {
        node_error(node, binder->error, "a file name is expected here, not \"%s\"",
                   node_text(node));
        return error_hint(binder->error,
                          "a file beside the source's own, with {source} for its id: "
                          "'{source}_vehicles.csv'");
    }
    binder->table->file = arena_text(binder->arena, text);
    return true;
}

static bool check_table_name(struct mapping_binder *binder, const struct node *node)
{
    const struct mapping *mapping = binder->mapping;
    if (!bind_name(node, binder->error))
        return false;
    for (size_t i = 0; i < mapping->table_count; i++)
        if (slice_equal(slice_of(mapping->tables[i].name), node_slice(node)))
            return node_error(node, binder->error, "two tables are named \"%s\"", node_text(node));
    return true;
}

/* An upper bound of the columns that a table can name. */
static size_t count_scalars(const struct node *node)
{
    size_t count = node_kind(node) == NODE_SCALAR;
    for (size_t i = 0; i < node_count(node); i++)
        count += count_scalars(node_kind(node) == NODE_MAPPING ? node_value(node, i)
                                                               : node_item(node, i));
    return count;
}

/* `watermark` and {since} in the query go together: one without the other would read too much or
 * too little. */
static bool bind_watermark(struct mapping_binder *binder, const struct node *node)
{
    enum { LOOK_BACK_DAYS = 1, LOOK_BACK_DAYS_MAX = 3660 };
    struct mapping_table *table = binder->table;
    table->watermark = bind_text(node, "watermark", binder->arena);
    table->look_back_days = LOOK_BACK_DAYS;
    if (!node_read_integer(node_find(node, "look_back_days"), 0, LOOK_BACK_DAYS_MAX,
                           &table->look_back_days, binder->error))
        return false;
    bool asks = table->query && strstr(table->query, "{since}");
    if (asks == (table->watermark != NULL))
        return true;
    node_error(node_find(node, asks ? "query" : "watermark"), binder->error,
               "\"watermark\" and {since} in the query go together");
    return error_hint(binder->error,
                      "query: select … where changed >= {since}, watermark: changed");
}

static bool bind_table(struct mapping_binder *binder, const struct node *node)
{
    struct mapping_table *table = &binder->mapping->tables[binder->mapping->table_count];
    binder->table = table;
    if (!node_check_keys(node, table_keys, binder->error) ||
        !check_table_name(binder, node_find(node, "name")) || !check_table_kind(binder, node) ||
        !bind_table_file(binder, node_find(node, "file")))
        return false;
    const struct node *record = node_find(node, "record");
    if (record && !bind_record_path(binder, record))
        return false;
    table->name = bind_text(node, "name", binder->arena);
    table->query = bind_text(node, "query", binder->arena);
    table->parent = SIZE_MAX;
    if (!bind_watermark(binder, node) ||
        (binder->mapping->kind == SOURCE_LINES && !bind_line_table(binder, node)))
        return false;
    table->columns =
        arena_allocate_array(binder->arena, count_scalars(node), sizeof(*table->columns));
    if (!node_read_texts(node_find(node, "ignore"), binder->arena, &table->ignored,
                         &table->ignored_count, binder->error) ||
        !bind_table_entities(binder, node_find(node, "entities")))
        return false;
    binder->mapping->table_count++;
    return true;
}

/* ---- repairs ---- */

static bool bind_repairs(struct mapping_binder *binder, const struct node *node)
{
    static const struct {
        const char *name;
        enum repair repair;
        enum source_kind kind;
    } repairs[] = {
        {"prolog", REPAIR_PROLOG, SOURCE_XML},
        {"ampersand", REPAIR_AMPERSAND, SOURCE_XML},
        {"trailing_text", REPAIR_TRAILING_TEXT, SOURCE_XML},
        {"encoding", REPAIR_ENCODING, SOURCE_XML},
        {"attribute_quotes", REPAIR_ATTRIBUTE_QUOTES, SOURCE_XML},
        {"leading_text", REPAIR_LEADING_TEXT, SOURCE_XML},
        {"end_tags", REPAIR_END_TAGS, SOURCE_XML},
        {"apostrophe", REPAIR_APOSTROPHE, SOURCE_CSV},
        {"formula", REPAIR_FORMULA, SOURCE_CSV},
    };
    enum { REPAIRS = sizeof(repairs) / sizeof(repairs[0]) };
    const char *names[REPAIRS + 1] = {NULL};
    for (size_t i = 0; i < REPAIRS; i++)
        names[i] = repairs[i].name;
    for (size_t i = 0; node && i < node_count(node); i++) {
        const struct node *item = node_item(node, i);
        size_t choice = 0;
        if (!node_read_choice(item, names, &choice, binder->error))
            return false;
        if (repairs[choice].kind != binder->mapping->kind)
            return node_error(item, binder->error, "the repair \"%s\" does not go with kind: %s",
                              names[choice], kind_names[binder->mapping->kind]);
        binder->mapping->repairs |= (unsigned)repairs[choice].repair;
    }
    return true;
}

/* ---- the document ---- */

static bool check_mapping_kind(struct mapping_binder *binder, const struct node *root)
{
    enum source_kind kind = binder->mapping->kind;
    const struct node *csv = node_find(root, "csv");
    const struct node *lines = node_find(root, "lines");
    const struct node *connection = node_find(root, "connection");
    const struct node *encoding = node_find(root, "encoding");
    if (csv && kind != SOURCE_CSV)
        return node_error(csv, binder->error, "\"csv\" does not go with kind: %s",
                          kind_names[kind]);
    if (lines && kind != SOURCE_LINES)
        return node_error(lines, binder->error, "\"lines\" does not go with kind: %s",
                          kind_names[kind]);
    if (connection && kind != SOURCE_ODBC)
        return node_error(connection, binder->error, "\"connection\" does not go with kind: %s",
                          kind_names[kind]);
    if (encoding && kind == SOURCE_ODBC) {
        node_error(encoding, binder->error, "\"encoding\" does not go with kind: odbc");
        return error_hint(binder->error, "the driver decodes; see its connection string");
    }
    return true;
}

static bool bind_mapping(struct mapping_binder *binder, const struct node *root)
{
    struct mapping *mapping = binder->mapping;
    size_t kind = SOURCE_CSV;
    if (!node_check_keys(root, mapping_keys, binder->error) ||
        !node_read_choice(node_find(root, "kind"), kind_names, &kind, binder->error))
        return false;
    mapping->kind = (enum source_kind)kind;
    mapping->encoding = "auto";
    if (!check_mapping_kind(binder, root) || !bind_csv(binder, node_find(root, "csv")) ||
        (mapping->kind == SOURCE_LINES && !bind_line_dialect(binder, node_find(root, "lines"))) ||
        !bind_repairs(binder, node_find(root, "repair")) ||
        !bind_encoding(node_find(root, "encoding"), &mapping->encoding, binder->arena,
                       binder->error))
        return false;
    const struct node *connection = node_find(root, "connection");
    if (connection && !bind_connection_text(connection, binder->error))
        return false;
    mapping->connection = bind_text(root, "connection", binder->arena);
    const struct node *tables = node_find(root, "tables");
    if (node_count(tables) == 0)
        return node_error(tables, binder->error, "a mapping without tables");
    mapping->tables =
        arena_allocate_array(binder->arena, node_count(tables), sizeof(*mapping->tables));
    for (size_t i = 0; i < node_count(tables); i++)
        if (!bind_table(binder, node_item(tables, i)))
            return false;
    return mapping->kind != SOURCE_LINES || check_line_tables(binder, tables);
}

/* The dialect's name, when the document gives none: that of its file. */
static const char *name_of_path(struct arena *arena, const char *path)
{
    struct slice name = slice_of(file_name(path));
    if (slice_ends_with(name, SLICE(".yaml")))
        name.length -= strlen(".yaml");
    return arena_text(arena, name);
}

struct mapping *mapping_load(struct arena *arena, const char *path, const struct model *model,
                             struct error *error)
{
    struct document *document = document_open(path, error);
    if (!document)
        return NULL;
    struct mapping *mapping = arena_allocate(arena, sizeof(*mapping));
    struct mapping_binder binder = {arena, model, mapping, NULL, error};
    const struct node *root = document_root(document);
    mapping->path = arena_text(arena, slice_of(path));
    mapping->name = bind_text(root, "name", arena);
    if (!mapping->name)
        mapping->name = name_of_path(arena, path);
    bool done = bind_mapping(&binder, root);
    document_close(document);
    return done ? mapping : NULL;
}
