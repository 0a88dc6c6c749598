/* record.h: what a row of a source became: the words between standardizing and the store.
 *
 * The standardizer makes them, the store keeps them, reject files and reports tell of them. All of
 * it is borrowed from the arena that was given to the standardizer. */
#ifndef CUST360_RECORD_H
#define CUST360_RECORD_H

#include "cust360/base/error.h"
#include "cust360/row.h"

enum severity { SEVERITY_INFORMATION, SEVERITY_WARNING, SEVERITY_ERROR, SEVERITY_FATAL };

struct finding {
    size_t entity;       /* FIELD_NONE: the row as such */
    size_t field;        /* FIELD_NONE: the record as such */
    const char *code;    /* stable: format, check_digit, placeholder, unknown_code, columns … */
    const char *rule;    /* where the rule stands: "mobile.yaml:14"; empty: built in */
    const char *message; /* a sentence for the dealer's clerk */
    enum severity severity;
    struct slice value; /* masked */
    struct slice key;   /* the record's source key; may be empty */
};

struct record {
    size_t entity;
    struct slice key;           /* source key */
    const struct slice *values; /* one a model field; data NULL: missing */
    struct slice refused; /* JSON object field → text as it came, of fields blanked; or empty */
    uint64_t hash;        /* of all of it; equal content has equal hash in every run */
};

struct row_result {
    enum outcome outcome; /* ACCEPTED or REJECTED */
    bool discarded;       /* no entity wanted it (conditions): neither accepted nor rejected */
    struct record *records;
    size_t record_count;
    struct finding *findings;
    size_t finding_count;
};

#endif
