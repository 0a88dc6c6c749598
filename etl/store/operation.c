#include "cust360/base/memory.h"
#include "gate_notes.h"
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>

/* What the gates of a run said outlives the run's being taken back: it is kept in memory until the
 * transaction in which the run's own row is written. */

struct gate_notes {
    struct arena *arena;
    struct store_gate *items;
    size_t count;
    size_t capacity;
};

static const char *copy_text(struct arena *arena, const char *text)
{
    return text ? arena_text(arena, slice_of(text)) : NULL;
}

void store_gate_note(struct store *store, const struct store_gate *gate)
{
    if (!store->gates) {
        store->gates = memory_allocate_array(1, sizeof(*store->gates));
        store->gates->arena = arena_create();
    }
    struct gate_notes *notes = store->gates;
    notes->items =
        memory_grow(notes->items, &notes->capacity, notes->count + 1, sizeof(*notes->items));
    notes->items[notes->count++] = (struct store_gate){
        copy_text(notes->arena, gate->gate),  copy_text(notes->arena, gate->source),
        copy_text(notes->arena, gate->field), copy_text(notes->arena, gate->outcome),
        copy_text(notes->arena, gate->text),  copy_text(notes->arena, gate->reason)};
}

void gate_notes_destroy(struct gate_notes *notes)
{
    if (!notes)
        return;
    arena_destroy(notes->arena);
    memory_free(notes->items);
    memory_free(notes);
}

static void bind_optional(struct statement *statement, int position, const char *text)
{
    if (text)
        statement_bind_text(statement, position, slice_of(text));
    else
        statement_bind_null(statement, position);
}

bool gate_notes_write(struct store *store, struct error *error)
{
    const struct gate_notes *notes = store->gates;
    if (!notes || notes->count == 0)
        return true;
    struct statement *insert =
        statement_prepare(store->database,
                          "INSERT INTO run_gate(run_id, gate, source, field, outcome, text, reason)"
                          " VALUES(?,?,?,?,?,?,?)",
                          error);
    bool done = insert != NULL;
    for (size_t i = 0; done && i < notes->count; i++) {
        const struct store_gate *gate = &notes->items[i];
        statement_bind_integer(insert, 1, store->run_id);
        statement_bind_text(insert, 2, slice_of(gate->gate));
        bind_optional(insert, 3, gate->source);
        bind_optional(insert, 4, gate->field);
        statement_bind_text(insert, 5, slice_of(gate->outcome));
        statement_bind_text(insert, 6, slice_of(gate->text));
        bind_optional(insert, 7, gate->reason);
        done = statement_run(insert, error) &&
               (strcmp(gate->outcome, "accepted") != 0 || audit_gate(store, gate, error));
    }
    statement_destroy(insert);
    return done;
}

/* ---- figures ---- */

bool store_figure_put(struct store *store, const char *name, double value, struct error *error)
{
    struct statement *put = statement_prepare(
        store->database, "INSERT OR REPLACE INTO run_figure(run_id, name, value) VALUES(?,?,?)",
        error);
    if (!put)
        return false;
    statement_bind_integer(put, 1, store->run_id);
    statement_bind_text(put, 2, slice_of(name));
    statement_bind_number(put, 3, value);
    bool done = statement_run(put, error);
    statement_destroy(put);
    return done;
}

bool store_figure_former(struct store *store, const char *name, double *value, bool *found,
                         struct error *error)
{
    struct statement *find =
        statement_prepare(store->database,
                          "SELECT value FROM run_figure WHERE name=?1 AND run_id<?2"
                          " ORDER BY run_id DESC LIMIT 1",
                          error);
    if (!find)
        return false;
    statement_bind_text(find, 1, slice_of(name));
    statement_bind_integer(find, 2, store->run_id);
    enum outcome outcome = statement_step(find, error);
    *found = outcome == ACCEPTED;
    if (*found)
        *value = statement_number(find, 0);
    statement_destroy(find);
    return outcome != FAILED;
}

static int compare_numbers(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* The middle one; of an even number the mean of the two in the middle. */
static double median_of(double *numbers, size_t count)
{
    qsort(numbers, count, sizeof(*numbers), compare_numbers);
    return count % 2 ? numbers[count / 2] : (numbers[count / 2 - 1] + numbers[count / 2]) / 2;
}

static const char rows_sql[] =
    "SELECT sum(r.rows_read) FROM run_source r JOIN source s USING(source_id)"
    " WHERE s.name=?1 AND r.run_id<?2 GROUP BY r.run_id ORDER BY r.run_id DESC LIMIT ?3";
static const char fill_sql[] =
    "SELECT 100.0 * q.filled / q.rows FROM data_quality_run q JOIN source s USING(source_id)"
    " WHERE s.name=?1 AND q.run_id<?2 AND q.entity=?4 AND q.field=?5 AND q.rows>0"
    " ORDER BY q.run_id DESC LIMIT ?3";

bool store_median_former(struct store *store, const char *source, const struct store_median *what,
                         double *value, bool *found, struct error *error)
{
    struct statement *find =
        statement_prepare(store->database, what->entity ? fill_sql : rows_sql, error);
    if (!find)
        return false;
    double *numbers = memory_allocate_array((size_t)what->count + 1, sizeof(*numbers));
    size_t count = 0;
    statement_bind_text(find, 1, slice_of(source));
    statement_bind_integer(find, 2, store->run_id);
    statement_bind_integer(find, 3, what->count);
    if (what->entity) {
        statement_bind_text(find, 4, slice_of(what->entity));
        statement_bind_text(find, 5, slice_of(what->field));
    }
    enum outcome outcome;
    while ((outcome = statement_step(find, error)) == ACCEPTED && count < what->count)
        numbers[count++] = statement_number(find, 0);
    *found = count > 0;
    if (*found)
        *value = median_of(numbers, count);
    memory_free(numbers);
    statement_destroy(find);
    return outcome != FAILED;
}

bool store_fill(struct store *store, const char *entity, const char *field, int64_t *records,
                int64_t *filled, struct error *error)
{
    struct statement *find =
        statement_prepare(store->database,
                          "SELECT rows, filled FROM data_quality_run WHERE run_id=?1 AND"
                          " source_id=?2 AND entity=?3 AND field=?4",
                          error);
    if (!find)
        return false;
    statement_bind_integer(find, 1, store->run_id);
    statement_bind_integer(find, 2, store->reading.source_id);
    statement_bind_text(find, 3, slice_of(entity));
    statement_bind_text(find, 4, slice_of(field));
    enum outcome outcome = statement_step(find, error);
    *records = outcome == ACCEPTED ? statement_integer(find, 0) : 0;
    *filled = outcome == ACCEPTED ? statement_integer(find, 1) : 0;
    statement_destroy(find);
    return outcome != FAILED;
}

/* ---- sources ---- */

bool store_source_standing(struct store *store, const char *source, struct store_standing *standing,
                           struct error *error)
{
    *standing = (struct store_standing){0};
    struct statement *find = statement_prepare(
        store->database, "SELECT last_good_as_of, last_good_run FROM source WHERE name=?1", error);
    if (!find)
        return false;
    statement_bind_text(find, 1, slice_of(source));
    enum outcome outcome = statement_step(find, error);
    if (outcome == ACCEPTED) {
        snprintf(standing->last_good_as_of, sizeof(standing->last_good_as_of), "%.*s",
                 SLICE_ARGUMENTS(statement_text(find, 0)));
        standing->last_good_run = statement_integer(find, 1);
    }
    statement_destroy(find);
    return outcome != FAILED;
}

bool store_source_mark(struct store *store, const char *source, const char *status,
                       const char *message, struct error *error)
{
    struct statement *update = statement_prepare(
        store->database,
        "UPDATE source SET status=?2, message=?3 WHERE name=?1 AND (status IS NOT ?2 OR"
        " message IS NOT ?3)",
        error);
    if (!update)
        return false;
    statement_bind_text(update, 1, slice_of(source));
    statement_bind_text(update, 2, slice_of(status));
    bind_optional(update, 3, message);
    bool done = statement_run(update, error);
    statement_destroy(update);
    return done;
}

bool store_notice_known(struct store *store, const char *code, const char *text, bool *known,
                        struct error *error)
{
    struct statement *find = statement_prepare(
        store->database,
        "SELECT 1 FROM run_notice WHERE source_id=?1 AND code=?2 AND text=?3 AND run_id<?4 LIMIT 1",
        error);
    if (!find)
        return false;
    statement_bind_integer(find, 1, store->reading.source_id);
    statement_bind_text(find, 2, slice_of(code));
    statement_bind_text(find, 3, slice_of(text));
    statement_bind_integer(find, 4, store->run_id);
    enum outcome outcome = statement_step(find, error);
    *known = outcome == ACCEPTED;
    statement_destroy(find);
    return outcome != FAILED;
}

/* ---- the published view ---- */

bool store_view_put_back(struct store *store, int64_t run_id, struct error *error)
{
    return store_run_with(store, "UPDATE run SET published=0 WHERE run_id>?1", run_id, error);
}

bool store_forget_runs(struct store *store, int64_t run_id, struct error *error)
{
    return store_run_with(store, "DELETE FROM run_gate WHERE run_id<?1", run_id, error) &&
           store_run_with(store, "DELETE FROM run_notice WHERE run_id<?1 AND code<>'column_new'",
                          run_id, error);
}
