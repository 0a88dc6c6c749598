#include "cli/audit.h"
#include "cli/explain.h"
#include "cli/open.h"
#include "cli/run/match_input.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"
#include "cust360/golden.h"

#include <math.h>

bool explain_open(struct explain *explain, const struct invocation *invocation, struct error *error)
{
    int64_t threads = (int64_t)pool_processors();
    *explain = (struct explain){.arena = arena_create(), .invocation = invocation};
    if (!invocation_integer(invocation, "threads", 1, 256, &threads, error))
        return false;
    explain->threads = (unsigned)threads;
    explain->unmasked = invocation_flag(invocation, "unmasked");
    const struct project *project = explain->project =
        open_project(invocation, explain->arena, error);
    if (!project || (explain->unmasked && !audit_unmasked(project, "explain", NULL, error)))
        return false;
    explain->rules = match_rules_load(explain->arena, project->match, project->model, error);
    if (!explain->rules)
        return false;
    explain->model = match_model_load(explain->arena, project->match_model, explain->rules, error);
    if (!explain->model)
        return false;
    explain->store = store_open(project->state, project->model, STORE_READ, 0, error);
    /* All is read from one state, even if a run is committed meanwhile. */
    return explain->store && database_run(store_database(explain->store), "BEGIN", error);
}

void explain_close(struct explain *explain)
{
    match_scene_destroy(explain->scene);
    match_input_destroy(explain->input);
    store_close(explain->store);
    arena_destroy(explain->arena);
}

/* ---- records ---- */

/* Records while they are gathered. */
struct gathering {
    struct explain *explain;
    struct statement *members; /* of one customer, by source and key */
    size_t capacity;
};

static struct statement *prepare_members(struct explain *explain, struct error *error)
{
    const struct model *model = explain->project->model;
    const char *entity = match_rules_entity(explain->rules);
    const struct model_entity *fields = &model->entities[model_find_entity(model, entity)];
    bool has_name = model_find_field(fields, "name") != FIELD_NONE;
    const char *sql = arena_format(
        explain->arena,
        "SELECT record_id, source.name, source_key, %s, file, line FROM crosswalk"
        " JOIN record_%s AS record USING (record_id) JOIN source USING (source_id)"
        " WHERE golden_number = ?1 AND closed_run IS NULL ORDER BY source.name, source_key",
        has_name ? "record.name" : "NULL", entity);
    return statement_prepare(store_database(explain->store), sql, error);
}

static bool has_customer(const struct explain *explain, uint32_t golden)
{
    for (uint32_t i = 0; i < explain->record_count; i++)
        if (explain->records[i].golden == golden)
            return true;
    return false;
}

static bool add_customer(struct gathering *work, uint32_t golden, struct error *error)
{
    struct explain *explain = work->explain;
    struct arena *arena = explain->arena;
    enum outcome outcome;
    if (golden == GOLDEN_NONE || has_customer(explain, golden))
        return true;
    statement_reset(work->members);
    statement_bind_integer(work->members, 1, golden);
    while ((outcome = statement_step(work->members, error)) == ACCEPTED) {
        explain->records =
            memory_grow(explain->records, &work->capacity, (size_t)explain->record_count + 1,
                        sizeof(*explain->records));
        explain->records[explain->record_count++] = (struct explain_record){
            .record_id = statement_integer(work->members, 0),
            .golden = golden,
            .scene = UINT32_MAX,
            .source = arena_copy(arena, statement_text(work->members, 1)),
            .key = arena_copy(arena, statement_text(work->members, 2)),
            .name = arena_copy(arena, statement_text(work->members, 3)),
            .file = arena_copy(arena, statement_text(work->members, 4)),
            .line = statement_integer(work->members, 5),
        };
    }
    return outcome == ENDED;
}

static uint32_t find_record(const struct explain *explain, int64_t record_id)
{
    for (uint32_t i = 0; i < explain->record_count; i++)
        if (explain->records[i].record_id == record_id)
            return i;
    return UINT32_MAX;
}

/* The customers of those with whom a steward is asked about these. */
static bool add_possible(struct gathering *work, struct error *error)
{
    struct explain *explain = work->explain;
    uint32_t own = explain->record_count;
    struct statement *select = statement_prepare(
        store_database(explain->store),
        "SELECT record_a, record_b, a.golden_number, b.golden_number FROM possible_match"
        " JOIN crosswalk a ON a.record_id = record_a JOIN crosswalk b ON b.record_id = record_b"
        " ORDER BY weight DESC, record_a, record_b",
        error);
    if (!select)
        return false;
    bool added = true;
    enum outcome outcome;
    while (added && (outcome = statement_step(select, error)) == ACCEPTED) {
        uint32_t a = find_record(explain, statement_integer(select, 0));
        uint32_t b = find_record(explain, statement_integer(select, 1));
        if (a < own || b < own)
            added = add_customer(work, (uint32_t)statement_integer(select, a < own ? 3 : 2), error);
    }
    statement_destroy(select);
    return added && outcome == ENDED;
}

static bool gather_records(struct explain *explain, const uint32_t *goldens, size_t count,
                           bool with_possible, struct error *error)
{
    struct gathering work = {.explain = explain, .members = prepare_members(explain, error)};
    bool done = work.members != NULL;
    for (size_t i = 0; done && i < count; i++)
        done = add_customer(&work, goldens[i], error);
    if (done && with_possible)
        done = add_possible(&work, error);
    statement_destroy(work.members);
    struct explain_record *records = explain->records;
    explain->records =
        arena_allocate_array(explain->arena, (size_t)explain->record_count + 1, sizeof(*records));
    if (explain->record_count)
        memcpy(explain->records, records, explain->record_count * sizeof(*records));
    memory_free(records);
    return done;
}

/* ---- what the last run left of them ---- */

static int32_t to_weight(double bits)
{
    return (int32_t)lround(bits * WEIGHT_ONE);
}

static bool load_links(struct explain *explain, const char *sql, struct explain_link **links,
                       size_t *count, struct error *error)
{
    struct statement *select = statement_prepare(store_database(explain->store), sql, error);
    if (!select)
        return false;
    struct explain_link *grown = NULL;
    size_t capacity = 0;
    enum outcome outcome = ENDED;
    for (uint32_t i = 0; i < explain->record_count && outcome == ENDED; i++) {
        statement_reset(select);
        statement_bind_integer(select, 1, explain->records[i].record_id);
        while ((outcome = statement_step(select, error)) == ACCEPTED) {
            uint32_t other = find_record(explain, statement_integer(select, 0));
            if (other == UINT32_MAX)
                continue;
            const char *reason = statement_is_null(select, 2)
                                     ? NULL
                                     : arena_text(explain->arena, statement_text(select, 2));
            grown = memory_grow(grown, &capacity, *count + 1, sizeof(*grown));
            grown[(*count)++] =
                (struct explain_link){i, other, to_weight(statement_number(select, 1)), reason};
        }
    }
    statement_destroy(select);
    *links = arena_allocate_array(explain->arena, *count + 1, sizeof(*grown));
    if (*count)
        memcpy(*links, grown, *count * sizeof(*grown));
    memory_free(grown);
    return outcome == ENDED;
}

static uint32_t find_key(const struct explain *explain, struct slice source, struct slice key)
{
    for (uint32_t i = 0; i < explain->record_count; i++)
        if (slice_equal(explain->records[i].source, source) &&
            slice_equal(explain->records[i].key, key))
            return i;
    return UINT32_MAX;
}

/* The later word on a pair takes the place of the earlier. */
static void add_decision(struct explain *explain, struct explain_decision decision)
{
    for (size_t i = 0; i < explain->decision_count; i++) {
        struct explain_decision *earlier = &explain->decisions[i];
        if ((earlier->a == decision.a && earlier->b == decision.b) ||
            (earlier->a == decision.b && earlier->b == decision.a)) {
            *earlier = decision;
            return;
        }
    }
    explain->decisions[explain->decision_count++] = decision;
}

static bool load_decisions(struct explain *explain, struct error *error)
{
    int64_t most = 0;
    struct database *state = store_database(explain->store);
    if (!database_integer(state, "SELECT count(*) FROM decision", 0, &most, error))
        return false;
    struct statement *select = statement_prepare(
        state,
        "SELECT source_a, key_a, source_b, key_b, kind = 'same', coalesce(decided_by, ''),"
        " coalesce(decided_at, '') FROM decision WHERE kind IN ('same', 'different')"
        " AND NOT undone ORDER BY decision_id",
        error);
    if (!select)
        return false;
    explain->decisions =
        arena_allocate_array(explain->arena, (size_t)most + 1, sizeof(*explain->decisions));
    enum outcome outcome;
    while ((outcome = statement_step(select, error)) == ACCEPTED) {
        uint32_t a = find_key(explain, statement_text(select, 0), statement_text(select, 1));
        uint32_t b = find_key(explain, statement_text(select, 2), statement_text(select, 3));
        if (a == UINT32_MAX || b == UINT32_MAX || a == b)
            continue;
        add_decision(explain, (struct explain_decision){
                                  a, b, statement_integer(select, 4) != 0,
                                  arena_text(explain->arena, statement_text(select, 5)),
                                  arena_text(explain->arena, statement_text(select, 6))});
    }
    statement_destroy(select);
    return outcome == ENDED;
}

/* ---- the scene ---- */

/* Where the records in question went. */
struct placing {
    struct explain *explain;
    struct map *places; /* source, a line feed, key → index */
    struct buffer name;
};

static struct slice place_name(struct placing *placing, struct slice source, struct slice key)
{
    buffer_clear(&placing->name);
    buffer_append(&placing->name, source);
    buffer_append_byte(&placing->name, '\n');
    buffer_append(&placing->name, key);
    return buffer_slice(&placing->name);
}

/* A record without any key relates to nobody, not even to itself. */
static bool is_in_question(void *context, const struct store_member *member)
{
    struct placing *placing = context;
    return map_find(placing->places, place_name(placing, member->source, member->key)) != MAP_NONE;
}

static void note_place(void *context, uint32_t record, const struct store_member *member)
{
    struct placing *placing = context;
    uint32_t index = map_find(placing->places, place_name(placing, member->source, member->key));
    if (index != MAP_NONE)
        placing->explain->records[index].scene = record;
}

/* First a scene of the records alone, which tells of each other record whether it matters; then the
 * one with all that do. */
static bool load_inputs(struct explain *explain, struct placing *placing,
                        const struct store_choice *records, struct error *error)
{
    struct match_input *few = match_input_create(explain->rules);
    struct match_input_choice choice = {.records = records};
    bool loaded = match_input_load_chosen(few, explain->store, explain->rules, &choice,
                                          explain->arena, error);
    struct match_scene *core =
        loaded ? match_scene_create(explain->rules, explain->model, few) : NULL;
    explain->input = match_input_create(explain->rules);
    choice = (struct match_input_choice){NULL, core, is_in_question, note_place, placing};
    loaded = loaded && match_input_load_chosen(explain->input, explain->store, explain->rules,
                                               &choice, explain->arena, error);
    match_scene_destroy(core);
    match_input_destroy(few);
    return loaded;
}

static bool make_scene(struct explain *explain, struct error *error)
{
    struct placing placing = {.explain = explain, .places = map_create()};
    int64_t *ids =
        arena_allocate_array(explain->arena, (size_t)explain->record_count + 1, sizeof(*ids));
    for (uint32_t i = 0; i < explain->record_count; i++) {
        ids[i] = explain->records[i].record_id;
        map_put(placing.places,
                place_name(&placing, explain->records[i].source, explain->records[i].key), i);
    }
    const struct store_choice records = {ids, explain->record_count};
    bool made = load_inputs(explain, &placing, &records, error);
    map_destroy(placing.places);
    buffer_release(&placing.name);
    if (!made)
        return false;
    explain->scene = match_scene_create(explain->rules, explain->model, explain->input);
    explain->words =
        arena_allocate_array(explain->arena, explain->decision_count + 1, sizeof(*explain->words));
    for (size_t i = 0; i < explain->decision_count; i++) {
        const struct explain_decision *decision = &explain->decisions[i];
        explain->words[i] =
            (struct match_decision){explain->records[decision->a].scene,
                                    explain->records[decision->b].scene, decision->same};
    }
    return true;
}

bool explain_load(struct explain *explain, const uint32_t *goldens, size_t count,
                  bool with_possible, struct error *error)
{
    return gather_records(explain, goldens, count, with_possible, error) &&
           load_links(explain,
                      "SELECT record_b, weight, reason FROM link WHERE record_a = ?1"
                      " ORDER BY record_b",
                      &explain->links, &explain->link_count, error) &&
           load_links(explain,
                      "SELECT record_b, weight, reason FROM possible_match WHERE record_a = ?1"
                      " ORDER BY record_b",
                      &explain->possible, &explain->possible_count, error) &&
           load_decisions(explain, error) && make_scene(explain, error);
}

const struct explain_link *explain_stored(const struct explain *explain, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < explain->link_count; i++)
        if ((explain->links[i].a == a && explain->links[i].b == b) ||
            (explain->links[i].a == b && explain->links[i].b == a))
            return &explain->links[i];
    for (size_t i = 0; i < explain->possible_count; i++)
        if ((explain->possible[i].a == a && explain->possible[i].b == b) ||
            (explain->possible[i].a == b && explain->possible[i].b == a))
            return &explain->possible[i];
    return NULL;
}
