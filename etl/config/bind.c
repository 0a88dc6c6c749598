#include "config/bind.h"
#include "cust360/base/encoding_name.h"
#include "cust360/base/memory.h"

#include <errno.h>
#include <iconv.h>

const char *bind_text(const struct node *node, const char *key, struct arena *arena)
{
    const struct node *value = node_find(node, key);
    if (!value || slice_is_empty(node_slice(value)))
        return NULL;
    return arena_text(arena, node_slice(value));
}

bool bind_name(const struct node *node, struct error *error)
{
    struct slice name = node_slice(node);
    bool fits = name.length > 0 && name.data[0] >= 'a' && name.data[0] <= 'z';
    for (size_t i = 0; i < name.length && fits; i++)
        fits = (name.data[i] >= 'a' && name.data[i] <= 'z') ||
               (name.data[i] >= '0' && name.data[i] <= '9') || name.data[i] == '_';
    if (fits)
        return true;
    node_error(node, error, "\"%s\" cannot be a name", node_text(node));
    return error_hint(error, "names are lower-case letters, digits and _, a letter first");
}

bool bind_entity(const struct node *node, const struct model *model, size_t *entity,
                 struct error *error)
{
    enum { NAMES_MOST = 64 };
    const char *names[NAMES_MOST];
    size_t count = 0;
    *entity = model_find_entity(model, node_text(node));
    if (*entity != FIELD_NONE)
        return true;
    for (; count < model->entity_count && count < NAMES_MOST; count++)
        names[count] = model->entities[count].name;
    return node_error_names(node, error, names, count, "the model has no entity \"%s\"",
                            node_text(node));
}

bool bind_field(const struct node *node, const struct model_entity *entity, size_t *field,
                struct error *error)
{
    enum { NAMES_MOST = 128 };
    const char *names[NAMES_MOST];
    size_t count = 0;
    *field = model_find_field(entity, node_text(node));
    if (*field != FIELD_NONE)
        return true;
    for (size_t i = 0; i < entity->field_count && count < NAMES_MOST; i++)
        if (entity->fields[i].from == FIELD_NONE)
            names[count++] = entity->fields[i].name;
    return node_error_names(node, error, names, count, "the entity %s has no field \"%s\"",
                            entity->name, node_text(node));
}

bool bind_code(const struct node *node, const struct code_set *set, struct error *error)
{
    enum { NAMES_MOST = 128 };
    const char *names[NAMES_MOST];
    size_t count = 0;
    if (slice_is_empty(node_slice(node)) || code_set_has(set, node_slice(node)))
        return true;
    for (; count < set->value_count && count < NAMES_MOST; count++)
        names[count] = set->values[count].code;
    return node_error_names(node, error, names, count, "the code set %s has no code \"%s\"",
                            set->name, node_text(node));
}

/* Whether the system can decode it. That memory has run out says nothing of the name. */
static bool is_decodable(const char *name)
{
    errno = 0;
    iconv_t decoder = iconv_open("UTF-8", name);
    if (decoder == (iconv_t)-1 && errno == ENOMEM)
        memory_exhausted();
    if (decoder == (iconv_t)-1)
        return false;
    iconv_close(decoder);
    return true;
}

bool bind_encoding(const struct node *node, const char **encoding, struct arena *arena,
                   struct error *error)
{
    if (!node)
        return true;
    const char *name = arena_text(arena, node_slice(node));
    if (name[0] == '\0' || strcmp(name, "auto") == 0) {
        *encoding = "auto";
        return true;
    }
    /* "//" would ask iconv to guess characters, which is never wanted. */
    bool known = !strchr(name, '/');
    if (known && !is_decodable(name)) {
        name = encoding_usual_name(name);
        known = is_decodable(name);
    }
    if (!known) {
        node_error(node, error, "the encoding \"%s\" is not known", name);
        return error_hint(error, "auto, utf-8, utf-16, gb18030, gbk, big5, big5-hkscs, cp950, "
                                 "windows-1252, iso-8859-1 …");
    }
    *encoding = name;
    return true;
}

bool bind_connection_text(const struct node *node, struct error *error)
{
    static const char *const keys[] = {"pwd=", "password="};
    static const char placeholder[] = "{password}";
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const char *found = strcasestr(node_text(node), keys[i]);
        const char *value = found ? found + strlen(keys[i]) : placeholder;
        if (*value == '\0' || *value == ';' ||
            strncmp(value, placeholder, sizeof(placeholder) - 1) == 0)
            continue;
        node_error(node, error, "a secret does not stand in this file");
        return error_hint(error, "write %s{password} here, and password: {file: …} in the source",
                          keys[i]);
    }
    return true;
}
