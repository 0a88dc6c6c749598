#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "support.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>

/* Whatever customers, consents, contacts and merges there are: what the contact plan promises
 * holds. The promises are asked of the state's own records, by other ways than the plan's SQL goes.
 */

TestSuite(view_contact_property, .init = view_test_open, .fini = view_test_close);

static uint64_t random_state;

static unsigned pick(unsigned many)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % many;
}

__attribute__((format(printf, 1, 2))) static void change(const char *format, ...)
{
    char sql[900];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sql, sizeof(sql), format, arguments);
    va_end(arguments);
    in_state(sql);
}

enum { CUSTOMERS = 40, NUMBERS = 16, STRANGERS = 4 /* numbers of nobody */, HOMES = 25 };

/* A car whose policy and loan end soon, a mobile that others may have, a home that others share. */
static void put_some_customer(unsigned number)
{
    char key[8];
    char vin[16];
    char mobile[24];
    snprintf(key, sizeof(key), "%u", number);
    snprintf(vin, sizeof(vin), "LFV%u", number);
    snprintf(mobile, sizeof(mobile), "138000000%02u", pick(NUMBERS));
    put_customer(1 + (int)pick(3), key, (int)number, "王伟", pick(8) ? mobile : NULL);
    put_car(1, key, vin, "2020-02-01");
    change("INSERT INTO record_ownership(source_id, source_key, customer_key, vin, purchase_date)"
           " SELECT source_id, 'o%u', '%u', '%s', '2020-02-01' FROM record_customer"
           " WHERE source_key = '%u' AND source_id <> 1",
           number, number, vin, number);
    change("UPDATE record_customer SET address = '上海市漕溪路%u号' WHERE source_key = '%u'",
           pick(HOMES), number);
    change("INSERT INTO record_contract(source_id, source_key, number, type, vin, starts_on,"
           " ends_on) VALUES (8, 'i%u', 'I%u', 'insurance', '%s', '2025-07-01', '2026-07-%02u'),"
           " (7, 'f%u', 'F%u', 'finance', '%s', '2023-08-20', '2026-08-%02u')",
           number, number, vin, 1 + pick(28), number, number, vin, 1 + pick(28));
}

static void put_some_consent(void)
{
    static const char *const channels[] = {"'phone'", "'sms'", "'wechat'", "NULL"};
    static const char *const purposes[] = {"'marketing'", "'service'", "'marketing'", "NULL"};
    bool granted = pick(3) > 0;
    change("INSERT INTO record_consent(source_id, source_key, mobile, channel, purpose, decision,"
           " decided_at, closed_run) SELECT 6, 'd' || count(*), '138000000%02u', %s, %s, '%s', %s,"
           " %s FROM record_consent",
           pick(NUMBERS + STRANGERS), channels[pick(granted ? 3 : 4)],
           purposes[pick(granted ? 3 : 4)], granted ? "granted" : "withdrawn",
           pick(8) ? (pick(2) ? "'2025-01-01T00:00:00'" : "'2025-06-01T00:00:00'") : "NULL",
           pick(6) ? "NULL" : "1");
}

/* Half of them to one of three numbers, which so have their share of a year; those long ago. */
static void put_some_contact(void)
{
    bool is_frequent = pick(2);
    change("INSERT INTO record_contact(source_id, source_key, mobile, channel, contacted_at)"
           " SELECT 6, 'c' || count(*), '138000000%02u', 'phone', '2026-%02u-%02uT10:00:00'"
           " FROM record_contact",
           is_frequent ? pick(3) : pick(NUMBERS), is_frequent ? 1 + pick(5) : 5 + pick(2),
           1 + pick(28));
}

/* Golden customers as a run would make them; merging and splitting changes the crosswalk only. */
static void merge(void)
{
    in_state("DELETE FROM golden;"
             "INSERT INTO golden(golden_number, golden_id, type, name, name_key, mobile, address,"
             " source_count, record_count, first_run, changed_run)"
             " SELECT x.golden_number, 'G' || x.golden_number, 'person', max(name), max(name_key),"
             " max(mobile), max(address), count(DISTINCT source_id), count(*), 1, 1 FROM crosswalk"
             " x JOIN record_customer r ON r.record_id = x.record_id GROUP BY 1");
}

static void merge_or_split(void)
{
    change("UPDATE crosswalk SET golden_number = CASE WHEN %u THEN (SELECT golden_number FROM"
           " crosswalk ORDER BY (record_id * %u) %% 41, record_id LIMIT 1) ELSE record_id + 100"
           " END WHERE record_id %% 40 = %u",
           pick(3), 3 + pick(30), pick(40));
    merge();
}

/* A grant of the value by this channel, for this kind of lead, that no refusal takes back. */
#define GRANTED(value, channel_is, customer)                                                       \
    " EXISTS (SELECT 1 FROM state.record_consent g WHERE g.mobile = " value                        \
    " AND g.decision = 'granted' AND g.closed_run IS NULL AND " channel_is                         \
    " AND g.purpose IN ('marketing', 'service') AND NOT EXISTS (SELECT 1 FROM "                    \
    "state.record_consent"                                                                         \
    " r WHERE r.mobile = g.mobile AND r.decision <> 'granted'"                                     \
    " AND coalesce(r.channel, g.channel) = g.channel AND coalesce(r.purpose, g.purpose) ="         \
    " g.purpose AND (r.decided_at IS NULL OR g.decided_at IS NULL"                                 \
    " OR r.decided_at >= g.decided_at)))"

static const struct {
    const char *promise;
    const char *broken; /* how often it is */
} promises[] = {
    {"nobody is contacted by a value that has not agreed, or has said no since",
     "SELECT count(*) FROM contact_plan p WHERE NOT" GRANTED("p.contact_value",
                                                             "g.channel = p.channel", "")},
    {"a value belongs to whom is contacted by it",
     "SELECT count(*) FROM contact_plan p WHERE NOT EXISTS (SELECT 1 FROM state.record_customer r"
     " JOIN state.crosswalk x ON x.record_id = r.record_id WHERE r.mobile = p.contact_value"
     " AND 'G' || x.golden_number = p.golden_id)"},
    {"a number of four customers or more is nobody's",
     "SELECT count(*) FROM contact_plan p WHERE (SELECT count(DISTINCT x.golden_number)"
     " FROM state.record_customer r JOIN state.crosswalk x ON x.record_id = r.record_id"
     " WHERE r.mobile = p.contact_value) >= 4"},
    {"nobody's leads are told who has not agreed to any of it",
     "SELECT count(*) FROM contact_plan_lead l WHERE l.plan_golden_id IS NOT NULL AND NOT EXISTS"
     " (SELECT 1 FROM state.record_customer c JOIN state.crosswalk x ON x.record_id = c.record_id"
     " WHERE 'G' || x.golden_number = l.golden_id AND" GRANTED("c.mobile", "true", "") ")"},
    {"a household has one contact",
     "SELECT count(*) - count(DISTINCT household_id) FROM contact_plan"},
    {"a customer has one contact", "SELECT count(*) - count(DISTINCT golden_id) FROM contact_plan"},
    {"each lead is planned or has a reason why not, never both",
     "SELECT count(*) FROM open_lead l LEFT JOIN contact_plan_lead p USING (golden_id, type,"
     " subject) WHERE (p.plan_golden_id IS NULL) = (p.reason IS NULL)"},
    {"no lead is planned that is not open",
     "SELECT count(*) FROM contact_plan_lead p WHERE NOT EXISTS (SELECT 1 FROM open_lead l WHERE"
     " l.golden_id = p.golden_id AND l.type = p.type AND l.subject = p.subject)"},
    {"a contact's points are its leads",
     "SELECT count(*) FROM contact_plan p WHERE points <> (SELECT count(*) FROM contact_plan_lead l"
     " WHERE l.plan_golden_id = p.golden_id) OR points > 5"},
    {"what is told has been agreed to by whom it is told, for that channel and number",
     "SELECT count(*) FROM contact_plan_lead l JOIN contact_plan p ON p.golden_id ="
     " l.plan_golden_id JOIN lead_type t ON t.type = l.type WHERE NOT" GRANTED(
         "p.contact_value",
         "g.channel = p.channel AND (t.purpose = 'service'"
         " OR g.purpose = 'marketing')",
         "")},
    {"a number is contacted once, whoever has it",
     "SELECT count(*) - count(DISTINCT contact_value) FROM contact_plan"},
    {"of two or three at one address one is contacted",
     "SELECT count(*) FROM contact_plan a JOIN contact_plan b ON a.golden_id < b.golden_id"
     " JOIN state.golden x ON x.golden_id = a.golden_id"
     " JOIN state.golden y ON y.golden_id = b.golden_id"
     " WHERE x.address = y.address AND (SELECT count(*) FROM state.golden z WHERE z.address ="
     " x.address) < 4"},
    {"thirty days lie between two contacts of a household",
     "SELECT count(*) FROM contact_plan p WHERE p.plan_on < date((SELECT max(m.contacted_at) FROM"
     " contact_made m JOIN customer_value k ON k.golden_id = m.golden_id WHERE k.household_id ="
     " p.household_id), '+30 days')"},
    {"within a year a household has eight contacts",
     "SELECT count(*) FROM contact_plan p WHERE (SELECT count(*) FROM state.record_contact c"
     " WHERE c.contacted_at > '2025-06-30' AND EXISTS (SELECT 1 FROM contact_point q"
     " JOIN customer_value k ON k.golden_id = q.golden_id WHERE q.value = c.mobile"
     " AND q.quality <> 'shared' AND k.household_id = p.household_id)) >= 8"},
    {"who could be contacted is: seven contacts, the last a month ago, are not too many",
     "SELECT count(*) FROM contact_plan_lead l WHERE l.reason = 'frequency_cap' AND (SELECT"
     " count(*) FROM state.record_contact c WHERE EXISTS (SELECT 1 FROM contact_point q JOIN"
     " customer_value k ON k.golden_id = q.golden_id WHERE q.value = c.mobile AND k.household_id ="
     " l.household_id)) < 8 AND NOT EXISTS (SELECT 1 FROM state.record_contact c JOIN contact_point"
     " q ON q.value = c.mobile JOIN customer_value k ON k.golden_id = q.golden_id WHERE"
     " k.household_id = l.household_id AND date(c.contacted_at, '+30 days') > '2026-07-14')"},
    {"an opt-out stays with its number, whoever has it",
     "SELECT count(*) FROM (SELECT mobile, coalesce(channel, '*') AS channel, coalesce(purpose, "
     "'*')"
     " AS purpose FROM state.record_consent WHERE decision <> 'granted' AND decided_at IS NULL"
     " EXCEPT SELECT contact_value, channel, purpose FROM suppression)"},
};

static char sql_folder[512]; /* "": the project's */

static void build_some(void)
{
    struct view_result result;
    struct error error;
    cr_assert(build_from(sql_folder[0] ? sql_folder : NULL, &result, &error), "%s:%d: %s",
              error.file, (int)error.line, error.message);
}

/* Notes each promise that the view breaks, a line each. */
static void note_broken(struct buffer *broken, unsigned round)
{
    struct error error;
    struct database *view = database_open(view_file(), DATABASE_READ, &error);
    cr_assert(view && database_attach(view, state_file(), "state", &error), "%s", error.message);
    for (size_t i = 0; i < sizeof(promises) / sizeof(promises[0]); i++) {
        int64_t times = 0;
        cr_assert(database_integer(view, promises[i].broken, 0, &times, &error), "%s: %s",
                  promises[i].promise, error.message);
        if (times != 0)
            buffer_format(broken, "round %u: %s: broken %d times\n", round, promises[i].promise,
                          (int)times);
    }
    database_close(view);
}

/* Rounds of consents, contacts, merges and splits, up to the first broken promise. */
static void live_through(uint64_t seed, struct buffer *broken)
{
    random_state = seed;
    for (unsigned i = 1; i <= CUSTOMERS; i++)
        put_some_customer(i);
    merge();
    for (unsigned round = 0; round < 6 && broken->length == 0; round++) {
        for (unsigned i = 0; i < 12; i++)
            put_some_consent();
        for (unsigned i = 0; i < 5; i++)
            put_some_contact();
        for (unsigned i = 0; i < 3 && round > 0; i++)
            merge_or_split();
        build_some();
        note_broken(broken, round);
    }
}

static void expect_promises_kept(uint64_t seed)
{
    struct buffer broken = BUFFER_EMPTY;
    live_through(seed, &broken);
    cr_expect_eq(broken.length, 0, "%s", broken.data);
    buffer_release(&broken);
    /* Promises about nobody would be kept by no plan at all. */
    cr_expect_str_neq(view_rows("SELECT count(*) FROM contact_plan"), "0");
}

Test(view_contact_property, whatever_happens_the_plan_keeps_its_promises_1)
{
    expect_promises_kept(1);
}

Test(view_contact_property, whatever_happens_the_plan_keeps_its_promises_2)
{
    expect_promises_kept(2);
}

/* ---- whether the promises above can be seen to be broken ---- */

/* What somebody might take out of the SQL, or get wrong. */
static const struct {
    const char *what;
    const char *file; /* of mappings/view */
    const char *text;
    const char *instead;
} mistakes[] = {
    {"no days between two contacts", "720-contact-plan.sql", "coalesce(d.free_on, '')", "''"},
    {"no contacts a year", "720-contact-plan.sql", "OR d.times >= ", "OR d.times + 1000 < "},
    {"a call to a number of two counts twice", "720-contact-plan.sql",
     "m.contacted_at || ' ' || m.channel || ' ' || m.contact_value",
     "m.contacted_at || m.golden_id"},
    {"refusals are passed over", "570-contact-allowed.sql",
     "WHERE s.contact_value = ", "WHERE false AND s.contact_value = "},
    {"an undated refusal is none", "570-contact-allowed.sql", "s.since >= g.decided_at, 1",
     "s.since >= g.decided_at, 0"},
    {"an opt-out goes with the customer", "570-contact-allowed.sql", "WHERE decision <>",
     "WHERE golden_id IS NOT NULL AND decision <>"},
    {"what was not agreed to counts", "570-contact-allowed.sql",
     "WHERE g.decision =", "WHERE g.decision <> 'x' OR g.decision ="},
    {"a consent to service is one to marketing", "570-contact-allowed.sql",
     "OR (u.purpose = 'service'", "OR (u.purpose <> ''"},
    {"a shared number is somebody's", "570-contact-allowed.sql", "p.quality <> 'shared'", "true"},
    {"a household's members are contacted each", "720-contact-plan.sql",
     "SELECT l.golden_id, l.type, l.subject, k.household_id,",
     "SELECT l.golden_id, l.type, l.subject, l.golden_id,"},
    {"a number is contacted for each who has it", "720-contact-plan.sql",
     "n.household_id IS NULL AS is_taken,\n           n.household_id IS NOT NULL",
     "0 AS is_taken, 1"},
    {"points go by any channel", "720-contact-plan.sql",
     "AND a.channel = f.channel AND a.contact_value = f.contact_value)\n                OR",
     ")\n                OR"},
    {"leads are dropped without a reason", "720-contact-plan.sql", "THEN 'same_number' WHEN",
     "THEN NULL WHEN"},
};

static void copy_sql_with(struct arena *arena, size_t mistake)
{
    char **paths = NULL;
    size_t count = 0;
    struct error error;
    cr_assert(file_glob(arena, "mappings/view/*.*", &paths, &count, &error));
    for (size_t i = 0; i < count; i++) {
        struct slice sql;
        cr_assert(file_read(arena, paths[i], 1 << 20, &sql, &error));
        const char *copy = arena_text(arena, sql);
        if (strcmp(file_name(paths[i]), mistakes[mistake].file) == 0) {
            const char *at = strstr(copy, mistakes[mistake].text);
            cr_assert(at, "%s: its text is not there", mistakes[mistake].what);
            copy = arena_format(arena, "%.*s%s%s", (int)(at - copy), copy,
                                mistakes[mistake].instead, at + strlen(mistakes[mistake].text));
        }
        write_file(arena_format(arena, "view/%s", file_name(paths[i])), copy);
    }
    write_file("reference/x", "");
    cr_assert(
        file_copy("mappings/reference/ahp_ri.csv", in_folder("reference/ahp_ri.csv"), &error));
}

static void expect_seen(size_t mistake)
{
    struct arena *arena = arena_create();
    struct buffer broken = BUFFER_EMPTY;
    for (uint64_t seed = 1; seed <= 4 && broken.length == 0; seed++) {
        view_test_close();
        view_test_open();
        copy_sql_with(arena, mistake);
        snprintf(sql_folder, sizeof(sql_folder), "%s", in_folder("view"));
        live_through(seed, &broken);
    }
    cr_expect_neq(broken.length, 0, "%s: no promise is seen to be broken", mistakes[mistake].what);
    sql_folder[0] = '\0';
    buffer_release(&broken);
    arena_destroy(arena);
}

Test(view_contact_property, a_mistake_in_the_sql_breaks_a_promise)
{
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
        expect_seen(i);
}
