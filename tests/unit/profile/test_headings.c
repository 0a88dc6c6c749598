/* What headings of a table share, and whom or what they are about. */
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 60 };

TestSuite(profile_headings, .init = judging_open, .fini = judging_close);

static double judge_form(void *context, const char *kind, struct slice value)
{
    (void)context;
    if (strcmp(kind, "mobile") == 0)
        return value.length == 11 && value.data[0] == '1';
    if (strcmp(kind, "email") == 0)
        return memchr(value.data, '@', value.length) != NULL;
    if (strcmp(kind, "vin") == 0)
        return value.length == 17 && value.data[0] == 'L';
    if (strcmp(kind, "date") == 0)
        return value.length == 10 && value.data[4] == '-';
    return strcmp(kind, "name") == 0 && (value.data[0] & 0x80) != 0;
}

/* A cell of a letter's kind: m mobile, e e-mail, v VIN, n name, k number, d date, c code. */
static void fill(char kind, unsigned row, char *cell)
{
    static const char *const surnames[] = {"王", "李", "张", "刘", "陈", "杨", "赵"};
    static const char *const given[] = {"伟", "芳", "静", "强", "磊", "军", "洋", "勇", "艳"};
    unsigned own = 1000 + row * 7919 % 9000;
    if (kind == 'n')
        snprintf(cell, CELL_BYTES, "%s%s", surnames[row % 7], given[row % 9]);
    else if (kind == 'd')
        snprintf(cell, CELL_BYTES, "20%02u-%02u-1%u", row % 20, row % 12 + 1, row % 10);
    else
        snprintf(cell, CELL_BYTES,
                 kind == 'm'   ? "1380013%04u"
                 : kind == 'e' ? "a%u@mail.cn"
                 : kind == 'v' ? "LSVAA4182E218%04u"
                 : kind == 'c' ? "%u"
                               : "K%u",
                 kind == 'c' ? row % 3 : own);
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

Test(profile_headings, a_publishers_prefix_says_nothing)
{
    static const char *const headings[] = {"new_customercode", "new_name", "new_mobile",
                                           "qx7_email"};
    const struct profile_column *columns = judge(headings, "knme");
    expect_meaning(&columns[0], "customer.key");
    expect_meaning(&columns[1], "customer.name");
    expect_meaning(&columns[2], "customer.mobile");
}

Test(profile_headings, the_letter_of_a_type_says_nothing)
{
    static const char *const headings[] = {"cCusCode", "cCusName", "cCusMobile"};
    static const char *const both[] = {"编码(cCusCode)", "客户名称(cCusName)", "手机(cCusMobile)"};
    const struct profile_column *columns = judge(headings, "knm");
    expect_meaning(&columns[0], "customer.key");
    expect_meaning(&columns[1], "customer.name");
    expect_meaning(&columns[2], "customer.mobile");
    expect_meaning(&judge(both, "knm")[1], "customer.name");
}

Test(profile_headings, a_suffix_that_columns_share_says_nothing)
{
    static const char *const headings[] = {"Customer_Code__pc", "Full_Name__pc", "Mobile__pc"};
    const struct profile_column *columns = judge(headings, "knm");
    expect_meaning(&columns[0], "customer.key");
    expect_meaning(&columns[1], "customer.name");
    expect_meaning(&columns[2], "customer.mobile");
    cr_expect_gt(columns[2].sure, 0.95, "%.2f", columns[2].sure);
}

Test(profile_headings, letters_that_columns_begin_with_are_tried_without)
{
    static const char *const headings[] = {"CMCUST", "CMNAME", "CMMOBL", "CMEMAL"};
    const struct profile_column *columns = judge(headings, "knme");
    expect_meaning(&columns[0], "customer.key");
    expect_meaning(&columns[1], "customer.name");
    expect_meaning(&columns[2], "customer.mobile");
}

Test(profile_headings, other_peoples_prefix_stays)
{
    static const char *const headings[] = {"driver_name", "driver_mobile", "driver_email", "name"};
    const struct profile_column *columns = judge(headings, "nmen");
    cr_expect(columns[1].sure < 0.8, "%s %.2f", columns[1].meaning, columns[1].sure);
    expect_meaning(&columns[3], "customer.name");
}

Test(profile_headings, a_contact_is_the_customer_where_nobody_else_is)
{
    static const char *const alone[] = {"客户编号", "联系人姓名", "联系人手机"};
    static const char *const beside[] = {"客户编号", "联系人姓名", "联系人手机", "手机", "姓名"};
    const struct profile_column *columns = judge(alone, "knm");
    expect_meaning(&columns[1], "customer.name");
    expect_meaning(&columns[2], "customer.mobile");
    columns = judge(beside, "knmmn");
    expect_meaning(&columns[3], "customer.mobile");
    cr_expect_str_neq(columns[2].meaning, "customer.mobile");
}

Test(profile_headings, a_members_number_is_the_customers_where_no_other_is)
{
    static const char *const alone[] = {"会员编号", "姓名", "手机"};
    static const char *const card[] = {"会员ID", "会员卡号", "姓名", "手机"};
    expect_meaning(judge(alone, "knm"), "customer.key");
    const struct profile_column *columns = judge(card, "kknm");
    expect_meaning(&columns[0], "customer.key");
    expect_meaning(&columns[1], "member.card");
}

Test(profile_headings, an_end_is_of_what_the_table_is_about)
{
    static const char *const headings[] = {"召回编号", "底盘号", "完成日期"};
    expect_meaning(&judge(headings, "cvd")[2], "recall.done");
}

Test(profile_headings, an_appointment_is_no_visit_and_its_number_no_customers)
{
    static const char *const headings[] = {"预约单号", "客户姓名", "手机", "VIN", "预约到店时间"};
    const struct profile_column *columns = judge(headings, "knmvd");
    cr_expect_str_neq(columns[0].meaning, "customer.key");
    cr_expect(columns[4].sure < 0.8 || strcmp(columns[4].meaning, "service.date") != 0);
}

Test(profile_headings, capital_letters_of_any_script_are_read)
{
    static const char *const headings[] = {"КОД КЛИЕНТА", "ФИО", "Мобильный", "VIN"};
    const struct profile_column *columns = judge(headings, "knmv");
    expect_meaning(&columns[0], "customer.key");
    expect_meaning(&columns[1], "customer.name");
    expect_meaning(&columns[2], "customer.mobile");
}
