/* stage.h: what the stages of `cust360 stage` share.
 *
 * A stage is a filter: rows in, rows out, in the lines of cust360/stage.h. One stage = one file =
 * one constant = one row of stage.c's table. A stage is a function of its input, its options and
 * the configuration; it keeps nothing, asks no clock, and ends well only when its input was read to
 * the end.
 *
 * Records go by an id: source, a space, key. As sources' names have no character below "!", ids are
 * in the order of (source, key). */
#ifndef CUST360_CLI_STAGE_H
#define CUST360_CLI_STAGE_H

#include "cli/command.h"
#include "cust360/config.h"
#include "cust360/match_part.h"
#include "cust360/merge.h"
#include "cust360/stage.h"
#include "cust360/standardize.h"

enum stage_needs { /* bits */
                   STAGE_SOURCES = 1,
                   STAGE_RULES = 2,
                   STAGE_MATCH = 4, /* match.yaml and what all records have shown */
                   STAGE_MODEL = 8,
                   STAGE_SURVIVORSHIP = 16
};

struct stage_job {
    const struct invocation *invocation;
    struct arena *arena;   /* of the whole run */
    struct arena *scratch; /* of a row, or of what the stage makes of several */
    const struct project *project;
    struct rules *rules;
    struct match_rules *match_rules;
    struct match_model *match_model;
    struct match_common *common;
    struct survivorship *survivorship;
    int32_t as_of_days;
    uint64_t hash;
    struct line_reader *reader;
    struct line_writer *writer;
    const char *reject_reason; /* set by `take` with REJECTED */
    void *own;                 /* the stage's */
};

struct stage {
    const char *name;
    unsigned needs;
    bool (*begin)(struct stage_job *job, struct error *error);
    /* A row. REJECTED: it goes out as a reject, with job->reject_reason. */
    enum outcome (*take)(struct stage_job *job, const struct line *line, struct error *error);
    bool (*end)(struct stage_job *job, struct error *error);
    void (*release)(struct stage_job *job); /* also after a failure, and before `begin` */
};

extern const struct stage stage_plan;
extern const struct stage stage_read;
extern const struct stage stage_standardize;
extern const struct stage stage_gather;
extern const struct stage stage_keys;
extern const struct stage stage_score;
extern const struct stage stage_components;
extern const struct stage stage_cluster;
extern const struct stage stage_assign;
extern const struct stage stage_merge;

/* `return stage_refuse(job, "columns");` */
enum outcome stage_refuse(struct stage_job *job, const char *reason);

/* Goes through the rows of a file that an option names; not given: there are none. */
typedef bool stage_file_row(struct stage_job *job, const struct line *line, struct error *error);
bool stage_read_file(struct stage_job *job, const char *option, stage_file_row *take,
                     struct error *error);

/* A whole number, or a hash of 16 hexadecimal digits, in a column. */
bool stage_number(struct slice column, int64_t *number);
bool stage_hash(struct slice column, uint64_t *hash);
void stage_write_hash(struct line_writer *writer, uint64_t hash);

/* Source and key of an id. */
bool stage_split_id(struct slice id, struct slice *source, struct slice *key);

/* Records that were read and standardized, as rows (stage_records.c). */
struct stage_record_place {
    size_t source; /* index into the project's */
    struct slice sequence;
};
void stage_write_records(struct stage_job *job, const struct stage_record_place *place,
                         const struct row_result *result);
void stage_write_findings(struct stage_job *job, const struct stage_record_place *place,
                          const struct row_result *result);

#endif
