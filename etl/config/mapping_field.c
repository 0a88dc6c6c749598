#include "config/mapping.h"

static const struct key_rule field_keys[] = {
    {"column", KEY_OPTIONAL, NODE_SCALAR},   {"columns", KEY_OPTIONAL, NODE_SEQUENCE},
    {"join", KEY_OPTIONAL, NODE_SCALAR},     {"constant", KEY_OPTIONAL, NODE_SCALAR},
    {"codes", KEY_OPTIONAL, NODE_MAPPING},   {"format", KEY_OPTIONAL, NODE_SCALAR},
    {"polarity", KEY_OPTIONAL, NODE_SCALAR}, {"required", KEY_OPTIONAL, NODE_SCALAR},
    {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

/* The words that `polarity` understands. */
static const char *const yes_words[] = {"1",  "y",    "Y",    "yes",  "Yes", "YES",  "t",  "T",
                                        "on", "true", "True", "TRUE", "是",  "同意", "有", "√"};
static const char *const no_words[] = {"0",   "n",     "N",     "no",    "No", "NO",     "f",  "F",
                                       "off", "false", "False", "FALSE", "否", "不同意", "无", "×"};
enum { YES_WORDS = sizeof(yes_words) / sizeof(yes_words[0]) };
enum { NO_WORDS = sizeof(no_words) / sizeof(no_words[0]) };

static const struct code_set *field_codes(const struct mapping_binder *binder,
                                          const struct model_field *field)
{
    return field->code_set ? model_find_code_set(binder->model, field->code_set) : NULL;
}

static void add_code(struct mapping_field *field, struct slice from, struct slice to)
{
    for (size_t i = 0; i < field->code_count; i++)
        if (slice_equal(field->codes[i].from, from))
            return;
    field->codes[field->code_count++] = (struct mapping_code){from, to};
}

static bool bind_codes(struct mapping_binder *binder, const struct node *codes,
                       const struct code_set *set, struct mapping_field *field)
{
    for (size_t i = 0; codes && i < node_count(codes); i++) {
        const struct node *to = node_value(codes, i);
        if (node_kind(to) != NODE_SCALAR)
            return node_error(to, binder->error, "a code is expected here");
        if (set && !bind_code(to, set, binder->error))
            return false;
        add_code(field, arena_copy(binder->arena, node_slice(node_key(codes, i))),
                 arena_copy(binder->arena, node_slice(to)));
    }
    return true;
}

/* opt_in: yes means granted. opt_out ("do not call"): yes means withdrawn. */
static bool bind_polarity(struct mapping_binder *binder, const struct node *node,
                          const struct code_set *set, struct mapping_field *field)
{
    static const char *const names[] = {"opt_in", "opt_out", NULL};
    enum { OPT_IN, OPT_OUT };
    size_t polarity = OPT_IN;
    if (!node_read_choice(node, names, &polarity, binder->error))
        return false;
    if (!set || !code_set_has(set, SLICE("granted")) || !code_set_has(set, SLICE("withdrawn")))
        return node_error(node, binder->error,
                          "\"polarity\" goes with a field whose codes are granted and withdrawn");
    struct slice yes = polarity == OPT_IN ? SLICE("granted") : SLICE("withdrawn");
    struct slice no = polarity == OPT_IN ? SLICE("withdrawn") : SLICE("granted");
    for (size_t i = 0; i < YES_WORDS; i++)
        add_code(field, slice_of(yes_words[i]), yes);
    for (size_t i = 0; i < NO_WORDS; i++)
        add_code(field, slice_of(no_words[i]), no);
    return true;
}

static bool bind_translation(struct mapping_binder *binder, const struct node *node,
                             const struct model_field *model_field, struct mapping_field *field)
{
    const struct node *codes = node_find(node, "codes");
    const struct node *polarity = node_find(node, "polarity");
    const struct code_set *set = field_codes(binder, model_field);
    size_t most = (codes ? node_count(codes) : 0) + YES_WORDS + NO_WORDS;
    field->codes = arena_allocate_array(binder->arena, most, sizeof(*field->codes));
    return bind_codes(binder, codes, set, field) &&
           (!polarity || bind_polarity(binder, polarity, set, field));
}

static bool bind_constant(struct mapping_binder *binder, const struct node *node,
                          const struct model_field *model_field, struct mapping_field *field)
{
    static const char *const barred[] = {"column", "columns",  "join",
                                         "codes",  "polarity", "required"};
    const struct node *constant = node_find(node, "constant");
    for (size_t i = 0; i < sizeof(barred) / sizeof(barred[0]); i++)
        if (node_find(node, barred[i]))
            return node_error(node_find(node, barred[i]), binder->error,
                              "\"%s\" has no use beside a constant", barred[i]);
    const struct code_set *set = field_codes(binder, model_field);
    if (slice_is_empty(node_slice(constant)))
        return node_error(constant, binder->error, "a constant without text");
    if (set && !bind_code(constant, set, binder->error))
        return false;
    field->constant = arena_text(binder->arena, node_slice(constant));
    return true;
}

/* {column: …} or {columns: […], join: …} */
static bool bind_from_columns(struct mapping_binder *binder, const struct node *node,
                              const struct model_field *model_field, struct mapping_field *field)
{
    const struct node *column = node_find(node, "column");
    const struct node *columns = node_find(node, "columns");
    const struct node *join = node_find(node, "join");
    bool required = model_field->required;
    if (!column == !columns)
        return node_error(node, binder->error,
                          "one of \"column\", \"columns\" and \"constant\" is expected here");
    if (join && !columns)
        return node_error(join, binder->error, "\"join\" goes with \"columns\"");
    if (join)
        field->join = arena_text(binder->arena, node_slice(join));
    return node_read_boolean(node_find(node, "required"), &required, binder->error) &&
           bind_columns(binder, column ? column : columns, required, &field->columns,
                        &field->column_count) &&
           bind_translation(binder, node, model_field, field);
}

static bool refuse_derived(struct mapping_binder *binder, const struct node *key,
                           const struct model_entity *entity, const struct model_field *field)
{
    const char *from = entity->fields[field->from].name;
    node_error(key, binder->error, "%s is not mapped: it is a part of %s", field->name, from);
    return error_hint(binder->error, "map %s", from);
}

/* A hint to the kind. What dates and numbers understand is known here; a hint that nobody
 * understands would show only as days and months that have changed places, and as amounts that are
 * a thousandth. */
static bool bind_format(struct mapping_binder *binder, const struct node *node,
                        const struct model_field *model_field, struct mapping_field *field)
{
    static const char *const dates[] = {"d/m/y", "d-m-y", "d.m.y", "dmy",   "m/d/y",
                                        "m-d-y", "m.d.y", "mdy",   "y-m-d", "y/m/d",
                                        "y.m.d", "ymd",   "roc",   "excel", NULL};
    static const char *const date_kinds[] = {"date", "datetime", "birth_date", NULL};
    static const char *const marks[] = {"comma", "point", ",", ".", NULL};
    static const char *const number_kinds[] = {"money", "distance", "count", NULL};
    size_t choice = 0;
    if (!node)
        return true;
    field->format = arena_text(binder->arena, node_slice(node));
    if (slice_is_one_of(slice_of(model_field->kind), date_kinds))
        return node_read_choice(node, dates, &choice, binder->error);
    if (!slice_is_one_of(slice_of(model_field->kind), number_kinds) ||
        slice_is_one_of(node_slice(node), marks))
        return true;
    node_error(node, binder->error, "\"%s\" is not known here", node_text(node));
    return error_hint(binder->error, "comma or point: what stands before the decimals");
}

bool bind_mapping_field(struct mapping_binder *binder, const struct node *key,
                        const struct node *node, const struct model_entity *entity,
                        struct mapping_field *field)
{
    if (!bind_field(key, entity, &field->field, binder->error))
        return false;
    const struct model_field *model_field = &entity->fields[field->field];
    if (model_field->from != FIELD_NONE)
        return refuse_derived(binder, key, entity, model_field);
    field->join = " ";
    if (node_kind(node) == NODE_SCALAR)
        return bind_columns(binder, node, model_field->required, &field->columns,
                            &field->column_count);
    if (!node_check_keys(node, field_keys, binder->error))
        return false;
    if (!bind_format(binder, node_find(node, "format"), model_field, field))
        return false;
    if (node_find(node, "constant"))
        return bind_constant(binder, node, model_field, field);
    return bind_from_columns(binder, node, model_field, field);
}
