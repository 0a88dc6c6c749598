#include "match/compare/comparator.h"

/* What needs no look into the values is answered by their numbers (test.c). */
const struct comparator comparator_exact = {.name = "exact", .relation = RELATION_EXACT};
const struct comparator comparator_different = {.name = "different",
                                                .relation = RELATION_DIFFERENT};
const struct comparator comparator_known = {.name = "known", .relation = RELATION_KNOWN};
const struct comparator comparator_unknown = {.name = "unknown", .relation = RELATION_UNKNOWN};

static const struct comparator *const comparators[] = {
    &comparator_exact,        &comparator_different,  &comparator_known,     &comparator_unknown,
    &comparator_edit,         &comparator_slip,       &comparator_date_slip, &comparator_within,
    &comparator_jaro_winkler, &comparator_confusable, &comparator_contains,  &comparator_words,
    &comparator_word_share,   &comparator_qgrams,     &comparator_begins,    &comparator_date_parts,
    &comparator_swapped,      &comparator_moved,
};

const char *const comparator_names[] = {
    "exact",  "different",    "known",      "unknown",  "edit",  "slip",       "date_slip",
    "within", "jaro_winkler", "confusable", "contains", "words", "word_share", "qgrams",
    "begins", "date_parts",   "swapped",    "moved",    NULL,
};

const struct comparator *comparator_find(struct slice name)
{
    for (size_t i = 0; i < sizeof(comparators) / sizeof(comparators[0]); i++)
        if (slice_equal(slice_of(comparators[i]->name), name))
            return comparators[i];
    return NULL;
}
