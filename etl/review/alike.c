#include "cust360/review_bulk.h"
#include "queue.h"

#include <string.h>

/* Cases that look like one at hand, so that one word can be said on all: the same question for the
 * same reason, with evidence that reads the same. What has the same evidence has about the same
 * weight and uncertainty, and so stands near in the queue: from the case on it is looked in both
 * directions, and the evidence read of so many as the time of an answer allows. */

enum { LOOKED_AT_MOST = 600, READ_MOST = 24 };

#define NEAR_BITS 3.0 /* how far frequencies of values part weights of the same evidence */

struct question { /* as it is stored */
    const char *attribute;
    const char *reason;
    double weight_bits;
    int64_t records[2];
};

struct alike {
    struct review *review;
    struct arena *arena;
    struct stored_case asked;
    struct question question;
    const char *sentence; /* of its evidence; "" when it has none */
    struct key_list taken;
    struct statement *select;
    size_t read; /* evidences */
    int64_t *case_ids;
    int64_t *keys;
    size_t count;
    struct error *error;
};

static bool read_question(struct alike *alike, int64_t case_id, struct question *question)
{
    statement_reset(alike->select);
    statement_bind_integer(alike->select, 1, case_id);
    enum outcome outcome = statement_step(alike->select, alike->error);
    if (outcome == ACCEPTED)
        *question = (struct question){
            column_text(alike->arena, alike->select, 0),
            column_text(alike->arena, alike->select, 1),
            statement_number(alike->select, 2),
            {statement_integer(alike->select, 3), statement_integer(alike->select, 4)}};
    return outcome == ACCEPTED;
}

static bool read_sentence(struct alike *alike, const struct question *question,
                          const char **sentence)
{
    const struct review_engine *engine = alike->review->engine;
    struct review_evidence evidence = {.sentence = ""};
    *sentence = "";
    if (!question->records[0] || !question->records[1])
        return true;
    alike->read++;
    if (!engine->explain(engine->context, question->records[0], question->records[1], alike->arena,
                         &evidence, alike->error))
        return false;
    *sentence = evidence.sentence;
    return true;
}

/* Whether a row may be looked at: of the same kind and state, in nobody else's hand, not blind. */
static bool is_candidate(const struct alike *alike, const struct queue_row *row)
{
    const struct stored_case stored = {.key = row->key, .kind = (enum review_kind)row->kind};
    return row->kind == (int)alike->asked.kind && row->status == (int)alike->asked.status &&
           !key_list_has(&alike->taken, row->key) && !stored_is_blind(&stored);
}

/* *is: the case is asked as the one at hand is. */
static bool compare(struct alike *alike, const struct queue_row *row, bool *is)
{
    struct question question;
    const char *sentence = "";
    *is = false;
    if (!read_question(alike, row->case_id, &question))
        return false;
    double apart_bits = question.weight_bits - alike->question.weight_bits;
    if (apart_bits > NEAR_BITS || apart_bits < -NEAR_BITS ||
        strcmp(question.attribute, alike->question.attribute) != 0 ||
        strcmp(question.reason, alike->question.reason) != 0)
        return true;
    if (!read_sentence(alike, &question, &sentence))
        return false;
    *is = strcmp(sentence, alike->sentence) == 0;
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

static void keep(struct alike *alike, const struct queue_row *row)
{
    alike->case_ids[alike->count] = row->case_id;
    alike->keys[alike->count++] = row->key;
}

/* The case itself first, then the nearer ones first. */
static bool gather(struct alike *alike, const struct queue_row *rows, size_t count, size_t own,
                   size_t most)
{
    size_t before = own;
    size_t behind = own + 1;
    for (size_t looked_at = 0; looked_at < LOOKED_AT_MOST && alike->count < most &&
                               alike->read < READ_MOST && (before > 0 || behind < count);
         looked_at++) {
        bool forward = behind < count && (looked_at % 2 == 0 || before == 0);
        const struct queue_row *row = &rows[forward || before == 0 ? behind++ : --before];
        bool is = false;
        if (!is_candidate(alike, row))
            continue;
        if (!compare(alike, row, &is))
            return false;
        if (is)
            keep(alike, row);
    }
    return true;
}

/* The rows are those of the session: nothing is changed as long as they are gone through. */
static bool look_around(struct alike *alike, size_t most)
{
    const struct queue_row *rows = NULL;
    size_t count = 0;
    size_t own = 0;
    if (!queue_rows(alike->review, &rows, &count, alike->error))
        return false;
    while (own < count && rows[own].key != alike->asked.key)
        own++;
    if (own == count) /* another steward has decided it since it was found */
        return said_gone(alike->review, alike->asked.key, alike->arena, alike->error);
    keep(alike, &rows[own]);
    return read_question(alike, rows[own].case_id, &alike->question) &&
           read_sentence(alike, &alike->question, &alike->sentence) &&
           gather(alike, rows, count, own, most);
}

static bool find_asked(struct alike *alike, const char *key)
{
    int64_t number = 0;
    bool is_there = false;
    if (!key_read(key, &number, alike->error))
        return false;
    if (!stored_find(alike->review, number, alike->arena, &alike->asked, &is_there, alike->error))
        return false;
    if (!is_there)
        return said_gone(alike->review, number, alike->arena, alike->error);
    /* Which ones are alike would tell of the evidence. */
    return !stored_is_blind(&alike->asked) ||
           error_set(alike->error, EXIT_USAGE, "a case that is decided blind stands alone");
}

/* At once: each by itself would wait for the disk. */
static bool take(struct alike *alike, const char *who)
{
    struct database *desk = alike->review->desk;
    struct error ignored;
    if (!database_run(desk, "BEGIN IMMEDIATE", alike->error))
        return false;
    if (lease_take(alike->review, who, alike->keys, alike->count, alike->error) &&
        database_run(desk, "COMMIT", alike->error))
        return true;
    database_run(desk, "ROLLBACK", &ignored);
    return false;
}

bool review_alike(struct review *review, const char *who, const char *key, size_t most,
                  struct arena *arena, struct review_page *page, struct error *error)
{
    struct alike alike = {.review = review, .arena = arena, .sentence = "", .error = error};
    *page = (struct review_page){0};
    alike.case_ids = arena_allocate_array(arena, most + 1, sizeof(*alike.case_ids));
    alike.keys = arena_allocate_array(arena, most + 1, sizeof(*alike.keys));
    if (!find_asked(&alike, key) || !list_taken(&alike, who))
        return false;
    alike.select = statement_prepare(review->state,
                                     "SELECT attribute, reason, weight, record_a, record_b FROM"
                                     " review_case WHERE case_id = ?1",
                                     error);
    bool done = alike.select && look_around(&alike, most) && take(&alike, who);
    statement_destroy(alike.select);
    if (!done)
        return false;
    page->items = arena_allocate_array(arena, alike.count + 1, sizeof(*page->items));
    page->count = alike.count;
    page->total = alike.count;
    return queue_items(review, alike.case_ids, alike.count, arena, page->items, error);
}
