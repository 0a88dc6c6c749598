#include "cli/manual.h"
#include "cli/commands.h"

#include <string.h>

/* Manual pages in the language of man(7), from the tables that --help is printed from: they cannot
 * say anything else. */

static const struct option_rule options[] = {
    {"completion", 0, "SHELL", "instead, completion of names and options for bash, zsh or fish"},
    OPTION_END,
};

/* Text with what man would take for its own marked as text. */
static void append_marked(struct buffer *page, struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        bool begins = i == 0 || text.data[i - 1] == '\n';
        if (begins && (text.data[i] == '.' || text.data[i] == '\''))
            buffer_append_text(page, "\\&");
        if (text.data[i] == '-')
            buffer_append_text(page, "\\-");
        else if (text.data[i] == '\\')
            buffer_append_text(page, "\\e");
        else
            buffer_append_byte(page, text.data[i]);
    }
}

/* Without a date: the same program writes the same page. */
static void append_title(struct buffer *page, const char *name)
{
    buffer_append_text(page,
                       ".\\\" Made by cust360 manual from the table of commands.\n.TH CUST360");
    if (*name)
        buffer_append_byte(page, '-');
    for (; *name; name++)
        buffer_append_byte(page, (char)(*name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name));
    buffer_append_text(page, " 1 \"\" \"cust360\" \"User Commands\"\n.SH NAME\n");
}

/* Paragraphs; what is set in by spaces keeps its lines. */
static void append_details(struct buffer *page, const char *details)
{
    while (*details) {
        const char *end = strstr(details, "\n\n");
        struct slice part = end ? slice_make(details, (size_t)(end - details)) : slice_of(details);
        bool keeps_lines =
            slice_starts_with(part, SLICE(" ")) || slice_find(part, SLICE("\n ")) >= 0;
        buffer_append_text(page, keeps_lines ? ".PP\n.nf\n" : ".PP\n");
        append_marked(page, part);
        buffer_append_text(page, keeps_lines ? "\n.fi\n" : "\n");
        details = end ? end + 2 : details + part.length;
    }
}

static void append_options(struct buffer *page, const struct option_rule *rule)
{
    for (; rule && rule->name; rule++) {
        buffer_append_text(page, ".TP\n");
        if (rule->letter)
            buffer_format(page, "\\fB\\-%c\\fR, ", rule->letter);
        buffer_append_text(page, "\\fB\\-\\-");
        append_marked(page, slice_of(rule->name));
        buffer_append_text(page, "\\fR");
        if (rule->value)
            buffer_format(page, " \\fI%s\\fR", rule->value);
        buffer_append_byte(page, '\n');
        append_marked(page, slice_of(rule->help));
        buffer_append_byte(page, '\n');
    }
}

static void append_command_page(struct buffer *page, const struct command *command)
{
    buffer_append_text(page, "cust360\\-");
    append_marked(page, slice_of(command->name));
    buffer_append_text(page, " \\- ");
    append_marked(page, slice_of(command->summary));
    buffer_format(page, "\n.SH SYNOPSIS\n.B cust360 %s\n[\\fIoptions\\fR]", command->name);
    if (command->arguments) {
        buffer_append_byte(page, ' ');
        append_marked(page, slice_of(command->arguments));
    }
    buffer_append_byte(page, '\n');
    if (command->details) {
        buffer_append_text(page, ".SH DESCRIPTION\n");
        append_details(page, command->details);
    }
    buffer_append_text(page, ".SH OPTIONS\n");
    append_options(page, command->options);
    append_options(page, common_options);
    buffer_append_text(page, ".SH SEE ALSO\n.BR cust360 (1)\n");
}

static void append_program_page(struct buffer *page, const struct command *const *commands)
{
    buffer_append_text(page, "cust360 \\- one golden master and a 360\\-degree view of all "
                             "dealers' customers\n.SH SYNOPSIS\n.B cust360\n\\fICOMMAND\\fR "
                             "[\\fIoptions\\fR]\n.SH COMMANDS\n");
    for (; *commands; commands++) {
        buffer_format(page, ".TP\n.BR cust360\\-%s (1)\n", (*commands)->name);
        append_marked(page, slice_of((*commands)->summary));
        buffer_append_byte(page, '\n');
    }
    buffer_append_text(page, ".SH EXIT STATUS\n");
    for (const struct exit_meaning *meaning = exit_meanings; meaning->words; meaning++)
        buffer_format(page, ".TP\n.B %d\n%s\n", meaning->code, meaning->words);
}

static const struct command *find_named(const struct command *const *commands, const char *name)
{
    while (*commands && strcmp((*commands)->name, name) != 0)
        commands++;
    return *commands;
}

static bool write_page(const struct invocation *invocation, struct buffer *page,
                       struct error *error)
{
    const char *name = invocation->argument_count ? invocation->arguments[0] : NULL;
    const struct command *command = name ? find_named(invocation->commands, name) : NULL;
    if (name && !command) {
        error_set(error, EXIT_USAGE, "manual: unknown command %s", name);
        return error_hint(error, "cust360 --help lists the commands");
    }
    append_title(page, command ? command->name : "");
    if (command)
        append_command_page(page, command);
    else
        append_program_page(page, invocation->commands);
    return true;
}

static int write_manual(const struct invocation *invocation)
{
    struct buffer text = BUFFER_EMPTY;
    struct error error;
    const char *shell = invocation_option(invocation, "completion");
    bool done = true;
    if (!shell)
        done = write_page(invocation, &text, &error);
    else if (!completion_write(invocation->commands, shell, &text))
        done = error_set(&error, EXIT_USAGE, "--completion is bash, zsh or fish, not %s", shell);
    if (done)
        command_print(buffer_slice(&text));
    buffer_release(&text);
    return done ? EXIT_DONE : command_failed(&error);
}

const struct command command_manual = {
    .name = "manual",
    .summary = "write a manual page, or what completes the command line",
    .arguments = "[COMMAND]",
    .arguments_most = 1,
    .options = options,
    .details =
        "To read one: cust360 manual run > run.1; man ./run.1\n"
        "\n"
        "For one's own shell: eval \"$(cust360 manual --completion bash)\". Packages install\n"
        "pages and completion (make install, make deb).",
    .run = write_manual,
};
