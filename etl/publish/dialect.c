#include "publish/dialect.h"

static const char *const postgresql_session[] = {
    "SET client_encoding TO 'UTF8'", "SET standard_conforming_strings TO on",
    "SET client_min_messages TO warning", "SET datestyle TO ISO",
    /* Rows are looked for by their keys: a table just filled has no statistics that say so. */
    "SET enable_hashjoin TO off", "SET enable_mergejoin TO off", NULL};

/* Strict: what does not fit is an error, not cut. */
static const char *const mariadb_session[] = {
    "SET character_set_client = utf8mb4, character_set_results = utf8mb4,"
    " collation_connection = utf8mb4_nopad_bin",
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ANSI_QUOTES,NO_BACKSLASH_ESCAPES'", NULL};

static const char *const sqlite_session[] = {NULL};

static const char *const sqlserver_session[] = {"SET QUOTED_IDENTIFIER ON", "SET XACT_ABORT OFF",
                                                NULL};

static const struct dialect DIALECTS[] = {
    [TARGET_POSTGRESQL] =
        {
            .name = "postgresql",
            .session = postgresql_session,
            .begin = "BEGIN",
            .commit = "COMMIT",
            .rollback = "ROLLBACK",
            .savepoint = "SAVEPOINT cust360_rows",
            .release = "RELEASE SAVEPOINT cust360_rows",
            .rollback_to = "ROLLBACK TO SAVEPOINT cust360_rows",
            .lock = "SELECT CASE WHEN pg_try_advisory_lock(hashtext('%s')) THEN 1 ELSE 0 END",
            .unlock = "SELECT pg_advisory_unlock(hashtext('%s'))",
            .types = {"text", "bigint", "double precision", "date"},
            .canary_name = "cust360_canary",
            .text_varying = "varchar(%u)",
            .table_end = "",
            .canary_make = "CREATE TEMPORARY TABLE",
            .halves = "sum(\"row_hash\" % 4294967296), sum(\"row_hash\" / 4294967296)",
            .read_begin = "DECLARE cust360_reading NO SCROLL CURSOR FOR %s",
            .read_next = "FETCH FORWARD 5000 FROM cust360_reading",
            .read_end = "CLOSE cust360_reading",
            .schema_exists = "SELECT count(*) FROM pg_namespace WHERE nspname = '%s'",
            .schema_make = "CREATE SCHEMA \"%s\"",
            .batch = BATCH_UNNEST,
            .upsert = UPSERT_CONFLICT,
            .comment = COMMENT_STATEMENT,
            .pair_in = "",
            .batch_rows = 2000,
        },
    [TARGET_MARIADB] =
        {
            .name = "mariadb",
            .session = mariadb_session,
            .begin = "START TRANSACTION",
            .commit = "COMMIT",
            .rollback = "ROLLBACK",
            .savepoint = "SAVEPOINT cust360_rows",
            .release = "RELEASE SAVEPOINT cust360_rows",
            .rollback_to = "ROLLBACK TO SAVEPOINT cust360_rows",
            .lock = "SELECT GET_LOCK(MD5(CONCAT(COALESCE(DATABASE(), ''), '%s')), 0)",
            .unlock = "SELECT RELEASE_LOCK(MD5(CONCAT(COALESCE(DATABASE(), ''), '%s')))",
            .types = {"longtext", "bigint", "double", "date"},
            .key_characters = 760,
            .canary_name = "cust360_canary",
            .text_varying = "varchar(%u)",
            .table_end = " ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin",
            .canary_make = "CREATE TEMPORARY TABLE",
            .halves = "sum(\"row_hash\" MOD 4294967296), sum(\"row_hash\" DIV 4294967296)",
            .schema_exists =
                "SELECT count(*) FROM information_schema.schemata WHERE schema_name = '%s'",
            .schema_make = "CREATE DATABASE \"%s\"",
            .batch = BATCH_ARRAY,
            .upsert = UPSERT_DUPLICATE,
            .comment = COMMENT_INLINE,
            .pair_in = "",
            .batch_rows = 1000,
        },
    [TARGET_SQLITE] =
        {
            .name = "sqlite",
            .session = sqlite_session,
            .begin = "BEGIN IMMEDIATE",
            .commit = "COMMIT",
            .rollback = "ROLLBACK",
            .savepoint = "SAVEPOINT cust360_rows",
            .release = "RELEASE SAVEPOINT cust360_rows",
            .rollback_to = "ROLLBACK TO SAVEPOINT cust360_rows",
            .types = {"TEXT", "INTEGER", "REAL", "TEXT"},
            .canary_name = "cust360_canary",
            .text_varying = "VARCHAR(%u)",
            .table_end = "",
            .canary_make = "CREATE TEMPORARY TABLE",
            .halves = "sum(\"row_hash\" % 4294967296), sum(\"row_hash\" / 4294967296)",
            .batch = BATCH_ARRAY,
            .upsert = UPSERT_CONFLICT,
            .comment = COMMENT_NONE,
            .pair_in = "VALUES ",
            .batch_rows = 200,
        },
    [TARGET_SQLSERVER] =
        {
            .name = "sqlserver",
            .session = sqlserver_session,
            .begin = "BEGIN TRANSACTION",
            .commit = "COMMIT TRANSACTION",
            .rollback = "ROLLBACK TRANSACTION",
            .savepoint = "SAVE TRANSACTION cust360_rows",
            .rollback_to = "ROLLBACK TRANSACTION cust360_rows",
            .lock = "SET NOCOUNT ON; DECLARE @got int; EXEC @got = sp_getapplock @Resource = '%s',"
                    " @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 0;"
                    " SELECT CASE WHEN @got >= 0 THEN 1 ELSE 0 END",
            .unlock = "EXEC sp_releaseapplock @Resource = '%s', @LockOwner = 'Session'",
            .types = {"nvarchar(max) COLLATE Latin1_General_100_BIN2", "bigint", "float", "date"},
            .key_characters = 440,
            .canary_name = "#cust360_canary",
            .text_varying = "nvarchar(%u) COLLATE Latin1_General_100_BIN2",
            .table_end = "",
            .canary_make = "CREATE TABLE",
            .halves = "sum(\"row_hash\" % 4294967296), sum(\"row_hash\" / 4294967296)",
            .schema_exists = "SELECT count(*) FROM sys.schemas WHERE name = '%s'",
            .schema_make = "CREATE SCHEMA \"%s\"",
            .batch = BATCH_ARRAY,
            .upsert = UPSERT_MERGE,
            .comment = COMMENT_NONE,
            .batch_rows = 200,
        },
};

const struct dialect *dialect_of(enum target_dialect dialect)
{
    return &DIALECTS[dialect];
}

void dialect_name(struct buffer *sql, const char *name)
{
    buffer_append_byte(sql, '"');
    for (; *name; name++) {
        if (*name == '"')
            buffer_append_byte(sql, '"');
        buffer_append_byte(sql, *name);
    }
    buffer_append_byte(sql, '"');
}

void dialect_table(struct buffer *sql, const struct target *target, const char *table)
{
    if (target->schema) {
        dialect_name(sql, target->schema);
        buffer_append_byte(sql, '.');
    }
    struct buffer name = BUFFER_EMPTY;
    buffer_append_text(&name, target->prefix);
    buffer_append_text(&name, table);
    dialect_name(sql, name.data ? name.data : "");
    buffer_release(&name);
}

void dialect_text(struct buffer *sql, struct slice text)
{
    if (!text.data) {
        buffer_append_text(sql, "NULL");
        return;
    }
    buffer_append_byte(sql, '\'');
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '\'')
            buffer_append_byte(sql, '\'');
        buffer_append_byte(sql, text.data[i]);
    }
    buffer_append_byte(sql, '\'');
}
