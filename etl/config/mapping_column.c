#include "config/mapping.h"
#include "cust360/base/text.h"

/* ---- the syntax of XML paths ----
 *
 *   path       step ("/" step)*
 *   step       ".." | "." | name predicate* | "@" name       (an attribute ends the path)
 *   predicate  "[" number "]" | "[" ("@" name | name) "=" quoted "]"
 *
 * What is wrong here would otherwise show only as a column that is always empty. */

enum { PREDICATES_MAX = 4 };

struct path {
    struct slice text;
    size_t position; /* bytes */
    const char *wrong;
    bool is_record; /* where "*" is an element of any name */
};

static bool at(const struct path *path, char byte)
{
    return path->position < path->text.length && path->text.data[path->position] == byte;
}

static bool take(struct path *path, char byte)
{
    if (!at(path, byte))
        return false;
    path->position++;
    return true;
}

static bool wrong(struct path *path, const char *message)
{
    path->wrong = message;
    return false;
}

/* Letters, digits, "_", "-", ".", ":" and all that is not ASCII. */
static bool is_name_byte(char byte)
{
    return (byte & 0x80) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || (byte != '\0' && strchr("_-.:", byte));
}

static bool take_name(struct path *path)
{
    size_t start = path->position;
    if (at(path, '-') || at(path, '.') ||
        (path->position < path->text.length && path->text.data[start] >= '0' &&
         path->text.data[start] <= '9'))
        return wrong(path, "a name cannot begin with this character");
    while (path->position < path->text.length && is_name_byte(path->text.data[path->position]))
        path->position++;
    return path->position > start || wrong(path, "the name of an element or @attribute is missing");
}

static bool take_quoted(struct path *path)
{
    char quote = at(path, '\'') ? '\'' : '"';
    if (!take(path, quote))
        return wrong(path, "a value in quotes is expected behind =");
    while (path->position < path->text.length && !at(path, quote))
        path->position++;
    return take(path, quote) || wrong(path, "the closing quote is missing");
}

static bool take_predicate(struct path *path)
{
    size_t start = path->position;
    while (path->position < path->text.length && path->text.data[path->position] >= '0' &&
           path->text.data[path->position] <= '9')
        path->position++;
    if (path->position == start) {
        take(path, '@');
        if (!take_name(path))
            return false;
        if (!take(path, '='))
            return wrong(path, "= is expected here, as in [@kind='mobile']");
        if (!take_quoted(path))
            return false;
    }
    return take(path, ']') || wrong(path, "the closing ] is missing");
}

static bool take_step(struct path *path, bool *is_attribute)
{
    *is_attribute = take(path, '@');
    if (*is_attribute)
        return take_name(path);
    if (take(path, '.')) {
        take(path, '.');
        return true;
    }
    if (path->is_record && take(path, '*'))
        return true;
    if (!take_name(path))
        return false;
    for (size_t predicates = 0; take(path, '['); predicates++) {
        if (predicates == PREDICATES_MAX)
            return wrong(path, "more conditions in [] than a step can have (4)");
        if (!take_predicate(path))
            return false;
    }
    return true;
}

static bool check_path(struct path *path)
{
    bool is_attribute = false;
    for (;;) {
        if (!take_step(path, &is_attribute))
            return false;
        if (path->position == path->text.length)
            return true;
        if (is_attribute)
            return wrong(path, "an attribute ends the path");
        if (!take(path, '/'))
            return wrong(path, "a step ends before this character");
    }
}

static bool report_path(struct mapping_binder *binder, const struct node *node,
                        const struct path *path)
{
    size_t characters = text_length(slice_cut(path->text, 0, path->position));
    node_error_at(node, characters, binder->error, "%s", path->wrong);
    return error_hint(binder->error,
                      "a path reads Name, @id, Phones/Phone[@kind='mobile'], ../../@id");
}

bool bind_record_path(struct mapping_binder *binder, const struct node *node)
{
    struct slice text = node_slice(node);
    if (!slice_starts_with(text, SLICE("/")) || slice_starts_with(text, SLICE("//"))) {
        node_error(node, binder->error, "a record path begins with / and the top element");
        return error_hint(binder->error, "for example /DealerExport/Customer");
    }
    struct path path = {text, 1, NULL, true};
    if (!check_path(&path))
        return report_path(binder, node, &path);
    binder->table->record = arena_text(binder->arena, text);
    return true;
}

/* ---- columns ---- */

static bool check_expression(struct mapping_binder *binder, const struct node *node)
{
    struct slice text = node_slice(node);
    if (node_kind(node) != NODE_SCALAR || slice_is_empty(text))
        return node_error(node, binder->error, "the name of a column is expected here");
    int64_t number = 0;
    bool is_csv = binder->mapping->kind == SOURCE_CSV;
    if (is_csv && !binder->mapping->csv.header && (!text_to_integer(text, &number) || number < 1)) {
        node_error(node, binder->error, "the number of a column is expected here, not \"%s\"",
                   node_text(node));
        return error_hint(binder->error, "with header: false columns are named 1, 2, 3 …");
    }
    struct path path = {text, 0, NULL, false};
    if (binder->mapping->kind == SOURCE_XML && !check_path(&path))
        return report_path(binder, node, &path);
    return true;
}

bool bind_column(struct mapping_binder *binder, const struct node *node, bool required,
                 size_t *column)
{
    struct mapping_table *table = binder->table;
    if (!check_expression(binder, node))
        return false;
    for (*column = 0; *column < table->column_count; ++*column)
        if (slice_equal(slice_of(table->columns[*column].expression), node_slice(node)))
            break;
    struct mapping_column *entry = &table->columns[*column];
    if (*column == table->column_count) {
        entry->expression = arena_text(binder->arena, node_slice(node));
        entry->line = node_line(node);
        entry->column = node_column(node);
        if (binder->mapping->kind == SOURCE_LINES && !bind_line_place(binder, node, &entry->place))
            return false;
        table->column_count++;
    }
    entry->required = entry->required || required;
    return true;
}

bool bind_columns(struct mapping_binder *binder, const struct node *node, bool required,
                  size_t **columns, size_t *count)
{
    bool is_list = node_kind(node) == NODE_SEQUENCE;
    size_t members = is_list ? node_count(node) : 1;
    if (members == 0)
        return node_error(node, binder->error, "the name of a column is expected here");
    *columns = arena_allocate_array(binder->arena, members, sizeof(**columns));
    for (*count = 0; *count < members; ++*count) {
        const struct node *item = is_list ? node_item(node, *count) : node;
        if (!bind_column(binder, item, required, &(*columns)[*count]))
            return false;
    }
    return true;
}
