#include "cust360/base/memory.h"
#include "golden_store.h"

#include <stdlib.h>

/* Golden ids of some customers only: those that their records have, had or would take up again, by
 * places in the order of their numbers. So a steward's word costs the same among a million
 * customers as among a thousand. */

struct known_id {
    uint32_t number;
    uint32_t becomes;
    uint32_t merged_into;
    uint32_t record_count;
    uint64_t hash;
};

struct choosing {
    struct store *store;
    struct known_id *ids;
    size_t count;
    size_t capacity;
    struct statement *member;
    struct statement *living;
    struct statement *aliases;
    struct statement *closed;
};

static bool prepare(struct choosing *work, struct error *error)
{
    struct database *database = work->store->database;
    work->member = statement_prepare(
        database, "SELECT golden_number, home_number FROM crosswalk WHERE record_id=?1", error);
    work->living = statement_prepare(
        database, "SELECT record_count, hash FROM golden WHERE golden_number=?1", error);
    work->aliases = statement_prepare(
        database, "SELECT golden_id, merged_into FROM golden_alias WHERE becomes=?1", error);
    work->closed = statement_prepare(
        database,
        "SELECT record_id FROM crosswalk WHERE golden_number=?1 AND record_id NOT IN temp.chosen",
        error);
    return work->member && work->living && work->aliases && work->closed;
}

static void release(struct choosing *work)
{
    statement_destroy(work->member);
    statement_destroy(work->living);
    statement_destroy(work->aliases);
    statement_destroy(work->closed);
    memory_free(work->ids);
}

static struct known_id *find_id(const struct choosing *work, uint32_t number)
{
    for (size_t i = 0; i < work->count; i++)
        if (work->ids[i].number == number)
            return &work->ids[i];
    return NULL;
}

static bool is_known(const struct choosing *work, uint32_t number)
{
    return find_id(work, number) != NULL;
}

/* That it is merged away is more than that it does not live. */
static void add_id(struct choosing *work, const struct known_id *id)
{
    struct known_id *known = find_id(work, id->number);
    if (known) {
        *known = id->becomes ? *id : *known;
        return;
    }
    work->ids = memory_grow(work->ids, &work->capacity, work->count + 1, sizeof(*work->ids));
    work->ids[work->count++] = *id;
}

/* A number that does not live is nobody's, unless it comes as an alias. */
static bool load_living(struct choosing *work, uint32_t number, struct error *error)
{
    struct known_id id = {.number = number};
    statement_reset(work->living);
    statement_bind_integer(work->living, 1, number);
    enum outcome outcome = statement_step(work->living, error);
    if (outcome == ACCEPTED) {
        id.becomes = number;
        id.record_count = (uint32_t)statement_integer(work->living, 0);
        id.hash = (uint64_t)statement_integer(work->living, 1);
    }
    statement_reset(work->living);
    add_id(work, &id);
    return outcome != FAILED;
}

static bool load_aliases(struct choosing *work, uint32_t number, struct error *error)
{
    char text[GOLDEN_ID_BYTES];
    enum outcome outcome;
    golden_id_format(number, text);
    statement_reset(work->aliases);
    statement_bind_text(work->aliases, 1, slice_of(text));
    while ((outcome = statement_step(work->aliases, error)) == ACCEPTED) {
        struct known_id id = {.becomes = number};
        if (golden_id_parse(statement_text(work->aliases, 0), &id.number) &&
            golden_id_parse(statement_text(work->aliases, 1), &id.merged_into))
            add_id(work, &id);
    }
    statement_reset(work->aliases);
    return outcome == ENDED;
}

static bool load_closed(struct choosing *work, uint32_t number, struct error *error)
{
    enum outcome outcome;
    statement_reset(work->closed);
    statement_bind_integer(work->closed, 1, number);
    while ((outcome = statement_step(work->closed, error)) == ACCEPTED)
        golden_add_closed(work->store->golden, statement_integer(work->closed, 0), number);
    statement_reset(work->closed);
    return outcome == ENDED;
}

static bool load_member(struct choosing *work, uint32_t member, struct error *error)
{
    struct golden_store *golden = work->store->golden;
    statement_reset(work->member);
    statement_bind_integer(work->member, 1, work->store->roster.record_ids[member]);
    enum outcome outcome = statement_step(work->member, error);
    if (outcome == ACCEPTED) {
        golden->former[member] = (uint32_t)statement_integer(work->member, 0);
        golden->home[member] = (uint32_t)statement_integer(work->member, 1);
    }
    statement_reset(work->member);
    return outcome != FAILED;
}

static bool load_former(struct choosing *work, uint32_t number, struct error *error)
{
    return number == GOLDEN_NONE || is_known(work, number) ||
           (load_living(work, number, error) && load_aliases(work, number, error) &&
            load_closed(work, number, error));
}

/* Homes and ids merged into come last: most of them are there as aliases then. */
static bool load_ids(struct choosing *work, struct error *error)
{
    const struct roster *roster = &work->store->roster;
    const struct golden_store *golden = work->store->golden;
    bool done = true;
    for (uint32_t i = 0; done && i < roster->count; i++)
        done = load_member(work, i, error) && load_former(work, golden->former[i], error);
    for (uint32_t i = 0; done && i < roster->count; i++)
        if (golden->home[i] != GOLDEN_NONE && !is_known(work, golden->home[i]))
            done = load_living(work, golden->home[i], error);
    for (size_t i = 0; done && i < work->count; i++)
        if (work->ids[i].merged_into != GOLDEN_NONE && !is_known(work, work->ids[i].merged_into))
            done = load_living(work, work->ids[i].merged_into, error);
    return done;
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = ((const struct known_id *)left)->number;
    uint32_t b = ((const struct known_id *)right)->number;
    return (a > b) - (a < b);
}

static uint32_t place_of(const struct choosing *work, uint32_t number)
{
    size_t low = 0;
    size_t high = work->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (work->ids[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < work->count && work->ids[low].number == number ? (uint32_t)low + 1 : GOLDEN_NONE;
}

/* From numbers to places. */
static void fill(struct choosing *work, struct golden_store *golden, uint32_t all_issued)
{
    const struct roster *roster = &work->store->roster;
    if (work->count)
        qsort(work->ids, work->count, sizeof(*work->ids), by_number);
    golden_make_ids(golden, (uint32_t)work->count);
    uint32_t *numbers = arena_allocate_array(golden->arena, work->count + 1, sizeof(*numbers));
    for (size_t i = 0; i < work->count; i++) {
        const struct known_id *id = &work->ids[i];
        numbers[i + 1] = id->number;
        golden->ids.becomes[i + 1] = place_of(work, id->becomes);
        golden->ids.merged_into[i + 1] = place_of(work, id->merged_into);
        golden->ids.record_count[i + 1] = id->record_count;
        golden->hash[i + 1] = id->hash;
    }
    golden->ids.numbers = numbers;
    golden->ids.all_issued = all_issued;
    for (uint32_t i = 0; i < roster->count; i++) {
        golden->former[i] = place_of(work, golden->former[i]);
        golden->home[i] = place_of(work, golden->home[i]);
    }
    for (size_t i = 0; i < golden->closed_count; i++)
        golden->closed[i].number = place_of(work, golden->closed[i].number);
}

bool golden_load_chosen(struct store *store, struct error *error)
{
    struct choosing work = {.store = store};
    uint32_t all_issued = 0;
    bool done =
        golden_issued(store, &all_issued, error) && prepare(&work, error) && load_ids(&work, error);
    if (done)
        fill(&work, store->golden, all_issued);
    release(&work);
    return done;
}
