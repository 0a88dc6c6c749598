#include "cust360/base/audit.h"
#include "cust360/golden.h"
#include "cust360/review_customer.h"
#include "session.h"

/* One customer: where each value comes from, what has become of the id, and the page that the view
 * has of it. The state is as of the last decision, the page as of the last publishing. */

struct reading_customer {
    struct review *review;
    struct arena *arena;
    struct review_customer *customer;
    uint32_t number;
    struct error *error;
};

static bool is_living(struct reading_customer *work, uint32_t number, bool *living)
{
    int64_t found = 0;
    const char *sql = arena_format(
        work->arena, "SELECT count(*) FROM golden WHERE golden_number = %lld", (long long)number);
    bool done = database_integer(work->review->state, sql, 0, &found, work->error);
    *living = found > 0;
    return done;
}

/* The id that lives in place of one that was merged away; GOLDEN_NONE: nobody's. */
static bool follow_alias(struct reading_customer *work, const char *golden_id)
{
    struct statement *find = statement_prepare(
        work->review->state, "SELECT becomes FROM golden_alias WHERE golden_id = ?1", work->error);
    work->number = GOLDEN_NONE;
    if (!find)
        return false;
    statement_bind_text(find, 1, slice_of(golden_id));
    enum outcome outcome = statement_step(find, work->error);
    if (outcome == ACCEPTED && !golden_id_parse(statement_text(find, 0), &work->number))
        work->number = GOLDEN_NONE;
    statement_destroy(find);
    return outcome != FAILED;
}

static bool find_living(struct reading_customer *work, const char *asked)
{
    bool living = false;
    char *id = arena_allocate(work->arena, GOLDEN_ID_BYTES);
    work->customer->asked_id = "";
    if (!golden_id_parse(slice_of(asked), &work->number))
        return error_set(
            work->error, EXIT_FAILED,
            "a golden id is C and nine characters, the last of which checks the others");
    if (!is_living(work, work->number, &living))
        return false;
    golden_id_format(work->number, id);
    if (!living) {
        if (!follow_alias(work, id) || !is_living(work, work->number, &living))
            return false;
        work->customer->asked_id = id;
    }
    if (!living)
        return error_set(work->error, EXIT_FAILED, "no customer has the id %s", id);
    char *living_id = arena_allocate(work->arena, GOLDEN_ID_BYTES);
    golden_id_format(work->number, living_id);
    work->customer->golden_id = living_id;
    return true;
}

/* ---- where values come from ---- */

static void fill_origin(struct reading_customer *work, const struct statement *row,
                        const char *value)
{
    struct review_customer *customer = work->customer;
    struct arena *arena = work->arena;
    const struct model_entity *entity = work->review->entity;
    struct review_origin *origin = &customer->origins[customer->origin_count++];
    size_t field = model_find_field(entity, column_text(arena, row, 0));
    const char *rule = column_text(arena, row, 1);
    *origin = (struct review_origin){
        .attribute = column_text(arena, row, 0),
        .label = field == FIELD_NONE ? column_text(arena, row, 0) : entity->fields[field].label,
        .value = value,
        .personal = field == FIELD_NONE || entity->fields[field].personal,
        .rule = rule,
        .rule_in_words = work->review->engine->rule_in_words(rule),
        .source = column_text(arena, row, 2),
        .key = column_text(arena, row, 3),
        .file = column_text(arena, row, 4),
        .line = statement_integer(row, 5),
    };
}

static bool fill_origins(struct reading_customer *work)
{
    enum { ORIGINS_MOST = 96 };
    struct database *state = work->review->state;
    struct statement *golden =
        statement_prepare(state, "SELECT * FROM golden WHERE golden_number = ?1", work->error);
    /* Of a customer with one record nothing had to be chosen. */
    struct statement *origin = statement_prepare(
        state,
        arena_format(work->arena,
                     "SELECT k.name, coalesce(c.rule, 'only'), s.name, r.source_key, r.file, r.line"
                     " FROM golden_column k LEFT JOIN golden_choice c ON c.golden_number = ?1 AND"
                     " c.choice = k.choice LEFT JOIN \"record_%s\" r ON r.record_id = CASE WHEN"
                     " c.rule IS NULL THEN (SELECT min(record_id) FROM crosswalk JOIN \"record_%s\""
                     " l USING (record_id) WHERE golden_number = ?1 AND l.closed_run IS NULL) ELSE"
                     " c.record_id END LEFT JOIN source s ON s.source_id = r.source_id"
                     " WHERE k.name = ?2",
                     work->review->entity->name, work->review->entity->name),
        work->error);
    work->customer->origins =
        arena_allocate_array(work->arena, ORIGINS_MOST, sizeof(*work->customer->origins));
    bool done = golden && origin;
    if (done)
        statement_bind_integer(golden, 1, work->number);
    enum outcome outcome = done ? statement_step(golden, work->error) : FAILED;
    for (int i = 2; outcome == ACCEPTED && i < statement_columns(golden) &&
                    work->customer->origin_count < ORIGINS_MOST;
         i++) {
        if (statement_is_null(golden, i))
            continue;
        statement_reset(origin);
        statement_bind_integer(origin, 1, work->number);
        statement_bind_text(origin, 2, slice_of(statement_column_name(golden, i)));
        enum outcome known = statement_step(origin, work->error);
        if (known == ACCEPTED)
            fill_origin(work, origin, column_text(work->arena, golden, i));
        if (known == FAILED)
            outcome = FAILED;
    }
    statement_destroy(golden);
    statement_destroy(origin);
    return outcome != FAILED;
}

/* ---- records and history ---- */

static bool fill_records(struct reading_customer *work)
{
    const struct stored_case all = {.kind = REVIEW_VALUE, .golden_a = work->number};
    struct review_customer *customer = work->customer;
    struct shown_records shown;
    if (!shown_list(work->review, &all, work->arena, &shown, work->error))
        return false;
    customer->records =
        arena_allocate_array(work->arena, shown.count + 1, sizeof(*customer->records));
    for (; customer->record_count < shown.count; customer->record_count++)
        if (!shown_record(work->review, shown.ids[customer->record_count], work->arena,
                          &customer->records[customer->record_count], work->error))
            return false;
    return true;
}

static bool fill_events(struct reading_customer *work)
{
    enum { EVENTS_MOST = 200 };
    struct review_customer *customer = work->customer;
    customer->events = arena_allocate_array(work->arena, EVENTS_MOST, sizeof(*customer->events));
    struct statement *rows = statement_prepare(
        work->review->state,
        "SELECT run_id, as_of, CASE WHEN golden_id = ?1 THEN event ELSE golden_id || ' ' || event"
        " END, other_id FROM golden_history WHERE golden_id = ?1 OR golden_id IN (SELECT golden_id"
        " FROM golden_alias WHERE becomes = ?1) ORDER BY run_id, rowid LIMIT 200",
        work->error);
    if (!rows)
        return false;
    statement_bind_text(rows, 1, slice_of(customer->golden_id));
    enum outcome outcome;
    while ((outcome = statement_step(rows, work->error)) == ACCEPTED &&
           customer->event_count < EVENTS_MOST)
        customer->events[customer->event_count++] = (struct review_event){
            .run_id = statement_integer(rows, 0),
            .as_of = column_text(work->arena, rows, 1),
            .event = column_text(work->arena, rows, 2),
            .other_id = column_text(work->arena, rows, 3),
        };
    statement_destroy(rows);
    return outcome != FAILED;
}

static bool fill_page(struct reading_customer *work)
{
    const struct review_engine *engine = work->review->engine;
    struct buffer json = BUFFER_EMPTY;
    bool done = engine->page(engine->context, work->customer->golden_id, &json, work->error);
    work->customer->page = arena_text(work->arena, buffer_slice(&json));
    buffer_release(&json);
    return done;
}

bool review_customer(struct review *review, const char *golden_id, struct arena *arena,
                     struct review_customer *customer, struct error *error)
{
    struct reading_customer work = {
        .review = review, .arena = arena, .customer = customer, .error = error};
    *customer = (struct review_customer){.page = ""};
    return find_living(&work, golden_id) && fill_origins(&work) && fill_records(&work) &&
           fill_events(&work) && fill_page(&work);
}

/* "customer C…" or "case 0123…": what somebody else typed there may be a customer's value, and has
 * no place in the audit log. */
static bool is_key_or_id(const char *what)
{
    const char *blank = strchr(what, ' ');
    uint32_t number = GOLDEN_NONE;
    int64_t key = 0;
    return blank &&
           (golden_id_parse(slice_of(blank + 1), &number) || key_parse(slice_of(blank + 1), &key));
}

bool review_revealed(struct review *review, const char *who, const char *what, struct error *error)
{
    struct arena *arena = arena_create();
    struct statement *put =
        statement_prepare(review->desk, "INSERT INTO revealed VALUES(?1, ?2, ?3)", error);
    if (put) {
        statement_bind_text(put, 1, slice_of(session_now(arena)));
        statement_bind_text(put, 2, slice_of(who));
        statement_bind_text(put, 3, slice_of(what));
    }
    const struct audit_detail details[] = {{"what", is_key_or_id(what) ? what : NULL}};
    const struct audit_entry entry = {who, "unmasked", details, 1};
    bool done =
        put && statement_run(put, error) && audit_append(review->project->state, &entry, error);
    statement_destroy(put);
    arena_destroy(arena);
    return done;
}
