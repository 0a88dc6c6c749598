/* check_report.h: what `cust360 check` has found, for people and for machines. */
#ifndef CUST360_CLI_CHECK_REPORT_H
#define CUST360_CLI_CHECK_REPORT_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/config.h"
#include "cust360/standardize.h"

enum check_format { CHECK_TEXT, CHECK_JSON, CHECK_SARIF };
enum check_level { CHECK_NOTE, CHECK_WARNING, CHECK_ERROR };

struct check_finding {
    const char *rule; /* for machines: document, rule_test, target, source, column_missing … */
    enum check_level level;
    struct error error; /* place, message, hint */
};

struct check_report {
    struct arena *arena;
    enum check_format format;
    const char *project; /* its file: the place of what stands in no other; borrowed */
    struct check_finding *findings;
    size_t count;
    size_t capacity;
    const char **documents; /* that are well */
    size_t document_count;
    size_t document_capacity;
    size_t warnings;
};

/* Takes a finding; as text it is printed at once. */
void check_report_add(struct check_report *report, const char *rule, enum check_level level,
                      const struct error *error);

/* Something is well. */
void check_report_well(struct check_report *report, const char *what);

/* What is written in the end as JSON or SARIF 2.1.0; nothing as text. */
void check_report_write(const struct check_report *report, int exit_code, struct buffer *text);
void check_report_release(struct check_report *report);

/* Holds every source that is there against its mapping: reads its first rows and tells of columns
 * that are missing, new or renamed, of what cannot be read, and of fields most of whose values are
 * refused (check_feeds.c). */
void check_feeds(struct check_report *report, const struct project *project,
                 const struct rules *rules);

#endif
