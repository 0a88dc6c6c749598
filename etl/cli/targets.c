#include "cli/targets.h"
#include "cli/command.h"
#include "cli/open.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/publish_target.h"

#include <stdio.h>

/* What a target was sent is the view itself: where the state is sealed it stays beside the view. */
static const char *sent_folder(const struct project *project, struct arena *arena)
{
    bool sealed = project->operation.seals.count > 0;
    return file_join(arena, sealed ? project->out : project->state, "targets");
}

static bool fill_options(const struct project *project, const struct target *target,
                         struct arena *arena, struct target_options *options, struct error *error)
{
    const char *part = target->role ? arena_format(arena, "%s.db", target->role) : NULL;
    *options = (struct target_options){.target = target,
                                       .view_path = part ? file_join(arena, project->out, part)
                                                         : view_path(project, arena),
                                       .folder = sent_folder(project, arena)};
    return target_connection(project, target, arena, &options->connection, error);
}

/* Whether the command line means this target; NULL means all of them. */
static bool is_meant(const struct target *target, const char *name)
{
    return !name || strcmp(target->name, name) == 0;
}

static bool check_name(const struct project *project, const char *name, struct error *error)
{
    for (size_t i = 0; i < project->target_count; i++)
        if (is_meant(&project->targets[i], name))
            return true;
    if (!name)
        return true;
    error_set(error, EXIT_USAGE, "there is no target %s", name);
    return error_hint(error, "`publish` of %s names them", project->path);
}

static void add_report(struct report_target *report, const struct target_result *result)
{
    report->published = true;
    report->run_id = result->run_id;
    report->seconds = result->seconds;
    report->tables = result->table_count;
    for (size_t i = 0; i < result->table_count; i++) {
        report->rows += result->tables[i].rows;
        report->rows_upserted += result->tables[i].upserted;
        report->rows_deleted += result->tables[i].deleted;
    }
}

bool targets_publish(const struct project *project, const char *name, struct arena *arena,
                     struct report_targets *reports, int *exit_code, struct error *error)
{
    *exit_code = EXIT_DONE;
    reports->count = 0;
    if (!check_name(project, name, error))
        return false;
    reports->targets =
        arena_allocate_array(arena, project->target_count, sizeof(*reports->targets));
    for (size_t i = 0; i < project->target_count; i++) {
        const struct target *target = &project->targets[i];
        struct target_options options;
        struct target_result result;
        struct error trouble;
        if (!is_meant(target, name))
            continue;
        struct report_target *report = &reports->targets[reports->count++];
        report->name = target->name;
        if (fill_options(project, target, arena, &options, &trouble) &&
            target_publish(arena, &options, &result, &trouble)) {
            add_report(report, &result);
            continue;
        }
        log_failure(LOG_ERROR, &trouble);
        report->message = arena_text(arena, slice_of(trouble.message));
        if (*exit_code == EXIT_DONE)
            *exit_code = trouble.exit_code;
    }
    return true;
}

bool targets_init(const struct project *project, const char *name, struct arena *arena,
                  struct error *error)
{
    if (!check_name(project, name, error))
        return false;
    for (size_t i = 0; i < project->target_count; i++) {
        const struct target *target = &project->targets[i];
        struct target_options options;
        size_t made = 0;
        if (!is_meant(target, name))
            continue;
        if (!fill_options(project, target, arena, &options, error) ||
            !target_init(arena, &options, &made, error))
            return false;
        if (made)
            printf("target %s: %zu tables and columns made\n", target->name, made);
        else
            printf("target %s: nothing is missing\n", target->name);
    }
    return true;
}

bool targets_check(const struct project *project, size_t target, struct arena *arena,
                   struct error *warning, struct error *error)
{
    struct target_options options;
    return fill_options(project, &project->targets[target], arena, &options, error) &&
           target_check(arena, &options, warning, error);
}
