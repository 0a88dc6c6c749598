#include "cli/find/lookup.h"
#include "cli/open.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/map.h"
#include "cust360/base/text.h"
#include "cust360/golden.h"
#include "cust360/standardize.h"

/* A way to find customers: ?1 is the value, standardized as `kind` (NULL: as typed); the query
 * gives golden ids and whether the customer has the car now. */
struct finder {
    const char *found_by;
    const char *kind;
    const char *part; /* of the kind, in place of the value; or NULL */
    enum lookup_extent extent;
    size_t least; /* characters, so that "1" does not find half of them */
    const char *sql;
};

static const struct finder finders[] = {
    {"mobile", "mobile", NULL, LOOKUP_WHOLE, 1,
     "SELECT golden_id, 1 FROM contact_point WHERE value = ?1 AND channel = 'mobile'"
     " ORDER BY is_preferred DESC, golden_id"},
    {"landline", "phone", NULL, LOOKUP_WHOLE, 1,
     "SELECT golden_id, 1 FROM contact_point WHERE value = ?1 AND channel = 'landline'"
     " ORDER BY is_preferred DESC, golden_id"},
    {"e-mail", "email", NULL, LOOKUP_WHOLE, 1,
     "SELECT golden_id, 1 FROM contact_point WHERE value = ?1 AND channel = 'email'"
     " ORDER BY is_preferred DESC, golden_id"},
    {"VIN", "vin", NULL, LOOKUP_WHOLE, 1,
     "SELECT golden_id, role = 'owner' FROM ownership WHERE vin = ?1"
     " ORDER BY role = 'owner' DESC, from_date DESC, golden_id"},
    {"plate", "plate", NULL, LOOKUP_WHOLE, 1,
     "SELECT owner_golden_id, 1 FROM vehicle WHERE plate = ?1 AND owner_golden_id IS NOT NULL"
     " UNION ALL SELECT golden_id, role = 'owner' FROM ownership WHERE plate = ?1"},
    {"identity number", "identity", NULL, LOOKUP_WHOLE, 6,
     "SELECT golden_id, 1 FROM customer WHERE id_number = ?1"
     " UNION ALL SELECT golden_id, 1 FROM customer_source WHERE id_number = ?1"},
    {"customer number", NULL, NULL, LOOKUP_WHOLE, 1,
     "SELECT golden_id, 1 FROM customer_source WHERE source_key = ?1 ORDER BY source"},
    {"customer number", NULL, NULL, LOOKUP_WHOLE, 1,
     "SELECT golden_id, 1 FROM customer_source"
     " WHERE source_key = substr(?1, instr(?1, ' ') + 1)"
     " AND source = substr(?1, 1, instr(?1, ' ') - 1) COLLATE NOCASE"},
    {"membership card", NULL, NULL, LOOKUP_WHOLE, 1,
     "SELECT golden_id, 1 FROM membership WHERE card_number = ?1 AND golden_id IS NOT NULL"},
    {"name", NULL, NULL, LOOKUP_WHOLE, 1,
     "SELECT golden_id, 1 FROM customer WHERE name = ?1 ORDER BY records DESC, golden_id"},
    {"name", "name", "key", LOOKUP_WHOLE, 1,
     "SELECT golden_id, 1 FROM customer WHERE name_key = ?1 ORDER BY records DESC, golden_id"},
    {"name at a source", NULL, NULL, LOOKUP_PARTS, 2,
     "SELECT golden_id, 1 FROM customer_source WHERE name = ?1 ORDER BY golden_id"},
    {"part of the name", "name", "key", LOOKUP_PARTS, 1,
     "SELECT golden_id, 1 FROM customer WHERE instr(name_key, ?1) > 0"
     " ORDER BY instr(name_key, ?1), golden_id"},
    {"part of the name", NULL, NULL, LOOKUP_PARTS, 1,
     "SELECT golden_id, 1 FROM customer WHERE instr(name, ?1) > 0"
     " ORDER BY instr(name, ?1), golden_id"},
    {"pinyin", NULL, NULL, LOOKUP_PARTS, 3,
     "SELECT golden_id, 1 FROM customer"
     " WHERE instr(replace(lower(name_pinyin), ' ', ''), replace(lower(?1), ' ', '')) > 0"
     " ORDER BY length(name_pinyin), golden_id"},
    {"end of the mobile", NULL, NULL, LOOKUP_PARTS, 4,
     "SELECT golden_id, 1 FROM contact_point WHERE channel = 'mobile'"
     " AND substr(value, -length(?1)) = ?1 ORDER BY is_preferred DESC, golden_id"},
    {"end of the VIN", NULL, NULL, LOOKUP_PARTS, 5,
     "SELECT golden_id, role = 'owner' FROM ownership WHERE substr(vin, -length(?1)) = upper(?1)"
     " ORDER BY role = 'owner' DESC, golden_id"},
    {"part of the plate", NULL, NULL, LOOKUP_PARTS, 4,
     "SELECT golden_id, role = 'owner' FROM ownership WHERE instr(plate, upper(?1)) > 0"
     " ORDER BY role = 'owner' DESC, golden_id"},
};

/* What a search works on. */
struct search {
    struct lookup *lookup;
    struct slice typed;
    size_t limit;
    struct map *seen;
    struct lookup_result *result;
};

static bool open_view(struct lookup *lookup, const struct project *project, struct error *error)
{
    const char *path = view_path(project, lookup->arena);
    if (!file_exists(path)) {
        error_set(error, EXIT_STATE, "could not find the published view %s", path);
        return error_hint(error, "cust360 run publishes it; --out names another folder");
    }
    lookup->view = database_open(path, DATABASE_READ, error);
    return lookup->view != NULL;
}

bool lookup_open(struct lookup *lookup, const struct invocation *invocation, struct arena *arena,
                 struct error *error)
{
    *lookup = (struct lookup){arena, NULL, NULL};
    struct project *project = open_project(invocation, arena, error);
    if (!project || !open_view(lookup, project, error))
        return false;
    lookup->rules = rules_load(project, date_clock_today(), error);
    if (!lookup->rules)
        lookup_close(lookup);
    return lookup->rules != NULL;
}

void lookup_close(struct lookup *lookup)
{
    database_close(lookup->view);
    rules_destroy(lookup->rules);
    *lookup = (struct lookup){0};
}

static struct slice join_words(const struct invocation *invocation, struct arena *arena)
{
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < invocation->argument_count; i++)
        buffer_format(&text, "%s%s", i > 0 ? " " : "", invocation->arguments[i]);
    struct slice joined = slice_trim(arena_copy(arena, buffer_slice(&text)));
    buffer_release(&text);
    return slice_of(arena_text(arena, joined));
}

static void add_hit(struct search *search, struct slice golden_id, const char *found_by,
                    bool is_current)
{
    struct lookup_result *result = search->result;
    uint32_t known = map_count(search->seen);
    if (map_intern(search->seen, golden_id) != known)
        return;
    if (result->count == search->limit) {
        result->more = true;
        return;
    }
    const char *id = arena_text(search->lookup->arena, golden_id);
    result->hits[result->count++] = (struct lookup_hit){id, found_by, is_current};
}

static struct slice value_for(const struct search *search, const struct finder *finder)
{
    struct arena *arena = search->lookup->arena;
    const struct rules *rules = search->lookup->rules;
    if (!finder->kind)
        return search->typed;
    if (finder->part)
        return rules_apply_part(rules, finder->kind, finder->part, search->typed, arena);
    return rules_apply(rules, finder->kind, search->typed, arena);
}

static bool run_finder(struct search *search, const struct finder *finder, struct error *error)
{
    struct slice value = value_for(search, finder);
    if (slice_is_empty(value) || text_length(value) < finder->least)
        return true;
    struct statement *select = statement_prepare(search->lookup->view, finder->sql, error);
    if (!select)
        return false;
    statement_bind_text(select, 1, value);
    enum outcome outcome;
    while ((outcome = statement_step(select, error)) == ACCEPTED && !search->result->more)
        add_hit(search, statement_text(select, 0), finder->found_by,
                statement_integer(select, 1) != 0);
    statement_destroy(select);
    return outcome != FAILED;
}

/* The text of a query's single value; NULL: no row. */
static bool ask_text(struct lookup *lookup, const char *sql, const char *value, const char **text,
                     struct error *error)
{
    *text = NULL;
    struct statement *select = statement_prepare(lookup->view, sql, error);
    if (!select)
        return false;
    statement_bind_text(select, 1, slice_of(value));
    enum outcome outcome = statement_step(select, error);
    if (outcome == ACCEPTED)
        *text = arena_text(lookup->arena, statement_text(select, 0));
    statement_destroy(select);
    return outcome != FAILED;
}

/* The id as it is written, when the text can be one; else NULL. */
static const char *read_id(struct arena *arena, struct slice typed)
{
    uint32_t number = 0;
    if (!golden_id_parse(typed, &number))
        return NULL;
    char *id = arena_allocate_bytes(arena, GOLDEN_ID_BYTES);
    golden_id_format(number, id);
    return id;
}

static bool find_by_id(struct search *search, struct error *error)
{
    struct lookup *lookup = search->lookup;
    const char *id = read_id(lookup->arena, search->typed);
    const char *living = NULL;
    if (!id)
        return true;
    if (!ask_text(lookup, "SELECT golden_id FROM customer WHERE golden_id = ?1", id, &living,
                  error))
        return false;
    if (!living) {
        if (!ask_text(lookup,
                      "SELECT c.golden_id FROM golden_alias a"
                      " JOIN customer c ON c.golden_id = a.becomes WHERE a.golden_id = ?1",
                      id, &living, error))
            return false;
        search->result->former = living ? id : NULL;
    }
    if (living)
        add_hit(search, slice_of(living), "golden id", true);
    return true;
}

static bool run_finders(struct search *search, enum lookup_extent extent, struct error *error)
{
    for (size_t i = 0; i < sizeof(finders) / sizeof(finders[0]) && !search->result->more; i++)
        if (finders[i].extent == extent && !run_finder(search, &finders[i], error))
            return false;
    return true;
}

bool lookup_find(struct lookup *lookup, const struct invocation *invocation,
                 enum lookup_extent extent, size_t limit, struct lookup_result *result,
                 struct error *error)
{
    struct slice typed = join_words(invocation, lookup->arena);
    return lookup_find_text(lookup, typed, extent, limit, result, error);
}

bool lookup_find_text(struct lookup *lookup, struct slice typed, enum lookup_extent extent,
                      size_t limit, struct lookup_result *result, struct error *error)
{
    *result = (struct lookup_result){0};
    result->hits = arena_allocate_array(lookup->arena, limit, sizeof(*result->hits));
    struct search search = {lookup, typed, limit, map_create(), result};
    bool done = find_by_id(&search, error) && run_finders(&search, LOOKUP_WHOLE, error);
    if (done && (extent == LOOKUP_PARTS || result->count == 0))
        done = run_finders(&search, LOOKUP_PARTS, error);
    map_destroy(search.seen);
    return done;
}

bool lookup_fate(struct lookup *lookup, const struct invocation *invocation, const char **sentence,
                 struct error *error)
{
    const char *id = read_id(lookup->arena, join_words(invocation, lookup->arena));
    *sentence = NULL;
    if (!id)
        return true;
    const char *event = NULL;
    if (!ask_text(
            lookup,
            "SELECT replace(event, '_', ' ') || coalesce(' ' || other_id, '') || ' on ' ||"
            " as_of FROM golden_history WHERE golden_id = ?1 ORDER BY run_id DESC, rowid DESC",
            id, &event, error))
        return false;
    if (event)
        *sentence = arena_format(lookup->arena, "%s is no customer any more: %s", id, event);
    return true;
}

const struct lookup_hit *lookup_choose(const struct lookup_result *result)
{
    const struct lookup_hit *chosen = NULL;
    for (size_t i = 0; i < result->count; i++) {
        if (result->count > 1 && !result->hits[i].is_current)
            continue;
        if (chosen)
            return NULL;
        chosen = &result->hits[i];
    }
    return chosen;
}
