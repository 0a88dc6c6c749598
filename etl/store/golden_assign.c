#include "change.h"
#include "golden_store.h"

#include <stdio.h>

/* What golden_assign found, written down: crosswalk, aliases, history. Each part compares what is
 * there with what shall be and writes the difference, so that a quiet night writes nothing. */

static const char *const event_names[] = {
    [GOLDEN_ISSUED] = "issued",         [GOLDEN_MERGED_INTO] = "merged_into",
    [GOLDEN_SPLIT_FROM] = "split_from", [GOLDEN_REVIVED] = "revived",
    [GOLDEN_ERASED] = "erased",         [GOLDEN_RETIRED] = "retired",
};

static bool put_crosswalk(struct statement *put, const struct golden_store *golden,
                          const struct roster *roster, uint32_t member, struct error *error)
{
    const struct golden_assignment *assignment = golden->assignment;
    statement_bind_integer(put, 1, roster->record_ids[member]);
    statement_bind_integer(put, 2, golden_number(&golden->ids, assignment->number[member]));
    statement_bind_integer(put, 3, golden_number(&golden->ids, assignment->home[member]));
    return statement_run(put, error);
}

static bool save_members(struct store *store, struct error *error)
{
    const struct golden_store *golden = store->golden;
    const struct golden_assignment *assignment = golden->assignment;
    struct statement *put = statement_prepare(
        store->database,
        "INSERT INTO crosswalk(record_id, golden_number, home_number) VALUES(?1,?2,?3)"
        " ON CONFLICT(record_id) DO UPDATE SET golden_number=?2, home_number=?3",
        error);
    bool done = put != NULL;
    for (uint32_t i = 0; done && i < assignment->count; i++)
        if (golden->former[i] != assignment->number[i] || golden->home[i] != assignment->home[i])
            done = put_crosswalk(put, golden, &store->roster, i, error);
    statement_destroy(put);
    return done;
}

/* What a record that is gone was part of is still to be found under the id that lives. */
static bool save_closed(struct store *store, struct error *error)
{
    const struct golden_store *golden = store->golden;
    const uint32_t *becomes = golden->assignment->ids.becomes;
    struct statement *update = statement_prepare(
        store->database, "UPDATE crosswalk SET golden_number=?2 WHERE record_id=?1", error);
    bool done = update != NULL;
    for (size_t i = 0; done && i < golden->closed_count; i++) {
        uint32_t number = golden->closed[i].number;
        if (becomes[number] == number || becomes[number] == GOLDEN_NONE)
            continue;
        statement_bind_integer(update, 1, golden->closed[i].record_id);
        statement_bind_integer(update, 2, golden_number(&golden->ids, becomes[number]));
        done = statement_run(update, error);
    }
    statement_destroy(update);
    return done;
}

static void bind_id(struct statement *statement, int position, uint32_t number, char *text)
{
    if (number == GOLDEN_NONE) {
        statement_bind_null(statement, position);
        return;
    }
    golden_id_format(number, text);
    statement_bind_text(statement, position, slice_of(text));
}

static uint32_t became(const struct golden_ids *ids, uint32_t number)
{
    return number <= ids->issued ? ids->becomes[number] : GOLDEN_NONE;
}

static bool put_alias(struct statement *put, uint32_t number, const struct golden_store *golden,
                      struct error *error)
{
    const struct golden_ids *before = &golden->ids;
    const struct golden_ids *after = &golden->assignment->ids;
    char id[GOLDEN_ID_BYTES];
    char becomes[GOLDEN_ID_BYTES];
    char merged_into[GOLDEN_ID_BYTES];
    bind_id(put, 1, golden_number(before, number), id);
    bind_id(put, 2, golden_number(before, after->becomes[number]), becomes);
    bind_id(put, 3, golden_number(before, after->merged_into[number]), merged_into);
    return statement_run(put, error);
}

static bool drop_alias(struct statement *drop, uint32_t number, struct error *error)
{
    char id[GOLDEN_ID_BYTES];
    bind_id(drop, 1, number, id);
    return statement_run(drop, error);
}

static bool save_aliases(struct store *store, struct error *error)
{
    const struct golden_ids *before = &store->golden->ids;
    const struct golden_ids *after = &store->golden->assignment->ids;
    struct statement *put = statement_prepare(
        store->database,
        "INSERT OR REPLACE INTO golden_alias(golden_id, becomes, merged_into) VALUES(?,?,?)",
        error);
    struct statement *drop =
        statement_prepare(store->database, "DELETE FROM golden_alias WHERE golden_id=?", error);
    bool done = put && drop;
    for (uint32_t n = 1; done && n <= after->issued; n++) {
        uint32_t now = after->merged_into[n];
        uint32_t then = n <= before->issued ? before->merged_into[n] : GOLDEN_NONE;
        bool same = now == then && after->becomes[n] == became(before, n);
        if (now != GOLDEN_NONE && !same)
            done = put_alias(put, n, store->golden, error);
        else if (now == GOLDEN_NONE && then != GOLDEN_NONE)
            done = drop_alias(drop, golden_number(before, n), error);
    }
    statement_destroy(put);
    statement_destroy(drop);
    return done;
}

/* A golden record is of its living id; what was known by an id that is merged away or retired is in
 * the source records, which stay. */
static bool drop_golden(struct store *store, struct error *error)
{
    const struct golden_ids *before = &store->golden->ids;
    const struct golden_ids *after = &store->golden->assignment->ids;
    struct statement *drop =
        statement_prepare(store->database, "DELETE FROM golden WHERE golden_number=?", error);
    struct statement *choices = statement_prepare(
        store->database, "DELETE FROM golden_choice WHERE golden_number=?", error);
    bool done = drop && choices;
    for (uint32_t n = 1; done && n <= before->issued; n++) {
        if (before->becomes[n] != n || after->becomes[n] == n)
            continue;
        statement_bind_integer(drop, 1, golden_number(before, n));
        statement_bind_integer(choices, 1, golden_number(before, n));
        done = statement_run(drop, error) && statement_run(choices, error);
    }
    statement_destroy(drop);
    statement_destroy(choices);
    return done;
}

static bool save_events(struct store *store, struct error *error)
{
    const struct golden_ids *before = &store->golden->ids;
    const struct golden_assignment *assignment = store->golden->assignment;
    struct statement *add = statement_prepare(
        store->database,
        "INSERT INTO golden_history(run_id, as_of, golden_id, event, other_id) VALUES(?,?,?,?,?)",
        error);
    if (!add)
        return false;
    bool done = true;
    statement_bind_integer(add, 1, store->run_id);
    statement_bind_text(add, 2, slice_of(store->as_of));
    for (size_t i = 0; done && i < assignment->event_count; i++) {
        const struct golden_event *event = &assignment->events[i];
        char id[GOLDEN_ID_BYTES];
        char other[GOLDEN_ID_BYTES];
        bind_id(add, 3, golden_number(before, event->number), id);
        statement_bind_text(add, 4, slice_of(event_names[event->kind]));
        bind_id(add, 5, golden_number(before, event->other), other);
        done = statement_run(add, error);
    }
    statement_destroy(add);
    return done;
}

/* The highest number outlives everything else: ids are never reused, not even when the last one
 * was erased. */
static bool save_issued(struct store *store, struct error *error)
{
    char sql[96];
    const struct golden_ids *before = &store->golden->ids;
    uint32_t issued = golden_number(before, store->golden->assignment->ids.issued);
    if (store->golden->assignment->ids.issued == before->issued)
        return true;
    snprintf(sql, sizeof(sql), "INSERT OR REPLACE INTO meta VALUES('golden_issued','%u')", issued);
    return database_run(store->database, sql, error);
}

/* An id that lives again comes out of a customer, unless all its records had been gone. */
static bool is_split(const struct golden_event *event)
{
    return event->kind == GOLDEN_SPLIT_FROM ||
           (event->kind == GOLDEN_REVIVED && event->other != GOLDEN_NONE);
}

/* From the ids before and after, not from the events: an id may have several in a run. */
static void count_ids(struct golden_store *golden)
{
    const struct golden_ids *before = &golden->ids;
    const struct golden_assignment *assignment = golden->assignment;
    struct store_golden_counts *counts = &golden->counts;
    *counts = (struct store_golden_counts){0};
    for (uint32_t n = 1; n <= assignment->ids.issued; n++) {
        uint32_t now = assignment->ids.becomes[n];
        bool lived = became(before, n) == n;
        bool lives = now == n;
        counts->total += lives;
        counts->created += n > before->issued;
        counts->revived += lives && !lived && n <= before->issued;
        counts->merged += lived && !lives && now != GOLDEN_NONE;
        counts->retired += lived && now == GOLDEN_NONE;
    }
    for (size_t i = 0; i < assignment->event_count; i++)
        counts->split += is_split(&assignment->events[i]);
    counts->unchanged = counts->total - counts->created - counts->revived;
}

bool store_golden_assign(struct store *store, const struct golden_assignment *assignment,
                         struct error *error)
{
    store->golden->assignment = assignment;
    count_ids(store->golden);
    return save_members(store, error) && save_closed(store, error) && save_aliases(store, error) &&
           drop_golden(store, error) && save_events(store, error) && save_issued(store, error) &&
           changes_of_golden(store, error) &&
           database_run(store->database,
                        "CREATE INDEX IF NOT EXISTS crosswalk_golden ON crosswalk(golden_number)",
                        error);
}

void store_golden_counts(const struct store *store, struct store_golden_counts *counts)
{
    *counts = store->golden->counts;
}
