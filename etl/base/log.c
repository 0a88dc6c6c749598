#include "cust360/base/log.h"
#include "cust360/base/buffer.h"
#include "cust360/base/date.h"
#include "cust360/base/json.h"
#include "cust360/base/text.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static struct {
    enum log_level level;
    enum log_format format;
    pthread_mutex_t lock;
    double drawn_seconds; /* when the progress line was last drawn */
    bool drawn;           /* a progress line stands on the terminal */
    const char *stage;    /* the last progress, for log_status; NULL: none */
    uint64_t done;
    uint64_t total;
} log_state = {LOG_INFORMATION, LOG_TEXT, PTHREAD_MUTEX_INITIALIZER, 0, false, NULL, 0, 0};

static const char *const level_names[] = {"error", "warning", "information", "debug"};

void log_configure(enum log_level level, enum log_format format)
{
    log_state.level = level;
    log_state.format = format;
}

static void progress_wipe(void)
{
    if (log_state.drawn)
        fputs("\r\033[K", stderr);
    log_state.drawn = false;
}

static void write_line(struct buffer *line)
{
    pthread_mutex_lock(&log_state.lock);
    progress_wipe();
    (void)fwrite(line->data, 1, line->length, stderr); /* nowhere is left to say it failed */
    pthread_mutex_unlock(&log_state.lock);
    buffer_release(line);
}

static struct json_writer json_line_begin(struct buffer *line, enum log_level level)
{
    struct json_writer json = JSON_WRITER_COMPACT(line);
    char now[DATE_TIME_TEXT_BYTES];
    date_clock_text(now);
    json_object_begin(&json, NULL);
    json_text(&json, "time", slice_of(now));
    json_text(&json, "level", slice_of(level_names[level]));
    return json;
}

__attribute__((format(printf, 2, 0))) static void log_write(enum log_level level,
                                                            const char *format, va_list arguments)
{
    if (level > log_state.level)
        return;
    char message[2048];
    vsnprintf(message, sizeof(message), format, arguments);
    text_make_showable(message);
    struct buffer line = BUFFER_EMPTY;
    if (log_state.format == LOG_JSON) {
        struct json_writer json = json_line_begin(&line, level);
        json_text(&json, "message", slice_of(message));
        json_object_end(&json);
        buffer_append_byte(&line, '\n');
    } else if (level == LOG_INFORMATION) {
        buffer_format(&line, "%s\n", message);
    } else {
        buffer_format(&line, "cust360: %s: %s\n", level_names[level], message);
    }
    write_line(&line);
}

#define LOG_FUNCTION(name, level)                                                                  \
    void name(const char *format, ...)                                                             \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        log_write(level, format, arguments);                                                       \
        va_end(arguments);                                                                         \
    }

LOG_FUNCTION(log_error, LOG_ERROR)
LOG_FUNCTION(log_warning, LOG_WARNING)
LOG_FUNCTION(log_information, LOG_INFORMATION)
LOG_FUNCTION(log_debug, LOG_DEBUG)

static void failure_json(enum log_level level, const struct error *error, struct buffer *line)
{
    struct json_writer json = json_line_begin(line, level);
    json_text(&json, "message", slice_of(error->message));
    json_integer(&json, "exit_code", error->exit_code);
    if (error->source[0])
        json_text(&json, "source", slice_of(error->source));
    if (error->file[0])
        json_text(&json, "file", slice_of(error->file));
    if (error->line)
        json_integer(&json, "line", (int64_t)error->line);
    if (error->column)
        json_integer(&json, "column", (int64_t)error->column);
    if (error->hint[0])
        json_text(&json, "hint", slice_of(error->hint));
    json_object_end(&json);
    buffer_append_byte(line, '\n');
}

void log_failure(enum log_level level, const struct error *error)
{
    if (level > log_state.level)
        return;
    struct buffer line = BUFFER_EMPTY;
    if (log_state.format == LOG_JSON) {
        failure_json(level, error, &line);
    } else {
        buffer_format(&line, "cust360: %s: ", level_names[level]);
        error_describe(error, &line);
    }
    write_line(&line);
}

static void keep_progress(const char *stage, uint64_t done, uint64_t total)
{
    pthread_mutex_lock(&log_state.lock);
    log_state.stage = stage;
    log_state.done = done;
    log_state.total = total;
    pthread_mutex_unlock(&log_state.lock);
}

void log_status(const char *format, ...)
{
    char what[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    pthread_mutex_lock(&log_state.lock);
    const char *stage = log_state.stage ? log_state.stage : "between stages";
    uint64_t done = log_state.done;
    uint64_t total = log_state.total;
    pthread_mutex_unlock(&log_state.lock);
    struct buffer line = BUFFER_EMPTY;
    if (log_state.format == LOG_JSON) {
        struct json_writer json = json_line_begin(&line, LOG_INFORMATION);
        json_text(&json, "message", slice_of(what));
        json_text(&json, "stage", slice_of(stage));
        json_integer(&json, "done", (int64_t)done);
        json_integer(&json, "total", (int64_t)total);
        json_object_end(&json);
    } else {
        buffer_format(&line, "%s: %s", what, stage);
        if (total)
            buffer_format(&line, ", %llu of %llu", (unsigned long long)done,
                          (unsigned long long)total);
        else if (done)
            buffer_format(&line, ", %llu", (unsigned long long)done);
    }
    buffer_append_byte(&line, '\n');
    write_line(&line);
}

void log_progress(const char *stage, uint64_t done, uint64_t total)
{
    keep_progress(stage, done, total);
    if (log_state.format == LOG_JSON || log_state.level < LOG_INFORMATION || !isatty(STDERR_FILENO))
        return;
    enum { BAR_COLUMNS = 30 };
    pthread_mutex_lock(&log_state.lock);
    double now = date_monotonic_seconds();
    if (!log_state.drawn || now - log_state.drawn_seconds > 0.1) {
        char bar[BAR_COLUMNS + 1];
        uint64_t filled = total ? (done > total ? total : done) * BAR_COLUMNS / total : 0;
        for (uint64_t i = 0; i < BAR_COLUMNS; i++)
            bar[i] = i < filled ? '#' : '.';
        bar[BAR_COLUMNS] = '\0';
        if (total)
            fprintf(stderr, "\r\033[K%-12s [%s] %3llu %%", stage, bar,
                    (unsigned long long)(done * 100 / total));
        else if (done)
            fprintf(stderr, "\r\033[K%-12s %llu", stage, (unsigned long long)done);
        else
            fprintf(stderr, "\r\033[K%-12s …", stage);
        log_state.drawn = true;
        log_state.drawn_seconds = now;
    }
    pthread_mutex_unlock(&log_state.lock);
}

void log_progress_end(void)
{
    pthread_mutex_lock(&log_state.lock);
    progress_wipe();
    pthread_mutex_unlock(&log_state.lock);
}
