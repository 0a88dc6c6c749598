/* standardize.h: from rows to clean records.
 *
 *   row ──► mapping: fields' texts, codes ──► per field the chain of its kind ──► record, findings
 *
 * A kind is a rule file (mappings/rules/): Unicode, replace, reject, match, then built-in checks.
 * Severity `error` blanks the field (the original is kept in `refused`), `warn` keeps it, `fatal`
 * rejects the row. All findings of a row are given, never only the first.
 *
 * Rules and reference tables are loaded once and shared by threads; a standardizer is one thread's.
 */
#ifndef CUST360_STANDARDIZE_H
#define CUST360_STANDARDIZE_H

#include "cust360/config.h"
#include "cust360/record.h"

struct rules;

/* Loads all rule files of the project and the reference tables they use; every kind that the model
 * names must have one. Exit code 78 with file:line:column on failure. */
struct rules *rules_load(const struct project *project, int32_t as_of_days, struct error *error);
void rules_destroy(struct rules *rules);

/* The rules of a source: its own, where the project names them, else the group's. */
const struct rules *rules_of_source(const struct rules *rules, const struct source *source);

/* Runs the rules' own tests (see standardize_rules.h). *failures: how many failed, each told in
 * `report` as file:line:column and what was expected and got. */
bool rules_test(const struct rules *rules, struct buffer *report, size_t *tests, size_t *failures,
                struct error *error);

/* One value through the chain of a kind, e.g. for a search: its canonical form, or the empty slice
 * when it is refused. */
struct slice rules_apply(const struct rules *rules, const char *kind, struct slice value,
                         struct arena *arena);

/* The same, but one of its parts: `key` of a name (simplified characters) … */
struct slice rules_apply_part(const struct rules *rules, const char *kind, const char *part,
                              struct slice value, struct arena *arena);

/* Whether an error stands in a rule file (a pattern that takes too long on a value): it concerns
 * all sources, not the one whose value showed it. `file` as in struct error. */
bool rules_have_file(const struct rules *rules, const char *file);

/* Names of enum severity. */
extern const char *const severity_names[];

struct standardizer;

struct standardizer *standardizer_create(const struct rules *rules, const struct model *model,
                                         const struct source *source, struct error *error);
void standardizer_destroy(struct standardizer *standardizer);

/* For a caller that looks at the values of some fields only: from now on records have those, and
 * are rejected as they otherwise are, but have no marks, hash and refused texts, and findings only
 * of what rejects a row. Fields that nobody looks at are left out where nothing hangs on them. */
struct standardizer_wish {
    bool (*looks_at)(const void *context, size_t entity, size_t field);
    const void *context;
};
void standardizer_limit(struct standardizer *standardizer, const struct standardizer_wish *wish);

/* Standardizes one row that was read (or makes the findings of one that could not be). All of the
 * result lives in `arena` (borrowing nothing from the row). False: a pattern hit its limit. */
bool standardize_row(struct standardizer *standardizer, const struct row *row, struct arena *arena,
                     struct row_result *result, struct error *error);

#endif
