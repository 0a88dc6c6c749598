#include "match/rules/rules.h"
#include "cust360/base/file.h"
#include "match/compare/confusions.h"
#include "match/rules/rules_bind.h"
#include "match/rules/rules_compare.h"

#include <math.h>

static const struct key_rule top_keys[] = {
    {"entity", KEY_REQUIRED, NODE_SCALAR},        {"confusions", KEY_OPTIONAL, NODE_SCALAR},
    {"attributes", KEY_REQUIRED, NODE_MAPPING},   {"blocking", KEY_REQUIRED, NODE_MAPPING},
    {"comparisons", KEY_REQUIRED, NODE_SEQUENCE}, {"rules", KEY_OPTIONAL, NODE_MAPPING},
    {"thresholds", KEY_REQUIRED, NODE_MAPPING},   {"training", KEY_OPTIONAL, NODE_MAPPING},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule blocking_keys[] = {
    {"max_block", KEY_OPTIONAL, NODE_SCALAR},
    {"window", KEY_OPTIONAL, NODE_SCALAR},
    {"window_order", KEY_OPTIONAL, NODE_SEQUENCE},
    {"rules", KEY_REQUIRED, NODE_MAPPING},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

/* The short form: all but these is written from `compare`. */
static const struct key_rule short_keys[] = {
    {"entity", KEY_REQUIRED, NODE_SCALAR},      {"compare", KEY_REQUIRED, NODE_MAPPING},
    {"blocking", KEY_OPTIONAL, NODE_MAPPING},   {"rules", KEY_OPTIONAL, NODE_MAPPING},
    {"thresholds", KEY_OPTIONAL, NODE_MAPPING}, {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule block_keys[] = {
    {"all_up_to", KEY_OPTIONAL, NODE_SCALAR}, {"max_block", KEY_OPTIONAL, NODE_SCALAR},
    {"keys", KEY_REQUIRED, NODE_SEQUENCE},    {"refine", KEY_OPTIONAL, NODE_SEQUENCE},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule threshold_keys[] = {
    {"merge", KEY_REQUIRED, NODE_SCALAR},   {"review", KEY_REQUIRED, NODE_SCALAR},
    {"average", KEY_OPTIONAL, NODE_SCALAR}, {"max_cluster", KEY_OPTIONAL, NODE_SCALAR},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule training_keys[] = {
    {"own", KEY_OPTIONAL, NODE_SEQUENCE},         {"passes", KEY_OPTIONAL, NODE_SEQUENCE},
    {"relatives", KEY_OPTIONAL, NODE_SEQUENCE},   {"certain", KEY_OPTIONAL, KEY_ANY_KIND},
    {"certain_share", KEY_OPTIONAL, NODE_SCALAR}, {"joint", KEY_OPTIONAL, NODE_SCALAR},
    {"twins", KEY_OPTIONAL, NODE_SEQUENCE},       {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

enum { MAX_BLOCK_DEFAULT = 200, WINDOW_DEFAULT = 10, ALL_UP_TO_MAX = 5000 };

/* No weight is worth more than this, so that sums of them stay far from an overflow. */
enum { THRESHOLD_BITS_MAX = 1000 };

static bool bind_block_rule(struct binder *binder, const struct node *name, const struct node *node,
                            struct block_rule *rule)
{
    if (!node_check_keys(node, block_keys, binder->error))
        return false;
    rule->name = arena_text(binder->arena, node_slice(name));
    int64_t all_up_to = 0;
    if (!node_read_integer(node_find(node, "all_up_to"), 1, ALL_UP_TO_MAX, &all_up_to,
                           binder->error))
        return false;
    int64_t max_block = 0;
    if (!node_read_integer(node_find(node, "max_block"), 2, 100000, &max_block, binder->error))
        return false;
    rule->max_block = (size_t)max_block;
    rule->all_up_to = (size_t)all_up_to;
    if ((node_count(node_find(node, "keys")) == 0) != (all_up_to > 0))
        return node_error(node, binder->error, "a blocking rule needs a key, or `all_up_to`");
    if (!bind_attribute_list(binder, node_find(node, "keys"), &rule->keys, &rule->key_count) ||
        !bind_attribute_list(binder, node_find(node, "refine"), &rule->refine, &rule->refine_count))
        return false;
    for (size_t i = 0; i < rule->refine_count; i++)
        if (binder->rules->attributes[rule->refine[i]].many)
            return node_error(node_item(node_find(node, "refine"), i), binder->error,
                              "a block is refined by attributes with one value");
    return true;
}

bool bind_blocking(struct binder *binder, const struct node *node)
{
    struct match_rules *rules = binder->rules;
    int64_t max_block = MAX_BLOCK_DEFAULT;
    int64_t window = WINDOW_DEFAULT;
    if (!node_check_keys(node, blocking_keys, binder->error) ||
        !node_read_integer(node_find(node, "max_block"), 2, 100000, &max_block, binder->error) ||
        !node_read_integer(node_find(node, "window"), 1, 1000, &window, binder->error) ||
        !bind_attribute_list(binder, node_find(node, "window_order"), &rules->window_order,
                             &rules->window_order_count))
        return false;
    rules->max_block = (size_t)max_block;
    rules->window = (size_t)window;
    const struct node *list = node_find(node, "rules");
    size_t count = node_count(list);
    if (count == 0 || count > BLOCK_RULES_MAX)
        return node_error(list, binder->error, "there are 1 to %d blocking rules", BLOCK_RULES_MAX);
    rules->blocks = arena_allocate_array(binder->arena, count, sizeof(*rules->blocks));
    rules->block_count = count;
    for (size_t i = 0; i < count; i++)
        if (!bind_block_rule(binder, node_key(list, i), node_value(list, i), &rules->blocks[i]))
            return false;
    return true;
}

static bool bind_bits(struct binder *binder, const struct node *node, int32_t *weight)
{
    double bits = (double)*weight / WEIGHT_ONE;
    if (!node_read_number(node, &bits, binder->error))
        return false;
    if (bits < -THRESHOLD_BITS_MAX || bits > THRESHOLD_BITS_MAX)
        return node_error(node, binder->error, "a weight in bits is from -%d to %d",
                          THRESHOLD_BITS_MAX, THRESHOLD_BITS_MAX);
    *weight = (int32_t)lround(bits * WEIGHT_ONE);
    return true;
}

static bool bind_thresholds(struct binder *binder, const struct node *node)
{
    struct match_rules *rules = binder->rules;
    if (!node_check_keys(node, threshold_keys, binder->error) ||
        !bind_bits(binder, node_find(node, "merge"), &rules->merge) ||
        !bind_bits(binder, node_find(node, "review"), &rules->review) ||
        !bind_bits(binder, node_find(node, "average"), &rules->average))
        return false;
    int64_t max_cluster = 0;
    if (!node_read_integer(node_find(node, "max_cluster"), 2, 1000000, &max_cluster, binder->error))
        return false;
    rules->max_cluster = (size_t)max_cluster;
    if (rules->review > rules->merge)
        return node_error(node_find(node, "review"), binder->error,
                          "`review` is not above `merge`");
    return true;
}

static bool bind_block_list(struct binder *binder, const struct node *list, size_t **blocks,
                            size_t *count)
{
    const struct match_rules *rules = binder->rules;
    const char *names[BLOCK_RULES_MAX];
    for (size_t i = 0; i < rules->block_count; i++)
        names[i] = rules->blocks[i].name;
    *count = list ? node_count(list) : 0;
    *blocks = arena_allocate_array(binder->arena, *count + 1, sizeof(**blocks));
    for (size_t i = 0; i < *count; i++) {
        const struct node *node = node_item(list, i);
        size_t number = 0;
        while (number < rules->block_count &&
               !slice_equal(slice_of(names[number]), node_slice(node)))
            number++;
        if (number == rules->block_count)
            return bind_unknown(binder, node, "blocking rule", names, rules->block_count);
        (*blocks)[i] = number;
    }
    return true;
}

/* Comparisons by their names, a bit each. */
static bool bind_named_comparisons(struct binder *binder, const struct node *list,
                                   uint32_t *comparisons)
{
    for (size_t i = 0; list && i < node_count(list); i++) {
        size_t number = rules_find_comparison(binder->rules, node_slice(node_item(list, i)));
        if (number == ATTRIBUTE_NONE)
            return node_error(node_item(list, i), binder->error, "there is no comparison %s",
                              node_text(node_item(list, i)));
        *comparisons |= UINT32_C(1) << number;
    }
    return true;
}

/* What training is told by the names of blocking rules and comparisons. */
static bool bind_teachers(struct binder *binder, const struct node *node,
                          struct training_rules *training)
{
    return bind_block_list(binder, node_find(node, "passes"), &training->passes,
                           &training->pass_count) &&
           bind_block_list(binder, node_find(node, "relatives"), &training->relatives,
                           &training->relative_count) &&
           bind_named_comparisons(binder, node_find(node, "own"), &training->own) &&
           bind_named_comparisons(binder, node_find(node, "twins"), &training->twins);
}

static bool bind_training(struct binder *binder, const struct node *node)
{
    struct training_rules *training = &binder->rules->training;
    if (!node)
        return true;
    const struct node *share = NULL;
    if (!node_check_keys(node, training_keys, binder->error) ||
        !bind_teachers(binder, node, training) ||
        !bind_test(binder, node_find(node, "certain"), &training->certain))
        return false;
    share = node_find(node, "certain_share");
    if (!node_read_boolean(node_find(node, "joint"), &training->joint, binder->error) ||
        !node_read_number(share, &training->certain_share, binder->error))
        return false;
    if (training->joint)
        return true;
    if (training->pass_count == 0 || training->certain.alternative_count == 0 || !share)
        return node_error(node, binder->error,
                          "training is `joint: true`, or has passes, certain and certain_share");
    if (training->certain_share <= 0 || training->certain_share > 1)
        return node_error(share, binder->error, "a share is above 0 and at most 1");
    return true;
}

static bool bind_top(struct binder *binder, const struct node *root)
{
    struct match_rules *rules = binder->rules;
    if (!node_check_keys(root, top_keys, binder->error))
        return false;
    const struct node *entity = node_find(root, "entity");
    const struct node *confusions = node_find(root, "confusions");
    rules->entity = arena_text(binder->arena, node_slice(entity));
    if (model_find_entity(binder->model, rules->entity) == FIELD_NONE)
        return node_error(entity, binder->error, "the model has no entity %s", rules->entity);
    if (confusions) {
        const char *folder = file_folder(binder->arena, rules->path);
        const char *path = file_join(binder->arena, folder, node_text(confusions));
        rules->confusions = confusions_load(binder->arena, path, binder->error);
        if (!rules->confusions) {
            binder->error->exit_code = EXIT_CONFIGURATION;
            return false;
        }
    }
    return bind_attributes(binder, node_find(root, "attributes")) &&
           bind_blocking(binder, node_find(root, "blocking")) &&
           bind_comparisons(binder, node_find(root, "comparisons")) &&
           bind_hard_rules(binder, node_find(root, "rules")) &&
           bind_thresholds(binder, node_find(root, "thresholds")) &&
           bind_training(binder, node_find(root, "training"));
}

/* Of the short form: blocking rules in place of those that were written out. Relatives meet by
 * those of the rules that are still there by name. */
static bool bind_own_blocking(struct binder *binder, const struct node *blocking)
{
    struct match_rules *rules = binder->rules;
    struct training_rules *training = &rules->training;
    const struct block_rule *former = rules->blocks;
    size_t kept = 0;
    if (!blocking)
        return true;
    if (!bind_blocking(binder, blocking))
        return false;
    for (size_t i = 0; i < training->relative_count; i++)
        for (size_t j = 0; j < rules->block_count; j++)
            if (slice_equal(slice_of(former[training->relatives[i]].name),
                            slice_of(rules->blocks[j].name))) {
                training->relatives[kept++] = j;
                break;
            }
    training->relative_count = kept;
    return true;
}

/* Binds the short form: what is written out, then what stands beside `compare`. */
static bool bind_short(struct binder *binder, const struct node *root, struct buffer *text)
{
    if (!node_check_keys(root, short_keys, binder->error) ||
        !compare_write_out(node_find(root, "compare"), node_text(node_find(root, "entity")), text,
                           binder->error))
        return false;
    const char *path = arena_format(binder->arena, "%s, written out", binder->rules->path);
    struct document *document = document_read(path, buffer_slice(text), binder->error);
    if (!document)
        return false;
    bool bound = bind_top(binder, document_root(document));
    document_close(document);
    const struct node *thresholds = node_find(root, "thresholds");
    return bound && bind_own_blocking(binder, node_find(root, "blocking")) &&
           bind_hard_rules(binder, node_find(root, "rules")) &&
           (!thresholds || bind_thresholds(binder, thresholds));
}

struct match_rules *match_rules_load(struct arena *arena, const char *path,
                                     const struct model *model, struct error *error)
{
    struct document *document = document_open(path, error);
    if (!document)
        return NULL;
    struct match_rules *rules = arena_allocate(arena, sizeof(*rules));
    rules->path = arena_text(arena, slice_of(path));
    struct binder binder = {arena, model, rules, error};
    struct buffer text = BUFFER_EMPTY;
    const struct node *root = document_root(document);
    bool is_short = node_kind(root) == NODE_MAPPING && node_find(root, "compare");
    bool bound = is_short ? bind_short(&binder, root, &text) : bind_top(&binder, root);
    buffer_release(&text);
    document_close(document);
    return bound ? rules : NULL;
}

const char *match_rules_entity(const struct match_rules *rules)
{
    return rules->entity;
}

size_t match_rules_attributes(const struct match_rules *rules,
                              const struct match_attribute **attributes)
{
    *attributes = rules->fields;
    return rules->field_count;
}
