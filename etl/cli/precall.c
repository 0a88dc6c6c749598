#include "cli/commands.h"
#include "cli/show.h"

/* In the order in which a caller needs it. */
static const struct page_section sheet[] = {
    {"basic", "Basic", "ttttttttbtntttt", true, false,
     "SELECT c.golden_id, c.name, c.type, c.gender, c.birth_date, c.occupation, c.mobile, g.grade,"
     " g.is_vip AS vip, v.stage, v.rfm, v.home_dealer, c.city, c.district,"
     " CASE WHEN v.household_id <> c.golden_id THEN v.household_id END AS household"
     " FROM customer c JOIN customer_value v ON v.golden_id = c.golden_id"
     " JOIN customer_grade g ON g.golden_id = c.golden_id WHERE c.golden_id = ?1"},
    {"plan", "Planned contact", "ttttttnt", true, false,
     "SELECT plan_on AS 'on', contact_by AS 'by', dealer, channel, contact_value AS contact,"
     " golden_id AS 'with', points, script FROM contact_plan WHERE household_id = (SELECT "
     "household_id"
     " FROM customer_value WHERE golden_id = ?1)"},
    {"leads", "Open leads", "tttttbt", false, false,
     "SELECT t.label AS lead, l.subject, l.due_on AS due, l.contact_by, l.reason,"
     " p.plan_golden_id IS NOT NULL AS planned, p.reason AS dropped FROM open_lead l"
     " JOIN lead_type t ON t.type = l.type JOIN contact_plan_lead p ON p.golden_id = l.golden_id"
     " AND p.type = l.type AND p.subject = l.subject WHERE l.golden_id = ?1"
     " ORDER BY l.value DESC, l.type, l.subject"},
    {"consent", "May be contacted", "tttttt", false, false,
     "SELECT contact_value AS contact, coalesce(channel, 'every') AS channel,"
     " coalesce(purpose, 'every') AS purpose, decision, decided_at, source FROM consent"
     " WHERE golden_id = ?1 ORDER BY contact_value, channel, purpose"},
    {"contacts", "Last contacts", "tttttt", false, true,
     "SELECT contacted_at AS 'at', channel, contact_value AS contact, dealer, topic, result"
     " FROM contact_made WHERE golden_id = ?1 ORDER BY contacted_at DESC"},
    {"vehicles", "Vehicles", "ttttttttttt", false, false,
     "SELECT s.vin, v.plate, coalesce(v.brand, v.maker) AS brand, v.model, v.owned_since,"
     " s.warranty_ends_on AS warranty, s.extended_warranty_ends_on AS extended,"
     " s.insurance_ends_on AS insurance, s.inspection_due_on AS inspection,"
     " s.connected_ends_on AS connected, s.finance_ends_on AS finance FROM vehicle v"
     " JOIN vehicle_status s ON s.vin = v.vin WHERE v.owner_golden_id = ?1"
     " ORDER BY v.owned_since DESC, v.vin"},
    {"after_sales", "After-sales", "tnttnpttt", false, false,
     "SELECT s.vin, s.visits, s.last_visit_on AS last_visit, s.dealer, s.odometer_km AS km,"
     " s.km_per_day, s.last_maintenance_on AS maintenance, s.next_service_on AS next_service,"
     " s.next_service_by AS 'by' FROM vehicle_status s WHERE s.owner_golden_id = ?1"
     " ORDER BY s.last_visit_on DESC, s.vin"},
    {"used_car", "Used car", "ttmtttt", false, false,
     "SELECT o.vin, o.model, o.price AS price_paid, o.from_date AS 'from', o.to_date AS 'to',"
     " o.role, (SELECT t.label FROM open_lead l JOIN lead_type t ON t.type = l.type"
     " WHERE l.golden_id = o.golden_id AND l.subject = o.vin AND l.type IN ('buy_back',"
     " 'trade_in', 'upgrade') ORDER BY l.value DESC LIMIT 1) AS next_car FROM ownership o"
     " WHERE o.golden_id = ?1 ORDER BY o.from_date DESC, o.vin"},
    {"relations", "Relations", "tttttn", false, false,
     "SELECT r.other_golden_id AS customer, c.name, r.type AS 'is', r.evidence, r.since, r.times"
     " FROM relation r JOIN customer c ON c.golden_id = r.other_golden_id WHERE r.golden_id = ?1"
     " ORDER BY r.type, r.other_golden_id"},
    {"others", "Others with their cars", "tttttn", false, false,
     "SELECT v.vin, r.golden_id AS customer, c.name, r.role, coalesce(r.to_date, r.from_date) AS"
     " last, r.times FROM vehicle v JOIN vehicle_role r ON r.vin = v.vin JOIN customer c"
     " ON c.golden_id = r.golden_id WHERE v.owner_golden_id = ?1 AND r.golden_id <> ?1"
     " ORDER BY v.vin, r.role, r.golden_id"},
    {"finance", "Finance and insurance", "ttttttmt", false, false,
     "SELECT type, number, product, vin, starts_on, ends_on, principal, status FROM contract"
     " WHERE golden_id = ?1 ORDER BY ends_on DESC, number"},
    {"complaints", "Complaints", "ttttttt", false, false,
     "SELECT date, number, vin, detail AS category, status, closed_on, result AS settlement"
     " FROM event WHERE golden_id = ?1 AND type = 'complaint' ORDER BY date DESC, number"},
    {"membership", "Membership", "tnmnnn", true, false,
     "SELECT level, cards, prepaid, points_earned, points_spent, points FROM member_level"
     " WHERE golden_id = ?1"},
    {"value", "Value", "nmmmmp", true, false,
     "SELECT v.visits, v.spent_sales AS spent_on_cars, v.spent_service AS spent_in_workshops,"
     " v.clv_historic AS value_so_far, v.clv_expected AS value_expected, g.score"
     " FROM customer_value v JOIN customer_grade g ON g.golden_id = v.golden_id"
     " WHERE v.golden_id = ?1"},
    {"recalls", "Recalls", "ttttt", false, false,
     "SELECT campaign, vin, title, issued_on AS issued, done_on AS done FROM recall_car"
     " WHERE golden_id = ?1 ORDER BY done_on IS NOT NULL, campaign, vin"},
    {NULL, NULL, NULL, false, false, NULL},
};

static int run_precall(const struct invocation *invocation)
{
    bool html = invocation_flag(invocation, "html");
    return show_customer(invocation,
                         &(struct page_options){.all = invocation_flag(invocation, "all"),
                                                .format = html ? PAGE_HTML : PAGE_TEXT,
                                                .sections = sheet,
                                                .title = "Before calling"});
}

static const struct option_rule precall_options[] = {
    OPTION_CONFIG,
    OPTION_STATE,
    OPTION_OUT,
    {"all", 0, NULL, "all contacts, not only the newest"},
    {"html", 0, NULL, "one page that can be printed, to stdout"},
    {"format", 0, "FORMAT", "text or json (default: text)"},
    OPTION_END};

const struct command command_precall = {
    .name = "precall",
    .summary = "show the sheet for whoever is about to call a customer",
    .arguments = "ID|MOBILE|VIN|NAME",
    .arguments_least = 1,
    .arguments_most = 16,
    .options = precall_options,
    .details =
        "Who it is, the planned contact with its points, open leads and why some were\n"
        "dropped, consents, last contacts, cars and what is due, relations, contracts,\n"
        "complaints, membership, value. The customer is named as for cust360 show." DETAILS_WHOLE,
    .run = run_precall,
};
