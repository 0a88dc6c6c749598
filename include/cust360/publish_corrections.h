/* publish_corrections.h: what each dealer is to correct at the source.
 *
 *   state.db: findings ──► OUT/corrections/SOURCE.csv, one line a record and field, worst first
 *
 * The files are for the dealer whose data they are, so values stand in them as they came: mode
 * 0600. UTF-8 with a byte order mark and CRLF, so that spreadsheets open them; a value that a
 * spreadsheet would take for a formula has an apostrophe before it. */
#ifndef CUST360_PUBLISH_CORRECTIONS_H
#define CUST360_PUBLISH_CORRECTIONS_H

#include "cust360/base/arena.h"
#include "cust360/config.h"
#include "cust360/publish.h"

struct database;

/* Writes a file a source that has something to correct and removes those of the others. The order:
 * rejected rows, refused values that are personal (identity, contact, name), contradictions, other
 * refused values, warnings; of these, records with more faults first.
 * *counts (in the arena): the files written, by name as in report.json, with their lines. */
bool corrections_write(struct arena *arena, struct database *state, const struct model *model,
                       const char *folder, const struct report_count **counts, size_t *count,
                       struct error *error);

#endif
