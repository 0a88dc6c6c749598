#include "cli/evaluate.h"
#include "cli/run/match_input.h"
#include "cust360/base/database.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"

/* The records while they are taken in. */
struct intake {
    struct evaluating *work;
    struct map *members; /* source, a line feed, key → record of the scene */
    struct buffer name;
    const char **names;
    size_t capacity;
};

static struct slice member_name(struct intake *intake, struct slice source, struct slice key)
{
    buffer_clear(&intake->name);
    buffer_append(&intake->name, source);
    buffer_append_byte(&intake->name, '\n');
    buffer_append(&intake->name, key);
    return buffer_slice(&intake->name);
}

static void note_member(void *context, uint32_t record, const struct store_member *member)
{
    struct intake *intake = context;
    struct evaluating *work = intake->work;
    struct slice name = member_name(intake, member->source, member->key);
    map_put(intake->members, name, record);
    uint32_t known = map_number(work->records, name);
    if (known != MAP_NONE)
        work->scene_of[known] = record;
    intake->names =
        memory_grow(intake->names, &intake->capacity, (size_t)record + 1, sizeof(*intake->names));
    intake->names[record] = arena_format(work->arena, "%.*s:%.*s", SLICE_ARGUMENTS(member->source),
                                         SLICE_ARGUMENTS(member->key));
    work->scene_count = record + 1;
}

static bool load_golden(struct intake *intake, struct error *error)
{
    struct evaluating *work = intake->work;
    const char *sql = arena_format(
        work->arena,
        "SELECT source.name, record.source_key, golden_number, record_id FROM crosswalk"
        " JOIN record_%s AS record USING (record_id) JOIN source USING (source_id)",
        match_rules_entity(work->rules));
    struct statement *rows = statement_prepare(store_database(work->store), sql, error);
    if (!rows)
        return false;
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED) {
        uint32_t record = map_find(
            intake->members, member_name(intake, statement_text(rows, 0), statement_text(rows, 1)));
        if (record == MAP_NONE)
            continue;
        work->golden[record] = (uint32_t)statement_integer(rows, 2);
        work->record_ids[record] = statement_integer(rows, 3);
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

static bool load_decisions(struct evaluating *work, struct error *error)
{
    const struct store_decision *stored = NULL;
    if (!store_decisions(work->store, &stored, &work->decision_count, error))
        return false;
    struct match_decision *decisions =
        arena_allocate_array(work->arena, work->decision_count + 1, sizeof(*decisions));
    for (size_t i = 0; i < work->decision_count; i++)
        decisions[i] = (struct match_decision){stored[i].a, stored[i].b, stored[i].same};
    work->decisions = decisions;
    return true;
}

static bool take_in(struct intake *intake, struct error *error)
{
    struct evaluating *work = intake->work;
    const struct match_input_choice all = {.added = note_member, .context = intake};
    work->scene_of =
        arena_allocate_array(work->arena, work->truth.record_count + 1, sizeof(uint32_t));
    for (uint32_t i = 0; i < work->truth.record_count; i++)
        work->scene_of[i] = SCENE_NONE;
    work->input = match_input_create(work->rules);
    if (!match_input_load_chosen(work->input, work->store, work->rules, &all, work->arena, error))
        return false;
    size_t count = (size_t)work->scene_count + 1;
    work->golden = arena_allocate_array(work->arena, count, sizeof(*work->golden));
    work->cluster = arena_allocate_array(work->arena, count, sizeof(*work->cluster));
    work->record_ids = arena_allocate_array(work->arena, count, sizeof(*work->record_ids));
    work->scene_names = arena_allocate_array(work->arena, count, sizeof(*work->scene_names));
    if (work->scene_count)
        memcpy(work->scene_names, intake->names, work->scene_count * sizeof(*intake->names));
    return load_golden(intake, error) && load_decisions(work, error);
}

bool evaluate_scene(struct evaluating *work, struct error *error)
{
    const struct project *project = work->project;
    const struct match_model *model =
        match_model_load(work->arena, project->match_model, work->rules, error);
    if (!model)
        return false;
    struct intake intake = {.work = work, .members = map_create()};
    bool taken = take_in(&intake, error);
    map_destroy(intake.members);
    buffer_release(&intake.name);
    memory_free(intake.names);
    if (taken)
        work->scene = match_scene_create(work->rules, model, work->input);
    return taken;
}
