#include "cust360/base/memory.h"
#include "make.h"

/* What a steward has called one is not asked again under another name: a pair that was unclear is,
 * merged, a weak link inside of one customer, and its values may exclude each other. */

bool make_united_prepare(struct making *making, struct error *error)
{
    int64_t any = 0;
    if (!database_integer(making->asked->state,
                          "SELECT EXISTS(SELECT 1 FROM decision WHERE kind = 'same' AND confirmed"
                          " AND NOT undone)",
                          0, &any, error))
        return false;
    if (!any)
        return true;
    making->united = statement_prepare(
        making->asked->state,
        arena_format(making->arena,
                     "SELECT r.record_id, o.record_id FROM crosswalk x CROSS JOIN %s r ON"
                     " r.record_id = x.record_id CROSS JOIN source s ON s.source_id = r.source_id"
                     " CROSS JOIN decision d ON d.source_a = s.name AND d.key_a = r.source_key"
                     " CROSS JOIN source t ON t.name = d.source_b CROSS JOIN %s o ON"
                     " o.source_id = t.source_id AND o.source_key = d.key_b CROSS JOIN crosswalk y"
                     " ON y.record_id = o.record_id WHERE x.golden_number = ?1 AND"
                     " y.golden_number = ?1 AND d.kind = 'same' AND d.confirmed AND NOT d.undone",
                     making->table, making->table),
        error);
    return making->united != NULL;
}

bool make_united_add(struct making *making, int64_t golden, struct bonds *bonds,
                     struct error *error)
{
    enum outcome outcome;
    if (!making->united)
        return true;
    statement_reset(making->united);
    statement_bind_integer(making->united, 1, golden);
    while ((outcome = statement_step(making->united, error)) == ACCEPTED)
        bonds_add(bonds, statement_integer(making->united, 0), statement_integer(making->united, 1),
                  BOND_SAID);
    statement_reset(making->united);
    return outcome == ENDED;
}

void bonds_add(struct bonds *bonds, int64_t a, int64_t b, double weight)
{
    bonds->items =
        memory_grow(bonds->items, &bonds->capacity, bonds->count + 1, sizeof(*bonds->items));
    bonds->items[bonds->count++] = (struct bond){a, b, weight};
}

/* From record `from` all that bonds reach is marked, round by round, for clusters are small. */
bool bonds_reach(const struct bonds *bonds, size_t without, int64_t from, int64_t to)
{
    enum { REACHED_MOST = 512 };
    int64_t reached[REACHED_MOST];
    size_t count = 1;
    bool grew = true;
    reached[0] = from;
    while (grew) {
        grew = false;
        for (size_t i = 0; i < bonds->count && count < REACHED_MOST; i++) {
            const struct bond *bond = &bonds->items[i];
            bool has_a = false;
            bool has_b = false;
            for (size_t j = 0; j < count; j++) {
                has_a = has_a || reached[j] == bond->a;
                has_b = has_b || reached[j] == bond->b;
            }
            if (i == without || has_a == has_b)
                continue;
            reached[count++] = has_a ? bond->b : bond->a;
            grew = true;
        }
    }
    for (size_t j = 0; j < count; j++)
        if (reached[j] == to)
            return true;
    return false;
}

/* The first record with a value and all others are one by what was said. */
static bool are_united(struct statement *records, const struct bonds *said, bool *united,
                       struct error *error)
{
    enum outcome outcome;
    int64_t first = 0;
    *united = true;
    while ((outcome = statement_step(records, error)) == ACCEPTED) {
        int64_t record = statement_integer(records, 0);
        if (first)
            *united = *united && bonds_reach(said, said->count, first, record);
        else
            first = record;
    }
    return outcome == ENDED;
}

bool make_is_united(struct making *making, int64_t golden, const char *field, bool *united,
                    struct error *error)
{
    struct bonds said = {0};
    *united = false;
    bool done = make_united_add(making, golden, &said, error);
    if (!done || said.count == 0) {
        memory_free(said.items);
        return done;
    }
    struct statement *records = statement_prepare(
        making->asked->state,
        arena_format(making->arena,
                     "SELECT r.record_id FROM crosswalk x CROSS JOIN %s r ON r.record_id ="
                     " x.record_id WHERE x.golden_number = ?1 AND r.closed_run IS NULL AND"
                     " r.\"%s\" IS NOT NULL",
                     making->table, field),
        error);
    if (records)
        statement_bind_integer(records, 1, golden);
    done = records && are_united(records, &said, united, error);
    statement_destroy(records);
    memory_free(said.items);
    return done;
}
