#include "cli/commands.h"
#include "cli/profile/profiling.h"
#include "cust360/base/file.h"

enum { FILES_MOST = 64 };

static bool write_page(const struct profile_view *view, const char *path, struct error *error)
{
    struct buffer html = BUFFER_EMPTY;
    profile_write_html(view, &html);
    bool written = file_replace(path, buffer_slice(&html), error);
    buffer_release(&html);
    return written;
}

static bool show_profile(const struct profiling *profiling, const struct profile *profile,
                         struct error *error)
{
    bool json = false;
    const struct invocation *invocation = profiling->invocation;
    const char *page = invocation_option(invocation, "html");
    struct profile_view view = {profile, invocation_flag(invocation, "show-values"),
                                profiling->arena};
    struct buffer text = BUFFER_EMPTY;
    if (!invocation_json(invocation, &json, error) || (page && !write_page(&view, page, error)))
        return false;
    if (json)
        profile_write_json(&view, &text);
    else
        profile_write_text(&view, &text);
    command_print(buffer_slice(&text));
    buffer_release(&text);
    return true;
}

static int run_profile(const struct invocation *invocation)
{
    struct profiling profiling;
    struct error error = {0};
    bool json;
    int code = EXIT_DONE;
    const struct profile *profile = NULL;
    if (!invocation_json(invocation, &json, &error))
        return command_failed(&error);
    if (profiling_open(&profiling, invocation, &error))
        profile =
            profiling_run(&profiling, invocation->arguments, invocation->argument_count, &error);
    if (!profile || !show_profile(&profiling, profile, &error))
        code = command_failed(&error);
    profiling_close(&profiling);
    return code;
}

static const struct option_rule profile_options[] = {
    OPTION_CONFIG,
    {"format", 0, "FORMAT", "text or json (default: text)"},
    {"html", 0, "FILE", "also one page with charts"},
    {"sample", 0, "N", "look at N rows only, spread over the file"},
    {"encoding", 0, "NAME", "read the file in this encoding"},
    {"show-values", 0, NULL, "values as they are; else they are masked, but for codes"},
    OPTION_AS_OF,
    OPTION_THREADS,
    OPTION_END};

const struct command command_profile = {
    .name = "profile",
    .summary = "tell what is in an unknown export or database",
    .arguments = "FILE... | CONNECTION",
    .arguments_least = 1,
    .arguments_most = FILES_MOST,
    .options = profile_options,
    .details =
        "FILE is a delimited text, lines of fixed width or of several types (with header and\n"
        "trailer), an XML document or an SQLite database; several files of one system are looked\n"
        "at together. CONNECTION is an ODBC connection string (it has a = in\n"
        "it). Tells the encoding with its evidence, delimiter and heading; of each column how\n"
        "many rows have it, how many different values there are (exactly up to 4,096), lengths,\n"
        "patterns (9 a digit, A a capital, a a small letter, 汉 an ideograph), the most frequent\n"
        "values, date formats, what it means and how sure that is (by the heading and by the\n"
        "values, which the rules' own checks judge), and how personal it is. Of XML: the\n"
        "elements and how often they come; of a database: tables, keys, likely joins.\n"
        "Without a project file the rules that come with the program are used.\n"
        "The JSON can be given to cust360 draft.",
    .run = run_profile,
};
