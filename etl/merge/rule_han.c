#include "cust360/base/text.h"
#include "rule.h"

static bool has_han(struct slice text)
{
    size_t position = 0;
    while (position < text.length)
        if (text_is_han(text_next(text, &position)))
            return true;
    return false;
}

/* A name in pinyin is how a clerk without an input method typed it. */
static int64_t take_han(const struct tally *tally, const struct candidate *candidate,
                        const struct rule_fields *fields)
{
    (void)fields;
    return greater(tally->score, has_han(candidate->value));
}

const struct merge_rule rule_han = {
    .name = "han",
    .reason = "it is written in Chinese characters",
    .takes = TAKES_NOTHING,
    .classes = CLASS_EACH,
    .take = take_han,
};
