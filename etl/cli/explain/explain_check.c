#include "cli/explain.h"
#include "cli/run/match_input.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/map.h"

#include <math.h>
#include <stdlib.h>

/* All of the state's links and possible matches, explained one by one and held against what the run
 * gave them. Reads all records, unlike an explanation of two. */

struct checking {
    struct explain *explain;
    struct map *places; /* source, a line feed, key → number in the scene */
    struct buffer name;
    struct arena *scratch;
    struct explain_check *check;
};

static struct slice place_name(struct checking *work, struct slice source, struct slice key)
{
    buffer_clear(&work->name);
    buffer_append(&work->name, source);
    buffer_append_byte(&work->name, '\n');
    buffer_append(&work->name, key);
    return buffer_slice(&work->name);
}

static void note_place(void *context, uint32_t record, const struct store_member *member)
{
    struct checking *work = context;
    map_put(work->places, place_name(work, member->source, member->key), record);
}

/* The parts as they are shown, added up once more. */
static int32_t add_up(const struct match_pair_detail *detail)
{
    int32_t stranger = detail->prior_stranger;
    int32_t relative = detail->prior_relative;
    for (size_t i = 0; i < detail->part_count; i++) {
        stranger += detail->parts[i].against_stranger;
        relative += detail->parts[i].against_relative;
    }
    return detail->has_relatives && relative < stranger ? relative : stranger;
}

static void check_row(struct checking *work, struct statement *row)
{
    struct match_pair_detail detail;
    uint32_t a =
        map_find(work->places, place_name(work, statement_text(row, 0), statement_text(row, 1)));
    uint32_t b =
        map_find(work->places, place_name(work, statement_text(row, 2), statement_text(row, 3)));
    int32_t stored = (int32_t)lround(statement_number(row, 4) * WEIGHT_ONE);
    struct explain_check *check = work->check;
    check->pairs++;
    int32_t now = INT32_MIN;
    if (a != MAP_NONE && b != MAP_NONE) {
        arena_reset(work->scratch);
        match_explain_pair(work->explain->scene, a, b, work->scratch, &detail);
        now = add_up(&detail);
    }
    if (now == stored)
        return;
    if (check->different++ == 0)
        check->example = arena_format(
            work->explain->arena, "%.*s:%.*s %.*s:%.*s", SLICE_ARGUMENTS(statement_text(row, 0)),
            SLICE_ARGUMENTS(statement_text(row, 1)), SLICE_ARGUMENTS(statement_text(row, 2)),
            SLICE_ARGUMENTS(statement_text(row, 3)));
}

static bool check_table(struct checking *work, const char *table, struct error *error)
{
    const char *entity = match_rules_entity(work->explain->rules);
    const char *sql = arena_format(
        work->explain->arena,
        "SELECT sa.name, a.source_key, sb.name, b.source_key, weight FROM %s"
        " JOIN record_%s a ON a.record_id = record_a JOIN source sa ON sa.source_id = a.source_id"
        " JOIN record_%s b ON b.record_id = record_b JOIN source sb ON sb.source_id = b.source_id"
        " ORDER BY record_a, record_b",
        table, entity, entity);
    struct statement *rows = statement_prepare(store_database(work->explain->store), sql, error);
    if (!rows)
        return false;
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED)
        check_row(work, rows);
    statement_destroy(rows);
    return outcome == ENDED;
}

bool explain_check_all(struct explain *explain, struct explain_check *check, struct error *error)
{
    struct checking work = {
        .explain = explain, .places = map_create(), .scratch = arena_create(), .check = check};
    const struct match_input_choice all = {.added = note_place, .context = &work};
    *check = (struct explain_check){0};
    explain->input = match_input_create(explain->rules);
    bool done = match_input_load_chosen(explain->input, explain->store, explain->rules, &all,
                                        explain->arena, error);
    if (done) {
        explain->scene = match_scene_create(explain->rules, explain->model, explain->input);
        done = check_table(&work, "link", error) && check_table(&work, "possible_match", error);
    }
    arena_destroy(work.scratch);
    map_destroy(work.places);
    buffer_release(&work.name);
    return done;
}
