#include "standardize/reference_companies.h"
#include "standardize/unicode.h"

#include "cust360/base/text.h"

enum { TERM, KIND, FOLD_TO };

#define LIMITED "有限公司"

static struct slice bare(struct slice term)
{
    if (slice_starts_with(term, SLICE("(")) && slice_ends_with(term, SLICE(")")))
        return slice_cut(term, 1, term.length - 1);
    return term;
}

static void put_ending(struct reference *reference, const struct reference_table *table, size_t row,
                       struct slice term)
{
    struct company_tables *tables = reference->companies;
    struct company_term *entry = &tables->terms[row];
    struct slice fold_to = reference_cell(table, row, FOLD_TO);
    entry->characters = text_length(term);
    if (slice_equal(reference_cell(table, row, KIND), SLICE("branch"))) {
        entry->kind = COMPANY_BRANCH;
    } else if (slice_equal(fold_to, SLICE(LIMITED))) {
        entry->kind = COMPANY_LIMITED;
    } else if (slice_ends_with(fold_to, SLICE(LIMITED))) {
        entry->kind = COMPANY_SHARES;
        entry->kept =
            arena_copy(reference->arena, slice_cut(fold_to, 0, fold_to.length - strlen(LIMITED)));
    } else {
        entry->kind = COMPANY_OTHER;
    }
    trie_put_reversed(tables->endings, term, (uint32_t)row);
}

/* Each word of a form in letters by itself: "Co. Ltd." is co and ltd. */
static void put_spelled(struct reference *reference, struct slice term, struct arena *scratch)
{
    size_t start = 0;
    for (size_t i = 0; i <= term.length; i++) {
        if (i < term.length && term.data[i] != ' ')
            continue;
        struct slice word = unicode_spell(reference, slice_cut(term, start, i), scratch);
        if (word.length > 0)
            map_put(reference->companies->spelled_forms, word, 0);
        start = i + 1;
    }
}

bool companies_load(struct reference *reference, struct error *error)
{
    static const char *const headings[] = {"term", "kind", "fold_to", NULL};
    struct arena *arena = reference->arena;
    struct company_tables *tables = arena_allocate(arena, sizeof(*tables));
    struct arena *scratch = arena_create();
    struct reference_table table;
    reference->companies = tables;
    bool loaded = reference_read(reference, scratch, "company_terms.csv", headings, &table, error);
    if (loaded) {
        tables->endings = trie_create(arena);
        tables->trades = trie_create(arena);
        tables->spelled_forms = reference_map(reference);
        tables->terms = arena_allocate_array(arena, table.csv.row_count, sizeof(*tables->terms));
    }
    for (size_t row = 0; loaded && row < table.csv.row_count; row++) {
        struct slice kind = reference_cell(&table, row, KIND);
        struct slice term = text_lower(scratch, bare(reference_cell(&table, row, TERM)));
        term = unicode_simplify(reference, term, scratch);
        if (slice_equal(kind, SLICE("form")) || slice_equal(kind, SLICE("branch")))
            put_ending(reference, &table, row, term);
        else if (slice_equal(kind, SLICE("form_en")))
            put_spelled(reference, term, scratch);
        else if (slice_equal(kind, SLICE("trade")))
            trie_put(tables->trades, term, 0);
    }
    arena_destroy(scratch);
    return loaded;
}
