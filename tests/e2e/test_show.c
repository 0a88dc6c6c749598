#include "cust360/base/memory.h"
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PROJECT "-c @/cust360.yaml"
#define VIEW    "out/customer360.db"

/* 王伟 is a customer of D01 and of D02, with a car bought from 李娜; 王伟民 and 李娜 share a
 * mobile. */
static const char d01_customers[] =
    "CustNo,FullName,Sex,Type,CellPhone,IDCard,BirthDate,Province,Address,Email,ModifiedOn\r\n"
    "0000001,王伟,1,P,13812345671,440605197306131248,13/06/1973,江苏省,"
    "江苏省南京市玄武区中山东路18号阳光花园3栋2单元501室,wangwei@163.com,01/02/2025 09:00\r\n"
    "0000002,李娜,2,P,13912345672,,,,,,01/02/2020 09:00\r\n"
    "0000003,王伟民,1,P,13912345672,,,,,,01/02/2020 09:00\r\n";
static const char d01_vehicles[] = "CustNo,VIN,PlateNo,Brand,Model,PurchaseDate,Price\r\n"
                                   "0000001,LFVVCYER0E4544669,苏A12345,奥迪,奥迪A4L,05/06/2022,"
                                   "320000.00\r\n"
                                   "0000002,LFVVCYER0E4544669,苏A12345,奥迪,奥迪A4L,02/07/2015,"
                                   "350000.00\r\n";
static const char d01_repairs[] = "OrderNo,CustNo,VIN,InDate,JobType,Amount,Mileage\r\n"
                                  "R1,0000001,LFVVCYER0E4544669,07/08/2024,保养,1250.50,81000\r\n";
static const char d02_customers[] =
    "CustNo,FullName,Sex,Type,CellPhone,IDCard,BirthDate,Province,Address,Email,ModifiedOn\r\n"
    "0000009,%s,1,P,%s,%s,,,,,01/03/2026 09:00\r\n";
static const char complaints[] =
    "case_no,opened,vin,caller_name,caller_mobile,category,status,closed,settlement\r\n"
    "CP7,2025-01-02,LFVVCYER0E4544669,王伟,13812345671,质量,处理中,,\r\n";

static void write_project(void)
{
    char folder[512];
    char text[1024];
    cr_assert(getcwd(folder, sizeof(folder)));
    snprintf(text, sizeof(text),
             "name: Two dealers\nmappings: %s/mappings\nfeeds: feeds\nstate: state\nout: out\n"
             "sources:\n"
             "  - {path: 'D*_customers.csv', mapping: split}\n"
             "  - {id: hq_complaints, path: hq_complaints.csv, mapping: hq_complaints}\n",
             folder);
    write_text("cust360.yaml", text);
}

static void write_d02(const char *name, const char *mobile, const char *id_number)
{
    char text[512];
    snprintf(text, sizeof(text), d02_customers, name, mobile, id_number);
    write_text("feeds/D02_customers.csv", text);
}

static void run_night(const char *as_of)
{
    struct finished finished = run("run " PROJECT " --as-of %s", as_of);
    expect_exit(finished, 0);
    finished_release(&finished);
}

static void show_open(void)
{
    workspace_open();
    write_project();
    write_text("feeds/D01_customers.csv", d01_customers);
    write_text("feeds/D01_vehicles.csv", d01_vehicles);
    write_text("feeds/D01_repairs.csv", d01_repairs);
    write_d02("王偉", "+86 138-1234-5671", "440605197306131248");
    write_text("feeds/D02_vehicles.csv", "CustNo,VIN,PlateNo,Brand,Model,PurchaseDate,Price\r\n");
    write_text("feeds/D02_repairs.csv", "OrderNo,CustNo,VIN,InDate,JobType,Amount,Mileage\r\n");
    write_text("feeds/hq_complaints.csv", complaints);
    run_night("2026-06-29");
}

TestSuite(show, .init = show_open, .fini = workspace_close, .timeout = 120);
TestSuite(find, .init = show_open, .fini = workspace_close, .timeout = 120);

/* Shows what is typed and expects the page of 王伟. */
static void expect_page_of(const char *typed)
{
    struct finished finished = run("show " PROJECT " %s", typed);
    expect_exit(finished, 0);
    expect_contains(finished.output, "王伟\n");
    expect_contains(finished.output, "440605197306131248");
    expect_lacks(finished.output, "王伟民");
    finished_release(&finished);
}

Test(show, finds_a_customer_by_whatever_names_one)
{
    static const char *const typed[] = {
        "13812345671",
        "+86 138-1234-5671",
        "１３８１２３４５６７１",
        "LFVVCYER0E4544669",
        "lfvvcyer0e4544669",
        "苏A·12345",
        "440605197306131248",
        "D01 0000001",
        "d02 0000009",
        "0000009",
        "王伟",
        "王偉",
        "WangWei@163.com",
    };
    for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
        expect_page_of(typed[i]);
    char *id = query(VIEW, "SELECT golden_id FROM customer WHERE name = '王伟'");
    expect_page_of(id);
    for (char *letter = id; *letter; letter++)
        *letter = (char)(*letter >= 'A' && *letter <= 'Z' ? *letter + 'a' - 'A' : *letter);
    expect_page_of(id);
    memory_free(id);
}

Test(show, the_page_has_all_sides_of_a_customer)
{
    static const char *const parts[] = {
        "Customer\n",
        "name          王伟\n",
        "cars owned    1\n",
        "Before calling\n",
        "complaints           1\n",
        "complaint history    2025-01-02 quality open\n",
        "last service on      2024-08-07\n",
        "last service km      81,000\n",
        "may call             no\n",
        "Contacts (2)\n",
        "13812345671      yes        confirmed",
        "Cars (1)\n",
        ("LFVVCYER0E4544669  苏A12345  奥迪   奥迪A4L  2014  2022-06-05  owner  320,000  D01     "
         "sale"),
        "Events (3)\n",
        "2024-08-07  service    D01     LFVVCYER0E4544669  maintenance  1,250.50",
        "Complaints (1)\n",
        "VIN and mobile",
        "Source records (2)\n",
        "D02     0000009",
        "Where the values come from",
        "History of the id (1)\n",
    };
    struct finished finished = run("show " PROJECT " 王伟");
    expect_exit(finished, 0);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        expect_contains(finished.output, parts[i]);
    finished_release(&finished);
}

/* 李娜 sold the car: the VIN means who has it now. */
Test(show, former_owners_are_not_who_is_meant_by_a_car)
{
    struct finished finished = run("show " PROJECT " 李娜");
    expect_exit(finished, 0);
    expect_contains(finished.output, "2022-06-05  former_owner");
    finished_release(&finished);
    finished = run("show " PROJECT " LFVVCYER0E4544669");
    expect_exit(finished, 0);
    expect_contains(finished.messages, "the owner now");
    finished_release(&finished);
}

Test(show, several_customers_are_listed)
{
    struct finished finished = run("show " PROJECT " 13912345672");
    expect_exit(finished, 1);
    expect_contains(finished.output, "李娜");
    expect_contains(finished.output, "王伟民");
    expect_contains(finished.messages, "2 customers are meant");
    finished_release(&finished);
}

Test(show, nobody_is_a_clear_message_without_what_was_typed)
{
    struct finished finished = run("show " PROJECT " 13777777777");
    expect_exit(finished, 1);
    expect_contains(finished.messages, "no customer has this");
    expect_lacks(finished.messages, "13777777777");
    cr_assert_str_empty(finished.output);
    finished_release(&finished);
}

Test(show, json_is_whole)
{
    struct finished finished = run("show " PROJECT " --format json 王伟");
    expect_exit(finished, 0);
    finished_release(&finished);
    shell("jq -e '.customer.name == \"王伟\" and .customer.cars_owned == 1"
          " and .precall.may_call == false and (.vehicles | length) == 1"
          " and .vehicles[0].price == 320000 and (.events | length) == 3"
          " and .events[1].odometer_km == 81000 and (.sources | length) == 2"
          " and (.contracts | length) == 0 and .contacts[0].preferred == true' '%s' >/dev/null",
          in_workspace(".stdout"));
}

/* On the first night D02's customer is somebody else; on the second the clerk has mended the
 * record, and the two are one. */
Test(show, an_id_that_was_merged_away_leads_to_its_successor)
{
    write_d02("赵敏", "13612345673", "");
    run_night("2026-06-30");
    char *former = query(VIEW, "SELECT golden_id FROM customer WHERE name = '赵敏'");
    cr_assert(former);
    write_d02("王伟", "13812345671", "440605197306131248");
    run_night("2026-07-01");
    struct finished finished = run("show " PROJECT " %s", former);
    long aliases = query_number(VIEW, "SELECT count(*) FROM golden_alias");
    cr_assert_eq(aliases, 1);
    expect_exit(finished, 0);
    expect_contains(finished.output, "name          王伟\n");
    expect_contains(finished.messages, "was merged into");
    finished_release(&finished);
    memory_free(former);
}

/* The customer has left the only source that knew her. */
Test(show, an_id_that_nobody_has_any_more_tells_its_fate)
{
    char *id = query(VIEW, "SELECT golden_id FROM customer WHERE name = '王伟民'");
    char *last_line = strstr(d01_customers, "0000003");
    char text[1024];
    snprintf(text, sizeof(text), "%.*s", (int)(last_line - d01_customers), d01_customers);
    write_text("feeds/D01_customers.csv", text);
    run_night("2026-06-30");
    struct finished finished = run("show " PROJECT " %s", id);
    expect_exit(finished, 1);
    expect_contains(finished.messages, "is no customer any more: retired on 2026-06-30");
    finished_release(&finished);
    memory_free(id);
}

Test(show, before_the_first_run_there_is_nothing_to_show)
{
    struct finished finished = run("show " PROJECT " --out @/nothing 王伟");
    expect_exit(finished, 10);
    expect_contains(finished.messages, "could not find the published view");
    finished_release(&finished);
}

Test(show, a_format_that_does_not_exist_is_a_usage_error)
{
    struct finished finished = run("show " PROJECT " --format xml 王伟");
    expect_exit(finished, 2);
    expect_contains(finished.messages, "--format is text or json, not xml");
    finished_release(&finished);
}

/* ---- find ---- */

static void expect_found(const char *typed, const char *first, const char *second)
{
    struct finished finished = run("find " PROJECT " %s", typed);
    expect_exit(finished, 0);
    expect_contains(finished.output, first);
    if (second)
        expect_contains(finished.output, second);
    finished_release(&finished);
}

Test(find, whole_values_and_parts)
{
    expect_found("王伟", "name", "part of the name");
    expect_found("伟民", "王伟民", NULL);
    expect_found("王偉", "王伟", "王伟民");
    expect_found("345672", "李娜", "王伟民");
    expect_found("44669", "end of the VIN", "李娜");
    expect_found("A12345", "part of the plate", "王伟");
    expect_found("wang wei", "pinyin", "王伟民");
    expect_found("D01 0000003", "customer number", "王伟民");
    expect_found("LFVVCYER0E4544669", "王伟", "李娜");
}

Test(find, nobody_is_exit_code_1)
{
    struct finished finished = run("find " PROJECT " 钱七");
    expect_exit(finished, 1);
    cr_assert_str_empty(finished.output);
    finished_release(&finished);
}

Test(find, the_limit_is_said)
{
    struct finished finished = run("find " PROJECT " --limit 1 王");
    expect_exit(finished, 0);
    expect_contains(finished.messages, "only the first 1");
    finished_release(&finished);
    finished = run("find " PROJECT " --limit 0 王");
    expect_exit(finished, 2);
    finished_release(&finished);
}

Test(find, lists_for_programs)
{
    struct finished finished = run("find " PROJECT " --format csv D01 0000003");
    expect_exit(finished, 0);
    expect_contains(finished.output, "id,name,mobile,city,cars,records,found by\r\n");
    expect_contains(finished.output, ",王伟民,13912345672,,0,1,customer number\r\n");
    finished_release(&finished);
    finished = run("find " PROJECT " --format json 王伟");
    expect_exit(finished, 0);
    finished_release(&finished);
    shell("jq -e 'length == 2 and .[0].name == \"王伟\" and .[0].cars_owned == 1"
          " and .[1].city == null' '%s' >/dev/null",
          in_workspace(".stdout"));
    finished = run("find " PROJECT " --format yaml 王伟");
    expect_exit(finished, 2);
    finished_release(&finished);
}
