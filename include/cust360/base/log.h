/* log.h: what the program tells while it works, on stderr.
 *
 * The only global state of the program. As text ("cust360: warning: …") or, with
 * `--log json`, one JSON object a line. No personal value is ever logged unmasked. Thread safe. */
#ifndef CUST360_BASE_LOG_H
#define CUST360_BASE_LOG_H

#include "cust360/base/error.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFORMATION, LOG_DEBUG };

enum log_format { LOG_TEXT, LOG_JSON };

/* Messages above `level` are dropped. To be called before threads start. */
void log_configure(enum log_level level, enum log_format format);

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_information(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints an error whole: place, message, excerpt with caret, hint. */
void log_failure(enum log_level level, const struct error *error);

/* Progress of a long stage (a text that stays: a literal), drawn on a terminal only and never in
 * JSON. `total` 0: unknown; and `done` 0: only that it is under way. Drawn at most ten times a
 * second; log_progress_end wipes the line. */
void log_progress(const char *stage, uint64_t done, uint64_t total);
void log_progress_end(void);

/* Tells, whatever the level, how far the last log_progress was (its stage must still be there), in
 * one line that begins with the text given. */
void log_status(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
