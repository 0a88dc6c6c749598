#include "config/operation.h"

/* What a steward of a middling group needs; each can be changed under `review:`. */
enum {
    LEASE_CASES = 20,
    LEASE_MINUTES = 15,
    CONTROL_EVERY = 20,
    FOUR_EYES_RECORDS = 8,
    APPLY_RECORDS = 400,
    WEAK_BITS = 4,
    CASES_MOST = 1000,
    MINUTES_MOST = 1440,
    RECORDS_MOST = 100000,
    BITS_MOST = 100
};

static bool bind_amount(const struct node *review, const char *key, int64_t least, int64_t most,
                        uint32_t *amount, struct error *error)
{
    int64_t value = *amount;
    if (!node_read_integer(node_find(review, key), least, most, &value, error))
        return false;
    *amount = (uint32_t)value;
    return true;
}

bool bind_review(const struct node *review, struct review_rules *rules, struct error *error)
{
    static const struct key_rule keys[] = {
        {"lease", KEY_OPTIONAL, NODE_SCALAR},
        {"lease_minutes", KEY_OPTIONAL, NODE_SCALAR},
        {"control_every", KEY_OPTIONAL, NODE_SCALAR},
        {"four_eyes_records", KEY_OPTIONAL, NODE_SCALAR},
        {"four_eyes_conflicts", KEY_OPTIONAL, NODE_SCALAR},
        {"four_eyes_splits", KEY_OPTIONAL, NODE_SCALAR},
        {"weak_bits", KEY_OPTIONAL, NODE_SCALAR},
        {"apply_records", KEY_OPTIONAL, NODE_SCALAR},
        {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
    };
    uint32_t weak_bits = WEAK_BITS;
    *rules = (struct review_rules){.lease_cases = LEASE_CASES,
                                   .lease_minutes = LEASE_MINUTES,
                                   .control_every = CONTROL_EVERY,
                                   .four_eyes_records = FOUR_EYES_RECORDS,
                                   .four_eyes_conflicts = true,
                                   .apply_records = APPLY_RECORDS};
    bool bound =
        !review ||
        (node_check_keys(review, keys, error) &&
         bind_amount(review, "lease", 1, CASES_MOST, &rules->lease_cases, error) &&
         bind_amount(review, "lease_minutes", 1, MINUTES_MOST, &rules->lease_minutes, error) &&
         bind_amount(review, "control_every", 0, CASES_MOST, &rules->control_every, error) &&
         bind_amount(review, "four_eyes_records", 0, RECORDS_MOST, &rules->four_eyes_records,
                     error) &&
         node_read_boolean(node_find(review, "four_eyes_conflicts"), &rules->four_eyes_conflicts,
                           error) &&
         node_read_boolean(node_find(review, "four_eyes_splits"), &rules->four_eyes_splits,
                           error) &&
         bind_amount(review, "weak_bits", 0, BITS_MOST, &weak_bits, error) &&
         bind_amount(review, "apply_records", 1, RECORDS_MOST, &rules->apply_records, error));
    rules->weak_bits = weak_bits;
    return bound;
}
