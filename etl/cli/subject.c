#include "cli/subject.h"
#include "cli/commands.h"
#include "cli/open.h"
#include "cust360/base/audit.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/store_steward.h"
#include "cust360/subject.h"

#include <inttypes.h>

enum { LOCK_WAIT_SECONDS = 10, CERTIFICATE_MOST_BYTES = 16 << 20 };

struct wish {
    struct arena *arena;
    const struct invocation *invocation;
    const struct project *project;
    struct store *store;
    const char *asked;
    int64_t erased_before; /* the number of the person's erasure; 0: none */
    bool incomplete;
};

/* ---- show and export ---- */

/* That somebody has read it all is noted before anything is told. */
static bool note_reading(const struct wish *wish, const struct subject *subject,
                         struct error *error)
{
    const struct audit_detail details[] = {
        {"command", "subject"}, {"golden_id", *subject->golden_id ? subject->golden_id : NULL}};
    const struct audit_entry entry = {invocation_option(wish->invocation, "who"), "unmasked",
                                      details, sizeof(details) / sizeof(details[0])};
    return audit_append(wish->project->state, &entry, error);
}

static bool write_out(const struct wish *wish, struct slice text, struct error *error)
{
    const char *path = invocation_option(wish->invocation, "file");
    if (path)
        return file_replace(path, text, error);
    command_print(text);
    return true;
}

static bool tell(const struct wish *wish, bool json, struct error *error)
{
    struct subject subject;
    struct buffer text = BUFFER_EMPTY;
    struct database *view = NULL;
    const char *path = view_path(wish->project, wish->arena);
    bool done = subject_find(&subject, store_database(wish->store), wish->project->model,
                             wish->asked, wish->arena, error) &&
                note_reading(wish, &subject, error);
    if (done && file_exists(path)) {
        view = database_open(path, DATABASE_READ, error);
        done = view != NULL;
    }
    done = done && subject_tell(&subject, view, json, &text, error) &&
           write_out(wish, buffer_slice(&text), error);
    database_close(view);
    subject_release(&subject);
    buffer_release(&text);
    return done;
}

static bool show(struct wish *wish, struct error *error)
{
    bool json = false;
    return invocation_json(wish->invocation, &json, error) && tell(wish, json, error);
}

static bool export(struct wish *wish, struct error *error)
{
    return tell(wish, true, error);
}

/* ---- erase ---- */

static bool print_certificate(struct wish *wish, int64_t erasure_id, struct error *error)
{
    struct slice certificate;
    const char *path = arena_format(wish->arena, "%s/erasures/erasure-%06" PRId64 ".txt",
                                    wish->project->state, erasure_id);
    if (!file_read(wish->arena, path, CERTIFICATE_MOST_BYTES, &certificate, error))
        return false;
    wish->incomplete = slice_find(certificate, slice_of(ERASURE_INCOMPLETE)) >= 0;
    command_print(certificate);
    return true;
}

static bool erase(struct wish *wish, struct error *error)
{
    struct erasure erasure = {.arena = wish->arena,
                              .project = wish->project,
                              .store = wish->store,
                              .who = invocation_option(wish->invocation, "who")};
    /* Asked for a second time: after a break it is completed by now. */
    if (wish->erased_before)
        return print_certificate(wish, wish->erased_before, error);
    bool done = erasure_run(&erasure, wish->asked, error);
    erasure_release(&erasure);
    return done && print_certificate(wish, erasure.erasure_id, error);
}

/* The erasure of the same person that was begun, or done, before; 0: none. */
static bool find_erased_before(struct wish *wish, struct error *error)
{
    bool known = false;
    if (!erasures_known(wish->store, &known, error))
        return false;
    if (!known)
        return true;
    struct statement *find = statement_prepare(
        store_database(wish->store),
        "SELECT max(erasure_id) FROM erasure WHERE asked = ?1 OR golden_id = ?1", error);
    if (!find)
        return false;
    statement_bind_text(find, 1, slice_of(wish->asked));
    enum outcome outcome = statement_step(find, error);
    wish->erased_before = outcome == ACCEPTED ? statement_integer(find, 0) : 0;
    statement_destroy(find);
    return outcome != FAILED;
}

/* ---- the command ---- */

static const struct {
    const char *name;
    bool (*run)(struct wish *wish, struct error *error);
} words[] = {{"show", show}, {"export", export}, {"erase", erase}};

/* The lock is taken for reading too: what is told is of one moment, and temporary tables are
 * made. */
static bool run_word(struct wish *wish, struct error *error)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i].name, wish->invocation->arguments[0]) != 0)
            continue;
        wish->project = open_project_without_sources(wish->invocation, wish->arena, error);
        if (wish->project)
            wish->store = store_open_existing(wish->project->state, wish->project->model,
                                              LOCK_WAIT_SECONDS, error);
        return wish->store && find_erased_before(wish, error) &&
               erasures_complete(wish->project, wish->store, error) && words[i].run(wish, error);
    }
    error_set(error, EXIT_USAGE, "subject: there is no %s", wish->invocation->arguments[0]);
    return error_hint(error, "show, export, erase");
}

static int run_subject(const struct invocation *invocation)
{
    struct error error = {0};
    struct wish wish = {
        .arena = arena_create(), .invocation = invocation, .asked = invocation->arguments[1]};
    int code = run_word(&wish, &error) ? EXIT_DONE : command_failed(&error);
    if (code == EXIT_DONE && wish.incomplete)
        code = EXIT_SOURCE_MISSING;
    store_close(wish.store);
    arena_destroy(wish.arena);
    return code;
}

static const struct option_rule options[] = {
    OPTION_CONFIG,
    OPTION_STATE,
    OPTION_OUT,
    {"who", 'w', "NAME", "who asks, for the audit log (default: the user)"},
    {"file", 'o', "FILE", "show, export: write to a file (mode 0600) and not to stdout"},
    {"format", 0, "FORMAT", "show: text or json (default: text)"},
    OPTION_END,
};

const struct command command_subject = {
    .name = "subject",
    .summary = "everything held on one person: shown, exported, erased",
    .arguments = "show|export|erase ID",
    .arguments_least = 2,
    .arguments_most = 2,
    .options = options,
    .details =
        "ID is a golden id, also a former one, or SOURCE:KEY, a dealer's own number.\n"
        "\n"
        "  show      golden record, source records, rows that refer to them, findings, decisions,\n"
        "            and what the view makes of it; whole values, which the audit log notes\n"
        "  export    the same as JSON, to be given to the person\n"
        "  erase     takes the person out of the state, the views, rejects, copies of feeds,\n"
        "            corrections, the `backups` that cust360.yaml names and every target; what is\n"
        "            deleted is overwritten. Values that another customer has as well stay with\n"
        "            that customer. Keyed hashes keep the next export from bringing the person\n"
        "            back: such rows are counted as suppressed. The certificate is printed and\n"
        "            kept in STATE/erasures, as text and JSON, without a value of the person.\n"
        "\n"
        "An erasure that is broken off is completed by the next `subject` or `run`. It ends with "
        "3\n"
        "when a target could not be reached or a backup not be looked into; the certificate\n"
        "names it.",
    .run = run_subject,
};
