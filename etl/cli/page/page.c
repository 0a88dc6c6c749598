#include "cli/page/page.h"
#include "cli/page/picture.h"
#include "cust360/base/database.h"
#include "cust360/base/json.h"
#include "cust360/base/listing.h"
#include "cust360/base/text.h"

#include <stdio.h>

enum { EVENTS_MOST = 15, COLUMNS_MOST = 24, CELL_WIDTH_MOST = 48 };

static const struct page_section sections_all[] = {
    {"customer", "Customer", "tttttttttttttnnnntt", true, false,
     "SELECT golden_id, name, type, gender, birth_date, id_type, id_number, mobile, landline, "
     "email,"
     " address, city, district, sources, records, cars_owned, cars_ever, first_seen, last_changed"
     " FROM customer WHERE golden_id = ?1"},
    {"precall", "Before calling", "tttttttnnntbb", true, false,
     "SELECT name, mobile, models, purchase_date, vin, last_service_on, last_service_dealer,"
     " last_service_km, complaints, complaints_open, complaint_history, may_call, may_message"
     " FROM precall WHERE golden_id = ?1"},
    {"contacts", "Contacts", "ttbtnnt", false, false,
     "SELECT channel, value, is_preferred AS preferred, quality, shared_by, records, last_seen"
     " FROM contact_point WHERE golden_id = ?1"
     " ORDER BY channel = 'mobile' DESC, channel DESC, is_preferred DESC, last_seen DESC, value"},
    {"vehicles", "Cars", "ttttttttmtt", false, false,
     "SELECT o.vin, coalesce(o.plate, CASE o.role WHEN 'owner' THEN v.plate END) AS plate,"
     " coalesce(o.brand, v.brand) AS brand, coalesce(o.model, v.model) AS model,"
     " v.model_year AS year, o.from_date AS 'from', o.to_date AS 'to', o.role, o.price, o.dealer,"
     " o.evidence FROM ownership o LEFT JOIN vehicle v ON v.vin = o.vin WHERE o.golden_id = ?1"
     " ORDER BY o.role = 'owner' DESC, o.from_date DESC, o.vin"},
    {"events", "Events", "tttttmntt", false, true,
     "SELECT date, type, dealer, vin, detail, amount, odometer_km, status, number FROM event"
     " WHERE golden_id = ?1 ORDER BY date DESC, event_id DESC"},
    {"complaints", "Complaints", "tttttttt", false, false,
     "SELECT date, number, vin, detail AS category, status, closed_on, result AS settlement,"
     " linked_by FROM event WHERE golden_id = ?1 AND type = 'complaint'"
     " ORDER BY date DESC, number"},
    {"leads", "Open leads", "ttttt", false, false,
     "SELECT t.label AS lead, l.subject, l.due_on AS due, l.contact_by, l.reason FROM open_lead l"
     " JOIN lead_type t ON t.type = l.type WHERE l.golden_id = ?1"
     " ORDER BY l.value DESC, l.type, l.subject"},
    {"contracts", "Contracts", "ttttttmtt", false, false,
     "SELECT type, number, product, vin, starts_on, ends_on, principal, status, linked_by"
     " FROM contract WHERE golden_id = ?1 ORDER BY ends_on DESC, number"},
    {"consents", "Consents", "tttttt", false, false,
     "SELECT contact_value AS contact, channel, purpose, decision, decided_at, source FROM consent"
     " WHERE golden_id = ?1 ORDER BY contact_value, channel, purpose"},
    {"memberships", "Membership", "ttmnnnt", false, false,
     "SELECT card_number AS card, joined_on, prepaid, points_earned, points_spent, points, source"
     " FROM membership WHERE golden_id = ?1 ORDER BY joined_on DESC, card_number"},
    {"sources", "Source records", "ttttttttnt", false, false,
     "SELECT source, source_key AS number, name, mobile, id_number, updated_at, first_seen, file,"
     " line, closed_on FROM customer_source WHERE golden_id = ?1 ORDER BY source, source_key"},
    {"provenance", "Where the values come from", "tttt", false, false,
     "SELECT attribute, source, source_key AS number, rule FROM customer_provenance"
     " WHERE golden_id = ?1 ORDER BY rowid"},
    {"possible_matches", "Possibly the same customer", "ttpptttt", false, false,
     "SELECT c.golden_id, c.name, m.weight_bits AS bits, m.probability, m.source_a || ' ' ||"
     " m.key_a AS record, m.source_b || ' ' || m.key_b AS 'other record', m.reason,"
     " c.mobile FROM possible_match m JOIN customer c ON c.golden_id ="
     " CASE m.golden_a WHEN ?1 THEN m.golden_b ELSE m.golden_a END"
     " WHERE m.golden_a = ?1 OR m.golden_b = ?1 ORDER BY m.weight_bits DESC, c.golden_id"},
    {"history", "History of the id", "ttttt", false, false,
     "SELECT as_of AS day, run_id AS run, golden_id, event, other_id AS other FROM golden_history"
     " WHERE golden_id = ?1 OR golden_id IN"
     " (SELECT golden_id FROM golden_alias WHERE becomes = ?1) ORDER BY run_id, rowid"},
    {NULL, NULL, NULL, false, false, NULL},
};

/* What a page is written to. */
struct page {
    struct database *view;
    const struct page_options *options;
    struct buffer *text;
    struct json_writer json;
};

static void append_heading(struct buffer *text, const char *name)
{
    for (; *name; name++)
        buffer_append_byte(text, *name == '_' ? ' ' : *name);
}

/* Money without cents when there are none. */
static void append_money(struct buffer *text, double amount)
{
    double whole = amount < 0 ? -amount : amount;
    uint64_t cents = (uint64_t)(whole * 100 + 0.5);
    buffer_append_text(text, amount < 0 ? "-" : "");
    number_append(text, cents / 100);
    if (cents % 100)
        buffer_format(text, ".%02u", (unsigned)(cents % 100));
}

static void append_cell(struct buffer *text, const struct statement *select, int column, char kind)
{
    if (statement_is_null(select, column))
        return;
    if (kind == 'n')
        number_append(text, (uint64_t)statement_integer(select, column));
    else if (kind == 'm')
        append_money(text, statement_number(select, column));
    else if (kind == 'p')
        buffer_format(text, "%.3f", statement_number(select, column));
    else if (kind == 'b')
        buffer_append_text(text, statement_integer(select, column) ? "yes" : "no");
    else
        buffer_append(text, statement_text(select, column));
}

static void write_json_cell(struct json_writer *json, const struct statement *select, int column,
                            char kind)
{
    const char *key = statement_column_name(select, column);
    if (statement_is_null(select, column))
        json_null(json, key);
    else if (kind == 'n')
        json_integer(json, key, statement_integer(select, column));
    else if (kind == 'm' || kind == 'p')
        json_number(json, key, statement_number(select, column));
    else if (kind == 'b')
        json_boolean(json, key, statement_integer(select, column) != 0);
    else
        json_text(json, key, statement_text(select, column));
}

static void write_json_row(struct page *page, const struct page_section *section,
                           const struct statement *select)
{
    json_object_begin(&page->json, section->single ? section->key : NULL);
    for (int i = 0; i < statement_columns(select); i++)
        write_json_cell(&page->json, select, i, section->kinds[i]);
    json_object_end(&page->json);
}

static bool write_json_section(struct page *page, const struct page_section *section,
                               struct statement *select, struct error *error)
{
    enum outcome outcome;
    if (!section->single)
        json_array_begin(&page->json, section->key);
    while ((outcome = statement_step(select, error)) == ACCEPTED)
        write_json_row(page, section, select);
    if (!section->single)
        json_array_end(&page->json);
    return outcome == ENDED;
}

/* ---- text ---- */

static void write_title(struct page *page, const struct page_section *section, size_t shown,
                        size_t rows)
{
    buffer_format(page->text, "%s%s", page->text->length ? "\n" : "", section->title);
    if (shown < rows)
        buffer_format(page->text, ", newest %zu of %zu (--all shows all)", shown, rows);
    else if (!section->single)
        buffer_format(page->text, " (%zu)", rows);
    buffer_append_byte(page->text, '\n');
}

/* One row, downwards; what is empty is left out. */
static bool write_single(struct page *page, const struct page_section *section,
                         struct statement *select, struct error *error)
{
    static const struct listing_column columns[] = {{"", LISTING_LEFT, 0}, {"", LISTING_LEFT, 0}};
    enum outcome outcome = statement_step(select, error);
    if (outcome != ACCEPTED)
        return outcome == ENDED;
    struct listing *listing = listing_create(columns, 2);
    struct buffer cell = BUFFER_EMPTY;
    for (int i = 0; i < statement_columns(select); i++) {
        if (statement_is_null(select, i))
            continue;
        listing_row(listing);
        buffer_clear(&cell);
        append_heading(&cell, statement_column_name(select, i));
        listing_text(listing, buffer_slice(&cell));
        buffer_clear(&cell);
        append_cell(&cell, select, i, section->kinds[i]);
        listing_text(listing, buffer_slice(&cell));
    }
    write_title(page, section, 1, 1);
    listing_write(listing, 2, page->text);
    buffer_release(&cell);
    listing_destroy(listing);
    return true;
}

static void make_columns(const struct page_section *section, const struct statement *select,
                         struct buffer *headings, struct listing_column *columns)
{
    int count = statement_columns(select);
    size_t starts[COLUMNS_MOST];
    for (int i = 0; i < count; i++) {
        starts[i] = headings->length;
        append_heading(headings, statement_column_name(select, i));
        buffer_append_byte(headings, '\0');
    }
    for (int i = 0; i < count; i++) {
        bool is_number = strchr("nmp", section->kinds[i]) != NULL;
        columns[i] = (struct listing_column){
            headings->data + starts[i], is_number ? LISTING_RIGHT : LISTING_LEFT, CELL_WIDTH_MOST};
    }
}

static void add_row(struct listing *listing, const struct page_section *section,
                    const struct statement *select, struct buffer *cell)
{
    listing_row(listing);
    for (int i = 0; i < statement_columns(select); i++) {
        buffer_clear(cell);
        append_cell(cell, select, i, section->kinds[i]);
        listing_text(listing, buffer_slice(cell));
    }
}

static bool write_rows(struct page *page, const struct page_section *section,
                       struct statement *select, struct error *error)
{
    struct listing_column columns[COLUMNS_MOST];
    struct buffer headings = BUFFER_EMPTY;
    struct buffer cell = BUFFER_EMPTY;
    make_columns(section, select, &headings, columns);
    struct listing *listing = listing_create(columns, (size_t)statement_columns(select));
    bool limited = section->limited && !page->options->all;
    size_t rows = 0;
    enum outcome outcome;
    for (; (outcome = statement_step(select, error)) == ACCEPTED; rows++)
        if (!limited || rows < EVENTS_MOST)
            add_row(listing, section, select, &cell);
    if (outcome == ENDED && rows > 0) {
        write_title(page, section, listing_rows(listing), rows);
        listing_hide_empty(listing);
        listing_write(listing, 2, page->text);
    }
    listing_destroy(listing);
    buffer_release(&cell);
    buffer_release(&headings);
    return outcome == ENDED;
}

/* ---- a page ---- */

static void write_html_cell(struct page *page, const struct statement *select, int column,
                            char kind)
{
    bool is_number = strchr("nmp", kind) != NULL;
    struct buffer cell = BUFFER_EMPTY;
    append_cell(&cell, select, column, kind);
    buffer_append_text(&cell, "");
    page_element(page->text, "td", is_number ? "number" : NULL, buffer_slice(&cell));
    buffer_release(&cell);
}

static void write_html_name(struct page *page, const char *name)
{
    struct buffer text = BUFFER_EMPTY;
    append_heading(&text, name);
    page_element(page->text, "th", NULL, buffer_slice(&text));
    buffer_release(&text);
}

/* Downwards: a line a column that is not empty. */
static void write_html_single(struct page *page, const struct page_section *section,
                              const struct statement *select)
{
    for (int i = 0; i < statement_columns(select); i++) {
        if (statement_is_null(select, i))
            continue;
        buffer_append_text(page->text, "<tr>");
        write_html_name(page, statement_column_name(select, i));
        write_html_cell(page, select, i, section->kinds[i]);
        buffer_append_text(page->text, "</tr>\n");
    }
}

static void write_html_row(struct page *page, const struct page_section *section,
                           const struct statement *select, bool is_first)
{
    if (is_first) {
        buffer_append_text(page->text, "<tr>");
        for (int i = 0; i < statement_columns(select); i++)
            write_html_name(page, statement_column_name(select, i));
        buffer_append_text(page->text, "</tr>\n");
    }
    buffer_append_text(page->text, "<tr>");
    for (int i = 0; i < statement_columns(select); i++)
        write_html_cell(page, select, i, section->kinds[i]);
    buffer_append_text(page->text, "</tr>\n");
}

static bool write_html_section(struct page *page, const struct page_section *section,
                               struct statement *select, struct error *error)
{
    size_t rows = 0;
    enum outcome outcome;
    bool limited = section->limited && !page->options->all;
    buffer_append_text(page->text, "<section>\n");
    page_element(page->text, "h2", NULL, slice_of(section->title));
    for (; (outcome = statement_step(select, error)) == ACCEPTED; rows++) {
        if (limited && rows >= EVENTS_MOST)
            continue;
        if (rows == 0)
            buffer_append_text(page->text, "<div class=\"scroll\"><table>\n");
        if (section->single)
            write_html_single(page, section, select);
        else
            write_html_row(page, section, select, rows == 0);
    }
    if (rows > 0)
        buffer_append_text(page->text, "</table></div>\n");
    else
        page_element(page->text, "p", "faint", SLICE("none"));
    buffer_append_text(page->text, "</section>\n");
    return outcome == ENDED;
}

static bool write_section(struct page *page, const struct page_section *section,
                          struct error *error)
{
    struct statement *select = statement_prepare(page->view, section->sql, error);
    if (!select)
        return false;
    statement_bind_text(select, 1, slice_of(page->options->golden_id));
    bool written = false;
    if (page->options->format == PAGE_JSON)
        written = write_json_section(page, section, select, error);
    else if (page->options->format == PAGE_HTML)
        written = write_html_section(page, section, select, error);
    else
        written = section->single ? write_single(page, section, select, error)
                                  : write_rows(page, section, select, error);
    statement_destroy(select);
    return written;
}

bool page_write(struct database *view, const struct page_options *options, struct buffer *text,
                struct error *error)
{
    struct page page = {view, options, text, JSON_WRITER(text)};
    const struct page_section *section = options->sections ? options->sections : sections_all;
    bool written = true;
    if (options->format == PAGE_JSON)
        json_object_begin(&page.json, NULL);
    else if (options->format == PAGE_HTML)
        page_begin(text, options->title);
    for (; written && section->key; section++)
        written = write_section(&page, section, error);
    if (options->format == PAGE_JSON) {
        json_object_end(&page.json);
        buffer_append_byte(text, '\n');
    } else if (options->format == PAGE_HTML) {
        page_end(text);
    }
    return written;
}
