#include "cust360/base/map.h"
#include "cust360/base/text.h"
#include "cust360/golden.h"
#include "cust360/review_customer.h"
#include "session.h"

/* A prefix is a range of an index: so a search costs what it finds, in a view of any size. */

struct finder {
    const char *found_by;
    bool letters;    /* small letters without blanks: pinyin */
    bool capitals;   /* VIN, plate, id */
    size_t least;    /* characters */
    const char *sql; /* ?1 from, ?2 up to, ?3 how many */
};

static const struct finder finders[] = {
    {"id", false, true, 2,
     "SELECT golden_id, golden_id FROM customer WHERE golden_id >= ?1 AND golden_id < ?2"
     " ORDER BY golden_id LIMIT ?3"},
    {"former id", false, true, 10,
     "SELECT becomes, golden_id FROM golden_alias WHERE golden_id >= ?1 AND golden_id < ?2"
     " ORDER BY golden_id LIMIT ?3"},
    {"mobile", false, false, 3,
     "SELECT golden_id, value FROM contact_point WHERE value >= ?1 AND value < ?2"
     " ORDER BY value LIMIT ?3"},
    {"name", false, false, 1,
     "SELECT golden_id, name FROM customer INDEXED BY customer_name WHERE name_key >= ?1 AND"
     " name_key < ?2 ORDER BY name_key LIMIT ?3"},
    /* An organisation's key is its name without the place; here it is as it is written. */
    {"name", false, false, 2,
     "SELECT golden_id, name FROM customer INDEXED BY customer_full_name WHERE type <> 'person' AND"
     " name >= ?1 AND name < ?2 ORDER BY name LIMIT ?3"},
    {"pinyin", true, false, 2,
     "SELECT golden_id, name_pinyin FROM customer INDEXED BY customer_pinyin WHERE"
     " name_pinyin IS NOT NULL AND replace(lower(name_pinyin), ' ', '') >= ?1 AND "
     "replace(lower(name_pinyin), ' ', '') < ?2"
     " ORDER BY replace(lower(name_pinyin), ' ', '') LIMIT ?3"},
    {"VIN", false, true, 3,
     "SELECT golden_id, vin FROM ownership WHERE vin >= ?1 AND vin < ?2 ORDER BY vin LIMIT ?3"},
    {"plate", false, true, 2,
     "SELECT golden_id, plate FROM ownership INDEXED BY ownership_plate WHERE plate >= ?1 AND"
     " plate < ?2 ORDER BY plate LIMIT ?3"},
    {"identity number", false, true, 6,
     "SELECT golden_id, id_number FROM customer INDEXED BY customer_id_number WHERE id_number >="
     " ?1 AND id_number < ?2 ORDER BY id_number LIMIT ?3"},
    {"customer number", false, false, 3,
     "SELECT golden_id, source || ' ' || source_key FROM customer_source WHERE source_key >= ?1"
     " AND source_key < ?2 ORDER BY source_key LIMIT ?3"},
};

struct searching {
    struct review *review;
    struct database *view;
    struct arena *arena;
    struct slice typed;
    size_t limit;
    struct map *seen;
    struct review_hit *hits;
    size_t count;
    struct statement *details;
};

static struct slice fold(const struct searching *searching, const struct finder *finder)
{
    struct slice typed = searching->typed;
    char *folded = arena_allocate(searching->arena, typed.length + 1);
    size_t length = 0;
    for (size_t i = 0; i < typed.length; i++) {
        char byte = typed.data[i];
        bool is_large = byte >= 'A' && byte <= 'Z';
        bool is_small = byte >= 'a' && byte <= 'z';
        if (finder->letters && byte == ' ')
            continue;
        if (finder->letters && is_large)
            byte = (char)(byte - 'A' + 'a');
        if (finder->capitals && is_small)
            byte = (char)(byte - 'a' + 'A');
        folded[length++] = byte;
    }
    return slice_make(folded, length);
}

static bool add_hit(struct searching *searching, const struct finder *finder,
                    const struct statement *row, struct error *error)
{
    struct slice id = statement_text(row, 0);
    if (slice_is_empty(id) || map_number(searching->seen, id) != MAP_NONE)
        return true;
    map_intern(searching->seen, id);
    statement_reset(searching->details);
    statement_bind_text(searching->details, 1, id);
    enum outcome outcome = statement_step(searching->details, error);
    if (outcome == ACCEPTED)
        searching->hits[searching->count++] = (struct review_hit){
            .golden_id = arena_text(searching->arena, id),
            .name = column_text(searching->arena, searching->details, 0),
            .city = column_text(searching->arena, searching->details, 1),
            .mobile = column_text(searching->arena, searching->details, 2),
            .found_by = finder->found_by,
            .found = column_text(searching->arena, row, 1),
        };
    return outcome != FAILED;
}

static bool run_finder(struct searching *searching, const struct finder *finder,
                       struct error *error)
{
    struct error ignored;
    struct slice from = fold(searching, finder);
    if (text_length(from) < finder->least)
        return true;
    struct buffer up_to = BUFFER_EMPTY;
    buffer_append(&up_to, from);
    text_append(&up_to, 0x10FFFF);
    struct statement *rows = statement_prepare(searching->view, finder->sql, &ignored);
    enum outcome outcome = ENDED; /* a group's own view may lack the table or its index */
    if (rows) {
        statement_bind_text(rows, 1, from);
        statement_bind_text(rows, 2, buffer_slice(&up_to));
        statement_bind_integer(rows, 3, (int64_t)searching->limit);
        while ((outcome = statement_step(rows, error)) == ACCEPTED &&
               searching->count < searching->limit)
            if (!add_hit(searching, finder, rows, error)) {
                outcome = FAILED;
                break;
            }
    }
    statement_destroy(rows);
    buffer_release(&up_to);
    return outcome != FAILED;
}

bool review_search(struct review *review, struct slice typed, size_t limit, struct arena *arena,
                   struct review_hit **hits, size_t *count, struct error *error)
{
    struct searching searching = {.review = review,
                                  .view = session_view(review),
                                  .arena = arena,
                                  .typed = slice_trim(typed),
                                  .limit = limit,
                                  .seen = map_create()};
    searching.hits = arena_allocate_array(arena, limit + 1, sizeof(*searching.hits));
    bool done = true;
    if (searching.view) {
        searching.details = statement_prepare(
            searching.view, "SELECT name, city, mobile FROM customer WHERE golden_id = ?1", error);
        done = searching.details != NULL;
    }
    for (size_t i = 0; searching.view && done && i < sizeof(finders) / sizeof(finders[0]) &&
                       searching.count < limit;
         i++)
        done = run_finder(&searching, &finders[i], error);
    statement_destroy(searching.details);
    map_destroy(searching.seen);
    *hits = searching.hits;
    *count = searching.count;
    return done;
}
