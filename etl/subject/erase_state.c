#include "internal.h"

/* Deleting is all there is to it: the database overwrites what it frees (secure_delete), so that
 * nothing has to be packed anew. What the next run made of the person would now be out of date:
 * sources that had such rows are read again, customers matched again, the view built anew. */

/* Rows of a table of the person's records or rows, by the conditions in which they are named. */
static const char *const erasing[] = {
    "UPDATE source_reading SET token = 0 WHERE source_id IN (SELECT source_id FROM temp.touched)",
    "DELETE FROM source_file WHERE source_id IN (SELECT source_id FROM temp.touched)",
    "DELETE FROM finding WHERE source_id IN (SELECT source_id FROM temp.touched) AND"
    " ((source_id, source_key) IN (SELECT source_id, source_key FROM temp.numbers)"
    "  OR given IN (SELECT value FROM temp.said)"
    "  OR (source_id, file, line) IN (SELECT source_id, file, line FROM temp.numbers))",
    "DELETE FROM decision WHERE (source_a, key_a) IN (SELECT name, source_key FROM temp.person JOIN"
    " source USING (source_id))",
    "DELETE FROM decision WHERE (source_b, key_b) IN (SELECT name, source_key FROM temp.person JOIN"
    " source USING (source_id))",
    "DELETE FROM review_case WHERE golden_a IN (SELECT golden_number FROM temp.goldens)",
    "DELETE FROM review_case WHERE golden_b IN (SELECT golden_number FROM temp.goldens)",
    "DELETE FROM review_case WHERE value IN (SELECT value FROM temp.said WHERE NOT shared)",
    "DELETE FROM link WHERE record_a IN (SELECT record_id FROM temp.person) OR record_b IN"
    " (SELECT record_id FROM temp.person)",
    "DELETE FROM possible_match WHERE record_a IN (SELECT record_id FROM temp.person) OR record_b"
    " IN (SELECT record_id FROM temp.person)",
    "DELETE FROM changed_value WHERE value IN (SELECT value FROM temp.said WHERE NOT shared)",
    "DELETE FROM changed_golden WHERE golden_number IN (SELECT golden_number FROM temp.goldens)",
    "DELETE FROM changed_record WHERE entity = '" PERSON_ENTITY "' AND record_id IN (SELECT"
    " record_id FROM temp.person)",
    "DELETE FROM shared_value WHERE value IN (SELECT value FROM temp.said WHERE NOT shared)",
    "DELETE FROM review_touched WHERE golden_number IN (SELECT golden_number FROM temp.goldens)",
    "DELETE FROM golden_choice WHERE golden_number IN (SELECT golden_number FROM temp.goldens)",
    "DELETE FROM crosswalk WHERE record_id IN (SELECT record_id FROM temp.person)",
    "DELETE FROM record_" PERSON_ENTITY " WHERE record_id IN (SELECT record_id FROM temp.person)",
    "DELETE FROM golden_alias WHERE becomes IN (SELECT golden_id FROM golden WHERE golden_number IN"
    " (SELECT golden_number FROM temp.goldens))",
    "INSERT INTO golden_history(run_id, as_of, golden_id, event) SELECT run_id, as_of, golden_id,"
    " 'erased' FROM golden CROSS JOIN (SELECT run_id, as_of FROM run WHERE status IN ('done',"
    " 'incomplete') ORDER BY run_id DESC LIMIT 1) WHERE golden_number IN (SELECT golden_number FROM"
    " temp.goldens)",
    "DELETE FROM golden WHERE golden_number IN (SELECT golden_number FROM temp.goldens)",
    "DELETE FROM meta WHERE name IN ('note resolved', 'note view_run')",
    "UPDATE run SET published = 0 WHERE run_id = (SELECT max(run_id) FROM run)",
};

/* temp.touched: sources with rows of the person; temp.numbers: where and under which numbers these
 * stand; temp.goldens. */
static bool note_places(const struct subject *subject, struct error *error)
{
    const struct model *model = subject->model;
    const char *begin = arena_format(
        subject->arena,
        "PRAGMA secure_delete=ON;"
        "DROP TABLE IF EXISTS temp.numbers; DROP TABLE IF EXISTS temp.touched;"
        "DROP TABLE IF EXISTS temp.goldens;"
        "CREATE TEMP TABLE goldens AS SELECT n AS golden_number FROM (SELECT %lu AS n) WHERE n > 0;"
        "CREATE TEMP TABLE numbers AS SELECT source_id, source_key, file, line FROM temp.person"
        " JOIN record_" PERSON_ENTITY " USING (record_id, source_id, source_key);",
        (unsigned long)subject->golden_number);
    if (!database_run(subject->state, begin, error))
        return false;
    for (size_t i = 0; i < model->entity_count; i++)
        if (!database_run(
                subject->state,
                arena_format(subject->arena,
                             "INSERT INTO temp.numbers SELECT source_id, source_key, file, line"
                             " FROM temp.belongs b CROSS JOIN \"record_%s\" r USING (record_id)"
                             " WHERE b.entity = %zu",
                             model->entities[i].name, i),
                error))
            return false;
    return database_run(subject->state,
                        "CREATE TEMP TABLE touched AS SELECT DISTINCT source_id FROM temp.numbers",
                        error);
}

static bool erase_rows(const struct subject *subject, int64_t *rows, struct error *error)
{
    const struct model *model = subject->model;
    for (size_t i = 0; i < model->entity_count; i++) {
        const char *name = model->entities[i].name;
        const char *changes = arena_format(
            subject->arena,
            "DELETE FROM changed_record WHERE entity = '%s' AND record_id IN (SELECT record_id FROM"
            " temp.belongs WHERE entity = %zu)",
            name, i);
        const char *records = arena_format(
            subject->arena,
            "DELETE FROM \"record_%s\" WHERE record_id IN (SELECT record_id FROM temp.belongs WHERE"
            " entity = %zu)",
            name, i);
        if (!subject_run(subject, subject->state, changes, NULL, error) ||
            !subject_run(subject, subject->state, records, rows, error))
            return false;
    }
    return true;
}

/* Another customer's row may name the person by a contact value: a lead, by who recommended us. */
static bool blank_mentions(const struct subject *subject, struct error *error)
{
    const struct model *model = subject->model;
    for (size_t i = 0; i < model->entity_count; i++) {
        const struct model_entity *entity = &model->entities[i];
        if (!entity_has(entity, PERSON_REFERENCE))
            continue;
        for (size_t j = 0; j < entity->field_count; j++) {
            const char *name = entity->fields[j].name;
            if (model_person_value(entity, j) == PERSON_CONTACT &&
                !database_run(subject->state,
                              arena_format(subject->arena,
                                           "UPDATE \"record_%s\" SET \"%s\" = NULL WHERE \"%s\" IN"
                                           " (SELECT value FROM temp.said WHERE kind = %d AND NOT"
                                           " shared)",
                                           entity->name, name, name, PERSON_CONTACT),
                              error))
                return false;
        }
    }
    return true;
}

/* What stewards wrote about others may name the person. Names are looked for whole, numbers
 * wherever they stand. */
static bool blank_texts(const struct subject *subject, struct error *error)
{
    static const char *const columns[] = {"comment", "value", "seen"};
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
        if (!database_run(
                subject->state,
                arena_format(subject->arena,
                             "UPDATE decision SET %s = NULL WHERE %s IS NOT NULL AND kind <> 'undo'"
                             " AND EXISTS (SELECT 1 FROM temp.said WHERE NOT shared AND"
                             " length(value) > 1 AND instr(decision.%s, value) > 0)",
                             columns[i], columns[i], columns[i]),
                error))
            return false;
    return true;
}

bool subject_erase_state(const struct subject *subject, int64_t *rows, struct error *error)
{
    if (!note_places(subject, error) || !erase_rows(subject, rows, error) ||
        !blank_mentions(subject, error) || !blank_texts(subject, error))
        return false;
    for (size_t i = 0; i < sizeof(erasing) / sizeof(erasing[0]); i++)
        if (!subject_run(subject, subject->state, erasing[i], rows, error))
            return false;
    return true;
}
