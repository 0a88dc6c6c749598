/* views.h: the views of former runs, to go back to.
 *
 *   OUT/customer360.db ──(before it is replaced)──► OUT/views/run-000012.db ──► publish --run 12 */
#ifndef CUST360_CLI_VIEWS_H
#define CUST360_CLI_VIEWS_H

#include "cust360/config.h"
#include "cust360/store_retention.h"

/* The run whose view is published, and its day; 0: there is no view, or nobody can tell. */
struct view_stand {
    int64_t run_id;
    char as_of[11];
};
void view_stand(const struct project *project, struct arena *arena, struct view_stand *stand);

/* Keeps the published view under its run's name, and lets go of the oldest beyond `keep: views`
 * (with `most` of them staying). To be called before the view is replaced. */
bool views_keep(const struct project *project, struct arena *arena, size_t most,
                struct error *error);

/* The runs whose views are kept, oldest first. */
bool views_list(const struct project *project, struct arena *arena, int64_t **runs, size_t *count,
                struct error *error);

/* Publishes the kept view of a run in place of the present one, atomically. */
bool views_put_back(const struct project *project, struct arena *arena, int64_t run_id,
                    struct error *error);

/* Where the view of a run is kept. */
const char *views_path(const struct project *project, struct arena *arena, int64_t run_id);

/* Takes out of the kept views what is past its term: of those persons they get the rows that the
 * published view has. To be called when it has been replaced. */
bool views_clean(const struct project *project, struct arena *arena,
                 const struct retention_touched *touched, size_t count, struct error *error);

#endif
