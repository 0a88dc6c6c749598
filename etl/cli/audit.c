#include "cli/audit.h"
#include "cli/commands.h"
#include "cli/open.h"
#include "cust360/base/audit.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/listing.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"

#include <inttypes.h>
#include <stdio.h>

/*
 *   heads that were noted (state.db, OUT/reports/, --head) ──┐
 *   STATE/audit.log, line by line ───────────────────────────┴──► whole, or the first place that is
 * not
 */

enum { SHOWN_MOST = 50, REPORT_MOST_BYTES = 64 << 20, HASH_SHOWN = 12 };

struct noted_heads {
    struct audit_head *heads;
    size_t count;
    size_t capacity;
};

static void note_head(struct noted_heads *noted, const struct audit_head *head)
{
    noted->heads =
        memory_grow(noted->heads, &noted->capacity, noted->count + 1, sizeof(*noted->heads));
    noted->heads[noted->count++] = *head;
}

/* ---- where heads are noted ---- */

static bool note_of_state(const struct project *project, struct arena *arena,
                          struct noted_heads *noted, struct error *error)
{
    const char *path = state_path(project, arena);
    struct audit_head head;
    if (!file_exists(path))
        return true;
    struct database *state = database_open(path, DATABASE_READ, error);
    struct statement *find = NULL;
    if (state)
        find = statement_prepare(state, "SELECT value FROM meta WHERE name = 'note audit head'",
                                 error);
    enum outcome outcome = find ? statement_step(find, error) : FAILED;
    if (outcome == ACCEPTED && audit_head_parse(statement_text(find, 0), &head))
        note_head(noted, &head);
    statement_destroy(find);
    database_close(state);
    return outcome != FAILED;
}

/* Reports of runs name the head as "audit_head": "7:<hash>". */
static void note_of_report(const char *path, struct arena *arena, struct noted_heads *noted)
{
    static const char key[] = "\"audit_head\": \"";
    struct slice text;
    struct audit_head head;
    struct error ignored;
    if (!file_read(arena, path, REPORT_MOST_BYTES, &text, &ignored))
        return;
    const char *found = memmem(text.data, text.length, key, sizeof(key) - 1);
    if (!found)
        return;
    const char *value = found + sizeof(key) - 1;
    if (audit_head_parse(slice_make(value, strcspn(value, "\"")), &head))
        note_head(noted, &head);
}

static bool note_of_reports(const struct project *project, struct arena *arena,
                            struct noted_heads *noted, struct error *error)
{
    char **paths = NULL;
    size_t count = 0;
    const char *folder = file_join(arena, project->out, "reports");
    if (!file_exists(folder))
        return true;
    if (!file_glob(arena, file_join(arena, folder, "run-[0-9]*.json"), &paths, &count, error))
        return false;
    for (size_t i = 0; i < count; i++)
        note_of_report(paths[i], arena, noted);
    return true;
}

static bool note_of_option(const struct invocation *invocation, struct noted_heads *noted,
                           struct error *error)
{
    const char *option = invocation_option(invocation, "head");
    struct audit_head head;
    if (!option)
        return true;
    if (!audit_head_parse(slice_of(option), &head)) {
        error_set(error, EXIT_USAGE, "--head: this is no head of an audit log");
        return error_hint(error, "a report has it as \"audit_head\": a number, a colon, 64 digits");
    }
    note_head(noted, &head);
    return true;
}

static bool verify(const struct invocation *invocation, const struct project *project,
                   struct arena *arena, struct audit_head *head, struct error *error)
{
    struct noted_heads noted = {0};
    bool done = note_of_state(project, arena, &noted, error) &&
                note_of_reports(project, arena, &noted, error) &&
                note_of_option(invocation, &noted, error) &&
                audit_verify(project->state, noted.heads, noted.count, head, error);
    memory_free(noted.heads);
    return done;
}

/* ---- showing ---- */

/* The text between two marks of a line; what the program writes has both. */
static struct slice between(struct slice line, const char *from, const char *to)
{
    const char *begin = memmem(line.data, line.length, from, strlen(from));
    if (!begin)
        return slice_make(NULL, 0);
    begin += strlen(from);
    size_t left = line.length - (size_t)(begin - line.data);
    const char *end = memmem(begin, left, to, strlen(to));
    return slice_make(begin, end ? (size_t)(end - begin) : left);
}

/* {"run": "3", "gate": "removals"} as: run 3, gate removals. */
static void plain_details(struct slice details, struct buffer *text)
{
    for (size_t i = 0; i < details.length; i++) {
        char byte = details.data[i];
        if (byte != '"' && byte != '{' && byte != '}')
            buffer_append_byte(text, byte == ':' ? ' ' : byte);
        if (byte == ',')
            buffer_append_byte(text, ' ');
    }
}

static void list_line(struct listing *listing, struct slice line)
{
    struct buffer details = BUFFER_EMPTY;
    listing_row(listing);
    listing_text(listing, between(line, "{\"entry\":", ","));
    listing_text(listing, between(line, "\"at\":\"", "\""));
    listing_text(listing, between(line, "\"who\":\"", "\",\"event\""));
    listing_text(listing, between(line, "\"event\":\"", "\""));
    plain_details(between(line, "\"details\":", ",\"former\":"), &details);
    listing_text(listing, buffer_slice(&details));
    buffer_release(&details);
}

/* The lines behind the first `skip`. */
static void show_lines(struct slice content, uint64_t skip, struct buffer *text)
{
    static const struct listing_column columns[] = {
        {"entry", LISTING_RIGHT, 0}, {"at", LISTING_LEFT, 0},       {"who", LISTING_LEFT, 24},
        {"event", LISTING_LEFT, 0},  {"details", LISTING_LEFT, 90},
    };
    struct listing *listing = listing_create(columns, sizeof(columns) / sizeof(columns[0]));
    for (uint64_t entry = 1; content.length; entry++) {
        const char *end = memchr(content.data, '\n', content.length);
        size_t length = end ? (size_t)(end - content.data) : content.length;
        if (entry > skip)
            list_line(listing, slice_cut(content, 0, length));
        content = slice_cut(content, length + 1, content.length);
    }
    listing_write(listing, 0, text);
    listing_destroy(listing);
}

static bool print_log(const struct invocation *invocation, const struct project *project,
                      struct arena *arena, const struct audit_head *head, struct error *error)
{
    struct slice content;
    struct buffer text = BUFFER_EMPTY;
    int64_t limit = SHOWN_MOST;
    if (!invocation_integer(invocation, "limit", 1, INT32_MAX, &limit, error))
        return false;
    if (!file_map(audit_path(arena, project->state), &content))
        return true;
    if (strcmp(invocation->arguments[0], "export") == 0) {
        command_print(content);
    } else {
        uint64_t skip = head->entries > (uint64_t)limit ? head->entries - (uint64_t)limit : 0;
        show_lines(content, skip, &text);
        command_print(buffer_slice(&text));
    }
    buffer_release(&text);
    file_unmap(content);
    return true;
}

/* ---- the command ---- */

static bool run_word(const struct invocation *invocation, struct arena *arena, struct error *error)
{
    static const char *const words[] = {"verify", "show", "export"};
    const char *word = invocation->arguments[0];
    bool known = false;
    struct audit_head head;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        known = known || strcmp(word, words[i]) == 0;
    if (!known) {
        error_set(error, EXIT_USAGE, "audit: there is no %s", word);
        return error_hint(error, "verify, show, export");
    }
    const struct project *project = open_project_without_sources(invocation, arena, error);
    if (!project || !verify(invocation, project, arena, &head, error))
        return false;
    if (strcmp(word, "verify") != 0)
        return print_log(invocation, project, arena, &head, error);
    char text[AUDIT_HEAD_BYTES];
    struct buffer line = BUFFER_EMPTY;
    audit_head_format(&head, text);
    buffer_format(&line, "the audit log is as it was written; head: %s\n", text);
    command_print(buffer_slice(&line));
    buffer_release(&line);
    return true;
}

static int run_audit(const struct invocation *invocation)
{
    struct arena *arena = arena_create();
    struct error error = {0};
    int code = run_word(invocation, arena, &error) ? EXIT_DONE : command_failed(&error);
    arena_destroy(arena);
    return code;
}

bool audit_unmasked(const struct project *project, const char *command, const char *what,
                    struct error *error)
{
    const struct audit_detail details[] = {{"command", command}, {"what", what}};
    const struct audit_entry entry = {NULL, "unmasked", details,
                                      sizeof(details) / sizeof(details[0])};
    return file_make_folder(project->state, error) && audit_append(project->state, &entry, error);
}

static const struct option_rule options[] = {
    OPTION_CONFIG,
    OPTION_STATE,
    OPTION_OUT,
    {"head", 0, "HEAD", "verify: a head that was noted elsewhere, as a report has it"},
    {"limit", 'n', "N", "show: how many entries at most, the last ones (default: 50)"},
    OPTION_END,
};

const struct command command_audit = {
    .name = "audit",
    .summary = "what was decided, let pass, shown unmasked and erased, and by whom",
    .arguments = "verify|show|export",
    .arguments_least = 1,
    .arguments_most = 1,
    .options = options,
    .details =
        "Stewards' decisions, gates let pass by --accept, values shown unmasked, exports and\n"
        "erasures of a person are written to STATE/audit.log before they take effect. Each line\n"
        "names the hash of the one before: whoever changes, removes, adds or moves one is found.\n"
        "It holds numbers, names of gates and fields, golden ids; never a personal value.\n"
        "\n"
        "  verify    goes through the whole log, and looks for the heads that the state and the\n"
        "            reports of runs have noted, so that a log cut off at its end is seen too;\n"
        "            ends with 1 and names the line that is not as it was written\n"
        "  show      the last entries\n"
        "  export    all of them, a JSON object a line\n"
        "\n"
        "Keep a head where nobody can write who can write the state (each run's report prints\n"
        "it), and give it to verify as --head.",
    .run = run_audit,
};
