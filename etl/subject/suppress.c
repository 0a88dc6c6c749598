#include "internal.h"

/* What keeps an erased person away (config_person.h). */

struct suppressing {
    const struct subject *subject;
    struct slice key;
    struct statement *put;
    int64_t *hashes;
};

static bool put_hash(const struct suppressing *work, enum suppression_word word, const char *value,
                     const char *more, struct error *error)
{
    struct suppression made;
    suppression_make(work->key, word, slice_of(value), slice_of(more), &made);
    statement_bind_text(work->put, 1, slice_of(made.hash));
    statement_bind_integer(work->put, 3, made.filter);
    (*work->hashes)++;
    return statement_run(work->put, error);
}

/* A value together with each of the person's names. */
static bool put_named(const struct suppressing *work, enum suppression_word word, const char *value,
                      struct error *error)
{
    for (size_t i = 0; i < work->subject->value_count; i++) {
        const struct subject_value *name = &work->subject->values[i];
        if (name->kind == PERSON_NAME && !put_hash(work, word, value, name->value, error))
            return false;
    }
    return true;
}

static bool put_value(const struct suppressing *work, const struct subject_value *value,
                      struct error *error)
{
    const char *text = value->value;
    switch (value->kind) {
    case PERSON_KEY:
        return put_hash(work, SUPPRESSED_KEY, value->source, text, error);
    case PERSON_IDENTITY:
        return value->shared || put_hash(work, SUPPRESSED_IDENTITY, text, "", error);
    case PERSON_CONTACT:
        return (value->shared || put_hash(work, SUPPRESSED_CONTACT, text, "", error)) &&
               put_named(work, SUPPRESSED_NAMED_CONTACT, text, error);
    case PERSON_VIN:
        return put_named(work, SUPPRESSED_NAMED_CAR, text, error);
    case PERSON_NAME:
    case PERSON_NOTHING:
        break;
    }
    return true;
}

static bool put_rows_of(const struct suppressing *work, size_t index, struct error *error)
{
    const struct subject *subject = work->subject;
    const char *name = subject->model->entities[index].name;
    struct statement *rows = statement_prepare(
        subject->state,
        arena_format(subject->arena,
                     "SELECT s.name || ' %s', r.source_key FROM temp.belongs b CROSS JOIN"
                     " \"record_%s\" r USING (record_id) JOIN source s USING (source_id)"
                     " WHERE b.entity = %zu",
                     name, name, index),
        error);
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        const char *where = arena_text(subject->arena, statement_text(rows, 0));
        const char *key = arena_text(subject->arena, statement_text(rows, 1));
        if (!put_hash(work, SUPPRESSED_ROW, where, key, error)) {
            outcome = FAILED;
            break;
        }
    }
    statement_destroy(rows);
    return outcome != FAILED;
}

/* The rows themselves too: some say of the person no more than the car's number. */
static bool put_rows(const struct suppressing *work, struct error *error)
{
    const struct model *model = work->subject->model;
    for (size_t i = 0; i < model->entity_count; i++)
        if (model_is_personal(&model->entities[i]) && !put_rows_of(work, i, error))
            return false;
    return true;
}

bool subject_suppress(const struct subject *subject, struct slice key, int64_t erasure_id,
                      int64_t *hashes, struct error *error)
{
    struct suppressing work = {.subject = subject, .key = key, .hashes = hashes};
    work.put = statement_prepare(
        subject->state,
        "INSERT OR IGNORE INTO suppressed(hash, erasure_id, filter) VALUES(?1, ?2, ?3)", error);
    bool done = work.put != NULL;
    if (done)
        statement_bind_integer(work.put, 2, erasure_id);
    for (size_t i = 0; done && i < subject->value_count; i++)
        done = put_value(&work, &subject->values[i], error);
    done = done && put_rows(&work, error);
    statement_destroy(work.put);
    return done;
}
