/* command.h: one command of the program = one file = one constant = one row of main.c's table.
 *
 * Help, usage errors and shell completion come from the same table. Options read "--name VALUE",
 * "--name=VALUE" or "-n VALUE"; "--" ends them; they may stand before or behind arguments. */
#ifndef CUST360_CLI_COMMAND_H
#define CUST360_CLI_COMMAND_H

#include "cust360/base/error.h"
#include "cust360/base/slice.h"
#include <stddef.h>

enum { OPTIONS_MAX = 24 };

struct option_rule {
    const char *name;  /* without dashes; NULL ends the table */
    char letter;       /* 0: none */
    const char *value; /* what its value is called in help; NULL: a flag */
    const char *help;
};

struct invocation {
    const struct command *command;
    const struct command *const *commands; /* all of the program; ends with NULL */
    const char *values[OPTIONS_MAX];       /* by option; a flag that was given is "" */
    const char **arguments;
    size_t argument_count;
};

struct command {
    const char *name;
    const char *summary;   /* one line, for the list of commands */
    const char *arguments; /* "ID|MOBILE|VIN|NAME"; NULL: none are taken */
    size_t arguments_least;
    size_t arguments_most;
    const struct option_rule *options; /* ends with a name of NULL; --help, --log are everybody's */
    const char *details;               /* paragraphs for --help; may be NULL */
    int (*run)(const struct invocation *invocation); /* returns the exit code */
};

/* The value of an option, or NULL when it was not given. */
const char *invocation_option(const struct invocation *invocation, const char *name);
bool invocation_flag(const struct invocation *invocation, const char *name);

/* Whether --format asks for JSON; it is text or json, and text when it was not given. */
bool invocation_json(const struct invocation *invocation, bool *json, struct error *error);

/* Options that every command has; ends with a name of NULL. */
extern const struct option_rule common_options[];

/* What each exit code says; ends with words of NULL. */
struct exit_meaning {
    int code;
    const char *words;
};
extern const struct exit_meaning exit_meanings[];

/* Whether the command has an option of this name at all. */
bool command_knows(const struct command *command, const char *option);

/* An option's whole number; false (with a usage error filled in) when it is none or out of range.
 * Not given: *number stays. */
bool invocation_integer(const struct invocation *invocation, const char *name, int64_t least,
                        int64_t most, int64_t *number, struct error *error);

/* --as-of: days since 1970; today when it was not given. */
bool invocation_as_of(const struct invocation *invocation, int32_t *days, struct error *error);

/* Logs the error and returns its exit code: `return command_failed(&error);` */
int command_failed(const struct error *error);

/* Prints a command's data to stdout. That it could not be written is seen by command_line_run. */
void command_print(struct slice text);

/* Runs the command line; returns the exit code. `commands` ends with NULL. */
int command_line_run(const struct command *const *commands, int argc, char **argv);

/* Options that several commands share. */
#define OPTION_CONFIG                                                                              \
    {                                                                                              \
        "config", 'c', "FILE", "the project file (default: cust360.yaml)"                          \
    }
#define OPTION_FEEDS                                                                               \
    {                                                                                              \
        "feeds", 0, "DIR", "folder of the sources' exports"                                        \
    }
#define OPTION_STATE                                                                               \
    {                                                                                              \
        "state", 0, "DIR", "folder of state.db, rejects and former runs"                           \
    }
#define OPTION_OUT                                                                                 \
    {                                                                                              \
        "out", 0, "DIR", "folder of customer360.db and the reports"                                \
    }
/* Of commands whose output masks personal values unless it is asked for. */
#define UNMASKED_NOTED "; the audit log notes it"
/* The end of the details of commands that read the published view and mask nothing. */
#define DETAILS_WHOLE                                                                              \
    "\n\nValues of personal fields are shown whole, as they stand in the published view: whoever " \
    "may\n"                                                                                        \
    "read its file sees them, there is nothing to unmask, and the audit log notes nothing. Of\n"   \
    "what the state holds, cust360 explain and cust360 trace mask them unless --unmasked is "      \
    "given."
#define OPTION_AS_OF                                                                               \
    {                                                                                              \
        "as-of", 0, "DATE", "the day that counts as today (YYYY-MM-DD)"                            \
    }
#define OPTION_THREADS                                                                             \
    {                                                                                              \
        "threads", 0, "N", "threads to work with (default: the processors)"                        \
    }
#define OPTION_END                                                                                 \
    {                                                                                              \
        NULL, 0, NULL, NULL                                                                        \
    }

#endif
