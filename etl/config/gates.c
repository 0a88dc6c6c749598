#include "config/operation.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const names[GATES + 1] = {
    [GATE_REJECT_SHARE] = "reject_share",
    [GATE_SOURCE_ROWS] = "source_rows",
    [GATE_FILL_RATE] = "fill_rate",
    [GATE_DUPLICATE_KEYS] = "duplicate_keys",
    [GATE_REMOVALS] = "removals",
    [GATE_STALE_DAYS] = "stale_days",
    [GATE_GOLDEN_COUNT] = "golden_count",
    [GATE_MERGE_SHARE] = "merge_share",
    [GATE_LARGEST_CLUSTER] = "largest_cluster",
};

static const char *const action_names[] = {"stop", "freeze", NULL};
static const char *const direction_names[] = {"both", "fall", "rise", NULL};

#define PERCENT(number)                                                                            \
    {                                                                                              \
        .is_set = true, .has_percent = true, .percent = (number)                                   \
    }
#define AMOUNT(number)                                                                             \
    {                                                                                              \
        .is_set = true, .has_amount = true, .amount = (number)                                     \
    }
#define BOTH(of_hundred, number)                                                                   \
    {                                                                                              \
        .is_set = true, .has_percent = true, .has_amount = true, .percent = (of_hundred),          \
        .amount = (number)                                                                         \
    }

/* What names a customer and a car: a fall of the others is worth a word, not a night. */
static const char *const telling_fields[] = {"customer.name", "customer.mobile",
                                             "customer.id_number", "ownership.vin"};

/* The defaults (README): wide enough for nights as they come, narrow enough for an export that is
 * cut, doubled or shifted by a column. Small sources move by themselves: `least`. */
static const struct gate_rule defaults[GATES] = {
    [GATE_REJECT_SHARE] = {PERCENT(2), PERCENT(10), GATE_FREEZE, GATE_RISE, 200, 0, NULL, 0},
    [GATE_SOURCE_ROWS] = {PERCENT(20), PERCENT(50), GATE_FREEZE, GATE_FALL, 200, 7, NULL, 0},
    [GATE_FILL_RATE] = {AMOUNT(10), AMOUNT(30), GATE_FREEZE, GATE_FALL, 200, 7, telling_fields, 4},
    [GATE_DUPLICATE_KEYS] = {PERCENT(2), PERCENT(20), GATE_FREEZE, GATE_RISE, 200, 0, NULL, 0},
    [GATE_REMOVALS] = {PERCENT(5), PERCENT(25), GATE_FREEZE, GATE_RISE, 200, 0, NULL, 0},
    [GATE_STALE_DAYS] = {AMOUNT(0), {0}, GATE_STOP, GATE_RISE, 0, 0, NULL, 0},
    [GATE_GOLDEN_COUNT] = {PERCENT(5), PERCENT(20), GATE_STOP, GATE_BOTH, 1000, 0, NULL, 0},
    [GATE_MERGE_SHARE] = {AMOUNT(3), AMOUNT(10), GATE_STOP, GATE_BOTH, 1000, 0, NULL, 0},
    [GATE_LARGEST_CLUSTER] = {BOTH(50, 50), BOTH(100, 200), GATE_STOP, GATE_RISE, 0, 0, NULL, 0},
};

const char *gate_name(enum gate_kind gate)
{
    return names[gate];
}

const char *const *gate_names_all(void)
{
    return names;
}

enum gate_kind gate_find(const char *name)
{
    for (size_t i = 0; i < GATES; i++)
        if (strcmp(names[i], name) == 0)
            return (enum gate_kind)i;
    return GATES;
}

/* ---- a limit: "200", "5 %", "5 % and 200", "5 % or 200" ---- */

static void skip_blanks(const char **text)
{
    while (**text == ' ')
        (*text)++;
}

/* One half of a limit. */
static bool read_term(const char **text, struct gate_limit *limit)
{
    char *end = NULL;
    skip_blanks(text);
    if (**text < '0' || **text > '9')
        return false;
    double number = strtod(*text, &end);
    *text = end;
    skip_blanks(text);
    bool is_percent = **text == '%';
    if (is_percent ? limit->has_percent : limit->has_amount)
        return false;
    if (is_percent) {
        limit->has_percent = true;
        limit->percent = number;
        (*text)++;
    } else {
        limit->has_amount = true;
        limit->amount = number;
    }
    skip_blanks(text);
    return true;
}

static bool read_limit(const char *text, struct gate_limit *limit)
{
    *limit = (struct gate_limit){.is_set = true};
    if (!read_term(&text, limit))
        return false;
    if (*text == '\0')
        return true;
    limit->either = strncmp(text, "or ", strlen("or ")) == 0;
    if (!limit->either && strncmp(text, "and ", strlen("and ")) != 0)
        return false;
    text += limit->either ? strlen("or ") : strlen("and ");
    return read_term(&text, limit) && *text == '\0';
}

static bool bind_limit(const struct node *node, struct gate_limit *limit, struct error *error)
{
    if (!node)
        return true;
    if (strcmp(node_text(node), "off") == 0) {
        *limit = (struct gate_limit){0};
        return true;
    }
    if (node_kind(node) == NODE_SCALAR && read_limit(node_text(node), limit))
        return true;
    node_error(node, error, "\"%s\" cannot be the limit of a gate", node_text(node));
    return error_hint(error, "write an amount (200), a share (5 %%), both (5 %% and 200), either "
                             "(5 %% or 200), or off");
}

/* ---- a gate ---- */

static const struct key_rule gate_keys[] = {
    {"warn", KEY_OPTIONAL, NODE_SCALAR},    {"stop", KEY_OPTIONAL, NODE_SCALAR},
    {"action", KEY_OPTIONAL, NODE_SCALAR},  {"direction", KEY_OPTIONAL, NODE_SCALAR},
    {"least", KEY_OPTIONAL, NODE_SCALAR},   {"runs", KEY_OPTIONAL, NODE_SCALAR},
    {"fields", KEY_OPTIONAL, KEY_ANY_KIND}, {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

/* "customer.mobile": an entity and a field of the model. */
static bool check_field(const struct node *node, const struct model *model, const char *name,
                        struct error *error)
{
    const char *dot = strchr(name, '.');
    struct slice entity_name = slice_make(name, dot ? (size_t)(dot - name) : strlen(name));
    for (size_t i = 0; dot && i < model->entity_count; i++)
        if (slice_equal(slice_of(model->entities[i].name), entity_name) &&
            model_find_field(&model->entities[i], dot + 1) != FIELD_NONE)
            return true;
    node_error(node, error, "the model has no field \"%s\"", name);
    return error_hint(error, "write entity.field, as in customer.mobile");
}

static bool bind_fields(const struct node *node, const struct model *model, struct arena *arena,
                        struct gate_rule *rule, struct error *error)
{
    const char **texts = NULL;
    size_t count = 0;
    if (!node)
        return true;
    if (!node_read_texts(node, arena, &texts, &count, error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!check_field(node, model, texts[i], error))
            return false;
    rule->fields = texts;
    rule->field_count = count;
    return true;
}

static bool bind_whole(const struct node *node, int64_t least, int64_t most, uint32_t *number,
                       struct error *error)
{
    int64_t value = *number;
    if (!node_read_integer(node, least, most, &value, error))
        return false;
    *number = (uint32_t)value;
    return true;
}

/* Keys that would have no effect are told, not passed over. */
static bool check_sense(const struct node *node, enum gate_kind gate, struct error *error)
{
    bool is_change = gate == GATE_SOURCE_ROWS || gate == GATE_FILL_RATE ||
                     gate == GATE_GOLDEN_COUNT || gate == GATE_MERGE_SHARE;
    bool has_median = gate == GATE_SOURCE_ROWS || gate == GATE_FILL_RATE;
    const struct {
        const char *key;
        bool fits;
    } uses[] = {
        {"fields", gate == GATE_FILL_RATE},
        {"direction", is_change},
        {"runs", has_median},
    };
    for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
        if (node_find(node, uses[i].key) && !uses[i].fits)
            return node_error(node_find(node, uses[i].key), error,
                              "\"%s\" has no meaning for the gate %s", uses[i].key, names[gate]);
    return true;
}

static bool bind_action(const struct node *node, enum gate_kind gate, struct gate_rule *rule,
                        struct error *error)
{
    size_t action = rule->action;
    if (!node_read_choice(node, action_names, &action, error))
        return false;
    bool can_freeze = gate_is_of_source(gate) && gate != GATE_STALE_DAYS;
    if (node && action == GATE_FREEZE && !can_freeze) {
        node_error(node, error, "the gate %s cannot freeze a source", names[gate]);
        return error_hint(error, "write action: stop, or leave it out");
    }
    rule->action = (enum gate_action)action;
    return true;
}

static bool bind_gate(const struct node *node, enum gate_kind gate, const struct model *model,
                      struct arena *arena, struct gate_rule *rule, struct error *error)
{
    enum { ROWS_MOST = 1000000000, RUNS_MOST = 100 };
    size_t direction = rule->direction;
    if (node_kind(node) == NODE_SCALAR && strcmp(node_text(node), "off") == 0) {
        rule->warn.is_set = rule->stop.is_set = false;
        return true;
    }
    if (!node_check_keys(node, gate_keys, error) || !check_sense(node, gate, error) ||
        !bind_limit(node_find(node, "warn"), &rule->warn, error) ||
        !bind_limit(node_find(node, "stop"), &rule->stop, error) ||
        !bind_action(node_find(node, "action"), gate, rule, error) ||
        !node_read_choice(node_find(node, "direction"), direction_names, &direction, error) ||
        !bind_whole(node_find(node, "least"), 0, ROWS_MOST, &rule->least, error) ||
        !bind_whole(node_find(node, "runs"), 1, RUNS_MOST, &rule->runs, error))
        return false;
    rule->direction = (enum gate_direction)direction;
    return bind_fields(node_find(node, "fields"), model, arena, rule, error);
}

bool bind_gates(const struct node *node, const struct model *model, struct arena *arena,
                struct gate_rule *rules, struct error *error)
{
    memcpy(rules, defaults, sizeof(defaults));
    if (!node)
        return true;
    if (node_kind(node) == NODE_SCALAR && strcmp(node_text(node), "off") == 0) {
        for (size_t i = 0; i < GATES; i++)
            rules[i].warn.is_set = rules[i].stop.is_set = false;
        return true;
    }
    if (node_kind(node) != NODE_MAPPING)
        return node_error(node, error, "gates are written as NAME: {warn: …, stop: …}, or off");
    for (size_t i = 0; i < node_count(node); i++) {
        const struct node *key = node_key(node, i);
        enum gate_kind gate = gate_find(node_text(key));
        if (gate == GATES)
            return node_error_names(key, error, names, GATES, "there is no gate \"%s\"",
                                    node_text(key));
        if (!bind_gate(node_value(node, i), gate, model, arena, &rules[gate], error))
            return false;
    }
    return true;
}
