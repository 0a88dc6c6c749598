#include "cust360/base/date.h"
#include "session.h"

#include <math.h>
#include <stdio.h>

/* How the work goes: what was cleared, what is left, how fast, how old, how reliably. */

enum { STEWARDS_MOST = 200, HOUR_SECONDS = 3600 };

static bool read_left(struct review *review, struct review_stats *stats, struct error *error)
{
    struct session_run run;
    if (!session_last_run(review->state, &run, error))
        return false;
    struct statement *rows = statement_prepare(
        review->state,
        "SELECT kind, status, count(*), min(first_day), sum(first_day) FROM review_case INDEXED BY"
        " review_case_queue"
        " GROUP BY kind, status",
        error);
    double days = 0;
    enum outcome outcome = FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        size_t count = (size_t)statement_integer(rows, 2);
        int64_t status = statement_integer(rows, 1);
        int32_t age = run.as_of_days - (int32_t)statement_integer(rows, 3);
        stats->left += count;
        stats->left_by_kind[statement_integer(rows, 0)] += count;
        stats->unsure += status == REVIEW_UNSURE ? count : 0;
        stats->second += status == REVIEW_SECOND ? count : 0;
        stats->oldest_days = age > stats->oldest_days ? age : stats->oldest_days;
        days += (double)count * run.as_of_days - statement_number(rows, 4);
    }
    statement_destroy(rows);
    stats->mean_age_days = stats->left ? days / (double)stats->left : 0;
    return outcome == ENDED;
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
        "WITH said AS (SELECT decided_by, decided_at, strftime('%s', decided_at) AS second FROM"
        " decision WHERE kind <> 'undo' AND NOT undone AND decision_id = coalesce(batch,"
        " decision_id)), last AS (SELECT decided_by, max(CAST(second AS INTEGER)) AS second FROM"
        " said GROUP BY decided_by) SELECT s.decided_by, count(*),"
        " sum(substr(s.decided_at, 1, 10) = substr(?1, 1, 10)),"
        " sum(CAST(s.second AS INTEGER) > l.second - 3600),"
        " min(CASE WHEN CAST(s.second AS INTEGER) > l.second - 3600 THEN CAST(s.second AS INTEGER)"
        " END), l.second FROM said s JOIN last l USING (decided_by) GROUP BY s.decided_by",
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
    bool done =
        read_left(review, stats, error) && read_stewards(review, arena, stats, error) &&
        read_controls(review, arena, stats, error) &&
        database_integer(review->desk, "SELECT count(*) FROM waiting", 0, &waiting, error) &&
        database_integer(review->state, "SELECT count(*) FROM review_touched", 0, &unpublished,
                         error);
    stats->waiting = (size_t)waiting;
    stats->unpublished = (size_t)unpublished;
    return done;
}
