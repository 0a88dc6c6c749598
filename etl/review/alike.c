#include "cust360/review_bulk.h"
#include "queue.h"

#include <string.h>

/* Cases that look like one at hand, so that one word can be said on all: the same question for the
 * same reason, with evidence that reads the same. What has the same evidence has about the same
 * uncertainty, and so stands near in the queue: from the case on it is looked in both directions,
 * at so many as the time of an answer allows. */

enum { TRIED_MOST = 60 };

struct alike {
    struct review *review;
    struct arena *arena;
    struct stored_case asked;
    const char *sentence; /* of its evidence; "" when it has none */
    const char *reason;
    struct key_list taken;
    struct queue_row *rows; /* that may be alike, in the queue's order */
    size_t row_count;
    size_t own; /* index of the case at hand */
    int64_t *case_ids;
    int64_t *keys;
    size_t count;
    struct error *error;
};

static bool read_reason(struct alike *alike, int64_t case_id, const char **reason)
{
    struct statement *find = statement_prepare(
        alike->review->state, "SELECT coalesce(reason, '') FROM review_case WHERE case_id = ?1",
        alike->error);
    if (!find)
        return false;
    statement_bind_integer(find, 1, case_id);
    enum outcome outcome = statement_step(find, alike->error);
    *reason = outcome == ACCEPTED ? column_text(alike->arena, find, 0) : "";
    statement_destroy(find);
    return outcome != FAILED;
}

static bool read_sentence(struct alike *alike, const struct stored_case *stored,
                          const char **sentence)
{
    const struct review_engine *engine = alike->review->engine;
    struct review_evidence evidence = {.sentence = ""};
    *sentence = "";
    if (!stored->record_a || !stored->record_b)
        return true;
    if (!engine->explain(engine->context, stored->record_a, stored->record_b, alike->arena,
                         &evidence, alike->error))
        return false;
    *sentence = evidence.sentence;
    return true;
}

/* *is: the case is asked as the one at hand is, and is not one to be decided blind. */
static bool compare(struct alike *alike, const struct queue_row *row, bool *is)
{
    struct stored_case stored;
    const char *text = "";
    bool is_there = false;
    *is = false;
    if (!stored_find(alike->review, row->key, alike->arena, &stored, &is_there, alike->error))
        return false;
    if (!is_there || stored_is_blind(&stored) ||
        strcmp(stored.attribute, alike->asked.attribute) != 0)
        return true;
    if (!read_reason(alike, row->case_id, &text))
        return false;
    if (strcmp(text, alike->reason) != 0)
        return true;
    if (!read_sentence(alike, &stored, &text))
        return false;
    *is = strcmp(text, alike->sentence) == 0;
    return true;
}

static bool visit(void *context, const struct queue_row *row, unsigned misses)
{
    struct alike *alike = context;
    if (misses || (key_list_has(&alike->taken, row->key) && row->key != alike->asked.key))
        return true;
    if (row->key == alike->asked.key)
        alike->own = alike->row_count;
    alike->rows[alike->row_count++] = *row;
    return true;
}

/* What others have in hand, and what has been decided while a run is under way. */
static bool list_taken(struct alike *alike, const char *who)
{
    struct lease *leases = NULL;
    size_t count = 0;
    struct key_list waiting;
    if (!lease_list(alike->review, alike->arena, &leases, &count, alike->error) ||
        !queue_waiting(alike->review, alike->arena, &waiting, alike->error))
        return false;
    struct key_list *taken = &alike->taken;
    taken->keys = arena_allocate_array(alike->arena, count + waiting.count + 1, sizeof(int64_t));
    for (size_t i = 0; i < count; i++)
        if (strcmp(leases[i].who, who) != 0)
            taken->keys[taken->count++] = leases[i].key;
    for (size_t i = 0; i < waiting.count; i++)
        taken->keys[taken->count++] = waiting.keys[i];
    key_list_sort(taken);
    return true;
}

static bool list_rows(struct alike *alike)
{
    const struct queue_row *all = NULL;
    size_t count = 0;
    struct review_filter filter = REVIEW_FILTER_ALL;
    const struct queue_visitor visitor = {visit, alike};
    filter.kind = (int)alike->asked.kind;
    filter.status = (int)alike->asked.status;
    if (!queue_rows(alike->review, &all, &count, alike->error))
        return false;
    alike->rows = arena_allocate_array(alike->arena, count + 1, sizeof(*alike->rows));
    alike->own = SIZE_MAX;
    return queue_scan(alike->review, &filter, &visitor, alike->error);
}

static void keep(struct alike *alike, const struct queue_row *row)
{
    alike->case_ids[alike->count] = row->case_id;
    alike->keys[alike->count++] = row->key;
}

/* The case itself first, then the nearer ones first. */
static bool gather(struct alike *alike, size_t most)
{
    size_t before = alike->own;
    size_t behind = alike->own + 1;
    keep(alike, &alike->rows[alike->own]);
    for (size_t tried = 0; tried < TRIED_MOST && alike->count < most; tried++) {
        bool forward = behind < alike->row_count && (tried % 2 == 0 || before == 0);
        bool is = false;
        if (!forward && before == 0)
            break;
        const struct queue_row *row = &alike->rows[forward ? behind++ : --before];
        if (!compare(alike, row, &is))
            return false;
        if (is)
            keep(alike, row);
    }
    return true;
}

static bool find_asked(struct alike *alike, const char *key)
{
    int64_t number = 0;
    bool is_there = false;
    if (!key_parse(slice_of(key), &number))
        return error_set(alike->error, EXIT_USAGE, "%s is no case", key);
    if (!stored_find(alike->review, number, alike->arena, &alike->asked, &is_there, alike->error))
        return false;
    if (!is_there)
        return said_gone(alike->review, number, alike->arena, alike->error);
    /* Which ones are alike would tell of the evidence. */
    if (stored_is_blind(&alike->asked))
        return error_set(alike->error, EXIT_USAGE, "a case that is decided blind stands alone");
    return read_sentence(alike, &alike->asked, &alike->sentence);
}

bool review_alike(struct review *review, const char *who, const char *key, size_t most,
                  struct arena *arena, struct review_page *page, struct error *error)
{
    struct alike alike = {.review = review, .arena = arena, .sentence = "", .error = error};
    *page = (struct review_page){0};
    alike.case_ids = arena_allocate_array(arena, most + 1, sizeof(*alike.case_ids));
    alike.keys = arena_allocate_array(arena, most + 1, sizeof(*alike.keys));
    if (!find_asked(&alike, key) || !list_taken(&alike, who) || !list_rows(&alike))
        return false;
    if (alike.own == SIZE_MAX)
        return error_set(error, EXIT_CONFLICT, "this case is not open any more");
    if (!read_reason(&alike, alike.rows[alike.own].case_id, &alike.reason) ||
        !gather(&alike, most) || !lease_take(review, who, alike.keys, alike.count, error))
        return false;
    page->items = arena_allocate_array(arena, alike.count + 1, sizeof(*page->items));
    page->count = alike.count;
    page->total = alike.count;
    return queue_items(review, alike.case_ids, alike.count, arena, page->items, error);
}
