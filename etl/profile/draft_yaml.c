#include "cust360/base/date.h"
#include "cust360/profile_sql.h"
#include "profile/draft.h"

#include <strings.h>

enum { COMMENT_COLUMN = 60 };

/* What marks a line that a person has to decide on. Written in two halves, for the same word in our
 * own sources would be a promise. */
static const char undecided[] = "TO"
                                "DO";

/* ---- scalars ---- */

static bool is_plain_byte(char byte)
{
    return (byte & 0x80) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == ' ' || byte == '/' || byte == '.';
}

static bool reads_otherwise(struct slice text)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no",
                                        "y",    "n",    "on",    "off"};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (text.length == strlen(words[i]) && strncasecmp(text.data, words[i], text.length) == 0)
            return true;
    return false;
}

void draft_append_scalar(struct buffer *yaml, struct slice text)
{
    bool plain = text.length > 0 && !reads_otherwise(text) && text.data[0] != ' ' &&
                 text.data[text.length - 1] != ' ' && text.data[0] != '.' &&
                 !(text.data[0] >= '0' && text.data[0] <= '9');
    for (size_t i = 0; i < text.length && plain; i++)
        plain = is_plain_byte(text.data[i]);
    if (plain) {
        buffer_append(yaml, text);
        return;
    }
    buffer_append_byte(yaml, '\'');
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '\'')
            buffer_append_byte(yaml, '\'');
        buffer_append_byte(yaml, text.data[i] == '\n' || text.data[i] == '\r' ? ' ' : text.data[i]);
    }
    buffer_append_byte(yaml, '\'');
}

/* A comment behind what stands in the line since `from`; line breaks in it become blanks. */
static void append_comment(struct buffer *yaml, size_t from, const char *text)
{
    size_t width = yaml->length - from;
    do
        buffer_append_byte(yaml, ' ');
    while (++width < COMMENT_COLUMN);
    buffer_append_text(yaml, "# ");
    for (; *text; text++)
        buffer_append_byte(yaml, *text == '\n' || *text == '\r' || *text == '\t' ? ' ' : *text);
    buffer_append_byte(yaml, '\n');
}

static void append_columns(struct buffer *yaml, const struct profile_table *table,
                           const size_t *columns, size_t count)
{
    if (count > 1)
        buffer_append_byte(yaml, '[');
    for (size_t i = 0; i < count; i++) {
        if (i)
            buffer_append_text(yaml, ", ");
        draft_append_scalar(yaml, slice_of(table->columns[columns[i]].name));
    }
    if (count > 1)
        buffer_append_byte(yaml, ']');
}

/* ---- fields ---- */

static void append_settings(struct buffer *yaml, const struct draft_field *field)
{
    if (field->join) {
        buffer_append_text(yaml, ", join: ");
        draft_append_scalar(yaml, slice_of(field->join));
    }
    if (field->format)
        buffer_format(yaml, ", format: %s", field->format);
    if (field->polarity)
        buffer_format(yaml, ", polarity: %s", field->polarity);
    for (size_t i = 0; i < field->code_count; i++) {
        buffer_append_text(yaml, i ? ", " : ", codes: {");
        draft_append_scalar(yaml, field->codes[i].from);
        buffer_append_text(yaml, ": ");
        draft_append_scalar(yaml, slice_of(field->codes[i].to));
    }
    if (field->code_count)
        buffer_append_byte(yaml, '}');
    if (field->required)
        buffer_append_text(yaml, ", required: true");
}

static void append_value(struct buffer *yaml, const struct profile_table *table,
                         const struct draft_field *field)
{
    if (field->constant) {
        buffer_format(yaml, "{constant: %s}", field->constant);
        return;
    }
    bool simple = field->column_count == 1 && !field->format && !field->polarity &&
                  field->code_count == 0 && !field->required;
    if (!simple)
        buffer_append_text(yaml, field->column_count > 1 ? "{columns: " : "{column: ");
    append_columns(yaml, table, field->columns, field->column_count);
    if (simple)
        return;
    append_settings(yaml, field);
    buffer_append_byte(yaml, '}');
}

static void append_field(const struct drafting *drafting, struct buffer *yaml,
                         const struct profile_table *table, const struct draft_field *field,
                         const char *indent, struct draft_counts *counts)
{
    size_t from = yaml->length;
    bool decided = field->sure >= DRAFT_SURE;
    buffer_append_text(yaml, indent);
    if (!decided)
        buffer_format(yaml, "%s ", undecided);
    buffer_format(yaml, "%s: ", field->name);
    append_value(yaml, table, field);
    append_comment(yaml, from, arena_format(drafting->arena, "%.2f: %s", field->sure, field->why));
    counts->lines++;
    counts->undecided += !decided;
}

static void append_key(const struct drafting *drafting, struct buffer *yaml,
                       const struct profile_table *table, const struct draft_entity *entity,
                       const char *indent, struct draft_counts *counts)
{
    size_t from = yaml->length;
    bool decided = entity->key_sure >= DRAFT_SURE && entity->key_count > 0;
    buffer_append_text(yaml, indent);
    if (!decided)
        buffer_format(yaml, "%s ", undecided);
    buffer_append_text(yaml, "key: ");
    if (entity->key_suffix)
        buffer_append_text(yaml, "{columns: ");
    append_columns(yaml, table, entity->key, entity->key_count);
    if (entity->key_suffix)
        buffer_format(yaml, ", suffix: %s}", entity->key_suffix);
    append_comment(yaml, from,
                   arena_format(drafting->arena, "%.2f: %s", entity->key_sure, entity->key_why));
    counts->lines++;
    counts->undecided += !decided;
}

static void append_entity_body(const struct drafting *drafting, struct buffer *yaml,
                               const struct draft_table *draft, const struct draft_entity *entity,
                               const char *indent, struct draft_counts *counts)
{
    const struct profile_table *table = draft->table;
    if (entity->when != SIZE_MAX) {
        buffer_format(yaml, "%swhen: ", indent);
        draft_append_scalar(yaml, slice_of(table->columns[entity->when].name));
        buffer_append_byte(yaml, '\n');
    }
    if (entity->main)
        buffer_format(yaml, "%smain: true\n", indent);
    buffer_format(yaml, "%sfields:\n", indent);
    const char *deeper = arena_format(drafting->arena, "%s  ", indent);
    for (size_t i = 0; i < entity->field_count; i++)
        append_field(drafting, yaml, table, &entity->fields[i], deeper, counts);
}

static bool is_list(const struct draft_table *draft, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->entity_count; i++)
        count += strcmp(draft->entities[i].name, name) == 0;
    return count > 1;
}

static void append_entities(const struct drafting *drafting, struct buffer *yaml,
                            const struct draft_table *draft, struct draft_counts *counts)
{
    const char *before = "";
    for (size_t i = 0; i < draft->entity_count; i++) {
        const struct draft_entity *entity = &draft->entities[i];
        bool list = is_list(draft, entity->name);
        if (strcmp(before, entity->name) != 0)
            buffer_format(yaml, "      %s:\n", entity->name);
        before = entity->name;
        append_key(drafting, yaml, draft->table, entity, list ? "        - " : "        ", counts);
        append_entity_body(drafting, yaml, draft, entity, list ? "          " : "        ", counts);
    }
}

/* ---- columns that are left out ---- */

static const char *why_left_out(const struct drafting *drafting,
                                const struct profile_column *column)
{
    if (column->filled == 0)
        return "no row has a value";
    if (!column->meaning[0])
        return arena_format(drafting->arena, "nobody knows what it is (%s)", column->kind);
    return arena_format(drafting->arena, "%.2f %s: %s", column->sure, column->meaning, column->why);
}

static bool comes_before(const struct profile_table *table, size_t column)
{
    for (size_t i = 0; i < column; i++)
        if (strcmp(table->columns[i].name, table->columns[column].name) == 0)
            return true;
    return false;
}

static void append_left_out(const struct drafting *drafting, struct buffer *yaml,
                            const struct draft_table *draft, struct draft_counts *counts)
{
    const struct profile_table *table = draft->table;
    bool list = drafting->profile->source == PROFILE_CSV;
    bool any = false;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct profile_column *column = &table->columns[i];
        bool above = table->type && strncmp(column->name, "..", strlen("..")) == 0;
        if (draft->used[i] || above || comes_before(table, i) || !column->name[0])
            continue;
        if (!any)
            buffer_append_text(yaml, list ? "    ignore:\n" : "    # left out:\n");
        any = true;
        size_t from = yaml->length;
        buffer_append_text(yaml, list ? "      - " : "    #   ");
        draft_append_scalar(yaml, slice_of(column->name));
        append_comment(yaml, from, why_left_out(drafting, column));
        counts->ignored++;
    }
}

/* ---- tables ---- */

/* What files of one source have in common before _ is the source's id. */
static void append_file(const struct drafting *drafting, struct buffer *yaml,
                        const struct profile_table *table)
{
    const char *underscore = table->file ? strchr(table->file, '_') : NULL;
    if (drafting->profile->source != PROFILE_CSV || drafting->profile->table_count < 2)
        return;
    buffer_append_text(yaml, "    file: ");
    if (underscore)
        buffer_format(yaml, "'{source}%s'\n", underscore);
    else
        draft_append_scalar(yaml, slice_of(table->file)), buffer_append_byte(yaml, '\n');
}

/* Whether the draft takes a column that a join brings along. */
static bool uses_joins(const struct draft_table *draft)
{
    for (size_t i = 0; i < draft->table->column_count; i++)
        if (draft->used[i] && draft->table->columns[i].place)
            return true;
    return false;
}

static void append_query(const struct drafting *drafting, struct buffer *yaml,
                         const struct draft_table *draft)
{
    const struct profile_table *table = draft->table;
    const char *place = table->query ? strstr(table->query, " from ") : NULL;
    bool joins = place && uses_joins(draft);
    const char *further = place ? strstr(place, " left join ") : NULL;
    const char *of_table =
        joins ? arena_format(drafting->arena, "%s.",
                             profile_sql_name(drafting->arena, table->name, table->quote))
              : "";
    bool first = true;
    if (!place)
        return;
    if (joins)
        buffer_append_text(yaml,
                           "    # Rows of other tables are named by their numbers here, which "
                           "no other system knows;\n    # the join brings along what people "
                           "know them by. A row without one stays, with nothing there.\n");
    buffer_append_text(yaml, "    query: ");
    struct buffer query = BUFFER_EMPTY;
    buffer_append_text(&query, "select ");
    for (size_t i = 0; i < table->column_count; i++) {
        const struct profile_column *column = &table->columns[i];
        const char *name = profile_sql_name(drafting->arena, column->name, table->quote);
        if (!draft->used[i])
            continue;
        buffer_append_text(&query, first ? "" : ", ");
        if (column->place)
            buffer_format(&query, "%s as %s", column->place, name);
        else
            buffer_format(&query, "%s%s", of_table, name);
        first = false;
    }
    size_t length = further && !joins ? (size_t)(further - place) : strlen(place);
    buffer_append(&query, slice_make(place, length));
    if (table->key_count && draft->used[table->keys[0]])
        buffer_format(
            &query, " order by %s%s", of_table,
            profile_sql_name(drafting->arena, table->columns[table->keys[0]].name, table->quote));
    buffer_append(yaml, buffer_slice(&query));
    buffer_release(&query);
    buffer_append_byte(yaml, '\n');
}

/* The letters that a table's name may have: small ones, digits and _, a letter first. */
static void append_name_letter(struct buffer *name, char letter)
{
    if (letter >= 'A' && letter <= 'Z')
        letter |= 0x20;
    bool is_letter = letter >= 'a' && letter <= 'z';
    bool goes_on = (letter >= '0' && letter <= '9') || letter == '_';
    if (is_letter || (goes_on && name->length > 0))
        buffer_append_byte(name, letter);
}

static bool has_name_before(const struct profile *profile, size_t number)
{
    for (size_t i = 0; i < number; i++)
        if (strcmp(profile->tables[i].name, profile->tables[number].name) == 0)
            return true;
    return false;
}

/* The table's name: of a file what stands behind the source's id, of a record its element; and a
 * number where two would be the same or nothing is left. */
const char *draft_table_name(const struct drafting *drafting, const struct profile_table *table)
{
    size_t number = (size_t)(table - drafting->profile->tables);
    const char *name = table->name;
    const char *underscore = table->file && !table->type ? strchr(table->file, '_') : NULL;
    struct buffer text = BUFFER_EMPTY;
    if (underscore && underscore[1])
        name = underscore + 1;
    for (; *name && *name != '.'; name++)
        append_name_letter(&text, *name);
    bool nameless = text.length == 0;
    if (nameless)
        buffer_append_text(&text, "table");
    if (number && (nameless || has_name_before(drafting->profile, number)))
        buffer_format(&text, "%zu", number + 1);
    const char *result = arena_text(drafting->arena, buffer_slice(&text));
    buffer_release(&text);
    return result;
}

static void append_table(const struct drafting *drafting, struct buffer *yaml,
                         const struct draft_table *draft, struct draft_counts *counts)
{
    const struct profile_table *table = draft->table;
    const char *name = draft_table_name(drafting, table);
    if (draft->entity_count == 0) {
        size_t from = yaml->length;
        buffer_format(yaml, "  # left out: %s", name);
        append_comment(yaml, from, "nothing in it is an entity of the model");
        return;
    }
    buffer_append_text(yaml, "  - name: ");
    draft_append_scalar(yaml, slice_of(name));
    buffer_append_byte(yaml, '\n');
    append_file(drafting, yaml, table);
    if (drafting->profile->lines)
        draft_append_line_table(drafting, table, yaml);
    if (table->record)
        buffer_format(yaml, "    record: %s\n", table->record);
    append_query(drafting, yaml, draft);
    append_left_out(drafting, yaml, draft, counts);
    buffer_append_text(yaml, "    entities:\n");
    append_entities(drafting, yaml, draft, counts);
}

/* What stands in braces is the source's to give: a mapping is shared, and has no secret in it. */
static void append_connection_source(const struct profile *profile, struct buffer *yaml)
{
    const char *line = profile->connection_source;
    if (!line || !line[0])
        return;
    buffer_append_text(yaml, "# The source in cust360.yaml says the rest; a secret is one of {env: "
                             "NAME}, {file: PATH},\n"
                             "# {command: '…'}:\n");
    while (*line) {
        const char *end = strchr(line, '\n');
        size_t length = end ? (size_t)(end - line) : strlen(line);
        buffer_format(yaml, "#     %.*s\n", (int)length, line);
        line += end ? length + 1 : length;
    }
}

static void append_source(const struct drafting *drafting, struct buffer *yaml)
{
    static const char *const kinds[] = {"csv", "xml", "odbc", "lines"};
    const struct profile *profile = drafting->profile;
    buffer_format(yaml, "kind: %s\n", kinds[profile->source]);
    if (profile->source == PROFILE_ODBC) {
        buffer_append_text(yaml, "connection: ");
        draft_append_scalar(yaml,
                            slice_of(profile->connection ? profile->connection : "DSN={database}"));
        buffer_append_byte(yaml, '\n');
        append_connection_source(profile, yaml);
        return;
    }
    size_t from = yaml->length;
    buffer_append_text(yaml, "encoding: ");
    draft_append_scalar(yaml, slice_of(profile->encoding ? profile->encoding : "auto"));
    append_comment(yaml, from,
                   arena_format(drafting->arena, "%.2f: %s", profile->encoding_sure,
                                profile->evidence_count ? profile->evidence[0] : ""));
    if (profile->repairs && profile->repairs[0]) {
        from = yaml->length;
        buffer_format(yaml, "repair: [%s]", profile->repairs);
        append_comment(yaml, from,
                       "what is wrong with the file; each repair is counted in the report");
    }
    if (profile->source != PROFILE_CSV)
        return;
    from = yaml->length;
    buffer_append_text(yaml, "csv: {delimiter: ");
    if (profile->delimiter == '\t')
        buffer_append_text(yaml, "tab");
    else
        buffer_format(yaml, "'%c'", profile->delimiter ? profile->delimiter : ',');
    buffer_format(yaml, ", header: %s", profile->header ? "true" : "false");
    if (profile->skip)
        buffer_format(yaml, ", skip: %zu", profile->skip);
    buffer_append_byte(yaml, '}');
    append_comment(yaml, from, profile->dialect_why ? profile->dialect_why : "");
}

void draft_write_yaml(const struct drafting *drafting, const struct draft_table *tables,
                      size_t count, struct buffer *yaml, struct draft_counts *counts)
{
    buffer_format(
        yaml,
        "# Drafted from %s.\n"
        "# Behind each line: how sure it is (0 to 1) and why. What is marked %s is under %.1f:\n"
        "# decide, take the word away or the line, and run cust360 check.\n",
        drafting->profile->path, undecided, DRAFT_SURE);
    buffer_append_text(yaml, "name: ");
    draft_append_scalar(yaml, slice_of(drafting->settings->name));
    buffer_append_byte(yaml, '\n');
    append_source(drafting, yaml);
    if (drafting->profile->lines)
        draft_append_lines(drafting, tables, count, yaml);
    buffer_append_text(yaml, "tables:\n");
    for (size_t i = 0; i < count; i++)
        append_table(drafting, yaml, &tables[i], counts);
}
