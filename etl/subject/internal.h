/* internal.h: what the files of subject share. */
#ifndef CUST360_SUBJECT_INTERNAL_H
#define CUST360_SUBJECT_INTERNAL_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/subject.h"

/* Temporary tables of the state's connection:
 *   temp.person(record_id, source_id, source_key)   records of the matched entity
 *   temp.said(kind, value, shared)                  the values of struct subject_value
 *   temp.belongs(entity, record_id)                 rows of other entities */

/* Fills the tables from temp.person, and the values. */
bool subject_collect(struct subject *subject, struct error *error);

/* Whether the entity has a field of that name. */
bool entity_has(const struct model_entity *entity, const char *name);

/* Runs SQL composed with arena_format, and adds the rows changed to *rows (may be NULL). */
bool subject_run(const struct subject *subject, struct database *database, const char *sql,
                 int64_t *rows, struct error *error);

#endif
