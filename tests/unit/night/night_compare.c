#include "cust360/base/database.h"
#include "cust360/golden.h"
#include "night.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* A customer goes by the first of its records, by (source, key): ids and numbers of records depend
 * on the nights that have been, who is who does not. */
#define FIRST_OF(number)                                                                           \
    "(SELECT min(s2.name || ' ' || r2.source_key) FROM crosswalk c2 JOIN record_customer r2 ON"    \
    " r2.record_id=c2.record_id AND r2.closed_run IS NULL JOIN source s2 ON"                       \
    " s2.source_id=r2.source_id WHERE c2.golden_number=" number ")"

static void append_rows(struct database *database, const char *sql, struct buffer *text)
{
    struct error error;
    struct statement *rows = statement_prepare(database, sql, &error);
    cr_assert(rows, "%s", error.message);
    while (statement_step(rows, &error) == ACCEPTED) {
        for (int i = 0; i < statement_columns(rows); i++) {
            buffer_append(text, statement_text(rows, i));
            buffer_append_byte(text, '|');
        }
        buffer_append_byte(text, '\n');
    }
    statement_destroy(rows);
}

/* All columns of a table but some, as "r.a, r.b". */
static const char *columns_of(struct database *database, const char *table, const char *without,
                              char *list, size_t bytes)
{
    struct buffer text = BUFFER_EMPTY;
    char sql[400];
    snprintf(sql, sizeof(sql),
             "SELECT group_concat('r.\"' || name || '\"') FROM pragma_table_info('%s') WHERE name"
             " NOT IN (%s)",
             table, without);
    append_rows(database, sql, &text);
    snprintf(list, bytes, "%.*s", (int)text.length - 2, text.data);
    buffer_release(&text);
    return list;
}

void night_describe(struct database *database, struct buffer *text)
{
    static const char *const tables[] = {"record_customer", "record_ownership", "record_membership",
                                         "record_service"};
    static const char *const queries[] = {
        "SELECT 'member', s.name, r.source_key, " FIRST_OF(
            "c.golden_number") " FROM record_customer r JOIN source s ON s.source_id=r.source_id"
                               " JOIN crosswalk c ON c.record_id=r.record_id WHERE"
                               " r.closed_run IS NULL ORDER BY 2, 3",
        /* Of deltas, what is said of the living: a row that was rejected is not said again, and
         * where a table's row stands depends on what is asked for. */
        "SELECT 'finding', s.name, f.file, CASE WHEN s.name<>'W01' THEN f.line END, f.entity,"
        " f.source_key, f.field, f.code, f.value FROM finding f JOIN source s ON"
        " s.source_id=f.source_id WHERE f.code<>'shared_widely' AND (s.name NOT IN ('X01','W01') OR"
        " (EXISTS(SELECT 1 FROM record_customer r WHERE r.source_id=f.source_id AND"
        " r.source_key=f.source_key AND r.closed_run IS NULL) AND NOT EXISTS(SELECT 1 FROM finding"
        " o WHERE o.source_id=f.source_id AND o.source_key=f.source_key AND o.severity='fatal')))"
        " ORDER BY 2, 3, 4, 5, 6, 7, 8, 9",
        "SELECT 'shared', s.name, f.source_key, f.field, f.given, f.message FROM finding f"
        " JOIN source s ON s.source_id=f.source_id WHERE f.code='shared_widely' ORDER BY 2, 3, 4",
        "SELECT 'quality', s.name, q.entity, q.field, q.rows, q.filled, q.repaired, q.warned,"
        " q.refused, q.shared FROM data_quality_run q JOIN source s ON s.source_id=q.source_id"
        " AND q.run_id=s.last_good_run ORDER BY 2, 3, 4",
        "SELECT 'link', sa.name, ra.source_key, sb.name, rb.source_key, l.weight, l.reason FROM"
        " link l JOIN record_customer ra ON ra.record_id=l.record_a JOIN source sa ON"
        " sa.source_id=ra.source_id JOIN record_customer rb ON rb.record_id=l.record_b"
        " JOIN source sb ON sb.source_id=rb.source_id"
        " ORDER BY min(sa.name || ra.source_key, sb.name || rb.source_key),"
        " max(sa.name || ra.source_key, sb.name || rb.source_key)",
    };
    char columns[4000];
    char sql[6000];
    for (size_t i = 0; i < 4; i++)
        append_rows(database, queries[i], text);
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        snprintf(sql, sizeof(sql),
                 "SELECT '%s', s.name, %s FROM %s r JOIN source s ON s.source_id=r.source_id WHERE"
                 " r.closed_run IS NULL ORDER BY s.name, r.source_key",
                 tables[i],
                 columns_of(database, tables[i],
                            "'record_id','source_id','first_run','changed_run','closed_run',"
                            "'file','line'",
                            columns, sizeof(columns)),
                 tables[i]);
        append_rows(database, sql, text);
    }
    snprintf(sql, sizeof(sql), "SELECT 'golden', %s, %s FROM golden r ORDER BY 2",
             FIRST_OF("r.golden_number"),
             columns_of(database, "golden",
                        "'golden_number','golden_id','first_run','changed_run','hash'", columns,
                        sizeof(columns)));
    append_rows(database, sql, text);
    append_rows(
        database,
        "SELECT 'chosen', " FIRST_OF("v.golden_number") " AS golden, v.attribute, v.rule,"
                                                        " s.name, r.source_key FROM golden_value v "
                                                        "LEFT JOIN record_customer r ON"
                                                        " r.record_id=v.record_id LEFT JOIN source "
                                                        "s ON s.source_id=r.source_id"
                                                        " ORDER BY 2, 3",
        text);
}

const char *night_moved(struct database *database, struct arena *arena)
{
    struct buffer text = BUFFER_EMPTY;
    /* A number that an export gives twice with other content is written twice, the last one last.
     */
    append_rows(database,
                "SELECT c.entity, c.change, s.name, r.source_key FROM changed_record c LEFT JOIN"
                " record_customer r ON r.record_id=c.record_id AND c.entity='customer' LEFT JOIN"
                " source s ON s.source_id=r.source_id WHERE c.change<>'changed' OR NOT EXISTS("
                "SELECT 1 FROM finding f WHERE f.code='duplicate_key' AND"
                " f.source_id=(CASE c.entity WHEN 'customer' THEN s.source_id ELSE f.source_id"
                " END) AND f.entity=c.entity AND f.source_key=coalesce(r.source_key,"
                " f.source_key)) UNION ALL"
                " SELECT 'history', event, golden_id,"
                " other_id FROM golden_history WHERE run_id=(SELECT max(run_id) FROM run) UNION ALL"
                " SELECT 'golden', 'changed', golden_id, NULL FROM golden WHERE"
                " changed_run=(SELECT max(run_id) FROM run)",
                &text);
    const char *copy = text.length ? arena_text(arena, buffer_slice(&text)) : NULL;
    buffer_release(&text);
    return copy;
}

static int64_t count(struct database *database, const char *sql)
{
    int64_t number = -1;
    struct error error;
    cr_assert(database_integer(database, sql, 0, &number, &error), "%s", error.message);
    return number;
}

const char *night_ids_fault(struct database *database)
{
    static const struct {
        const char *sql;
        const char *fault;
    } laws[] = {
        {"SELECT count(*) FROM record_customer r LEFT JOIN crosswalk c ON c.record_id=r.record_id"
         " LEFT JOIN golden g ON g.golden_number=c.golden_number WHERE r.closed_run IS NULL AND"
         " g.golden_number IS NULL",
         "a living record has no living golden record"},
        {"SELECT count(*) FROM golden g WHERE NOT EXISTS(SELECT 1 FROM crosswalk c JOIN"
         " record_customer r ON r.record_id=c.record_id AND r.closed_run IS NULL WHERE"
         " c.golden_number=g.golden_number)",
         "a golden record has no living record"},
        {"SELECT count(*) FROM golden_alias a JOIN golden_alias b ON b.golden_id=a.becomes WHERE"
         " EXISTS(SELECT 1 FROM golden g WHERE g.golden_id=b.becomes)",
         "an alias leads to an alias of a living id"},
        {"SELECT count(*) FROM golden_alias a JOIN golden g ON g.golden_id=a.golden_id",
         "an id is both living and an alias"},
        {"WITH RECURSIVE up(id, at, steps) AS (SELECT golden_id, merged_into, 1 FROM golden_alias"
         " UNION ALL SELECT up.id, a.merged_into, steps + 1 FROM up JOIN golden_alias a ON"
         " a.golden_id=up.at WHERE steps < 100) SELECT count(*) FROM up WHERE id=at OR steps >= "
         "100",
         "ids merged into each other form a cycle"},
        {"SELECT count(*) FROM golden g WHERE NOT EXISTS(SELECT 1 FROM golden_history h WHERE"
         " h.golden_id=g.golden_id AND h.event='issued')",
         "an id was never issued"},
        /* The last event of an id says what it is. */
        {"SELECT count(*) FROM (SELECT golden_id, event, other_id, max(rowid) FROM golden_history"
         " WHERE event<>'split_from' GROUP BY golden_id) h LEFT JOIN golden g ON"
         " g.golden_id=h.golden_id LEFT JOIN golden_alias a ON a.golden_id=h.golden_id WHERE"
         " CASE WHEN h.event IN ('issued','revived') THEN g.golden_id IS NULL"
         " WHEN h.event='merged_into' THEN a.becomes IS NOT h.other_id"
         " ELSE g.golden_id IS NOT NULL END",
         "the history of an id ends otherwise than it does"},
    };
    for (size_t i = 0; i < sizeof(laws) / sizeof(laws[0]); i++)
        if (count(database, laws[i].sql))
            return laws[i].fault;
    struct error error;
    const char *fault = NULL;
    struct statement *ids = statement_prepare(
        database, "SELECT golden_id FROM golden_history UNION SELECT golden_id FROM golden",
        &error);
    while (ids && statement_step(ids, &error) == ACCEPTED) {
        uint32_t number;
        if (!golden_id_parse(statement_text(ids, 0), &number))
            fault = "an id's check character does not fit";
    }
    statement_destroy(ids);
    return fault;
}
