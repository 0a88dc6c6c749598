#include "cust360/review_bulk.h"
#include "decide.h"

/* One word on several cases. Each is a decision of its own, with rows, records and hash of its own;
 * that they were given together stands in their tokens ("TOKEN/0", "TOKEN/1" …), by which they are
 * taken back together. All are checked as they were shown before the first is carried out. */

enum { BULK_MOST = 50, SAMPLES = 5 };

static bool check_word(const struct review_verdict *verdict, struct error *error)
{
    if (verdict->word != REVIEW_SPLIT && verdict->word != REVIEW_TAKE)
        return true;
    return error_set(error, EXIT_USAGE, "\"%s\" is said of one case only",
                     review_word_name(verdict->word));
}

/* All are looked at, so that whoever asks is told at once of each that stands in the way. */
static bool check_all(struct deciding *all, size_t count, struct review_bulk *bulk,
                      struct error *error)
{
    struct arena *arena = all->arena;
    bulk->refused = arena_allocate_array(arena, count, sizeof(*bulk->refused));
    for (size_t i = 0; i < count; i++) {
        struct error why;
        if (deciding_check(&all[i], &why))
            continue;
        if (why.exit_code != EXIT_CONFLICT && why.exit_code != EXIT_USAGE) {
            *error = why;
            return false;
        }
        bulk->refused[bulk->refused_count++] =
            (struct review_refusal){arena_text(arena, slice_of(all[i].verdict->key)),
                                    arena_text(arena, slice_of(why.message))};
    }
    if (bulk->refused_count == 0)
        return true;
    error_set(error, EXIT_CONFLICT, "%zu of %zu cases cannot be decided so; nothing was recorded",
              bulk->refused_count, count);
    return error_hint(error, "the first: %s", bulk->refused->reason);
}

/* What an earlier word of the same bulk has answered is no question any more. */
static bool carry_out(struct deciding *deciding, struct review_bulk *bulk, struct error *error)
{
    bool is_there = false;
    if (deciding->stored.control) {
        bulk->decided++;
        return deciding_control(deciding, error);
    }
    if (!stored_find(deciding->review, deciding->stored.key, deciding->arena, &deciding->stored,
                     &is_there, error))
        return false;
    if (!is_there) {
        bulk->settled++;
        return true;
    }
    if (!deciding_carry_out(deciding, error))
        return false;
    bulk->decided++;
    bulk->for_second += deciding->effect == REVIEW_NEEDS_SECOND;
    return true;
}

static bool release_all(struct deciding *all, size_t count, struct error *error)
{
    struct review *review = all->review;
    bool done = database_run(review->desk, "BEGIN IMMEDIATE", error);
    for (size_t i = 0; done && i < count; i++)
        done = control_count(review, all[i].verdict->who, error) &&
               review_release(review, all[i].verdict->who, all[i].verdict->key, error);
    struct error ignored;
    return database_run(review->desk, done ? "COMMIT" : "ROLLBACK", done ? error : &ignored) &&
           done;
}

static bool lock(struct review *review, struct error *error)
{
    const struct review_engine *engine = review->engine;
    if (!review_settle(review, NULL, error))
        return false;
    if (engine->lock(engine->context, 0, error))
        return true;
    if (error->exit_code == EXIT_LOCKED)
        error_hint(error,
                   "several at once cannot wait for a run: decide them one by one, or later");
    return false;
}

bool review_decide_bulk(struct review *review, const struct review_verdict *verdicts, size_t count,
                        struct arena *arena, struct review_bulk *bulk, struct error *error)
{
    const struct review_engine *engine = review->engine;
    struct error ignored;
    *bulk = (struct review_bulk){.token = token_make(arena)};
    for (size_t i = 0; i < count; i++)
        if (!check_word(&verdicts[i], error))
            return false;
    if (count == 0 || count > BULK_MOST)
        return error_set(error, EXIT_USAGE, "from 1 to %d cases are decided at once", BULK_MOST);
    struct deciding *all = arena_allocate_array(arena, count, sizeof(*all));
    for (size_t i = 0; i < count; i++)
        all[i] = (struct deciding){.review = review,
                                   .arena = arena,
                                   .verdict = &verdicts[i],
                                   .token = arena_format(arena, "%s/%zu", bulk->token, i)};
    if (!lock(review, error))
        return false;
    bool done = check_all(all, count, bulk, error);
    for (size_t i = 0; done && i < count; i++)
        done = carry_out(&all[i], bulk, error);
    if (!engine->unlock(engine->context, done, done ? error : &ignored))
        return false;
    return done && release_all(all, count, error);
}

/* ---- what has to be seen before ---- */

static bool look_whole(struct review *review, struct review_glance *glance, struct arena *arena,
                       struct error *error)
{
    struct review_case found;
    if (!review_case(review, glance->key, arena, &found, error))
        return false;
    glance->seen = arena_text(arena, slice_of(found.seen));
    glance->blind = found.blind;
    if (!found.blind) {
        glance->sentence = found.sentence;
        glance->sentence_zh = found.sentence_zh;
    }
    return true;
}

static bool look_short(struct review *review, struct review_glance *glance, struct arena *arena,
                       struct error *error)
{
    int64_t number = 0;
    uint64_t hash = 0;
    bool is_there = false;
    struct stored_case stored;
    char *seen = arena_allocate(arena, REVIEW_KEY_BYTES);
    if (!key_read(glance->key, &number, error))
        return false;
    if (!stored_find(review, number, arena, &stored, &is_there, error))
        return false;
    if (!is_there)
        return said_gone(review, number, arena, error);
    if (!seen_hash(review, &stored, arena, &hash, error))
        return false;
    key_format((int64_t)hash, seen);
    glance->seen = seen;
    glance->blind = stored_is_blind(&stored);
    return true;
}

bool review_glance_at(struct review *review, const char *const *keys, size_t count,
                      struct arena *arena, struct review_glance **glances, struct error *error)
{
    *glances = arena_allocate_array(arena, count, sizeof(**glances));
    for (size_t i = 0; i < count; i++) {
        struct review_glance *glance = &(*glances)[i];
        *glance = (struct review_glance){keys[i], "", "", "", false};
        struct error why;
        bool seen = i < SAMPLES ? look_whole(review, glance, arena, &why)
                                : look_short(review, glance, arena, &why);
        if (!seen && why.exit_code != EXIT_CONFLICT) {
            *error = why;
            return false;
        }
    }
    return true;
}

/* ---- taking them back ---- */

static bool list_batches(struct review *review, const char *token, struct arena *arena,
                         int64_t **batches, size_t *count, struct error *error)
{
    *batches = arena_allocate_array(arena, BULK_MOST, sizeof(**batches));
    *count = 0;
    struct statement *rows = statement_prepare(
        review->state,
        "SELECT batch FROM decision WHERE token >= ?1 || '/' AND token < ?1 || '0'"
        " AND NOT undone ORDER BY decision_id DESC",
        error);
    if (!rows)
        return false;
    statement_bind_text(rows, 1, slice_of(token));
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED && *count < BULK_MOST)
        (*batches)[(*count)++] = statement_integer(rows, 0);
    statement_destroy(rows);
    return outcome != FAILED &&
           (*count ||
            error_set(error, EXIT_FAILED, "no decisions in force were given together like this"));
}

bool review_undo_bulk(struct review *review, const char *who, const char *token,
                      struct arena *arena, size_t *count, struct error *error)
{
    const struct review_engine *engine = review->engine;
    const struct review_verdict verdict = {.who = who};
    int64_t *batches = NULL;
    struct error ignored;
    *count = 0;
    if (!lock(review, error))
        return false;
    bool done = list_batches(review, token, arena, &batches, count, error);
    for (size_t i = 0; done && i < *count; i++) {
        struct deciding deciding = {.review = review, .arena = arena, .verdict = &verdict};
        done = undo_locked(&deciding, batches[i], error);
    }
    return engine->unlock(engine->context, done, done ? error : &ignored) && done;
}
