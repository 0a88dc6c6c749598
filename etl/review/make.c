#include "make.h"
#include "cust360/base/date.h"
#include "cust360/base/hash.h"

#include <math.h>

/* Cases are made anew for all customers, or for those that were touched, and laid over what is
 * there: what is asked already keeps its number and its first day, what is not asked any more goes.
 *
 * A case's key comes from source keys, so that it is the same after a rebuild: of a customer the
 * record that is longest in the state stands for it, which later records do not change. */

static bool begin_scope(struct making *making, struct error *error)
{
    struct database *state = making->asked->state;
    if (!database_run(state,
                      "CREATE TEMP TABLE IF NOT EXISTS review_scope(golden_number INTEGER PRIMARY"
                      " KEY); DELETE FROM temp.review_scope;"
                      "CREATE TEMP TABLE IF NOT EXISTS review_fresh(case_key INTEGER PRIMARY KEY);"
                      "DELETE FROM temp.review_fresh;",
                      error))
        return false;
    if (!making->scoped)
        return true;
    struct statement *add =
        statement_prepare(state, "INSERT OR IGNORE INTO temp.review_scope VALUES(?1)", error);
    bool done = add != NULL;
    for (size_t i = 0; done && i < making->asked->golden_count; i++) {
        statement_bind_integer(add, 1, making->asked->goldens[i]);
        done = statement_run(add, error);
    }
    statement_destroy(add);
    return done;
}

const char *make_scope(const struct making *making, const char *golden)
{
    return making->scoped
               ? arena_format(making->arena,
                              " AND %s IN (SELECT golden_number FROM temp.review_scope)", golden)
               : "";
}

/* Cars are counted where the stewards' index is there; without it that would be a pass a case. */
static bool find_cars(struct making *making, struct error *error)
{
    int64_t indexed = 0;
    if (!database_integer(making->asked->state,
                          "SELECT count(*) FROM sqlite_master WHERE name='review_ownership_owner'",
                          0, &indexed, error))
        return false;
    if (indexed)
        making->cars = "(SELECT count(*) FROM crosswalk x JOIN record_customer c USING(record_id)"
                       " JOIN record_ownership o ON o.source_id = c.source_id"
                       " AND o.customer_key = c.source_key"
                       " WHERE x.golden_number = ?1 AND o.closed_run IS NULL)";
    return true;
}

static bool prepare(struct making *making, struct error *error)
{
    struct database *state = making->asked->state;
    const char *living = arena_format(
        making->arena,
        "SELECT r.record_id, r.source_id, s.name, r.source_key, %s,"
        " (SELECT record_count FROM golden WHERE golden_number = ?1) FROM crosswalk x JOIN %s r"
        " ON r.record_id = x.record_id JOIN source s ON s.source_id = r.source_id"
        " WHERE x.golden_number = ?1 AND r.closed_run IS NULL ORDER BY r.record_id LIMIT 1",
        making->cars ? making->cars : "0", making->table);
    making->oldest = statement_prepare(state, living, error);
    making->note =
        statement_prepare(state, "INSERT OR IGNORE INTO temp.review_fresh VALUES(?1)", error);
    making->answered =
        statement_prepare(state,
                          "SELECT kind, confirmed FROM decision WHERE case_key = ?1 AND NOT undone"
                          " AND kind <> 'undo' AND (until IS NULL OR until >= ?2)"
                          " ORDER BY decision_id DESC LIMIT 1",
                          error);
    making->put = statement_prepare(
        state,
        "INSERT INTO review_case(case_key, kind, status, source_id, other_source_id, band, stake,"
        " first_day, priority, impact, uncertainty, weight, record_a, record_b, golden_a, golden_b,"
        " attribute, value, reason, decision_id, run_id) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,"
        " ?12,?13,?14,?15,?16,?17,?18,?19,?20,?21) ON CONFLICT(case_key) DO UPDATE SET"
        " status=?3, source_id=?4, other_source_id=?5, band=?6, stake=?7, priority=?9, impact=?10,"
        " uncertainty=?11, weight=?12, record_a=?13, record_b=?14, golden_a=?15, golden_b=?16,"
        " attribute=?17, value=?18, reason=?19, decision_id=?20, run_id=?21"
        " WHERE status<>?3 OR priority<>?9 OR weight<>?12 OR record_a<>?13 OR record_b<>?14"
        " OR golden_a<>?15 OR golden_b<>?16 OR value IS NOT ?18 OR reason IS NOT ?19"
        " OR decision_id IS NOT ?20",
        error);
    return making->oldest && making->note && making->answered && making->put &&
           make_united_prepare(making, error);
}

/* ---- putting one ---- */

struct stand_in { /* the record that stands for a customer */
    int64_t record_id;
    int64_t source_id;
    uint64_t hash; /* of source and key */
    int64_t impact;
};

static bool find_stand_in(struct making *making, int64_t golden, struct stand_in *found,
                          struct error *error)
{
    *found = (struct stand_in){0};
    if (!golden)
        return true;
    statement_reset(making->oldest);
    statement_bind_integer(making->oldest, 1, golden);
    enum outcome outcome = statement_step(making->oldest, error);
    if (outcome == ACCEPTED) {
        found->record_id = statement_integer(making->oldest, 0);
        found->source_id = statement_integer(making->oldest, 1);
        found->hash = hash_bytes(statement_text(making->oldest, 2), 0);
        found->hash = hash_combine(found->hash, hash_bytes(statement_text(making->oldest, 3), 0));
        found->impact = statement_integer(making->oldest, 4) + statement_integer(making->oldest, 5);
    }
    statement_reset(making->oldest);
    return outcome != FAILED;
}

static int64_t compose_key(const struct fresh_case *fresh, const struct stand_in *a,
                           const struct stand_in *b)
{
    uint64_t low = a->hash < b->hash ? a->hash : b->hash;
    uint64_t high = a->hash < b->hash ? b->hash : a->hash;
    uint64_t key = hash_combine(hash_combine((uint64_t)fresh->kind + 1, low), high);
    key = hash_combine(key, hash_bytes(slice_of(fresh->attribute), 0));
    if (fresh->kind == REVIEW_SHARED || fresh->kind == REVIEW_STALE)
        key = hash_combine(key, hash_bytes(fresh->value, 0));
    return (int64_t)hash_combine(key, (uint64_t)fresh->decision_id);
}

/* Whether a word in force answers the case, and what state of deliberation it is in. */
/* A value that was good up to a day is no answer any more behind it. */
static bool find_answer(struct making *making, int64_t key, bool *is_answered,
                        enum review_status *status, struct error *error)
{
    *is_answered = false;
    *status = REVIEW_OPEN;
    statement_reset(making->answered);
    char today[DATE_TEXT_BYTES];
    date_format(making->asked->as_of_days, today);
    statement_bind_integer(making->answered, 1, key);
    statement_bind_text(making->answered, 2, slice_of(today));
    enum outcome outcome = statement_step(making->answered, error);
    if (outcome == ACCEPTED) {
        if (slice_equal(statement_text(making->answered, 0), SLICE("unsure")))
            *status = REVIEW_UNSURE;
        else if (!statement_integer(making->answered, 1))
            *status = REVIEW_SECOND;
        else
            *is_answered = true;
    }
    statement_reset(making->answered);
    return outcome != FAILED;
}

static int band_of(double weight)
{
    double probability = 1 / (1 + exp2(-weight));
    return probability < 0.1 ? 0 : probability < 0.5 ? 1 : probability < 0.9 ? 2 : 3;
}

static int stake_of(int64_t impact)
{
    return impact <= 2 ? 0 : impact <= 5 ? 1 : impact <= 10 ? 2 : 3;
}

static void bind_optional(struct statement *put, int position, struct slice text)
{
    if (slice_is_empty(text))
        statement_bind_null(put, position);
    else
        statement_bind_text(put, position, text);
}

static bool put_case(struct making *making, const struct fresh_case *fresh, int64_t key,
                     enum review_status status, const struct stand_in stand_ins[2],
                     struct error *error)
{
    struct statement *put = making->put;
    int64_t impact = stand_ins[0].impact + stand_ins[1].impact + fresh->extra_impact;
    int64_t record_a = fresh->record_a ? fresh->record_a : stand_ins[0].record_id;
    int64_t record_b =
        fresh->record_a || fresh->record_b ? fresh->record_b : stand_ins[1].record_id;
    statement_bind_integer(put, 1, key);
    statement_bind_integer(put, 2, fresh->kind);
    statement_bind_integer(put, 3, status);
    statement_bind_integer(put, 4, stand_ins[0].source_id);
    statement_bind_integer(put, 5, stand_ins[1].source_id);
    statement_bind_integer(put, 6, band_of(fresh->weight));
    statement_bind_integer(put, 7, stake_of(impact));
    statement_bind_integer(put, 8, making->asked->as_of_days);
    statement_bind_number(put, 9, (double)impact * fresh->uncertainty);
    statement_bind_number(put, 10, (double)impact);
    statement_bind_number(put, 11, fresh->uncertainty);
    statement_bind_number(put, 12, fresh->weight);
    statement_bind_integer(put, 13, record_a);
    statement_bind_integer(put, 14, record_b);
    statement_bind_integer(put, 15, fresh->golden_a);
    statement_bind_integer(put, 16, fresh->golden_b);
    bind_optional(put, 17, slice_of(fresh->attribute));
    bind_optional(put, 18, fresh->value);
    bind_optional(put, 19, fresh->reason);
    statement_bind_integer(put, 20, fresh->decision_id);
    statement_bind_integer(put, 21, making->asked->run_id);
    return statement_run(put, error);
}

bool make_put(struct making *making, const struct fresh_case *fresh, struct error *error)
{
    struct stand_in stand_ins[2];
    bool is_answered = false;
    enum review_status status = REVIEW_OPEN;
    if (!find_stand_in(making, fresh->golden_a, &stand_ins[0], error) ||
        !find_stand_in(making, fresh->golden_b, &stand_ins[1], error))
        return false;
    int64_t key = compose_key(fresh, &stand_ins[0], &stand_ins[1]);
    if (!find_answer(making, key, &is_answered, &status, error))
        return false;
    if (is_answered)
        return true;
    statement_bind_integer(making->note, 1, key);
    return put_case(making, fresh, key, status, stand_ins, error) &&
           statement_run(making->note, error);
}

/* ---- all of them ---- */

/* Shared values and stale decisions are looked for by runs only, and for everybody; relations by
 * runs for everybody. */
static bool drop_former(struct making *making, struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    static const char gone[] = "DELETE FROM review_case WHERE case_key NOT IN temp.review_fresh";
    if (making->asked->of_run)
        buffer_format(&sql, "%s AND kind IN (%d, %d, %d);", gone, REVIEW_SHARED, REVIEW_STALE,
                      REVIEW_RELATION);
    for (int side = 0; side < (making->scoped ? 2 : 1); side++)
        buffer_format(&sql, "%s AND kind NOT IN (%d, %d)%s%s;", gone, REVIEW_SHARED, REVIEW_STALE,
                      making->scoped ? " AND golden_" : "",
                      !making->scoped ? ""
                      : side          ? "b IN temp.review_scope"
                                      : "a IN temp.review_scope");
    bool done = database_run(making->asked->state, sql.data, error);
    buffer_release(&sql);
    return done;
}

static const char *quoted_table(const struct making *making)
{
    return arena_format(making->arena, "\"record_%s\"", making->asked->entity->name);
}

static bool make_all(struct making *making, struct error *error)
{
    static make_function *const makers[] = {make_possible, make_weak_links, make_conflicts,
                                            make_values,   make_relations,  make_shared,
                                            make_stale};
    for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
        if (!makers[i](making, error))
            return false;
    return drop_former(making, error);
}

bool review_make(const struct review_making *asked, struct error *error)
{
    struct making making = {.asked = asked, .scoped = asked->goldens != NULL};
    making.arena = arena_create();
    making.table = quoted_table(&making);
    bool done = find_cars(&making, error) && begin_scope(&making, error) &&
                prepare(&making, error) && make_all(&making, error);
    statement_destroy(making.put);
    statement_destroy(making.note);
    statement_destroy(making.answered);
    statement_destroy(making.oldest);
    statement_destroy(making.united);
    arena_destroy(making.arena);
    return done;
}

/* Which customers a run has changed stands in changed_golden; the first run lists nobody, and after
 * a change of rules that would be nearly all. */
bool review_make_changed(struct review_making *asked, struct error *error)
{
    enum { SHARE = 4 };
    int64_t changed = 0;
    int64_t all = 0;
    struct arena *arena = arena_create();
    asked->of_run = true;
    bool done =
        database_integer(asked->state, "SELECT count(*) FROM changed_golden", 0, &changed, error) &&
        database_integer(asked->state, "SELECT count(*) FROM golden", 0, &all, error);
    if (done && changed > 0 && changed * SHARE < all) {
        uint32_t *goldens = arena_allocate_array(arena, (size_t)changed, sizeof(*goldens));
        struct statement *rows =
            statement_prepare(asked->state, "SELECT golden_number FROM changed_golden", error);
        enum outcome outcome = FAILED;
        while (rows && (outcome = statement_step(rows, error)) == ACCEPTED)
            if (asked->golden_count < (size_t)changed)
                goldens[asked->golden_count++] = (uint32_t)statement_integer(rows, 0);
        statement_destroy(rows);
        done = outcome == ENDED;
        asked->goldens = goldens;
    }
    done = done && review_make(asked, error);
    asked->goldens = NULL;
    arena_destroy(arena);
    return done;
}
