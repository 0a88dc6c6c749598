#include "cust360/base/database_narrow.h"
#include "cust360/base/memory.h"
#include "cust360/subject_view.h"
#include "internal.h"

/* A row that is the person's goes; where it only mentions the person, the id goes and the row
 * stays. */

/* Values that rows are looked for by. */
struct value_list {
    struct slice *values;
    size_t count;
    const char *sql; /* 'C…','C…' */
};

/* What a column asks for. */
struct view_change {
    const char *table;
    const char *column;
    const struct value_list *list;
    bool only_id;
    const char *narrow; /* a condition without which the whole table would be looked through */
};

struct view_work {
    const struct subject *subject;
    struct database *view;
    struct value_list ids;
    struct value_list contacts; /* that nobody else has */
    struct value_list cars;     /* likewise */
    struct view_change *changes;
    size_t change_count;
    size_t change_capacity;
};

static void append_quoted(struct buffer *list, const char *value)
{
    buffer_append_text(list, list->length ? ",'" : "'");
    for (const char *byte = value; *byte; byte++) {
        if (*byte == '\'')
            buffer_append_byte(list, '\'');
        buffer_append_byte(list, *byte);
    }
    buffer_append_byte(list, '\'');
}

static void finish_list(const struct subject *subject, struct value_list *list)
{
    struct buffer sql = BUFFER_EMPTY;
    for (size_t i = 0; i < list->count; i++)
        append_quoted(&sql, list->values[i].data);
    list->sql = arena_text(subject->arena, buffer_slice(&sql));
    buffer_release(&sql);
}

static void list_values(const struct subject *subject, enum person_value kind,
                        struct value_list *list)
{
    list->values =
        arena_allocate_array(subject->arena, subject->value_count, sizeof(*list->values));
    for (size_t i = 0; i < subject->value_count; i++)
        if (subject->values[i].kind == kind && !subject->values[i].shared)
            list->values[list->count++] = slice_of(subject->values[i].value);
    finish_list(subject, list);
}

static void list_ids(const struct subject *subject, struct value_list *list)
{
    list->values =
        arena_allocate_array(subject->arena, subject->former_count + 1, sizeof(*list->values));
    if (*subject->golden_id)
        list->values[list->count++] = slice_of(subject->golden_id);
    for (size_t i = 0; i < subject->former_count; i++)
        list->values[list->count++] = slice_of(subject->former_ids[i]);
    finish_list(subject, list);
}

/* ---- what is to be changed ---- */

static const struct value_list *list_of(const struct view_work *work, enum view_column column)
{
    switch (column) {
    case VIEW_COLUMN_MEANT:
    case VIEW_COLUMN_MENTIONED:
        return &work->ids;
    case VIEW_COLUMN_CONTACT:
        return &work->contacts;
    case VIEW_COLUMN_VIN:
        return &work->cars;
    case VIEW_COLUMN_OTHER:
        break;
    }
    return NULL;
}

static void put_change(struct view_work *work, const char *table, const char *column)
{
    enum view_column of = view_column_of(column);
    const struct value_list *list = list_of(work, of);
    if (!list || list->count == 0 || strcmp(table, "golden_history") == 0)
        return;
    work->changes = memory_grow(work->changes, &work->change_capacity, work->change_count + 1,
                                sizeof(*work->changes));
    work->changes[work->change_count++] = (struct view_change){
        .table = table,
        .column = column,
        .list = list,
        .only_id = of == VIEW_COLUMN_MENTIONED,
        .narrow = "1",
    };
}

static bool list_changes(struct view_work *work, struct error *error)
{
    struct arena *arena = work->subject->arena;
    struct statement *columns = statement_prepare(
        work->view,
        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type ="
        " 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid",
        error);
    enum outcome outcome = FAILED;
    while (columns && (outcome = statement_step(columns, error)) == ACCEPTED)
        put_change(work, arena_text(arena, statement_text(columns, 0)),
                   arena_text(arena, statement_text(columns, 1)));
    statement_destroy(columns);
    return outcome != FAILED;
}

static bool has_index(const struct view_work *work, const struct view_change *change, bool *has,
                      struct error *error)
{
    int64_t indexes = 0;
    bool done = database_integer(
        work->view,
        arena_format(work->subject->arena,
                     "SELECT count(*) FROM pragma_index_list('%s') l, pragma_index_info(l.name) c"
                     " WHERE c.seqno = 0 AND c.name = '%s' AND NOT l.partial",
                     change->table, change->column),
        0, &indexes, error);
    *has = indexes > 0;
    return done;
}

static bool narrow_changes(const struct view_work *work, struct error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < work->change_count; i++) {
        struct view_change *change = &work->changes[i];
        struct buffer condition = BUFFER_EMPTY;
        bool has = false;
        const struct database_wanted wanted = {
            .table = change->table,
            .columns = &change->column,
            .column_count = 1,
            .values = change->list->values,
            .value_count = change->list->count,
        };
        done = has_index(work, change, &has, error);
        if (done && !has) {
            done = database_narrow(work->view, &wanted, &condition, error);
            change->narrow = arena_text(work->subject->arena, buffer_slice(&condition));
        }
        buffer_release(&condition);
    }
    return done;
}

/* ---- changing it ---- */

static bool change_column(const struct view_work *work, const struct view_change *change,
                          int64_t *rows, struct error *error)
{
    const char *sql =
        change->only_id
            ? arena_format(work->subject->arena,
                           "UPDATE \"%s\" SET \"%s\" = NULL WHERE %s AND \"%s\" IN (%s)",
                           change->table, change->column, change->narrow, change->column,
                           change->list->sql)
            : arena_format(work->subject->arena, "DELETE FROM \"%s\" WHERE %s AND \"%s\" IN (%s)",
                           change->table, change->narrow, change->column, change->list->sql);
    return subject_run(work->subject, work->view, sql, rows, error);
}

static bool change_columns(const struct view_work *work, int64_t *rows, struct error *error)
{
    struct error ignored;
    bool done = database_run(work->view, "BEGIN IMMEDIATE", error);
    for (size_t i = 0; done && i < work->change_count; i++)
        done = change_column(work, &work->changes[i], rows, error);
    done = done && database_run(work->view, "COMMIT", error);
    if (!done)
        database_run(work->view, "ROLLBACK", &ignored);
    return done;
}

bool subject_erase_view(const struct subject *subject, struct database *view, int64_t *rows,
                        struct error *error)
{
    struct view_work work = {.subject = subject, .view = view};
    list_ids(subject, &work.ids);
    list_values(subject, PERSON_CONTACT, &work.contacts);
    list_values(subject, PERSON_VIN, &work.cars);
    bool done = database_run(view, "PRAGMA mmap_size=17179869184;PRAGMA secure_delete=ON", error) &&
                list_changes(&work, error) && narrow_changes(&work, error) &&
                change_columns(&work, rows, error);
    memory_free(work.changes);
    return done;
}
