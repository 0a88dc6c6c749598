#include "cli/open.h"
#include "cli/reconcile.h"
#include "cli/targets.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "cust360/publish_target.h"
#include "cust360/view.h"

/* Two SQLite files, table by table: the view against what a target gives back, and a view that is
 * made anew from the state against the published one. */

struct table_pair {
    struct reconciling *work;
    struct database *source;
    struct database *target;
    const struct reconcile_leg *pattern;
    const char *name;
    const char *key; /* an SQL expression */
};

/* The columns of the first unique index, else of a primary key that is not the row's number, joined
 * with "|"; '' when there is neither: then rows are known by their values. */
static bool find_key(struct table_pair *pair, struct error *error)
{
    struct statement *columns = statement_prepare(
        pair->source,
        "SELECT c.name FROM pragma_index_info((SELECT name FROM pragma_index_list(?1)"
        " WHERE \"unique\" AND NOT partial ORDER BY origin = 'pk' DESC, name LIMIT 1)) c"
        " ORDER BY c.seqno",
        error);
    struct buffer key = BUFFER_EMPTY;
    if (columns)
        statement_bind_text(columns, 1, slice_of(pair->name));
    enum outcome outcome = columns ? ACCEPTED : FAILED;
    while (columns && (outcome = statement_step(columns, error)) == ACCEPTED)
        buffer_format(&key, "%scoalesce(\"%.*s\", '')", key.length ? " || '|' || " : "",
                      SLICE_ARGUMENTS(statement_text(columns, 0)));
    statement_destroy(columns);
    if (!key.length)
        buffer_append_text(&key, "''");
    pair->key = arena_text(pair->work->arena, buffer_slice(&key));
    buffer_release(&key);
    return outcome == ENDED;
}

static void select_rows(const struct table_pair *pair, const struct comparison_column *columns,
                        size_t count, struct buffer *sql)
{
    buffer_format(sql, "SELECT %s, '%s'", pair->key, pair->name);
    for (size_t i = 0; i < count; i++)
        buffer_format(sql, ", \"%s\"", columns[i].name);
    buffer_format(sql, " FROM \"%s\"", pair->name);
}

static bool compare_pair(struct table_pair *pair, struct error *error)
{
    struct reconciling *work = pair->work;
    struct comparison_column *columns = NULL;
    size_t count = 0;
    if (!find_key(pair, error) ||
        !reconcile_columns(work->arena, pair->source, pair->name, &columns, &count, error))
        return false;
    reconcile_showing(work, columns, count);
    struct comparison_options options = reconcile_options(work, columns, count);
    struct comparison *comparison = comparison_open(&options, error);
    struct buffer sql = BUFFER_EMPTY;
    select_rows(pair, columns, count, &sql);
    struct reconcile_leg *leg = reconcile_leg_add(work, pair->pattern->name);
    leg->source = pair->pattern->source;
    leg->target = pair->pattern->target;
    leg->subject = pair->pattern->subject;
    leg->table = pair->name;
    bool done =
        comparison && reconcile_add_query(pair->source, sql.data, comparison, SIDE_SOURCE, error);
    struct error why = {0};
    bool there = done && reconcile_add_query(pair->target, sql.data, comparison, SIDE_TARGET, &why);
    if (done && !there)
        leg->trouble = arena_text(work->arena, slice_of(why.message));
    buffer_release(&sql);
    if (done)
        return reconcile_finish(work, comparison, leg, error);
    comparison_close(comparison);
    return false;
}

static size_t list_tables(struct arena *arena, struct database *database, const char ***names,
                          struct error *error)
{
    size_t capacity = 0;
    size_t count = 0;
    const char **list = NULL;
    struct statement *rows = statement_prepare(
        database,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        " AND name <> 'parameter' ORDER BY name",
        error);
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        list = memory_grow(list, &capacity, count + 1, sizeof(*list));
        list[count++] = arena_text(arena, statement_text(rows, 0));
    }
    statement_destroy(rows);
    *names = arena_allocate_array(arena, count + 1, sizeof(**names));
    for (size_t i = 0; i < count; i++)
        (*names)[i] = list[i];
    memory_free(list);
    return outcome == ENDED ? count : SIZE_MAX;
}

/* Tables of the file that has fewer: a target may be sent only some. */
bool reconcile_tables(struct reconciling *work, const char *source_path, const char *target_path,
                      const struct reconcile_leg *pattern, struct error *error)
{
    struct table_pair pair = {.work = work, .pattern = pattern};
    const char **names = NULL;
    pair.source = database_open(source_path, DATABASE_READ, error);
    pair.target = pair.source ? database_open(target_path, DATABASE_READ, error) : NULL;
    bool is_target = strcmp(pattern->name, "target") == 0;
    size_t count = SIZE_MAX;
    if (pair.target)
        count = list_tables(work->arena, is_target ? pair.target : pair.source, &names, error);
    bool done = count != SIZE_MAX;
    for (size_t i = 0; done && i < count; i++) {
        pair.name = names[i];
        done = compare_pair(&pair, error);
    }
    database_close(pair.source);
    database_close(pair.target);
    return done;
}

bool reconcile_targets(struct reconciling *work, struct error *error)
{
    const struct project *project = work->project;
    const char *view = view_path(project, work->arena);
    for (size_t i = 0; i < project->target_count; i++) {
        const struct target *target = &project->targets[i];
        struct error why = {0};
        const char *fetched = arena_format(work->arena, "%s/target.db", work->scratch);
        struct target_options options = {.target = target, .view_path = view};
        struct reconcile_leg pattern = {.name = "target",
                                        .source = "published view",
                                        .target = target->name,
                                        .subject = target->name};
        bool read = target_connection(project, target, work->arena, &options.connection, &why) &&
                    target_fetch(work->arena, &options, fetched, &why);
        if (!read) {
            struct reconcile_leg *leg = reconcile_leg_add(work, pattern.name);
            leg->source = pattern.source;
            leg->target = pattern.target;
            leg->subject = pattern.subject;
            leg->table = "";
            leg->trouble = arena_text(work->arena, slice_of(why.message));
        } else if (!reconcile_tables(work, view, fetched, &pattern, error)) {
            return false;
        }
        file_remove(fetched);
    }
    return true;
}

/* The view of the committed state, made anew: whatever somebody has done to the published one shows
 * in the difference, in every table. */
bool reconcile_rebuilt(struct reconciling *work, struct error *error)
{
    const struct project *project = work->project;
    const char *published = view_path(project, work->arena);
    if (!file_exists(published))
        return true;
    struct view_result result;
    struct error why = {0};
    struct view_options options = {.folder = project->view,
                                   .reference = project->reference,
                                   .state_path = state_path(project, work->arena),
                                   .path = arena_format(work->arena, "%s/view.db", work->scratch),
                                   .run_id = work->view_run ? work->view_run : work->run_id,
                                   .as_of_days = work->as_of_days,
                                   .threads = work->threads};
    struct reconcile_leg pattern = {.name = "view",
                                    .source = "view made anew from the state",
                                    .target = "published view",
                                    .subject = "view"};
    bool done = true;
    if (view_build(work->arena, &options, &result, &why)) {
        done = reconcile_tables(work, options.path, published, &pattern, error);
    } else {
        struct reconcile_leg *leg = reconcile_leg_add(work, pattern.name);
        leg->source = pattern.source;
        leg->target = pattern.target;
        leg->subject = pattern.subject;
        leg->table = "";
        leg->trouble = arena_text(work->arena, slice_of(why.message));
    }
    file_remove(options.path);
    return done;
}
