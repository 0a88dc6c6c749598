#include "cust360/base/memory.h"
#include "survivorship.h"

/* records ──► candidates (those that have a value) ──► rule ──► rule ──► … ──► the first that is
 * left
 *
 * Clusters are small: the few candidates are compared each with each. */

void choosing_release(struct choosing *choosing)
{
    memory_free(choosing->candidates);
    memory_free(choosing->classes);
    memory_free(choosing->tallies);
    memory_free(choosing->last_sources);
    *choosing = (struct choosing){0};
}

/* Once grown the room is kept: nearly all clusters are small and there are millions of them. */
static void make_room(struct choosing *choosing, size_t count)
{
    choosing->candidates = memory_grow(choosing->candidates, &choosing->candidates_capacity, count,
                                       sizeof(*choosing->candidates));
    choosing->classes = memory_grow(choosing->classes, &choosing->classes_capacity, count,
                                    sizeof(*choosing->classes));
    choosing->tallies = memory_grow(choosing->tallies, &choosing->tallies_capacity, count,
                                    sizeof(*choosing->tallies));
    choosing->last_sources = memory_grow(choosing->last_sources, &choosing->last_sources_capacity,
                                         count, sizeof(*choosing->last_sources));
}

/* The digits of "YYYY-MM-DDThh:mm:ss" (or of its beginning) as one number. */
static int64_t read_updated(struct slice text)
{
    enum { DIGITS = 14 };
    int64_t number = 0;
    int digits = 0;
    for (size_t i = 0; i < text.length && digits < DIGITS; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            continue;
        number = number * 10 + (text.data[i] - '0');
        digits++;
    }
    for (; digits > 0 && digits < DIGITS; digits++)
        number *= 10;
    return number;
}

static size_t collect_candidates(struct choosing *choosing, const struct attribute *attribute,
                                 size_t from)
{
    size_t found = 0;
    for (size_t i = 0; i < choosing->record_count; i++) {
        const struct merge_record *record = &choosing->records[i];
        struct slice value = record->values[attribute->from[from]];
        if (slice_is_empty(value))
            continue;
        choosing->candidates[found++] = (struct candidate){
            .record = record,
            .value = value,
            .field = attribute->from_names[from],
            .updated = choosing->updated == FIELD_UNUSED
                           ? 0
                           : read_updated(record->values[choosing->updated]),
        };
    }
    return found;
}

/* Two missing values are the same: what has no district is not in different districts. */
static bool same_values(const struct merge_record *a, const struct merge_record *b,
                        const size_t *places, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!slice_equal(a->values[places[i]], b->values[places[i]]))
            return false;
    return true;
}

static bool same_class(const struct rule_use *use, const struct candidate *a,
                       const struct candidate *b)
{
    if (use->rule->takes == TAKES_CLASS && use->fields.count)
        return same_values(a->record, b->record, use->fields.fields, use->fields.count);
    return slice_equal(a->value, b->value);
}

static void sort_into_classes(struct choosing *choosing, const struct rule_use *use, size_t count)
{
    const struct candidate *candidates = choosing->candidates;
    bool each = use->rule->classes == CLASS_EACH &&
                (use->rule->takes != TAKES_CLASS || use->fields.count == 0);
    for (size_t i = 0; i < count; i++) {
        size_t first = each ? i : 0;
        while (first < i && (choosing->classes[first] != first ||
                             !same_class(use, &candidates[first], &candidates[i])))
            first++;
        choosing->classes[i] = (uint32_t)first;
    }
}

/* Keeps the candidates of the best classes; returns how many they are. */
static size_t apply_rule(struct choosing *choosing, const struct rule_use *use, size_t count)
{
    int64_t best = INT64_MIN;
    size_t kept = 0;
    sort_into_classes(choosing, use, count);
    for (size_t i = 0; i < count; i++) {
        const struct candidate *candidate = &choosing->candidates[i];
        uint32_t first = choosing->classes[i];
        struct tally *tally = &choosing->tallies[first];
        if (first == i)
            *tally = (struct tally){.score = INT64_MIN};
        /* Records of one source follow each other. */
        bool new_source = first == i || choosing->last_sources[first] != candidate->record->source;
        choosing->last_sources[first] = candidate->record->source;
        tally->candidates++;
        tally->sources += new_source;
        tally->score = use->rule->take(tally, candidate, &use->fields);
    }
    for (size_t i = 0; i < count; i++)
        best = greater(best, choosing->tallies[choosing->classes[i]].score);
    for (size_t i = 0; i < count; i++)
        if (choosing->tallies[choosing->classes[i]].score == best)
            choosing->candidates[kept++] = choosing->candidates[i];
    return kept;
}

/* Candidates that agree in everything that will be taken from them need no further rule. */
static bool all_same(const struct choosing *choosing, const struct attribute *attribute,
                     size_t count)
{
    const struct candidate *first = &choosing->candidates[0];
    for (size_t i = 1; i < count; i++)
        if (!slice_equal(first->value, choosing->candidates[i].value) ||
            !same_values(first->record, choosing->candidates[i].record, attribute->with,
                         attribute->with_count))
            return false;
    return true;
}

/* The candidate that is left, and the rule that left it. */
static const struct candidate *narrow(struct choosing *choosing, const struct attribute *attribute,
                                      size_t count, const char **rule)
{
    *rule = count == 1 ? "only" : "agreed";
    if (all_same(choosing, attribute, count))
        return &choosing->candidates[0];
    for (size_t i = 0; i < attribute->use_count; i++) {
        const struct rule_use *use = &attribute->uses[i];
        if (!use->rule->take)
            continue;
        count = apply_rule(choosing, use, count);
        *rule = use->rule->name;
        if (all_same(choosing, attribute, count))
            return &choosing->candidates[0];
    }
    *rule = "first";
    return &choosing->candidates[0];
}

/* Also what is missing in the chosen record is taken over: a golden address has no room when the
 * record that it comes from has none. */
static void fill_values(const struct attribute *attribute, const struct candidate *candidate,
                        struct slice *values)
{
    values[attribute->first_column] = candidate->value;
    for (size_t i = 0; i < attribute->with_count; i++) {
        struct slice value = candidate->record->values[attribute->with[i]];
        values[attribute->first_column + 1 + i] =
            slice_is_empty(value) ? (struct slice){NULL, 0} : value;
    }
}

static bool has_steward_rule(const struct attribute *attribute)
{
    for (size_t i = 0; i < attribute->use_count; i++)
        if (!attribute->uses[i].rule->take)
            return true;
    return false;
}

/* A decided value brings along what belongs to it when a record has just this value; else the
 * steward has typed it, and what belongs to it is not known. */
static void decide(struct choosing *choosing, const struct attribute *attribute,
                   struct slice decided, struct slice *values, struct golden_choice *choice)
{
    *choice = (struct golden_choice){MEMBER_NONE, rule_steward.name};
    values[attribute->first_column] = slice_is_empty(decided) ? (struct slice){NULL, 0} : decided;
    for (size_t from = 0; from < attribute->from_count; from++) {
        size_t found = collect_candidates(choosing, attribute, from);
        for (size_t i = 0; i < found; i++) {
            const struct candidate *candidate = &choosing->candidates[i];
            if (!slice_equal(candidate->value, decided))
                continue;
            fill_values(attribute, candidate, values);
            choice->member = candidate->record->member;
            return;
        }
    }
}

void choose(struct choosing *choosing, const struct attribute *attribute,
            const struct slice *steward, struct slice *values, struct golden_choice *choice)
{
    make_room(choosing, choosing->record_count);
    for (size_t i = 0; i <= attribute->with_count; i++)
        values[attribute->first_column + i] = (struct slice){NULL, 0};
    *choice = (struct golden_choice){MEMBER_NONE, NULL};
    if (steward && has_steward_rule(attribute)) {
        decide(choosing, attribute, *steward, values, choice);
        return;
    }
    size_t found = 0;
    for (size_t from = 0; found == 0 && from < attribute->from_count; from++)
        found = collect_candidates(choosing, attribute, from);
    if (found == 0)
        return;
    const struct candidate *chosen = narrow(choosing, attribute, found, &choice->rule);
    choice->member = chosen->record->member;
    fill_values(attribute, chosen, values);
}
