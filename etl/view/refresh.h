/* refresh.h: the view brought up to date instead of being made anew.
 *
 *   customer360.db ── copied ──► .new ── touched.sql: whose rows? ── NNN-name.sql ──► renamed
 *
 * What comes out is, row for row, what a full build would make (see axis.h for what a file has to
 * promise). */
#ifndef CUST360_VIEW_REFRESH_H
#define CUST360_VIEW_REFRESH_H

#include "view/lane.h"

/* A number for all that decides what the tables look like: the SQL files, view.yaml, and how this
 * program builds. Kept in the view's user_version; never 0. */
int32_t refresh_basis(const struct build *build);

/* Whether the former view is there, of the run that the state's lists of changes start from, made
 * by the same SQL, and little enough has changed for this to be worth while. */
bool refresh_possible(const struct build *build);

/* Makes build->path from the former view. On success *database is open, with nothing uncommitted.
 */
bool refresh_run(const struct build *build, struct database **database, struct error *error);

#endif
