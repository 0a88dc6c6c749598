/* config_retention.h: how long what is known of a person is kept, entity by entity and, within a
 * record, by the classes of its fields (model.yaml). Read-only once loaded.
 *
 *   retention:
 *     customer:
 *       since: [updated_at, service.service_date]   # the newest of them counts
 *       keep: 10 years                              # then the record goes
 *       sensitive: 3 years                          # before that its sensitive values go
 *
 * Without the key, and for entities that it does not name, nothing ever goes. */
#ifndef CUST360_CONFIG_RETENTION_H
#define CUST360_CONFIG_RETENTION_H

#include "cust360/config_class.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct model;
struct slice;

/* A time in days and months; 0 of both: for ever. */
struct retention_term {
    int32_t days;
    int32_t months;
};

struct retention_day { /* a date or a time that a term is counted from */
    size_t entity;     /* the rule's own, or one whose rows name it by PERSON_REFERENCE */
    size_t field;
};

struct retention_rule { /* of an entity */
    size_t entity;
    struct retention_day *since; /* the newest day counts; a record without any stays */
    size_t since_count;
    struct retention_term keep;     /* of the record, and of all rows that name it */
    struct retention_term personal; /* of its fields of class personal, and of sensitive ones … */
    struct retention_term sensitive; /* … that have no term of their own; by its own days alone */
};

struct retention_rules {
    struct retention_rule *rules;
    size_t count;
    uint64_t hash; /* another one when anything of them is another; 0: there are none */
};

static inline bool retention_is_set(struct retention_term term)
{
    return term.days > 0 || term.months > 0;
}

/* The first day that is within the term, as of a day: what is older is past it. */
int32_t retention_first_day(struct retention_term term, int32_t as_of_days);

/* The rule of an entity, or NULL. */
const struct retention_rule *retention_find(const struct retention_rules *rules, size_t entity);

/* Whether a record with these values (one a field of the model) has a day of its own, and its
 * newest one is past the term. */
bool retention_is_past(const struct retention_rule *rule, struct retention_term term,
                       const struct slice *values, int32_t as_of_days);

/* Whether the rule empties fields of the class, and the term that they have. */
bool retention_of_class(const struct retention_rule *rule, enum field_class class,
                        struct retention_term *term);

#endif
