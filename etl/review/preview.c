#include "decide.h"

/* What a verdict would make: it is carried out in a transaction that is taken back. So the preview
 * cannot come to differ from what happens. */

struct previewing {
    struct deciding deciding;
    struct review_preview *preview;
    struct error *error;
};

static bool list_columns(struct previewing *work)
{
    enum { COLUMNS_MOST = 64 };
    struct arena *arena = work->deciding.arena;
    struct review_preview *preview = work->preview;
    preview->columns = arena_allocate_array(arena, COLUMNS_MOST, sizeof(const char *));
    struct statement *rows = statement_prepare(
        work->deciding.review->state,
        "SELECT min(position), name FROM golden_column GROUP BY choice ORDER BY 1", work->error);
    enum outcome outcome = FAILED;
    while (rows && (outcome = statement_step(rows, work->error)) == ACCEPTED &&
           preview->column_count < COLUMNS_MOST)
        preview->columns[preview->column_count++] = column_text(arena, rows, 1);
    statement_destroy(rows);
    return outcome != FAILED;
}

static bool read_rules(struct previewing *work, struct statement *rules, int64_t number,
                       struct review_golden *golden)
{
    struct arena *arena = work->deciding.arena;
    for (size_t i = 0; i < work->preview->column_count; i++) {
        statement_reset(rules);
        statement_bind_integer(rules, 1, number);
        statement_bind_text(rules, 2, slice_of(work->preview->columns[i]));
        enum outcome outcome = statement_step(rules, work->error);
        if (outcome == FAILED)
            return false;
        golden->rules[i] = outcome == ACCEPTED  ? column_text(arena, rules, 0)
                           : *golden->values[i] ? "only"
                                                : "";
    }
    return true;
}

/* The customers of these numbers that live at this moment. */
static bool read_goldens(struct previewing *work, const uint32_t *numbers, size_t count,
                         struct review_golden **goldens, size_t *found)
{
    struct arena *arena = work->deciding.arena;
    struct buffer sql = BUFFER_EMPTY;
    struct review_preview *preview = work->preview;
    buffer_append_text(&sql, "SELECT golden_id, record_count");
    for (size_t i = 0; i < preview->column_count; i++)
        buffer_format(&sql, ", \"%s\"", preview->columns[i]);
    buffer_append_text(&sql, " FROM golden WHERE golden_number = ?1");
    struct statement *select =
        statement_prepare(work->deciding.review->state, sql.data, work->error);
    struct statement *rules = statement_prepare(
        work->deciding.review->state,
        "SELECT c.rule FROM golden_column k JOIN golden_choice c ON c.choice = k.choice"
        " WHERE c.golden_number = ?1 AND k.name = ?2",
        work->error);
    buffer_release(&sql);
    bool done = select && rules;
    *goldens = arena_allocate_array(arena, count + 1, sizeof(**goldens));
    *found = 0;
    for (size_t i = 0; done && i < count; i++) {
        statement_reset(select);
        statement_bind_integer(select, 1, numbers[i]);
        enum outcome outcome = statement_step(select, work->error);
        done = outcome != FAILED;
        if (outcome != ACCEPTED)
            continue;
        struct review_golden *golden = &(*goldens)[(*found)++];
        golden->golden_id = column_text(arena, select, 0);
        golden->records = (size_t)statement_integer(select, 1);
        golden->values = arena_allocate_array(arena, preview->column_count + 1, sizeof(char *));
        golden->rules = arena_allocate_array(arena, preview->column_count + 1, sizeof(char *));
        for (size_t j = 0; j < preview->column_count; j++)
            golden->values[j] = column_text(arena, select, (int)j + 2);
        done = read_rules(work, rules, numbers[i], golden);
    }
    statement_destroy(select);
    statement_destroy(rules);
    return done;
}

/* Rows of an entity that refer to the customers' records; 0 when the model has none such. */
static bool count_referring(struct previewing *work, const char *entity, size_t *count)
{
    const struct review_applied *applied = &work->deciding.applied;
    const struct review *review = work->deciding.review;
    const struct model *model = review->project->model;
    size_t number = model_find_entity(model, entity);
    *count = 0;
    if (number == FIELD_NONE ||
        model_find_field(&model->entities[number], "customer_key") == FIELD_NONE)
        return true;
    struct statement *select = statement_prepare(
        review->state,
        arena_format(work->deciding.arena,
                     "SELECT count(*) FROM \"record_%s\" c JOIN \"record_%s\" o ON o.source_id ="
                     " c.source_id AND o.customer_key = c.source_key WHERE c.record_id = ?1"
                     " AND o.closed_run IS NULL",
                     review->entity->name, entity),
        work->error);
    bool done = select != NULL;
    for (size_t i = 0; done && i < applied->record_count; i++) {
        statement_reset(select);
        statement_bind_integer(select, 1, applied->records[i]);
        done = statement_step(select, work->error) == ACCEPTED;
        *count += done ? (size_t)statement_integer(select, 0) : 0;
    }
    statement_destroy(select);
    return done;
}

static void list_targets(struct previewing *work)
{
    const struct project *project = work->deciding.review->project;
    struct review_preview *preview = work->preview;
    preview->targets =
        arena_allocate_array(work->deciding.arena, project->target_count + 1, sizeof(const char *));
    for (size_t i = 0; i < project->target_count; i++)
        preview->targets[preview->target_count++] = project->targets[i].name;
}

/* A word that other words or hard rules outdo has no effect, which the steward is to know. */
static const char *find_refusal(const struct previewing *work)
{
    const struct review_preview *preview = work->preview;
    enum review_word word = work->deciding.verdict->word;
    if (work->deciding.applied.too_many)
        return "many records hang together here: the next run applies it";
    if (word == REVIEW_SAME && preview->before_count > 1 &&
        preview->after_count >= preview->before_count)
        return "other decisions hold them apart";
    if ((word == REVIEW_NOT_SAME || word == REVIEW_SPLIT) &&
        preview->after_count <= preview->before_count &&
        work->deciding.stored.kind == REVIEW_WEAK_LINK)
        return "other decisions hold them together";
    return "";
}

static bool carry_out(struct previewing *work)
{
    struct deciding *deciding = &work->deciding;
    struct review_preview *preview = work->preview;
    struct review_applied applied = {0};
    const struct review_engine *engine = deciding->review->engine;
    if (!deciding_write(deciding, true, work->error) ||
        !engine->apply(engine->context, deciding->records, deciding->record_count, deciding->arena,
                       &applied, work->error))
        return false;
    deciding->applied = applied;
    preview->records = applied.record_count;
    return read_goldens(work, applied.goldens, applied.golden_count, &preview->after,
                        &preview->after_count) &&
           count_referring(work, "ownership", &preview->vehicles) &&
           count_referring(work, "service", &preview->orders);
}

static bool find_stored(struct previewing *work, const char *key)
{
    int64_t number = 0;
    bool is_there = false;
    struct deciding *deciding = &work->deciding;
    if (!key || !key_parse(slice_of(key), &number))
        return error_set(work->error, EXIT_USAGE, "the verdict is on no case");
    if (!stored_find(deciding->review, number, deciding->arena, &deciding->stored, &is_there,
                     work->error))
        return false;
    return is_there ? rows_check(&deciding->stored, deciding->verdict, work->error)
                    : said_gone(deciding->review, number, deciding->arena, work->error);
}

static bool keep_touched(struct previewing *work)
{
    const struct review_applied *applied = &work->deciding.applied;
    return read_goldens(work, applied->goldens, applied->golden_count, &work->preview->before,
                        &work->preview->before_count);
}

static bool count_consents(struct previewing *work)
{
    struct review_preview *preview = work->preview;
    struct arena *arena = work->deciding.arena;
    const struct review_engine *engine = work->deciding.review->engine;
    const char **ids = arena_allocate_array(arena, preview->before_count + 1, sizeof(*ids));
    for (size_t i = 0; i < preview->before_count; i++)
        ids[i] = preview->before[i].golden_id;
    return !engine->consents || engine->consents(engine->context, ids, preview->before_count, arena,
                                                 &preview->consents, work->error);
}

bool review_preview(struct review *review, const struct review_verdict *verdict,
                    struct arena *arena, struct review_preview *preview, struct error *error)
{
    const struct review_engine *engine = review->engine;
    struct previewing work = {
        {.review = review, .arena = arena, .verdict = verdict}, preview, error};
    struct error ignored;
    *preview = (struct review_preview){.refused = ""};
    if (!find_stored(&work, verdict->key) || !list_columns(&work))
        return false;
    list_targets(&work);
    if (work.deciding.stored.control) {
        preview->refused = "no preview of this case";
        return true;
    }
    if (!engine->lock(engine->context, 0, error))
        return false;
    bool done = carry_out(&work);
    /* Taken back, the state is what it was before: that is the other half of the preview. */
    if (!engine->unlock(engine->context, false, done ? error : &ignored))
        return false;
    if (!done || !keep_touched(&work) || !count_consents(&work))
        return false;
    preview->refused = find_refusal(&work);
    return true;
}
