/* profile_draft.h: a mapping drafted from a profile.
 *
 *   meanings ──► which entities the tables hold ──► keys, fields, codes ──► YAML, a reason each
 * line
 *
 * What is surer than DRAFT_SURE is written as it should be; what is less sure is marked so that
 * `check` refuses it with its place, until a person has decided. */
#ifndef CUST360_PROFILE_DRAFT_H
#define CUST360_PROFILE_DRAFT_H

#include "cust360/config.h"
#include "cust360/profile.h"

#define DRAFT_SURE 0.8

struct draft_settings {
    const struct model *model;
    const char *folder; /* mappings/profile */
    const char *name;   /* of the mapping */
};

struct draft_counts {
    size_t lines; /* fields and keys */
    size_t undecided;
    size_t ignored; /* columns */
};

/* Appends the mapping. False: a table of `folder` cannot be read. */
bool draft_write(const struct profile *profile, const struct draft_settings *settings,
                 struct arena *arena, struct buffer *yaml, struct draft_counts *counts,
                 struct error *error);

#endif
