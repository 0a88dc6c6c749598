#include "cust360/base/memory.h"
#include "small_group.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each sentence by which a command refuses something, said for what it is for: of configuration,
 * and of what is typed. */

/* The project with a copy of the mappings, to be spoiled. */
static void messages_open(void)
{
    small_group_open();
    shell("cp -r mappings '%s' && sed -i 's#^mappings: .*#mappings: mappings#' '%s'",
          in_workspace("mappings"), in_workspace("cust360.yaml"));
}

TestSuite(messages, .init = messages_open, .fini = workspace_close, .timeout = 300);

struct refused {
    const char *prepare; /* a shell command within the workspace; "" for none */
    const char *line;
    int exit_code;
    const char *message;
};

#define RUN "run -c @/cust360.yaml --as-of 2026-06-30"

static void expect_refused(const struct refused *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        shell("cd '%s' && rm -rf before && mkdir before && cp -r mappings dms feeds cust360.yaml"
              " before && (%s)",
              in_workspace(""), *cases[i].prepare ? cases[i].prepare : "true");
        struct finished finished = run("%s", cases[i].line);
        cr_expect_eq(finished.exit_code, cases[i].exit_code, "%s; %s: %d\n%s", cases[i].prepare,
                     cases[i].line, finished.exit_code, finished.messages);
        cr_expect(strstr(finished.messages, cases[i].message) ||
                      strstr(finished.output, cases[i].message),
                  "%s; %s: %s%s", cases[i].prepare, cases[i].line, finished.messages,
                  finished.output);
        finished_release(&finished);
        shell("cd '%s' && rm -rf mappings dms feeds cust360.yaml && mv before/* .",
              in_workspace(""));
    }
}

#define EXPECT_REFUSED(cases) expect_refused(cases, sizeof(cases) / sizeof((cases)[0]))

Test(messages, of_the_model_and_its_rules)
{
    static const struct refused cases[] = {
        {"sed -i 's/name: {kind: name, label: Name, class: personal}/name: {kind: name, label: "
         "Name, class: personal, personal: true}/' mappings/model.yaml",
         RUN, 78, "say the same: keep \"class\""},
        {"sed -i 's/{kind: date, label: Begins}/{kind: dat, label: Begins}/' mappings/model.yaml",
         RUN, 78, "there is no rule file for the kind 'dat'"},
        {"sed -i '0,/^steps:/s//steps:\\n  - reject: {code: odd}/' mappings/rules/mobile.yaml", RUN,
         78, "reject has neither 'pattern' nor 'values'"},
        {"sed -i '0,/^steps:/s//steps:\\n  - {name: idle}/' mappings/rules/mobile.yaml", RUN, 78,
         "a step is one of unicode, replace, reject, match and check"},
        {"rm mappings/view/[0-9]*.sql", RUN, 78, "no SQL files (NNN-name.sql) are in"},
        {"sed -i '0,/, reference: customer_key/s///' mappings/match.yaml", RUN, 78,
         "an attribute of another entity needs `reference`, the field that holds the key of the "
         "customer"},
        {"sed -i '2s/^[0-9]*,/few,/' mappings/reference/ahp_ri.csv", RUN, 78,
         "could not read a number of criteria and its index"},
    };
    EXPECT_REFUSED(cases);
}

Test(messages, of_mappings)
{
    static const struct refused cases[] = {
        {"printf 'kind: odbc\\nconnection: Driver=SQLite3;Database=x\\ntables:\\n  - name: t\\n    "
         "query: select a from t where a >= {since}\\n    entities:\\n      customer: {key: a, "
         "fields: {name: a, mobile: a}}\\n' > dms/flat.yaml",
         RUN, 78, "\"watermark\" and {since} in the query go together"},
        {"printf 'kind: xml\\ntables:\\n  - name: t\\n    record: /A//B\\n    entities:\\n      "
         "customer: {key: \"@a\", fields: {name: \"@a\", mobile: \"@a\"}}\\n' > dms/flat.yaml",
         RUN, 78, "dms/flat.yaml"},
        {"printf 'kind: xml\\ntables:\\n  - name: t\\n    record: /A/B\\n    entities:\\n      "
         "customer: {key: \"@a\", fields: {name: \"C[D=5]\", mobile: \"@a\"}}\\n' > dms/flat.yaml",
         RUN, 78, "a value in quotes is expected behind ="},
        {"printf 'kind: xml\\ntables:\\n  - name: t\\n    record: /A/B\\n    entities:\\n      "
         "customer: {key: \"@a\", fields: {name: \"C[@]\", mobile: \"@a\"}}\\n' > dms/flat.yaml",
         RUN, 78, "the name of an element or @attribute is missing"},
    };
    EXPECT_REFUSED(cases);
}

Test(messages, of_the_project)
{
    static const struct refused cases[] = {
        {"echo 'encryption: {key: {env: KEY}}' >> cust360.yaml; export KEY=abc", RUN, 12, "KEY"},
        {"echo abc > key && echo 'encryption: {key: {file: key}}' >> cust360.yaml", RUN, 12,
         "could not take the key: a key is 64 hexadecimal digits"},
        {"for i in 0 1 2 3 4 5 6 7 8; do printf '%064d' $i > k$i; done; echo 'encryption: {key: "
         "{file: k0}, former: [{file: k1}, {file: k2}, {file: k3}, {file: k4}, {file: k5}, {file: "
         "k6}, {file: k7}, {file: k8}]}' >> cust360.yaml",
         RUN, 78, "at most 8 keys are known at a time"},
        {"echo '  - {in: \"1\", out: \"2\"}' >> mappings/rules/mobile.yaml",
         "check -c @/cust360.yaml --format json", 78, "expected '2'"},
        {"sed -i '2,$s/^[0-9]*,/,/' feeds/D01.csv", "check -c @/cust360.yaml", 0, "of the first"},
        {"echo '  - {path: \"x*.csv\", mapping: flat}' >> cust360.yaml", "check -c @/cust360.yaml",
         0, "no file matches"},
        {"sqlite3 empty.db 'PRAGMA user_version = 1'", "profile @/empty.db", 1,
         "the database has no tables that may be read"},
        {"cp feeds/D01.csv feeds/E01.csv && awk -F, 'BEGIN { print \"source,key,entity\" } NR > 1 "
         "{ "
         "print \"D01,\" $1 \",a\" NR; print \"E01,\" $1 \",b\" NR }' feeds/D01.csv > truth.csv",
         "train -c @/cust360.yaml --state @/none --blocking --truth @/truth.csv --as-of 2026-06-30",
         0, "there are no two records of one customer: no key can be judged"},
        {"sed -i 's/mapping: flat}/mapping: flat, control_file: rows}/' cust360.yaml && echo many "
         "words here > feeds/rows",
         RUN, 5, "this line of the control file counts nothing"},
        {"sed -s -i 1!d feeds/*.csv", RUN, 5, "stopped: no source has given a single customer"},
        {"sed -s -i 1!d feeds/*.csv", "match -c @/cust360.yaml --out @/clusters.csv", 1,
         "no source has given a single record to match"},
        {"sed -i 2q feeds/D01.csv; rm feeds/E01.csv",
         "train -c @/cust360.yaml --state @/none --out @/model.yaml --as-of 2026-06-30", 1,
         "could not train: there are fewer than two records"},
        {"sed -i '/^training:/,$d' mappings/match.yaml",
         "train -c @/cust360.yaml --state @/none --out @/model.yaml --as-of 2026-06-30", 78,
         "could not train: no training passes are named"},
    };
    EXPECT_REFUSED(cases);
}

Test(messages, of_what_is_typed)
{
    static const struct refused cases[] = {
        {"", "report --view -c @/cust360.yaml", 10, "nothing has been published in"},
        {"", "audit verify -c @/cust360.yaml --head 7", 2, "--head: this is no head of an audit"},
        {"", "view dictionary -c @/cust360.yaml --format pdf", 2,
         "--format is markdown or html, not pdf"},
        {"", "evaluate -c @/cust360.yaml --truth @/feeds/D01.csv --brief --html @/x.html", 2,
         "--brief leaves out what --precision and --html need"},
        {"", "evaluate -c @/cust360.yaml --truth @/feeds/D01.csv --view", 2,
         "--view needs --golden FILE as well"},
        {"echo '{}' > profile.json", "draft @/profile.json --name x", 78,
         "this is no profile: it has no tables"},
        {"echo '{\"tables\": [{}]}' > profile.json", "draft @/profile.json --name x", 78,
         "this is no table of a profile: it has no columns"},
        {"", "nothing-like-it", 2, "unknown command nothing-like-it"},
        {"", "run --stat x", 2, "run: unknown option --stat"},
        {"", "show", 2, "show: an argument is missing: "},
        {"", "explain", 2, "explain: an argument is missing: A [B]"},
        {"", "run", 78, "there is no cust360.yaml here"},
        {"", "audit nonsense -c @/cust360.yaml", 2, "audit: there is no nonsense"},
        {"", "check -c @/cust360.yaml --format xml", 2, "check: --format is text, json or sarif"},
        {"", "subject nonsense D01:1 -c @/cust360.yaml", 2, "subject: there is no nonsense"},
        {"", "view nonsense", 2, "view: there is no nonsense"},
        {"", "rules nonsense", 2, "rules: there is no nonsense"},
        {"", "rules explain mobile", 2, "rules explain: an argument is missing"},
        {"", "rules list nonsense", 2, "there is no kind nonsense"},
        {"", "seal -c @/cust360.yaml --new-key @/cust360.yaml", 1, "cust360.yaml is there already"},
        {"", "run --accept nonsense --reason it -c @/cust360.yaml", 2,
         "--accept: there is no gate nonsense"},
        {"printf 'publish:\n  - {name: dwh, dialect: sqlite, connection: \"Driver=SQLite3;"
         "Database={path}\", path: dwh}\n' >> cust360.yaml",
         "publish -c @/cust360.yaml --target nonsense", 2, "there is no target nonsense"},
        {": > feeds/rows; sed -i 's/mapping: flat}/mapping: flat, control_file: rows}/' "
         "cust360.yaml",
         RUN, 5, "the control file is empty"},
    };
    EXPECT_REFUSED(cases);
}

/* Of a review the state must be there. */
Test(messages, of_a_review_and_of_the_log)
{
    static const struct refused cases[] = {
        {"", "review serve -c @/cust360.yaml --listen localhost", 2,
         "localhost is no numeric address"},
        {"", "review serve -c @/cust360.yaml --listen 0.0.0.0", 2,
         "without a certificate only this machine may connect, and 0.0.0.0 is no loopback address"},
        {"",
         "review serve -c @/cust360.yaml --listen 127.0.0.1 --port 1 --cert @/cust360.yaml --key "
         "@/cust360.yaml",
         78, "could not use the certificate and its key"},
        {"", "review serve -c @/cust360.yaml --cert @/cust360.yaml", 2,
         "a certificate needs its key, and a key its certificate"},
        {"",
         "audit verify -c @/cust360.yaml --head "
         "1:0000000000000000000000000000000000000000000000000000000000000000",
         1, "is not the one that was noted elsewhere"},
        {"",
         "audit verify -c @/cust360.yaml --head "
         "9:0000000000000000000000000000000000000000000000000000000000000000",
         1, "the audit log was cut off"},
        {"printf 'name,role\n,viewer\n' > stewards",
         "review serve -c @/cust360.yaml --stewards @/stewards", 78,
         "a steward's name has 1 to 64 characters"},
        {"printf 'publish:\n  - {name: dwh, dialect: sqlite, tables: [nonsense], connection: "
         "\"Driver=SQLite3;Database={path}\", path: dwh}\n' >> cust360.yaml",
         "publish --init -c @/cust360.yaml", 78, "the view has no table nonsense"},
        {"sqlite3 state/state.db \"INSERT INTO decision(kind, source_a, key_a, attribute, value, "
         "decided_by, decided_at) VALUES('value', 'D01', '1', 'no_more', 'x', 'lin', '2026-06-30 "
         "00:00:00')\" && echo >> feeds/D01.csv",
         RUN, 0, "a steward's value is for no_more, which golden records do not have any more"},
        {"", "review nonsense -c @/cust360.yaml", 2, "review: there is no nonsense"},
        {"", "review queue --kind nonsense -c @/cust360.yaml", 2,
         "there is no kind of case nonsense"},
        {"", "review customer C1 -c @/cust360.yaml", 1, "a golden id is C and nine characters"},
        {"", "review dismiss 7 -c @/cust360.yaml", 1, "no decision 7 has failed"},
        {"", "find 1 -c @/cust360.yaml --format xml", 2, "--format is text, json or csv, not xml"},
        {"", "explain D01:1 D01:1 -c @/cust360.yaml", 1, "D01:1 and D01:1 are the same record"},
        {"", "publish --run N-1 -c @/cust360.yaml", 1, "there is no view N-1 to go back to from"},
        {"", "subject show D01:none -c @/cust360.yaml", 1,
         "nothing is held under this number of a source"},
    };
    quiet_night("2026-06-30", "", 0);
    struct finished finished = run("subject show -c @/cust360.yaml D01:1");
    expect_exit(finished, 0);
    finished_release(&finished);
    EXPECT_REFUSED(cases);
    char *id = query(VIEW, "SELECT golden_id FROM customer LIMIT 1");
    finished = run("explain %s %s -c @/cust360.yaml", id, id);
    expect_exit(finished, 1);
    expect_contains(finished.messages, "are the same customer");
    finished_release(&finished);
    memory_free(id);
    shell("sqlite3 '%s' \"UPDATE run SET status = 'failed'\"", in_workspace(STATE));
    finished = run("review queue -c @/cust360.yaml");
    expect_exit(finished, 10);
    expect_contains(finished.messages, "the state has no run to review");
    finished_release(&finished);
}

/* A folder can be opened for reading, but not read. */
Test(messages, of_an_input_that_cannot_be_read)
{
    static const struct {
        const char *line;
        const char *message;
    } cases[] = {
        {"rules explain mobile -", "could not read standard input: Is a directory"},
        {"stage components -c samples/group/cust360.yaml --as-of 2026-06-30",
         "could not read the stream: Is a directory"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        shell("\"${CUST360:-build/cust360}\" %s < / > '%s' 2> '%s'; test $? = 1", cases[i].line,
              in_workspace("output"), in_workspace("said"));
        char *said = read_text("said");
        expect_contains(said, cases[i].message);
        memory_free(said);
    }
}
