#include "cust360/base/database.h"
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

enum { CUSTOMERS = 40, NUMBERS = 16, HOMES = 25 };

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
           pick(NUMBERS), channels[pick(granted ? 3 : 4)], purposes[pick(granted ? 3 : 4)],
           granted ? "granted" : "withdrawn",
           pick(8) ? (pick(2) ? "'2025-01-01T00:00:00'" : "'2025-06-01T00:00:00'") : "NULL",
           pick(6) ? "NULL" : "1");
}

static void put_some_contact(void)
{
    change("INSERT INTO record_contact(source_id, source_key, mobile, channel, contacted_at)"
           " SELECT 6, 'c' || count(*), '138000000%02u', 'phone', '2026-%02u-%02uT10:00:00'"
           " FROM record_contact",
           pick(NUMBERS), 5 + pick(2), 1 + pick(28));
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
    {"thirty days lie between two contacts of a household, and within a year there are eight",
     "SELECT count(*) FROM contact_plan p WHERE p.plan_on < date((SELECT max(m.contacted_at) FROM"
     " contact_made m JOIN customer_value k ON k.golden_id = m.golden_id WHERE k.household_id ="
     " p.household_id), '+30 days') OR (SELECT count(*) FROM contact_made m JOIN customer_value k"
     " ON k.golden_id = m.golden_id WHERE k.household_id = p.household_id AND m.contacted_at >"
     " '2025-06-30') >= 8"},
    {"an opt-out stays with its number, whoever has it",
     "SELECT count(*) FROM (SELECT mobile, coalesce(channel, '*') AS channel, coalesce(purpose, "
     "'*')"
     " AS purpose FROM state.record_consent WHERE decision <> 'granted' AND decided_at IS NULL"
     " EXCEPT SELECT contact_value, channel, purpose FROM suppression)"},
};

static void expect_promises(unsigned round)
{
    struct error error;
    struct database *view = database_open(view_file(), DATABASE_READ, &error);
    cr_assert(view && database_attach(view, state_file(), "state", &error), "%s", error.message);
    for (size_t i = 0; i < sizeof(promises) / sizeof(promises[0]); i++) {
        int64_t broken = 0;
        cr_assert(database_integer(view, promises[i].broken, 0, &broken, &error), "%s: %s",
                  promises[i].promise, error.message);
        cr_expect_eq(broken, 0, "round %u: %s: broken %d times", round, promises[i].promise,
                     (int)broken);
    }
    database_close(view);
}

static void live_through(uint64_t seed)
{
    random_state = seed;
    for (unsigned i = 1; i <= CUSTOMERS; i++)
        put_some_customer(i);
    merge();
    for (unsigned round = 0; round < 6; round++) {
        for (unsigned i = 0; i < 12; i++)
            put_some_consent();
        for (unsigned i = 0; i < 3; i++)
            put_some_contact();
        for (unsigned i = 0; i < 3 && round > 0; i++)
            merge_or_split();
        build_view();
        expect_promises(round);
    }
    /* Promises about nobody would be kept by no plan at all. */
    cr_expect_str_neq(view_rows("SELECT count(*) FROM contact_plan"), "0");
}

Test(view_contact_property, whatever_happens_the_plan_keeps_its_promises_1)
{
    live_through(1);
}

Test(view_contact_property, whatever_happens_the_plan_keeps_its_promises_2)
{
    live_through(2);
}
