#include "cli/reconcile.h"
#include "cli/audit.h"
#include "cli/commands.h"
#include "cli/open.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/digest.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"
#include "cust360/base/text.h"
#include "cust360/extract.h"
#include "cust360/store_reading.h"

#include <stdlib.h>

enum { SAMPLES_DEFAULT = 100, SAMPLES_MOST = 10000 };

/* ---- legs ---- */

struct reconcile_leg *reconcile_leg_add(struct reconciling *work, const char *name)
{
    work->legs =
        memory_grow(work->legs, &work->leg_capacity, work->leg_count + 1, sizeof(*work->legs));
    struct reconcile_leg *leg = &work->legs[work->leg_count++];
    *leg = (struct reconcile_leg){.name = name};
    return leg;
}

struct comparison_options reconcile_options(const struct reconciling *work,
                                            const struct comparison_column *columns, size_t count)
{
    return (struct comparison_options){.scratch =
                                           arena_format(work->arena, "%s/compare", work->scratch),
                                       .columns = columns,
                                       .column_count = count,
                                       .unmasked = work->unmasked};
}

void reconcile_showing(const struct reconciling *work, struct comparison_column *columns,
                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        columns[i].showing = model_showing(work->project->model, slice_of(columns[i].name));
}

/* ---- samples: what the state says of a few rows, for people who look up the rows themselves ----
 */

struct sampling {
    struct reconciling *work;
    const struct reconcile_leg *leg;
    struct statement *golden;
};

static const char *golden_of(struct sampling *sampling, struct slice key)
{
    struct error ignored;
    if (!sampling->golden)
        return "";
    statement_reset(sampling->golden);
    statement_bind_text(sampling->golden, 1, slice_of(sampling->leg->subject));
    statement_bind_text(sampling->golden, 2, key);
    if (statement_step(sampling->golden, &ignored) != ACCEPTED)
        return "";
    return arena_text(sampling->work->arena, statement_text(sampling->golden, 0));
}

static bool take_sample(void *context, const struct comparison_row *row, struct error *error)
{
    struct sampling *sampling = context;
    struct reconciling *work = sampling->work;
    struct buffer values = BUFFER_EMPTY;
    (void)error;
    for (size_t i = 0; i < sampling->leg->result.column_count; i++) {
        const struct comparison_column *column = &sampling->leg->result.columns[i];
        if (row->values[i].length == 0)
            continue;
        buffer_format(&values, "%s%s: ", values.length ? " · " : "", column->name);
        buffer_append(&values, field_shown(work->unmasked ? FIELD_WHOLE : column->showing,
                                           work->arena, row->values[i]));
    }
    work->samples = memory_grow(work->samples, &work->sample_capacity, work->sample_count + 1,
                                sizeof(*work->samples));
    work->samples[work->sample_count++] = (struct reconcile_sample){
        .source = sampling->leg->subject,
        .table = sampling->leg->table,
        .key = arena_text(work->arena,
                          work->unmasked ? row->key : text_mask_key(work->arena, row->key)),
        .place = arena_text(work->arena, row->place),
        .golden_id = golden_of(sampling, row->key),
        .values = arena_text(work->arena, buffer_slice(&values)),
    };
    buffer_release(&values);
    return true;
}

/* Each source and entity has its share: a twentieth of what is wanted, so that small ones are seen
 * as well as large ones. */
static bool sample_leg(struct reconciling *work, struct comparison *comparison,
                       const struct reconcile_leg *leg, struct error *error)
{
    enum { SHARES = 20 };
    struct sampling sampling = {work, leg, NULL};
    struct error ignored;
    size_t wanted = work->samples_wanted / SHARES + (work->samples_wanted % SHARES != 0);
    if (strcmp(leg->name, "records") != 0 || work->sample_count >= work->samples_wanted)
        return true;
    if (wanted > work->samples_wanted - work->sample_count)
        wanted = work->samples_wanted - work->sample_count;
    sampling.golden = statement_prepare(
        store_database(work->store),
        arena_format(work->arena,
                     "SELECT g.golden_id FROM \"record_%s\" r JOIN source s ON s.source_id ="
                     " r.source_id JOIN crosswalk x ON x.record_id = r.record_id JOIN golden g ON"
                     " g.golden_number = x.golden_number WHERE s.name = ?1 AND r.source_key = ?2"
                     " AND '%s' = 'customer'",
                     leg->table, leg->table),
        &ignored);
    bool done = comparison_sample(comparison, SIDE_SOURCE, wanted, take_sample, &sampling, error);
    statement_destroy(sampling.golden);
    return done;
}

bool reconcile_finish(struct reconciling *work, struct comparison *comparison,
                      struct reconcile_leg *leg, struct error *error)
{
    bool done = comparison_finish(comparison, work->arena, &leg->result, error) &&
                sample_leg(work, comparison, leg, error);
    comparison_close(comparison);
    return done;
}

/* ---- SQLite's tables ---- */

bool reconcile_columns(struct arena *arena, struct database *database, const char *table,
                       struct comparison_column **columns, size_t *count, struct error *error)
{
    struct statement *rows = statement_prepare(
        database,
        "SELECT name, type, count(*) OVER (), pk > 0 OR name IN (SELECT name FROM"
        " pragma_index_info((SELECT name FROM pragma_index_list(?1) WHERE \"unique\" AND NOT"
        " partial ORDER BY origin = 'pk' DESC, name LIMIT 1))) OR name = 'golden_id'"
        " FROM pragma_table_info(?1) ORDER BY cid",
        error);
    if (rows)
        statement_bind_text(rows, 1, slice_of(table));
    *count = 0;
    *columns = NULL;
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        if (!*columns)
            *columns = arena_allocate_array(arena, (size_t)statement_integer(rows, 2) + 1,
                                            sizeof(**columns));
        struct slice type = statement_text(rows, 1);
        bool number = slice_equal(type, SLICE("REAL"));
        bool whole = slice_equal(type, SLICE("INTEGER"));
        (*columns)[*count].is_key = statement_integer(rows, 3) != 0;
        (*columns)[*count].name = arena_text(arena, statement_text(rows, 0));
        (*columns)[(*count)++].affinity = whole ? "INTEGER" : number ? "REAL" : "TEXT";
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

bool reconcile_add_query(struct database *database, const char *sql, struct comparison *comparison,
                         enum side side, struct error *error)
{
    struct statement *rows = statement_prepare(database, sql, error);
    if (!rows)
        return false;
    size_t count = (size_t)statement_columns(rows) - 2;
    struct slice *values = memory_allocate_array(count + 1, sizeof(*values));
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED) {
        for (size_t i = 0; i < count; i++)
            values[i] = statement_text(rows, (int)i + 2);
        struct comparison_row row = {statement_text(rows, 0), statement_text(rows, 1), values};
        if (!comparison_add(comparison, side, &row, error)) {
            outcome = FAILED;
            break;
        }
    }
    memory_free(values);
    statement_destroy(rows);
    return outcome == ENDED;
}

/* ---- why rows were set aside ---- */

static bool read_reasons(struct reconciling *work, struct error *error)
{
    struct statement *rows = statement_prepare(
        store_database(work->store),
        "SELECT s.name, f.code, f.severity, f.message, min(f.file || ':' || f.line), count(*)"
        " FROM finding f JOIN source s ON s.source_id = f.source_id"
        " WHERE f.severity IN ('fatal', 'error') GROUP BY 1, 2, 3, 4 ORDER BY 3 DESC, 6 DESC, 1, 2",
        error);
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        const char *texts[5];
        for (int i = 0; i < 5; i++)
            texts[i] = arena_text(work->arena, statement_text(rows, i));
        work->reasons = memory_grow(work->reasons, &work->reason_capacity, work->reason_count + 1,
                                    sizeof(*work->reasons));
        work->reasons[work->reason_count++] = (struct reconcile_reason){
            texts[0], texts[1], texts[2], texts[3], texts[4], (uint64_t)statement_integer(rows, 5)};
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

/* ---- the whole ---- */

static void count_faults(struct reconciling *work)
{
    for (size_t i = 0; i < work->file_count; i++)
        work->faults += work->files[i].fault != NULL;
    for (size_t i = 0; i < work->leg_count; i++) {
        const struct comparison_result *result = &work->legs[i].result;
        work->faults += work->legs[i].trouble != NULL;
        for (size_t j = 0; j < result->discrepancy_count; j++)
            *(discrepancy_is_fault(result->discrepancies[j].kind) ? &work->faults
                                                                  : &work->suspects) += 1;
    }
}

static bool open_all(struct reconciling *work, const struct invocation *invocation,
                     struct error *error)
{
    struct store_run run;
    work->project = open_project(invocation, work->arena, error);
    if (!work->project ||
        (work->unmasked && !audit_unmasked(work->project, "reconcile", NULL, error)))
        return false;
    work->store = store_open(work->project->state, work->project->model, STORE_READ, 0, error);
    if (!work->store || !store_former_run(work->store, &run, error))
        return false;
    const char *view_run = NULL;
    if (!store_note_read(work->store, "view_run", work->arena, &view_run, error))
        return false;
    work->run_id = run.run_id;
    work->view_run = strtoll(view_run, NULL, 10);
    if (!invocation_option(invocation, "as-of"))
        date_parse(slice_of(run.as_of), &work->as_of_days);
    work->rules = rules_load(work->project, work->as_of_days, error);
    return work->rules != NULL;
}

static bool compare_all(struct reconciling *work, struct error *error)
{
    return reconcile_feeds(work, error) && reconcile_records(work, error) &&
           reconcile_golden(work, error) && reconcile_view(work, error) &&
           reconcile_rebuilt(work, error) && reconcile_targets(work, error) &&
           read_reasons(work, error);
}

static void sign(struct reconciling *work, const char *name)
{
    struct buffer body = BUFFER_EMPTY;
    char digest[DIGEST_TEXT_BYTES];
    char now[DATE_TIME_TEXT_BYTES];
    reconcile_write_json(work, false, &body);
    digest_text(buffer_slice(&body), digest);
    date_clock_text(now);
    work->signed_by = name;
    work->signed_at = arena_text(work->arena, slice_of(now));
    work->signed_hash = arena_text(work->arena, slice_of(digest));
    buffer_release(&body);
}

static bool write_files(struct reconciling *work, struct error *error)
{
    const char *out = work->project->out;
    struct buffer text = BUFFER_EMPTY;
    reconcile_write_json(work, true, &text);
    bool written =
        file_make_folder(out, error) &&
        file_replace(file_join(work->arena, out, "reconcile.json"), buffer_slice(&text), error);
    buffer_clear(&text);
    reconcile_write_page(work, &text);
    written = written && file_replace(file_join(work->arena, out, "reconcile.html"),
                                      buffer_slice(&text), error);
    buffer_release(&text);
    return written;
}

static bool report(struct reconciling *work, const struct invocation *invocation,
                   struct error *error)
{
    struct buffer text = BUFFER_EMPTY;
    const char *name = invocation_option(invocation, "sign");
    bool json = false;
    count_faults(work);
    reconcile_locate(work);
    if (!invocation_json(invocation, &json, error))
        return false;
    sign(work, name ? name : "");
    bool written = write_files(work, error);
    if (json)
        reconcile_write_json(work, true, &text);
    else
        reconcile_write_text(work, &text);
    command_print(buffer_slice(&text));
    buffer_release(&text);
    return written;
}

static bool make_scratch(struct reconciling *work, struct error *error)
{
    work->scratch = file_make_scratch(work->arena, "cust360-reconcile", error);
    return work->scratch;
}

static int run_reconcile(const struct invocation *invocation)
{
    struct error error = {0};
    int64_t samples = SAMPLES_DEFAULT;
    int64_t threads = (int64_t)pool_processors();
    struct reconciling work = {.arena = arena_create()};
    work.control = invocation_option(invocation, "control");
    work.totals = invocation_option(invocation, "totals");
    work.unmasked = invocation_flag(invocation, "unmasked");
    bool done = invocation_as_of(invocation, &work.as_of_days, &error) &&
                invocation_integer(invocation, "samples", 0, SAMPLES_MOST, &samples, &error) &&
                invocation_integer(invocation, "threads", 1, 256, &threads, &error);
    work.samples_wanted = (size_t)samples;
    work.threads = (unsigned)threads;
    done = done && open_all(&work, invocation, &error) && make_scratch(&work, &error) &&
           compare_all(&work, &error) && report(&work, invocation, &error);
    int code = EXIT_DONE;
    if (!done)
        code = command_failed(&error);
    else if (work.faults)
        code = EXIT_FAILED;
    struct error ignored;
    if (work.scratch)
        file_remove_folder(work.scratch, &ignored);
    rules_destroy(work.rules);
    store_close(work.store);
    memory_free(work.legs);
    memory_free(work.files);
    memory_free(work.reasons);
    memory_free(work.samples);
    arena_destroy(work.arena);
    return code;
}

static const struct option_rule options[] = {
    OPTION_CONFIG,
    OPTION_FEEDS,
    OPTION_STATE,
    OPTION_OUT,
    OPTION_AS_OF,
    OPTION_THREADS,
    {"control", 0, "DIR", "a copy of the feeds as the sources have sent them"},
    {"totals", 0, "FILE", "CSV (file,rows): how many rows the sources have sent"},
    {"sign", 0, "NAME", "who signs the result off"},
    {"samples", 0, "N", "rows to look up by hand (default: 100)"},
    {"unmasked", 0, NULL, "show whole values in examples and samples" UNMASKED_NOTED},
    {"format", 0, "FORMAT", "text or json (default: text)"},
    OPTION_END,
};

const struct command command_reconcile = {
    .name = "reconcile",
    .summary = "prove that everything has arrived, or name what has not",
    .options = options,
    .details =
        "Compares what a source has sent with what became of it, step by step: the control copy\n"
        "(--control) with the feed, the feed with the records, these with the golden records,\n"
        "these with the published view, and the view with the databases that it is sent to. Each\n"
        "side is read anew, and files are counted by a way that shares nothing with a run.\n"
        "\n"
        "Named are rows that are missing, extra, or there twice; keys that have changed; values\n"
        "that were cut, replaced by a default, damaged in their encoding, lost, moved to another\n"
        "column, masked, rounded, shifted in time, written otherwise or changed; and what looks\n"
        "suspicious without a proof. Samples from every source say where their raw\n"
        "row stands: file, line and bytes. OUT/reconcile.html is the page to be signed,\n"
        "OUT/reconcile.json the same for machines; --sign NAME writes who and when, with the\n"
        "SHA-256 of what was signed. Exit code 1: there are faults.",
    .run = run_reconcile,
};
