#include "queue.h"

/* A steward's mark on a case, to come back to it or to show it to somebody: it decides nothing, and
 * so it stays on the desk. */

bool review_flag(struct review *review, const char *who, const char *key, bool on,
                 struct error *error)
{
    int64_t number = 0;
    if (!key_read(key, &number, error))
        return false;
    struct statement *change =
        statement_prepare(review->desk,
                          on ? "INSERT OR REPLACE INTO flag(case_key, who) VALUES(?1, ?2)"
                             : "DELETE FROM flag WHERE case_key = ?1",
                          error);
    if (!change)
        return false;
    statement_bind_integer(change, 1, number);
    if (on)
        statement_bind_text(change, 2, slice_of(who));
    bool done = statement_run(change, error);
    statement_destroy(change);
    return done;
}

bool flag_list(struct review *review, struct arena *arena, struct key_list *list,
               struct error *error)
{
    int64_t count = 0;
    *list = (struct key_list){0};
    if (!database_integer(review->desk, "SELECT count(*) FROM flag", 0, &count, error))
        return false;
    list->keys = arena_allocate_array(arena, (size_t)count + 1, sizeof(*list->keys));
    struct statement *rows = statement_prepare(review->desk, "SELECT case_key FROM flag", error);
    enum outcome outcome = FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED &&
           list->count < (size_t)count)
        list->keys[list->count++] = statement_integer(rows, 0);
    statement_destroy(rows);
    key_list_sort(list);
    return outcome != FAILED;
}
