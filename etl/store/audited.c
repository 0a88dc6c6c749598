#include "cust360/base/audit.h"
#include "cust360/store_reading.h"
#include "gate_notes.h"
#include "internal.h"

#include <stdio.h>

/* What the state commits and the audit log has to tell: decisions and gates let pass. An entry is
 * written before the commit: what comes to nothing then stands there once too often, and nothing
 * ever happens that does not stand there. Who decided what about whom is in the table `decision`;
 * the log holds its number, and no value. */

static const char decided[] = "audit decision"; /* note: the last decision that the log has */

static bool audit_decision(struct store *store, const struct statement *row, struct error *error)
{
    char number[24];
    char batch[24];
    char word[32];
    char who[128];
    char kind[32];
    snprintf(number, sizeof(number), "%lld", (long long)statement_integer(row, 0));
    snprintf(batch, sizeof(batch), "%lld", (long long)statement_integer(row, 4));
    snprintf(who, sizeof(who), "%.*s", SLICE_ARGUMENTS(statement_text(row, 1)));
    snprintf(kind, sizeof(kind), "%.*s", SLICE_ARGUMENTS(statement_text(row, 2)));
    snprintf(word, sizeof(word), "%.*s", SLICE_ARGUMENTS(statement_text(row, 3)));
    const struct audit_detail details[] = {
        {"decision", number},
        {"batch", statement_is_null(row, 4) ? NULL : batch},
        {"kind", kind},
        {"word", *word ? word : NULL},
    };
    const struct audit_entry entry = {*who ? who : NULL, "decision", details,
                                      sizeof(details) / sizeof(details[0])};
    return audit_append(store->folder, &entry, error);
}

static bool read_decided(struct store *store, int64_t *last, struct error *error)
{
    return database_integer(store->database,
                            "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'note audit"
                            " decision'",
                            0, last, error);
}

/* All that are new since the last commit, however they came. */
static bool audit_decisions(struct store *store, struct error *error)
{
    int64_t last = 0;
    int64_t told = 0;
    if (!read_decided(store, &last, error))
        return false;
    struct statement *rows = statement_prepare(
        store->database,
        "SELECT decision_id, decided_by, kind, CASE kind WHEN 'undo' THEN 'undo ' || value"
        " ELSE word END, batch FROM decision WHERE decision_id > ?1 ORDER BY decision_id",
        error);
    if (!rows)
        return false;
    statement_bind_integer(rows, 1, last);
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED &&
           audit_decision(store, rows, error))
        told = statement_integer(rows, 0);
    statement_destroy(rows);
    char number[24];
    snprintf(number, sizeof(number), "%lld", (long long)told);
    return outcome == ENDED && (told == 0 || store_note_write(store, decided, number, error));
}

bool audit_gate(const struct store *store, const struct store_gate *gate, struct error *error)
{
    char run[24];
    snprintf(run, sizeof(run), "%lld", (long long)store->run_id);
    const struct audit_detail details[] = {
        {"run", run}, {"gate", gate->gate}, {"source", gate->source}, {"field", gate->field}};
    const struct audit_entry entry = {NULL, "gate_accepted", details,
                                      sizeof(details) / sizeof(details[0])};
    return audit_append(store->folder, &entry, error);
}

bool audit_commit(struct store *store, struct error *error)
{
    char text[AUDIT_HEAD_BYTES];
    struct audit_head head;
    if (!audit_decisions(store, error) || !audit_head(store->folder, &head, error))
        return false;
    audit_head_format(&head, text);
    return head.entries == 0 || store_note_write(store, "audit head", text, error);
}
