/* rejects.h: the rows that a source's reading set aside, for people and for another try.
 *
 * STATE/rejects/SOURCE.rejects.csv holds the rows byte for byte as they came, under the heading as
 * it came, so that they can be repaired and fed again; further tables of a source have their own
 * file (SOURCE.TABLE.rejects.csv). SOURCE.reasons.tsv has one line a reason, with place and masked
 * value. The files of a source are replaced when its reading has ended, and removed when there
 * was nothing to say. */
#ifndef CUST360_CLI_REJECTS_H
#define CUST360_CLI_REJECTS_H

#include "cust360/standardize.h"

struct rejects;

/* The name of the file that holds a table's rejected rows. */
const char *rejects_file_name(struct arena *arena, const struct source *source, size_t table);

/* `folder` is made when it is not there. NULL: error. */
struct rejects *rejects_open(const char *folder, const struct source *source,
                             const struct seal_ring *seals, struct error *error);

/* Adds one row of a table as it came; `heading` is written before the first of the table. */
bool rejects_add_row(struct rejects *rejects, size_t table, struct slice heading, struct slice raw,
                     struct error *error);

/* The same for a row that stands in a file and is too long for memory. */
struct reject_span {
    const char *path;
    uint64_t byte_offset;
    uint64_t byte_length;
};
bool rejects_add_span(struct rejects *rejects, size_t table, struct slice heading,
                      const struct reject_span *span, struct error *error);

/* Adds one reason. */
bool rejects_add_reason(struct rejects *rejects, int64_t run_id, const struct place *place,
                        const struct model *model, const struct finding *finding,
                        struct error *error);

/* Puts the files in place of the former ones, or removes those when there is nothing to keep. */
bool rejects_finish(struct rejects *rejects, struct error *error);

/* The files that a finished reading has left, as far as they are there; as long as `rejects`. */
size_t rejects_files(const struct rejects *rejects, const char *const **paths);

/* Throws away what was written, if it was not finished; NULL is allowed. */
void rejects_close(struct rejects *rejects);

#endif
