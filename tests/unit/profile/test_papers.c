/* Contracts, complaints, leads and cards: what the rest of a table says of headings that nobody
 * knows. */
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 60 };

TestSuite(profile_papers, .init = judging_open, .fini = judging_close);

static double judge_form(void *context, const char *kind, struct slice value)
{
    (void)context;
    if (strcmp(kind, "vin") == 0)
        return value.length == 17 && value.data[0] == 'L';
    if (strcmp(kind, "mobile") == 0)
        return value.length == 11 && value.data[0] == '1';
    return strcmp(kind, "date") == 0 && value.length == 10 && value.data[4] == '-';
}

/* v VIN (three rows a car), k a number of the row's own, C customer's number, b begin, e two years
 * behind it, s soon behind it, d the car's delivery, t kind of contract, a complaint's status,
 * l lead's status, i interest, j job, h form of address, p points, m mobile. */
static void fill(char kind, unsigned row, char *cell)
{
    unsigned car = row / 3;
    unsigned year = 2010 + row % 3 * 4;
    unsigned month = 1 + car % 9;
    if (kind == 'v')
        snprintf(cell, CELL_BYTES, "LSVAA4182E218%04u", 1000 + car * 7);
    else if (kind == 'k')
        snprintf(cell, CELL_BYTES, "Q%05u", row * 7919 % 90000 + 10000);
    else if (kind == 'C')
        snprintf(cell, CELL_BYTES, "%u", 50000 + car);
    else if (kind == 'd')
        snprintf(cell, CELL_BYTES, "2009-%02u-03", month);
    else if (kind == 'b' || kind == 'e' || kind == 's')
        snprintf(cell, CELL_BYTES, "%u-%02u-1%u", kind == 'e' ? year + 2 : year, month,
                 kind == 's' ? 5 + row % 5 : row % 5);
    else if (kind == 'm')
        snprintf(cell, CELL_BYTES, "138%08u", row * 7919 % 90000 + 10000);
    else if (kind == 'p')
        snprintf(cell, CELL_BYTES, "%u", row * 37 % 900);
    else
        snprintf(cell, CELL_BYTES, "%s",
                 kind == 't'   ? (row % 2 ? "延保" : "保险")
                 : kind == 'a' ? (row % 2 ? "已结案" : "处理中")
                 : kind == 'l' ? (row % 2 ? "战败" : "跟进中")
                 : kind == 'i' ? (row % 2 ? "试驾" : "购车")
                 : kind == 'j' ? (row % 2 ? "保养" : "维修")
                               : (row % 3 ? "Frau" : "Herr"));
}

static void fill_cell(const char *kinds, size_t row, size_t column, char *cell)
{
    fill(kinds[column], (unsigned)row, cell);
}

static const struct profile_column *judge(const char *const *headings, const char *kinds)
{
    return judge_made(&(struct made_table){.name = "x",
                                           .headings = headings,
                                           .column_count = strlen(kinds),
                                           .row_count = ROWS,
                                           .fill = fill_cell,
                                           .kinds = kinds,
                                           .judge = judge_form});
}

Test(profile_papers, a_contract_begins_before_it_ends)
{
    static const char *const headings[] = {"Contract No", "Contract Type", "VIN", "Zvbq", "Qzbn"};
    const struct profile_column *columns = judge(headings, "ktveb");
    expect_meaning(&columns[3], "contract.end");
    expect_meaning(&columns[4], "contract.start");
}

Test(profile_papers, dates_of_a_contract_that_lie_together_are_to_be_decided)
{
    static const char *const headings[] = {"Contract No", "Contract Type", "VIN", "Zvbq", "Qzbn"};
    const struct profile_column *columns = judge(headings, "ktvsb");
    cr_expect(columns[3].sure < 0.8, "%s %.2f", columns[3].meaning, columns[3].sure);
    cr_expect(columns[4].sure < 0.8, "%s %.2f", columns[4].meaning, columns[4].sure);
}

Test(profile_papers, a_date_beside_a_known_end_is_the_begin_and_no_purchase)
{
    static const char *const headings[] = {"Contract No", "Contract Type", "VIN", "End Date",
                                           "Qzbn"};
    expect_meaning(&judge(headings, "ktveb")[4], "contract.start");
}

Test(profile_papers, a_date_before_a_known_begin_is_no_end)
{
    static const char *const headings[] = {"Contract No", "Contract Type", "VIN", "Start Date",
                                           "Qzbn"};
    cr_expect_str_neq(judge(headings, "ktveb")[4].meaning, "contract.end");
}

Test(profile_papers, a_complaint_about_a_car_is_no_visit)
{
    static const char *const headings[] = {"Zvbq", "VIN", "投诉日期", "投诉状态", "Qzbn"};
    const struct profile_column *columns = judge(headings, "kvbas");
    expect_meaning(&columns[0], "complaint.number");
    expect_meaning(&columns[4], "complaint.closed");
}

/* Of a visit it would be whoever brought the car. */
Test(profile_papers, the_contact_of_a_complaint_is_who_complains)
{
    static const char *const headings[] = {"Complaint No", "Complaint Date", "Contact Tel"};
    static const char *const of_visits[] = {"Order No", "Service Date", "Contact Tel"};
    expect_meaning(&judge(headings, "kbm")[2], "customer.mobile");
    cr_expect_str_neq(judge(of_visits, "kbm")[2].meaning, "customer.mobile");
}

Test(profile_papers, codes_that_are_all_known_tell_the_column)
{
    static const char *const headings[] = {"Lead No", "Lead Status", "Zvbq", "Qzbn"};
    const struct profile_column *columns = judge(headings, "klbi");
    expect_meaning(&columns[2], "lead.date");
    expect_meaning(&columns[3], "lead.interest");
}

Test(profile_papers, a_card_has_the_day_on_which_its_owner_joined)
{
    static const char *const headings[] = {"Card Number", "Customer No", "Points Earned", "Qzbn"};
    expect_meaning(&judge(headings, "kCpb")[3], "member.joined");
}

Test(profile_papers, one_column_of_a_thing_says_nothing_of_the_table)
{
    static const char *const headings[] = {"Lead No", "Qwfp", "Zvbq", "Qzbn"};
    const struct profile_column *columns = judge(headings, "kpbi");
    cr_expect_str_neq(columns[2].meaning, "lead.date");
}

Test(profile_papers, a_delivery_that_all_visits_of_a_car_have_is_the_cars)
{
    static const char *const headings[] = {"Repair Order No", "VIN", "Open Date", "Repair Type",
                                           "Delivery Date"};
    expect_meaning(&judge(headings, "kvbjd")[4], "car.purchase");
    cr_expect_str_eq(judge(headings, "kvbjs")[4].meaning, "service.close");
}

Test(profile_papers, a_form_of_address_tells_the_gender_where_nothing_else_does)
{
    static const char *const alone[] = {"Customer No", "Anrede", "Qzbn"};
    static const char *const beside[] = {"Customer No", "Anrede", "Gender"};
    expect_meaning(&judge(alone, "Chb")[1], "customer.gender");
    cr_expect_str_eq(judge(beside, "Chh")[1].meaning, "customer.salutation");
}

Test(profile_papers, a_title_that_few_have_is_no_gender)
{
    static const char *const headings[] = {"Customer No", "Title", "Qzbn"};
    cr_expect_str_neq(judge(headings, "Cjb")[1].meaning, "customer.gender");
}

Test(profile_papers, values_tell_which_type_it_is)
{
    static const char *const headings[] = {"Lead No", "Lead Date", "Type", "Lead Status"};
    cr_expect_str_neq(judge(headings, "kbil")[2].meaning, "customer.type");
}
