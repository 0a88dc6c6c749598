/* keep.h: what of former runs is kept, and for how long (`keep:` in cust360.yaml).
 *
 *   STATE/rejects/run-000012/   rejected rows and reasons of that run   days
 *   STATE/raw/run-000012/       the feeds of that run as they came      days
 *   OUT/reports/run-000012.*    its report: json, txt, html             runs
 *   OUT/views/run-000012.db     its view (views.h)                      runs */
#ifndef CUST360_CLI_KEEP_H
#define CUST360_CLI_KEEP_H

#include "cli/run/job.h"

/* Keeps the feeds of a source that was read, and its reject files. */
bool keep_source_files(struct job *job, const struct source *source,
                       const char *const *reject_files, size_t reject_count, struct error *error);

/* Lets go of what the state knows of runs long ago, within the run. */
bool keep_forget(struct job *job, struct error *error);

/* Where a report of this run goes, and under which name it is found as the latest. */
const char *keep_report_path(const struct job *job, const char *extension);
const char *latest_report_path(const struct job *job, const char *extension);

/* Lets go of what is older than configured. What cannot be removed is told and no error. */
void keep_prune(struct job *job);

#endif
