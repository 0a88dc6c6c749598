#include "cli/run/rehearsal.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"

/* The copy's state is `main`, the real one `former`. */

const char *const rehearsal_change_names[REHEARSAL_CHANGES] = {"created", "changed", "merged",
                                                               "split",   "gone",    "unchanged"};

struct comparing {
    struct rehearsal *rehearsal;
    struct database *database;
    struct buffer columns; /* of golden records, those that both states have: a.x, a.y … */
    const char **names;
    size_t count;
    struct error *error;
};

/* The ids that came out of another customer in this run, be they new or merged into it before; what
 * former runs have told does not count again. */
#define PARTED                                                                                     \
    "(SELECT golden_id, min(other_id) AS other_id FROM main.golden_history WHERE run_id = (SELECT" \
    " max(run_id) FROM main.run) AND event IN ('split_from', 'revived') AND other_id <> ''"        \
    " GROUP BY golden_id)"

/* The golden records of each change: before (b) and after (a); either may be missing. */
static const char *const CHANGES[REHEARSAL_CHANGES] = {
    [CHANGE_CREATED] = "main.golden a LEFT JOIN former.golden b USING (golden_number) LEFT JOIN"
                       " " PARTED " h ON h.golden_id = a.golden_id WHERE b.golden_number IS NULL"
                       " AND h.golden_id IS NULL",
    [CHANGE_CHANGED] = "main.golden a JOIN former.golden b USING (golden_number) WHERE a.hash IS"
                       " NOT b.hash",
    [CHANGE_MERGED] = "former.golden b JOIN main.golden_alias h ON h.golden_id = b.golden_id JOIN"
                      " main.golden a ON a.golden_id = h.becomes",
    [CHANGE_SPLIT] = "main.golden a JOIN " PARTED " h ON h.golden_id = a.golden_id LEFT JOIN"
                     " former.golden b ON b.golden_id = h.other_id WHERE NOT EXISTS (SELECT 1 FROM"
                     " former.golden f WHERE f.golden_number = a.golden_number)",
    [CHANGE_GONE] = "former.golden b LEFT JOIN main.golden a USING (golden_number) LEFT JOIN"
                    " main.golden_alias h ON h.golden_id = b.golden_id WHERE a.golden_number IS"
                    " NULL AND h.golden_id IS NULL",
    [CHANGE_UNCHANGED] = "main.golden a JOIN former.golden b USING (golden_number) WHERE a.hash ="
                         " b.hash",
};

static bool count_changes(struct comparing *work)
{
    struct buffer sql = BUFFER_EMPTY;
    bool done = true;
    for (int i = 0; done && i < REHEARSAL_CHANGES; i++) {
        int64_t count = 0;
        buffer_clear(&sql);
        buffer_format(&sql, "SELECT count(*) FROM %s", CHANGES[i]);
        done = database_integer(work->database, sql.data, 0, &count, work->error);
        work->rehearsal->changes[i] = (uint64_t)count;
    }
    buffer_release(&sql);
    return done;
}

static bool list_columns(struct comparing *work)
{
    enum { COLUMNS_MOST = 200 };
    struct arena *arena = work->rehearsal->job->arena;
    struct statement *rows = statement_prepare(
        work->database,
        "SELECT c.name FROM main.golden_column c JOIN former.golden_column USING (name)"
        " ORDER BY c.position",
        work->error);
    work->names = arena_allocate_array(arena, COLUMNS_MOST, sizeof(*work->names));
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    while (rows && work->count < COLUMNS_MOST &&
           (outcome = statement_step(rows, work->error)) == ACCEPTED) {
        const char *name = arena_text(arena, statement_text(rows, 0));
        work->names[work->count++] = name;
        buffer_format(&work->columns, ", b.\"%s\", a.\"%s\"", name, name);
    }
    statement_destroy(rows);
    return outcome != FAILED;
}

static const char *shown(const struct comparing *work, const char *column, struct slice value)
{
    const struct rehearsal *rehearsal = work->rehearsal;
    struct arena *arena = rehearsal->job->arena;
    if (value.length == 0)
        return "";
    enum field_showing showing = rehearsal->unmasked
                                     ? FIELD_WHOLE
                                     : model_showing(rehearsal->project.model, slice_of(column));
    return arena_text(arena, field_shown(showing, arena, value));
}

static void add_example(struct comparing *work, enum rehearsal_change change,
                        const struct statement *row)
{
    enum { ID, OTHER, VALUES };
    struct rehearsal *rehearsal = work->rehearsal;
    struct rehearsal_example *example = &rehearsal->examples[rehearsal->example_count++];
    *example = (struct rehearsal_example){
        .change = change,
        .golden_id = arena_text(rehearsal->job->arena, statement_text(row, ID)),
        .other_id = arena_text(rehearsal->job->arena, statement_text(row, OTHER))};
    for (size_t i = 0; i < work->count; i++) {
        struct slice before = statement_text(row, (int)(VALUES + 2 * i));
        struct slice after = statement_text(row, (int)(VALUES + 2 * i + 1));
        if (slice_equal(before, after))
            continue;
        if (example->value_count == EXAMPLE_VALUES) {
            example->values_left++;
            continue;
        }
        const char *name = work->names[i];
        example->values[example->value_count++] =
            (struct rehearsal_value){name, shown(work, name, before), shown(work, name, after)};
    }
}

/* Each change has a share of the examples; what one does not need the next ones have. */
static bool take_examples(struct comparing *work)
{
    static const struct {
        enum rehearsal_change change;
        const char *ids;
        size_t most;
    } shares[] = {
        {CHANGE_SPLIT, "a.golden_id, h.other_id", 8},
        {CHANGE_GONE, "b.golden_id, ''", 16},
        {CHANGE_MERGED, "b.golden_id, a.golden_id", 26},
        {CHANGE_CREATED, "a.golden_id, ''", 36},
        {CHANGE_CHANGED, "a.golden_id, ''", REHEARSAL_EXAMPLES},
    };
    struct rehearsal *rehearsal = work->rehearsal;
    struct buffer sql = BUFFER_EMPTY;
    enum outcome outcome = ENDED;
    rehearsal->examples = arena_allocate_array(rehearsal->job->arena, REHEARSAL_EXAMPLES,
                                               sizeof(*rehearsal->examples));
    for (size_t i = 0; outcome == ENDED && i < sizeof(shares) / sizeof(shares[0]); i++) {
        buffer_clear(&sql);
        buffer_format(&sql, "SELECT %s%s FROM %s ORDER BY 1 LIMIT %zu", shares[i].ids,
                      work->columns.length ? work->columns.data : "", CHANGES[shares[i].change],
                      shares[i].most - rehearsal->example_count);
        struct statement *rows = statement_prepare(work->database, sql.data, work->error);
        outcome = rows ? ACCEPTED : FAILED;
        while (rows && (outcome = statement_step(rows, work->error)) == ACCEPTED)
            add_example(work, shares[i].change, rows);
        statement_destroy(rows);
    }
    buffer_release(&sql);
    return outcome == ENDED;
}

/* What would end findings that say what is wrong and not what to do. */
static const char *action_of(const char *code, const char *message, struct arena *arena)
{
    static const struct {
        const char *code;
        const char *action;
    } actions[] = {
        {"columns", "correct delimiters and quotes of these rows, or have them exported again"},
        {"quote", "have values with quotes exported with the quotes doubled"},
        {"encoding", "have the file exported in one encoding, and declare it: `encoding:`"},
        {"record_size", "look for a quote that is not closed; else raise `record_bytes_max`"},
        {"unknown_code", "add the code to `codes:` of the field in the mapping"},
    };
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        if (strcmp(actions[i].code, code) == 0)
            return arena_format(arena, "%s: %s", message, actions[i].action);
    return message;
}

static bool take_groups(struct comparing *work)
{
    struct rehearsal *rehearsal = work->rehearsal;
    struct arena *arena = rehearsal->job->arena;
    struct statement *rows = statement_prepare(
        work->database,
        "SELECT severity, code, coalesce(entity, ''), coalesce(field, ''), message,"
        " min(file || ':' || line), count(*), count(DISTINCT source_id) FROM main.finding WHERE"
        " severity IN ('fatal', 'error') GROUP BY 1, 2, 3, 4, 5"
        " ORDER BY severity = 'fatal' DESC, 7 DESC, 2, 4, 5",
        work->error);
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    while (rows && (outcome = statement_step(rows, work->error)) == ACCEPTED) {
        const char *texts[6];
        for (int i = 0; i < 6; i++)
            texts[i] = arena_text(arena, statement_text(rows, i));
        rehearsal->groups = memory_grow(rehearsal->groups, &rehearsal->group_capacity,
                                        rehearsal->group_count + 1, sizeof(*rehearsal->groups));
        rehearsal->groups[rehearsal->group_count++] =
            (struct rehearsal_group){.severity = texts[0],
                                     .code = texts[1],
                                     .entity = texts[2],
                                     .field = texts[3],
                                     .sentence = action_of(texts[1], texts[4], arena),
                                     .place = texts[5],
                                     .count = (uint64_t)statement_integer(rows, 6),
                                     .sources = (uint64_t)statement_integer(rows, 7)};
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

/* A state that has never seen a run has no golden records: everything is created. */
static bool attach_former(struct comparing *work)
{
    static const char empty[] =
        "ATTACH ':memory:' AS former; CREATE TABLE former.golden AS SELECT * FROM main.golden"
        " WHERE 0; CREATE TABLE former.golden_column AS SELECT * FROM main.golden_column";
    const struct rehearsal *rehearsal = work->rehearsal;
    int64_t there = 0;
    if (rehearsal->had_state) {
        const char *path = file_join(rehearsal->job->arena, rehearsal->state, "state.db");
        if (!database_attach(work->database, path, "former", work->error) ||
            !database_integer(work->database,
                              "SELECT count(*) FROM former.sqlite_master WHERE name = 'golden'", 0,
                              &there, work->error))
            return false;
        if (there)
            return true;
        if (!database_run(work->database, "DETACH former", work->error))
            return false;
    }
    return database_run(work->database, empty, work->error);
}

bool rehearsal_compare(struct rehearsal *rehearsal, struct error *error)
{
    struct comparing work = {.rehearsal = rehearsal, .error = error};
    const char *copy = file_join(rehearsal->job->arena, rehearsal->project.state, "state.db");
    work.database = database_open(copy, DATABASE_WRITE, error);
    bool done = work.database && attach_former(&work) && count_changes(&work) &&
                list_columns(&work) && take_examples(&work) && take_groups(&work);
    buffer_release(&work.columns);
    database_close(work.database);
    return done;
}
