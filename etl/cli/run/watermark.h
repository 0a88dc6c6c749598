/* watermark.h: how far deltas over ODBC have been read. */
#ifndef CUST360_CLI_WATERMARK_H
#define CUST360_CLI_WATERMARK_H

#include "cli/run/job.h"
#include "cli/run/reading.h"

/* Fills in where each delta begins tonight. */
bool watermarks_load(struct job *job, struct error *error);

/* Notes how far a source has been read, with its rows: a reading that is taken back takes it back.
 */
bool watermarks_save(struct job *job, const struct reading *reading, size_t source,
                     struct error *error);

#endif
