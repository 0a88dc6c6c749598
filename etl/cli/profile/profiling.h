/* profiling.h: an unknown source on its way to a profile; between the files of the commands.
 *
 *   file, connection ──► look (encoding, dialect) ──► rows ──► tallies ──► struct profile ──► judge
 */
#ifndef CUST360_CLI_PROFILING_H
#define CUST360_CLI_PROFILING_H

#include "cli/command.h"
#include "cust360/config.h"
#include "cust360/profile.h"
#include "cust360/profile_tally.h"
#include "cust360/standardize_rules.h"

struct profiling {
    struct arena *arena;
    const struct invocation *invocation;
    const char *encoding; /* --encoding: goes before what the bytes say; NULL: not given */
    uint64_t sample_rows; /* 0: all */
    unsigned threads;
    const char *mappings; /* folder */
    struct model *model;
    struct rules *rules;
    struct explainer *explainer;
    struct arena *scratch;
    struct profile_judge_of_values judge;        /* by the rules */
    struct profile_judge_of_values judge_window; /* of what may be part of a value, too */
};

/* Options that profile and draft share; model, rules and words come from the project or with the
 * program. False: error. */
bool profiling_open(struct profiling *profiling, const struct invocation *invocation,
                    struct error *error);
void profiling_close(struct profiling *profiling);

/* Profiles what the arguments name: files of one system, or one connection string, or (one .json)
 * reads back a profile. Judged. */
struct profile *profiling_run(struct profiling *profiling, const char *const *arguments,
                              size_t count, struct error *error);

/* ---- by kind of source: each adds tables to the profile ---- */

bool profile_csv_file(struct profiling *profiling, const char *path, struct slice head,
                      struct profile *profile, struct error *error);
bool profile_xml_file(struct profiling *profiling, const char *path, struct profile *profile,
                      struct error *error);
/* Whether the file's head is one of fixed places or of several types of lines; then it is counted,
 * or (false) `error` is filled. */
bool profile_lines_file(struct profiling *profiling, const char *path, struct slice head,
                        struct profile *profile, bool *is_lines, struct error *error);
bool profile_database(struct profiling *profiling, const char *connection, struct profile *profile,
                      struct error *error);

/* Tells of something that is wrong with what is profiled; the text lives in the arena. */
void profile_add_defect(struct profile *profile, struct arena *arena, const char *sentence);

/* A further table at the end of the profile's. */
struct profile_table *profile_add_table(struct profile *profile, struct arena *arena);

enum { PROFILE_ROWS_SAMPLE = 1000, PROFILE_DISTINCT_MOST = 4096 };

/* Keeps a copy of a row among the first ones. */
void profile_keep_row(struct profile_table *table, struct arena *arena, const struct slice *values);

/* ---- what is shown ---- */

extern const char *const profile_source_names[]; /* by enum profile_source; ends with NULL */

struct profile_view {
    const struct profile *profile;
    bool show_values; /* else masked, unless they are codes */
    struct arena *arena;
};

/* A value as it may be shown. */
struct slice profile_shown(const struct profile_view *view, const struct profile_column *column,
                           struct slice value);

void profile_write_text(const struct profile_view *view, struct buffer *text);
void profile_write_json(const struct profile_view *view, struct buffer *text);
void profile_write_html(const struct profile_view *view, struct buffer *html);

/* Reads back what profile_write_json wrote. NULL: error with file, line and column. */
struct profile *profile_read_json(struct arena *arena, const char *path, struct error *error);

#endif
