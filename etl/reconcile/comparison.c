#include "reconcile/comparison.h"
#include "cust360/base/buffer.h"
#include "cust360/base/file.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"

const char *const side_tables[SIDES] = {"source_side", "target_side"};

/* ---- rows in ---- */

static bool make_tables(struct comparison *comparison, struct error *error)
{
    const struct comparison_options *options = comparison->options;
    struct buffer sql = BUFFER_EMPTY;
    bool made = true;
    for (int side = 0; made && side < SIDES; side++) {
        buffer_clear(&sql);
        buffer_format(&sql, "CREATE TABLE %s(key TEXT, place TEXT", side_tables[side]);
        for (size_t i = 0; i < options->column_count; i++)
            buffer_format(&sql, ", c%zu %s", i, options->columns[i].affinity);
        buffer_append_text(&sql, ")");
        made = database_run(comparison->database, sql.data, error);
        buffer_clear(&sql);
        buffer_format(&sql, "INSERT INTO %s VALUES(?,?", side_tables[side]);
        for (size_t i = 0; i < options->column_count; i++)
            buffer_append_text(&sql, ",?");
        buffer_append_text(&sql, ")");
        if (made)
            comparison->insert[side] = statement_prepare(comparison->database, sql.data, error);
        made = comparison->insert[side] != NULL;
    }
    buffer_release(&sql);
    return made;
}

struct comparison *comparison_open(const struct comparison_options *options, struct error *error)
{
    struct comparison *comparison = memory_allocate_array(1, sizeof(*comparison));
    comparison->options = options;
    comparison->path = memory_copy_text(options->scratch);
    comparison->database = database_open(options->scratch, DATABASE_SCRATCH, error);
    if (comparison->database && make_tables(comparison, error) &&
        database_run(comparison->database, "BEGIN", error))
        return comparison;
    comparison_close(comparison);
    return NULL;
}

bool comparison_add(struct comparison *comparison, enum side side, const struct comparison_row *row,
                    struct error *error)
{
    static const struct slice none = {NULL, 0};
    struct statement *insert = comparison->insert[side];
    statement_bind_text(insert, AT_KEY + 1, row->key.length ? row->key : slice_of(""));
    statement_bind_text(insert, AT_PLACE + 1, row->place);
    for (size_t i = 0; i < comparison->options->column_count; i++)
        statement_bind_text(insert, (int)(AT_VALUES + 1 + i),
                            row->values[i].length ? row->values[i] : none);
    return statement_run(insert, error);
}

static bool index_keys(struct comparison *comparison, enum side side, struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_format(&sql, "CREATE INDEX IF NOT EXISTS %s_key ON %s(key)", side_tables[side],
                  side_tables[side]);
    bool made = database_run(comparison->database, sql.data, error);
    buffer_release(&sql);
    return made;
}

bool comparison_keep_last(struct comparison *comparison, enum side side, uint64_t *repeated,
                          struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_format(&sql,
                  "DELETE FROM %s AS r WHERE EXISTS (SELECT 1 FROM %s AS l WHERE l.key = r.key"
                  " AND l.rowid > r.rowid)",
                  side_tables[side], side_tables[side]);
    bool done =
        index_keys(comparison, side, error) && database_run(comparison->database, sql.data, error);
    *repeated = done ? (uint64_t)database_changes(comparison->database) : 0;
    buffer_release(&sql);
    return done;
}

bool comparison_allow(struct comparison *comparison, const struct slice *key, struct error *error)
{
    struct statement *forget =
        statement_prepare(comparison->database,
                          "DELETE FROM target_side WHERE (?1 IS NULL OR key = ?1) AND key NOT IN"
                          " (SELECT key FROM source_side)",
                          error);
    if (!forget)
        return false;
    if (key)
        statement_bind_text(forget, 1, *key);
    bool done = index_keys(comparison, SIDE_SOURCE, error) &&
                index_keys(comparison, SIDE_TARGET, error) && statement_run(forget, error);
    statement_destroy(forget);
    return done;
}

void comparison_close(struct comparison *comparison)
{
    if (!comparison)
        return;
    for (int side = 0; side < SIDES; side++)
        statement_destroy(comparison->insert[side]);
    database_close(comparison->database);
    file_remove(comparison->path);
    memory_free(comparison->path);
    memory_free(comparison);
}

/* ---- figures of a side ---- */

uint64_t row_hash(const struct statement *row, const struct comparison_options *options,
                  bool without_key, size_t *filled)
{
    uint64_t hash = 1;
    *filled = 0;
    for (size_t i = 0; i < options->column_count; i++) {
        if (without_key && options->columns[i].is_key)
            continue;
        struct slice value = statement_text(row, (int)(AT_VALUES + i));
        hash = hash_further(hash, value);
        *filled += value.length > 0;
    }
    return hash_combine(hash, options->column_count);
}

static bool measure_rows(struct comparison *comparison, enum side side, struct side_result *result,
                         struct error *error)
{
    size_t count = comparison->options->column_count;
    struct buffer sql = BUFFER_EMPTY;
    buffer_format(&sql, "SELECT * FROM %s", side_tables[side]);
    struct statement *rows = statement_prepare(comparison->database, sql.data, error);
    buffer_release(&sql);
    if (!rows)
        return false;
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED) {
        size_t filled = 0;
        uint64_t key = hash_bytes(statement_text(rows, AT_KEY), 0);
        result->rows++;
        /* Sums do not depend on the order of rows, and equal rows do not cancel each other out. */
        result->hash += hash_combine(key, row_hash(rows, comparison->options, false, &filled));
        for (size_t i = 0; i < count; i++) {
            struct side_column *column = &result->columns[i];
            struct slice value = statement_text(rows, (int)(AT_VALUES + i));
            if (value.length == 0)
                continue;
            size_t length = text_length(value);
            column->filled++;
            column->longest = length > column->longest ? length : column->longest;
            column->hash += hash_combine(key, hash_bytes(value, i));
        }
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

bool side_measure(struct comparison *comparison, enum side side, struct arena *arena,
                  struct side_result *result, struct error *error)
{
    size_t count = comparison->options->column_count;
    struct buffer sql = BUFFER_EMPTY;
    result->columns = arena_allocate_array(arena, count + 1, sizeof(*result->columns));
    bool measured = measure_rows(comparison, side, result, error);
    for (size_t i = 0; measured && i < count; i++) {
        int64_t distinct = 0;
        buffer_clear(&sql);
        buffer_format(&sql, "SELECT count(DISTINCT c%zu) FROM %s", i, side_tables[side]);
        measured = database_integer(comparison->database, sql.data, 0, &distinct, error);
        result->columns[i].distinct = (uint64_t)distinct;
    }
    buffer_release(&sql);
    return measured;
}

/* ---- what was found ---- */

struct discrepancy *notebook_find(struct notebook *notebook, enum discrepancy_kind kind,
                                  const char *column)
{
    struct comparison_result *result = notebook->result;
    for (size_t i = 0; i < result->discrepancy_count; i++)
        if (notebook->list[i].kind == kind && notebook->list[i].column == column)
            return &notebook->list[i];
    return NULL;
}

static enum field_showing showing_of(const struct notebook *notebook, const char *column)
{
    for (size_t i = 0; column && i < notebook->options->column_count; i++)
        if (strcmp(notebook->options->columns[i].name, column) == 0)
            return notebook->options->columns[i].showing;
    return FIELD_MASKED;
}

static const char *shown(const struct notebook *notebook, const char *column, struct slice value)
{
    bool whole = notebook->options->unmasked || text_is_default(value);
    enum field_showing showing = whole ? FIELD_WHOLE : showing_of(notebook, column);
    if (value.length == 0)
        return "";
    return arena_text(notebook->arena, field_shown(showing, notebook->arena, value));
}

static const char *shown_key(const struct notebook *notebook, struct slice key)
{
    return arena_text(notebook->arena,
                      notebook->options->unmasked ? key : text_mask_key(notebook->arena, key));
}

void notebook_add(struct notebook *notebook, enum discrepancy_kind kind, const char *column,
                  const struct instance *instance)
{
    struct discrepancy *entry = notebook_find(notebook, kind, column);
    if (!entry) {
        size_t *count = &notebook->result->discrepancy_count;
        notebook->list =
            memory_grow(notebook->list, &notebook->capacity, *count + 1, sizeof(*notebook->list));
        entry = &notebook->list[(*count)++];
        *entry = (struct discrepancy){.kind = kind, .column = column};
    }
    entry->count++;
    if (entry->example_count == DISCREPANCY_EXAMPLES)
        return;
    entry->examples[entry->example_count++] =
        (struct discrepancy_example){.key = shown_key(notebook, instance->key),
                                     .place = arena_text(notebook->arena, instance->place),
                                     .source = shown(notebook, column, instance->source),
                                     .target = shown(notebook, column, instance->target)};
}

/* In the order of kinds and columns, whatever came first. */
static void sort_list(struct notebook *notebook)
{
    struct comparison_result *result = notebook->result;
    size_t filled = 0;
    result->discrepancies = arena_allocate_array(notebook->arena, result->discrepancy_count + 1,
                                                 sizeof(*result->discrepancies));
    for (int kind = 0; kind < DISCREPANCY_KINDS; kind++)
        for (size_t i = 0; i < result->discrepancy_count; i++)
            if ((int)notebook->list[i].kind == kind && notebook->list[i].count)
                result->discrepancies[filled++] = notebook->list[i];
    result->discrepancy_count = filled;
}

bool comparison_finish(struct comparison *comparison, struct arena *arena,
                       struct comparison_result *result, struct error *error)
{
    const struct comparison_options *options = comparison->options;
    struct notebook notebook = {.arena = arena, .options = options, .result = result};
    *result = (struct comparison_result){.columns = options->columns,
                                         .column_count = options->column_count};
    enum side last = options->single ? SIDE_SOURCE : SIDE_TARGET;
    bool done = database_run(comparison->database, "COMMIT", error);
    for (int side = SIDE_SOURCE; done && side <= (int)last; side++)
        done = side_measure(comparison, (enum side)side, arena, &result->sides[side], error);
    if (done && !options->single)
        done = sides_compare(comparison, &notebook, error);
    /* What the target shows beyond the source has been told as a difference. */
    done = done && (!options->suspect || side_suspect(comparison, SIDE_SOURCE, &notebook, error));
    if (done)
        sort_list(&notebook);
    memory_free(notebook.list);
    return done;
}

/* ---- samples ---- */

bool comparison_sample(struct comparison *comparison, enum side side, size_t count,
                       sample_taker *take, void *context, struct error *error)
{
    size_t columns = comparison->options->column_count;
    struct slice *values = memory_allocate_array(columns + 1, sizeof(*values));
    struct buffer sql = BUFFER_EMPTY;
    int64_t rows = 0;
    buffer_format(&sql, "SELECT count(*) FROM %s", side_tables[side]);
    bool done = database_integer(comparison->database, sql.data, 0, &rows, error);
    /* Strata are equal stretches of the file, of each the row in the middle: every file, table and
     * time of entry gets its share, and the same rows come every time. */
    int64_t step = count && rows > (int64_t)count ? rows / (int64_t)count : 1;
    buffer_clear(&sql);
    buffer_format(&sql, "SELECT * FROM %s WHERE rowid %% %lld = %lld LIMIT %zu", side_tables[side],
                  (long long)step, (long long)(step / 2), count);
    struct statement *find = done ? statement_prepare(comparison->database, sql.data, error) : NULL;
    enum outcome outcome = find ? ACCEPTED : FAILED;
    while (find && (outcome = statement_step(find, error)) == ACCEPTED) {
        for (size_t i = 0; i < columns; i++)
            values[i] = statement_text(find, (int)(AT_VALUES + i));
        struct comparison_row row = {statement_text(find, AT_KEY), statement_text(find, AT_PLACE),
                                     values};
        if (!take(context, &row, error)) {
            outcome = FAILED;
            break;
        }
    }
    statement_destroy(find);
    buffer_release(&sql);
    memory_free(values);
    return outcome == ENDED;
}
