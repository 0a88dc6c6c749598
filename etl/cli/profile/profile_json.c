#include "cli/profile/profiling.h"
#include "cust360/base/json.h"
#include "cust360/base/text.h"
#include "cust360/profile_lines.h"
#include "cust360/yaml.h"

#include <stdio.h>
#include <string.h>

/* ---- writing ---- */

static void write_values(struct json_writer *json, const struct profile_view *view,
                         const struct profile_column *column, const char *key)
{
    json_array_begin(json, key);
    for (size_t i = 0; i < column->top_count; i++) {
        json_object_begin(json, NULL);
        json_text(json, "value", profile_shown(view, column, column->top[i].text));
        json_integer(json, "rows", (int64_t)column->top[i].count);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_guesses(struct json_writer *json, const struct profile_column *column)
{
    json_object_begin(json, "kinds");
    for (size_t i = 0; i < column->guess_count; i++)
        json_number(json, column->guesses[i].kind, column->guesses[i].share);
    json_object_end(json);
    json_object_begin(json, "patterns");
    for (size_t i = 0; i < column->shape_count; i++) {
        char text[128];
        snprintf(text, sizeof(text), "%.*s", SLICE_ARGUMENTS(column->shapes[i].text));
        json_integer(json, text, (int64_t)column->shapes[i].count);
    }
    json_object_end(json);
}

static void write_column_json(struct json_writer *json, const struct profile_view *view,
                              const struct profile_column *column)
{
    json_object_begin(json, NULL);
    json_text(json, "name", slice_of(column->name));
    json_text(json, "heading", slice_of(column->heading));
    if (column->place)
        json_text(json, "place", slice_of(column->place));
    json_integer(json, "values", (int64_t)column->values);
    json_integer(json, "filled", (int64_t)column->filled);
    json_integer(json, "distinct", (int64_t)column->distinct);
    json_boolean(json, "distinct_exact", column->distinct_exact);
    json_boolean(json, "unique", column->unique);
    json_boolean(json, "primary", column->is_primary);
    json_integer(json, "shortest", (int64_t)column->shortest);
    json_integer(json, "longest", (int64_t)column->longest);
    json_number(json, "mean_length", column->mean_length);
    json_text(json, "meaning", slice_of(column->meaning));
    json_text(json, "kind", slice_of(column->kind));
    json_number(json, "sure", column->sure);
    json_text(json, "why", slice_of(column->why));
    json_text(json, "date_format", slice_of(column->date_format ? column->date_format : ""));
    json_boolean(json, "date_ambiguous", column->date_ambiguous);
    json_text(json, "personal", slice_of(personal_names[column->personal]));
    write_guesses(json, column);
    write_values(json, view, column, "top");
    json_object_end(json);
}

static void write_table_json(struct json_writer *json, const struct profile_view *view,
                             const struct profile_table *table)
{
    json_object_begin(json, NULL);
    json_text(json, "name", slice_of(table->name));
    json_text(json, "file", slice_of(table->file ? table->file : ""));
    json_text(json, "record", slice_of(table->record ? table->record : ""));
    json_text(json, "type", slice_of(table->type ? table->type : ""));
    if (table->parent != SIZE_MAX)
        json_integer(json, "parent", (int64_t)table->parent);
    json_text(json, "query", slice_of(table->query ? table->query : ""));
    json_text(json, "folded", slice_of(table->fold_why ? table->fold_why : ""));
    json_integer(json, "rows", (int64_t)table->rows);
    json_integer(json, "rejected", (int64_t)table->rejected);
    json_array_begin(json, "columns");
    for (size_t i = 0; i < table->column_count; i++)
        write_column_json(json, view, &table->columns[i]);
    json_array_end(json);
    json_array_begin(json, "keys");
    for (size_t i = 0; i < table->key_count; i++)
        json_integer(json, NULL, (int64_t)table->keys[i]);
    json_array_end(json);
    json_array_begin(json, "joins");
    for (size_t i = 0; i < table->join_count; i++) {
        json_object_begin(json, NULL);
        json_integer(json, "column", (int64_t)table->joins[i].own_column);
        json_integer(json, "table", (int64_t)table->joins[i].table);
        json_integer(json, "other", (int64_t)table->joins[i].other_column);
        json_number(json, "share", table->joins[i].share);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

static void write_texts(struct json_writer *json, const char *key, const char *const *texts,
                        size_t count)
{
    json_array_begin(json, key);
    for (size_t i = 0; i < count; i++)
        json_text(json, NULL, slice_of(texts[i]));
    json_array_end(json);
}

/* What a mapping says of the file of lines; its tables have the places. */
static void write_lines(struct json_writer *json, const struct lines_look *look)
{
    json_object_begin(json, "lines");
    json_boolean(json, "bytes", look->bytes);
    json_boolean(json, "trimmed", look->trimmed);
    json_integer(json, "type_first", (int64_t)look->type_first);
    json_integer(json, "type_last", (int64_t)look->type_last);
    json_text(json, "header", slice_of(look->header ? look->header : ""));
    json_text(json, "trailer", slice_of(look->trailer ? look->trailer : ""));
    json_array_begin(json, "counts");
    for (size_t i = 0; i < look->count_count; i++) {
        json_object_begin(json, NULL);
        json_text(json, "of", slice_of(look->counts[i].of));
        json_integer(json, "first", (int64_t)look->counts[i].first);
        json_integer(json, "last", (int64_t)look->counts[i].last);
        json_object_end(json);
    }
    json_array_end(json);
    json_text(json, "why", slice_of(look->why));
    json_object_end(json);
}

void profile_write_json(const struct profile_view *view, struct buffer *text)
{
    const struct profile *profile = view->profile;
    struct json_writer json = JSON_WRITER(text);
    json_object_begin(&json, NULL);
    json_text(&json, "path", slice_of(profile->path));
    json_text(&json, "source", slice_of(profile_source_names[profile->source]));
    json_text(&json, "encoding", slice_of(profile->encoding ? profile->encoding : ""));
    json_number(&json, "encoding_sure", profile->encoding_sure);
    write_texts(&json, "evidence", profile->evidence, profile->evidence_count);
    json_text(&json, "delimiter", slice_make(&profile->delimiter, profile->delimiter ? 1 : 0));
    json_text(&json, "quote", slice_make(&profile->quote, profile->quote ? 1 : 0));
    json_boolean(&json, "header", profile->header);
    json_integer(&json, "skip", (int64_t)profile->skip);
    json_text(&json, "connection", slice_of(profile->connection ? profile->connection : ""));
    json_text(&json, "connection_source",
              slice_of(profile->connection_source ? profile->connection_source : ""));
    if (profile->lines)
        write_lines(&json, profile->lines);
    json_integer(&json, "bytes", (int64_t)profile->bytes);
    json_boolean(&json, "sampled", profile->sampled);
    json_text(&json, "repairs", slice_of(profile->repairs ? profile->repairs : ""));
    write_texts(&json, "defects", profile->defects, profile->defect_count);
    json_array_begin(&json, "tables");
    for (size_t i = 0; i < profile->table_count; i++)
        write_table_json(&json, view, &profile->tables[i]);
    json_array_end(&json);
    json_array_begin(&json, "elements");
    for (size_t i = 0; i < profile->node_count; i++) {
        json_object_begin(&json, NULL);
        json_text(&json, "path", slice_of(profile->nodes[i].path));
        json_integer(&json, "count", (int64_t)profile->nodes[i].count);
        json_integer(&json, "most", (int64_t)profile->nodes[i].most);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
    buffer_append_byte(text, '\n');
}

/* ---- reading back ---- */

/* A JSON text is YAML, too: read by the same strict reader, with places in its errors. */
static const char *read_text(const struct node *node, const char *key)
{
    const struct node *value = node_find(node, key);
    return value ? node_text(value) : "";
}

static double read_number(const struct node *node, const char *key)
{
    double number = 0;
    text_to_number(slice_of(read_text(node, key)), &number);
    return number;
}

static uint64_t read_count(const struct node *node, const char *key)
{
    double number = read_number(node, key);
    return number > 0 ? (uint64_t)number : 0;
}

static bool read_flag(const struct node *node, const char *key)
{
    return strcmp(read_text(node, key), "true") == 0;
}

static size_t read_choice(const char *const *names, const char *text)
{
    for (size_t i = 0; names[i]; i++)
        if (strcmp(names[i], text) == 0)
            return i;
    return 0;
}

static void read_values(struct arena *arena, const struct node *node, struct profile_column *column)
{
    const struct node *top = node_find(node, "top");
    size_t count = top ? node_count(top) : 0;
    column->top = arena_allocate_array(arena, count, sizeof(*column->top));
    for (size_t i = 0; i < count; i++) {
        const struct node *item = node_item(top, i);
        column->top[i].text = slice_of(arena_text(arena, slice_of(read_text(item, "value"))));
        column->top[i].count = read_count(item, "rows");
    }
    column->top_count = count;
    const struct node *kinds = node_find(node, "kinds");
    size_t guesses = kinds ? node_count(kinds) : 0;
    for (size_t i = 0; i < guesses && i < PROFILE_GUESSES_MOST; i++) {
        double share = 0;
        text_to_number(node_slice(node_value(kinds, i)), &share);
        column->guesses[column->guess_count++] =
            (struct profile_guess){arena_text(arena, node_slice(node_key(kinds, i))), share};
    }
}

static void read_column(struct arena *arena, const struct node *node, struct profile_column *column)
{
    column->name = arena_text(arena, slice_of(read_text(node, "name")));
    column->heading = arena_text(arena, slice_of(read_text(node, "heading")));
    const char *place = read_text(node, "place");
    column->place = place[0] ? arena_text(arena, slice_of(place)) : NULL;
    column->values = read_count(node, "values");
    column->filled = read_count(node, "filled");
    column->distinct = read_count(node, "distinct");
    column->distinct_exact = read_flag(node, "distinct_exact");
    column->unique = read_flag(node, "unique");
    column->is_primary = read_flag(node, "primary");
    column->shortest = read_count(node, "shortest");
    column->longest = read_count(node, "longest");
    column->mean_length = read_number(node, "mean_length");
    column->meaning = arena_text(arena, slice_of(read_text(node, "meaning")));
    column->kind = arena_text(arena, slice_of(read_text(node, "kind")));
    column->sure = read_number(node, "sure");
    column->why = arena_text(arena, slice_of(read_text(node, "why")));
    const char *format = read_text(node, "date_format");
    column->date_format = format[0] ? arena_text(arena, slice_of(format)) : NULL;
    column->date_ambiguous = read_flag(node, "date_ambiguous");
    column->personal =
        (enum personal_class)read_choice(personal_names, read_text(node, "personal"));
    read_values(arena, node, column);
}

static const char *read_optional(struct arena *arena, const struct node *node, const char *key)
{
    const char *text = read_text(node, key);
    return text[0] ? arena_text(arena, slice_of(text)) : NULL;
}

static bool read_keys(struct arena *arena, const struct node *node, struct profile_table *table,
                      struct error *error)
{
    const struct node *keys = node_find(node, "keys");
    size_t count = keys ? node_count(keys) : 0;
    table->keys = arena_allocate_array(arena, count, sizeof(*table->keys));
    for (size_t i = 0; i < count; i++) {
        int64_t number = 0;
        if (!node_read_integer(node_item(keys, i), 0, (int64_t)table->column_count - 1, &number,
                               error))
            return false;
        table->keys[table->key_count++] = (size_t)number;
    }
    return true;
}

static bool read_table(struct arena *arena, const struct node *node, struct profile_table *table,
                       struct error *error)
{
    const struct node *columns = node_find(node, "columns");
    if (!columns || node_kind(columns) != NODE_SEQUENCE)
        return node_error(node, error, "this is no table of a profile: it has no columns");
    table->name = arena_text(arena, slice_of(read_text(node, "name")));
    table->file = read_optional(arena, node, "file");
    table->record = read_optional(arena, node, "record");
    table->query = read_optional(arena, node, "query");
    table->fold_why = read_optional(arena, node, "folded");
    table->rows = read_count(node, "rows");
    table->rejected = read_count(node, "rejected");
    table->type = read_optional(arena, node, "type");
    table->parent = SIZE_MAX;
    table->column_count = node_count(columns);
    table->columns = arena_allocate_array(arena, table->column_count, sizeof(*table->columns));
    for (size_t i = 0; i < table->column_count; i++)
        read_column(arena, node_item(columns, i), &table->columns[i]);
    return read_keys(arena, node, table, error);
}

static struct lines_look *read_lines(struct arena *arena, const struct node *node)
{
    struct lines_look *look = arena_allocate(arena, sizeof(*look));
    const struct node *counts = node_find(node, "counts");
    look->bytes = read_flag(node, "bytes");
    look->trimmed = read_flag(node, "trimmed");
    look->type_first = (size_t)read_count(node, "type_first");
    look->type_last = (size_t)read_count(node, "type_last");
    look->header = read_optional(arena, node, "header");
    look->trailer = read_optional(arena, node, "trailer");
    look->why = arena_text(arena, slice_of(read_text(node, "why")));
    for (size_t i = 0; counts && i < node_count(counts) && i < LINES_COUNTS_MOST; i++) {
        const struct node *count = node_item(counts, i);
        look->counts[look->count_count++] = (struct lines_count){
            arena_text(arena, slice_of(read_text(count, "of"))), (size_t)read_count(count, "first"),
            (size_t)read_count(count, "last")};
    }
    return look;
}

/* Which table the rows stand below; it comes before. */
static bool read_parent(const struct node *node, struct profile *profile, size_t number,
                        struct error *error)
{
    int64_t parent = 0;
    const struct node *value = node_find(node, "parent");
    if (!value)
        return true;
    if (!node_read_integer(value, 0, (int64_t)number - 1, &parent, error))
        return false;
    profile->tables[number].parent = (size_t)parent;
    return true;
}

static bool read_profile(struct arena *arena, const struct node *root, struct profile *profile,
                         struct error *error)
{
    const struct node *tables = node_find(root, "tables");
    if (!tables || node_kind(tables) != NODE_SEQUENCE) {
        node_error(root, error, "this is no profile: it has no tables");
        return error_hint(error, "write one with: cust360 profile FILE --format json");
    }
    profile->path = arena_text(arena, slice_of(read_text(root, "path")));
    profile->source =
        (enum profile_source)read_choice(profile_source_names, read_text(root, "source"));
    profile->encoding = read_optional(arena, root, "encoding");
    profile->encoding_sure = read_number(root, "encoding_sure");
    profile->delimiter = read_text(root, "delimiter")[0];
    profile->quote = read_text(root, "quote")[0];
    profile->header = read_flag(root, "header");
    profile->skip = (size_t)read_count(root, "skip");
    profile->repairs = read_optional(arena, root, "repairs");
    profile->connection = read_optional(arena, root, "connection");
    profile->connection_source = read_optional(arena, root, "connection_source");
    const struct node *lines = node_find(root, "lines");
    if (lines) {
        profile->lines = read_lines(arena, lines);
        profile->lines->delimiter = profile->delimiter;
        profile->lines->names = profile->header;
    }
    profile->bytes = read_count(root, "bytes");
    profile->sampled = read_flag(root, "sampled");
    profile->table_count = node_count(tables);
    profile->tables = arena_allocate_array(arena, profile->table_count, sizeof(*profile->tables));
    for (size_t i = 0; i < profile->table_count; i++)
        if (!read_table(arena, node_item(tables, i), &profile->tables[i], error) ||
            !read_parent(node_item(tables, i), profile, i, error))
            return false;
    for (size_t i = 0; i < profile->table_count; i++)
        profile->tables[i].quote = profile->quote;
    return true;
}

struct profile *profile_read_json(struct arena *arena, const char *path, struct error *error)
{
    struct profile *profile = arena_allocate(arena, sizeof(*profile));
    struct document *document = document_open(path, error);
    bool read = document && read_profile(arena, document_root(document), profile, error);
    document_close(document);
    return read ? profile : NULL;
}
