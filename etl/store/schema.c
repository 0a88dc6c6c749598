#include "cust360/base/log.h"
#include "internal.h"

#include <stdio.h>

/* Two kinds of tables: fixed ones, made once and changed with SCHEMA_VERSION only, and a record
 * table an entity, which follows the group's model. A field that the model drops keeps its column,
 * because a model can be mended but data that was dropped cannot; a field that becomes another type
 * is refused, because old rows would silently read differently. */

static const char fixed_tables[] =
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
    "CREATE TABLE run(run_id INTEGER PRIMARY KEY, as_of TEXT, started_at TEXT, finished_at TEXT,"
    " status TEXT, published INTEGER NOT NULL DEFAULT 0, configuration_hash INTEGER);"
    "CREATE TABLE source(source_id INTEGER PRIMARY KEY, name TEXT UNIQUE, kind TEXT, mapping TEXT,"
    " trust INTEGER, status TEXT, last_good_run INTEGER, last_good_as_of TEXT, message TEXT,"
    " merged_trust INTEGER);"
    "CREATE TABLE finding(run_id INTEGER, source_id INTEGER, file TEXT, line INTEGER,"
    " byte_offset INTEGER, entity TEXT, source_key TEXT, field TEXT, code TEXT, rule TEXT,"
    " severity TEXT, value TEXT, message TEXT, given TEXT, proposal TEXT);"
    "CREATE INDEX finding_source ON finding(source_id);"
    "CREATE TABLE run_source(run_id INTEGER, source_id INTEGER, file TEXT, rows_read INTEGER,"
    " rows_accepted INTEGER, rows_rejected INTEGER, rows_discarded INTEGER,"
    " rows_suppressed INTEGER, findings INTEGER);"
    "CREATE TABLE run_notice(run_id INTEGER, source_id INTEGER, code TEXT, text TEXT);"
    "CREATE TABLE crosswalk(record_id INTEGER PRIMARY KEY, golden_number INTEGER,"
    " home_number INTEGER);"
    "CREATE TABLE golden_column(position INTEGER PRIMARY KEY, name TEXT, choice INTEGER);"
    "CREATE TABLE golden_choice(golden_number INTEGER, choice INTEGER, record_id INTEGER,"
    " rule TEXT, PRIMARY KEY(golden_number, choice)) WITHOUT ROWID;"
    "CREATE TABLE golden_history(run_id INTEGER, as_of TEXT, golden_id TEXT, event TEXT,"
    " other_id TEXT);"
    "CREATE TABLE golden_alias(golden_id TEXT PRIMARY KEY, becomes TEXT,"
    " merged_into TEXT) WITHOUT ROWID;"
    "CREATE TABLE possible_match(record_a INTEGER, record_b INTEGER, weight REAL,"
    " probability REAL, reason TEXT, PRIMARY KEY(record_a, record_b)) WITHOUT ROWID;"
    "CREATE TABLE link(record_a INTEGER, record_b INTEGER, weight REAL, probability REAL,"
    " reason TEXT, PRIMARY KEY(record_a, record_b)) WITHOUT ROWID;"
    "CREATE TABLE decision(decision_id INTEGER PRIMARY KEY, decided_at TEXT, decided_by TEXT,"
    " kind TEXT, source_a TEXT, key_a TEXT, source_b TEXT, key_b TEXT, attribute TEXT, value TEXT,"
    " seen_hash INTEGER, undone INTEGER NOT NULL DEFAULT 0);";

#define QUALITY_TABLE                                                                              \
    "CREATE TABLE data_quality_run(run_id INTEGER, source_id INTEGER, entity TEXT, field TEXT,"    \
    " rows INTEGER, filled INTEGER, repaired INTEGER, warned INTEGER, refused INTEGER,"            \
    " shared INTEGER, PRIMARY KEY(run_id, source_id, entity, field)) WITHOUT ROWID;"

#define NIGHT_TABLES                                                                               \
    "CREATE TABLE changed_record(entity TEXT, record_id INTEGER, change TEXT,"                     \
    " PRIMARY KEY(entity, record_id)) WITHOUT ROWID;"                                              \
    "CREATE TABLE changed_golden(golden_number INTEGER PRIMARY KEY, change TEXT);"                 \
    "CREATE TABLE changed_value(entity TEXT, field TEXT, value TEXT,"                              \
    " PRIMARY KEY(entity, field, value)) WITHOUT ROWID;"                                           \
    "CREATE TABLE source_file(source_id INTEGER, path TEXT, size_bytes INTEGER,"                   \
    " modified_ns INTEGER, inode INTEGER, hash INTEGER, seen_ns INTEGER,"                          \
    " PRIMARY KEY(source_id, path)) WITHOUT ROWID;"                                                \
    "CREATE TABLE source_reading(source_id INTEGER PRIMARY KEY, settings_hash INTEGER,"            \
    " as_of TEXT, token INTEGER);"                                                                 \
    "CREATE TABLE source_watermark(source_id INTEGER, table_name TEXT, watermark TEXT,"            \
    " PRIMARY KEY(source_id, table_name)) WITHOUT ROWID;"

/* What gates said, and the numbers that runs are remembered by. */
#define OPERATION_TABLES                                                                           \
    "CREATE TABLE run_gate(run_id INTEGER, gate TEXT, source TEXT, field TEXT, outcome TEXT,"      \
    " text TEXT, reason TEXT);"                                                                    \
    "CREATE INDEX run_gate_run ON run_gate(run_id);"                                               \
    "CREATE TABLE run_figure(run_id INTEGER, name TEXT, value REAL,"                               \
    " PRIMARY KEY(run_id, name)) WITHOUT ROWID;"

/* What stewards have said beyond the words of the first versions, and what they are asked. A case
 * is open as long as it stands here; `case_key` is the same every night. */
#define REVIEW_TABLES                                                                              \
    "ALTER TABLE decision ADD COLUMN comment TEXT;"                                                \
    "ALTER TABLE decision ADD COLUMN until TEXT;"                                                  \
    "ALTER TABLE decision ADD COLUMN batch INTEGER;"                                               \
    "ALTER TABLE decision ADD COLUMN word TEXT;"                                                   \
    "ALTER TABLE decision ADD COLUMN case_key INTEGER;"                                            \
    "ALTER TABLE decision ADD COLUMN token TEXT;"                                                  \
    "ALTER TABLE decision ADD COLUMN seen TEXT;"                                                   \
    "ALTER TABLE decision ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 1;"                        \
    "ALTER TABLE decision ADD COLUMN undone_at TEXT;"                                              \
    "ALTER TABLE decision ADD COLUMN undone_by TEXT;"                                              \
    "CREATE INDEX decision_a ON decision(source_a, key_a);"                                        \
    "CREATE INDEX decision_b ON decision(source_b, key_b);"                                        \
    "CREATE INDEX decision_case ON decision(case_key);"                                            \
    "CREATE INDEX decision_batch ON decision(batch);"                                              \
    "CREATE INDEX decision_token ON decision(token);"                                              \
    "CREATE INDEX decision_at ON decision(decided_at);"                                            \
    "CREATE TABLE review_case(case_id INTEGER PRIMARY KEY, case_key INTEGER NOT NULL UNIQUE,"      \
    " kind INTEGER, status INTEGER, source_id INTEGER, other_source_id INTEGER, band INTEGER,"     \
    " stake INTEGER, first_day INTEGER, priority REAL, impact REAL, uncertainty REAL,"             \
    " weight REAL, record_a INTEGER, record_b INTEGER, golden_a INTEGER, golden_b INTEGER,"        \
    " attribute TEXT, value TEXT, reason TEXT, decision_id INTEGER, run_id INTEGER);"              \
    "CREATE INDEX review_case_queue ON review_case(priority DESC, case_id, kind, status, band,"    \
    " stake, first_day, source_id, other_source_id, case_key);"                                    \
    "CREATE INDEX review_case_golden ON review_case(golden_a);"                                    \
    "CREATE INDEX review_case_other ON review_case(golden_b);"                                     \
    "CREATE TABLE review_touched(golden_number INTEGER PRIMARY KEY);"                              \
    "CREATE TABLE shared_value(attribute INTEGER, value TEXT, PRIMARY KEY(attribute, value))"      \
    " WITHOUT ROWID;"

/* What brings a state of version n to version n + 1, by n; record tables see to themselves. */
static const char *const migrations[SCHEMA_VERSION] = {
    [1] = "ALTER TABLE finding ADD COLUMN given TEXT;"
          "ALTER TABLE finding ADD COLUMN proposal TEXT;" QUALITY_TABLE,
    [2] = NIGHT_TABLES OPERATION_TABLES,
    [3] = REVIEW_TABLES,
    [4] = "",
};

static const char *column_type(const char *kind)
{
    if (strcmp(kind, "money") == 0)
        return "REAL";
    if (strcmp(kind, "distance") == 0 || strcmp(kind, "count") == 0)
        return "INTEGER";
    return "TEXT";
}

static bool wrong_version(const struct store *store, const char *found, struct error *error)
{
    error_set(error, EXIT_STATE, "the state in %s is of version %s, this program needs version %d",
              store->folder, *found ? found : "unknown", SCHEMA_VERSION);
    return error_hint(error, "use the program that wrote it, or begin a new state in another "
                             "folder");
}

/* An empty file is a new state (version 0); anything else without a version of ours is somebody
 * else's. An older version is brought up to date before it is written. */
static bool read_version(struct store *store, int64_t *version, struct error *error)
{
    int64_t tables = 0;
    int64_t ours = 0;
    *version = 0;
    if (!database_integer(store->database, "SELECT count(*) FROM sqlite_master", 0, &tables,
                          error) ||
        !database_integer(store->database,
                          "SELECT count(*) FROM pragma_table_info('meta') WHERE"
                          " name IN ('name', 'value')",
                          0, &ours, error))
        return false;
    if (tables == 0)
        return store->writing || wrong_version(store, "", error);
    if (ours < 2)
        return wrong_version(store, "", error);
    if (!database_integer(store->database, "SELECT value FROM meta WHERE name='schema_version'", 0,
                          version, error))
        return false;
    char found[24];
    snprintf(found, sizeof(found), "%lld", (long long)*version);
    return (*version >= 1 && *version <= SCHEMA_VERSION) || wrong_version(store, found, error);
}

static bool create_record_table(struct store *store, const struct model_entity *entity,
                                struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "CREATE TABLE IF NOT EXISTS ");
    append_table(&sql, entity);
    buffer_append_text(&sql, "(record_id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL,"
                             " source_key TEXT NOT NULL, hash INTEGER, first_run INTEGER,"
                             " changed_run INTEGER, closed_run INTEGER, file TEXT, line INTEGER");
    for (size_t i = 0; i < entity->field_count; i++) {
        buffer_append_text(&sql, ", ");
        append_identifier(&sql, entity->fields[i].name);
        buffer_format(&sql, " %s", column_type(entity->fields[i].kind));
    }
    buffer_append_text(&sql, ", refused TEXT, flagged TEXT, repaired INTEGER, delivered TEXT)");
    bool done = database_run(store->database, sql.data, error);
    buffer_release(&sql);
    return done;
}

static bool add_column(struct store *store, const struct model_entity *entity,
                       const struct model_field *field, struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "ALTER TABLE ");
    append_table(&sql, entity);
    buffer_append_text(&sql, " ADD COLUMN ");
    append_identifier(&sql, field->name);
    buffer_format(&sql, " %s", column_type(field->kind));
    bool done = database_run(store->database, sql.data, error);
    buffer_release(&sql);
    if (field->label)
        log_information("the state gets a column %s.%s, as the model has it", entity->name,
                        field->name);
    return done;
}

/* *has: the table has the column, and it is of the type that the field's kind needs. */
static bool column_fits(const struct model_entity *entity, const struct model_field *field,
                        struct statement *columns, bool *has, struct error *error)
{
    enum outcome outcome;
    *has = false;
    statement_reset(columns);
    while ((outcome = statement_step(columns, error)) == ACCEPTED) {
        if (!slice_equal(statement_text(columns, 1), slice_of(field->name)))
            continue;
        *has = true;
        struct slice type = statement_text(columns, 2);
        if (!slice_equal(type, slice_of(column_type(field->kind)))) {
            error_set(error, EXIT_STATE,
                      "the state keeps %s.%s as %.*s, its kind in the model now needs %s",
                      entity->name, field->name, SLICE_ARGUMENTS(type), column_type(field->kind));
            statement_reset(columns);
            return error_hint(error, "give the field a new name in the model");
        }
    }
    statement_reset(columns);
    return outcome == ENDED;
}

static bool fit_record_table(struct store *store, const struct model_entity *entity,
                             struct error *error)
{
    /* Of the program's own columns, those that states of former versions lack. */
    static const struct model_field added[] = {{.name = "repaired", .kind = "count"},
                                               {.name = "delivered", .kind = ""}};
    const size_t own = sizeof(added) / sizeof(added[0]);
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "PRAGMA table_info(");
    append_table(&sql, entity);
    buffer_append_text(&sql, ")");
    bool fits = true;
    for (size_t i = 0; fits && i < entity->field_count + own; i++) {
        const struct model_field *field =
            i < entity->field_count ? &entity->fields[i] : &added[i - entity->field_count];
        struct statement *columns = statement_prepare(store->database, sql.data, error);
        bool has = false;
        fits = columns && column_fits(entity, field, columns, &has, error);
        statement_destroy(columns);
        if (fits && !has)
            fits = store->writing ? add_column(store, entity, field, error) : true;
    }
    buffer_release(&sql);
    return fits;
}

static bool make_fixed_tables(struct store *store, int64_t version, struct error *error)
{
    char set[96];
    snprintf(set, sizeof(set), "INSERT OR REPLACE INTO meta VALUES('schema_version','%d')",
             SCHEMA_VERSION);
    bool done = version > 0 || (database_run(store->database, fixed_tables, error) &&
                                database_run(store->database,
                                             QUALITY_TABLE NIGHT_TABLES OPERATION_TABLES, error) &&
                                database_run(store->database, REVIEW_TABLES, error));
    for (int64_t i = version; done && i > 0 && i < SCHEMA_VERSION; i++) {
        log_information("the state in %s is brought from version %lld to %lld", store->folder,
                        (long long)i, (long long)i + 1);
        done = database_run(store->database, migrations[i], error);
    }
    return done && (version == SCHEMA_VERSION || database_run(store->database, set, error));
}

/* All in one transaction: a crash in the midst leaves no half a state. */
static bool make_tables(struct store *store, int64_t version, struct error *error)
{
    if (!make_fixed_tables(store, version, error))
        return false;
    for (size_t i = 0; i < store->model->entity_count; i++)
        if (!create_record_table(store, &store->model->entities[i], error) ||
            !fit_record_table(store, &store->model->entities[i], error))
            return false;
    return true;
}

bool schema_open(struct store *store, struct error *error)
{
    int64_t version = 0;
    if (!read_version(store, &version, error))
        return false;
    if (!store->writing) {
        char found[24];
        snprintf(found, sizeof(found), "%lld", (long long)version);
        return version == SCHEMA_VERSION || wrong_version(store, found, error);
    }
    struct error ignored;
    if (!database_run(store->database, "BEGIN IMMEDIATE", error))
        return false;
    if (make_tables(store, version, error) && database_run(store->database, "COMMIT", error))
        return true;
    database_run(store->database, "ROLLBACK", &ignored);
    return false;
}

/* The index is unique, but what keeps keys apart is known.c: the index is for looking up by source
 * and for reading in the order of keys. */
bool schema_index(struct store *store, struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    bool done = true;
    for (size_t i = 0; done && i < store->model->entity_count; i++) {
        const struct model_entity *entity = &store->model->entities[i];
        buffer_clear(&sql);
        buffer_format(&sql, "CREATE UNIQUE INDEX IF NOT EXISTS \"record_%s_key\" ON ",
                      entity->name);
        append_table(&sql, entity);
        buffer_append_text(&sql, "(source_id, source_key)");
        done = database_run(store->database, sql.data, error);
    }
    buffer_release(&sql);
    return done;
}
