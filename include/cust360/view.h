/* view.h: the published 360-degree view, OUT/customer360.db.
 *
 *   state.db (schema `state`, read only) ──► NNN-name.sql, in order ──► customer360.db.new ──►
 * renamed
 *
 * What the view holds is written in SQL files (mappings/view/) whose numbers give their order, with
 * parameters from view.yaml beside them. Those of 0NN run in both of two lanes, 1NN in the first,
 * 2NN in the second, the others when both have ended: see etl/view/lane.h. They find every value
 * they need in the table parameter(name, value): those of view.yaml, and `as_of` (YYYY-MM-DD) and
 * `run_id`. Readers of the old file keep it until they close it; a build that fails leaves it
 * untouched. */
#ifndef CUST360_VIEW_H
#define CUST360_VIEW_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"

#include <stdatomic.h>

struct view_options {
    const char *folder;     /* of the SQL files and view.yaml */
    const char *reference;  /* folder of ahp_ri.csv; NULL: ../reference of `folder` */
    const char *state_path; /* state.db, as committed; nobody may be writing it */
    const char *path;       /* customer360.db; its folder is made when it is not there */
    int64_t run_id;         /* the run whose state this is */
    int64_t former_run_id;  /* the run that the state's lists of changes start from; a view of it is
                               brought up to date by them; 0: the view is made anew */
    int32_t as_of_days;     /* "today" */
    unsigned threads;       /* 2 or more: both lanes at the same time; the view is the same */
    bool reversed;          /* rows whose order no SQL asks for are read the other way round: the
                               view is the same, which a test sees */
    atomic_bool *stop;      /* the build fails soon after it has become true; NULL: never */
};

struct view_table {
    const char *name;
    uint64_t rows;
};

struct view_result {
    struct view_table *tables; /* by name; in the arena */
    size_t table_count;
    bool refreshed; /* the former view was brought up to date */
    double seconds;
};

/* Builds the view, anew or from the former one with the same outcome, and replaces `options->path`
 * by it. False: the former view still stands;
 * `error` has exit code 78 with file and line when a SQL file or view.yaml is at fault, 10 when the
 * state is not there, else 1. */
bool view_build(struct arena *arena, const struct view_options *options, struct view_result *result,
                struct error *error);

#endif
