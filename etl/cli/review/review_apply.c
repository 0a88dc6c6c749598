#include "cli/review/review_open.h"
#include "cust360/base/database.h"
#include "cust360/base/memory.h"

/* A decision reaches as far as records hang together: by being one customer now, by a question
 * between customers, by another decision. Within that the match gives what a run would give,
 * because nothing outside is compared with anything inside above the review threshold.
 *
 *   records ──► what hangs together ──► match ──► pairs, clusters ──► ids ──► golden records */

struct reach {
    struct review_desk *desk;
    struct arena *arena;
    int64_t *records;
    size_t count;
    size_t most;
    uint32_t *goldens;
    size_t golden_count;
    struct statement *golden_of;
    struct statement *members;
    struct statement *neighbours[3];
};

static bool has_golden(const struct reach *reach, uint32_t golden)
{
    for (size_t i = 0; i < reach->golden_count; i++)
        if (reach->goldens[i] == golden)
            return true;
    return false;
}

/* All records of a customer; false also when they are too many (then count > most). */
static bool add_customer(struct reach *reach, int64_t golden, struct error *error)
{
    enum outcome outcome;
    if (golden == 0 || reach->count > reach->most || has_golden(reach, (uint32_t)golden))
        return true;
    reach->goldens[reach->golden_count++] = (uint32_t)golden;
    statement_reset(reach->members);
    statement_bind_integer(reach->members, 1, golden);
    while ((outcome = statement_step(reach->members, error)) == ACCEPTED) {
        if (reach->count <= reach->most)
            reach->records[reach->count] = statement_integer(reach->members, 0);
        reach->count++;
    }
    statement_reset(reach->members);
    return outcome == ENDED;
}

static bool add_record(struct reach *reach, int64_t record, struct error *error)
{
    statement_reset(reach->golden_of);
    statement_bind_integer(reach->golden_of, 1, record);
    enum outcome outcome = statement_step(reach->golden_of, error);
    int64_t golden = outcome == ACCEPTED ? statement_integer(reach->golden_of, 0) : 0;
    statement_reset(reach->golden_of);
    return outcome != FAILED && add_customer(reach, golden, error);
}

/* Customers beside a record. They are gathered first: adding them asks the same statements. */
static bool add_neighbours(struct reach *reach, int64_t record, struct statement *neighbours,
                           struct error *error)
{
    enum { NEIGHBOURS_MOST = 256 };
    int64_t goldens[NEIGHBOURS_MOST];
    size_t count = 0;
    enum outcome outcome;
    statement_reset(neighbours);
    statement_bind_integer(neighbours, 1, record);
    while ((outcome = statement_step(neighbours, error)) == ACCEPTED && count < NEIGHBOURS_MOST)
        goldens[count++] = statement_integer(neighbours, 0);
    statement_reset(neighbours);
    if (outcome == ACCEPTED)
        reach->count = reach->most + 1;
    for (size_t i = 0; i < count; i++)
        if (!add_customer(reach, goldens[i], error))
            return false;
    return outcome != FAILED;
}

static bool prepare(struct reach *reach, struct error *error)
{
    struct database *state = store_database(reach->desk->store);
    const char *entity = match_rules_entity(reach->desk->rules);
    reach->golden_of =
        statement_prepare(state, "SELECT golden_number FROM crosswalk WHERE record_id = ?1", error);
    reach->members = statement_prepare(
        state,
        arena_format(reach->arena,
                     "SELECT record_id FROM crosswalk JOIN \"record_%s\" USING (record_id)"
                     " WHERE golden_number = ?1 AND closed_run IS NULL",
                     entity),
        error);
    reach->neighbours[0] = statement_prepare(
        state,
        "SELECT x.golden_number FROM possible_match p JOIN crosswalk x ON x.record_id ="
        " p.record_b WHERE p.record_a = ?1",
        error);
    reach->neighbours[1] = statement_prepare(
        state,
        "SELECT x.golden_number FROM possible_match p JOIN crosswalk x ON x.record_id ="
        " p.record_a WHERE p.record_b = ?1",
        error);
    /* Words out of force too: what they parted may come together. */
    reach->neighbours[2] = statement_prepare(
        state,
        arena_format(
            reach->arena,
            "WITH me AS (SELECT s.name AS source, r.source_key AS k FROM \"record_%s\" r"
            " JOIN source s USING (source_id) WHERE r.record_id = ?1)"
            " SELECT x.golden_number FROM me CROSS JOIN decision d ON d.source_a = me.source AND"
            " d.key_a = me.k CROSS JOIN source t ON t.name = d.source_b CROSS JOIN"
            " \"record_%s\" o ON o.source_id = t.source_id AND o.source_key = d.key_b CROSS JOIN"
            " crosswalk x ON x.record_id = o.record_id UNION"
            " SELECT x.golden_number FROM me CROSS JOIN decision d ON d.source_b = me.source AND"
            " d.key_b = me.k CROSS JOIN source t ON t.name = d.source_a CROSS JOIN"
            " \"record_%s\" o ON o.source_id = t.source_id AND o.source_key = d.key_a CROSS JOIN"
            " crosswalk x ON x.record_id = o.record_id",
            entity, entity, entity),
        error);
    return reach->golden_of && reach->members && reach->neighbours[0] && reach->neighbours[1] &&
           reach->neighbours[2];
}

static bool spread(struct reach *reach, const int64_t *records, size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!add_record(reach, records[i], error))
            return false;
    for (size_t i = 0; i < reach->count && reach->count <= reach->most; i++)
        for (size_t j = 0; j < 3; j++)
            if (!add_neighbours(reach, reach->records[i], reach->neighbours[j], error))
                return false;
    return true;
}

static bool find_reach(struct reach *reach, const int64_t *records, size_t count,
                       struct error *error)
{
    reach->most = reach->desk->project->operation.review.apply_records;
    reach->records = arena_allocate_array(reach->arena, reach->most + 2, sizeof(*reach->records));
    reach->goldens = arena_allocate_array(reach->arena, reach->most + 2, sizeof(*reach->goldens));
    bool done = prepare(reach, error) && spread(reach, records, count, error);
    statement_destroy(reach->golden_of);
    statement_destroy(reach->members);
    for (size_t j = 0; j < 3; j++)
        statement_destroy(reach->neighbours[j]);
    return done;
}

/* ---- match ---- */

struct loading {
    struct review_desk *desk;
    struct statement *is_shared;
    size_t attribute_count;
    struct error *error;
    bool failed;
};

static bool is_shared(struct loading *loading, size_t attribute, struct slice value)
{
    statement_reset(loading->is_shared);
    statement_bind_integer(loading->is_shared, 1, (int64_t)attribute);
    statement_bind_text(loading->is_shared, 2, value);
    enum outcome outcome = statement_step(loading->is_shared, loading->error);
    loading->failed = loading->failed || outcome == FAILED;
    statement_reset(loading->is_shared);
    return outcome == ACCEPTED;
}

static void add_member(struct loading *loading, struct match_input *input,
                       const struct store_member *member)
{
    const struct match_attribute *attributes = NULL;
    uint32_t record = match_input_add(input, member->source, member->key);
    match_rules_attributes(loading->desk->rules, &attributes);
    for (size_t i = 0; i < loading->attribute_count; i++)
        for (size_t j = 0; j < member->values[i].count; j++)
            if (!attributes[i].shared_limit || !is_shared(loading, i, member->values[i].items[j]))
                match_input_set(input, record, i, member->values[i].items[j]);
}

bool review_load_input(struct review_desk *desk, const int64_t *records, size_t count,
                       struct match_input *input, struct arena *arena, struct error *error)
{
    const struct match_attribute *attributes = NULL;
    struct loading loading = {.desk = desk, .error = error};
    loading.attribute_count = match_rules_attributes(desk->rules, &attributes);
    struct store_attribute *wanted =
        arena_allocate_array(arena, loading.attribute_count + 1, sizeof(*wanted));
    for (size_t i = 0; i < loading.attribute_count; i++)
        wanted[i] = (struct store_attribute){attributes[i].entity, attributes[i].field,
                                             attributes[i].reference};
    const struct store_choice choice = {records, count};
    struct store_member member;
    enum outcome outcome = FAILED;
    loading.is_shared =
        statement_prepare(store_database(desk->store),
                          "SELECT 1 FROM shared_value WHERE attribute = ?1 AND value = ?2", error);
    struct store_scan *scan =
        loading.is_shared ? store_scan_open_chosen(desk->store, match_rules_entity(desk->rules),
                                                   wanted, loading.attribute_count, &choice, error)
                          : NULL;
    while (scan && (outcome = store_scan_next(scan, &member, error)) == ACCEPTED)
        add_member(&loading, input, &member);
    store_scan_close(scan);
    statement_destroy(loading.is_shared);
    return outcome == ENDED && !loading.failed;
}

static struct store_pair *for_store(const struct match_pair *pairs, size_t count,
                                    struct arena *arena)
{
    struct store_pair *copies = arena_allocate_array(arena, count + 1, sizeof(*copies));
    for (size_t i = 0; i < count; i++)
        copies[i] = (struct store_pair){pairs[i].a, pairs[i].b,
                                        (double)pairs[i].weight / WEIGHT_ONE, pairs[i].reason};
    return copies;
}

static bool match(struct reach *reach, struct match_result *result, struct error *error)
{
    struct review_desk *desk = reach->desk;
    const struct store_decision *stored = NULL;
    size_t count = 0;
    struct match_input *input = match_input_create(desk->rules);
    bool done = review_load_input(desk, reach->records, reach->count, input, reach->arena, error) &&
                store_decisions(desk->store, &stored, &count, error);
    struct match_decision *decisions =
        arena_allocate_array(reach->arena, count + 1, sizeof(*decisions));
    for (size_t i = 0; i < count; i++)
        decisions[i] = (struct match_decision){stored[i].a, stored[i].b, stored[i].same};
    done = done && match_run(desk->rules, desk->model, input, decisions, count, 1, result, error);
    match_input_destroy(input);
    return done && store_pairs_replace(
                       desk->store, for_store(result->links, result->link_count, reach->arena),
                       result->link_count,
                       for_store(result->possible, result->possible_count, reach->arena),
                       result->possible_count, error);
}

/* ---- merge ---- */

static bool merge_records(struct reach *reach, struct merge *merge, struct error *error)
{
    const size_t *fields = NULL;
    size_t field_count = survivorship_fields(reach->desk->survivorship, &fields);
    const struct store_golden_value *values = NULL;
    size_t value_count = 0;
    if (!store_golden_values(reach->desk->store, &values, &value_count, error))
        return false;
    for (size_t i = 0; i < value_count; i++)
        merge_decide(merge, values[i].member, arena_text(reach->arena, values[i].column),
                     values[i].value);
    struct store_read *read = store_read_open(reach->desk->store, fields, field_count, error);
    struct store_record record;
    enum outcome outcome = FAILED;
    while (read && (outcome = store_read_next(read, &record, error)) == ACCEPTED) {
        const struct merge_record taken = {record.member, record.source, record.trust,
                                           record.values, record.flagged};
        struct golden_record golden;
        if (merge_add(merge, &taken, &golden) &&
            !store_golden_put(reach->desk->store, &golden, error)) {
            outcome = FAILED;
            break;
        }
    }
    store_read_close(read);
    return outcome == ENDED;
}

static bool merge_clusters(struct reach *reach, const struct match_result *result,
                           struct review_applied *applied, struct error *error)
{
    struct review_desk *desk = reach->desk;
    struct golden_basis basis = {.hash = survivorship_hash(desk->survivorship)};
    struct store_golden_state state;
    basis.column_count = survivorship_columns(desk->survivorship, &basis.columns);
    if (!store_golden_begin(desk->store, &basis, result->cluster, &state, error))
        return false;
    struct golden_assignment *assignment =
        golden_assign(reach->arena, &state.ids, &state.members, true);
    if (!store_golden_assign(desk->store, assignment, error))
        return false;
    struct merge *merge = merge_create(desk->survivorship, assignment);
    bool merged = merge_records(reach, merge, error);
    merge_destroy(merge);
    applied->records = reach->records;
    applied->record_count = reach->count;
    applied->goldens = arena_allocate_array(
        reach->arena, reach->golden_count + assignment->count + 1, sizeof(*applied->goldens));
    for (size_t i = 0; i < reach->golden_count; i++)
        applied->goldens[applied->golden_count++] = reach->goldens[i];
    for (uint32_t i = 0; i < assignment->count; i++) {
        uint32_t number = golden_number(&state.ids, assignment->number[i]);
        if (has_golden(reach, number))
            continue;
        applied->goldens[applied->golden_count++] = number;
        reach->goldens[reach->golden_count++] = number;
    }
    return merged;
}

bool review_apply(void *context, const int64_t *records, size_t count, struct arena *arena,
                  struct review_applied *applied, struct error *error)
{
    struct reach reach = {.desk = context, .arena = arena};
    struct match_result result = {0};
    *applied = (struct review_applied){0};
    if (!find_reach(&reach, records, count, error))
        return false;
    if (reach.count > reach.most || reach.count == 0 || reach.desk->basis_differs) {
        applied->too_many = reach.count > 0;
        return true;
    }
    bool done = match(&reach, &result, error) && merge_clusters(&reach, &result, applied, error);
    match_result_release(&result);
    return done;
}
