#include "place.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(profile_server, .init = workspace_open, .fini = place_close, .timeout = 120);
TestSuite(profile, .init = workspace_open, .fini = workspace_close, .timeout = 120);

static void write_customers(void)
{
    char text[16384] = "KHBH;姓名;手机号码;性别;购车日期;车架号;未知列\n";
    static const char *const names[] = {"王建国", "李秀英", "张伟", "刘洋", "陈静"};
    for (unsigned i = 0; i < 60; i++) {
        char line[160];
        snprintf(line, sizeof(line), "K%04u;%s;139%08u;%s;2020-%02u-11;;x%u\n", i, names[i % 5],
                 11223344 + 137 * i, i % 2 ? "男" : "女", i % 12 + 1, i * 7919);
        strcat(text, line);
    }
    write_text("kunden.csv", text);
}

Test(profile, tells_what_columns_mean_and_masks_values)
{
    write_customers();
    struct finished finished = run("profile @/kunden.csv");
    expect_exit(finished, 0);
    static const char *const parts[] = {"encoding utf-8", "semicolon",     "60 rows, 7 columns",
                                        "customer.key",   "customer.name", "customer.mobile",
                                        "car.purchase",   "139****",       "9{11}",
                                        "男 · 女"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        if (i < 9)
            expect_contains(finished.output, parts[i]);
    expect_lacks(finished.output, "王建国");
    finished_release(&finished);
    finished = run("profile @/kunden.csv --show-values");
    expect_contains(finished.output, "张伟");
    finished_release(&finished);
}

Test(profile, writes_json_and_a_page)
{
    write_customers();
    struct finished finished =
        run("profile @/kunden.csv --format json --html @/page.html --sample 20");
    expect_exit(finished, 0);
    expect_contains(finished.output, "\"meaning\": \"customer.mobile\"");
    write_text("profile.json", finished.output);
    char *page = read_text("page.html");
    expect_contains(page, "<svg");
    expect_lacks(page, "<script");
    expect_lacks(page, "王建国");
    free(page);
    finished_release(&finished);
    shell("jq -e '.tables[0].columns | length == 7' '%s' >/dev/null", in_workspace("profile.json"));
    finished = run("draft @/profile.json");
    expect_exit(finished, 0);
    expect_contains(finished.output, "mobile: {column: 手机号码");
    finished_release(&finished);
}

Test(profile, says_what_could_not_be_read)
{
    static const struct {
        const char *arguments;
        const char *message;
        int code;
    } cases[] = {{"profile @/nowhere.csv", "could not open", 1},
                 {"profile @/empty.csv", "the file is empty", 1},
                 {"profile @/kunden.csv --sample 0", "--sample", 2},
                 {"profile @/kunden.csv --format html", "--format", 2},
                 {"profile @/kunden.csv --encoding nonsense", "nonsense", 78},
                 {"draft @/not.json", "no profile", 78},
                 {"profile", "needs", 2}};
    write_customers();
    write_text("empty.csv", "");
    write_text("not.json", "{\"a\": 1}\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct finished finished = run("%s", cases[i].arguments);
        expect_exit(finished, cases[i].code);
        if (i + 1 < sizeof(cases) / sizeof(*cases))
            expect_contains(finished.messages, cases[i].message);
        finished_release(&finished);
    }
}

/* ---- drafts against the mappings that people wrote ---- */

/* What a mapping says a field is read from, a line each: without comments, codes and layout. */
static void bare_lines(const char *from, const char *to)
{
    shell("sed -E \"s/ +# .*//; s/^ *- //; s/^ +//; s/''/~/g; s/['\\\"~]//g; "
          "s/\\{columns?: (\\[[^]]*\\]|[^,}]*).*/\\1/\" '%s' | grep -vE "
          "'^(#|name: [a-z]|$|kind:|encoding:|csv:|connection:|query:|tables:|entities:|fields:|"
          "main:|when:|ignore:|file:)' | sort > '%s'",
          from, to);
}

static unsigned count_lines(const char *command)
{
    shell("%s > '%s'", command, in_workspace("count"));
    char *text = read_text("count");
    unsigned number = (unsigned)strtoul(text, NULL, 10);
    free(text);
    return number;
}

Test(profile, drafts_the_samples_nearly_as_people_mapped_them)
{
    static const struct {
        const char *files;
        const char *mapping;
    } cases[] = {
        {"@/feeds/D01_archive.csv", "wide"},
        {"@/feeds/D02_customers.csv @/feeds/D02_vehicles.csv @/feeds/D02_repairs.csv", "split"},
        {"@/feeds/D03_export.xml", "xml"},
        {"@/feeds/D04.sqlite", "odbc"},
        {"@/feeds/D05_export.xml", "tw"}};
    copy_sample_feeds();
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct finished finished = run("draft %s --out @/draft.yaml", cases[i].files);
        expect_exit(finished, 0);
        finished_release(&finished);
        char path[64];
        snprintf(path, sizeof(path), "mappings/dms/%s.yaml", cases[i].mapping);
        bare_lines(path, in_workspace("right"));
        bare_lines(in_workspace("draft.yaml"), in_workspace("drafted"));
        char command[1024];
        snprintf(command, sizeof(command), "cd '%s' && comm -13 right drafted | wc -l",
                 in_workspace(""));
        char all[1024];
        snprintf(all, sizeof(all), "cd '%s' && wc -l < right", in_workspace(""));
        unsigned differing = count_lines(command);
        unsigned lines = count_lines(all);
        cr_assert(lines > 10 && differing * 10 <= lines, "%s: %u of %u lines", cases[i].mapping,
                  differing, lines);
    }
}

Test(profile, a_draft_is_accepted_as_it_is)
{
    copy_sample_feeds();
    shell("cp -r mappings '%s'", in_workspace("mappings"));
    write_text("cust360.yaml", "mappings: mappings\nsources:\n"
                               "  - {id: D03, path: D03_export.xml, mapping: x.yaml}\n"
                               "  - {id: D01, path: D01_archive.csv, mapping: w.yaml}\n");
    struct finished finished = run("draft @/feeds/D03_export.xml --out @/x.yaml");
    expect_exit(finished, 0);
    finished_release(&finished);
    finished = run("draft @/feeds/D01_archive.csv --out @/w.yaml");
    finished_release(&finished);
    finished = run("check -c @/cust360.yaml");
    expect_exit(finished, 0);
    finished_release(&finished);
}

Test(profile, what_is_not_sure_is_refused_by_check_with_its_place)
{
    copy_sample_feeds();
    write_text("t.yaml", "kind: csv\ntables:\n  - name: t\n    entities:\n      customer:\n"
                         "        key: 客户编号\n        fields:\n          name: 客户名称\n"
                         "          TO"
                         "DO mobile: 手机\n");
    shell("cp -r mappings '%s'", in_workspace("mappings"));
    write_text("cust360.yaml", "mappings: mappings\nsources:\n"
                               "  - {id: D01, path: D01_archive.csv, mapping: t.yaml}\n");
    struct finished finished = run("check -c @/cust360.yaml");
    expect_exit(finished, 78);
    expect_contains(finished.output, "t.yaml:9:11: this line of a draft is not decided yet");
    finished_release(&finished);
    finished = run("check -c @/cust360.yaml --format sarif");
    expect_exit(finished, 78);
    write_text("sarif.json", finished.output);
    finished_release(&finished);
    /* All that the format requires, of each result and each rule. */
    shell(
        "jq -e '.version == \"2.1.0\" and (.[\"$schema\"] | type == \"string\") and"
        " (.runs | length == 1) and .runs[0].tool.driver.name == \"cust360\" and"
        " (.runs[0].tool.driver.rules | all(.id | length > 0)) and"
        " ([.runs[0].tool.driver.rules[].id] as $ids | ($ids | unique | length) == ($ids | length)"
        " and (.runs[0].results | length > 0 and all((.message.text | length > 0) and"
        " (.ruleId as $rule | $ids | index($rule) != null) and"
        " ([.level] | inside([\"none\", \"note\", \"warning\", \"error\"])) and"
        " (.locations // [] | all(.physicalLocation | (.artifactLocation.uri | length > 0) and"
        " (.region == null or .region.startLine > 0))))))' '%s' >/dev/null",
        in_workspace("sarif.json"));
    shell("jq -e '.version == \"2.1.0\" and .runs[0].results[0].locations[0].physicalLocation"
          ".region.startLine == 9 and .runs[0].results[0].level == \"error\"' '%s' >/dev/null",
          in_workspace("sarif.json"));
}

Test(profile, check_holds_a_mapping_against_the_file)
{
    write_customers();
    shell("cp -r mappings '%s'", in_workspace("mappings"));
    write_text("m.yaml", "kind: csv\ncsv: {delimiter: ';'}\ntables:\n  - name: t\n    entities:\n"
                         "      customer:\n        key: KHBH\n        fields:\n"
                         "          name: 姓名\n          mobile: 未知列\n"
                         "          email: {column: Email, required: false}\n");
    write_text("cust360.yaml", "mappings: mappings\nfeeds: .\nsources:\n"
                               "  - {id: D1, path: kunden.csv, mapping: m.yaml}\n");
    struct finished finished = run("check -c @/cust360.yaml --format json --strict");
    expect_exit(finished, 3);
    expect_contains(finished.output, "\"rule\": \"column_missing\"");
    expect_contains(finished.output, "\"rule\": \"type\"");
    expect_contains(finished.output, "customer.mobile are refused");
    finished_release(&finished);
    /* Code hosts show a result only where it has a place: that of the column in the mapping. */
    finished = run("check -c @/cust360.yaml --format sarif");
    write_text("sarif.json", finished.output);
    finished_release(&finished);
    shell("jq -e '.runs[0].results | length > 2 and all(.locations[0].physicalLocation"
          ".artifactLocation.uri | endswith(\"m.yaml\")) and any(.ruleId == \"column_missing\" and"
          " .locations[0].physicalLocation.region.startLine == 11)' '%s' >/dev/null",
          in_workspace("sarif.json"));
    finished = run("check -c @/cust360.yaml --no-feeds --strict");
    expect_exit(finished, 0);
    expect_contains(finished.output, "all is well");
    finished_release(&finished);
    finished = run("check -c @/cust360.yaml --format xml");
    expect_exit(finished, 2);
    finished_release(&finished);
}

/* Headings that nobody knows: the number is what no two customers share; 现用
 * is not understood, and what stands there are mobiles. */
Test(profile, values_carry_a_draft_where_headings_are_strange)
{
    shell(
        "awk 'BEGIN {print \"ZZ1,姓名,现用手机\"; for (i = 101; i < 200; i++)"
        " printf \"X%%d,王%%s,138%%08d\\n\", i, (i %% 2 ? \"明\" : \"小明\"), 24000000 + i * 7919}'"
        " > '%s'",
        in_workspace("people.csv"));
    struct finished finished = run("draft @/people.csv --as-of 2026-06-30");
    expect_exit(finished, 0);
    expect_contains(finished.output, "key: ZZ1 ");
    expect_contains(finished.output, "0.88: the customer's own number");
    expect_contains(finished.output, "        mobile: ");
    expect_lacks(finished.output, "nobody knows");
    finished_release(&finished);
}

Test(profile, a_draft_of_a_connection_has_references_and_no_secrets)
{
    copy_sample_feeds();
    struct finished finished = run("draft Driver={SQLite3};Database=%s;StepAPI=1;UID=schulze;"
                                   "PWD=geheim --name shop",
                                   in_workspace("feeds/D04.sqlite"));
    expect_exit(finished, 0);
    expect_contains(finished.output, "Database={database};StepAPI=1;UID={user};PWD={password};");
    expect_contains(finished.output, "user: {env: SHOP_USER}");
    expect_contains(finished.output, "password: {file: secrets/shop}");
    expect_lacks(finished.output, "geheim");
    expect_lacks(finished.output, "schulze");
    finished_release(&finished);
    finished = run("draft DSN=x;PWD={env:NO_SUCH_SECRET}");
    expect_exit(finished, 12);
    expect_contains(finished.messages, "NO_SUCH_SECRET");
    finished_release(&finished);
}

/* LSVAA418_E2…, with its check digit. */
static const char *make_vin(unsigned serial, char vin[32])
{
    static const unsigned weights[] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    static const unsigned letters[26] = {1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4,
                                         5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9};
    unsigned sum = 0;
    snprintf(vin, 32, "LSVAA4180E2%06u", serial);
    for (unsigned i = 0; i < 17; i++)
        sum += weights[i] * (vin[i] >= 'A' ? letters[vin[i] - 'A'] : (unsigned)(vin[i] - '0'));
    vin[8] = "0123456789X"[sum % 11];
    return vin;
}

/* People who come twice have a number in both rows; the rows' own numbers are nobody's. Of two
 * dates of a sale the delivery is meant, not the signature. */
Test(profile, a_running_number_is_nobodys_and_delivery_is_the_purchase)
{
    FILE *file = fopen(in_workspace("sales.csv"), "w");
    cr_assert_not_null(file);
    fprintf(file, "序号,会员客户编号,姓名,手机号码,车架号,签约日期,交车日期\n");
    for (unsigned i = 0; i < 60; i++) {
        char vin[32];
        fprintf(file, "%u,HY%07u,%s,139%08u,%s,2024-0%u-11,2024-0%u-2%u\n", i + 1,
                30100 + i / 2 * 3, i / 2 % 2 ? "王建国" : "李秀英", 11223344 + 137117 * (i / 2),
                make_vin(184847 + 311 * i, vin), i % 9 + 1, i % 9 + 1, i % 7);
    }
    cr_assert_eq(fclose(file), 0);
    struct finished finished = run("draft @/sales.csv --as-of 2026-06-30");
    expect_exit(finished, 0);
    expect_contains(finished.output, "        key: 会员客户编号 ");
    expect_contains(finished.output, "purchase_date: {column: 交车日期");
    expect_contains(finished.output, "      - 序号 ");
    finished_release(&finished);
}

/* ---- databases whose rows name each other by their numbers ---- */

/* Forty customers with a car each and two visits of it; %s: what the referring columns declare. */
static const char shop_tables[] =
    "CREATE TABLE customer(id integer PRIMARY KEY, customer_no varchar(20), name varchar(40), "
    "mobile varchar(20));"
    "CREATE TABLE vehicle(id integer PRIMARY KEY, customer_row_id integer %s, vin varchar(20), "
    "brand varchar(20), purchase_date varchar(10));"
    "CREATE TABLE visit(order_no varchar(20) PRIMARY KEY, vehicle_row_id integer %s, "
    "in_date varchar(10), mileage integer);";

static void write_shop_rows(FILE *sql)
{
    enum { CUSTOMERS = 40 };
    static const char *const names[] = {"王建国", "李秀英", "欧阳明", "张伟", "陈静静"};
    for (unsigned i = 0; i < CUSTOMERS; i++)
        fprintf(sql, "INSERT INTO customer VALUES(%u,'K%05u','%s','139%08u');", i + 1,
                70100 + i * 3, names[i % 5], 11223344 + 137117 * i);
    for (unsigned i = 0; i < CUSTOMERS; i++) {
        char vin[32];
        fprintf(sql, "INSERT INTO vehicle VALUES(%u,%u,'%s','大众','20%02u-05-1%u');", i + 1,
                CUSTOMERS - i, make_vin(184847 + 311 * i, vin), 12 + i % 9, i % 10);
        for (unsigned v = 0; v < 2; v++)
            fprintf(sql, "INSERT INTO visit VALUES('RO%06u',%u,'202%u-03-0%u',%u);",
                    500 + 2 * i + v, i + 1, 3 + v, 1 + i % 9, 9000 + 700 * i + 11000 * v);
    }
}

static void write_shop(const char *of_customer, const char *of_vehicle)
{
    FILE *sql = fopen(in_workspace("shop.sql"), "w");
    cr_assert_not_null(sql);
    fprintf(sql, shop_tables, of_customer, of_vehicle);
    write_shop_rows(sql);
    cr_assert_eq(fclose(sql), 0);
}

static void make_shop(const char *of_customer, const char *of_vehicle)
{
    write_shop(of_customer, of_vehicle);
    shell("rm -f '%s' && sqlite3 '%s' < '%s'", in_workspace("shop.sqlite"),
          in_workspace("shop.sqlite"), in_workspace("shop.sql"));
}

static void expect_joins(const char *draft)
{
    static const char *const parts[] = {
        "        key: customer_no ",
        "customer.customer_no as customer_no from vehicle left join customer on customer.id = "
        "vehicle.customer_row_id",
        "        key: [customer_no, vin] ",
        "vehicle.vin as vin, customer.customer_no as customer_no from visit left join vehicle on "
        "vehicle.id = visit.vehicle_row_id left join customer on customer.id = "
        "vehicle.customer_row_id order by visit.order_no",
        "    #   vehicle_row_id ",
        "row.number: names a row of vehicle"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        expect_contains(draft, parts[i]);
    expect_lacks(draft, "customer_key: customer_row_id");
}

Test(profile, a_draft_joins_what_rows_numbers_name)
{
    make_shop("", "");
    shell("cp -r mappings '%s'", in_workspace("mappings"));
    write_text("cust360.yaml", "name: shop\nmappings: mappings\nfeeds: .\nstate: state\n"
                               "out: out\nsources:\n"
                               "  - {id: D06, path: shop.sqlite, mapping: d.yaml, trust: 50}\n");
    struct finished finished = run("draft @/shop.sqlite --out @/d.yaml --as-of 2026-06-30");
    expect_exit(finished, 0);
    expect_contains(finished.messages, " 0 of them to be decided");
    finished_release(&finished);
    char *draft = read_text("d.yaml");
    expect_joins(draft);
    expect_contains(draft, "0.93: customer.customer_no of the row that customer_row_id names: it "
                           "is named after the table");
    free(draft);
    finished = run("check -c @/cust360.yaml --strict");
    expect_exit(finished, 0);
    finished_release(&finished);
    finished = run("run -c @/cust360.yaml --as-of 2026-06-30 --no-summary");
    expect_exit(finished, 0);
    finished_release(&finished);
    cr_assert_eq(query_number("out/customer360.db", "SELECT count(*) FROM ownership"), 40);
    cr_assert_eq(query_number("state/state.db",
                              "SELECT count(*) FROM record_service WHERE vin <> '' "
                              "AND customer_key IN (SELECT source_key FROM "
                              "record_customer)"),
                 80);
}

Test(profile, a_draft_joins_what_the_database_declares)
{
    make_shop("REFERENCES customer", "REFERENCES vehicle(id)");
    struct finished finished = run("draft @/shop.sqlite --as-of 2026-06-30");
    expect_exit(finished, 0);
    expect_joins(finished.output);
    expect_contains(finished.output, "customer_row_id names: the database says so");
    finished_release(&finished);
    finished = run("profile @/shop.sqlite --format json --as-of 2026-06-30");
    write_text("p.json", finished.output);
    finished_release(&finished);
    finished = run("draft @/p.json --as-of 2026-06-30");
    expect_exit(finished, 0);
    expect_joins(finished.output);
    finished_release(&finished);
}

/* No name, no declaration, and numbers from 1 on: a person has to say what they are. */
Test(profile, a_join_by_small_numbers_alone_is_to_be_decided)
{
    make_shop("", "");
    shell("sqlite3 '%s' 'ALTER TABLE vehicle RENAME COLUMN customer_row_id TO zz_x1'",
          in_workspace("shop.sqlite"));
    struct finished finished = run("draft @/shop.sqlite --as-of 2026-06-30");
    expect_exit(finished, 0);
    expect_contains(finished.output, "TO"
                                     "DO customer_key: customer_no ");
    expect_contains(finished.output, "as small numbers often are");
    finished_release(&finished);
}

Test(profile_server, a_draft_of_postgresql_joins_rows)
{
    place_open(PLACE_POSTGRESQL);
    write_shop("REFERENCES customer", "REFERENCES vehicle");
    shell("tests/servers sql /tmp/c360-e2e-%ld postgresql \"$(cat '%s') GRANT SELECT ON ALL TABLES "
          "IN SCHEMA public TO writer\" >/dev/null",
          (long)getpid(), in_workspace("shop.sql"));
    const char *program = getenv("CUST360");
    shell("'%s' draft 'Driver={PostgreSQL Unicode};Server=/tmp/c360-e2e-%ld/postgresql;"
          "Database=view;Uid=writer;Pwd={file:/tmp/c360-e2e-%ld/password}' --as-of 2026-06-30 "
          "--out '%s'",
          program ? program : "build/cust360", (long)getpid(), (long)getpid(),
          in_workspace("d.yaml"));
    char *draft = read_text("d.yaml");
    expect_joins(draft);
    free(draft);
    shell("tests/servers sql /tmp/c360-e2e-%ld postgresql \"SELECT count(*) FROM ($(sed -n "
          "'s/^    query: \\(.* from visit .*\\)/\\1/p' '%s')) AS q WHERE customer_no <> '' AND "
          "vin <> ''\" | grep -qx 80",
          (long)getpid(), in_workspace("d.yaml"));
}

Test(profile, numbered_names_are_a_heading)
{
    write_text("f.csv", "F001,F002,F003\n1,王明,13800138001\n2,李雷,13800138002\n");
    struct finished finished = run("profile @/f.csv --format json");
    expect_exit(finished, 0);
    expect_contains(finished.output, "\"header\": true");
    expect_contains(finished.output, "\"name\": \"F002\"");
    finished_release(&finished);
    write_text("f.csv", "F001,王明,13800138001\nF002,李雷,13800138002\n");
    finished = run("profile @/f.csv --format json");
    expect_exit(finished, 0);
    expect_contains(finished.output, "\"header\": false");
    finished_release(&finished);
}

/* ---- files of lines ---- */

/* A host's export: a header, customers with their cars below them, a trailer with the counts. */
static void write_host_lines(void)
{
    enum { CUSTOMERS = 40 };
    static const char *const names[] = {"王建国", "李秀英", "欧阳明", "张伟", "陈静静"};
    FILE *file = fopen(in_workspace("host.utf8"), "w");
    cr_assert_not_null(file);
    fprintf(file, "HD20260630 D06\r\n");
    for (unsigned i = 0; i < CUSTOMERS; i++) {
        const char *name = names[i % 5];
        fprintf(file, "CU%06u%s%*s139%08u\r\n", 1000 + i * 7, name,
                (int)(20 - strlen(name) / 3 * 2), "", 11223344 + 137117 * i);
        char vin[32];
        fprintf(file, "VE%s%04u0316%9.2f\r\n", make_vin(184847 + 311 * i, vin), 2012 + i % 9,
                98000.5 + i * 1000);
    }
    fprintf(file, "TR%06u%06u\r\n", 2 * CUSTOMERS, CUSTOMERS);
    cr_assert_eq(fclose(file), 0);
    shell("iconv -f utf-8 -t gb18030 '%s' > '%s'", in_workspace("host.utf8"),
          in_workspace("host.txt"));
}

Test(profile, drafts_a_file_of_lines_and_check_reads_it)
{
    write_host_lines();
    shell("cp -r mappings '%s'", in_workspace("mappings"));
    write_text("cust360.yaml", "name: lines\nmappings: mappings\nfeeds: .\nstate: state\n"
                               "out: out\nsources:\n"
                               "  - {id: D06, path: host.txt, mapping: d.yaml, trust: 50}\n");
    struct finished finished = run("profile @/host.txt --as-of 2026-06-30 --html @/page.html");
    expect_exit(finished, 0);
    expect_contains(finished.output, "lines are of 4 types; places count bytes");
    expect_contains(finished.output, "CU: 40 rows");
    finished_release(&finished);
    finished = run("draft @/host.txt --out @/d.yaml --as-of 2026-06-30");
    expect_exit(finished, 0);
    finished_release(&finished);
    char *draft = read_text("d.yaml");
    expect_contains(draft, "header: {type: HD}");
    expect_contains(draft, "trailer: {type: TR, counts: {rows: 3-8, CU: 9-14}}");
    expect_contains(draft, "    parent: cu\n");
    expect_contains(draft, "        key: '3-8' ");
    expect_contains(draft, "vin: {column: '3-19', required: true}");
    free(draft);
    shell("sed -i 's/TO"
          "DO //' '%s'",
          in_workspace("d.yaml"));
    finished = run("check -c @/cust360.yaml --strict");
    expect_exit(finished, 0);
    finished_release(&finished);
    finished = run("run -c @/cust360.yaml --as-of 2026-06-30 --no-summary");
    expect_exit(finished, 0);
    finished_release(&finished);
    cr_assert_eq(query_number("out/customer360.db", "SELECT count(*) FROM customer_source"), 40);
    cr_assert_eq(query_number("out/customer360.db", "SELECT count(*) FROM ownership"), 40);
}

/* From the JSON of a profile the same lines come, but for the reason of the encoding. */
Test(profile, drafts_lines_from_the_json_of_their_profile)
{
    write_host_lines();
    shell("cd '%s' && printf 'NUMBER NAME      PHONE      \\n000121 ANN BLUME 13811112222\\n"
          "000329 BO        13911113333\\n000472 CHARLOTTE 13611114444\\n' > named.txt",
          in_workspace(""));
    static const char *const files[] = {"host.txt", "named.txt"};
    for (size_t i = 0; i < 2; i++) {
        struct finished finished = run("profile @/%s --as-of 2026-06-30 --format json", files[i]);
        expect_exit(finished, 0);
        write_text("p.json", finished.output);
        finished_release(&finished);
        finished = run("draft @/%s --name x --as-of 2026-06-30", files[i]);
        write_text("a", finished.output);
        finished_release(&finished);
        finished = run("draft @/p.json --name x --as-of 2026-06-30");
        expect_exit(finished, 0);
        write_text("b", finished.output);
        finished_release(&finished);
        shell("cd '%s' && grep -v ^encoding a > a1; grep -v ^encoding b > b1; cmp a1 b1",
              in_workspace(""));
    }
    shell("grep -q 'columns: {NUMBER: 1-7, NAME: 8-17, PHONE: 18-28}' '%s'", in_workspace("b"));
}

/* What a spreadsheet makes of an export: ="0001", '138…, days as numbers, rounded numbers. */
static void write_sheet(void)
{
    shell("cd '%s' && { printf '客户编号,姓名,手机,修改日期,会员号\\n'; for i in $(seq 1 60); do "
          "n=$(printf '%%04d' $i); test $((i %% 4)) = 0 && m=6.22848E+18 || m=62284804$n; "
          "printf \"=\\\"$n\\\",王伟,'1381234$n,$((43000 + i)),$m\\n\"; done; } > sheet.csv",
          in_workspace(""));
    shell("cp -r mappings '%s'", in_workspace("mappings"));
    write_text("cust360.yaml", "name: sheet\nmappings: mappings\nfeeds: .\nstate: state\n"
                               "out: out\nsources:\n"
                               "  - {id: D06, path: sheet.csv, mapping: d.yaml, trust: 50}\n");
}

Test(profile, names_what_a_spreadsheet_has_done_and_drafts_its_repair)
{
    write_sheet();
    struct finished finished = run("profile @/sheet.csv --as-of 2026-06-30");
    expect_exit(finished, 0);
    expect_contains(finished.output, "60 values are written as =\"…\"");
    expect_contains(finished.output, "60 values begin with an apostrophe");
    expect_contains(finished.output, "15 values stand in scientific notation");
    expect_contains(finished.output,
                    "修改日期: 100 % of the dates are days as a spreadsheet counts");
    finished_release(&finished);
    finished = run("profile @/sheet.csv --sample 20 --as-of 2026-06-30");
    expect_contains(finished.output, "60 values at its begin are written as =\"…\"");
    finished_release(&finished);
    finished = run("draft @/sheet.csv --out @/d.yaml --as-of 2026-06-30");
    expect_exit(finished, 0);
    finished_release(&finished);
    char *draft = read_text("d.yaml");
    expect_contains(draft, "repair: [formula, apostrophe]");
    expect_contains(draft, "updated_at: {column: 修改日期, format: excel}");
    free(draft);
    shell("sed -i 's/TO"
          "DO //' '%s'",
          in_workspace("d.yaml"));
    finished = run("run -c @/cust360.yaml --as-of 2026-06-30 --no-summary");
    expect_exit(finished, 0);
    expect_contains(finished.messages, "60 values are written as =\"…\" and were read as text");
    finished_release(&finished);
    cr_assert_eq(query_number("out/customer360.db", "SELECT count(*) FROM customer_source "
                                                    "WHERE mobile LIKE '1381234%' AND "
                                                    "updated_at LIKE '2017-%'"),
                 60);
}

Test(profile, the_folder_of_a_file_says_nothing_of_its_columns)
{
    write_sheet();
    shell("cd '%s' && mkdir -p cust360-e2e-fNHdfw && cp sheet.csv cust360-e2e-fNHdfw",
          in_workspace(""));
    struct finished finished =
        run("draft @/cust360-e2e-fNHdfw/sheet.csv --out @/d.yaml --as-of 2026-06-30");
    expect_exit(finished, 0);
    finished_release(&finished);
    char *draft = read_text("d.yaml");
    expect_contains(draft, "updated_at: {column: 修改日期, format: excel}");
    free(draft);
}

Test(profile, a_number_that_a_spreadsheet_has_rounded_is_no_key)
{
    write_sheet();
    struct finished finished = run("draft @/sheet.csv --out @/d.yaml --as-of 2026-06-30");
    finished_release(&finished);
    shell("cd '%s' && sed -i 's/TO"
          "DO //; s/key: 客户编号/key: 会员号/; /^ *ignore:/,/^ *- 会员号/d' d.yaml",
          in_workspace(""));
    finished = run("run -c @/cust360.yaml --as-of 2026-06-30 --no-summary "
                   "--accept reject_share:D06 --reason known");
    expect_exit(finished, 0);
    finished_release(&finished);
    char *reasons = read_text("state/rejects/D06.reasons.tsv");
    expect_contains(reasons, "lost_precision");
    free(reasons);
    cr_assert_eq(query_number("out/customer360.db", "SELECT count(*) FROM customer_source"), 45);
}

Test(profile, a_draft_reads_titles_accents_and_codes_within_words)
{
    char text[8192] = "Kunden 2026;;;;;\n\nNummer;Name;Strasse;Kundenart;Mobil;Auftragsart\n";
    for (unsigned i = 0; i < 40; i++) {
        char line[120];
        snprintf(line, sizeof(line), "K%04u;%c%c%s;Caf\xE9 Lane %u;%s;139%08u;%s\n", i,
                 'A' + i % 26, 'a' + i * 7 % 26, i % 2 ? "n\xE9 Bauer" : "r Logistik GmbH", i,
                 i % 2 ? "X" : "Y", 11223344 + 137 * i, i % 2 ? "Grosse Inspektion" : "Inspektion");
        strcat(text, line);
    }
    write_text("kunden.csv", text);
    struct finished finished = run("draft @/kunden.csv");
    expect_exit(finished, 0);
    expect_contains(finished.output, "encoding: 'windows-1252'");
    expect_contains(finished.output, "header: true, skip: 1}");
    expect_contains(finished.output, "'Y': organisation");
    finished_release(&finished);
}

Test(profile, a_draft_of_xml_takes_keys_from_the_elements_that_records_above_begin_with)
{
    static char text[32768] = "<Export>";
    for (unsigned i = 0; i < 30; i++) {
        char record[700];
        snprintf(record, sizeof(record),
                 "<Customer><CustomerNo>F%05u</CustomerNo><FullName>Lane %c%c</FullName><Vehicles>"
                 "<Vehicle><VIN>LVSHCFAE7K69%05u</VIN><Brand>Ford</Brand>"
                 "<SalesDate>2019-07-%02u</SalesDate><Visits>"
                 "<Visit><OrderNo>SO%06u</OrderNo><VisitDate>2021-08-%02u</VisitDate>"
                 "<Odometer>%u</Odometer></Visit><Visit><OrderNo>SO%06u</OrderNo>"
                 "<VisitDate>2022-03-%02u</VisitDate><Odometer>%u</Odometer></Visit>"
                 "</Visits></Vehicle><Vehicle><VIN>LVSHCFAE7K69%05u</VIN>"
                 "<Brand>Ford</Brand></Vehicle></Vehicles></Customer>",
                 i, 'A' + i % 26, 'a' + i * 7 % 26, 10000 + 37 * i, 1 + i % 28, 2 * i, 1 + i % 28,
                 15000 + 331 * i, 2 * i + 1, 1 + i % 28, 25000 + 457 * i, 20000 + 41 * i);
        strcat(text, record);
    }
    strcat(text, "</Export>");
    write_text("customers.xml", text);
    struct finished finished = run("draft @/customers.xml");
    expect_exit(finished, 0);
    expect_contains(finished.output, "record: /Export/Customer/Vehicles/Vehicle\n");
    expect_contains(finished.output, "customer_key: '../../CustomerNo'");
    expect_contains(finished.output, "record: /Export/Customer/Vehicles/Vehicle/Visits/Visit\n");
    expect_contains(finished.output, "customer_key: '../../../../CustomerNo'");
    expect_contains(finished.output, "vin: '../../VIN'");
    finished_release(&finished);
}
