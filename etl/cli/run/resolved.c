#include "cli/run/job.h"
#include "cust360/base/buffer.h"
#include "cust360/store_changes.h"
#include "cust360/store_reading.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Matching and merging are functions of the records, the decisions and the configuration: when none
 * of them has changed they are not asked again. Their figures are noted in the state, for the next
 * run's report. */

enum { FIGURES_MAX = 20 };

/* The figures that are noted, in their order. */
static size_t list_figures(struct run_report *report, uint64_t **figures)
{
    struct report_match *match = &report->match;
    uint64_t *const all[] = {
        &match->records,          &match->pairs_compared,   &match->pairs_matched,
        &match->pairs_possible,   &match->pairs_left_out,   &match->values_shared_widely,
        &match->links_refused,    &match->clusters,         &match->largest_cluster,
        &match->cluster_sizes[0], &match->cluster_sizes[1], &match->cluster_sizes[2],
        &match->cluster_sizes[3], &match->cluster_sizes[4], &match->cluster_sizes[5],
        &report->golden.total,
    };
    size_t count = sizeof(all) / sizeof(all[0]);
    for (size_t i = 0; i < count; i++)
        figures[i] = all[i];
    return count;
}

static bool hash_basis(struct job *job, uint64_t *hash, struct error *error)
{
    uint64_t decisions = 0;
    if (!store_decisions_hash(job->store, &decisions, error))
        return false;
    *hash = job->configuration_hash ^ decisions;
    return true;
}

bool job_resolved_before(struct job *job, bool *resolved, struct error *error)
{
    uint64_t *figures[FIGURES_MAX];
    uint64_t basis = 0;
    const char *note = NULL;
    *resolved = false;
    if (job->rebuild || store_has_changes(job->store))
        return true;
    if (!hash_basis(job, &basis, error) ||
        !store_note_read(job->store, "resolved", job->arena, &note, error))
        return false;
    char *end = NULL;
    uint64_t noted = strtoull(note, &end, 16);
    if (!*note || noted != basis)
        return true;
    size_t count = list_figures(&job->report, figures);
    for (size_t i = 0; i < count; i++)
        *figures[i] = strtoull(end, &end, 10);
    job->report.golden.unchanged = job->report.golden.total;
    *resolved = true;
    return store_shared_end(job->store, error);
}

bool job_note_resolved(struct job *job, struct error *error)
{
    uint64_t *figures[FIGURES_MAX];
    uint64_t basis = 0;
    struct buffer note = BUFFER_EMPTY;
    if (!hash_basis(job, &basis, error))
        return false;
    buffer_format(&note, "%" PRIx64, basis);
    size_t count = list_figures(&job->report, figures);
    for (size_t i = 0; i < count; i++)
        buffer_format(&note, " %" PRIu64, *figures[i]);
    bool done = store_note_write(job->store, "resolved", note.data, error);
    buffer_release(&note);
    return done;
}
