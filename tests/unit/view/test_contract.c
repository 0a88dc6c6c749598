#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(view_contract, .init = view_test_open, .fini = view_test_close);

static void put_contract(const char *number, const char *columns, const char *values)
{
    char sql[512];
    snprintf(sql, sizeof(sql),
             "INSERT INTO record_contract(source_id, source_key, number, %s) VALUES (7, '%s',"
             " '%s', %s)",
             columns, number, number, values);
    in_state(sql);
}

static const char contracts[] = "SELECT number, golden_id, linked_by FROM contract ORDER BY number";

/* The car was G1's until 2021-03-01 and is G2's since; G3 has an identity number only. */
static void put_world(void)
{
    put_customer(1, "1", 1, "王伟", "13800138001");
    put_customer(1, "2", 2, "李娜", "13800138002");
    put_customer(1, "3", 3, "赵敏", "13800138003");
    put_car(1, "1", "LFV1", "2018-01-01");
    put_car(1, "2", "LFV1", "2021-03-01");
    in_state("UPDATE record_customer SET id_key = 'ID' || source_key WHERE source_key <> '2'");
}

Test(view_contract, a_contract_is_of_whom_the_strongest_evidence_names)
{
    put_world();
    put_contract("A", "id_key, vin, starts_on", "'ID1', 'LFV1', '2018-01-01'");
    put_contract("B", "id_key, vin, starts_on", "'ID3', 'LFV1', '2022-01-01'");
    put_contract("C", "name, name_key, vin, starts_on", "'王伟', '王伟', 'LFV1', '2022-01-01'");
    put_contract("D", "vin, starts_on", "'LFV1', '2020-01-01'");
    put_contract("E", "name, name_key, vin, starts_on", "'某人', '某人', 'LFV1', '2022-01-01'");
    put_contract("F", "name, name_key, vin", "'赵敏', '赵敏', 'LFV9'");
    put_contract("G", "id_key, vin, starts_on", "'ID9', NULL, '2022-01-01'");
    build_view();
    expect_rows(contracts,
                "A|G1|identity number and VIN B|G3|identity number C|G1|VIN and name "
                "D|G1|VIN's owner at the start E|G2|VIN's owner at the start F|-|- G|-|-");
}

/* An identity number that two customers have decides only together with the car. */
Test(view_contract, an_identity_number_of_two_customers_needs_the_car)
{
    put_world();
    in_state("UPDATE record_customer SET id_key = 'ID1' WHERE source_key = '3'");
    put_contract("A", "id_key, vin, starts_on", "'ID1', 'LFV1', '2018-01-01'");
    put_contract("B", "id_key", "'ID1'");
    build_view();
    expect_rows(contracts, "A|G1|identity number and VIN B|-|-");
}

/* Extended warranties come with the insurer's policies. */
Test(view_contract, extended_warranties_are_warranties)
{
    put_world();
    put_contract("A", "type, product", "'insurance', 'extended_warranty'");
    put_contract("B", "type, product", "'insurance', 'compulsory'");
    put_contract("C", "type, product", "'warranty', NULL");
    build_view();
    expect_rows("SELECT number, type FROM contract ORDER BY number",
                "A|warranty B|insurance C|warranty");
}

Test(view_contract, the_end_is_reckoned_from_the_term_when_it_is_not_given)
{
    put_world();
    put_contract("A", "starts_on, months", "'2024-01-15', 36");
    put_contract("B", "starts_on, ends_on, months", "'2024-01-15', '2024-12-31', 36");
    put_contract("C", "starts_on", "'2024-01-15'");
    build_view();
    expect_rows("SELECT number, ends_on FROM contract ORDER BY number",
                "A|2027-01-15 B|2024-12-31 C|-");
}
