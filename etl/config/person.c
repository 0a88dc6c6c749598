#include "cust360/base/buffer.h"
#include "cust360/base/hash.h"
#include "cust360/config_person.h"

enum person_value model_person_value(const struct model_entity *entity, size_t field)
{
    const struct model_field *own = &entity->fields[field];
    bool is_whole = own->from == FIELD_NONE;
    const char *kind = is_whole ? own->kind : entity->fields[own->from].kind;
    bool is_key = is_whole || strcmp(own->part, "key") == 0;
    if (is_whole &&
        (strcmp(kind, "mobile") == 0 || strcmp(kind, "phone") == 0 || strcmp(kind, "email") == 0))
        return PERSON_CONTACT;
    if (is_whole && strcmp(kind, "vin") == 0)
        return PERSON_VIN;
    if (is_key && strcmp(kind, "identity") == 0)
        return PERSON_IDENTITY;
    if (strcmp(kind, "name") == 0 &&
        (is_key || strcmp(own->part, "simplified") == 0 || strcmp(own->part, "pinyin") == 0))
        return PERSON_NAME;
    return PERSON_NOTHING;
}

bool model_is_personal(const struct model_entity *entity)
{
    if (model_find_field(entity, PERSON_REFERENCE) != FIELD_NONE)
        return true;
    for (size_t i = 0; i < entity->field_count; i++) {
        enum person_value value = model_person_value(entity, i);
        if (value != PERSON_NOTHING && value != PERSON_VIN)
            return true;
    }
    return false;
}

static uint64_t seed_of(struct slice key)
{
    return hash_bytes(key, 0);
}

uint16_t suppression_filter(struct slice key, enum suppression_word word, struct slice value,
                            struct slice more)
{
    uint64_t hash = hash_combine(seed_of(key), (uint64_t)word);
    return (uint16_t)(hash_bytes(more, hash_bytes(value, hash)) >> 48);
}

void suppression_make(struct slice key, enum suppression_word word, struct slice value,
                      struct slice more, struct suppression *suppression)
{
    struct buffer words = BUFFER_EMPTY;
    buffer_format(&words, "%d", (int)word);
    buffer_append_byte(&words, '\0');
    buffer_append(&words, value);
    buffer_append_byte(&words, '\0');
    buffer_append(&words, more);
    digest_keyed(key, buffer_slice(&words), suppression->hash);
    suppression->filter = suppression_filter(key, word, value, more);
    buffer_release(&words);
}
