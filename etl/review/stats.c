#include "cust360/base/date.h"
#include "decide.h"
#include "publishing.h"
#include "queue.h"

#include <math.h>
#include <stdio.h>

/* How the work goes: what was cleared, what is left, how fast, how old, how reliably. */

enum { STEWARDS_MOST = 200, HOUR_SECONDS = 3600 };

/* What counts as cleared; the index review_said has just these rows. */
#define SAID "kind <> 'undo' AND NOT undone AND decision_id = coalesce(batch, decision_id)"

static bool read_left(struct review *review, struct review_stats *stats, struct error *error)
{
    struct session_run run;
    if (!session_last_run(review->state, &run, error))
        return false;
    const struct queue_row *rows = NULL;
    size_t count = 0;
    double days = 0;
    if (!queue_rows(review, &rows, &count, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        int32_t age = run.as_of_days - (int32_t)rows[i].first_day;
        stats->left_by_kind[rows[i].kind]++;
        stats->unsure += rows[i].status == REVIEW_UNSURE;
        stats->second += rows[i].status == REVIEW_SECOND;
        stats->oldest_days = age > stats->oldest_days ? age : stats->oldest_days;
        days += age;
    }
    stats->left = count;
    stats->mean_age_days = count ? days / (double)count : 0;
    return true;
}

static struct review_steward *steward_of(struct review_stats *stats, const char *who)
{
    for (size_t i = 0; i < stats->steward_count; i++)
        if (strcmp(stats->stewards[i].who, who) == 0)
            return &stats->stewards[i];
    if (stats->steward_count == STEWARDS_MOST)
        return &stats->stewards[STEWARDS_MOST - 1];
    struct review_steward *steward = &stats->stewards[stats->steward_count++];
    *steward = (struct review_steward){.who = who};
    return steward;
}

/* Of the last hour in which the steward worked: breaks between sittings do not count. */
static bool read_stewards(struct review *review, struct arena *arena, struct review_stats *stats,
                          struct error *error)
{
    char now[DATE_TIME_TEXT_BYTES];
    date_clock_text(now);
    struct statement *rows = statement_prepare(
        review->state,
        "WITH steward AS (SELECT decided_by AS who, count(*) AS cleared,"
        " sum(substr(decided_at, 1, 10) = substr(?1, 1, 10)) AS today, max(decided_at) AS last"
        " FROM decision WHERE " SAID " GROUP BY decided_by), hour AS (SELECT s.*,"
        " strftime('%Y-%m-%dT%H:%M:%SZ', s.last, '-1 hour') AS began FROM steward s)"
        " SELECT h.who, h.cleared, h.today, (SELECT count(*) FROM decision WHERE " SAID
        " AND decided_by = h.who AND decided_at > h.began), (SELECT strftime('%s',"
        " min(decided_at)) FROM decision WHERE " SAID
        " AND decided_by = h.who AND decided_at > h.began), strftime('%s', h.last) FROM hour h",
        error);
    if (!rows)
        return false;
    statement_bind_text(rows, 1, slice_of(now));
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED) {
        struct review_steward *steward = steward_of(stats, column_text(arena, rows, 0));
        int64_t seconds = statement_integer(rows, 5) - statement_integer(rows, 4);
        double recent = statement_number(rows, 3);
        steward->cleared += (size_t)statement_integer(rows, 1);
        steward->today += (size_t)statement_integer(rows, 2);
        steward->per_hour = seconds > 0 ? (recent - 1) * HOUR_SECONDS / (double)seconds : recent;
        stats->cleared += (size_t)statement_integer(rows, 1);
        stats->cleared_today += (size_t)statement_integer(rows, 2);
        stats->per_hour += steward->per_hour;
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

static bool read_controls(struct review *review, struct arena *arena, struct review_stats *stats,
                          struct error *error)
{
    struct statement *rows = statement_prepare(
        review->desk,
        "SELECT who, count(*), sum(given = expected) FROM control WHERE given IS NOT NULL"
        " GROUP BY who",
        error);
    enum outcome outcome = FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        struct review_steward *steward = steward_of(stats, column_text(arena, rows, 0));
        steward->controls = (size_t)statement_integer(rows, 1);
        steward->agreed = (size_t)statement_integer(rows, 2);
        stats->controls += steward->controls;
        stats->agreed += steward->agreed;
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

bool review_stats(struct review *review, struct arena *arena, struct review_stats *stats,
                  struct error *error)
{
    int64_t waiting = 0;
    int64_t unpublished = 0;
    *stats = (struct review_stats){0};
    stats->stewards = arena_allocate_array(arena, STEWARDS_MOST, sizeof(*stats->stewards));
    bool done = read_left(review, stats, error) && read_stewards(review, arena, stats, error) &&
                read_controls(review, arena, stats, error) &&
                database_integer(review->desk, "SELECT count(*) FROM waiting WHERE failed IS NULL",
                                 0, &waiting, error) &&
                waiting_failures(review, arena, stats, error) &&
                publishing_left(review, &unpublished, error);
    stats->waiting = (size_t)waiting;
    stats->unpublished = (size_t)unpublished;
    stats->publishing = publishing_told(review, arena);
    return done;
}
