#include "cli/run/arrival.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/text.h"
#include "cust360/extract.h"

#include <time.h>

/* An export that is still being written looks like any other. Three things tell that it is whole: a
 * file that is made when it is done, a file that counts its rows, and that nobody has touched it
 * for a while. */

#define SECOND_NS INT64_C(1000000000)

enum {
    DONE_LAG_SECONDS = 600, /* who copies a folder may copy the done file before the export */
    POLL_MS = 200,
    CONTROL_BYTES_MOST = 1 << 20
};

static int64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * SECOND_NS + now.tv_nsec;
}

/* When the last of a source's files was changed; 0: nobody can tell. */
static int64_t last_change_ns(const struct source *source, struct arena *arena)
{
    const char **paths = NULL;
    struct file_stamp stamp;
    int64_t last = 0;
    size_t count = source_files(source, arena, &paths);
    for (size_t i = 0; i < count; i++)
        if (file_stamp(paths[i], &stamp) && stamp.modified_ns > last)
            last = stamp.modified_ns;
    return last;
}

static bool is_late(struct source *source, const char *file, const char *what)
{
    error_set(&source->missing, EXIT_SOURCE_MISSING, "%s", what);
    error_place(&source->missing, file, 0, 0);
    error_source(&source->missing, source->id);
    error_hint(&source->missing, "the last good data stay until the export is whole");
    return false;
}

static bool is_done(struct job *job, struct source *source)
{
    struct file_stamp done;
    if (!source->done_file)
        return true;
    if (!file_stamp(source->done_file, &done))
        return is_late(source, source->done_file,
                       "the export is not done: the file that says so is not there");
    if (done.modified_ns + DONE_LAG_SECONDS * SECOND_NS >= last_change_ns(source, job->arena))
        return true;
    return is_late(source, source->done_file,
                   "the export has changed since it was said to be done");
}

static bool is_settled(struct job *job, const struct source *source)
{
    return source->settle_seconds == 0 || source->missing.exit_code ||
           last_change_ns(source, job->arena) + source->settle_seconds * SECOND_NS <= clock_ns();
}

/* All sources come to rest at the same time, so the longest wait is enough for all of them. */
static bool wait_until_settled(struct job *job, struct error *error)
{
    const struct project *project = job->project;
    uint32_t longest_seconds = 0;
    for (size_t i = 0; i < project->source_count; i++)
        if (project->sources[i].settle_seconds > longest_seconds)
            longest_seconds = project->sources[i].settle_seconds;
    double end = date_monotonic_seconds() + longest_seconds;
    for (size_t i = 0; i < project->source_count; i++) {
        while (!is_settled(job, &project->sources[i]) && date_monotonic_seconds() < end) {
            if (job_stopped(job, error))
                return false;
            nanosleep(&(struct timespec){0, POLL_MS * 1000000L}, NULL);
        }
        if (!is_settled(job, &project->sources[i]))
            is_late(&project->sources[i], project->sources[i].path,
                    "the export is still being written");
    }
    return true;
}

/* A source that has left is not read any more, though a last file of it may still lie there. */
static bool has_left(struct job *job, struct source *source, struct report_source *report)
{
    const struct departure *departure =
        operation_departure(&job->project->operation, source->id, job->as_of_days);
    char day[DATE_TEXT_BYTES];
    if (!departure)
        return false;
    date_format(departure->days, day);
    error_set(&source->missing, EXIT_SOURCE_MISSING, "left on %s; its records stay", day);
    error_source(&source->missing, source->id);
    report->status = SOURCE_LEFT;
    return true;
}

bool arrivals_look(struct job *job, struct error *error)
{
    const struct project *project = job->project;
    for (size_t i = 0; i < project->source_count; i++) {
        struct source *source = &project->sources[i];
        if (has_left(job, source, &job->sources[i]))
            continue;
        if (source->missing.exit_code)
            job->sources[i].status = SOURCE_MISSING;
        else
            is_done(job, source);
    }
    if (!wait_until_settled(job, error))
        return false;
    for (size_t i = 0; i < project->source_count; i++)
        if (project->sources[i].missing.exit_code && job->sources[i].status == SOURCE_OK)
            job->sources[i].status = SOURCE_LATE;
    return true;
}

/* ---- the control file ---- */

/* A line of a control file: "496", or a file's name and its rows. */
struct control_line {
    struct slice name; /* empty: of the whole source */
    int64_t rows;
};

static bool is_separator(char byte)
{
    return byte == ' ' || byte == '\t' || byte == ',' || byte == ';' || byte == '=' || byte == ':';
}

static bool read_control_line(struct slice line, struct control_line *control)
{
    size_t begin = line.length;
    while (begin > 0 && !is_separator(line.data[begin - 1]))
        begin--;
    if (!text_to_integer(slice_cut(line, begin, line.length), &control->rows) || control->rows < 0)
        return false;
    size_t end = begin;
    while (end > 0 && is_separator(line.data[end - 1]))
        end--;
    control->name = slice_cut(line, 0, end);
    return true;
}

/* Rows read of a file of the source, or of all of them. */
static int64_t count_rows(struct job *job, struct slice name)
{
    size_t count = 0;
    const struct store_file *files = store_source_files(job->store, &count);
    int64_t rows = 0;
    for (size_t i = 0; i < count; i++)
        if (name.length == 0 || slice_equal(name, slice_of(file_name(files[i].name))))
            rows += (int64_t)files[i].read;
    return rows;
}

static bool check_control_line(struct job *job, const struct source *source,
                               struct control_line control, struct error *why)
{
    int64_t rows = count_rows(job, control.name);
    if (rows == control.rows)
        return true;
    error_set(why, EXIT_SOURCE_MISSING, "%lld rows are there, and the control file says %lld",
              (long long)rows, (long long)control.rows);
    error_place(why, control.name.length ? arena_text(job->arena, control.name) : source->name, 0,
                0);
    return error_hint(why, "the export is not whole, or was changed behind %s",
                      file_name(source->control_file));
}

static bool check_control_text(struct job *job, const struct source *source, struct slice text,
                               struct error *why)
{
    size_t lines = 0;
    for (uint64_t number = 1; text.length; number++) {
        const char *end = memchr(text.data, '\n', text.length);
        size_t length = end ? (size_t)(end - text.data) : text.length;
        struct slice line = slice_trim(slice_cut(text, 0, length));
        text = slice_cut(text, length + (end != NULL), text.length);
        struct control_line control;
        if (line.length == 0)
            continue;
        if (!read_control_line(line, &control)) {
            error_set(why, EXIT_SOURCE_MISSING, "this line of the control file counts nothing");
            error_place(why, source->control_file, number, 0);
            return error_hint(why, "write the number of rows, or a file's name and its rows");
        }
        if (!check_control_line(job, source, control, why))
            return false;
        lines++;
    }
    if (lines == 0) {
        error_set(why, EXIT_SOURCE_MISSING, "the control file is empty");
        return error_place(why, source->control_file, 0, 0);
    }
    return true;
}

bool arrival_is_whole(struct job *job, const struct source *source, struct error *why)
{
    struct slice text;
    if (!source->control_file)
        return true;
    if (!file_read(job->arena, source->control_file, CONTROL_BYTES_MOST, &text, why)) {
        why->exit_code = EXIT_SOURCE_MISSING;
        error_hint(why, "without it nobody knows whether the export is whole");
    } else if (check_control_text(job, source, text, why)) {
        return true;
    }
    return error_source(why, source->id);
}
