#include "cust360/base/memory.h"
#include "night.h"
#include "visitor.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The server brings the view up to date in a child, and answers meanwhile. A view whose SQL never
 * ends keeps the child at work for as long as a test wants. */

#define VIEW_DB "out/customer360.db"
#define ENDLESS                                                                                    \
    "CREATE TABLE endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"      \
    " SELECT max(i) AS i FROM n;\n"

enum { PATIENCE_TENTHS = 600 };

static struct served served;

static void open_group(void)
{
    char project[300];
    night_open();
    shell("cp -r mappings/view '%s'; sed \"s|\\.\\./\\.\\.|$PWD|; s|: \\./|: $PWD/samples/group/|\""
          " samples/group/cust360.yaml > '%s'; printf 'view: %%s\\n' '%s' >> '%s'",
          in_workspace("view"), in_workspace("cust360.yaml"), in_workspace("view"),
          in_workspace("cust360.yaml"));
    struct finished finished =
        run("run -c @/cust360.yaml --feeds @/feeds --state @/state --out @/out " AS_OF);
    expect_exit(finished, 0);
    finished_release(&finished);
    write_text("stewards.csv", "name,role\n王芳,steward\nViewer,viewer\n");
    snprintf(project, sizeof(project), "-c '%s'", in_workspace("cust360.yaml"));
    served_start(&served, project, "");
    sign_in(&served, 0);
}

static void close_group(void)
{
    cr_expect_eq(served_end(&served, SIGTERM), 0, "the server ends cleanly");
    workspace_close();
}

TestSuite(review_publish, .init = open_group, .fini = close_group, .timeout = 120);

/* The first possible match is one customer; nothing is published by that. */
static void merge_first(void)
{
    struct finished finished =
        run("review export @/list.csv --kind possible -n 1 -c @/cust360.yaml");
    expect_exit(finished, 0);
    finished_release(&finished);
    shell("awk -F, -v OFS=, 'NR==2{$15=\"same\"} {print}' '%s' > '%s'", in_workspace("list.csv"),
          in_workspace("filled.csv"));
    finished = run("review import @/filled.csv --who anna -c @/cust360.yaml");
    expect_exit(finished, 0);
    expect_contains(finished.output, "1 decided");
    finished_release(&finished);
}

static void merge_while_it_waits(void)
{
    shell("printf 'mq' | \"${CUST360:-build/cust360}\" review -c '%s' --language en --who anna"
          " --kind possible > '%s' 2>&1",
          in_workspace("cust360.yaml"), in_workspace("screen"));
    char *screen = read_text("screen");
    expect_contains(screen, "recorded; a run holds the state");
    memory_free(screen);
}

static int publish(const char *part)
{
    static unsigned changes;
    char body[64];
    char *answer;
    snprintf(body, sizeof(body), "mark=%020u", ++changes);
    int status = ask(&served, "POST", "/api/publish", change_headers(&served), body, &answer);
    expect_contains(answer, part);
    memory_free(answer);
    return status;
}

static char *get(const char *target)
{
    char headers[256];
    char *answer;
    snprintf(headers, sizeof(headers), "Host: %s\r\nCookie: %s\r\n", served.host, served.cookie);
    cr_assert_eq(ask(&served, "GET", target, headers, "", &answer), 200, "%s: %s", target, answer);
    return answer;
}

/* The figures once publishing is in a state; freed by the caller. */
static char *wait_for(const char *state)
{
    char part[64];
    snprintf(part, sizeof(part), "\"publishing\":{\"state\":\"%s\"", state);
    for (int i = 0; i < PATIENCE_TENTHS; i++) {
        char *figures = get("/api/stats");
        if (strstr(figures, part))
            return figures;
        memory_free(figures);
        nanosleep(&(struct timespec){0, 100000000}, NULL);
    }
    cr_assert_fail("publishing was never %s", state);
    return NULL;
}

static void expect_state(const char *state, const char *part)
{
    char *figures = wait_for(state);
    expect_contains(figures, part);
    memory_free(figures);
}

/* The child begins the view's new file once it has the state in hand: before that another could
 * take it, and would make the view itself. */
static void wait_for_new_view(void)
{
    for (int i = 0; i < PATIENCE_TENTHS; i++) {
        if (access(in_workspace(VIEW_DB ".new"), F_OK) == 0)
            return;
        nanosleep(&(struct timespec){0, 100000000}, NULL);
    }
    cr_assert_fail("the view was never begun");
}

static long published_customers(void)
{
    return query_number(VIEW_DB, "SELECT count(*) FROM customer");
}

static pid_t child_of_server(void)
{
    char path[64];
    char line[32] = "";
    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)served.process,
             (int)served.process);
    FILE *file = fopen(path, "re");
    cr_assert(file, "%s", path);
    cr_assert(fgets(line, sizeof(line), file), "the server has no child");
    fclose(file);
    return (pid_t)strtol(line, NULL, 10);
}

Test(review_publish, what_was_decided_is_published_when_a_steward_wants_it)
{
    long before = published_customers();
    cr_expect_eq(publish("\"begun\":false"), 200, "nothing was decided");
    merge_first();
    cr_expect_eq(published_customers(), before);
    expect_state("none", "\"unpublished\":2");
    cr_expect_eq(publish("\"begun\":true"), 200);
    expect_state("done", "\"unpublished\":0");
    cr_expect_eq(published_customers(), before - 1);
}

Test(review_publish, pages_are_answered_while_the_view_is_made)
{
    long before = published_customers();
    merge_first();
    write_text("view/005-endless.sql", ENDLESS);
    cr_expect_eq(publish("\"begun\":true"), 200);
    expect_state("runs", "\"reason\":\"\"");
    memory_free(get("/api/queue"));
    cr_expect_eq(publish("published already"), 503);
    wait_for_new_view();
    merge_while_it_waits();
    kill(child_of_server(), SIGKILL);
    expect_state("failed", "it was ended by signal 9");
    cr_expect_eq(published_customers(), before, "the former view stands");
    shell("rm '%s'", in_workspace("view/005-endless.sql"));
    cr_expect_eq(publish("\"begun\":true"), 200);
    expect_state("done", "\"reason\":\"\"");
    cr_expect_lt(published_customers(), before);
}

Test(review_publish, why_it_failed_is_told_and_the_former_view_stands)
{
    long before = published_customers();
    merge_first();
    write_text("view/005-wrong.sql", "SELEKT 1;\n");
    cr_expect_eq(publish("\"begun\":true"), 200);
    expect_state("failed", "005-wrong.sql");
    cr_expect_eq(published_customers(), before);
    char *messages = read_text("served.messages");
    expect_contains(messages, "what was decided could not be published");
    memory_free(messages);
}

Test(review_publish, a_viewer_publishes_nothing)
{
    merge_first();
    sign_in(&served, 1);
    cr_expect_eq(publish("viewer"), 403);
    expect_state("none", "\"unpublished\":2");
}

Test(review_publish, the_end_of_the_server_is_the_end_of_its_child)
{
    char project[300];
    merge_first();
    write_text("view/005-endless.sql", ENDLESS);
    cr_expect_eq(publish("\"begun\":true"), 200);
    pid_t child = child_of_server();
    cr_expect_eq(served_end(&served, SIGTERM), 0);
    cr_expect(kill(child, 0) == -1 && errno == ESRCH, "the child has ended too");
    snprintf(project, sizeof(project), "-c '%s'", in_workspace("cust360.yaml"));
    served_start(&served, project, "");
}
