#include "cust360/base/csv.h"
#include "cust360/base/text.h"
#include "list.h"
#include "queue.h"

/* A work list for a spreadsheet. What a spreadsheet would take for a formula gets an apostrophe in
 * front, which import takes away again. */

const char *const list_columns[LIST_COLUMNS] = {
    [LIST_KEY] = "case",          [LIST_KIND] = "kind",         [LIST_STATUS] = "status",
    [LIST_PRIORITY] = "priority", [LIST_SOURCE_A] = "source_a", [LIST_KEY_A] = "key_a",
    [LIST_NAME_A] = "name_a",     [LIST_SOURCE_B] = "source_b", [LIST_KEY_B] = "key_b",
    [LIST_NAME_B] = "name_b",     [LIST_ATTRIBUTE] = "field",   [LIST_REASON] = "reason",
    [LIST_FIRST_SEEN] = "since",  [LIST_SEEN] = "seen",         [LIST_VERDICT] = "verdict",
    [LIST_VALUE] = "value",       [LIST_UNTIL] = "until",       [LIST_COMMENT] = "comment",
    [LIST_WHO] = "who",           [LIST_EVIDENCE] = "evidence",
};

bool list_is_formula(struct slice text)
{
    return text.length > 0 && strchr("=+-@\t\r", text.data[0]) != NULL;
}

static void append_cell(struct buffer *csv, size_t column, const char *text)
{
    struct buffer cell = BUFFER_EMPTY;
    if (list_is_formula(slice_of(text)))
        buffer_append_byte(&cell, '\'');
    buffer_append_text(&cell, text);
    if (column)
        buffer_append_byte(csv, ',');
    csv_append_field(csv, buffer_slice(&cell), ',');
    buffer_release(&cell);
}

static void mask_names(struct review_item *item, struct arena *arena)
{
    item->name_a = arena_text(arena, text_mask(arena, slice_of(item->name_a)));
    item->name_b = arena_text(arena, text_mask(arena, slice_of(item->name_b)));
}

/* With the hash of what the row shows, so that an answer to something else is found out, and the
 * evidence as a sentence: it tells what agrees and what differs, never a value. */
static void append_row(struct buffer *csv, struct arena *arena, const struct review_item *item,
                       const struct review_case *found)
{
    const char *const cells[LIST_COLUMNS] = {
        [LIST_KEY] = item->key,
        [LIST_KIND] = review_kind_name(item->kind),
        [LIST_STATUS] = review_status_name(item->status),
        [LIST_PRIORITY] = arena_format(arena, "%.3f", item->priority),
        [LIST_SOURCE_A] = item->source_a,
        [LIST_KEY_A] = item->key_a,
        [LIST_NAME_A] = item->name_a,
        [LIST_SOURCE_B] = item->source_b,
        [LIST_KEY_B] = item->key_b,
        [LIST_NAME_B] = item->name_b,
        [LIST_ATTRIBUTE] = item->attribute,
        [LIST_REASON] = item->reason,
        [LIST_FIRST_SEEN] = item->first_seen,
        [LIST_SEEN] = found->seen,
        [LIST_EVIDENCE] = found->blind ? "" : found->sentence,
    };
    for (size_t i = 0; i < LIST_COLUMNS; i++)
        append_cell(csv, i, cells[i] ? cells[i] : "");
    buffer_append_text(csv, "\r\n");
}

bool review_export(struct review *review, const struct review_filter *filter, size_t limit,
                   bool mask, struct buffer *csv, struct error *error)
{
    struct review_page page;
    struct arena *arena = arena_create();
    bool done = review_queue(review, filter, 0, limit, arena, &page, error);
    buffer_append_text(csv, "\xEF\xBB\xBF");
    for (size_t i = 0; i < LIST_COLUMNS; i++)
        append_cell(csv, i, list_columns[i]);
    buffer_append_text(csv, "\r\n");
    for (size_t i = 0; done && i < page.count; i++) {
        struct review_case found;
        struct arena *row = arena_create();
        done = review_case(review, page.items[i].key, row, &found, error);
        if (mask)
            mask_names(&page.items[i], row);
        if (done)
            append_row(csv, row, &page.items[i], &found);
        arena_destroy(row);
        /* Decided by somebody since the list was made: it is no question any more. */
        done = done || error->exit_code == EXIT_CONFLICT;
    }
    arena_destroy(arena);
    return done;
}
