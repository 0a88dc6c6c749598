/* review_open.h: a review session as the command line opens it: the stages behind review.h.
 *
 *   project ──► state (shared), rules, model, survivorship ──► engine ──► session */
#ifndef CUST360_CLI_REVIEW_OPEN_H
#define CUST360_CLI_REVIEW_OPEN_H

#include "cli/command.h"
#include "cust360/match.h"
#include "cust360/merge.h"
#include "cust360/review_engine.h"
#include "cust360/store_steward.h"

struct review_desk {
    struct arena *arena; /* as long as the session */
    const struct project *project;
    struct match_rules *rules;
    struct match_model *model;
    struct survivorship *survivorship;
    struct store *store;
    struct review_engine engine;
    struct review *review;
    bool basis_differs; /* survivorship.yaml is not that of the last run */
};

/* Opens the session of the project that the command line names (--config, --state, --out). To be
 * closed in any case. */
bool review_desk_open(struct review_desk *desk, const struct invocation *invocation,
                      struct error *error);
void review_desk_close(struct review_desk *desk);

/* Brings the published view up to date with what was decided, when something was; *published (may
 * be NULL) tells whether it did. EXIT_LOCKED: a run is under way, which publishes. Of a large group
 * it takes seconds. */
bool review_desk_publish(struct review_desk *desk, bool *published, struct error *error);

/* ---- between the files of the engine ---- */

/* Matches and merges anew what hangs together with these records. */
bool review_apply(void *context, const int64_t *records, size_t count, struct arena *arena,
                  struct review_applied *applied, struct error *error);

/* Fills an input with these records; a value that belongs to nobody is left out. */
bool review_load_input(struct review_desk *desk, const int64_t *records, size_t count,
                       struct match_input *input, struct arena *arena, struct error *error);

/* Why two records are weighed as they are. */
bool review_explain(void *context, int64_t record_a, int64_t record_b, struct arena *arena,
                    struct review_evidence *evidence, struct error *error);

/* What these customers have consented to, by the published view. */
bool review_consents(void *context, const char *const *golden_ids, size_t count,
                     struct arena *arena, struct review_consents *consents, struct error *error);

#endif
