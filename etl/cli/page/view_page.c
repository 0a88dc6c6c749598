#include "cli/page/view_page.h"
#include "cli/page/picture.h"
#include "cli/page/report_page.h"
#include "cust360/base/database.h"
#include "cust360/base/listing.h"
#include "cust360/base/memory.h"

enum { PARTS = 3 };

/* A chart and its numbers: a query that gives a label and up to three numbers, which are drawn as
 * the parts of a bar. */
struct view_chart {
    const char *title;
    const char *lead; /* what the parts are, and the table they are from */
    int part_count;
    const char *headings[PARTS + 1];
    const char *sql;
};

static const struct view_chart charts[] = {
    {"Customers by life-cycle stage",
     "Table customer_value.",
     1,
     {"stage", "customers", NULL, NULL},
     "SELECT s.label, count(v.golden_id) FROM stage s LEFT JOIN customer_value v"
     " ON v.stage = s.stage GROUP BY s.stage ORDER BY instr('prospect new active won_back at_risk"
     " lost', s.stage)"},
    {"Customers by grade",
     "Table customer_grade. From the left: all but VIP, VIP.",
     2,
     {"grade", "customers", "VIP", NULL},
     "SELECT grade, sum(NOT is_vip), sum(is_vip) FROM customer_grade GROUP BY grade ORDER BY "
     "grade"},
    {"Customers by dealer",
     "Table customer_value: the dealer of the last visit or purchase. From the left: new and"
     " active, at risk, lost.",
     3,
     {"dealer", "new and active", "at risk", "lost"},
     "SELECT home_dealer, sum(stage IN ('new', 'active', 'won_back')), sum(stage = 'at_risk'),"
     " sum(stage = 'lost') FROM customer_value WHERE home_dealer IS NOT NULL GROUP BY home_dealer"
     " ORDER BY home_dealer"},
    {"Retention by cohort",
     "Table retention_cohort: of the cars sold in a year, those that were in a workshop of the"
     " group in the first, second … year after. From the left: were, were not.",
     2,
     {"sold, year after", "in a workshop", "not", NULL},
     "SELECT sold_in || ', year ' || year, served, cars - served FROM retention_cohort"
     " ORDER BY sold_in, year"},
    {"Retention of the last months",
     "Table figure_month, formula retention_12m. From the left: cars in a workshop of the group"
     " within 12 months, not.",
     2,
     {"month", "in a workshop", "not", NULL},
     "SELECT month, numerator, denominator - numerator FROM figure_month"
     " WHERE formula = 'retention_12m' AND scope = 'group' ORDER BY month"},
    {"Leads by type",
     "Tables open_lead and contact_plan_lead. From the left: planned, dropped.",
     2,
     {"type", "planned", "dropped", NULL},
     "SELECT t.label, sum(p.plan_golden_id IS NOT NULL), sum(p.plan_golden_id IS NULL)"
     " FROM contact_plan_lead p JOIN lead_type t ON t.type = p.type GROUP BY t.type"
     " ORDER BY t.value DESC, t.type"},
    {"Leads by age",
     "Table open_lead: days from the day that they are due to the day of the run.",
     1,
     {"age", "leads", NULL, NULL},
     "SELECT CASE WHEN age < 0 THEN 'due later' WHEN age = 0 THEN 'due today'"
     " WHEN age <= 7 THEN '1 to 7 days' WHEN age <= 30 THEN '8 to 30 days' ELSE 'over 30 days' END,"
     " count(*) FROM (SELECT CAST(julianday((SELECT value FROM parameter WHERE name = 'as_of'))"
     " - julianday(due_on) AS INTEGER) AS age FROM open_lead)"
     " GROUP BY 1 ORDER BY min(age)"},
    {"Why leads were dropped",
     "Table contact_plan_lead.",
     1,
     {"reason", "leads", NULL, NULL},
     "SELECT reason, count(*) FROM contact_plan_lead WHERE reason IS NOT NULL GROUP BY reason"
     " ORDER BY count(*) DESC, reason"},
    {"Satisfaction by dealer",
     "Table satisfaction, criterion overall: 0 to 100.",
     1,
     {"dealer", "index", NULL, NULL},
     "SELECT name, index_value FROM satisfaction WHERE scope = 'dealer' AND criterion = 'overall'"
     " ORDER BY place, name"},
    {"Data quality by dealer",
     "Table data_quality: of all fields of all records, from the left: filled and without a doubt,"
     " empty, doubtful.",
     3,
     {"dealer", "valid", "empty", "doubtful"},
     "SELECT dealer, sum(valid), sum(rows - filled - refused), sum(warned + refused)"
     " FROM data_quality GROUP BY dealer ORDER BY dealer"},
};

struct chart_rows {
    struct chart_bar *bars;
    size_t count;
};

/* Whole numbers as people write them, others with one digit. */
static void append_value(struct buffer *text, double value)
{
    if (value >= 0 && value == (double)(uint64_t)value)
        number_append(text, (uint64_t)value);
    else
        buffer_format(text, "%.1f", value);
}

static const char *note(struct arena *arena, const struct chart_bar *bar, int part_count)
{
    struct buffer text = BUFFER_EMPTY;
    for (int i = 0; i < part_count; i++) {
        buffer_append_text(&text, i ? " · " : "");
        append_value(&text, bar->parts[i]);
    }
    const char *copy = arena_text(arena, buffer_slice(&text));
    buffer_release(&text);
    return copy;
}

static bool read_rows(struct arena *arena, struct database *view, const struct view_chart *chart,
                      struct chart_rows *rows, struct error *error)
{
    size_t capacity = 0;
    *rows = (struct chart_rows){NULL, 0};
    struct statement *select = statement_prepare(view, chart->sql, error);
    if (!select)
        return false;
    enum outcome outcome;
    while ((outcome = statement_step(select, error)) == ACCEPTED) {
        rows->bars = memory_grow(rows->bars, &capacity, rows->count + 1, sizeof(*rows->bars));
        struct chart_bar *bar = &rows->bars[rows->count++];
        *bar = (struct chart_bar){arena_text(arena, statement_text(select, 0)), {0}, NULL};
        for (int i = 0; i < chart->part_count; i++)
            bar->parts[i] = statement_number(select, i + 1);
        bar->note = note(arena, bar, chart->part_count);
    }
    statement_destroy(select);
    return outcome == ENDED;
}

static void write_table(struct buffer *html, const struct view_chart *chart,
                        const struct chart_rows *rows)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_append_text(html, "<details><summary>Numbers</summary><table>\n<tr>");
    for (int i = 0; i <= chart->part_count; i++)
        page_element(html, "th", i ? "number" : NULL, slice_of(chart->headings[i]));
    buffer_append_text(html, "</tr>\n");
    for (size_t row = 0; row < rows->count; row++) {
        buffer_append_text(html, "<tr>");
        page_element(html, "td", NULL, slice_of(rows->bars[row].label));
        for (int i = 0; i < chart->part_count; i++) {
            buffer_clear(&text);
            append_value(&text, rows->bars[row].parts[i]);
            page_element(html, "td", "number", buffer_slice(&text));
        }
        buffer_append_text(html, "</tr>\n");
    }
    buffer_append_text(html, "</table></details>\n");
    buffer_release(&text);
}

/* What the parts' colours are; they stand in the same order, for who cannot tell them apart. */
static void write_legend(struct buffer *html, const struct view_chart *chart)
{
    static const char *const classes[PARTS] = {"for", "sum", "against"};
    if (chart->part_count < 2)
        return;
    buffer_append_text(html, "<p>");
    for (int i = 0; i < chart->part_count && i < PARTS; i++) {
        buffer_format(html, "<span class=\"key %s\"></span>", classes[i]);
        page_element(html, "span", NULL, slice_of(chart->headings[i + 1]));
    }
    buffer_append_text(html, "</p>\n");
}

static bool write_chart(struct arena *arena, struct database *view, const struct view_chart *chart,
                        struct buffer *html, struct error *error)
{
    struct chart_rows rows;
    bool read = read_rows(arena, view, chart, &rows, error);
    if (read) {
        buffer_append_text(html, "<section>\n");
        page_element(html, "h2", NULL, slice_of(chart->title));
        page_element(html, "p", "faint", slice_of(chart->lead));
        if (rows.count > 0) {
            write_legend(html, chart);
            chart_bars(html, chart->title, rows.bars, rows.count);
        } else {
            page_element(html, "p", NULL, SLICE("There are none."));
        }
        write_table(html, chart, &rows);
        buffer_append_text(html, "</section>\n");
    }
    memory_free(rows.bars);
    return read;
}

static bool write_lead(struct arena *arena, struct database *view, struct buffer *html,
                       struct error *error)
{
    struct statement *select =
        statement_prepare(view,
                          "SELECT (SELECT value FROM parameter WHERE name = 'as_of'),"
                          " (SELECT count(*) FROM customer), (SELECT count(*) FROM vehicle),"
                          " (SELECT count(*) FROM open_lead), (SELECT count(*) FROM contact_plan)",
                          error);
    if (!select)
        return false;
    bool read = statement_step(select, error) == ACCEPTED;
    if (read) {
        static const char *const names[] = {" customers · ", " cars · ", " open leads · ",
                                            " planned contacts"};
        struct buffer text = BUFFER_EMPTY;
        buffer_append_text(&text, arena_text(arena, statement_text(select, 0)));
        buffer_append_text(&text, " · ");
        for (int i = 0; i < 4; i++) {
            number_append(&text, (uint64_t)statement_integer(select, i + 1));
            buffer_append_text(&text, names[i]);
        }
        page_element(html, "p", "lead", buffer_slice(&text));
        buffer_release(&text);
    }
    statement_destroy(select);
    return read;
}

bool view_page_write(struct arena *arena, struct database *view, const char *name,
                     struct buffer *html, struct error *error)
{
    page_begin(html, name && name[0] ? arena_format(arena, "Customers of %s", name) : "Customers");
    bool written = write_lead(arena, view, html, error);
    for (size_t i = 0; written && i < sizeof(charts) / sizeof(charts[0]); i++)
        written = write_chart(arena, view, &charts[i], html, error);
    page_end(html);
    return written;
}
