/* Drafts: which entities a table is worth, and what stands in several columns. */
#include "support.h"

#include <criterion/criterion.h>

TestSuite(draft, .init = workspace_open, .fini = workspace_close, .timeout = 60);

/* 60 rows of what an awk program prints behind its heading; r is the row. */
static void write_rows(const char *name, const char *heading, const char *program)
{
    shell("awk 'BEGIN {print \"%s\"; for (r = 1; r <= 60; r++) {%s}}' > '%s'", heading, program,
          in_workspace(name));
}

static const char people[] =
    "printf \"K%05d,%s,%s,138%08d,%s\\n\", r, (r % 2 ? \"Anna\" : \"Max\"), "
    "\"Weber\" r, 24000000 + r * 7919, (r % 3 ? \"Frau\" : \"Herr\")";

Test(draft, a_name_beside_the_number_repeats_the_table_of_customers)
{
    write_rows("kunden.csv", "Customer No,First Name,Last Name,Mobile,Salutation", people);
    write_rows("jobs.csv", "Repair Order No,Customer No,Customer Name,VIN,Open Date,Mileage",
               "printf \"R%06d,K%05d,Anna Weber%d,LFV3A23C8E%07d,2025-%02d-11,%d\\n\", r, r, r, "
               "3000000 + r * 31, 1 + r % 12, 1000 + r * 77");
    struct finished finished = run("draft @/kunden.csv @/jobs.csv --as-of 2026-06-30");
    expect_exit(finished, 0);
    expect_contains(finished.output, "name: {columns: [First Name, Last Name]");
    expect_contains(finished.output, "\n      service:");
    expect_lacks(finished.output, "name: {column: Customer Name");
    finished_release(&finished);
    finished = run("draft @/jobs.csv --as-of 2026-06-30");
    expect_contains(finished.output, "name: {column: Customer Name");
    finished_release(&finished);
}

Test(draft, a_form_of_address_is_the_gender_of_persons)
{
    write_rows("kunden.csv", "Customer No,Name,Mobile,Salutation",
               "printf \"K%05d,Weber%d,138%08d,%s\\n\", r, r, 24000000 + r * 7919, "
               "(r % 5 == 0 ? \"Firma\" : r % 3 ? \"Frau\" : \"Herr\")");
    struct finished finished = run("draft @/kunden.csv --as-of 2026-06-30");
    expect_exit(finished, 0);
    expect_contains(finished.output, "gender: {column: Salutation, codes: {");
    expect_contains(finished.output, "Firma: ''");
    expect_lacks(finished.output, " gender: {column: Salutation, codes: {Firma: M");
    finished_release(&finished);
}

Test(draft, companies_in_a_column_of_their_own_are_names)
{
    write_rows("kunden.csv", "Customer No,First Name,Last Name,Company Name,Mobile",
               "f = r % 4 == 0; printf \"K%05d,%s,%s,%s,138%08d\\n\", r, f ? \"\" : \"Anna\", "
               "f ? \"\" : \"Weber\" r, f ? \"Bau\" r \" GmbH\" : \"\", 24000000 + r * 7919");
    struct finished finished = run("draft @/kunden.csv --as-of 2026-06-30");
    expect_contains(finished.output, "name: {columns: [First Name, Last Name, Company Name]");
    finished_release(&finished);
    /* An employer beside the person's own name is none. */
    write_rows("kunden.csv", "Customer No,First Name,Last Name,Company Name,Mobile",
               "printf \"K%05d,Anna,Weber%d,Bau%d GmbH,138%08d\\n\", r, r, r, "
               "24000000 + r * 7919");
    finished = run("draft @/kunden.csv --as-of 2026-06-30");
    expect_contains(finished.output, "name: {columns: [First Name, Last Name]");
    finished_release(&finished);
}

Test(draft, lines_of_an_address_follow_each_other)
{
    write_rows("kunden.csv", "CUSNBR,CUSNAM,MOBTEL,ADRLN1,ADRLN2",
               "printf \"K%05d,Weber%d,138%08d,NO %d RENMIN ROAD,RM %d\\n\", r, r, "
               "24000000 + r * 7919, r, 100 + r");
    struct finished finished = run("draft @/kunden.csv --as-of 2026-06-30");
    expect_contains(finished.output, " address: {columns: [ADRLN1, ADRLN2]");
    finished_release(&finished);
}

Test(draft, the_last_visit_is_one_where_nothing_else_is_told_of_visits)
{
    static const char car[] =
        "printf \"K%05d,Weber%d,LFV3A23C8E%07d,2020-%02d-11,2025-%02d-12,%d\\n\", "
        "r, r, 3000000 + r * 31, 1 + r % 12, 1 + r % 12, 1000 + r * 77";
    write_rows("cars.csv", "客户编号,客户姓名,VIN,购车日期,最近进厂日期,序号", car);
    struct finished finished = run("draft @/cars.csv --as-of 2026-06-30");
    expect_contains(finished.output, "service_date: {column: 最近进厂日期");
    finished_release(&finished);
    write_rows("cars.csv", "客户编号,客户姓名,VIN,购车日期,最近进厂日期,最近进厂里程", car);
    finished = run("draft @/cars.csv --as-of 2026-06-30");
    expect_contains(finished.output, "ownership:");
    expect_lacks(finished.output, "\n      service:");
    finished_release(&finished);
}

Test(draft, a_card_without_a_day_or_points_makes_no_membership)
{
    static const char card[] =
        "printf \"K%05d,Weber%d,138%08d,V%06d,%d\\n\", r, r, 24000000 + r * 7919, r * 37, r * 10";
    write_rows("people.csv", "客户编号,客户姓名,手机,会员卡号,可用积分", card);
    struct finished finished = run("draft @/people.csv --as-of 2026-06-30");
    expect_contains(finished.output, "customer:");
    expect_lacks(finished.output, "\n      membership:");
    finished_release(&finished);
    write_rows("people.csv", "客户编号,客户姓名,手机,会员卡号,累计积分", card);
    finished = run("draft @/people.csv --as-of 2026-06-30");
    expect_contains(finished.output, "\n      membership:");
    finished_release(&finished);
}

Test(draft, one_refusal_is_a_consent_and_one_permission_none)
{
    static const char flags[] = "printf \"K%05d,Weber%d,138%08d,%d,%d\\n\", r, r, "
                                "24000000 + r * 7919, r % 2, r % 3 == 0";
    static const struct {
        const char *headings;
        bool consent;
    } cases[] = {{"Customer No,Name,Mobile,Allow SMS,Zvbq", false},
                 {"Customer No,Name,Mobile,Allow SMS,Allow Email", true},
                 {"Customer No,Name,Mobile,Do Not SMS,Zvbq", true}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        write_rows("people.csv", cases[i].headings, flags);
        struct finished finished = run("draft @/people.csv --as-of 2026-06-30");
        expect_exit(finished, 0);
        if (cases[i].consent)
            expect_contains(finished.output, "\n      consent:");
        else
            expect_lacks(finished.output, "\n      consent:");
        finished_release(&finished);
    }
}

Test(draft, the_order_of_a_sale_is_no_visit)
{
    write_rows("cars.csv", "Order No,Customer No,Customer Name,VIN,Order Date,Sale Date,Sale Price",
               "printf \"S%06d,K%05d,Anna Weber,LFV3A23C8E%07d,2025-%02d-11,2025-%02d-20,%d\\n\", "
               "r, r, 3000000 + r * 31, 1 + r % 12, 1 + r % 12, 100000 + r * 500");
    struct finished finished = run("draft @/cars.csv --as-of 2026-06-30");
    expect_contains(finished.output, "purchase_date: {column: Sale Date");
    expect_lacks(finished.output, "\n      service:");
    finished_release(&finished);
    /* What was opened behind the sale is a visit. */
    write_rows("cars.csv", "Order No,Customer No,Customer Name,VIN,Service Date,Sale Date,Mileage",
               "printf \"S%06d,K%05d,Anna Weber,LFV3A23C8E%07d,2025-%02d-11,2024-%02d-20,%d\\n\", "
               "r, r, 3000000 + r * 31, 1 + r % 12, 1 + r % 12, 1000 + r * 50");
    finished = run("draft @/cars.csv --as-of 2026-06-30");
    expect_contains(finished.output, "order_number: Order No");
    expect_contains(finished.output, "service_date: {column: Service Date");
    finished_release(&finished);
}
