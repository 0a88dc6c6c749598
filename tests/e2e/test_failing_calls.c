#include "cust360/base/memory.h"
#include "small_group.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* What the program says when the machine refuses what it hardly ever refuses: one call to a library
 * fails (tests/e2e/driver/failing_call.c). */

#define CONFIG "-c @/cust360.yaml"
#define RUN    "run --no-summary --as-of 2026-06-30 " CONFIG

TestSuite(failing_calls, .init = small_group_open, .fini = workspace_close, .timeout = 300);

struct failing {
    const char *prepare; /* a shell command within the workspace; "" for none */
    const char *call;
    const char *path; /* "" for any */
    const char *at;   /* "" for all of them */
    const char *line;
    int exit_code;
    const char *message;
};

static void set(const char *name, const char *value)
{
    if (*value)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

static struct finished run_failing(const struct failing *failing)
{
    set("FAIL_CALL", failing->call);
    set("FAIL_PATH", failing->path);
    set("FAIL_AT", failing->at);
    set("LD_PRELOAD", "build/tests/failing_call.so");
    struct finished finished = run("%s", failing->line);
    set("LD_PRELOAD", "");
    return finished;
}

static void expect_failures(const struct failing *cases, size_t count)
{
#ifdef __SANITIZE_ADDRESS__
    cr_skip_test("the library and the sanitizer both stand before the C library");
#endif
    for (size_t i = 0; i < count; i++) {
        shell("cd '%s' && rm -rf before && mkdir before && cp -r dms feeds cust360.yaml before && "
              "rm -rf state out && (%s)",
              in_workspace(""), *cases[i].prepare ? cases[i].prepare : "true");
        struct finished finished = run_failing(&cases[i]);
        cr_expect_eq(finished.exit_code, cases[i].exit_code, "%s of %s; %s: %d\n%s", cases[i].call,
                     cases[i].path, cases[i].line, finished.exit_code, finished.messages);
        cr_expect(strstr(finished.messages, cases[i].message) ||
                      strstr(finished.output, cases[i].message),
                  "%s of %s; %s:\n%s\n%s", cases[i].call, cases[i].path, cases[i].line,
                  finished.messages, finished.output);
        finished_release(&finished);
        shell("cd '%s' && rm -rf dms feeds cust360.yaml && mv before/* .", in_workspace(""));
    }
}

#define EXPECT_FAILURES(cases) expect_failures(cases, sizeof(cases) / sizeof((cases)[0]))

Test(failing_calls, of_files)
{
    static const struct failing cases[] = {
        {"", "fstat", "cust360.yaml", "", RUN, 78, "could not read"},
        {"", "read", "cust360.yaml", "", RUN, 78, "cust360.yaml: Input/output error"},
        {"", "fsync", "customer360.db", "", RUN, 1, "could not sync"},
        {"", "rename", "customer360.db", "", RUN, 1, "could not rename"},
        {"mkdir out", "write", "cust360-canary", "", "check " CONFIG, 1, "could not write"},
        {"mkdir state", "fsync", "cust360-canary", "", "check " CONFIG, 1,
         "state: look at its rights, its file system and the room there"},
        {"", "write", "fresh.new", "", "seal " CONFIG " --new-key @/fresh", 1, "could not write"},
        {"", "open", "fresh.new", "2", "seal " CONFIG " --new-key @/fresh", 1, "could not open"},
        {"", "flock", "lock", "", RUN, 1, "could not lock the state in"},
        {"", "open", "state/lock", "", RUN, 1, "could not open"},
        {"", "opendir", "feeds", "", RUN, 78, "could not read the folder of"},
        {"", "readdir", "feeds", "", RUN, 78, "could not read the folder of"},
        {"echo 'keep: {raw: 30}' >> cust360.yaml", "close", "state/raw/", "", RUN, 1,
         "could not write"},
    };
    EXPECT_FAILURES(cases);
}

/* A row whose quotes do not end, and a wrong number of a value. */
#define REJECTED "printf '77\\n78,\"a\\n' >> feeds/D01.csv"

/* Long enough to be read in parts. */
#define LONG                                                                                       \
    "awk 'BEGIN { for (i = 2000; i < 90000; i++) print i \",Li Mei,1380020\" 10000 + i }' >> "     \
    "feeds/D01.csv"

#define IN_XML                                                                                     \
    "printf 'kind: xml\ntables: [{name: all, record: /all/one, entities: {customer: {key: No, "    \
    "fields: {name: Name}}}}]\n' > dms/tree.yaml && printf '<all><one><No>1</No><Name>Li Mei"      \
    "</Name></one></all>' > feeds/X01.xml && "                                                     \
    "echo '  - {id: X01, path: X01.xml, mapping: tree}' >> cust360.yaml"

Test(failing_calls, of_feeds)
{
    static const struct failing cases[] = {
        {"", "pthread_create", "", "", RUN, 5, "could not start a thread to read with"},
        {"sed -i 's/encoding: utf-8/encoding: gb18030/' dms/flat.yaml", "iconv_open", "GB18030", "",
         RUN, 5, "the system has no tables for the encoding"},
        {REJECTED, "open", "/D01.re", "", RUN, 1, "could not write"},
        {"true", "grow", "/D01.csv", "", RUN, 3,
         "D01.csv: the file was written to while it was read"},
        {REJECTED, "pread", "D01.csv", "", RUN, 3, "could not read the file again"},
        {"printf '77,\"%0300000d\n' 1 >> feeds/D01.csv", "fseeko", "D01.csv", "", RUN, 1,
         "could not read the rejected row again"},
        {LONG, "lseek", "D01.csv", "", RUN, 3, "could not read the file"},
        {IN_XML, "xmlTextReaderRead", "", "2", RUN, 3, "could not read the document"},
        {"cp -r kept/* .", "fread", "D01.csv", "", "reconcile --as-of 2026-06-30 " CONFIG, 0,
         "could not read"},
    };
    quiet_night("2026-06-30", "--no-summary", 0);
    shell("cd '%s' && mkdir kept && mv state out kept", in_workspace(""));
    EXPECT_FAILURES(cases);
}

Test(failing_calls, of_the_machine)
{
    static const struct failing cases[] = {
        {"", "fy_diag_create", "", "", RUN, 1, "could not start the YAML reader"},
        {"", "fy_parser_create", "", "", RUN, 1, "could not start the YAML reader"},
        {"", "fy_token_iter_create", "", "", RUN, 1, "could not start the YAML reader"},
        {"", "readlink", "/proc/self/exe", "", "rules list", 78,
         "there is no cust360.yaml here, and no mappings beside the program"},
        {"", "readlink", "/proc/self/exe", "", "profile @/feeds/D01.csv", 78,
         "there is no cust360.yaml here, and no mappings beside the program"},
        {"echo 'encryption: {key: {command: echo}}' >> cust360.yaml", "pipe2", "", "", RUN, 12,
         "could not be started"},
        {"echo 'roles: [analyst]' >> cust360.yaml", "getrandom", "", "", RUN, 1,
         "could not make a key: no random numbers"},
    };
    EXPECT_FAILURES(cases);
}

/* Memory that runs out within a library is told as that, and not as an empty value, a pattern or a
 * folder that is at fault. */
Test(failing_calls, of_memory)
{
    static const struct failing cases[] = {
        {"", "fy_token_iter_chunk_next", "", "9", RUN, 1, "out of memory"},
        {"", "fy_input_create", "", "3", RUN, 1, "out of memory"},
        {"", "pcre2_compile_8", "", "3", RUN, 1, "out of memory"},
        {"", "pcre2_match_data_create_8", "", "2", RUN, 1, "out of memory"},
        {"", "pcre2_match_context_create_8", "", "2", RUN, 1, "out of memory"},
        {"", "pcre2_jit_stack_create_8", "", "2", RUN, 1, "out of memory"},
        {"", "pcre2_match_8", "", "9", "check " CONFIG, 1, "out of memory"},
        {"", "opendir", "mappings/", "", RUN, 1, "out of memory"},
    };
    setenv("FAIL_ERRNO", "12", 1); /* ENOMEM */
    EXPECT_FAILURES(cases);
    unsetenv("FAIL_ERRNO");
}

/* A night has been. */
Test(failing_calls, of_what_is_done_between_nights)
{
    static const struct failing cases[] = {
        {"cp -r kept/* .", "MHD_run_wait", "", "2", "review serve --port 0 " CONFIG, 1,
         "the server could not go on"},
        {"cp -r kept/* .", "epoll_create1", "", "", "review serve --port 0 " CONFIG, 78,
         "could not start the server"},
        {"cp -r kept/* .", "bind", "", "", "review serve --port 0 " CONFIG, 1,
         "could not listen on 127.0.0.1 port 0"},
        {"cp -r kept/* .", "getrandom", "", "", "review serve --port 0 " CONFIG, 1,
         "could not get random bytes"},
        {"cp -r kept/* .", "getrandom", "", "", "subject erase D01:1 " CONFIG, 1,
         "could not make a key: no random numbers"},
        {"cp -r kept/* .", "readdir", "rejects", "", "subject erase D01:1 " CONFIG, 1,
         "could not read the folder"},
        {"cp -r kept/* .", "opendir", "rejects", "", "subject erase D01:1 " CONFIG, 1,
         "could not read the folder"},
        {"cp -r kept/* . && touch there && ln -s there link", "realpath", "", "",
         "subject show -o @/link D01:1 " CONFIG, 1, "could not follow the link"},
        {"cp -r kept/* .", "open", "/dev/null", "", "subject show -o /dev/null D01:1 " CONFIG, 1,
         "could not open /dev/null"},
    };
    quiet_night("2026-06-30", "--no-summary", 0);
    shell("cd '%s' && mkdir kept && mv state out kept", in_workspace(""));
    EXPECT_FAILURES(cases);
}
