#include "cust360/base/buffer.h"
#include "cust360/base/hash.h"
#include "cust360/match_explain.h"
#include "match/compare/test.h"
#include "match/explain/scene.h"

#include <limits.h>
#include <math.h>

/* One explanation while it is made. */
struct explanation {
    const struct match_scene *scene;
    uint32_t a;
    uint32_t b;
    struct arena *arena;
};

/* Attributes, each once, in the order in which they were named. */
struct attribute_set {
    size_t *numbers;
    size_t count;
};

static struct attribute_set set_create(const struct explanation *work)
{
    const struct match_rules *rules = work->scene->rules;
    return (struct attribute_set){
        arena_allocate_array(work->arena, rules->attribute_count, sizeof(size_t)), 0};
}

static void set_add(struct attribute_set *set, size_t attribute)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->numbers[i] == attribute)
            return;
    set->numbers[set->count++] = attribute;
}

/* ---- values ---- */

static struct slice join_values(const struct explanation *work, size_t attribute, uint32_t record)
{
    const struct table *table = work->scene->table;
    const uint32_t *values = NULL;
    size_t count = table_values(table, record, attribute, &values);
    if (count == 1)
        return table_text(table, attribute, values[0]);
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(&text, i > 0 ? ", " : "");
        buffer_append(&text, table_text(table, attribute, values[i]));
    }
    struct slice joined = arena_copy(work->arena, buffer_slice(&text));
    buffer_release(&text);
    return joined;
}

/* Whether the record came with a value that matching does not look at. */
static bool is_ignored(const struct explanation *work, size_t attribute, uint32_t record)
{
    const struct attribute *rule = &work->scene->rules->attributes[attribute];
    if (table_row(work->scene->table, record)[attribute] != VALUE_NONE)
        return false;
    for (size_t i = 0; i < rule->from_count; i++)
        if (is_ignored(work, rule->from[i], record))
            return true;
    if (rule->derivation != DERIVE_NOT || rule->shared_limit == 0)
        return false;
    const struct input_field *field = &input_fields(work->scene->input)[attribute];
    if (!rule->many)
        return record < field->value_count && field->values[record] != VALUE_NONE;
    for (size_t i = 0; i < field->pair_count; i++)
        if (field->pairs[i].hash == record)
            return true;
    return false;
}

static struct match_evidence *collect_evidence(const struct explanation *work,
                                               const struct attribute_set *set)
{
    struct match_evidence *evidence =
        arena_allocate_array(work->arena, set->count, sizeof(*evidence));
    for (size_t i = 0; i < set->count; i++)
        evidence[i] = (struct match_evidence){
            .attribute = work->scene->rules->attributes[set->numbers[i]].name,
            .a = join_values(work, set->numbers[i], work->a),
            .b = join_values(work, set->numbers[i], work->b),
            .a_ignored = is_ignored(work, set->numbers[i], work->a),
            .b_ignored = is_ignored(work, set->numbers[i], work->b),
        };
    return evidence;
}

/* ---- what a comparison looked at ---- */

static bool is_presence(const struct condition *condition)
{
    return condition->comparator->relation == RELATION_KNOWN ||
           condition->comparator->relation == RELATION_UNKNOWN;
}

static bool alternative_holds(const struct explanation *work, struct alternative *alternative)
{
    const struct test test = {alternative, 1};
    return test_holds(work->scene->table, &test, work->a, work->b);
}

/* The attributes by which the first alternative that holds does so. */
static void add_deciding(const struct explanation *work, const struct test *test, bool presence,
                         struct attribute_set *set)
{
    for (size_t i = 0; i < test->alternative_count; i++) {
        struct alternative *alternative = &test->alternatives[i];
        if (!alternative_holds(work, alternative))
            continue;
        for (size_t j = 0; j < alternative->condition_count; j++) {
            const struct condition *condition = &alternative->conditions[j];
            if (presence ? condition->comparator->relation == RELATION_KNOWN
                         : !is_presence(condition))
                set_add(set, condition->attribute);
        }
        return;
    }
}

/* All attributes whose presence or relation a test asks for. */
static void add_asked(const struct test *test, struct attribute_set *set)
{
    for (size_t i = 0; i < test->alternative_count; i++)
        for (size_t j = 0; j < test->alternatives[i].condition_count; j++) {
            const struct condition *condition = &test->alternatives[i].conditions[j];
            if (condition->comparator->relation != RELATION_UNKNOWN)
                set_add(set, condition->attribute);
        }
}

static bool any_known_to_both(const struct explanation *work, const struct attribute_set *set)
{
    const uint32_t *a = table_row(work->scene->table, work->a);
    const uint32_t *b = table_row(work->scene->table, work->b);
    for (size_t i = 0; i < set->count; i++)
        if (a[set->numbers[i]] != VALUE_NONE && b[set->numbers[i]] != VALUE_NONE)
            return true;
    return false;
}

static void explain_silence(const struct explanation *work, const struct comparison *comparison,
                            struct match_part *part, struct attribute_set *set)
{
    if (part->silence == MATCH_IMPLIED)
        return;
    add_asked(&comparison->when, set);
    bool open = test_holds(work->scene->table, &comparison->when, work->a, work->b);
    for (size_t i = 0; open && i < comparison->level_count; i++)
        add_asked(&comparison->levels[i].test, set);
    part->silence = open && any_known_to_both(work, set) ? MATCH_INCONCLUSIVE : MATCH_UNKNOWN;
}

/* ---- levels ---- */

static double share_of_bits(int32_t bits)
{
    return exp2(-(double)bits / WEIGHT_ONE);
}

/* What came of the values' own frequencies in place of the level's average. */
static void explain_frequencies(const struct explanation *work, const struct level *level,
                                const struct level_parameters *parameters, struct match_part *part)
{
    struct match_frequency *frequencies =
        arena_allocate_array(work->arena, level->frequency_count, sizeof(*frequencies));
    for (size_t i = 0; i < level->frequency_count; i++) {
        size_t attribute = level->frequency[i];
        int32_t bits = score_frequency_bits(work->scene->scorer, attribute, work->a, work->b);
        if (bits == INT32_MAX)
            return;
        frequencies[i] = (struct match_frequency){work->scene->rules->attributes[attribute].name,
                                                  share_of_bits(bits)};
    }
    part->frequencies = frequencies;
    part->frequency_count = level->frequency_count;
    int32_t alone = part->against_stranger + part->repeated;
    part->adjustment = alone - parameters->against_stranger;
    if (level->frequency_count)
        part->stranger = share_of_bits(alone - parameters->match_bits);
}

static void explain_part(const struct explanation *work, size_t number,
                         const struct score_part *score, struct match_part *part)
{
    const struct match_scene *scene = work->scene;
    const struct comparison *comparison = &scene->rules->comparisons[number];
    struct attribute_set set = set_create(work);
    *part = (struct match_part){.comparison = comparison->name,
                                .silence = score->implied     ? MATCH_IMPLIED
                                           : score->level < 0 ? MATCH_UNKNOWN
                                                              : MATCH_SPEAKS};
    if (score->level < 0) {
        explain_silence(work, comparison, part, &set);
    } else {
        const struct level *level = &comparison->levels[score->level];
        const struct level_parameters *parameters =
            &scene->scorer->model->levels[number][score->level];
        part->level = level->name;
        part->match = parameters->match;
        part->stranger = parameters->stranger;
        part->relative = parameters->relative;
        part->repeated = score->repeated;
        part->against_stranger = score->against_stranger;
        part->against_relative = score->against_relative;
        explain_frequencies(work, level, parameters, part);
        add_deciding(work, &comparison->when, true, &set);
        add_deciding(work, &level->test, false, &set);
    }
    part->evidence = collect_evidence(work, &set);
    part->evidence_count = set.count;
}

/* The comparison that has made each silent one superfluous. */
static void name_implying(const struct match_scene *scene, const struct score_part *scores,
                          struct match_part *parts)
{
    const struct match_rules *rules = scene->rules;
    for (size_t i = 0; i < rules->comparison_count; i++)
        for (size_t j = 0; scores[i].level >= 0 && j < rules->comparison_count; j++)
            if (parts[j].silence == MATCH_IMPLIED && !parts[j].implied_by &&
                (rules->comparisons[i].levels[scores[i].level].implies >> j) & 1)
                parts[j].implied_by = rules->comparisons[i].name;
}

static void explain_weight(const struct explanation *work, struct match_pair_detail *detail)
{
    const struct scorer *scorer = work->scene->scorer;
    size_t count = scorer->rules->comparison_count;
    struct score_part scores[COMPARISONS_MAX];
    struct match_part *parts = arena_allocate_array(work->arena, count, sizeof(*parts));
    detail->weight = score_pair_parts(scorer, work->a, work->b, scores);
    detail->has_relatives = scorer->model->relatives > 0;
    detail->prior_stranger = detail->stranger = scorer->model->prior_stranger;
    detail->prior_relative = detail->relative = scorer->model->prior_relative;
    for (size_t i = 0; i < count; i++) {
        explain_part(work, i, &scores[i], &parts[i]);
        detail->stranger += parts[i].against_stranger;
        detail->relative += parts[i].against_relative;
    }
    name_implying(work->scene, scores, parts);
    detail->parts = parts;
    detail->part_count = count;
}

/* ---- hard rules and blocking keys ---- */

static void explain_hard_rules(const struct explanation *work, struct match_pair_detail *detail)
{
    const struct match_rules *rules = work->scene->rules;
    struct match_hard_rule *fired =
        arena_allocate_array(work->arena, rules->hard_rule_count, sizeof(*fired));
    for (size_t i = 0; i < rules->hard_rule_count; i++)
        if (test_holds(work->scene->table, &rules->hard_rules[i].test, work->a, work->b))
            fired[detail->hard_rule_count++] = (struct match_hard_rule){
                scene_verdict(rules->hard_rules[i].verdict), rules->hard_rules[i].name};
    detail->hard_rules = fired;
}

/* The values that a and b have in common of an attribute must be had by a third as well; so a rule
 * whose keys have several values is counted by its common ones. */
static uint32_t count_sharing(const struct explanation *work, const struct block_rule *rule)
{
    const struct table *table = work->scene->table;
    uint32_t count = 0;
    for (uint32_t record = 0; record < table->record_count; record++) {
        size_t shared = 0;
        while (shared < rule->key_count &&
               table_shares(table, rule->keys[shared], work->a, record) &&
               table_shares(table, rule->keys[shared], work->b, record))
            shared++;
        count += shared == rule->key_count;
    }
    return count;
}

void match_explain_keys(const struct match_scene *scene, struct arena *arena,
                        struct match_pair_detail *detail)
{
    const struct explanation work = {scene, detail->a, detail->b, arena};
    const struct match_rules *rules = scene->rules;
    struct match_key *keys = arena_allocate_array(arena, rules->block_count, sizeof(*keys));
    for (size_t i = 0; i < rules->block_count; i++) {
        const struct block_rule *rule = &rules->blocks[i];
        struct attribute_set set = set_create(&work);
        for (size_t j = 0; j < rule->key_count; j++)
            if (!table_shares(scene->table, rule->keys[j], detail->a, detail->b))
                set_add(&set, rule->keys[j]);
        keys[i] = (struct match_key){.rule = rule->name,
                                     .shared = set.count == 0,
                                     .missing = collect_evidence(&work, &set),
                                     .missing_count = set.count,
                                     .attribute_count = rule->key_count};
        keys[i].records = keys[i].shared ? count_sharing(&work, rule) : 0;
    }
    detail->keys = keys;
    detail->key_count = rules->block_count;
}

void match_explain_pair(const struct match_scene *scene, uint32_t a, uint32_t b,
                        struct arena *arena, struct match_pair_detail *detail)
{
    struct explanation work = {scene, a, b, arena};
    *detail = (struct match_pair_detail){.a = a, .b = b};
    explain_weight(&work, detail);
    explain_hard_rules(&work, detail);
}
