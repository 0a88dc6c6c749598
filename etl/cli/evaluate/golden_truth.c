#include "cli/evaluate/golden_truth.h"
#include "cust360/base/csv.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"

/* What a truth may call a column of golden records. */
static const struct {
    const char *truth;
    const char *golden;
} column_names[] = {
    {"birth", "birth_date"},
    {"id_no", "id_number"},
    {"kind", "type"},
};

static const struct {
    const char *truth;
    const char *golden;
} value_names[] = {
    {"company", "organisation"},
};

struct comparing {
    struct arena *arena;
    struct database *database;
    const struct truth *truth;
    struct csv_table table;
    uint32_t *row_of_entity; /* UINT32_MAX: none */
    uint32_t *home;          /* by entity: golden number, or GOLDEN_UNKNOWN */
    size_t columns[GOLDEN_SCORES_MAX];
    struct golden_score *scores;
    size_t score_count;
};

static const char *golden_column(const char *heading)
{
    for (size_t i = 0; i < sizeof(column_names) / sizeof(column_names[0]); i++)
        if (strcmp(column_names[i].truth, heading) == 0)
            return column_names[i].golden;
    return heading;
}

static struct slice golden_value(struct slice value)
{
    for (size_t i = 0; i < sizeof(value_names) / sizeof(value_names[0]); i++)
        if (slice_equal(slice_of(value_names[i].truth), value))
            return slice_of(value_names[i].golden);
    return value;
}

/* The golden record that holds most records of each entity. */
static void find_homes(struct comparing *work)
{
    const struct truth *truth = work->truth;
    uint32_t entities = map_count(truth->entities);
    struct hash_pair *pairs = memory_resize_array(NULL, truth->record_count + 1, sizeof(*pairs));
    struct hash_pair *scratch =
        memory_resize_array(NULL, truth->record_count + 1, sizeof(*scratch));
    uint32_t *most = memory_allocate_array((size_t)entities + 1, sizeof(*most));
    size_t count = 0;
    for (uint32_t i = 0; i < entities; i++)
        work->home[i] = GOLDEN_UNKNOWN;
    for (uint32_t i = 0; i < truth->record_count; i++)
        if (truth->golden[i] != GOLDEN_UNKNOWN)
            pairs[count++] =
                (struct hash_pair){(uint64_t)truth->entity[i] << 32 | truth->golden[i], i};
    hash_pairs_sort(pairs, count, scratch);
    for (size_t from = 0, to = 0; from < count; from = to) {
        while (to < count && pairs[to].hash == pairs[from].hash)
            to++;
        uint32_t entity = (uint32_t)(pairs[from].hash >> 32);
        if (to - from > most[entity]) {
            most[entity] = (uint32_t)(to - from);
            work->home[entity] = (uint32_t)pairs[from].hash;
        }
    }
    memory_free(most);
    memory_free(scratch);
    memory_free(pairs);
}

static bool find_rows(struct comparing *work, struct error *error)
{
    size_t entity = 0;
    if (!csv_table_require(&work->table, "entity", &entity, error))
        return false;
    for (uint32_t i = 0; i < map_count(work->truth->entities); i++)
        work->row_of_entity[i] = UINT32_MAX;
    for (size_t row = 0; row < work->table.row_count; row++) {
        uint32_t number =
            map_number(work->truth->entities, csv_table_cell(&work->table, row, entity));
        if (number != MAP_NONE)
            work->row_of_entity[number] = (uint32_t)row;
    }
    return true;
}

/* The truth's columns that the golden table has; the statement selects them in this order. */
static struct statement *select_golden(struct comparing *work, struct error *error)
{
    struct statement *all =
        statement_prepare(work->database, "SELECT * FROM golden LIMIT 0", error);
    if (!all)
        return NULL;
    const char *sql = "SELECT golden_number";
    for (size_t i = 0; i < work->table.column_count; i++) {
        const char *heading = arena_text(work->arena, work->table.heading[i]);
        bool known = false;
        for (int j = 0; j < statement_columns(all); j++)
            known |= strcmp(statement_column_name(all, j), golden_column(heading)) == 0;
        if (!known || work->score_count == GOLDEN_SCORES_MAX)
            continue;
        sql = arena_format(work->arena, "%s, \"%s\"", sql, golden_column(heading));
        work->columns[work->score_count] = i;
        work->scores[work->score_count++] = (struct golden_score){heading, 0, 0};
    }
    statement_destroy(all);
    sql = arena_format(work->arena, "%s FROM golden WHERE golden_number = ?", sql);
    return statement_prepare(work->database, sql, error);
}

static bool compare_entity(struct comparing *work, struct statement *statement, uint32_t entity,
                           struct error *error)
{
    bool found = false;
    uint32_t row = work->row_of_entity[entity];
    if (row == UINT32_MAX)
        return true;
    if (work->home[entity] != GOLDEN_UNKNOWN) {
        statement_bind_integer(statement, 1, work->home[entity]);
        enum outcome outcome = statement_step(statement, error);
        if (outcome == FAILED)
            return false;
        found = outcome == ACCEPTED;
    }
    for (size_t i = 0; i < work->score_count; i++) {
        struct slice value = golden_value(csv_table_cell(&work->table, row, work->columns[i]));
        if (slice_is_empty(value))
            continue;
        work->scores[i].known++;
        work->scores[i].right += found && slice_equal(value, statement_text(statement, (int)i + 1));
    }
    statement_reset(statement);
    return true;
}

bool golden_truth_compare(struct arena *arena, struct database *database, const char *path,
                          const struct truth *truth, struct golden_score *scores,
                          size_t *score_count, struct error *error)
{
    uint32_t entities = map_count(truth->entities);
    struct comparing work = {
        .arena = arena, .database = database, .truth = truth, .scores = scores};
    work.row_of_entity = arena_allocate_array(arena, (size_t)entities + 1, sizeof(uint32_t));
    work.home = arena_allocate_array(arena, (size_t)entities + 1, sizeof(uint32_t));
    if (!csv_table_read(arena, path, ',', &work.table, error) || !find_rows(&work, error))
        return false;
    find_homes(&work);
    struct statement *statement = select_golden(&work, error);
    bool compared = statement != NULL;
    for (uint32_t i = 0; i < entities && compared; i++)
        compared = compare_entity(&work, statement, i, error);
    statement_destroy(statement);
    *score_count = work.score_count;
    return compared;
}
