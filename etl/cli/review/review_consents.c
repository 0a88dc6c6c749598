#include "cli/open.h"
#include "cli/review/review_open.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/json.h"

/* Consents as the published view tells them. A merge leaves each with its number or address; what a
 * steward is to know before is whether one of the customers refuses what another grants. */

static const char counted[] =
    "WITH own AS (SELECT golden_id, coalesce(channel, '') AS channel,"
    " coalesce(purpose, '') AS purpose,"
    " decision = (SELECT value FROM parameter WHERE name = 'consent_granted') AS granted"
    " FROM consent WHERE golden_id IN (SELECT value FROM json_each(?1)))"
    " SELECT coalesce(sum(granted), 0), coalesce(sum(NOT granted), 0),"
    " coalesce(sum(NOT granted AND EXISTS (SELECT 1 FROM own other WHERE other.granted"
    " AND other.golden_id <> own.golden_id AND other.channel = own.channel"
    " AND other.purpose = own.purpose)), 0) FROM own";

static bool count_consents(struct database *view, struct slice ids,
                           struct review_consents *consents, struct error *error)
{
    struct statement *select = statement_prepare(view, counted, error);
    if (!select)
        return false;
    statement_bind_text(select, 1, ids);
    enum outcome outcome = statement_step(select, error);
    if (outcome == ACCEPTED)
        *consents = (struct review_consents){(size_t)statement_integer(select, 0),
                                             (size_t)statement_integer(select, 1),
                                             (size_t)statement_integer(select, 2)};
    statement_destroy(select);
    return outcome == ACCEPTED;
}

bool review_consents(void *context, const char *const *golden_ids, size_t count,
                     struct arena *arena, struct review_consents *consents, struct error *error)
{
    const struct review_desk *desk = context;
    const char *path = view_path(desk->project, arena);
    struct buffer ids = BUFFER_EMPTY;
    struct json_writer json = JSON_WRITER_COMPACT(&ids);
    int64_t tables = 0;
    *consents = (struct review_consents){0};
    if (!file_exists(path))
        return true;
    struct database *view = database_open(path, DATABASE_READ, error);
    json_array_begin(&json, NULL);
    for (size_t i = 0; i < count; i++)
        json_text(&json, NULL, slice_of(golden_ids[i]));
    json_array_end(&json);
    /* A group may publish a view without consents. */
    bool done = view &&
                database_integer(view,
                                 "SELECT count(*) FROM sqlite_master WHERE name IN ('consent',"
                                 " 'parameter')",
                                 0, &tables, error) &&
                (tables < 2 || count_consents(view, buffer_slice(&ids), consents, error));
    database_close(view);
    buffer_release(&ids);
    return done;
}
