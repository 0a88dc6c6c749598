/* record.h: what a row of a source became: the words between standardizing and the store.
 *
 * The standardizer makes them, the store keeps them, reject files and reports tell of them. All of
 * it is borrowed from the arena that was given to the standardizer. */
#ifndef CUST360_RECORD_H
#define CUST360_RECORD_H

#include "cust360/base/buffer.h"
#include "cust360/base/error.h"
#include "cust360/row.h"

struct model_entity; /* see config.h */

enum severity { SEVERITY_INFORMATION, SEVERITY_WARNING, SEVERITY_ERROR, SEVERITY_FATAL };

struct finding {
    size_t entity;       /* FIELD_NONE: the row as such */
    size_t field;        /* FIELD_NONE: the record as such */
    const char *code;    /* stable: format, check_digit, placeholder, unknown_code, columns … */
    const char *rule;    /* where the rule stands: "mobile.yaml:14"; empty: built in */
    const char *message; /* a sentence for the dealer's clerk */
    enum severity severity;
    struct slice value;    /* masked */
    struct slice given;    /* the text as it came, for the dealer whose it is; may be empty */
    struct slice proposal; /* what it should probably be; empty: nobody can say */
    struct slice key;      /* the record's source key; may be empty */
};

/* What became of a field's text; several may hold. */
enum field_mark {
    FIELD_REPAIRED = 1, /* the value differs from what came by more than white space */
    FIELD_WARNED = 2,   /* it has a finding of severity warning */
    FIELD_REFUSED = 4   /* text came, and was blanked */
};

struct record {
    size_t entity;
    struct slice key;           /* source key */
    const struct slice *values; /* one a model field; data NULL: missing */
    struct slice refused;   /* JSON object field → text as it came, of fields blanked; or empty */
    struct slice delivered; /* what came of fields whose value is another, packed (see
                               record_delivered_json); of entities that keep it; or empty */
    const unsigned char *marks; /* enum field_mark, one a model field; NULL: none has any */
    bool deleted;               /* the row says that the record is gone */
    uint64_t hash;              /* of all of it; equal content has equal hash in every run */
};

/* Appends what came of the fields whose value is another: a JSON object field → text as it came.
 * `entity` is the record's. */
void record_delivered_json(const struct record *record, const struct model_entity *entity,
                           struct buffer *json);

struct row_result {
    enum outcome outcome; /* ACCEPTED or REJECTED */
    bool discarded;       /* no entity wanted it (conditions): neither accepted nor rejected */
    struct record *records;
    size_t record_count; /* 0 when the row is rejected */
    size_t held_count; /* of a rejected row: its first records, which were made and wait with it */
    struct finding *findings;
    size_t finding_count;
    uint64_t row_hash; /* of the row as it came; 0: nobody has asked for it */
    bool known;        /* the row is as it was last time (see store_rows.h): its records are not
                          given, it was accepted and there is nothing to say of it */
};

#endif
