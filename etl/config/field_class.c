#include "config/bind.h"
#include "cust360/base/text.h"

const char *const field_class_names[] = {"plain", "personal", "sensitive", NULL};

/* Of a field that says nothing of its class: nothing of a person is told because a word was
 * forgotten. */
static enum field_class class_of_kind(const char *kind)
{
    static const struct {
        const char *kind;
        enum field_class class;
    } classes[] = {
        {"identity", FIELD_SENSITIVE},
        {"resident_id", FIELD_SENSITIVE},
        {"resident_id_strict", FIELD_SENSITIVE},
        {"passport", FIELD_SENSITIVE},
        {"hong_kong_id", FIELD_SENSITIVE},
        {"macao_id", FIELD_SENSITIVE},
        {"taiwan_id", FIELD_SENSITIVE},
        {"taiwan_resident", FIELD_SENSITIVE},
        {"permanent_resident", FIELD_SENSITIVE},
        {"residence_permit", FIELD_SENSITIVE},
        {"travel_permit", FIELD_SENSITIVE},
        {"address", FIELD_SENSITIVE},
        {"name", FIELD_PERSONAL},
        {"person_name", FIELD_PERSONAL},
        {"chinese_name", FIELD_PERSONAL},
        {"taiwan_name", FIELD_PERSONAL},
        {"mobile", FIELD_PERSONAL},
        {"mobile_tw", FIELD_PERSONAL},
        {"phone", FIELD_PERSONAL},
        {"phone_tw", FIELD_PERSONAL},
        {"phone_hk", FIELD_PERSONAL},
        {"phone_mo", FIELD_PERSONAL},
        {"landline", FIELD_PERSONAL},
        {"email", FIELD_PERSONAL},
        {"birth_date", FIELD_PERSONAL},
        {"plate", FIELD_PERSONAL},
    };
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (strcmp(classes[i].kind, kind) == 0)
            return classes[i].class;
    return FIELD_PLAIN;
}

/* `personal: true` is the older word for `class: personal`, `personal: false` for `class: plain`.
 */
static bool read_class(const struct node *node, bool personal, size_t *class, struct error *error)
{
    const struct node *said = node_find(node, "class");
    const struct node *old = node_find(node, "personal");
    if (said && old)
        return node_error(old, error, "\"personal\" and \"class\" say the same: keep \"class\"");
    if (old && (!personal || *class == FIELD_PLAIN))
        *class = personal ? FIELD_PERSONAL : FIELD_PLAIN;
    return !said || node_read_choice(said, field_class_names, class, error);
}

/* A part is what it was taken from, unless it says otherwise. */
bool bind_field_class(const struct node *node, const struct model_entity *entity,
                      struct model_field *field, struct error *error)
{
    size_t class =
        field->from == FIELD_NONE ? class_of_kind(field->kind) : entity->fields[field->from].class;
    if (!read_class(node, field->personal, &class, error))
        return false;
    field->class = (enum field_class) class;
    field->personal = class != FIELD_PLAIN;
    return true;
}

bool model_hides(const struct model *model, struct slice name)
{
    for (size_t i = 0; i < model->entity_count; i++) {
        const struct model_entity *entity = &model->entities[i];
        for (size_t j = 0; j < entity->field_count; j++)
            if (entity->fields[j].personal && slice_equal(slice_of(entity->fields[j].name), name))
                return true;
    }
    return false;
}

bool model_shows(const struct model *model, struct slice name)
{
    bool known = false;
    for (size_t i = 0; i < model->entity_count; i++)
        for (size_t j = 0; j < model->entities[i].field_count; j++)
            known = known || slice_equal(slice_of(model->entities[i].fields[j].name), name);
    return known && !model_hides(model, name);
}

static bool is_reference(const struct model *model, struct slice name)
{
    for (size_t i = 0; i < model->entity_count; i++)
        for (size_t j = 0; j < model->entities[i].field_count; j++) {
            const struct model_field *field = &model->entities[i].fields[j];
            if (field->kind && strcmp(field->kind, "reference") == 0 &&
                slice_equal(slice_of(field->name), name))
                return true;
        }
    return false;
}

enum field_showing model_showing(const struct model *model, struct slice name)
{
    if (!model_shows(model, name))
        return FIELD_MASKED;
    return is_reference(model, name) ? FIELD_AS_KEY : FIELD_WHOLE;
}

struct slice field_shown(enum field_showing showing, struct arena *arena, struct slice value)
{
    switch (showing) {
    case FIELD_WHOLE:
        return value;
    case FIELD_AS_KEY:
        return text_mask_key(arena, value);
    case FIELD_MASKED:
        break;
    }
    return text_mask(arena, value);
}
