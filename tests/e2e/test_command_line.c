#include "support.h"

#include "cust360/base/memory.h"
#include <criterion/criterion.h>

TestSuite(command_line, .init = workspace_open, .fini = workspace_close);

Test(command_line, help_lists_commands_and_exit_codes)
{
    struct finished finished = run("--help");
    expect_exit(finished, 0);
    expect_contains(finished.output, "Usage: cust360 COMMAND");
    expect_contains(finished.output, "78 configuration");
    finished_release(&finished);
}

Test(command_line, every_command_has_help)
{
    static const char *const commands[] = {"run", "check", "show", "find", "evaluate", "train"};
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        struct finished finished = run("%s --help", commands[i]);
        expect_exit(finished, 0);
        expect_contains(finished.output, "Usage: cust360");
        expect_contains(finished.output, "--config FILE");
        finished_release(&finished);
    }
}

Test(command_line, mistakes_are_usage_errors_with_a_proposal)
{
    static const struct {
        const char *line;
        const char *message;
    } cases[] = {{"rnu", "did you mean run?"},
                 {"nothing-like-it", "cust360 --help lists the commands"},
                 {"run --stat x", "did you mean --state?"},
                 {"run --as-of", "--as-of needs a value"},
                 {"run --as-of 2026-02-30", "--as-of is a date (YYYY-MM-DD), not 2026-02-30"},
                 {"run --as-of 9999-01-01", "--as-of is a date before the year 9999"},
                 {"run --quiet=yes", "--quiet takes no value"},
                 {"run --log xml", "--log is text, json or debug"},
                 {"run unexpected", "unexpected argument unexpected"},
                 {"show", "an argument is missing"},
                 {"help nothing-like-it", "unknown command"},
                 {"manual nothing-like-it", "manual: unknown command"},
                 {"manual --completion csh", "--completion is bash, zsh or fish, not csh"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct finished finished = run("%s", cases[i].line);
        expect_exit(finished, 2);
        expect_contains(finished.messages, cases[i].message);
        cr_assert_str_eq(finished.output, "", "nothing on stdout: %s", finished.output);
        finished_release(&finished);
    }
}

Test(command_line, version_and_help_are_on_stdout)
{
    static const char *const lines[] = {"--version", "version", "help run", "-h"};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct finished finished = run("%s", lines[i]);
        expect_exit(finished, 0);
        expect_contains(finished.output, "cust360");
        cr_assert_str_eq(finished.messages, "");
        finished_release(&finished);
    }
}

Test(command_line, json_messages_are_one_object_a_line)
{
    struct finished finished = run("run --log json -c @none.yaml");
    expect_exit(finished, 78);
    expect_contains(finished.messages, "\"level\":\"error\"");
    expect_contains(finished.messages, "\"exit_code\":78");
    finished_release(&finished);
}

Test(command_line, output_that_cannot_be_written_is_a_failure)
{
    static const char *const lines[] = {"--help", "--version",
                                        "check -c samples/group/cust360.yaml"};
    shell("test -c /dev/full || { echo '/dev/full is not a device here' >&2; exit 1; }");
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        shell(
            "code=0; \"${CUST360:-build/cust360}\" %s >/dev/full 2>'%s' || code=$?; test $code = 1",
            lines[i], in_workspace("messages"));
        char *messages = read_text("messages");
        expect_contains(messages, "could not write to standard output: No space left on device");
        memory_free(messages);
    }
}

Test(command_line, manual_pages_and_completion_name_every_command_and_option)
{
    static const struct {
        const char *line;
        const char *parts[3];
    } cases[] = {
        {"manual", {".TH CUST360 1", "cust360\\-reconcile", ".B 143\nterminated"}},
        {"manual run", {".TH CUST360-RUN 1", "\\fB\\-\\-as\\-of\\fR \\fIDATE", ".SH DESCRIPTION"}},
        {"manual stage", {".SH SYNOPSIS", ".nf\n", "cust360 (1)"}},
        {"manual --completion bash", {"_cust360()", "reconcile) words=", " --as-of"}},
        {"manual --completion zsh", {"#compdef cust360", "'--as-of=[", "_describe"}},
        {"manual --completion fish", {"complete -c cust360", "-l as-of", "-r -d 'the day"}},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct finished finished = run("%s", cases[i].line);
        expect_exit(finished, 0);
        for (size_t j = 0; j < 3; j++)
            expect_contains(finished.output, cases[i].parts[j]);
        cr_assert_str_eq(finished.messages, "");
        finished_release(&finished);
    }
}

Test(command_line, what_shows_personal_values_says_whether_they_are_masked)
{
    static const struct {
        const char *line;
        const char *part;
    } cases[] = {
        {"show --help", "shown whole, as they stand in the published view"},
        {"find --help", "shown whole, as they stand in the published view"},
        {"precall --help", "shown whole, as they stand in the published view"},
        {"manual show", "shown whole, as they stand in the published view"},
        {"explain --help", "whole; the audit log notes it"},
        {"trace --help", "whole values; the audit log notes it"},
        {"reconcile --help", "samples; the audit log notes it"},
        {"run --help", "whole values; the audit log notes it"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct finished finished = run("%s", cases[i].line);
        expect_exit(finished, 0);
        expect_contains(finished.output, cases[i].part);
        finished_release(&finished);
    }
}
