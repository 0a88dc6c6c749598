#include "cli/profile/profiling.h"
#include "cust360/base/listing.h"
#include "cust360/base/text.h"

const char *const profile_source_names[] = {"csv", "xml", "odbc", "lines", NULL};

/* A few values that come again and again are codes, not somebody's own; they are shown. */
struct slice profile_shown(const struct profile_view *view, const struct profile_column *column,
                           struct slice value)
{
    enum { CODES_MOST = 60, REPEATED = 3 };
    bool codes = column->distinct <= CODES_MOST && column->filled >= REPEATED * column->distinct &&
                 column->personal < PERSONAL_DIRECT;
    return view->show_values || codes ? value : text_mask(view->arena, value);
}

/* ---- for people ---- */

static const char *fill_text(const struct profile_view *view, const struct profile_column *column)
{
    if (column->values == 0)
        return "-";
    return arena_format(view->arena, "%.4g %%",
                        100.0 * (double)column->filled / (double)column->values);
}

static const char *lengths_text(const struct profile_view *view,
                                const struct profile_column *column)
{
    return arena_format(view->arena, "%llu-%llu", (unsigned long long)column->shortest,
                        (unsigned long long)column->longest);
}

static struct slice tops_text(const struct profile_view *view, const struct profile_column *column)
{
    enum { SHOWN = 3 };
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < column->top_count && i < SHOWN; i++) {
        if (i)
            buffer_append_text(&text, " · ");
        buffer_append(&text, profile_shown(view, column, column->top[i].text));
    }
    struct slice shown = arena_copy(view->arena, buffer_slice(&text));
    buffer_release(&text);
    return shown;
}

static const char *date_text(const struct profile_column *column)
{
    if (column->date_ambiguous)
        return "day or month first?";
    return column->date_format ? column->date_format : "";
}

static void write_columns(const struct profile_view *view, const struct profile_table *table,
                          struct buffer *text)
{
    static const struct listing_column columns[] = {
        {"column", LISTING_LEFT, 36},  {"filled", LISTING_RIGHT, 0}, {"distinct", LISTING_RIGHT, 0},
        {"length", LISTING_RIGHT, 0},  {"meaning", LISTING_LEFT, 0}, {"sure", LISTING_RIGHT, 0},
        {"kind", LISTING_LEFT, 0},     {"dates", LISTING_LEFT, 0},   {"personal", LISTING_LEFT, 0},
        {"pattern", LISTING_LEFT, 24}, {"values", LISTING_LEFT, 48}};
    struct listing *listing = listing_create(columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < table->column_count; i++) {
        const struct profile_column *column = &table->columns[i];
        listing_row(listing);
        listing_text(listing, slice_of(column->name));
        listing_text(listing, slice_of(fill_text(view, column)));
        listing_text(listing,
                     slice_of(arena_format(view->arena, "%s%llu", column->distinct_exact ? "" : "~",
                                           (unsigned long long)column->distinct)));
        listing_text(listing, slice_of(lengths_text(view, column)));
        listing_text(listing, slice_of(column->meaning));
        listing_text(
            listing,
            slice_of(column->meaning[0] ? arena_format(view->arena, "%.2f", column->sure) : ""));
        listing_text(listing, slice_of(column->kind));
        listing_text(listing, slice_of(date_text(column)));
        listing_text(listing, slice_of(column->personal ? personal_names[column->personal] : ""));
        listing_text(listing, column->shape_count ? column->shapes[0].text : slice_make(NULL, 0));
        listing_text(listing, tops_text(view, column));
    }
    listing_hide_empty(listing);
    listing_write(listing, 2, text);
    listing_destroy(listing);
}

static void write_relations(const struct profile_view *view, const struct profile_table *table,
                            struct buffer *text)
{
    if (table->key_count) {
        buffer_append_text(text, "  may be the key:");
        for (size_t i = 0; i < table->key_count; i++)
            buffer_format(text, "%s %s", i ? "," : "", table->columns[table->keys[i]].name);
        buffer_append_byte(text, '\n');
    }
    for (size_t i = 0; i < table->join_count; i++) {
        const struct profile_join *join = &table->joins[i];
        const struct profile_table *other = &view->profile->tables[join->table];
        buffer_format(text, "  likely join: %s = %s.%s (%.0f %% of the values)\n",
                      table->columns[join->own_column].name, other->name,
                      other->columns[join->other_column].name, join->share * 100);
    }
}

static void write_table(const struct profile_view *view, const struct profile_table *table,
                        struct buffer *text)
{
    buffer_format(text, "\n%s", table->name);
    if (table->record)
        buffer_format(text, "  %s", table->record);
    buffer_append_text(text, ": ");
    number_append(text, table->rows);
    buffer_format(text, " rows, %zu columns", table->column_count);
    if (table->rejected) {
        buffer_append_text(text, "; ");
        number_append(text, table->rejected);
        buffer_format(text, " could not be read, the first because %s", table->reject_reason);
    }
    buffer_append_byte(text, '\n');
    if (table->fold_why)
        buffer_format(text, "  %s\n", table->fold_why);
    write_columns(view, table, text);
    write_relations(view, table, text);
}

static void write_nodes(const struct profile *profile, struct buffer *text)
{
    static const struct listing_column columns[] = {{"element", LISTING_LEFT, 90},
                                                    {"count", LISTING_RIGHT, 0},
                                                    {"most in one", LISTING_RIGHT, 0}};
    if (profile->node_count == 0)
        return;
    struct listing *listing = listing_create(columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < profile->node_count; i++) {
        listing_row(listing);
        listing_text(listing, slice_of(profile->nodes[i].path));
        listing_number(listing, profile->nodes[i].count);
        listing_number(listing, profile->nodes[i].most);
    }
    buffer_append_text(text, "\nelements\n");
    listing_write(listing, 2, text);
    listing_destroy(listing);
}

void profile_write_text(const struct profile_view *view, struct buffer *text)
{
    const struct profile *profile = view->profile;
    buffer_format(text, "%s: %s, ", profile->path, profile_source_names[profile->source]);
    number_append(text, profile->bytes);
    buffer_format(text, " bytes%s\n", profile->sampled ? ", a sample of its rows" : "");
    if (profile->encoding)
        buffer_format(text, "encoding %s (%.3g sure)", profile->encoding, profile->encoding_sure);
    for (size_t i = 0; i < profile->evidence_count; i++)
        buffer_format(text, "%s %s", i ? ";" : ":", profile->evidence[i]);
    if (profile->encoding)
        buffer_append_byte(text, '\n');
    if (profile->dialect_why && profile->source == PROFILE_LINES)
        buffer_format(text, "%s\n", profile->dialect_why);
    else if (profile->dialect_why)
        buffer_format(text, "%s; %s\n", profile->header ? "with heading" : "without heading",
                      profile->dialect_why);
    for (size_t i = 0; i < profile->defect_count; i++)
        buffer_format(text, "defect: %s\n", profile->defects[i]);
    for (size_t i = 0; i < profile->table_count; i++)
        write_table(view, &profile->tables[i], text);
    write_nodes(profile, text);
}
