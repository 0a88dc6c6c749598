#include "cust360/base/json.h"
#include "internal.h"

/* Access: whatever there is, table by table, column by column. Empty columns are left out. */

struct telling {
    const struct subject *subject;
    struct database *database;
    struct json_writer json;
    bool is_json;
    struct buffer *text;
};

static void tell_heading(struct telling *work, const char *heading, size_t rows)
{
    if (work->is_json)
        json_array_begin(&work->json, heading);
    else if (rows)
        buffer_format(work->text, "%s%s\n", work->text->length ? "\n" : "", heading);
}

static void tell_row(struct telling *work, const struct statement *row)
{
    if (work->is_json)
        json_object_begin(&work->json, NULL);
    for (int i = 0; i < statement_columns(row); i++) {
        if (statement_is_null(row, i))
            continue;
        if (work->is_json)
            json_text(&work->json, statement_column_name(row, i), statement_text(row, i));
        else
            buffer_format(work->text, "  %-18s %.*s\n", statement_column_name(row, i),
                          SLICE_ARGUMENTS(statement_text(row, i)));
    }
    if (work->is_json)
        json_object_end(&work->json);
    else
        buffer_append_byte(work->text, '\n');
}

static bool tell_query(struct telling *work, const char *heading, const char *sql,
                       struct error *error)
{
    struct statement *rows = statement_prepare(work->database, sql, error);
    enum outcome outcome = rows ? statement_step(rows, error) : FAILED;
    bool any = outcome == ACCEPTED;
    tell_heading(work, heading, any);
    for (; outcome == ACCEPTED; outcome = statement_step(rows, error))
        tell_row(work, rows);
    if (work->is_json)
        json_array_end(&work->json);
    statement_destroy(rows);
    return outcome == ENDED;
}

static bool tell_entities(struct telling *work, struct error *error)
{
    const struct model *model = work->subject->model;
    for (size_t i = 0; i < model->entity_count; i++) {
        const char *name = model->entities[i].name;
        const char *rows = strcmp(name, PERSON_ENTITY) == 0
                               ? "SELECT record_id FROM temp.person"
                               : arena_format(work->subject->arena,
                                              "SELECT record_id FROM temp.belongs WHERE entity ="
                                              " %zu",
                                              i);
        const char *sql =
            arena_format(work->subject->arena,
                         "SELECT s.name AS source, r.* FROM \"record_%s\" r JOIN source s USING"
                         " (source_id) WHERE r.record_id IN (%s) ORDER BY s.name, r.source_key",
                         name, rows);
        if (!tell_query(work, arena_format(work->subject->arena, "record_%s", name), sql, error))
            return false;
    }
    return true;
}

static bool tell_state(struct telling *work, struct error *error)
{
    static const char keys[] =
        "(SELECT name, source_key FROM temp.person JOIN source USING (source_id))";
    struct arena *arena = work->subject->arena;
    unsigned long number = work->subject->golden_number;
    return tell_query(work, "golden",
                      arena_format(arena, "SELECT * FROM golden WHERE golden_number = %lu", number),
                      error) &&
           tell_query(work, "golden_history",
                      arena_format(arena,
                                   "SELECT * FROM golden_history WHERE golden_id = '%s' OR"
                                   " golden_id IN (SELECT golden_id FROM golden_alias WHERE becomes"
                                   " = '%s') ORDER BY run_id, golden_id",
                                   work->subject->golden_id, work->subject->golden_id),
                      error) &&
           tell_entities(work, error) &&
           tell_query(work, "finding",
                      "SELECT s.name AS source, f.* FROM finding f JOIN source s USING (source_id)"
                      " WHERE (f.source_id, f.source_key) IN (SELECT source_id, source_key FROM"
                      " temp.person) ORDER BY s.name, f.line",
                      error) &&
           tell_query(work, "decision",
                      arena_format(arena,
                                   "SELECT * FROM decision WHERE (source_a, key_a) IN %s OR"
                                   " (source_b, key_b) IN %s ORDER BY decision_id",
                                   keys, keys),
                      error) &&
           tell_query(work, "review_case",
                      arena_format(arena,
                                   "SELECT * FROM review_case WHERE golden_a = %lu OR golden_b ="
                                   " %lu",
                                   number, number),
                      error) &&
           tell_query(work, "possible_match",
                      "SELECT * FROM possible_match WHERE record_a IN (SELECT record_id FROM"
                      " temp.person) OR record_b IN (SELECT record_id FROM temp.person)",
                      error);
}

/* What the view makes of the person: grades, stages, plans. */
static bool tell_view(struct telling *work, struct error *error)
{
    enum { TABLES_MOST = 400 };
    struct arena *arena = work->subject->arena;
    const char **tables = arena_allocate_array(arena, TABLES_MOST, sizeof(*tables));
    size_t count = 0;
    struct statement *rows = statement_prepare(
        work->database,
        "SELECT DISTINCT m.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type ="
        " 'table' AND c.name = 'golden_id' AND m.name <> 'golden_history' ORDER BY m.name",
        error);
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    while (rows && count < TABLES_MOST && (outcome = statement_step(rows, error)) == ACCEPTED)
        tables[count++] = arena_text(arena, statement_text(rows, 0));
    statement_destroy(rows);
    bool done = outcome != FAILED;
    for (size_t i = 0; done && i < count; i++)
        done = tell_query(work, arena_format(arena, "view %s", tables[i]),
                          arena_format(arena, "SELECT * FROM \"%s\" WHERE golden_id = '%s'",
                                       tables[i], work->subject->golden_id),
                          error);
    return done;
}

bool subject_tell(const struct subject *subject, struct database *view, bool json,
                  struct buffer *text, struct error *error)
{
    struct telling work = {.subject = subject,
                           .database = subject->state,
                           .json = JSON_WRITER(text),
                           .is_json = json,
                           .text = text};
    if (json) {
        json_object_begin(&work.json, NULL);
        json_text(&work.json, "golden_id", slice_of(subject->golden_id));
    }
    bool done = tell_state(&work, error);
    work.database = view;
    done = done && (!view || tell_view(&work, error));
    if (json) {
        json_object_end(&work.json);
        buffer_append_byte(text, '\n');
    }
    return done;
}
