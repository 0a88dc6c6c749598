#include "cli/command.h"
#include "cli/streams.h"
#include "cust360/base/buffer.h"
#include "cust360/base/date.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "cust360/yaml.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PROGRAM_VERSION "0.1.0"

/* What every command understands. */
const struct option_rule common_options[] = {
    {"log", 0, "FORMAT", "messages on stderr as text, json or debug (text, and each step's time)"},
    {"quiet", 'q', NULL, "warnings and errors only"},
    {"help", 'h', NULL, "this text"},
    OPTION_END,
};

const struct exit_meaning exit_meanings[] = {
    {EXIT_DONE, "done"},
    {EXIT_FAILED, "failed"},
    {EXIT_USAGE, "usage"},
    {EXIT_SOURCE_MISSING, "published but a source is missing or failed"},
    {EXIT_GATE, "stopped by a gate"},
    {EXIT_STATE, "state missing or of another version"},
    {EXIT_LOCKED, "locked"},
    {EXIT_CREDENTIALS, "credentials"},
    {EXIT_CONFIGURATION, "configuration"},
    {EXIT_INTERRUPTED, "interrupted"},
    {EXIT_TERMINATED, "terminated"},
    {0, NULL},
};

enum { COMMON_LOG, COMMON_QUIET, COMMON_HELP, COMMON_OPTIONS };

/* What is being parsed: the command's options and everybody's, side by side. */
struct parse {
    struct invocation *invocation;
    const char *common[COMMON_OPTIONS];
    char **words;
    int count;
    int next;
};

static size_t rule_index(const struct option_rule *rules, struct slice name, char letter)
{
    for (size_t i = 0; rules && rules[i].name; i++)
        if ((letter && rules[i].letter == letter) ||
            (!letter && slice_equal(slice_of(rules[i].name), name)))
            return i;
    return SIZE_MAX;
}

static size_t rule_count(const struct option_rule *rules)
{
    size_t count = 0;
    while (rules && rules[count].name)
        count++;
    return count;
}

static bool unknown_option(const struct command *command, const char *word, struct slice name,
                           struct error *error)
{
    const char *names[OPTIONS_MAX + COMMON_OPTIONS];
    size_t count = 0;
    for (size_t i = 0; i < rule_count(command->options); i++)
        names[count++] = command->options[i].name;
    for (size_t i = 0; i < COMMON_OPTIONS; i++)
        names[count++] = common_options[i].name;
    char typed[64];
    snprintf(typed, sizeof(typed), "%.*s", SLICE_ARGUMENTS(name));
    const char *near = nearest_name(typed, names, count);
    error_set(error, EXIT_USAGE, "%s: unknown option %s", command->name, word);
    if (near)
        return error_hint(error, "did you mean --%s?", near);
    return error_hint(error, "see cust360 %s --help", command->name);
}

static bool take_value(struct parse *parse, const struct option_rule *rule, const char *attached,
                       const char **value, struct error *error)
{
    const char *command = parse->invocation->command->name;
    if (!rule->value) {
        if (attached)
            return error_set(error, EXIT_USAGE, "%s: --%s takes no value", command, rule->name);
        *value = "";
        return true;
    }
    if (!attached && parse->next >= parse->count)
        return error_set(error, EXIT_USAGE, "%s: --%s needs a value (%s)", command, rule->name,
                         rule->value);
    *value = attached ? attached : parse->words[parse->next++];
    return true;
}

static bool parse_option(struct parse *parse, const char *word, struct error *error)
{
    const struct command *command = parse->invocation->command;
    bool is_long = word[1] == '-';
    const char *equals = is_long ? strchr(word, '=') : NULL;
    struct slice name = is_long ? slice_of(word + 2) : slice_of(word + 1);
    if (equals)
        name.length = (size_t)(equals - word) - 2;
    char letter = is_long ? '\0' : word[1];
    const char *attached = equals ? equals + 1 : !is_long && word[2] ? word + 2 : NULL;
    size_t own = rule_index(command->options, name, letter);
    if (own != SIZE_MAX)
        return take_value(parse, &command->options[own], attached, &parse->invocation->values[own],
                          error);
    size_t common = rule_index(common_options, name, letter);
    if (common == SIZE_MAX)
        return unknown_option(command, word, name, error);
    return take_value(parse, &common_options[common], attached, &parse->common[common], error);
}

static bool parse_words(struct parse *parse, struct error *error)
{
    struct invocation *invocation = parse->invocation;
    bool only_arguments = false;
    while (parse->next < parse->count) {
        const char *word = parse->words[parse->next++];
        if (!only_arguments && strcmp(word, "--") == 0)
            only_arguments = true;
        else if (!only_arguments && word[0] == '-' && word[1] != '\0') {
            if (!parse_option(parse, word, error))
                return false;
        } else
            invocation->arguments[invocation->argument_count++] = word;
    }
    return true;
}

static void print_options(const struct option_rule *rules)
{
    for (size_t i = 0; i < rule_count(rules); i++) {
        char left[64];
        char letter[5] = "    ";
        if (rules[i].letter)
            snprintf(letter, sizeof(letter), "-%c, ", rules[i].letter);
        snprintf(left, sizeof(left), "%s--%s%s%s", letter, rules[i].name, rules[i].value ? " " : "",
                 rules[i].value ? rules[i].value : "");
        printf("  %-26s %s\n", left, rules[i].help);
    }
}

static void print_command_help(const struct command *command)
{
    printf("cust360 %s: %s\n\nUsage: cust360 %s [options]%s%s\n", command->name, command->summary,
           command->name, command->arguments ? " " : "",
           command->arguments ? command->arguments : "");
    if (command->details)
        printf("\n%s\n", command->details);
    printf("\nOptions:\n");
    print_options(command->options);
    print_options(common_options);
}

static void print_commands(const struct command *const *commands)
{
    printf("cust360: one golden master and a 360-degree view of all dealers' customers\n\n"
           "Usage: cust360 COMMAND [options]\n\nCommands:\n");
    for (size_t i = 0; commands[i]; i++)
        printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
    printf("\ncust360 COMMAND --help tells more. Exit codes: 0 done, 1 failed, 2 usage,\n"
           "3 published but a source is missing or failed, 5 stopped by a gate, 10 state missing\n"
           "or of another version, 11 locked, 12 credentials, 78 configuration.\n");
}

static const struct command *find_command(const struct command *const *commands, const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int unknown_command(const struct command *const *commands, const char *name)
{
    const char *names[64];
    size_t count = 0;
    for (; count < sizeof(names) / sizeof(names[0]) && commands[count]; count++)
        names[count] = commands[count]->name;
    const char *near = nearest_name(name, names, count);
    struct error error;
    error_set(&error, EXIT_USAGE, "unknown command %s", name);
    if (near)
        error_hint(&error, "did you mean %s?", near);
    else
        error_hint(&error, "cust360 --help lists the commands");
    return command_failed(&error);
}

static bool configure_log(const struct parse *parse, struct error *error)
{
    const char *format = parse->common[COMMON_LOG];
    bool json = format && strcmp(format, "json") == 0;
    bool debug = format && strcmp(format, "debug") == 0;
    if (format && !json && !debug && strcmp(format, "text") != 0)
        return error_set(error, EXIT_USAGE, "--log is text, json or debug, not %s", format);
    log_configure(parse->common[COMMON_QUIET] ? LOG_WARNING
                  : debug                     ? LOG_DEBUG
                                              : LOG_INFORMATION,
                  json ? LOG_JSON : LOG_TEXT);
    return true;
}

static bool check_arguments(const struct invocation *invocation, struct error *error)
{
    const struct command *command = invocation->command;
    if (invocation->argument_count > command->arguments_most) {
        error_set(error, EXIT_USAGE, "%s: unexpected argument %s", command->name,
                  invocation->arguments[command->arguments_most]);
    } else if (invocation->argument_count < command->arguments_least) {
        error_set(error, EXIT_USAGE, "%s: an argument is missing: %s", command->name,
                  command->arguments);
    } else {
        return true;
    }
    return error_hint(error, "see cust360 %s --help", command->name);
}

/* A mistake in the line itself is told in the format that the rest of it asks for. */
static void configure_log_early(int count, char *const *words)
{
    for (int i = 0; i < count; i++)
        if (strcmp(words[i], "--log=json") == 0 ||
            (strcmp(words[i], "--log") == 0 && i + 1 < count && strcmp(words[i + 1], "json") == 0))
            log_configure(LOG_INFORMATION, LOG_JSON);
}

static int run_command(const struct command *const *commands, const struct command *command,
                       int count, char **words)
{
    struct error error;
    struct invocation invocation = {.command = command, .commands = commands};
    struct parse parse = {.invocation = &invocation, .words = words, .count = count};
    invocation.arguments = memory_allocate_array((size_t)count + 1, sizeof(*invocation.arguments));
    int code = EXIT_DONE;
    configure_log_early(count, words);
    bool parsed = parse_words(&parse, &error);
    if (parsed && parse.common[COMMON_HELP])
        print_command_help(command);
    else if (!parsed || !configure_log(&parse, &error) || !check_arguments(&invocation, &error))
        code = command_failed(&error);
    else
        code = command->run(&invocation);
    memory_free(invocation.arguments);
    return code;
}

static int run_line(const struct command *const *commands, int argc, char **argv)
{
    const char *first = argc > 1 ? argv[1] : "--help";
    bool asks_help = strcmp(first, "help") == 0;
    if (asks_help && argc > 2) {
        const struct command *command = find_command(commands, argv[2]);
        if (!command)
            return unknown_command(commands, argv[2]);
        print_command_help(command);
        return EXIT_DONE;
    }
    if (asks_help || strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0) {
        print_commands(commands);
        return argc > 1 ? EXIT_DONE : EXIT_USAGE;
    }
    if (strcmp(first, "--version") == 0 || strcmp(first, "version") == 0) {
        printf("cust360 %s\n", PROGRAM_VERSION);
        return EXIT_DONE;
    }
    const struct command *command = find_command(commands, first);
    if (!command)
        return unknown_command(commands, first);
    return run_command(commands, command, argc - 2, argv + 2);
}

void command_print(struct slice text)
{
    if (text.length) /* command_line_run asks how all of it went */
        (void)fwrite(text.data, 1, text.length, stdout);
}

/* What stands in a buffer is only written at the end, and a full disk only found then. */
int command_line_run(const struct command *const *commands, int argc, char **argv)
{
    streams_begin();
    int code = run_line(commands, argc, argv);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    log_error("could not write to standard output: %s", strerror(errno));
    return code == EXIT_DONE ? EXIT_FAILED : code;
}

const char *invocation_option(const struct invocation *invocation, const char *name)
{
    size_t index = rule_index(invocation->command->options, slice_of(name), '\0');
    return index == SIZE_MAX ? NULL : invocation->values[index];
}

bool invocation_flag(const struct invocation *invocation, const char *name)
{
    return invocation_option(invocation, name) != NULL;
}

bool invocation_json(const struct invocation *invocation, bool *json, struct error *error)
{
    const char *format = invocation_option(invocation, "format");
    *json = format && strcmp(format, "json") == 0;
    return !format || *json || strcmp(format, "text") == 0 ||
           error_set(error, EXIT_USAGE, "--format is text or json, not %s", format);
}

bool command_knows(const struct command *command, const char *option)
{
    return rule_index(command->options, slice_of(option), '\0') != SIZE_MAX;
}

bool invocation_integer(const struct invocation *invocation, const char *name, int64_t least,
                        int64_t most, int64_t *number, struct error *error)
{
    const char *text = invocation_option(invocation, name);
    int64_t value = 0;
    if (!text)
        return true;
    if (!text_to_integer(slice_of(text), &value) || value < least || value > most)
        return error_set(error, EXIT_USAGE, "--%s is a whole number from %lld to %lld, not %s",
                         name, (long long)least, (long long)most, text);
    *number = value;
    return true;
}

bool invocation_as_of(const struct invocation *invocation, int32_t *days, struct error *error)
{
    const char *text = invocation_option(invocation, "as-of");
    if (!text) {
        *days = date_clock_today();
        return true;
    }
    if (!date_parse(slice_of(text), days))
        return error_set(error, EXIT_USAGE, "--as-of is a date (YYYY-MM-DD), not %s", text);
    /* The view looks some days and months ahead, and dates end with the year 9999. */
    if (date_from_days(*days).year >= 9999)
        return error_set(error, EXIT_USAGE, "--as-of is a date before the year 9999, not %s", text);
    return true;
}

int command_failed(const struct error *error)
{
    log_failure(LOG_ERROR, error);
    return error->exit_code ? error->exit_code : EXIT_FAILED;
}
