#include "cust360/base/memory.h"
#include "make.h"

#include <math.h>

/* What the match was unsure of: pairs of customers, and links that barely hold one. */

/* Most unsure at even odds; a pair that a rule holds apart in spite of its weight is worth a look
 * whatever the weight. */
static double uncertainty_of(double weight, bool has_reason)
{
    enum { PERCENT_LEAST = 5, PERCENT_RULED = 50 };
    double probability = 1 / (1 + exp2(-weight));
    double unsure = 1 - fabs(2 * probability - 1);
    double least = (has_reason ? PERCENT_RULED : PERCENT_LEAST) / 100.0;
    return unsure > least ? unsure : least;
}

static bool put_pairs(struct making *making, const char *sql, enum review_kind kind,
                      struct error *error)
{
    struct statement *rows = statement_prepare(making->asked->state, sql, error);
    enum outcome outcome = FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        struct fresh_case fresh = {.kind = kind,
                                   .record_a = statement_integer(rows, 0),
                                   .record_b = statement_integer(rows, 1),
                                   .golden_a = statement_integer(rows, 2),
                                   .golden_b = statement_integer(rows, 3),
                                   .weight = statement_number(rows, 4),
                                   .reason = statement_text(rows, 5)};
        fresh.uncertainty = uncertainty_of(fresh.weight, fresh.reason.length > 0);
        if (!make_put(making, &fresh, error)) {
            outcome = FAILED;
            break;
        }
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

/* There are few pairs, and no index by their second record: they are gone through once, whatever
 * the number of touched customers. */
bool make_possible(struct making *making, struct error *error)
{
    static const char all[] =
        "SELECT p.record_a, p.record_b, x.golden_number, y.golden_number, p.weight, p.reason"
        " FROM possible_match p CROSS JOIN crosswalk x ON x.record_id = p.record_a"
        " CROSS JOIN crosswalk y ON y.record_id = p.record_b"
        " WHERE x.golden_number <> y.golden_number";
    static const char members[] =
        "(SELECT m.record_id FROM temp.review_scope s CROSS JOIN crosswalk m"
        " ON m.golden_number = s.golden_number)";
    const char *sql = making->scoped ? arena_format(making->arena,
                                                    "%s AND (p.record_a IN %s OR p.record_b IN %s)",
                                                    all, members, members)
                                     : all;
    return put_pairs(making, sql, REVIEW_POSSIBLE, error);
}

/* ---- weak links ---- */

static bool load_bonds(struct statement *rows, int64_t golden, struct bonds *bonds,
                       struct error *error)
{
    enum outcome outcome;
    bonds->count = 0;
    statement_reset(rows);
    statement_bind_integer(rows, 1, golden);
    while ((outcome = statement_step(rows, error)) == ACCEPTED)
        bonds_add(bonds, statement_integer(rows, 0), statement_integer(rows, 1),
                  statement_number(rows, 2));
    statement_reset(rows);
    return outcome == ENDED;
}

/* Whether the customer falls apart without the bond. */
static bool holds_alone(const struct bonds *bonds, size_t cut)
{
    return !bonds_reach(bonds, cut, bonds->items[cut].a, bonds->items[cut].b);
}

/* The weakest bond without which the customer falls apart, when it is weak. */
static bool put_weakest(struct making *making, int64_t golden, const struct bonds *bonds,
                        double limit, struct error *error)
{
    const struct bond *weakest = NULL;
    for (size_t i = 0; i < bonds->count; i++)
        if (bonds->items[i].weight < limit &&
            (!weakest || bonds->items[i].weight < weakest->weight) && holds_alone(bonds, i))
            weakest = &bonds->items[i];
    if (!weakest)
        return true;
    struct fresh_case fresh = {.kind = REVIEW_WEAK_LINK,
                               .golden_a = golden,
                               .record_a = weakest->a,
                               .record_b = weakest->b,
                               .weight = weakest->weight,
                               .uncertainty = uncertainty_of(weakest->weight, false)};
    return make_put(making, &fresh, error);
}

static bool put_weak_links(struct making *making, struct statement *weak, struct statement *links,
                           double limit, struct error *error)
{
    struct bonds bonds = {0};
    enum outcome outcome;
    bool done = true;
    while (done && (outcome = statement_step(weak, error)) == ACCEPTED) {
        int64_t golden = statement_integer(weak, 0);
        done = load_bonds(links, golden, &bonds, error) &&
               make_united_add(making, golden, &bonds, error) &&
               put_weakest(making, golden, &bonds, limit, error);
    }
    memory_free(bonds.items);
    return done && outcome == ENDED;
}

bool make_weak_links(struct making *making, struct error *error)
{
    double limit = making->asked->merge_bits + making->asked->rules->weak_bits;
    const char *sql =
        making->scoped
            ? "SELECT DISTINCT m.golden_number FROM temp.review_scope s CROSS JOIN crosswalk m ON"
              " m.golden_number = s.golden_number CROSS JOIN link l ON l.record_a = m.record_id"
              " WHERE l.weight < ?1"
            : "SELECT DISTINCT x.golden_number FROM link l JOIN crosswalk x ON"
              " x.record_id = l.record_a WHERE l.weight < ?1";
    struct statement *weak = statement_prepare(making->asked->state, sql, error);
    struct statement *links =
        statement_prepare(making->asked->state,
                          "SELECT l.record_a, l.record_b, l.weight FROM crosswalk x JOIN link l"
                          " ON l.record_a = x.record_id WHERE x.golden_number = ?1",
                          error);
    if (weak)
        statement_bind_number(weak, 1, limit);
    bool done = weak && links && put_weak_links(making, weak, links, limit, error);
    statement_destroy(weak);
    statement_destroy(links);
    return done;
}
