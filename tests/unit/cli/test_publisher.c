#include "cli/review/review_publisher.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Programs of a few lines stand for the one that publishes. */

static char folder[64];
static char path[80];
static struct publisher *publisher;
static struct error error;

static const struct option_rule options[] = {OPTION_CONFIG, OPTION_STATE, OPTION_OUT, OPTION_END};
static const struct command command = {.name = "review", .options = options};
static struct invocation invocation = {.command = &command, .values = {"the project.yaml"}};

static void open_folder(void)
{
    strcpy(folder, "/tmp/cust360-publisher-XXXXXX");
    cr_assert(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/program", folder);
    publisher = publisher_create(path, &invocation);
}

static void close_folder(void)
{
    char text[120];
    publisher_destroy(publisher);
    snprintf(text, sizeof(text), "rm -r %s", folder);
    cr_expect_eq(system(text), 0);
}

TestSuite(publisher, .init = open_folder, .fini = close_folder, .timeout = 60);

static void write_program(const char *lines)
{
    FILE *file = fopen(path, "w");
    cr_assert(file);
    fprintf(file, "#!/bin/sh\ncd %s\n%s\n", folder, lines);
    fclose(file);
    cr_assert_eq(chmod(path, 0700), 0);
}

static void start(void)
{
    cr_assert(publisher_start(publisher, &error), "%s", error.message);
}

static struct review_publishing wait_for_end(void)
{
    struct review_publishing told;
    while ((told = publisher_tell(publisher)).state == REVIEW_PUBLISH_RUNS)
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    return told;
}

Test(publisher, nothing_is_told_before_it_was_begun)
{
    struct review_publishing told = publisher_tell(publisher);
    cr_expect_eq(told.state, REVIEW_PUBLISH_NONE);
    cr_expect_str_empty(told.when);
    cr_expect_str_empty(told.reason);
}

Test(publisher, it_is_told_to_publish_the_project)
{
    write_program("test \"$1 $2 $3 $4 $5 $6\" = \"review publish --quiet --config the project.yaml"
                  " \"");
    start();
    struct review_publishing told = wait_for_end();
    cr_expect_eq(told.state, REVIEW_PUBLISH_DONE, "%s", told.reason);
    cr_expect_eq(strlen(told.when), strlen("2026-06-30T00:00:00Z"));
    cr_expect_eq(publisher_failed_s(publisher), -1);
}

Test(publisher, one_is_at_work_at_a_time)
{
    write_program("mkfifo gate; read line < gate");
    start();
    cr_expect_not(publisher_start(publisher, &error));
    cr_expect_eq(error.exit_code, EXIT_LOCKED);
    cr_expect_eq(publisher_tell(publisher).state, REVIEW_PUBLISH_RUNS);
    publisher_destroy(publisher);
    publisher = publisher_create(path, &invocation);
}

Test(publisher, the_first_error_is_the_reason)
{
    write_program("echo 'cust360: warning: not this' >&2; echo 'cust360: error: the disk is full' "
                  ">&2; echo '  try another' >&2; exit 1");
    start();
    struct review_publishing told = wait_for_end();
    cr_expect_eq(told.state, REVIEW_PUBLISH_FAILED);
    cr_expect_str_eq(told.reason, "the disk is full");
    cr_expect_geq(publisher_failed_s(publisher), 0);
}

Test(publisher, without_a_message_the_way_it_ended_is_the_reason)
{
    write_program("exit 7");
    start();
    cr_expect_str_eq(wait_for_end().reason, "it ended with exit code 7");
    write_program("kill -9 $$");
    start();
    cr_expect_str_eq(wait_for_end().reason, "it was ended by signal 9");
}

Test(publisher, one_that_says_much_does_not_wait_for_a_reader)
{
    write_program("head -c 300000 /dev/zero | tr '\\0' x >&2");
    start();
    cr_expect_eq(wait_for_end().state, REVIEW_PUBLISH_DONE);
}

Test(publisher, a_program_that_is_not_there_is_said_at_once)
{
    cr_expect_not(publisher_start(publisher, &error));
    cr_expect_eq(error.exit_code, EXIT_FAILED);
    cr_expect(strstr(error.message, "could not begin to publish"), "%s", error.message);
    cr_expect_eq(publisher_tell(publisher).state, REVIEW_PUBLISH_NONE);
}

Test(publisher, without_a_pipe_nothing_is_begun)
{
    struct rlimit files;
    write_program("exit 0");
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &files), 0);
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &(struct rlimit){0, files.rlim_max}), 0);
    bool begun = publisher_start(publisher, &error);
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
    cr_expect_not(begun);
    cr_expect(strstr(error.message, "could not begin to publish: Too many open files"), "%s",
              error.message);
    cr_expect_eq(publisher_tell(publisher).state, REVIEW_PUBLISH_NONE);
    start();
    cr_expect_eq(wait_for_end().state, REVIEW_PUBLISH_DONE);
}
