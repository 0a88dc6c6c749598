#include "cust360/profile_lines.h"
#include "profile/draft.h"

static void append_place(struct buffer *yaml, size_t first, size_t last)
{
    if (first == last)
        buffer_format(yaml, "%zu", first);
    else
        buffer_format(yaml, "%zu-%zu", first, last);
}

static void append_form(const struct lines_look *look, struct buffer *yaml)
{
    if (look->delimiter == '\t')
        buffer_append_text(yaml, "  delimiter: tab\n");
    else if (look->delimiter)
        buffer_format(yaml, "  delimiter: '%c'\n", look->delimiter);
    else
        buffer_format(yaml, "  unit: %s\n", look->bytes ? "bytes" : "characters");
    if (look->trimmed)
        buffer_append_text(yaml, "  trimmed: true\n");
    if (look->names)
        buffer_append_text(yaml, "  skip: 1                                     # the names\n");
    if (!look->type_first)
        return;
    buffer_append_text(yaml, "  type: ");
    append_place(yaml, look->type_first, look->type_last);
    buffer_append_byte(yaml, '\n');
}

static void append_counts(const struct lines_look *look, struct buffer *yaml)
{
    for (size_t i = 0; i < look->count_count; i++) {
        buffer_append_text(yaml, i ? ", " : ", counts: {");
        draft_append_scalar(yaml, slice_of(look->counts[i].of));
        buffer_append_text(yaml, ": ");
        append_place(yaml, look->counts[i].first, look->counts[i].last);
    }
    if (look->count_count)
        buffer_append_byte(yaml, '}');
}

static void append_frame(const struct lines_look *look, struct buffer *yaml)
{
    if (look->header) {
        buffer_append_text(yaml, "  header: {type: ");
        draft_append_scalar(yaml, slice_of(look->header));
        buffer_append_text(yaml, "}\n");
    }
    if (!look->trailer)
        return;
    buffer_append_text(yaml, "  trailer: {type: ");
    draft_append_scalar(yaml, slice_of(look->trailer));
    append_counts(look, yaml);
    buffer_format(yaml, "}  # %s\n",
                  look->count_count ? "these numbers agree with the lines"
                                    : "none of its numbers agrees with the lines");
}

void draft_append_lines(const struct drafting *drafting, const struct draft_table *tables,
                        size_t count, struct buffer *yaml)
{
    const struct lines_look *look = drafting->profile->lines;
    bool any = false;
    buffer_format(yaml, "lines:  # %s\n", look->why);
    append_form(look, yaml);
    append_frame(look, yaml);
    for (size_t i = 0; i < count; i++) {
        if (tables[i].entity_count || !tables[i].table->type)
            continue;
        buffer_append_text(yaml, any ? ", " : "  ignore: [");
        draft_append_scalar(yaml, slice_of(tables[i].table->type));
        any = true;
    }
    if (any)
        buffer_append_text(yaml, "]  # nothing in these lines is an entity of the model\n");
}

void draft_append_line_table(const struct drafting *drafting, const struct profile_table *table,
                             struct buffer *yaml)
{
    bool any = false;
    if (table->type) {
        buffer_append_text(yaml, "    type: ");
        draft_append_scalar(yaml, slice_of(table->type));
        buffer_append_byte(yaml, '\n');
    }
    if (table->parent != SIZE_MAX)
        buffer_format(yaml, "    parent: %s\n",
                      draft_table_name(drafting, &drafting->profile->tables[table->parent]));
    for (size_t i = 0; i < table->column_count; i++) {
        if (!table->columns[i].place)
            continue;
        buffer_append_text(yaml, any ? ", " : "    columns: {");
        draft_append_scalar(yaml, slice_of(table->columns[i].name));
        buffer_format(yaml, ": %s", table->columns[i].place);
        any = true;
    }
    if (any)
        buffer_append_text(yaml, "}\n");
}
