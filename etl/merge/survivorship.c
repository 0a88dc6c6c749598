#include "survivorship.h"
#include "cust360/base/hash.h"
#include "cust360/yaml.h"

/* Everything is bound to places in an array of values before the first record is read, so that
 * choosing compares places and never names. */

static const struct key_rule top_keys[] = {
    {"entity", KEY_REQUIRED, NODE_SCALAR},
    {"updated", KEY_OPTIONAL, NODE_SCALAR},
    {"attributes", KEY_REQUIRED, NODE_MAPPING},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

static const struct key_rule attribute_keys[] = {
    {"from", KEY_OPTIONAL, KEY_ANY_KIND},
    {"with", KEY_OPTIONAL, KEY_ANY_KIND},
    {"rules", KEY_REQUIRED, NODE_SEQUENCE},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

/* What a golden record has beside its attributes. */
static const char *const taken_names[] = {"golden_number", "golden_id", "source_count",
                                          "record_count",  "first_run", "changed_run",
                                          "hash",          NULL};

struct binder {
    struct arena *arena;
    const struct model *model;
    const struct model_entity *entity;
    struct survivorship *survivorship;
    struct error *error;
};

static bool bind_entity(struct binder *binder, const struct node *node)
{
    const struct model *model = binder->model;
    const char **names = arena_allocate_array(binder->arena, model->entity_count, sizeof(*names));
    size_t entity = model_find_entity(model, node_text(node));
    binder->survivorship->entity = entity;
    if (entity != FIELD_NONE) {
        binder->entity = &model->entities[entity];
        return true;
    }
    for (size_t i = 0; i < model->entity_count; i++)
        names[i] = model->entities[i].name;
    node_error_names(node, binder->error, names, model->entity_count,
                     "the model has no entity \"%s\"", node_text(node));
    return false;
}

/* The place of a field among those that are read; it is added when it is not there. */
/* Each field is read once, however many rules look at it; the rules know it by its place. */
static size_t use_field(struct survivorship *survivorship, size_t field)
{
    for (size_t i = 0; i < survivorship->field_count; i++)
        if (survivorship->fields[i] == field)
            return i;
    survivorship->fields[survivorship->field_count] = field;
    return survivorship->field_count++;
}

static bool bind_field(struct binder *binder, const struct node *node, size_t *place)
{
    const struct model_entity *entity = binder->entity;
    size_t field = model_find_field(entity, node_text(node));
    if (field != FIELD_NONE) {
        *place = use_field(binder->survivorship, field);
        return true;
    }
    const char **names = arena_allocate_array(binder->arena, entity->field_count, sizeof(*names));
    for (size_t i = 0; i < entity->field_count; i++)
        names[i] = entity->fields[i].name;
    return node_error_names(node, binder->error, names, entity->field_count,
                            "the entity %s has no field \"%s\"", entity->name, node_text(node));
}

/* A field, or a sequence of fields. */
static bool bind_fields(struct binder *binder, const struct node *node, size_t **places,
                        size_t *count)
{
    bool one = node_kind(node) == NODE_SCALAR;
    if (node_kind(node) == NODE_MAPPING)
        return node_error(node, binder->error, "a field or a list of fields is needed here");
    *count = one ? 1 : node_count(node);
    *places = arena_allocate_array(binder->arena, *count, sizeof(**places));
    if (*count == 0)
        return node_error(node, binder->error, "the list of fields is empty");
    for (size_t i = 0; i < *count; i++)
        if (!bind_field(binder, one ? node : node_item(node, i), &(*places)[i]))
            return false;
    return true;
}

/* The name under which findings speak of a field: a part is found wrong in what it is a part of. */
static const char *finding_name(const struct binder *binder, size_t place)
{
    const struct model_field *field = &binder->entity->fields[binder->survivorship->fields[place]];
    return field->from == FIELD_NONE ? field->name : binder->entity->fields[field->from].name;
}

static bool add_column(struct binder *binder, const struct node *node, const char *name)
{
    struct survivorship *survivorship = binder->survivorship;
    for (size_t i = 0; taken_names[i]; i++)
        if (strcmp(taken_names[i], name) == 0)
            return node_error(node, binder->error,
                              "the name \"%s\" is taken: every golden record has one", name);
    for (size_t i = 0; i < survivorship->column_count; i++)
        if (strcmp(survivorship->columns[i].name, name) == 0)
            return node_error(node, binder->error, "the attribute \"%s\" is there already", name);
    survivorship->columns[survivorship->column_count++] =
        (struct golden_column){name, survivorship->attribute_count};
    return true;
}

static bool bind_from(struct binder *binder, const struct node *key, const struct node *from,
                      struct attribute *attribute)
{
    if (!bind_fields(binder, from ? from : key, &attribute->from, &attribute->from_count))
        return false;
    attribute->from_names =
        arena_allocate_array(binder->arena, attribute->from_count, sizeof(*attribute->from_names));
    for (size_t i = 0; i < attribute->from_count; i++)
        attribute->from_names[i] = finding_name(binder, attribute->from[i]);
    return true;
}

/* What comes along is a column under its field's name. */
static bool bind_with(struct binder *binder, const struct node *with, struct attribute *attribute)
{
    if (!with)
        return true;
    if (!bind_fields(binder, with, &attribute->with, &attribute->with_count))
        return false;
    for (size_t i = 0; i < attribute->with_count; i++) {
        size_t field = binder->survivorship->fields[attribute->with[i]];
        if (!add_column(binder, node_kind(with) == NODE_SCALAR ? with : node_item(with, i),
                        binder->entity->fields[field].name))
            return false;
    }
    return true;
}

static const struct merge_rule *find_rule(const char *name)
{
    for (size_t i = 0; merge_rules[i]; i++)
        if (strcmp(merge_rules[i]->name, name) == 0)
            return merge_rules[i];
    return NULL;
}

static bool unknown_rule(struct binder *binder, const struct node *node)
{
    enum { NAMES_MOST = 32 };
    const char *names[NAMES_MOST];
    size_t count = 0;
    for (; count < NAMES_MOST && merge_rules[count]; count++)
        names[count] = merge_rules[count]->name;
    return node_error_names(node, binder->error, names, count,
                            "there is no survivorship rule \"%s\"", node_text(node));
}

/* `recent`, or `recent: field`, or `recent: [field, …]`. */
static bool bind_use(struct binder *binder, const struct node *node, struct rule_use *use)
{
    bool with_fields = node_kind(node) == NODE_MAPPING;
    if (node_kind(node) == NODE_SEQUENCE || (with_fields && node_count(node) != 1))
        return node_error(node, binder->error, "a rule is needed here: a name, or name: fields");
    const struct node *name = with_fields ? node_key(node, 0) : node;
    use->rule = find_rule(node_text(name));
    if (!use->rule)
        return unknown_rule(binder, name);
    if (with_fields && use->rule->takes == TAKES_NOTHING)
        return node_error(name, binder->error, "the rule %s takes no fields", use->rule->name);
    if (!with_fields && use->rule->takes == TAKES_ARGUMENTS)
        return node_error(name, binder->error, "the rule %s needs fields: \"%s: [field, …]\"",
                          use->rule->name, use->rule->name);
    size_t *fields = NULL;
    if (with_fields && !bind_fields(binder, node_value(node, 0), &fields, &use->fields.count))
        return false;
    use->fields.fields = fields;
    return true;
}

static bool bind_rules(struct binder *binder, const struct node *rules, struct attribute *attribute)
{
    attribute->use_count = node_count(rules);
    attribute->uses =
        arena_allocate_array(binder->arena, attribute->use_count, sizeof(*attribute->uses));
    for (size_t i = 0; i < attribute->use_count; i++)
        if (!bind_use(binder, node_item(rules, i), &attribute->uses[i]))
            return false;
    return attribute->use_count > 0 ||
           node_error(rules, binder->error, "an attribute needs at least one rule");
}

static bool bind_attribute(struct binder *binder, const struct node *key, const struct node *node)
{
    struct survivorship *survivorship = binder->survivorship;
    struct attribute *attribute = &survivorship->attributes[survivorship->attribute_count];
    if (!node_check_keys(node, attribute_keys, binder->error))
        return false;
    attribute->name = arena_text(binder->arena, node_slice(key));
    attribute->first_column = survivorship->column_count;
    if (!add_column(binder, key, attribute->name) ||
        !bind_from(binder, key, node_find(node, "from"), attribute) ||
        !bind_with(binder, node_find(node, "with"), attribute) ||
        !bind_rules(binder, node_find(node, "rules"), attribute))
        return false;
    survivorship->attribute_count++;
    return true;
}

/* Every field may be read once, be a column once, and once more as an attribute of its own name. */
static bool bind_attributes(struct binder *binder, const struct node *attributes)
{
    struct survivorship *survivorship = binder->survivorship;
    size_t count = node_count(attributes);
    size_t fields = binder->entity->field_count;
    if (count == 0)
        return node_error(attributes, binder->error, "a golden record without attributes");
    survivorship->attributes =
        arena_allocate_array(binder->arena, count, sizeof(*survivorship->attributes));
    survivorship->columns =
        arena_allocate_array(binder->arena, count + fields, sizeof(*survivorship->columns));
    for (size_t i = 0; i < count; i++)
        if (!bind_attribute(binder, node_key(attributes, i), node_value(attributes, i)))
            return false;
    return true;
}

static bool bind_survivorship(struct binder *binder, const struct node *root)
{
    struct survivorship *survivorship = binder->survivorship;
    const struct node *updated = node_find(root, "updated");
    if (!node_check_keys(root, top_keys, binder->error) ||
        !bind_entity(binder, node_find(root, "entity")))
        return false;
    survivorship->fields = arena_allocate_array(binder->arena, binder->entity->field_count,
                                                sizeof(*survivorship->fields));
    survivorship->updated = FIELD_UNUSED;
    return (!updated || bind_field(binder, updated, &survivorship->updated)) &&
           bind_attributes(binder, node_find(root, "attributes"));
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    return hash_combine(hash, hash_bytes(slice_of(text), 0));
}

static uint64_t hash_places(const struct binder *binder, uint64_t hash, const size_t *places,
                            size_t count)
{
    hash = hash_combine(hash, count);
    for (size_t i = 0; i < count; i++)
        hash =
            hash_text(hash, binder->entity->fields[binder->survivorship->fields[places[i]]].name);
    return hash;
}

/* Of what is bound and not of the file, so that a comment changes nothing. */
static uint64_t hash_survivorship(const struct binder *binder)
{
    const struct survivorship *survivorship = binder->survivorship;
    uint64_t hash = hash_text(0, binder->entity->name);
    if (survivorship->updated != FIELD_UNUSED)
        hash = hash_places(binder, hash, &survivorship->updated, 1);
    for (size_t i = 0; i < survivorship->attribute_count; i++) {
        const struct attribute *attribute = &survivorship->attributes[i];
        hash = hash_text(hash, attribute->name);
        hash = hash_places(binder, hash, attribute->from, attribute->from_count);
        hash = hash_places(binder, hash, attribute->with, attribute->with_count);
        for (size_t j = 0; j < attribute->use_count; j++) {
            const struct rule_use *use = &attribute->uses[j];
            hash = hash_text(hash, use->rule->name);
            hash = hash_places(binder, hash, use->fields.fields, use->fields.count);
        }
    }
    return hash;
}

struct survivorship *survivorship_load(struct arena *arena, const char *path,
                                       const struct model *model, struct error *error)
{
    struct document *document = document_open(path, error);
    if (!document)
        return NULL;
    struct survivorship *survivorship = arena_allocate(arena, sizeof(*survivorship));
    struct binder binder = {arena, model, NULL, survivorship, error};
    bool bound = bind_survivorship(&binder, document_root(document));
    if (bound)
        survivorship->hash = hash_survivorship(&binder);
    document_close(document);
    return bound ? survivorship : NULL;
}

size_t survivorship_entity(const struct survivorship *survivorship)
{
    return survivorship->entity;
}

size_t survivorship_fields(const struct survivorship *survivorship, const size_t **fields)
{
    *fields = survivorship->fields;
    return survivorship->field_count;
}

size_t survivorship_columns(const struct survivorship *survivorship,
                            const struct golden_column **columns)
{
    *columns = survivorship->columns;
    return survivorship->column_count;
}

uint64_t survivorship_hash(const struct survivorship *survivorship)
{
    return survivorship->hash;
}
