#include "queue.h"
#include "cust360/base/memory.h"

#include <stdio.h>
#include <stdlib.h>

/* A page of 100,000 cases is one pass over the few megabytes that the session keeps of them: no
 * count is kept that could come to differ from the cases. */

/* ---- the pass ---- */

static int age_of(int64_t days)
{
    return days <= 0 ? 0 : days <= 7 ? 1 : days <= 31 ? 2 : 3;
}

static bool differs(int choice, int value)
{
    return choice != REVIEW_ANY && choice != value;
}

static unsigned misses_of(const struct review_filter *filter, const struct queue_row *row,
                          int64_t source_id)
{
    unsigned misses = 0;
    misses |= (unsigned)differs(filter->kind, row->kind) << FACET_KIND;
    misses |= (unsigned)differs(filter->status, row->status) << FACET_STATUS;
    misses |= (unsigned)differs(filter->band, row->band) << FACET_BAND;
    misses |= (unsigned)differs(filter->stake, row->stake) << FACET_STAKE;
    misses |= (unsigned)differs(filter->age, row->age) << FACET_AGE;
    if (filter->source && row->source_id != source_id && row->other_source_id != source_id)
        misses |= 1U << FACET_SOURCE;
    return misses;
}

/* -1: there is no such source, and so no case of it. */
static bool find_source(struct review *review, const char *name, int64_t *source_id,
                        struct error *error)
{
    *source_id = -1;
    if (!name)
        return true;
    struct statement *find =
        statement_prepare(review->state, "SELECT source_id FROM source WHERE name = ?1", error);
    if (!find)
        return false;
    statement_bind_text(find, 1, slice_of(name));
    enum outcome outcome = statement_step(find, error);
    if (outcome == ACCEPTED)
        *source_id = statement_integer(find, 0);
    statement_destroy(find);
    return outcome != FAILED;
}

bool queue_scan(struct review *review, const struct review_filter *filter,
                const struct queue_visitor *visitor, struct error *error)
{
    struct session_run run;
    int64_t source_id = -1;
    if (!session_last_run(review->state, &run, error) ||
        !find_source(review, filter->source, &source_id, error))
        return false;
    const struct queue_row *rows = NULL;
    size_t count = 0;
    if (!queue_rows(review, &rows, &count, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct queue_row row = rows[i];
        row.age = age_of(run.as_of_days - row.first_day);
        if (!visitor->visit(visitor->context, &row, misses_of(filter, &row, source_id)))
            break;
    }
    return true;
}

/* ---- keys that are taken ---- */

static int compare_keys(const void *left, const void *right)
{
    const int64_t *x = left;
    const int64_t *y = right;
    return *x < *y ? -1 : *x > *y;
}

void key_list_sort(struct key_list *list)
{
    if (list->count)
        qsort(list->keys, list->count, sizeof(*list->keys), compare_keys);
}

bool key_list_has(const struct key_list *list, int64_t key)
{
    return list->count && bsearch(&key, list->keys, list->count, sizeof(key), compare_keys);
}

bool queue_waiting(struct review *review, struct arena *arena, struct key_list *list,
                   struct error *error)
{
    int64_t count = 0;
    *list = (struct key_list){0};
    if (!database_integer(review->desk,
                          "SELECT count(*) FROM waiting WHERE undo IS NULL AND failed IS NULL", 0,
                          &count, error))
        return false;
    list->keys = arena_allocate_array(arena, (size_t)count + 1, sizeof(*list->keys));
    struct statement *rows = statement_prepare(
        review->desk, "SELECT case_key FROM waiting WHERE undo IS NULL AND failed IS NULL", error);
    enum outcome outcome = FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED &&
           list->count < (size_t)count)
        list->keys[list->count++] = statement_integer(rows, 0);
    statement_destroy(rows);
    key_list_sort(list);
    return outcome != FAILED;
}

/* ---- a page ---- */

struct source_count {
    int64_t source_id;
    size_t count;
};

struct paging {
    size_t offset;
    size_t limit;
    int64_t *case_ids;
    size_t count;
    size_t total;
    struct key_list waiting;
    const struct key_list *own; /* of whoever asks; NULL: nobody does */
    bool only_own;
    size_t own_count;
    const struct key_list *flagged; /* NULL: also what is not flagged */
    size_t counts[QUEUE_FACETS - 1][REVIEW_KINDS + 1];
    size_t *by_source; /* by source id */
    size_t source_capacity;
};

static void count_source(struct paging *paging, int64_t source_id)
{
    size_t needed = (size_t)source_id + 1;
    size_t before = paging->source_capacity;
    if (source_id <= 0)
        return;
    if (needed > before) {
        paging->by_source = memory_grow(paging->by_source, &paging->source_capacity, needed,
                                        sizeof(*paging->by_source));
        memset(paging->by_source + before, 0,
               (paging->source_capacity - before) * sizeof(*paging->by_source));
    }
    paging->by_source[source_id]++;
}

/* A facet counts what the other facets' choices leave. */
static bool visit_page(void *context, const struct queue_row *row, unsigned misses)
{
    struct paging *paging = context;
    const int values[QUEUE_FACETS - 1] = {row->kind, row->status, row->band, row->stake, row->age};
    if (key_list_has(&paging->waiting, row->key) ||
        (paging->flagged && !key_list_has(paging->flagged, row->key)))
        return true;
    bool is_own = paging->own && key_list_has(paging->own, row->key);
    paging->own_count += is_own && misses == 0;
    if (paging->only_own && !is_own)
        return true;
    for (int facet = 0; facet < FACET_SOURCE; facet++)
        if ((misses & ~(1U << facet)) == 0)
            paging->counts[facet][values[facet]]++;
    if ((misses & ~(1U << FACET_SOURCE)) == 0) {
        count_source(paging, row->source_id);
        if (row->other_source_id != row->source_id)
            count_source(paging, row->other_source_id);
    }
    if (misses)
        return true;
    if (paging->total >= paging->offset && paging->count < paging->limit)
        paging->case_ids[paging->count++] = row->case_id;
    paging->total++;
    return true;
}

bool queue_items(struct review *review, const int64_t *case_ids, size_t count, struct arena *arena,
                 struct review_item *items, struct error *error)
{
    struct session_run run;
    struct lease *leases = NULL;
    size_t lease_count = 0;
    struct key_list flagged;
    if (!session_last_run(review->state, &run, error) ||
        !lease_list(review, arena, &leases, &lease_count, error) ||
        !flag_list(review, arena, &flagged, error))
        return false;
    struct statement *select =
        statement_prepare(review->state,
                          arena_format(arena, "SELECT %s FROM review_case c%s WHERE c.case_id = ?1",
                                       stored_columns(review, arena), stored_tables(review, arena)),
                          error);
    enum outcome outcome = select ? ACCEPTED : FAILED;
    for (size_t i = 0; i < count && outcome == ACCEPTED; i++) {
        statement_reset(select);
        statement_bind_integer(select, 1, case_ids[i]);
        outcome = statement_step(select, error);
        if (outcome != ACCEPTED)
            break;
        stored_item(select, arena, run.as_of_days, &items[i]);
        items[i].flagged = key_list_has(&flagged, statement_integer(select, 0));
        for (size_t j = 0; j < lease_count; j++)
            if (leases[j].key == statement_integer(select, 0))
                items[i].leased_by = leases[j].who;
    }
    statement_destroy(select);
    return outcome == ACCEPTED;
}

static const char *const facet_names[QUEUE_FACETS] = {"kind",  "status", "band",
                                                      "stake", "age",    "source"};

static const char *facet_value(struct arena *arena, size_t facet, size_t value)
{
    if (facet == FACET_KIND)
        return review_kind_name((enum review_kind)value);
    if (facet == FACET_STATUS)
        return review_status_name((enum review_status)value);
    return arena_format(arena, "%zu", value);
}

static void fill_facet(struct paging *paging, size_t facet, struct arena *arena,
                       struct review_facet *filled)
{
    filled->name = facet_names[facet];
    filled->values = arena_allocate_array(arena, REVIEW_KINDS, sizeof(*filled->values));
    for (size_t value = 0; value < REVIEW_KINDS; value++)
        if (paging->counts[facet][value])
            filled->values[filled->value_count++] = (struct review_facet_value){
                facet_value(arena, facet, value), paging->counts[facet][value]};
}

static bool fill_sources(struct review *review, const struct paging *paging, struct arena *arena,
                         struct review_facet *filled, struct error *error)
{
    size_t count = 0;
    for (size_t i = 0; i < paging->source_capacity; i++)
        count += paging->by_source[i] > 0;
    filled->name = facet_names[FACET_SOURCE];
    filled->values = arena_allocate_array(arena, count + 1, sizeof(*filled->values));
    struct statement *names =
        statement_prepare(review->state, "SELECT source_id, name FROM source ORDER BY name", error);
    enum outcome outcome = FAILED;
    while (names && (outcome = statement_step(names, error)) == ACCEPTED) {
        size_t source_id = (size_t)statement_integer(names, 0);
        if (source_id < paging->source_capacity && paging->by_source[source_id])
            filled->values[filled->value_count++] = (struct review_facet_value){
                column_text(arena, names, 1), paging->by_source[source_id]};
    }
    statement_destroy(names);
    return outcome == ENDED;
}

static void fill_own(const struct paging *paging, struct arena *arena, struct review_facet *filled)
{
    filled->name = "mine";
    filled->values = arena_allocate_array(arena, 1, sizeof(*filled->values));
    filled->values[0] = (struct review_facet_value){"1", paging->own_count};
    filled->value_count = 1;
}

static bool own_leases(struct review *review, const char *who, struct arena *arena,
                       struct key_list *mine, struct error *error)
{
    struct lease *leases = NULL;
    size_t count = 0;
    if (!lease_list(review, arena, &leases, &count, error))
        return false;
    mine->keys = arena_allocate_array(arena, count + 1, sizeof(*mine->keys));
    for (size_t i = 0; i < count; i++)
        if (strcmp(leases[i].who, who) == 0)
            mine->keys[mine->count++] = leases[i].key;
    key_list_sort(mine);
    return true;
}

bool review_queue(struct review *review, const struct review_filter *filter, size_t offset,
                  size_t limit, struct arena *arena, struct review_page *page, struct error *error)
{
    struct key_list own = {0};
    struct key_list flagged = {0};
    struct paging paging = {.offset = offset, .limit = limit};
    paging.case_ids = arena_allocate_array(arena, limit + 1, sizeof(*paging.case_ids));
    *page = (struct review_page){0};
    const char *who = filter->mine ? filter->mine : filter->who;
    if (who) {
        if (!own_leases(review, who, arena, &own, error))
            return false;
        paging.own = &own;
        paging.only_own = filter->mine != NULL;
    }
    if (filter->flagged) {
        if (!flag_list(review, arena, &flagged, error))
            return false;
        paging.flagged = &flagged;
    }
    const struct queue_visitor visitor = {visit_page, &paging};
    page->facets = arena_allocate_array(arena, QUEUE_FACETS + 1, sizeof(*page->facets));
    page->items = arena_allocate_array(arena, limit + 1, sizeof(*page->items));
    bool done = queue_waiting(review, arena, &paging.waiting, error) &&
                queue_scan(review, filter, &visitor, error) &&
                queue_items(review, paging.case_ids, paging.count, arena, page->items, error) &&
                fill_sources(review, &paging, arena, &page->facets[FACET_SOURCE], error);
    for (size_t facet = 0; facet < FACET_SOURCE; facet++)
        fill_facet(&paging, facet, arena, &page->facets[facet]);
    page->count = paging.count;
    page->total = paging.total;
    page->facet_count = QUEUE_FACETS;
    if (who)
        fill_own(&paging, arena, &page->facets[page->facet_count++]);
    memory_free(paging.by_source);
    return done;
}
