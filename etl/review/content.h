/* content.h: what a record says, as far as a decision may hang on it. */
#ifndef CUST360_REVIEW_CONTENT_H
#define CUST360_REVIEW_CONTENT_H

#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/config.h"

/* Whether a change of the field makes a decision stale. */
bool content_is_material(const struct model_field *field);

/* Whether two values of the field exclude each other in one customer: an identity number in the
 * form that it is compared in, a birth date. */
bool content_excludes(const struct model_entity *entity, size_t field);

/* A hash of what one or two records say (record id 0: there is none); not on their order. */
bool content_hash_pair(struct database *state, const struct model_entity *entity,
                       const int64_t records[2], uint64_t *hash, struct error *error);

/* The record's material values as one JSON object. */
bool content_json(struct database *state, const struct model_entity *entity, int64_t record_id,
                  struct buffer *json, struct error *error);

/* What differs between two such objects: "mobile, name"; "" : nothing. */
const char *content_changes(struct database *state, struct slice before, struct slice after,
                            struct arena *arena);

#endif
