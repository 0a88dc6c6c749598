#include "internal.h"

/* The view's tables are a group's own SQL: nothing is known of them but how their columns are
 * called. A column of golden ids makes the row the person's, unless it only says who has a car,
 * recommended a request or is contacted instead: then the id goes and the row stays. */

static const char *const mentioned[] = {"owner_golden_id", "referrer_golden_id", "plan_golden_id"};
static const char *const meant[] = {"golden_id",      "golden_a",     "golden_b", "fleet_golden_id",
                                    "from_golden_id", "to_golden_id", "becomes"};

struct view_work {
    const struct subject *subject;
    struct database *view;
    const char *ids;      /* 'C…', 'C…' */
    const char *contacts; /* quoted, that nobody else has; "" */
    const char *cars;
    int64_t *rows;
};

static const char *quoted_list(const struct subject *subject, int kind)
{
    struct buffer list = BUFFER_EMPTY;
    for (size_t i = 0; i < subject->value_count; i++) {
        const struct subject_value *value = &subject->values[i];
        if ((int)value->kind != kind || value->shared)
            continue;
        buffer_append_text(&list, list.length ? ",'" : "'");
        for (const char *byte = value->value; *byte; byte++) {
            if (*byte == '\'')
                buffer_append_byte(&list, '\'');
            buffer_append_byte(&list, *byte);
        }
        buffer_append_byte(&list, '\'');
    }
    const char *text = arena_text(subject->arena, buffer_slice(&list));
    buffer_release(&list);
    return text;
}

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool erase_column(const struct view_work *work, const char *table, const char *column,
                         struct error *error)
{
    struct arena *arena = work->subject->arena;
    const char *list = NULL;
    bool only_id = is_one_of(column, mentioned, sizeof(mentioned) / sizeof(mentioned[0]));
    if (strcmp(table, "golden_history") == 0)
        return true;
    if (only_id || is_one_of(column, meant, sizeof(meant) / sizeof(meant[0])))
        list = work->ids;
    else if (strcmp(column, "contact_value") == 0)
        list = work->contacts;
    else if (strcmp(column, "vin") == 0)
        list = work->cars;
    if (!list || !*list)
        return true;
    if (only_id)
        return subject_run(work->subject, work->view,
                           arena_format(arena,
                                        "UPDATE \"%s\" SET \"%s\" = NULL WHERE \"%s\" IN (%s)",
                                        table, column, column, list),
                           work->rows, error);
    return subject_run(
        work->subject, work->view,
        arena_format(arena, "DELETE FROM \"%s\" WHERE \"%s\" IN (%s)", table, column, list),
        work->rows, error);
}

static bool erase_columns(const struct view_work *work, struct error *error)
{
    struct statement *columns = statement_prepare(
        work->view,
        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type ="
        " 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid",
        error);
    struct arena *arena = work->subject->arena;
    const char **names = NULL;
    size_t count = 0;
    enum { COLUMNS_MOST = 4000 };
    enum outcome outcome = columns ? ACCEPTED : FAILED;
    names = arena_allocate_array(arena, COLUMNS_MOST, 2 * sizeof(*names));
    while (columns && count < COLUMNS_MOST &&
           (outcome = statement_step(columns, error)) == ACCEPTED) {
        names[2 * count] = arena_text(arena, statement_text(columns, 0));
        names[2 * count + 1] = arena_text(arena, statement_text(columns, 1));
        count++;
    }
    statement_destroy(columns);
    bool done = outcome != FAILED;
    for (size_t i = 0; done && i < count; i++)
        done = erase_column(work, names[2 * i], names[2 * i + 1], error);
    return done;
}

bool subject_erase_view(const struct subject *subject, struct database *view, int64_t *rows,
                        struct error *error)
{
    struct buffer ids = BUFFER_EMPTY;
    struct error ignored;
    if (*subject->golden_id)
        buffer_format(&ids, "'%s'", subject->golden_id);
    for (size_t i = 0; i < subject->former_count; i++)
        buffer_format(&ids, "%s'%s'", ids.length ? "," : "", subject->former_ids[i]);
    struct view_work work = {
        .subject = subject,
        .view = view,
        .ids = arena_text(subject->arena, buffer_slice(&ids)),
        .contacts = quoted_list(subject, PERSON_CONTACT),
        .cars = quoted_list(subject, PERSON_VIN),
        .rows = rows,
    };
    buffer_release(&ids);
    bool done =
        database_run(view, "PRAGMA mmap_size=17179869184;PRAGMA secure_delete=ON;BEGIN IMMEDIATE",
                     error) &&
        erase_columns(&work, error) && database_run(view, "COMMIT", error);
    if (!done)
        database_run(view, "ROLLBACK", &ignored);
    return done;
}
