/* What the rows of a table say of its columns where the headings say nothing. */
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 120 };

TestSuite(profile_evidence, .init = judging_open, .fini = judging_close);

static bool all_digits(struct slice value)
{
    for (size_t i = 0; i < value.length; i++)
        if (value.data[i] < '0' || value.data[i] > '9')
            return false;
    return value.length > 0;
}

/* By form alone: what these tests write. */
static double judge_form(void *context, const char *kind, struct slice value)
{
    (void)context;
    bool date = value.length == 10 && value.data[4] == '-' && value.data[7] == '-';
    if (strcmp(kind, "date") == 0)
        return date;
    if (strcmp(kind, "vin") == 0)
        return value.length == 17 && value.data[0] == 'L';
    if (strcmp(kind, "mobile") == 0)
        return value.length == 11 && all_digits(value);
    if (strcmp(kind, "identity") == 0)
        return value.length == 18 && all_digits(value);
    if (strcmp(kind, "name") == 0)
        return (value.data[0] & 0x80) != 0 && value.length <= 24;
    if (strcmp(kind, "address") == 0)
        return (value.data[0] & 0x80) != 0 && value.length > 24;
    return 0;
}

/* A table of ROWS rows; `fill` writes the cell of a row and column. */
static const struct profile_column *
judge(const char *name, const char *const *headings, size_t count,
      void (*fill)(const char *kinds, size_t row, size_t column, char *cell))
{
    return judge_made(&(struct made_table){.name = name,
                                           .headings = headings,
                                           .column_count = count,
                                           .row_count = ROWS,
                                           .fill = fill,
                                           .judge = judge_form});
}

static const char *const numbers[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"};

static const char *const surnames[] = {"王", "李", "张", "刘", "陈", "杨", "赵"};
static const char *const given[] = {"明", "强", "丽", "静", "伟", "芳",
                                    "军", "洋", "勇", "艳", "杰"};
static const char *const provinces[] = {"广东省", "四川省", "河北省"};

static void fill_people(const char *kinds, size_t row, size_t column, char *cell)
{
    (void)kinds;
    unsigned year = 1950 + (unsigned)(row * 7 % 50);
    unsigned month = 1 + (unsigned)(row % 12);
    unsigned man = row % 3 == 0;
    unsigned n = (unsigned)row;
    switch (column) {
    case 0:
        snprintf(cell, CELL_BYTES, "K%05u", n);
        break;
    case 1:
        snprintf(cell, CELL_BYTES, "%s%s%s", surnames[row % 7], given[row % 11], given[row / 11]);
        break;
    case 2:
        snprintf(cell, CELL_BYTES, "%s", man ? "7" : "8");
        break;
    case 3:
        snprintf(cell, CELL_BYTES, "138%08u", 24000000 + n * 7919);
        break;
    case 4:
        snprintf(cell, CELL_BYTES, "440101%04u%02u15%03u4", year, month, 10 * n % 900 + man);
        break;
    case 5:
        snprintf(cell, CELL_BYTES, "%04u-%02u-15", year, month);
        break;
    case 6:
        snprintf(cell, CELL_BYTES, "%s", provinces[row % 3]);
        break;
    case 7:
        snprintf(cell, CELL_BYTES, "%s某某市某某区人民路%u号", provinces[row % 3], n);
        break;
    default:
        snprintf(cell, CELL_BYTES, "2025-%02u-%02u", 1 + n % 12, 1 + n % 28);
        break;
    }
}

Test(profile_evidence, customers_are_known_by_what_agrees_in_a_row)
{
    static const char *const right[] = {
        "customer.key",      "customer.name",     "customer.gender",
        "customer.mobile",   "customer.idnumber", "customer.birth",
        "customer.province", "customer.address",  "customer.updated"};
    size_t count = sizeof(right) / sizeof(*right);
    const struct profile_column *columns = judge("a", numbers, count, fill_people);
    for (size_t i = 0; i < count; i++)
        expect_meaning(&columns[i], right[i]);
}

Test(profile_evidence, a_heading_that_says_otherwise_is_not_overruled)
{
    static const char *const headings[] = {"1", "2", "3", "4", "5", "送修人生日", "7", "8", "9"};
    const struct profile_column *columns = judge("a", headings, 9, fill_people);
    cr_expect_str_neq(columns[5].meaning, "customer.birth");
}

static const char *const makes[] = {"奥迪", "丰田", "本田"};

static void fill_cars(const char *kinds, size_t row, size_t column, char *cell)
{
    (void)kinds;
    unsigned n = (unsigned)row;
    switch (column) {
    case 0:
        snprintf(cell, CELL_BYTES, "LFV3A23C8E%07u", 3000000 + n * 31);
        break;
    case 1:
        snprintf(cell, CELL_BYTES, "%s", makes[row % 3]);
        break;
    case 2:
        snprintf(cell, CELL_BYTES, "%s%c%u", makes[row % 3], 'A' + (char)(row % 2), 4 + n % 3);
        break;
    case 3:
        snprintf(cell, CELL_BYTES, "20%02u-%02u-11", 15 + n % 9, 1 + n % 12);
        break;
    case 4:
        snprintf(cell, CELL_BYTES, "%u.00", 100000 + n % 17 * 5000);
        break;
    default:
        snprintf(cell, CELL_BYTES, "%s", n % 2 ? "白" : "黑");
        break;
    }
}

Test(profile_evidence, cars_are_known_by_makes_and_round_amounts)
{
    static const char *const right[] = {"car.vin", "car.brand", "car.model", "car.purchase",
                                        "car.price"};
    const struct profile_column *columns = judge("a", numbers, 6, fill_cars);
    for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++)
        expect_meaning(&columns[i], right[i]);
    cr_expect(columns[5].sure < 0.8, "a colour is %s", columns[5].meaning);
}

/* Each of 20 cars comes six times, a year after the other, in the order of the years. */
static void fill_visits(const char *kinds, size_t row, size_t column, char *cell)
{
    (void)kinds;
    unsigned car = (unsigned)row % 20;
    unsigned visit = (unsigned)row / 20;
    unsigned n = (unsigned)row;
    switch (column) {
    case 0:
        snprintf(cell, CELL_BYTES, "R%08u", n);
        break;
    case 1:
        snprintf(cell, CELL_BYTES, "LFV3A23C8E%07u", 3000000 + car * 31);
        break;
    case 2:
        snprintf(cell, CELL_BYTES, "20%02u-%02u-%02u", 18 + visit, 1 + car % 12, 1 + car);
        break;
    case 3:
        snprintf(cell, CELL_BYTES, "%s", n % 2 ? "保养" : "维修");
        break;
    case 4:
        snprintf(cell, CELL_BYTES, "%u", 300 + n * 37 % 900);
        break;
    case 5:
        snprintf(cell, CELL_BYTES, "%u", 900 + n * 37 % 900 + n % 70);
        break;
    default:
        snprintf(cell, CELL_BYTES, "%u", (car * 7919) % 60000 + visit * (4000 + car * 211));
        break;
    }
}

Test(profile_evidence, visits_are_known_by_cars_that_come_again)
{
    static const char *const right[] = {"service.order",  "car.vin", "service.date",
                                        "service.job",    NULL,      "service.amount",
                                        "service.mileage"};
    const struct profile_column *columns = judge("a", numbers, 7, fill_visits);
    for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++)
        if (right[i])
            expect_meaning(&columns[i], right[i]);
    cr_expect(columns[4].sure < 0.8, "a part of the total is %s", columns[4].meaning);
}

Test(profile_evidence, letters_that_stand_for_several_things_are_read_each_way)
{
    /* sj is 手机 and 时间. */
    static const char *const headings[] = {"vin", "pp", "cx", "gcsj", "cjj", "ys"};
    const struct profile_column *columns = judge("cars", headings, 6, fill_cars);
    expect_meaning(&columns[3], "car.purchase");
}

static void fill_halves(const char *kinds, size_t row, size_t column, char *cell)
{
    (void)kinds;
    if (column == 0)
        snprintf(cell, CELL_BYTES, "%s", surnames[row % 7]);
    else if (column == 1)
        snprintf(cell, CELL_BYTES, "%s%s", given[row % 11], given[row / 11]);
    else
        snprintf(cell, CELL_BYTES, "138%08u", 24000000 + (unsigned)row * 7919);
}

Test(profile_evidence, a_name_without_the_surname_that_stands_beside_it_is_the_given_one)
{
    static const char *const headings[] = {"Nachname", "Name", "Mobil"};
    const struct profile_column *columns = judge("kunden", headings, 3, fill_halves);
    cr_expect_str_eq(columns[0].meaning, "customer.last");
    cr_expect_str_eq(columns[1].meaning, "customer.first");
}

static void fill_whole(const char *kinds, size_t row, size_t column, char *cell)
{
    if (column == 1)
        snprintf(cell, CELL_BYTES, "%s%s", surnames[row % 7], given[row % 11]);
    else
        fill_halves(kinds, row, column, cell);
}

Test(profile_evidence, a_name_with_the_surname_in_it_stays_the_name)
{
    static const char *const headings[] = {"Nachname", "Name", "Mobil"};
    const struct profile_column *columns = judge("kunden", headings, 3, fill_whole);
    cr_expect_str_eq(columns[1].meaning, "customer.name");
}

/* Two cars each; the third column is another in every row. */
static void fill_owned(const char *kinds, size_t row, size_t column, char *cell)
{
    (void)kinds;
    unsigned person = (unsigned)row / 2;
    if (column == 0)
        snprintf(cell, CELL_BYTES, "1380000%04u", 1000 + person);
    else if (column == 1)
        snprintf(cell, CELL_BYTES, "%06u", 400000 + person * 37);
    else if (column == 2)
        snprintf(cell, CELL_BYTES, "%06u", 700000 + (unsigned)row * 31);
    else if (column == 3)
        snprintf(cell, CELL_BYTES, "LSVAA%012u", (unsigned)row);
    else
        snprintf(cell, CELL_BYTES, "%s", provinces[row % 3]);
}

Test(profile_evidence, the_number_that_all_rows_of_a_person_share_is_the_persons)
{
    const struct profile_column *columns = judge("x", numbers, 4, fill_owned);
    expect_meaning(&columns[1], "customer.key");
    cr_expect_str_neq(columns[2].meaning, "customer.key");
}

Test(profile_evidence, names_of_provinces_are_known_without_addresses)
{
    const struct profile_column *columns = judge("x", numbers, 5, fill_owned);
    expect_meaning(&columns[4], "customer.province");
}

Test(profile_evidence, what_all_headings_begin_with_is_passed_over)
{
    static const char *const headings[] = {"QX_KKB_XINGMING", "QX_KKB_NACHNAME", "QX_KKB_HANDY",
                                           "QX_KKB_PLZ"};
    const struct profile_column *columns = judge("x", headings, 4, fill_whole);
    cr_expect_str_eq(columns[1].meaning, "customer.last");
    cr_expect_gt(columns[1].sure, 0.9, "%.2f %s", columns[1].sure, columns[1].why);
    cr_expect_str_eq(columns[2].meaning, "customer.mobile");
}

Test(profile_evidence, a_slash_parts_steps_in_paths_only)
{
    static const char *const headings[] = {"备注/说明", "姓名/名称", "手机/电话"};
    const struct profile_column *columns = judge("x", headings, 3, fill_whole);
    expect_meaning(&columns[1], "customer.name");
    expect_meaning(&columns[2], "customer.mobile");
}

Test(profile_evidence, brackets_say_less_than_what_stands_before_them)
{
    static const char *const headings[] = {"备注", "姓名（证件上的）", "手机（微信绑定）"};
    const struct profile_column *columns = judge("x", headings, 3, fill_whole);
    expect_meaning(&columns[1], "customer.name");
    expect_meaning(&columns[2], "customer.mobile");
}

Test(profile_evidence, brackets_that_name_another_person_are_not_passed_over)
{
    static const char *const headings[] = {"备注", "姓名（联系人）", "手机（送修人）"};
    const struct profile_column *columns = judge("x", headings, 3, fill_whole);
    cr_expect(columns[1].sure < 0.8, "%s %.2f", columns[1].meaning, columns[1].sure);
    cr_expect(columns[2].sure < 0.8, "%s %.2f", columns[2].meaning, columns[2].sure);
}

/* A car comes three times; some owners have two. */
static void fill_returning(const char *kinds, size_t row, size_t column, char *cell)
{
    (void)kinds;
    unsigned car = (unsigned)row / 3;
    unsigned owner = car % 4 == 1 ? car - 1 : car;
    if (column == 0)
        snprintf(cell, CELL_BYTES, "LSVAA%012u", car);
    else if (column == 1)
        snprintf(cell, CELL_BYTES, "20%02u-0%u-1%u", 10 + (unsigned)row % 3, 1 + car % 9, car % 9);
    else if (column == 2)
        snprintf(cell, CELL_BYTES, "%06u", 500000 + owner * 41);
    else if (column == 3)
        snprintf(cell, CELL_BYTES, "W%05u", (unsigned)row);
    else
        snprintf(cell, CELL_BYTES, "20%02u-0%u-2%u", 10 + (unsigned)row % 3, 1 + car % 9, car % 9);
}

Test(profile_evidence, the_number_that_comes_with_a_car_is_the_owners)
{
    static const char *const headings[] = {"VIN", "F2", "ZVQB", "F4"};
    const struct profile_column *columns = judge("x", headings, 4, fill_returning);
    expect_meaning(&columns[2], "customer.key");
}

Test(profile_evidence, what_was_sold_on_a_date_has_the_date_of_the_sale)
{
    static const char *const headings[] = {"VIN", "Sold", "ZVQB"};
    const struct profile_column *columns = judge("x", headings, 3, fill_returning);
    expect_meaning(&columns[1], "car.purchase");
}

Test(profile_evidence, a_date_beside_one_that_is_half_known_is_not_the_only_one)
{
    static const char *const headings[] = {"VIN", "SoldZvbn", "ZVQB", "F4", "Zbnv"};
    const struct profile_column *columns = judge("x", headings, 5, fill_returning);
    cr_expect(columns[4].sure < 0.8, "%s %.2f %s", columns[4].meaning, columns[4].sure,
              columns[4].why);
}

static void fill_seconds(const char *kinds, size_t row, size_t column, char *cell)
{
    if (column == 0)
        fill_whole(kinds, row, 1, cell);
    else
        snprintf(cell, CELL_BYTES, "广东省广州市天河区龙口西路%zu号", row);
}

Test(profile_evidence, a_second_address_without_a_first_is_the_first)
{
    static const char *const headings[] = {"姓名", "地址2"};
    const struct profile_column *columns = judge("x", headings, 2, fill_seconds);
    expect_meaning(&columns[1], "customer.address");
}

Test(profile_evidence, values_of_a_kind_that_the_table_has_nowhere_else_are_believed)
{
    static const char *const headings[] = {"Colour code", "F2", "ZVQB"};
    const struct profile_column *columns = judge("x", headings, 3, fill_returning);
    expect_meaning(&columns[0], "car.vin");
}

Test(profile_evidence, values_of_another_person_stay_anothers)
{
    static const char *const headings[] = {"备注", "姓名", "送修人手机"};
    const struct profile_column *columns = judge("x", headings, 3, fill_whole);
    cr_expect_str_neq(columns[2].meaning, "customer.mobile");
}

Test(profile_evidence, headings_with_points_are_paths)
{
    static const char *const headings[] = {"customer.names.0.last", "customer.fullName",
                                           "customer.contact.phones.0.number"};
    const struct profile_column *columns = judge("x", headings, 3, fill_whole);
    expect_meaning(&columns[1], "customer.name");
    expect_meaning(&columns[2], "customer.mobile");
}

static void fill_delivered(const char *kinds, size_t row, size_t column, char *cell)
{
    (void)kinds;
    if (column == 0)
        snprintf(cell, CELL_BYTES, "LSVAA%012zu", row);
    else if (column == 1)
        snprintf(cell, CELL_BYTES, "20%02zu-0%zu-11", 10 + row % 12, 1 + row % 9);
    else
        snprintf(cell, CELL_BYTES, "138%08zu", 24000000 + row * 7919);
}

Test(profile_evidence, a_car_that_is_delivered_where_nothing_is_repaired_was_bought)
{
    static const char *const headings[] = {"VIN", "Delivery Date", "Cell"};
    const struct profile_column *columns = judge("x", headings, 3, fill_delivered);
    expect_meaning(&columns[1], "car.purchase");
}
