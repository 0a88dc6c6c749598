#include "cli/stage.h"
#include "cli/commands.h"
#include "cli/open.h"
#include "cli/run/job.h"
#include "cli/streams.h"
#include "cust360/base/file.h"
#include "cust360/base/text.h"

#include <unistd.h>

/*
 *   stdin ──► line_reader ──► a stage, row by row ──► line_writer ──► stdout
 */

static const struct stage *const stages[] = {
    &stage_plan,  &stage_read,       &stage_standardize, &stage_gather, &stage_keys,
    &stage_score, &stage_components, &stage_cluster,     &stage_assign, &stage_merge,
};

static const struct stage *find_stage(const char *name, struct error *error)
{
    for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++)
        if (strcmp(stages[i]->name, name) == 0)
            return stages[i];
    error_set(error, EXIT_USAGE, "there is no stage \"%s\"", name);
    error_hint(error, "the stages are read, standardize, gather, keys, score, components, cluster, "
                      "assign, merge, and plan");
    return NULL;
}

/* ---- what stages use ---- */

enum outcome stage_refuse(struct stage_job *job, const char *reason)
{
    job->reject_reason = reason;
    return REJECTED;
}

bool stage_number(struct slice column, int64_t *number)
{
    return text_to_integer(column, number);
}

bool stage_hash(struct slice column, uint64_t *hash)
{
    enum { HASH_DIGITS = 16 };
    static const char digits[] = "0123456789abcdef";
    *hash = 0;
    for (size_t i = 0; i < column.length; i++) {
        const char *digit = column.data[i] ? strchr(digits, column.data[i]) : NULL;
        if (!digit)
            return false;
        *hash = *hash << 4 | (uint64_t)(digit - digits);
    }
    return column.length == HASH_DIGITS;
}

void stage_write_hash(struct line_writer *writer, uint64_t hash)
{
    enum { HASH_DIGITS = 16 };
    char text[HASH_DIGITS];
    for (size_t i = HASH_DIGITS; i-- > 0; hash >>= 4)
        text[i] = "0123456789abcdef"[hash & 0xF];
    line_column(writer, slice_make(text, HASH_DIGITS));
}

bool stage_split_id(struct slice id, struct slice *source, struct slice *key)
{
    const char *blank = id.length ? memchr(id.data, ' ', id.length) : NULL;
    if (!blank)
        return false;
    size_t length = (size_t)(blank - id.data);
    *source = slice_cut(id, 0, length);
    *key = slice_cut(id, length + 1, id.length);
    return source->length > 0 && key->length > 0;
}

bool stage_read_file(struct stage_job *job, const char *option, stage_file_row *take,
                     struct error *error)
{
    /* What the engine has counted or carried over: an array of the whole file is in memory. */
    const size_t file_bytes_max = (size_t)4 << 30;
    const char *path = invocation_option(job->invocation, option);
    const struct line_expectation expectation = {.hash = job->hash, .unframed = true};
    struct slice content;
    if (!path)
        return true;
    if (!file_read(job->arena, path, file_bytes_max, &content, error))
        return false;
    struct line_reader *reader = line_reader_of_text(content, &expectation);
    struct line line;
    enum outcome outcome;
    while ((outcome = line_reader_next(reader, &line, error)) != ENDED) {
        if (outcome == FAILED)
            break;
        error_set(error, EXIT_FAILED, "a row of the file that --%s names cannot be read", option);
        error_place(error, path, line_reader_rows(reader), 0);
        if (outcome == REJECTED || !take(job, &line, error)) {
            outcome = FAILED;
            break;
        }
    }
    line_reader_destroy(reader);
    if (outcome == ENDED)
        *error = (struct error){0};
    return outcome == ENDED;
}

/* ---- what all records have shown ---- */

static bool take_dropped(struct stage_job *job, const struct line *line, struct error *error)
{
    int64_t attribute = 0;
    uint64_t value = 0;
    (void)error;
    if (line->count != 2 || !stage_number(line->columns[0], &attribute) || attribute < 0 ||
        match_common_limit(job->match_rules, (size_t)attribute) == 0 ||
        !stage_hash(line->columns[1], &value))
        return false;
    match_common_drop(job->common, (size_t)attribute, value);
    return true;
}

static bool take_cut(struct stage_job *job, const struct line *line, struct error *error)
{
    struct match_part_key key;
    (void)error;
    if (line->count != 1 || !match_part_key_parse(line->columns[0], job->match_rules, &key))
        return false;
    match_common_cut(job->common, &key);
    return true;
}

static bool load_common(struct stage_job *job, struct error *error)
{
    int64_t records = 0;
    job->common = match_common_create(job->match_rules);
    if (!invocation_integer(job->invocation, "records", 0, INT64_MAX, &records, error))
        return false;
    match_common_count(job->common, (uint64_t)records);
    return stage_read_file(job, "dropped", take_dropped, error) &&
           stage_read_file(job, "cut", take_cut, error);
}

/* ---- the flow ---- */

static bool configure(struct stage_job *job, const struct stage *stage, struct error *error)
{
    const struct project *project = NULL;
    if (!invocation_as_of(job->invocation, &job->as_of_days, error))
        return false;
    project = stage->needs & STAGE_SOURCES
                  ? open_project(job->invocation, job->arena, error)
                  : open_project_without_sources(job->invocation, job->arena, error);
    job->project = project;
    if (!project)
        return false;
    struct job hashed = {.arena = job->arena, .project = project, .as_of_days = job->as_of_days};
    if (!job_hash_stages(&hashed, &job->hash, error))
        return false;
    if (stage->needs & STAGE_RULES && !(job->rules = rules_load(project, job->as_of_days, error)))
        return false;
    if (stage->needs & STAGE_MATCH) {
        job->match_rules = match_rules_load(job->arena, project->match, project->model, error);
        if (!job->match_rules || !load_common(job, error))
            return false;
    }
    if (stage->needs & STAGE_MODEL &&
        !(job->match_model =
              match_model_load(job->arena, project->match_model, job->match_rules, error)))
        return false;
    if (stage->needs & STAGE_SURVIVORSHIP &&
        !(job->survivorship =
              survivorship_load(job->arena, project->survivorship, project->model, error)))
        return false;
    return true;
}

static bool pass_rows(struct stage_job *job, const struct stage *stage, struct error *error)
{
    struct line line;
    enum outcome outcome;
    while ((outcome = line_reader_next(job->reader, &line, error)) != ENDED) {
        const char *reason = line.reject_reason;
        if (outcome == ACCEPTED) {
            outcome = stage->take(job, &line, error);
            reason = job->reject_reason;
        }
        if (outcome == FAILED)
            return false;
        if (outcome == REJECTED)
            line_reject(job->writer, reason, line.raw);
        if (!line_writer_works(job->writer))
            break;
    }
    return !stage->end || stage->end(job, error);
}

static bool run_filter(struct stage_job *job, const struct stage *stage, struct error *error)
{
    struct line_expectation expectation = {.hash = job->hash};
    expectation.unframed = invocation_flag(job->invocation, "unframed");
    job->reader = line_reader_create(STDIN_FILENO, &expectation);
    job->writer = line_writer_create(STDOUT_FILENO, stage->name, job->hash);
    return (!stage->begin || stage->begin(job, error)) &&
           (!stage->take || pass_rows(job, stage, error)) &&
           line_writer_finish(job->writer, line_reader_rows(job->reader), error);
}

static int run_stage(const struct invocation *invocation)
{
    struct error error = {0};
    struct stage_job job = {.invocation = invocation};
    int code = EXIT_DONE;
    const struct stage *stage = find_stage(invocation->arguments[0], &error);
    if (!stage)
        return command_failed(&error);
    /* Whoever reads has gone: that is told by the write that fails, not by a signal. */
    streams_outlive_readers();
    job.arena = arena_create();
    job.scratch = arena_create();
    if (!configure(&job, stage, &error) || !run_filter(&job, stage, &error))
        code = command_failed(&error);
    if (stage->release)
        stage->release(&job);
    line_reader_destroy(job.reader);
    line_writer_destroy(job.writer);
    match_common_destroy(job.common);
    rules_destroy(job.rules);
    arena_destroy(job.scratch);
    arena_destroy(job.arena);
    return code;
}

static const struct option_rule stage_options[] = {
    OPTION_CONFIG,
    OPTION_FEEDS,
    OPTION_AS_OF,
    {"unframed", 0, NULL, "rows come without header and trailer, as from an engine's shuffle"},
    {"records", 0, "N", "how many records all parts together have"},
    {"dropped", 0, "FILE", "values that belong to nobody: attribute, hash"},
    {"cut", 0, "FILE", "keys under which too many records stand"},
    {"cut-only", 0, NULL, "keys: only those that a cut has made"},
    {"round", 0, "N", "gather: limits of this round (default: 0)"},
    {"forest", 0, NULL, "components: links that hold a part together, instead of components"},
    {"decisions", 0, "FILE", "stewards' words: same|apart, id, id; value, id, column, value"},
    {"sources", 0, "FILE", "merge: the sources' trust, as plan tells it"},
    {"ids", 0, "FILE", "assign: the ids after the last run, as it wrote them"},
    OPTION_END,
};

const struct command command_stage = {
    .name = "stage",
    .summary = "run one stage as a filter, for engines such as Apache Spark",
    .arguments = "STAGE",
    .arguments_least = 1,
    .arguments_most = 1,
    .options = stage_options,
    .details =
        "Rows in on standard input, rows out on standard output, tab-separated and escaped,\n"
        "between a header and a trailer that counts them. The stages, in their order:\n"
        "\n"
        "  read         sources' ids -> their records, read and standardized\n"
        "  standardize  rows of sources -> records\n"
        "  gather       what matching looks at, by customer -> values, and limited values\n"
        "  keys         values -> blocking keys\n"
        "  score        values by key -> links\n"
        "  components   links -> what hangs together\n"
        "  cluster      values and links by component -> customers\n"
        "  assign       customers -> golden ids\n"
        "  merge        records by golden id -> golden records\n"
        "\n"
        "plan prints what a driver has to know of the configuration, as JSON. What each stage\n"
        "takes and gives, column by column, stands in etl/stage/README.md.",
    .run = run_stage,
};
