/* publish.h: what a run tells about itself: OUT/report.json, and a summary for stdout.
 *
 * The caller fills a struct run_report; every pointer in it is borrowed. It holds counts, names and
 * codes only, never a customer's value. */
#ifndef CUST360_PUBLISH_H
#define CUST360_PUBLISH_H

#include "cust360/base/buffer.h"
#include "cust360/base/error.h"
#include "cust360/publish_target.h"
#include <stddef.h>

enum source_status {
    SOURCE_OK,
    SOURCE_LEFT,    /* for good; its records stay */
    SOURCE_LATE,    /* there, but not whole yet */
    SOURCE_FROZEN,  /* read, but a gate let it not through */
    SOURCE_MISSING, /* not there */
    SOURCE_FAILED   /* could not be read */
};

const char *source_status_name(enum source_status status);

struct report_file {
    const char *name; /* within the feeds folder */
    uint64_t rows_read;
    uint64_t rows_accepted; /* read = accepted + rejected + discarded + suppressed + expired */
    uint64_t rows_rejected;
    uint64_t rows_discarded;
    uint64_t rows_suppressed;
    uint64_t rows_expired; /* told of what is past its term, and gone */
};

struct report_finding {
    const char *code;     /* of a finding: format, check_digit … */
    const char *severity; /* as in severity_names; may be NULL */
    uint64_t count;
};

struct report_source {
    const char *id;
    enum source_status status;
    const char *message; /* why it is not OK; NULL: nothing to say */
    const struct report_file *files;
    size_t file_count;
    const struct report_finding *findings;
    size_t finding_count;
    const char *const *notices; /* sentences about schema and encoding */
    size_t notice_count;
    int32_t stale_days;          /* how old its data are; 0: of today; -1: it never gave any */
    const char *last_good_as_of; /* their day; NULL: it never gave any, or they are of today */
};

struct report_gate { /* what a gate said that was passed */
    const char *gate;
    const char *source;  /* NULL: of the run */
    const char *field;   /* NULL: of none */
    const char *outcome; /* warned, accepted, frozen, stopped */
    const char *text;    /* one sentence */
    const char *reason;  /* why it was accepted; else NULL */
};

/* Records that share a blocking key; its values are masked where they are personal. */
struct report_block {
    const char *rule;
    const char *values;
    uint64_t records;
    uint64_t pairs_left_out;
};

struct report_match {
    uint64_t records;
    uint64_t pairs_compared;
    uint64_t pairs_matched;
    uint64_t pairs_possible;       /* for the steward */
    uint64_t pairs_left_out;       /* not compared because their block is too large */
    uint64_t values_shared_widely; /* values too common to be evidence */
    uint64_t links_refused;        /* matches that the constraints kept apart */
    uint64_t clusters;
    uint64_t largest_cluster;
    uint64_t cluster_sizes[6];         /* clusters of 1, 2, 3, 4, 5 to 9, 10 and more records */
    const struct report_block *blocks; /* the largest, from the largest */
    size_t block_count;
};

struct report_golden {
    uint64_t created;
    uint64_t changed;
    uint64_t unchanged;
    uint64_t merged; /* ids that became another's alias in this run */
    uint64_t split;
    uint64_t total; /* living ids */
};

struct report_retention { /* what was past its term, of an entity */
    const char *entity;
    uint64_t records; /* gone */
    uint64_t emptied; /* of which personal or sensitive values went */
};

struct report_count {
    const char *name; /* a table of the view; a gate; … */
    uint64_t count;
};

struct report_stage {
    const char *name;
    double seconds;
};

struct run_report {
    int64_t run_id;
    int32_t as_of_days;
    const char *project;     /* its name; may be NULL */
    const char *started_at;  /* UTC, date_clock_text; may be NULL */
    const char *finished_at; /* the same */
    const char *result;      /* "published", "stopped by a gate: …" */
    int exit_code;           /* enum exit_code */
    bool published;
    const struct report_source *sources;
    size_t source_count;
    const struct report_retention *retention;
    size_t retention_count;
    const struct report_gate *gates;
    size_t gate_count;
    const struct report_count *corrections; /* files of OUT/corrections/, and their lines */
    size_t correction_count;
    struct report_match match;
    struct report_golden golden;
    const struct report_count *view_tables;
    size_t view_table_count;
    struct report_targets targets;
    const char *audit_head; /* how far the audit log goes, audit_head_format; NULL: unknown */
    const struct report_stage *stages;
    size_t stage_count;
    double seconds;
    uint64_t peak_memory_bytes; /* report_peak_memory, or 0: unknown */
};

/* Writes the report as JSON, replacing `path` atomically. Keys stand in a fixed order. */
bool report_write(const struct run_report *report, const char *path, struct error *error);

/* Appends the summary for people: aligned columns, at most 60 lines. Sources that had trouble come
 * first when there are too many for one line each. */
void report_summary(const struct run_report *report, struct buffer *text);

/* The most memory this process has held so far, in bytes; 0 when the system does not tell. */
uint64_t report_peak_memory(void);

#endif
