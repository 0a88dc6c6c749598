#include "cust360/base/date.h"
#include "cust360/base/hash.h"
#include "cust360/base/text.h"
#include "cust360/config_person.h"
#include "operation.h"

/* `retention:` of a project; what the keys mean stands in config_retention.h. */

enum { MONTHS_IN_YEAR = 12, AMOUNT_MOST = 36500 };

/* ---- terms ---- */

int32_t retention_first_day(struct retention_term term, int32_t as_of_days)
{
    struct date_parts parts = date_from_days(as_of_days);
    int months = parts.year * MONTHS_IN_YEAR + parts.month - 1 - term.months;
    parts.year = months / MONTHS_IN_YEAR;
    parts.month = months % MONTHS_IN_YEAR + 1;
    if (months < MONTHS_IN_YEAR)
        parts = (struct date_parts){1, 1, 1};
    while (!date_is_valid(parts))
        parts.day--;
    return date_to_days(parts) - term.days;
}

/* "10 years", "18 months", "90 days". */
static bool read_term(const struct node *node, struct retention_term *term, struct error *error)
{
    static const struct {
        const char *word;
        int32_t days;
        int32_t months;
    } units[] = {{"days", 1, 0},  {"day", 1, 0},    {"months", 0, 1},
                 {"month", 0, 1}, {"years", 0, 12}, {"year", 0, 12}};
    if (!node)
        return true;
    struct slice text = node_slice(node);
    ptrdiff_t space = slice_find(text, SLICE(" "));
    int64_t amount = 0;
    if (space > 0 && text_to_integer(slice_cut(text, 0, (size_t)space), &amount) && amount > 0 &&
        amount <= AMOUNT_MOST)
        for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
            if (!slice_equal(slice_cut(text, (size_t)space + 1, text.length),
                             slice_of(units[i].word)))
                continue;
            term->days = (int32_t)amount * units[i].days;
            term->months = (int32_t)amount * units[i].months;
            return true;
        }
    node_error(node, error, "\"%s\" is no term", node_text(node));
    return error_hint(error, "as in: 90 days, 18 months, 10 years");
}

const struct retention_rule *retention_find(const struct retention_rules *rules, size_t entity)
{
    for (size_t i = 0; i < rules->count; i++)
        if (rules->rules[i].entity == entity)
            return &rules->rules[i];
    return NULL;
}

bool retention_is_past(const struct retention_rule *rule, struct retention_term term,
                       const struct slice *values, int32_t as_of_days)
{
    bool dated = false;
    int32_t newest = 0;
    for (size_t i = 0; i < rule->since_count; i++) {
        int32_t day = 0;
        if (rule->since[i].entity != rule->entity ||
            !date_parse(slice_cut(values[rule->since[i].field], 0, DATE_TEXT_BYTES - 1), &day))
            continue;
        newest = dated && newest > day ? newest : day;
        dated = true;
    }
    return dated && retention_is_set(term) && newest < retention_first_day(term, as_of_days);
}

bool retention_of_class(const struct retention_rule *rule, enum field_class class,
                        struct retention_term *term)
{
    const struct retention_term *sensitive = &rule->sensitive;
    bool own = class == FIELD_SENSITIVE && retention_is_set(*sensitive);
    *term = own ? *sensitive : rule->personal;
    return class != FIELD_PLAIN && retention_is_set(*term);
}

/* ---- days ---- */

static bool is_day(const struct node *node, const struct model_field *field, struct error *error)
{
    if (strcmp(field->kind, "date") == 0 || strcmp(field->kind, "datetime") == 0)
        return true;
    return node_error(node, error, "%s is no date: a term is counted from a date", field->name);
}

/* FIELD of the entity itself, or ENTITY.FIELD of rows that name its record. */
static bool bind_day(const struct node *node, const struct model *model, size_t entity,
                     struct retention_day *day, struct error *error)
{
    const char *point = strchr(node_text(node), '.');
    struct slice text = node_slice(node);
    day->entity = entity;
    if (!point)
        return bind_field(node, &model->entities[entity], &day->field, error) &&
               is_day(node, &model->entities[entity].fields[day->field], error);
    size_t length = (size_t)(point - node_text(node));
    day->entity = FIELD_NONE;
    for (size_t i = 0; i < model->entity_count; i++)
        if (slice_equal(slice_of(model->entities[i].name), slice_cut(text, 0, length)))
            day->entity = i;
    if (day->entity == FIELD_NONE)
        return node_error(node, error, "the model has no entity \"%.*s\"", (int)length, text.data);
    const struct model_entity *other = &model->entities[day->entity];
    if (strcmp(model->entities[entity].name, PERSON_ENTITY) != 0 ||
        model_find_field(other, PERSON_REFERENCE) == FIELD_NONE)
        return node_error(node, error, "rows of %s do not name a %s", other->name,
                          model->entities[entity].name);
    day->field = model_find_field(other, point + 1);
    if (day->field == FIELD_NONE)
        return node_error(node, error, "the entity %s has no field \"%s\"", other->name, point + 1);
    return is_day(node, &other->fields[day->field], error);
}

static bool bind_since(const struct node *since, const struct model *model, struct arena *arena,
                       struct retention_rule *rule, struct error *error)
{
    bool own = false;
    rule->since = arena_allocate_array(arena, node_count(since), sizeof(*rule->since));
    for (; rule->since_count < node_count(since); rule->since_count++) {
        struct retention_day *day = &rule->since[rule->since_count];
        if (!bind_day(node_item(since, rule->since_count), model, rule->entity, day, error))
            return false;
        own = own || day->entity == rule->entity;
    }
    if (rule->since_count == 0)
        return node_error(since, error, "\"since\" names no date");
    if (!own && (retention_is_set(rule->personal) || retention_is_set(rule->sensitive)))
        return node_error(since, error,
                          "terms of classes are counted from the record's own dates: name one");
    return true;
}

/* ---- rules ---- */

static bool bind_rule(const struct node *node, const struct model *model, struct arena *arena,
                      struct retention_rule *rule, struct error *error)
{
    static const struct key_rule keys[] = {
        {"since", KEY_REQUIRED, NODE_SEQUENCE},  {"keep", KEY_OPTIONAL, NODE_SCALAR},
        {"personal", KEY_OPTIONAL, NODE_SCALAR}, {"sensitive", KEY_OPTIONAL, NODE_SCALAR},
        {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
    };
    return node_check_keys(node, keys, error) &&
           read_term(node_find(node, "keep"), &rule->keep, error) &&
           read_term(node_find(node, "personal"), &rule->personal, error) &&
           read_term(node_find(node, "sensitive"), &rule->sensitive, error) &&
           bind_since(node_find(node, "since"), model, arena, rule, error);
}

static uint64_t hash_rule(uint64_t hash, const struct retention_rule *rule)
{
    const struct retention_term terms[] = {rule->keep, rule->personal, rule->sensitive};
    hash = hash_combine(hash, rule->entity + 1);
    for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++)
        hash = hash_combine(hash_combine(hash, (uint64_t)terms[i].days), (uint64_t)terms[i].months);
    for (size_t i = 0; i < rule->since_count; i++)
        hash = hash_combine(hash_combine(hash, rule->since[i].entity), rule->since[i].field);
    return hash;
}

bool bind_retention(const struct node *retention, const struct model *model, struct arena *arena,
                    struct retention_rules *rules, struct error *error)
{
    size_t count = retention ? node_count(retention) : 0;
    *rules = (struct retention_rules){
        .rules = arena_allocate_array(arena, count, sizeof(*rules->rules))};
    for (; rules->count < count; rules->count++) {
        struct retention_rule *rule = &rules->rules[rules->count];
        *rule = (struct retention_rule){0};
        if (!bind_entity(node_key(retention, rules->count), model, &rule->entity, error) ||
            !bind_rule(node_value(retention, rules->count), model, arena, rule, error))
            return false;
        rules->hash = hash_rule(rules->hash, rule);
    }
    return true;
}
