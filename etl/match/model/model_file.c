#include "cust360/base/file.h"
#include "cust360/yaml.h"
#include "match/model/model.h"

/* The model's file: made by training, read by people (and by diff), changed by hand when need be.
 */

static const struct key_rule top_keys[] = {
    {"trained", KEY_OPTIONAL, NODE_MAPPING},     {"prior", KEY_REQUIRED, NODE_SCALAR},
    {"relatives", KEY_OPTIONAL, NODE_SCALAR},    {"comparisons", KEY_REQUIRED, NODE_MAPPING},
    {"frequencies", KEY_OPTIONAL, NODE_MAPPING}, {"together", KEY_OPTIONAL, NODE_MAPPING},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule trained_keys[] = {
    {"records", KEY_OPTIONAL, NODE_SCALAR},
    {"by", KEY_OPTIONAL, NODE_SCALAR},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule level_keys[] = {
    {"match", KEY_REQUIRED, NODE_SCALAR},
    {"stranger", KEY_REQUIRED, NODE_SCALAR},
    {"relative", KEY_OPTIONAL, NODE_SCALAR},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule frequency_keys[] = {
    {"rest", KEY_REQUIRED, NODE_SCALAR},
    {"values", KEY_OPTIONAL, NODE_MAPPING},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

struct model_reader {
    struct arena *arena;
    struct match_model *model;
    struct error *error;
};

static bool fail_unlike_rules(struct model_reader *reader, const struct node *node,
                              const char *what, const char *name)
{
    node_error(node, reader->error, "%s %s is %s", what, name,
               "not the same here and in the match rules");
    return error_hint(reader->error, "the rules (%s) have changed: run cust360 train",
                      reader->model->rules->path);
}

static bool read_probability(struct model_reader *reader, const struct node *node, double *value)
{
    if (!node_read_number(node, value, reader->error))
        return false;
    if (*value < 0 || *value > 1)
        return node_error(node, reader->error, "a probability is from 0 to 1");
    return true;
}

static bool read_level(struct model_reader *reader, const struct node *node,
                       struct level_parameters *level)
{
    if (!node_check_keys(node, level_keys, reader->error))
        return false;
    return read_probability(reader, node_find(node, "match"), &level->match) &&
           read_probability(reader, node_find(node, "stranger"), &level->stranger) &&
           read_probability(reader, node_find(node, "relative"), &level->relative);
}

static bool read_comparison(struct model_reader *reader, const struct node *node, size_t number)
{
    const struct comparison *comparison = &reader->model->rules->comparisons[number];
    for (size_t i = 0; i < comparison->level_count; i++) {
        const char *name = comparison->levels[i].name;
        const struct node *level = node_find(node, name);
        if (!level)
            return fail_unlike_rules(reader, node, "level", name);
        if (!read_level(reader, level, &reader->model->levels[number][i]))
            return false;
    }
    if (node_count(node) != comparison->level_count)
        return fail_unlike_rules(reader, node, "comparison", comparison->name);
    return true;
}

static bool read_comparisons(struct model_reader *reader, const struct node *node)
{
    const struct match_rules *rules = reader->model->rules;
    for (size_t i = 0; i < node_count(node); i++) {
        size_t number = rules_find_comparison(rules, node_slice(node_key(node, i)));
        if (number == ATTRIBUTE_NONE)
            return fail_unlike_rules(reader, node_key(node, i), "comparison",
                                     node_text(node_key(node, i)));
        if (!read_comparison(reader, node_value(node, i), number))
            return false;
    }
    if (node_count(node) != rules->comparison_count)
        return fail_unlike_rules(reader, node, "the list of", "comparisons");
    return true;
}

/* Sorts the values that were listed: by insertion, for they are written in order. */
static void insert_share(struct frequency_table *table, struct slice value, double share)
{
    size_t place = table->count++;
    while (place > 0 && slice_compare(table->values[place - 1], value) > 0) {
        table->values[place] = table->values[place - 1];
        table->shares[place] = table->shares[place - 1];
        place--;
    }
    table->values[place] = value;
    table->shares[place] = share;
}

static bool read_frequency(struct model_reader *reader, const struct node *node, size_t attribute)
{
    struct frequency_table *table = &reader->model->frequencies[attribute];
    if (!node_check_keys(node, frequency_keys, reader->error))
        return false;
    const struct node *values = node_find(node, "values");
    size_t count = values ? node_count(values) : 0;
    table->values = arena_allocate_array(reader->arena, count + 1, sizeof(*table->values));
    table->shares = arena_allocate_array(reader->arena, count + 1, sizeof(*table->shares));
    table->bits = arena_allocate_array(reader->arena, count + 1, sizeof(*table->bits));
    for (size_t i = 0; i < count; i++) {
        double share = 0;
        if (!read_probability(reader, node_value(values, i), &share))
            return false;
        insert_share(table, arena_copy(reader->arena, node_slice(node_key(values, i))), share);
    }
    return read_probability(reader, node_find(node, "rest"), &table->rest);
}

static bool read_frequencies(struct model_reader *reader, const struct node *node)
{
    const struct match_rules *rules = reader->model->rules;
    for (size_t i = 0; node && i < node_count(node); i++) {
        const struct node *key = node_key(node, i);
        size_t attribute = rules_find_attribute(rules, node_slice(key));
        if (attribute == ATTRIBUTE_NONE || !reader->model->frequencies[attribute].used)
            return fail_unlike_rules(reader, key, "frequency of", node_text(key));
        if (!read_frequency(reader, node_value(node, i), attribute))
            return false;
    }
    for (size_t i = 0; i < rules->attribute_count; i++)
        if (reader->model->frequencies[i].used && !reader->model->frequencies[i].bits) {
            error_set(reader->error, EXIT_CONFIGURATION, "the frequencies of %s are missing",
                      rules->attributes[i].name);
            return error_hint(reader->error, "run cust360 train");
        }
    return true;
}

/* ---- what strangers show together ---- */

static size_t find_level(const struct comparison *comparison, const struct node *name)
{
    for (size_t i = 0; i < comparison->level_count; i++)
        if (slice_equal(slice_of(comparison->levels[i].name), node_slice(name)))
            return i;
    return LEVELS_MAX;
}

static bool read_lift(struct model_reader *reader, const struct node *node, double *lift)
{
    if (!node_read_number(node, lift, reader->error))
        return false;
    return *lift >= 1 || node_error(node, reader->error, "what shows together is 1 and above");
}

/* By the first comparison's level, the second's. */
static bool read_lifts(struct model_reader *reader, const struct node *node,
                       struct dependence *dependence)
{
    const struct match_rules *rules = reader->model->rules;
    for (size_t i = 0; i < LEVELS_MAX; i++)
        for (size_t j = 0; j < LEVELS_MAX; j++)
            dependence->lift[i][j] = 1;
    for (size_t i = 0; i < node_count(node); i++) {
        const struct node *seconds = node_value(node, i);
        size_t first = find_level(&rules->comparisons[dependence->first], node_key(node, i));
        if (first == LEVELS_MAX)
            return fail_unlike_rules(reader, node_key(node, i), "level",
                                     node_text(node_key(node, i)));
        for (size_t j = 0; j < node_count(seconds); j++) {
            const struct node *name = node_key(seconds, j);
            size_t second = find_level(&rules->comparisons[dependence->second], name);
            if (second == LEVELS_MAX)
                return fail_unlike_rules(reader, name, "level", node_text(name));
            if (!read_lift(reader, node_value(seconds, j), &dependence->lift[first][second]))
                return false;
        }
    }
    return true;
}

static bool read_dependence(struct model_reader *reader, size_t second, const struct node *key,
                            const struct node *value)
{
    struct match_model *model = reader->model;
    size_t first = rules_find_comparison(model->rules, node_slice(key));
    if (first == ATTRIBUTE_NONE || first >= second)
        return fail_unlike_rules(reader, key, "comparison", node_text(key));
    if (model->dependence_count == COMPARISONS_MAX)
        return node_error(key, reader->error, "there are more than %d of these", COMPARISONS_MAX);
    struct dependence *dependence = &model->dependences[model->dependence_count++];
    dependence->first = first;
    dependence->second = second;
    return read_lifts(reader, value, dependence);
}

/* By the second comparison, the first; in the rules' order, as they are written. */
static bool read_dependences(struct model_reader *reader, const struct node *node)
{
    size_t before = 0;
    if (!node)
        return true;
    reader->model->dependences =
        arena_allocate_array(reader->arena, COMPARISONS_MAX, sizeof(*reader->model->dependences));
    for (size_t i = 0; i < node_count(node); i++) {
        const struct node *key = node_key(node, i);
        const struct node *firsts = node_value(node, i);
        size_t second = rules_find_comparison(reader->model->rules, node_slice(key));
        if (second == ATTRIBUTE_NONE || second < before)
            return fail_unlike_rules(reader, key, "comparison", node_text(key));
        before = second;
        for (size_t j = 0; j < node_count(firsts); j++)
            if (!read_dependence(reader, second, node_key(firsts, j), node_value(firsts, j)))
                return false;
    }
    return true;
}

static bool read_trained(struct model_reader *reader, const struct node *node)
{
    int64_t records = 0;
    if (!node)
        return true;
    if (!node_check_keys(node, trained_keys, reader->error) ||
        !node_read_integer(node_find(node, "records"), 0, INT64_MAX, &records, reader->error))
        return false;
    const struct node *by = node_find(node, "by");
    reader->model->trained_records = (uint64_t)records;
    reader->model->trained_by = by ? arena_text(reader->arena, node_slice(by)) : NULL;
    return true;
}

static bool read_top(struct model_reader *reader, const struct node *root)
{
    struct match_model *model = reader->model;
    if (!node_check_keys(root, top_keys, reader->error) ||
        !read_trained(reader, node_find(root, "trained")) ||
        !read_probability(reader, node_find(root, "prior"), &model->prior) ||
        !node_read_number(node_find(root, "relatives"), &model->relatives, reader->error))
        return false;
    if (model->prior <= 0 || model->prior >= 1)
        return node_error(node_find(root, "prior"), reader->error,
                          "the prior is above 0 and below 1");
    if (model->relatives < 0)
        return node_error(node_find(root, "relatives"), reader->error,
                          "the number of relatives is not below 0");
    return read_comparisons(reader, node_find(root, "comparisons")) &&
           read_dependences(reader, node_find(root, "together")) &&
           read_frequencies(reader, node_find(root, "frequencies"));
}

struct match_model *match_model_load(struct arena *arena, const char *path,
                                     const struct match_rules *rules, struct error *error)
{
    struct document *document = document_open(path, error);
    if (!document) {
        if (!file_exists(path))
            error_hint(error, "cust360 train makes it");
        return NULL;
    }
    struct model_reader reader = {arena, model_create(arena, rules), error};
    bool read = read_top(&reader, document_root(document));
    document_close(document);
    if (!read) {
        if (!error->file[0])
            error_place(error, path, 0, 0);
        return NULL;
    }
    model_weigh(reader.model);
    return reader.model;
}
