#include "cli/stage.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"

/*   in   golden id  R  entity  id  sequence  deleted  flagged  refused  value …
 *        grouped by golden id, the records of one in the order of (source, key)
 *   out  golden id  record count  source count  value …  choice …
 *
 * A choice is the rule's name and behind a blank the id of the record whose value it is; empty:
 * there is no value. */

enum {
    COLUMN_GOLDEN,
    COLUMN_ENTITY = 2,
    COLUMN_ID,
    COLUMN_FLAGGED = 6,
    COLUMN_REFUSED,
    COLUMN_VALUES
};

struct merged_record {
    struct slice id; /* without escapes */
    struct slice flagged;
    struct slice *values; /* one a field of survivorship_fields */
};

struct word { /* a steward's value */
    const char *column;
    struct slice value;
    uint32_t next; /* of the same record, or MAP_NONE */
};

struct merging {
    const size_t *fields;
    size_t field_count;
    size_t entity_fields;
    const char *entity;
    struct map *sources; /* name → trust */
    struct map *word_of; /* id → its first word + 1 */
    uint32_t *last_word; /* by number of word_of */
    size_t last_capacity;
    struct word *words;
    size_t word_count;
    size_t word_capacity;
    struct arena *arena; /* of the golden record at hand */
    struct slice golden;
    struct merged_record *records;
    size_t record_count;
    size_t record_capacity;
};

/* ---- what comes with files ---- */

static bool take_source(struct stage_job *job, const struct line *line, struct error *error)
{
    struct merging *work = job->own;
    int64_t trust = 0;
    (void)error;
    if (line->count != 2 || !stage_number(line->columns[1], &trust) || trust < 0 || trust > 100)
        return false;
    map_put(work->sources, line_text(job->arena, line->columns[0]), (uint32_t)trust);
    return true;
}

static bool take_word(struct stage_job *job, const struct line *line, struct error *error)
{
    enum { COLUMN_WORD, COLUMN_RECORD, COLUMN_NAME, COLUMN_VALUE, WORD_COLUMNS };
    struct merging *work = job->own;
    (void)error;
    if (!slice_equal(line->columns[COLUMN_WORD], SLICE("value")))
        return true;
    if (line->count != WORD_COLUMNS)
        return false;
    uint32_t known = map_count(work->word_of);
    uint32_t number =
        map_intern(work->word_of, line_text(job->arena, line->columns[COLUMN_RECORD]));
    work->words =
        memory_grow(work->words, &work->word_capacity, work->word_count + 1, sizeof(*work->words));
    work->last_word = memory_grow(work->last_word, &work->last_capacity, (size_t)number + 1,
                                  sizeof(*work->last_word));
    work->words[work->word_count] =
        (struct word){arena_text(job->arena, line_text(job->arena, line->columns[COLUMN_NAME])),
                      arena_copy(job->arena, line_text(job->arena, line->columns[COLUMN_VALUE])),
                      number < known ? work->last_word[number] : MAP_NONE};
    work->last_word[number] = (uint32_t)work->word_count++;
    return true;
}

static bool begin(struct stage_job *job, struct error *error)
{
    const struct model *model = job->project->model;
    const struct model_entity *entity = &model->entities[survivorship_entity(job->survivorship)];
    struct merging *work = arena_allocate(job->arena, sizeof(*work));
    *work = (struct merging){.entity = entity->name,
                             .entity_fields = entity->field_count,
                             .sources = map_create(),
                             .word_of = map_create(),
                             .arena = arena_create()};
    work->field_count = survivorship_fields(job->survivorship, &work->fields);
    job->own = work;
    return stage_read_file(job, "sources", take_source, error) &&
           stage_read_file(job, "decisions", take_word, error);
}

static void release(struct stage_job *job)
{
    struct merging *work = job->own;
    if (!work)
        return;
    map_destroy(work->sources);
    map_destroy(work->word_of);
    memory_free(work->last_word);
    memory_free(work->words);
    memory_free(work->records);
    arena_destroy(work->arena);
}

/* ---- one golden record ---- */

static void write_choice(struct stage_job *job, const struct golden_choice *choice)
{
    const struct merging *work = job->own;
    struct slice text = slice_of(choice->rule);
    if (choice->rule && choice->member != UINT32_MAX)
        text = slice_of(arena_format(work->arena, "%s %.*s", choice->rule,
                                     SLICE_ARGUMENTS(work->records[choice->member].id)));
    line_column(job->writer, text);
}

static void write_golden(struct stage_job *job, const struct golden_record *golden)
{
    const struct merging *work = job->own;
    const struct golden_column *columns = NULL;
    size_t count = survivorship_columns(job->survivorship, &columns);
    size_t choices = 0;
    line_column_escaped(job->writer, work->golden);
    line_column_number(job->writer, golden->record_count);
    line_column_number(job->writer, golden->source_count);
    for (size_t i = 0; i < count; i++) {
        line_column(job->writer, golden->values[i]);
        choices = columns[i].choice >= choices ? columns[i].choice + 1 : choices;
    }
    for (size_t i = 0; i < choices; i++)
        write_choice(job, &golden->choices[i]);
    line_end(job->writer);
}

/* The words on this record, the earliest first: they are chained from the latest. */
static void decide(const struct merging *work, struct merge *merge, uint32_t member, uint32_t word)
{
    if (word == MAP_NONE)
        return;
    decide(work, merge, member, work->words[word].next);
    merge_decide(merge, member, work->words[word].column, work->words[word].value);
}

static void add_decisions(const struct merging *work, struct merge *merge)
{
    if (work->word_count == 0)
        return;
    for (size_t i = 0; i < work->record_count; i++) {
        uint32_t number = map_number(work->word_of, work->records[i].id);
        if (number != MAP_NONE)
            decide(work, merge, (uint32_t)i, work->last_word[number]);
    }
}

static bool add_records(struct stage_job *job, struct merge *merge, struct error *error)
{
    const struct merging *work = job->own;
    struct golden_record golden;
    struct slice former = slice_of(NULL);
    uint32_t source_number = 0;
    for (size_t i = 0; i < work->record_count; i++) {
        const struct merged_record *record = &work->records[i];
        struct slice source = slice_of(NULL);
        struct slice key = slice_of(NULL);
        stage_split_id(record->id, &source, &key);
        uint32_t trust = map_find(work->sources, source);
        if (trust == MAP_NONE) {
            error_set(error, EXIT_FAILED, "the file that --sources names does not have %.*s",
                      SLICE_ARGUMENTS(source));
            return error_hint(error, "make it from what \"cust360 stage plan\" tells");
        }
        source_number += !slice_equal(source, former);
        former = source;
        const struct merge_record taken = {(uint32_t)i, source_number, (int)trust, record->values,
                                           record->flagged};
        if (merge_add(merge, &taken, &golden))
            write_golden(job, &golden);
    }
    return true;
}

/* All of the records are those of one golden number, 1. */
static bool merge_group(struct stage_job *job, struct error *error)
{
    struct merging *work = job->own;
    if (work->record_count == 0)
        return true;
    uint32_t count = (uint32_t)work->record_count;
    uint32_t counts[] = {0, count};
    uint32_t *numbers = arena_allocate_array(work->arena, count, sizeof(*numbers));
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = 1;
    const struct golden_assignment assignment = {
        .count = count, .number = numbers, .ids = {.issued = 1, .record_count = counts}};
    struct merge *merge = merge_create(job->survivorship, &assignment);
    add_decisions(work, merge);
    bool done = add_records(job, merge, error);
    merge_destroy(merge);
    return done;
}

/* ---- rows ---- */

static bool begin_group(struct stage_job *job, struct slice golden, struct error *error)
{
    struct merging *work = job->own;
    if (!merge_group(job, error))
        return false;
    arena_reset(work->arena);
    work->record_count = 0;
    work->golden = arena_copy(work->arena, golden);
    return true;
}

static void add_record(struct merging *work, const struct line *line, struct slice id)
{
    work->records = memory_grow(work->records, &work->record_capacity, work->record_count + 1,
                                sizeof(*work->records));
    struct merged_record *record = &work->records[work->record_count++];
    record->id = id;
    record->flagged =
        arena_copy(work->arena, line_text(work->arena, line->columns[COLUMN_FLAGGED]));
    record->values = arena_allocate_array(work->arena, work->field_count, sizeof(*record->values));
    for (size_t i = 0; i < work->field_count; i++) {
        struct slice column = line->columns[COLUMN_VALUES + work->fields[i]];
        if (column.length)
            record->values[i] = arena_copy(work->arena, line_text(work->arena, column));
    }
}

static enum outcome take(struct stage_job *job, const struct line *line, struct error *error)
{
    struct merging *work = job->own;
    struct slice source;
    struct slice key;
    if (line->count != COLUMN_VALUES + work->entity_fields ||
        !slice_equal(line->columns[COLUMN_ENTITY], slice_of(work->entity)))
        return stage_refuse(job, "columns");
    if (!slice_equal(line->columns[COLUMN_GOLDEN], work->golden) &&
        !begin_group(job, line->columns[COLUMN_GOLDEN], error))
        return FAILED;
    struct slice id = arena_copy(work->arena, line_text(work->arena, line->columns[COLUMN_ID]));
    if (!stage_split_id(id, &source, &key))
        return stage_refuse(job, "id");
    if (work->record_count && slice_compare(work->records[work->record_count - 1].id, id) >= 0) {
        error_set(error, EXIT_FAILED, "records of %.*s are not in the order of source and key",
                  SLICE_ARGUMENTS(work->golden));
        return FAILED;
    }
    add_record(work, line, id);
    return ACCEPTED;
}

static bool end(struct stage_job *job, struct error *error)
{
    return merge_group(job, error);
}

const struct stage stage_merge = {.name = "merge",
                                  .needs = STAGE_SURVIVORSHIP,
                                  .begin = begin,
                                  .take = take,
                                  .end = end,
                                  .release = release};
