#include "cli/open.h"
#include "cli/reconcile.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"

/* Records against golden records, and both against the view's customers, by SQL of its own on the
 * two databases: neither the merge nor the view's SQL is asked. */

/* A golden value must be a value of the record that is said to have given it. Which record that is
 * stands in golden_choice, or there is one only; a steward's word has none. */
static void add_expected(struct buffer *sql, const char *column, int choice,
                         const struct comparison_column *fields, size_t field_count)
{
    bool has_field = false;
    for (size_t i = 0; i < field_count; i++)
        has_field = has_field || strcmp(fields[i].name, column) == 0;
    buffer_format(sql,
                  ", CASE WHEN h%d.golden_number IS NOT NULL AND h%d.record_id IS NULL THEN"
                  " g.\"%s\" WHEN g.\"%s\" IN (",
                  choice, choice, column, column);
    for (size_t i = 0; i < field_count; i++)
        buffer_format(sql, "%sr%d.\"%s\"", i ? "," : "", choice, fields[i].name);
    if (has_field)
        buffer_format(sql, ") THEN g.\"%s\" ELSE r%d.\"%s\" END", column, choice, column);
    else
        buffer_format(sql, ") THEN g.\"%s\" END", column);
}

struct golden_query {
    struct reconciling *work;
    struct database *state;
    const char *entity;
    struct comparison_column *columns;
    size_t count;
    struct buffer expected;
    struct buffer found;
};

/* Finds the merged entity: the one whose records the crosswalk knows. */
static bool find_entity(struct golden_query *query, struct error *error)
{
    const struct model *model = query->work->project->model;
    query->entity = "customer";
    for (size_t i = 0; i < model->entity_count; i++) {
        struct buffer sql = BUFFER_EMPTY;
        int64_t fits = 0;
        buffer_format(&sql,
                      "SELECT count(*) FROM sqlite_master WHERE name = 'golden_value' AND"
                      " sql LIKE '%%\"record_%s\" r %%'",
                      model->entities[i].name);
        bool asked = database_integer(query->state, sql.data, 0, &fits, error);
        buffer_release(&sql);
        if (!asked)
            return false;
        if (fits)
            query->entity = model->entities[i].name;
    }
    return true;
}

static bool list_choices(struct golden_query *query, struct error *error)
{
    struct arena *arena = query->work->arena;
    size_t capacity = 256;
    query->columns = arena_allocate_array(arena, capacity, sizeof(*query->columns));
    const char *table = arena_format(arena, "record_%s", query->entity);
    struct comparison_column *fields = NULL;
    size_t field_count = 0;
    if (!reconcile_columns(arena, query->state, table, &fields, &field_count, error))
        return false;
    struct statement *rows = statement_prepare(
        query->state, "SELECT name, choice FROM golden_column ORDER BY position", error);
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    while (rows && query->count < capacity && (outcome = statement_step(rows, error)) == ACCEPTED) {
        const char *name = arena_text(arena, statement_text(rows, 0));
        int choice = (int)statement_integer(rows, 1);
        query->columns[query->count++] =
            (struct comparison_column){.name = name, .affinity = "TEXT"};
        add_expected(&query->expected, name, choice, fields, field_count);
        buffer_format(&query->found, ", g.\"%s\"", name);
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

/* The records of choices, each joined once; SQLite joins at most 64 tables. */
static bool add_joins(struct golden_query *query, struct error *error)
{
    enum { CHOICES_MOST = 28 };
    int64_t choices = 0;
    if (!database_integer(query->state, "SELECT max(choice) + 1 FROM golden_column", 0, &choices,
                          error))
        return false;
    if (choices > CHOICES_MOST)
        return error_set(error, EXIT_FAILED,
                         "there are %lld choices in survivorship.yaml, and "
                         "golden values of at most %d can be compared",
                         (long long)choices, CHOICES_MOST);
    for (int64_t i = 0; i < choices; i++)
        buffer_format(&query->expected,
                      " LEFT JOIN golden_choice h%lld ON h%lld.golden_number = g.golden_number AND"
                      " h%lld.choice = %lld LEFT JOIN \"record_%s\" r%lld ON r%lld.record_id ="
                      " coalesce(h%lld.record_id, CASE WHEN p.records = 1 THEN p.record_id END)",
                      (long long)i, (long long)i, (long long)i, (long long)i, query->entity,
                      (long long)i, (long long)i, (long long)i);
    return true;
}

static const char *places_sql(struct golden_query *query)
{
    return arena_format(
        query->work->arena,
        " FROM golden g LEFT JOIN (SELECT x.golden_number AS number, min(r.record_id) AS record_id,"
        " count(*) AS records, min(r.file || ':' || r.line) AS place FROM crosswalk x JOIN"
        " \"record_%s\" r ON r.record_id = x.record_id WHERE r.closed_run IS NULL GROUP BY 1) p"
        " ON p.number = g.golden_number",
        query->entity);
}

static bool compare_values(struct golden_query *query, struct error *error)
{
    struct reconciling *work = query->work;
    reconcile_showing(work, query->columns, query->count);
    struct comparison_options options = reconcile_options(work, query->columns, query->count);
    struct comparison *comparison = comparison_open(&options, error);
    if (!comparison)
        return false;
    if (!reconcile_add_query(query->state, query->expected.data, comparison, SIDE_SOURCE, error) ||
        !reconcile_add_query(query->state, query->found.data, comparison, SIDE_TARGET, error)) {
        comparison_close(comparison);
        return false;
    }
    struct reconcile_leg *leg = reconcile_leg_add(work, "golden");
    leg->source = "records that gave the values";
    leg->target = "golden records";
    leg->subject = "state";
    leg->table = "golden";
    return reconcile_finish(work, comparison, leg, error);
}

/* Each living record belongs to a golden record that is there, and each golden record has as many
 * as it says. */
static bool compare_crosswalk(struct golden_query *query, struct error *error)
{
    static const struct comparison_column columns[] = {{.name = "records", .affinity = "INTEGER"}};
    struct reconciling *work = query->work;
    struct comparison_options options = reconcile_options(work, columns, 1);
    struct comparison *comparison = comparison_open(&options, error);
    const char *left = arena_format(
        work->arena,
        "SELECT coalesce(x.golden_number, 'record ' || r.record_id), min(r.file || ':' || r.line),"
        " count(*) FROM \"record_%s\" r LEFT JOIN crosswalk x ON x.record_id = r.record_id"
        " WHERE r.closed_run IS NULL GROUP BY 1",
        query->entity);
    if (!comparison)
        return false;
    if (!reconcile_add_query(query->state, left, comparison, SIDE_SOURCE, error) ||
        !reconcile_add_query(query->state,
                             "SELECT golden_number, golden_id, record_count FROM golden",
                             comparison, SIDE_TARGET, error)) {
        comparison_close(comparison);
        return false;
    }
    struct reconcile_leg *leg = reconcile_leg_add(work, "golden");
    leg->source = "records";
    leg->target = "golden records";
    leg->subject = "state";
    leg->table = "crosswalk";
    return reconcile_finish(work, comparison, leg, error);
}

bool reconcile_golden(struct reconciling *work, struct error *error)
{
    struct golden_query query = {.work = work, .state = store_database(work->store)};
    int64_t there = 0;
    if (!database_integer(query.state, "SELECT count(*) FROM sqlite_master WHERE name = 'golden'",
                          0, &there, error))
        return false;
    if (!there)
        return true;
    buffer_append_text(&query.expected, "SELECT g.golden_id, p.place");
    buffer_append_text(&query.found, "SELECT g.golden_id, p.place");
    bool done = find_entity(&query, error) && list_choices(&query, error);
    if (done) {
        buffer_append_text(&query.expected, places_sql(&query));
        buffer_append_text(&query.found, places_sql(&query));
        done = add_joins(&query, error) && compare_values(&query, error) &&
               compare_crosswalk(&query, error);
    }
    buffer_release(&query.expected);
    buffer_release(&query.found);
    return done;
}

/* ---- against the view ---- */

/* The columns that both tables have, but for counts of the view's own. */
static size_t common_columns(struct comparison_column *mine, size_t count,
                             const struct comparison_column *theirs, size_t their_count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < their_count; j++)
            if (strcmp(mine[i].name, theirs[j].name) == 0)
                mine[kept++] = mine[i];
    return kept;
}

static bool compare_customers(struct reconciling *work, struct database *view, struct error *error)
{
    struct database *state = store_database(work->store);
    struct comparison_column *columns = NULL;
    struct comparison_column *theirs = NULL;
    size_t count = 0;
    size_t their_count = 0;
    if (!reconcile_columns(work->arena, state, "golden", &columns, &count, error) ||
        !reconcile_columns(work->arena, view, "customer", &theirs, &their_count, error))
        return false;
    count = common_columns(columns, count, theirs, their_count);
    reconcile_showing(work, columns, count);
    struct comparison_options options = reconcile_options(work, columns, count);
    struct comparison *comparison = comparison_open(&options, error);
    struct buffer names = BUFFER_EMPTY;
    for (size_t i = 0; i < count; i++)
        buffer_format(&names, ", \"%s\"", columns[i].name);
    const char *list = arena_text(work->arena, buffer_slice(&names));
    buffer_release(&names);
    bool done =
        comparison &&
        reconcile_add_query(
            state, arena_format(work->arena, "SELECT golden_id, 'golden'%s FROM golden", list),
            comparison, SIDE_SOURCE, error) &&
        reconcile_add_query(
            view, arena_format(work->arena, "SELECT golden_id, 'customer'%s FROM customer", list),
            comparison, SIDE_TARGET, error);
    if (!done) {
        comparison_close(comparison);
        return false;
    }
    struct reconcile_leg *leg = reconcile_leg_add(work, "view");
    leg->source = "golden records";
    leg->target = "published view";
    leg->subject = "view";
    leg->table = "customer";
    return reconcile_finish(work, comparison, leg, error);
}

bool reconcile_view(struct reconciling *work, struct error *error)
{
    const char *path = view_path(work->project, work->arena);
    if (!file_exists(path)) {
        struct reconcile_leg *leg = reconcile_leg_add(work, "view");
        leg->source = "golden records";
        leg->target = "published view";
        leg->subject = "view";
        leg->table = "customer";
        leg->trouble = arena_format(work->arena, "there is no %s", path);
        return true;
    }
    struct database *view = database_open(path, DATABASE_READ, error);
    int64_t known = 0;
    bool done = view && database_integer(view,
                                         "SELECT count(*) FROM sqlite_master WHERE name ="
                                         " 'customer' AND type = 'table'",
                                         0, &known, error);
    done = done && (!known || compare_customers(work, view, error));
    database_close(view);
    return done;
}
