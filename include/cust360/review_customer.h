/* review_customer.h: searching customers, and one customer's whole page. */
#ifndef CUST360_REVIEW_CUSTOMER_H
#define CUST360_REVIEW_CUSTOMER_H

#include "cust360/review.h"

struct review_hit {
    const char *golden_id;
    const char *name;
    const char *city; /* "" */
    const char *mobile;
    const char *found_by; /* name, pinyin, mobile, plate, VIN, id, customer number … */
    const char *found;    /* the value that begins with what was typed */
};

/* Customers of whom something begins with what was typed: golden id, name (also in traditional
 * characters), pinyin with or without blanks, mobile, plate, VIN, identity number, a dealer's
 * customer number. At most `limit`; from two characters on (pinyin: letters). */
bool review_search(struct review *review, struct slice typed, size_t limit, struct arena *arena,
                   struct review_hit **hits, size_t *count, struct error *error);

struct review_origin { /* where a value comes from */
    const char *attribute;
    const char *label;
    const char *value;
    bool personal;
    const char *rule;
    const char *rule_in_words;
    const char *source; /* "" : a steward gave it */
    const char *key;
    const char *file;
    int64_t line;
};

struct review_event {
    int64_t run_id;
    const char *as_of;
    const char *event;
    const char *other_id; /* "" */
};

struct review_customer {
    const char *golden_id; /* the living one */
    const char *asked_id;  /* as asked for, when it was merged away; else "" */
    struct review_origin *origins;
    size_t origin_count;
    struct review_record *records;
    size_t record_count;
    struct review_event *events; /* of the id and of those merged into it, oldest first */
    size_t event_count;
    const char *page; /* JSON: what `cust360 show --format json` tells; "" when no view is there */
};

/* False with EXIT_FAILED: nobody has this id. */
bool review_customer(struct review *review, const char *golden_id, struct arena *arena,
                     struct review_customer *customer, struct error *error);

/* Notes that a steward looked at whole values (what: "case KEY", "customer ID"). */
bool review_revealed(struct review *review, const char *who, const char *what, struct error *error);

#endif
