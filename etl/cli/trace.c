#include "cli/audit.h"
#include "cli/commands.h"
#include "cli/find/lookup.h"
#include "cli/open.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/text.h"
#include "cust360/extract.h"
#include "cust360/store.h"

#include <stdlib.h>

/* From a golden value back to the row that gave it, and from a row forward to all that became of
 * it. Rows are read again, so what is shown is what stands there now. */

struct trace {
    struct arena *arena;
    const struct project *project;
    struct store *store;
    struct database *state;
    bool unmasked;
    struct buffer text;
};

static const char *shown(const struct trace *trace, struct slice value)
{
    return arena_text(trace->arena, trace->unmasked ? value : text_mask(trace->arena, value));
}

/* Some keys are made of what is a person's: a consent's begins with the mobile. */
static struct slice shown_key(const struct trace *trace, struct slice key)
{
    return trace->unmasked ? key : text_mask_key(trace->arena, key);
}

/* Where a row stands. */
struct origin {
    struct slice source;
    struct slice file;
    uint64_t line;
};

/* ---- the row as it came ---- */

static void describe_row(struct trace *trace, const struct source *source, const struct row *row)
{
    const struct mapping_table *table = &source->mapping->tables[row->table];
    buffer_format(&trace->text, "  %s:%llu as it came (%s, table %s", row->place.file,
                  (unsigned long long)row->place.line, source->id, table->name);
    if (row->place.byte_length)
        buffer_format(&trace->text, "; bytes %llu to %llu",
                      (unsigned long long)row->place.byte_offset,
                      (unsigned long long)(row->place.byte_offset + row->place.byte_length - 1));
    buffer_append_text(&trace->text, ")\n");
    if (row->reject_code) {
        buffer_format(&trace->text, "    rejected: %s: %s\n", row->reject_code, row->reject_reason);
        return;
    }
    for (size_t i = 0; i < table->column_count; i++)
        if (row->values[i].length)
            buffer_format(&trace->text, "    %s: %s\n", table->columns[i].expression,
                          shown(trace, row->values[i]));
}

/* The last line of a row, by its bytes; that of its begin where there are none (a database). */
static uint64_t last_line(struct row_reader *reader, const struct row *row)
{
    struct buffer bytes = BUFFER_EMPTY;
    struct error ignored;
    uint64_t line = row->place.line;
    if (row->place.byte_length && row_reader_raw(reader, row, &bytes, &ignored))
        for (size_t i = 0; i + 1 < bytes.length; i++)
            line += bytes.data[i] == '\n';
    buffer_release(&bytes);
    return line;
}

/* Whether the row begins at the line of the file, or, `within`, has it among its lines. */
static bool has_line(struct row_reader *reader, const struct row *row, const struct origin *origin,
                     bool within)
{
    if (!slice_equal(slice_of(row->place.file), origin->file))
        return false;
    if (!within || row->place.line >= origin->line)
        return row->place.line == origin->line;
    return last_line(reader, row) >= origin->line;
}

/* Reads a source up to a line of one of its files; `origin->line` becomes that of the row's begin.
 * *found: the row was there. */
static bool read_row(struct trace *trace, const struct source *source, struct origin *origin,
                     bool within, bool *found, struct error *error)
{
    struct row row;
    enum outcome outcome;
    *found = false;
    struct row_reader *reader = row_reader_open(source, error);
    if (!reader)
        return false;
    while ((outcome = row_reader_next(reader, &row, error)) == ACCEPTED || outcome == REJECTED)
        if (has_line(reader, &row, origin, within && !*found)) {
            describe_row(trace, source, &row);
            origin->line = row.place.line;
            *found = true;
        } else if (*found) {
            break;
        }
    row_reader_close(reader);
    return outcome != FAILED;
}

static const struct source *find_source(const struct trace *trace, struct slice id)
{
    for (size_t i = 0; i < trace->project->source_count; i++)
        if (slice_equal(slice_of(trace->project->sources[i].id), id))
            return &trace->project->sources[i];
    return NULL;
}

static void show_row(struct trace *trace, struct slice source_id, struct slice file, uint64_t line)
{
    struct error why = {0};
    bool found = false;
    struct origin origin = {source_id, file, line};
    const struct source *source = find_source(trace, source_id);
    if (!source || source->missing.exit_code)
        buffer_format(&trace->text, "  the feed of %.*s is not there now\n",
                      SLICE_ARGUMENTS(source_id));
    else if (!read_row(trace, source, &origin, false, &found, &why))
        buffer_format(&trace->text, "  could not be read again: %s\n", why.message);
    else if (!found)
        buffer_append_text(&trace->text, "  the row is not there any more: the feed has changed\n");
}

/* ---- back ---- */

static bool trace_values(struct trace *trace, const char *golden_id, struct error *error)
{
    enum { ATTRIBUTE, SOURCE, KEY, FILE_NAME, LINE, RULE };
    struct statement *values = statement_prepare(
        trace->state,
        "SELECT v.attribute, s.name, r.source_key, r.file, r.line, v.rule FROM golden g JOIN"
        " golden_value v ON v.golden_number = g.golden_number LEFT JOIN record_customer r ON"
        " r.record_id = v.record_id LEFT JOIN source s ON s.source_id = r.source_id WHERE"
        " g.golden_id = ?1 ORDER BY s.name, r.source_key, v.attribute",
        error);
    if (!values)
        return false;
    statement_bind_text(values, 1, slice_of(golden_id));
    struct buffer last = BUFFER_EMPTY;
    struct buffer key = BUFFER_EMPTY;
    enum outcome outcome;
    while ((outcome = statement_step(values, error)) == ACCEPTED) {
        buffer_clear(&key);
        buffer_format(&key, "%.*s %.*s", SLICE_ARGUMENTS(statement_text(values, SOURCE)),
                      SLICE_ARGUMENTS(shown_key(trace, statement_text(values, KEY))));
        if (!slice_equal(buffer_slice(&key), buffer_slice(&last))) {
            buffer_clear(&last);
            buffer_append(&last, buffer_slice(&key));
            if (statement_is_null(values, SOURCE)) {
                buffer_append_text(&trace->text, "\nby a steward\n");
            } else {
                buffer_format(&trace->text, "\nfrom %s\n", key.data);
                show_row(trace, statement_text(values, SOURCE), statement_text(values, FILE_NAME),
                         (uint64_t)statement_integer(values, LINE));
                buffer_append_text(&trace->text, "  gave\n");
            }
        }
        buffer_format(&trace->text, "    %.*s (rule: %.*s)\n",
                      SLICE_ARGUMENTS(statement_text(values, ATTRIBUTE)),
                      SLICE_ARGUMENTS(statement_text(values, RULE)));
    }
    statement_destroy(values);
    buffer_release(&last);
    buffer_release(&key);
    return outcome == ENDED;
}

/* ---- what others see of it ---- */

/* The view's tables that tell of a customer, with how many rows of each are this one's. */
static bool trace_view(struct trace *trace, const char *golden_id, struct error *error)
{
    const char *path = view_path(trace->project, trace->arena);
    if (!file_exists(path))
        return true;
    struct database *view = database_open(path, DATABASE_READ, error);
    struct statement *tables =
        view ? statement_prepare(view,
                                 "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name)"
                                 " c WHERE m.type = 'table' AND c.name = 'golden_id'"
                                 " ORDER BY m.name = 'customer' DESC, m.name",
                                 error)
             : NULL;
    enum outcome outcome = tables ? ACCEPTED : FAILED;
    const char *before = "  in the view: ";
    while (tables && (outcome = statement_step(tables, error)) == ACCEPTED) {
        const char *table = arena_text(trace->arena, statement_text(tables, 0));
        struct statement *count = statement_prepare(
            view,
            arena_format(trace->arena, "SELECT count(*) FROM \"%s\" WHERE golden_id = ?1", table),
            error);
        if (!count) {
            outcome = FAILED;
            break;
        }
        statement_bind_text(count, 1, slice_of(golden_id));
        int64_t rows = statement_step(count, error) == ACCEPTED ? statement_integer(count, 0) : 0;
        statement_destroy(count);
        if (rows)
            buffer_format(&trace->text, "%s%lld %s", before, (long long)rows, table);
        before = rows ? " · " : before;
    }
    if (strcmp(before, " · ") == 0)
        buffer_append_byte(&trace->text, '\n');
    statement_destroy(tables);
    database_close(view);
    return outcome == ENDED;
}

/* ---- forward ---- */

static bool trace_findings(struct trace *trace, struct slice source, struct slice file,
                           uint64_t line, struct error *error)
{
    struct statement *rows = statement_prepare(
        trace->state,
        "SELECT f.severity, f.code, coalesce(f.field, ''), f.rule, f.message FROM finding f JOIN"
        " source s ON s.source_id = f.source_id WHERE s.name = ?1 AND f.file = ?2 AND f.line = ?3",
        error);
    if (!rows)
        return false;
    statement_bind_text(rows, 1, source);
    statement_bind_text(rows, 2, file);
    statement_bind_integer(rows, 3, (int64_t)line);
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED)
        buffer_format(
            &trace->text, "  finding: %.*s %.*s %.*s (%.*s): %.*s\n",
            SLICE_ARGUMENTS(statement_text(rows, 0)), SLICE_ARGUMENTS(statement_text(rows, 1)),
            SLICE_ARGUMENTS(statement_text(rows, 2)), SLICE_ARGUMENTS(statement_text(rows, 3)),
            SLICE_ARGUMENTS(statement_text(rows, 4)));
    statement_destroy(rows);
    return outcome == ENDED;
}

static bool trace_records(struct trace *trace, const char *entity, const struct origin *origin,
                          struct error *error)
{
    struct statement *rows = statement_prepare(
        trace->state,
        arena_format(trace->arena,
                     "SELECT r.source_key, coalesce(g.golden_id, ''), r.closed_run IS NOT NULL"
                     " FROM \"record_%s\" r JOIN source s ON s.source_id = r.source_id LEFT JOIN"
                     " crosswalk x ON x.record_id = r.record_id AND '%s' = 'customer' LEFT JOIN"
                     " golden g ON g.golden_number = x.golden_number WHERE s.name = ?1 AND"
                     " r.file = ?2 AND r.line = ?3",
                     entity, entity),
        error);
    if (!rows)
        return false;
    statement_bind_text(rows, 1, origin->source);
    statement_bind_text(rows, 2, origin->file);
    statement_bind_integer(rows, 3, (int64_t)origin->line);
    enum outcome outcome;
    bool told = true;
    while (told && (outcome = statement_step(rows, error)) == ACCEPTED) {
        struct slice golden = statement_text(rows, 1);
        buffer_format(&trace->text, "  became: %s %.*s%s%.*s%s\n", entity,
                      SLICE_ARGUMENTS(shown_key(trace, statement_text(rows, 0))),
                      golden.length ? ", a record of customer " : "", SLICE_ARGUMENTS(golden),
                      statement_integer(rows, 2) ? " (gone from the feed since)" : "");
        if (golden.length)
            told = trace_view(trace, arena_text(trace->arena, golden), error);
    }
    statement_destroy(rows);
    return told && outcome == ENDED;
}

/* What became of the row of a source that stands there. *found: it has one. */
static bool trace_source(struct trace *trace, const struct source *source, struct slice file,
                         uint64_t line, bool *found, struct error *error)
{
    const struct model *model = trace->project->model;
    struct origin origin = {slice_of(source->id), file, line};
    struct error why = {0};
    bool read = read_row(trace, source, &origin, false, found, &why);
    if (read && !*found)
        read = read_row(trace, source, &origin, true, found, &why);
    if (!read && !*found)
        log_failure(LOG_WARNING, &why);
    bool told = !*found || trace_findings(trace, origin.source, file, origin.line, error);
    for (size_t i = 0; i < model->entity_count && told && *found; i++)
        told = trace_records(trace, model->entities[i].name, &origin, error);
    return told;
}

/* FILE:LINE of any source of the project. */
static bool trace_place(struct trace *trace, struct slice file, uint64_t line, struct error *error)
{
    bool any = false;
    for (size_t i = 0; i < trace->project->source_count; i++) {
        const struct source *source = &trace->project->sources[i];
        bool found = false;
        if (!source->missing.exit_code && !trace_source(trace, source, file, line, &found, error))
            return false;
        any = any || found;
    }
    if (any)
        return true;
    error_set(error, EXIT_FAILED, "no row of a feed stands at %.*s:%llu", SLICE_ARGUMENTS(file),
              (unsigned long long)line);
    return error_hint(error, "files are named as in reports: within the feeds folder");
}

/* ---- the command ---- */

/* A database's rows are placed by the table of the mapping. */
static bool is_table(const struct project *project, struct slice name)
{
    for (size_t i = 0; i < project->source_count; i++) {
        const struct mapping *mapping = project->sources[i].mapping;
        for (size_t j = 0; mapping && j < mapping->table_count; j++)
            if (slice_equal(slice_of(mapping->tables[j].name), name))
                return true;
    }
    return false;
}

/* FILE:LINE: a number behind the last colon, and a file's name or a table's before it. */
static bool split_place(const struct project *project, const char *text, struct slice *file,
                        uint64_t *line)
{
    enum { DECIMAL = 10 };
    const char *colon = strrchr(text, ':');
    char *end = NULL;
    if (!colon || colon == text)
        return false;
    *line = strtoull(colon + 1, &end, DECIMAL);
    *file = slice_make(text, (size_t)(colon - text));
    return *line > 0 && *end == '\0' &&
           (memchr(text, '.', file->length) || is_table(project, *file));
}

static bool trace_customer(struct trace *trace, const struct invocation *invocation,
                           struct error *error)
{
    enum { LIMIT = 20 };
    struct lookup lookup;
    struct lookup_result result;
    if (!lookup_open(&lookup, invocation, trace->arena, error))
        return false;
    bool found = lookup_find(&lookup, invocation, LOOKUP_WHOLE, LIMIT, &result, error);
    lookup_close(&lookup);
    if (!found)
        return false;
    if (result.count == 0) {
        error_set(error, EXIT_FAILED, "nobody has this value");
        return error_hint(error, "a golden id, mobile, VIN, name …, or FILE:LINE of a feed");
    }
    for (size_t i = 0; i < result.count; i++) {
        buffer_format(&trace->text, "%scustomer %s, found by %s\n", i ? "\n" : "",
                      result.hits[i].golden_id, result.hits[i].found_by);
        if (!trace_view(trace, result.hits[i].golden_id, error) ||
            !trace_values(trace, result.hits[i].golden_id, error))
            return false;
    }
    return true;
}

static bool trace_all(struct trace *trace, const struct invocation *invocation, struct error *error)
{
    struct slice file = {NULL, 0};
    uint64_t line = 0;
    trace->project = open_project(invocation, trace->arena, error);
    if (!trace->project ||
        (trace->unmasked && !audit_unmasked(trace->project, "trace", NULL, error)))
        return false;
    trace->store = store_open(trace->project->state, trace->project->model, STORE_READ, 0, error);
    if (!trace->store)
        return false;
    trace->state = store_database(trace->store);
    if (invocation->argument_count == 1 &&
        split_place(trace->project, invocation->arguments[0], &file, &line))
        return trace_place(trace, file, line, error);
    return trace_customer(trace, invocation, error);
}

static int run_trace(const struct invocation *invocation)
{
    struct error error = {0};
    struct trace trace = {.arena = arena_create(),
                          .unmasked = invocation_flag(invocation, "unmasked")};
    bool done = trace_all(&trace, invocation, &error);
    if (done)
        command_print(buffer_slice(&trace.text));
    store_close(trace.store);
    buffer_release(&trace.text);
    arena_destroy(trace.arena);
    return done ? EXIT_DONE : command_failed(&error);
}

static const struct option_rule trace_options[] = {
    OPTION_CONFIG,
    OPTION_FEEDS,
    OPTION_STATE,
    OPTION_OUT,
    {"unmasked", 0, NULL, "show whole values" UNMASKED_NOTED},
    OPTION_END,
};

const struct command command_trace = {
    .name = "trace",
    .summary = "follow a golden value back to its row, or a row to what became of it",
    .arguments = "VALUE|SOURCE KEY|FILE:LINE",
    .arguments_least = 1,
    .arguments_most = 16,
    .options = trace_options,
    .details =
        "Back: a golden id, mobile, VIN, name … gives the customer, and for each of its values\n"
        "the source, file, line and bytes, the row as it came and the rule that chose it.\n"
        "Forward: FILE:LINE, any line of a row (of a database TABLE:ROW, as reports name it),\n"
        "gives the row as it came, what was found in it, the records it became, whose golden\n"
        "record they are part of, and how many rows of the published view's tables are this\n"
        "customer's. SOURCE KEY (D01 0001) does the same for a customer's number at a dealer.",
    .run = run_trace,
};
