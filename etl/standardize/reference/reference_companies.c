#include "standardize/reference/reference_companies.h"
#include "standardize/reference/reference_places.h"
#include "standardize/text/unicode.h"

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
    } else if (slice_equal(reference_cell(table, row, KIND), SLICE("public"))) {
        entry->kind = COMPANY_PUBLIC;
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

static void put_trade(struct reference *reference, const struct reference_table *table, size_t row,
                      struct slice term)
{
    struct company_tables *tables = reference->companies;
    tables->trade_names[row] = arena_copy(reference->arena, reference_cell(table, row, FOLD_TO));
    trie_put(tables->trades, term, (uint32_t)row);
}

static void put_term(struct reference *reference, const struct reference_table *table, size_t row,
                     struct arena *scratch)
{
    struct slice kind = reference_cell(table, row, KIND);
    struct slice term = text_lower(scratch, bare(reference_cell(table, row, TERM)));
    term = unicode_simplify(reference, term, scratch);
    if (slice_equal(kind, SLICE("form")) || slice_equal(kind, SLICE("branch")) ||
        slice_equal(kind, SLICE("public")))
        put_ending(reference, table, row, term);
    else if (slice_equal(kind, SLICE("form_en")))
        put_spelled(reference, term, scratch);
    else if (slice_equal(kind, SLICE("trade")))
        put_trade(reference, table, row, term);
    else if (slice_equal(kind, SLICE("remark")))
        trie_put_reversed(reference->companies->remarks, term, 0);
}

/* Provinces by their English names, cities by their pinyin: Shanghai ABC Co., Ltd. */
static bool load_spelled_places(struct reference *reference, struct arena *scratch,
                                struct error *error)
{
    struct map *places = reference->companies->spelled_places;
    struct reference_table table;
    if (!reference_read(reference, scratch, "province_aliases.csv",
                        (const char *const[]){"english", NULL}, &table, error))
        return false;
    map_put(places, SLICE("china"), 0);
    for (size_t row = 0; row < table.csv.row_count; row++)
        map_put(places, unicode_spell(reference, reference_cell(&table, row, 0), scratch), 0);
    const struct place_tables *tables = reference->places;
    for (uint32_t i = 0; i < tables->place_count; i++) {
        const struct division *place = &tables->places[i];
        struct slice stem = slice_cut(place->name, 0, place->name.length - strlen("市"));
        if (place->level == PLACE_CITY && slice_ends_with(place->name, SLICE("市")))
            map_put(places, unicode_spell(reference, stem, scratch), 0);
    }
    return true;
}

bool companies_load(struct reference *reference, struct error *error)
{
    static const char *const headings[] = {"term", "kind", "fold_to", NULL};
    struct arena *arena = reference->arena;
    struct company_tables *tables = arena_allocate(arena, sizeof(*tables));
    struct arena *scratch = arena_create();
    struct reference_table table;
    reference->companies = tables;
    tables->endings = trie_create(arena);
    tables->trades = trie_create(arena);
    tables->remarks = trie_create(arena);
    tables->spelled_forms = reference_map(reference);
    tables->spelled_places = reference_map(reference);
    bool loaded = reference_read(reference, scratch, "company_terms.csv", headings, &table, error);
    size_t rows = loaded ? table.csv.row_count : 0;
    tables->terms = arena_allocate_array(arena, rows + 1, sizeof(*tables->terms));
    tables->trade_names = arena_allocate_array(arena, rows + 1, sizeof(*tables->trade_names));
    for (size_t row = 0; row < rows; row++)
        put_term(reference, &table, row, scratch);
    loaded = loaded && load_spelled_places(reference, scratch, error);
    arena_destroy(scratch);
    return loaded;
}
