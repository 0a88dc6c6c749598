/* Any bytes as requests to the stewards' page of a small group's night, parted by the byte 30; see
 * visitor.h for how they are read. Promised: without a steward's cookie, proof, host and origin
 * nothing is changed, and of a viewer only that values were shown is noted; whole personal values
 * are told only to who asks for them in a noted way; the same change sent again changes nothing. */
#include "desk.h"
#include "visitor.h"

#include "review/serve/routes.h"
#include "review/session.h"

#include <stdlib.h>
#include <string.h>

enum { /* further stand-ins */
       KEY = VISIT_STANDINS,
       SEEN,
       GOLDEN,
       RECORD = 11,
       MOBILE = 12,
       OTHER_KEY = 14,
       OTHER_SEEN = 15
};

enum { PART = 30, REQUESTS_MOST = 8, VALUE_BYTES_LEAST = 6 };

static struct review_desk desk;
static const char *standins[VISIT_STANDINS_MOST + 1];
static const char **values; /* personal ones, sorted */
static size_t value_count;
static int begun; /* publishings */

static bool begin_publishing(void *context, struct error *error)
{
    (void)context;
    (void)error;
    begun++;
    return true;
}

static struct review_publishing tell_publishing(void *context)
{
    (void)context;
    return (struct review_publishing){REVIEW_PUBLISH_NONE, "", ""};
}

/* ---- the state ---- */

static int64_t number(struct database *database, const char *sql)
{
    struct error error;
    int64_t value = 0;
    require(database_integer(database, sql, 0, &value, &error));
    return value;
}

static const char *text_of(const char *sql)
{
    struct error error;
    struct statement *select = statement_prepare(desk.review->state, sql, &error);
    require(select && statement_step(select, &error) == ACCEPTED);
    const char *text = arena_text(desk.arena, statement_text(select, 0));
    statement_destroy(select);
    return text;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void learn_values(void)
{
    enum { VALUES_MOST = 20000 };
    struct error error;
    enum outcome outcome;
    struct statement *select = statement_prepare(
        desk.review->state,
        "SELECT v FROM (SELECT mobile AS v FROM record_customer UNION SELECT id_number FROM"
        " record_customer UNION SELECT landline FROM record_customer) WHERE length(v) >= 11 AND v"
        " NOT GLOB '*[^0-9A-Za-z]*' UNION SELECT substr(plate, 2) FROM record_ownership WHERE"
        " length(plate) = 7",
        &error);
    require(select != NULL);
    values = arena_allocate_array(desk.arena, VALUES_MOST, sizeof(*values));
    while (value_count < VALUES_MOST && (outcome = statement_step(select, &error)) == ACCEPTED)
        values[value_count++] = arena_text(desk.arena, statement_text(select, 0));
    statement_destroy(select);
    require(value_count > 0 && value_count < VALUES_MOST);
    qsort(values, value_count, sizeof(*values), compare_texts);
}

static void learn_case(const struct review_item *item, int key, int seen)
{
    struct error error;
    struct review_case found;
    require(review_case(desk.review, item->key, desk.arena, &found, &error));
    standins[key] = arena_text(desk.arena, slice_of(item->key));
    standins[seen] = arena_text(desk.arena, slice_of(found.seen));
    if (key != KEY)
        return;
    standins[GOLDEN] = found.records->golden_id;
    standins[RECORD] = arena_format(desk.arena, "%lld", (long long)found.records->record_id);
}

static void open_desk(void)
{
    static const struct review_publisher publisher = {NULL, begin_publishing, tell_publishing};
    const struct review_filter all = REVIEW_FILTER_ALL;
    struct review_page page;
    struct error error;
    fuzz_desk_open(&desk);
    review_publish_by(desk.review, &publisher);
    require(database_run(desk.review->desk, "PRAGMA synchronous = OFF", &error));
    require(review_queue(desk.review, &all, 0, 2, desk.arena, &page, &error) && page.count == 2);
    learn_case(&page.items[0], KEY, SEEN);
    learn_case(&page.items[1], OTHER_KEY, OTHER_SEEN);
    standins[MOBILE] = text_of("SELECT mobile FROM golden WHERE mobile IS NOT NULL");
    learn_values();
}

/* ---- what a request has done ---- */

struct traces {
    int64_t state; /* rows written, also those that were taken back */
    int64_t desk;
    int64_t revealed;
    int64_t worked; /* rows of the desk that only a steward makes */
    int commits;
    int begun;
};

static struct traces look(void)
{
    return (struct traces){
        .state = number(desk.review->state, "SELECT total_changes()"),
        .desk = number(desk.review->desk, "SELECT total_changes()"),
        .revealed = number(desk.review->desk, "SELECT count(*) FROM revealed"),
        .worked = number(desk.review->desk,
                         "SELECT (SELECT count(*) FROM lease) + (SELECT count(*) FROM flag) +"
                         " (SELECT count(*) FROM waiting) + (SELECT count(*) FROM control) +"
                         " (SELECT count(*) FROM turn)"),
        .commits = fuzz_desk_commits(),
        .begun = begun,
    };
}

static void check_changes(const struct visit *visit, const struct traces *before,
                          const struct traces *after)
{
    if (visit_is_stewards(visit))
        return;
    require(after->commits == before->commits && after->begun == before->begun &&
            after->worked == before->worked);
    require(visit_is_somebodys(visit) || after->desk == before->desk);
    require(visit_has_cookie(visit) || after->state == before->state);
}

static bool is_value(const char *text, size_t length)
{
    char copy[64];
    const char *wanted = copy;
    if (length < VALUE_BYTES_LEAST || length >= sizeof(copy))
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return bsearch(&wanted, values, value_count, sizeof(*values), compare_texts) != NULL;
}

static bool tells_a_value(const struct buffer *body)
{
    size_t start = 0;
    for (size_t i = 0; i <= body->length; i++) {
        char byte = i < body->length ? body->data[i] : ' ';
        if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
            (byte >= 'a' && byte <= 'z'))
            continue;
        if (is_value(body->data + start, i - start))
            return true;
        start = i + 1;
    }
    return false;
}

static void check_values(const struct visit *visit, const struct traces *before,
                         const struct traces *after)
{
    bool is_noted = visit_is_somebodys(visit) && after->revealed == before->revealed + 1;
    require(is_noted || !tells_a_value(&visit->body));
}

/* ---- one input ---- */

static struct slice cut_part(struct slice *rest)
{
    const char *found = memchr(rest->data, PART, rest->length);
    size_t length = found ? (size_t)(found - rest->data) : rest->length;
    struct slice part = slice_cut(*rest, 0, length);
    *rest = slice_cut(*rest, found ? length + 1 : length, rest->length);
    return part;
}

static bool was_done_before(const struct slice *parts, const int *statuses, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (statuses[i] == 200 && slice_equal(parts[i], parts[count]))
            return true;
    return false;
}

static void ask_all(struct visit *visit, struct slice text)
{
    struct slice parts[REQUESTS_MOST];
    int statuses[REQUESTS_MOST];
    struct traces before = look();
    for (size_t i = 0; i < REQUESTS_MOST && text.length > 0; i++) {
        parts[i] = cut_part(&text);
        visit_ask(visit, parts[i]);
        statuses[i] = visit->response.status;
        struct traces after = look();
        check_changes(visit, &before, &after);
        check_values(visit, &before, &after);
        require(!slice_equal(visit->request.method, SLICE("POST")) ||
                !was_done_before(parts, statuses, i) ||
                (after.desk == before.desk && after.commits == before.commits));
        before = after;
    }
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    open_desk();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct visit visit;
    struct error error;
    visit_open(&visit, review_routes, desk.review);
    for (size_t i = KEY; i <= VISIT_STANDINS_MOST; i++)
        if (standins[i])
            visit.standins[i] = standins[i];
    struct traces before = look();
    ask_all(&visit, visit_spell_out(&visit, bytes, count));
    visit_close(&visit);
    require(look().desk == before.desk ||
            database_run(desk.review->desk,
                         "DELETE FROM lease; DELETE FROM flag; DELETE FROM turn; DELETE FROM"
                         " control; DELETE FROM waiting; DELETE FROM revealed",
                         &error));
    return 0;
}
