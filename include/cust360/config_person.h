/* config_person.h: what a field says of a person, and under which words a suppression knows it.
 *
 * Whoever erases a person and whoever keeps an erased one from coming back have to speak of the
 * same values in the same words. Pure functions. */
#ifndef CUST360_CONFIG_PERSON_H
#define CUST360_CONFIG_PERSON_H

#include "cust360/base/digest.h"
#include "cust360/config.h"

/* The entity whose records are persons, and the field by which others name its records. */
#define PERSON_ENTITY    "customer"
#define PERSON_REFERENCE "customer_key"

enum person_value {
    PERSON_CONTACT,  /* mobile, landline, e-mail */
    PERSON_IDENTITY, /* identity number, and its form for comparison */
    PERSON_NAME,     /* and its forms for comparison, pinyin too: another dealer writes it so */
    PERSON_VIN,      /* of a car */
    PERSON_KEY,      /* the number at a source */
    PERSON_NOTHING
};

/* Whether rows of the entity are about a person at all; else they are about a car (a recall). */
bool model_is_personal(const struct model_entity *entity);

enum person_value model_person_value(const struct model_entity *entity, size_t field);

/* ---- suppressions: keyed hashes of what an erased person had ---- */

enum suppression_word {
    SUPPRESSED_KEY,           /* source, number there */
    SUPPRESSED_IDENTITY,      /* identity number */
    SUPPRESSED_CONTACT,       /* a contact value that nobody else had */
    SUPPRESSED_NAMED_CONTACT, /* a contact value and a name */
    SUPPRESSED_NAMED_CAR,     /* a VIN and a name, of one record or of one row */
    SUPPRESSED_ROW            /* source and entity as "D01 service", number of the row there */
};

enum { SUPPRESSION_KEY_BYTES = 32 };

/* The hash under the key; `filter` (16 bits of another one) is quick to compare first. */
struct suppression {
    char hash[DIGEST_TEXT_BYTES];
    uint16_t filter;
};
uint16_t suppression_filter(struct slice key, enum suppression_word word, struct slice value,
                            struct slice more);
void suppression_make(struct slice key, enum suppression_word word, struct slice value,
                      struct slice more, struct suppression *suppression);

#endif
