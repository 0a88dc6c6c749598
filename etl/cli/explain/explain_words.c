#include "cli/explain/explain_show.h"
#include "cust360/base/listing.h"
#include "cust360/base/text.h"
#include "cust360/golden.h"

#include <math.h>

const char *words_golden(const struct explain *explain, uint32_t golden)
{
    char *id = arena_allocate_bytes(explain->arena, GOLDEN_ID_BYTES);
    golden_id_format(golden, id);
    return id;
}

const char *words_record(const struct explain *explain, uint32_t record)
{
    const struct explain_record *it = &explain->records[record];
    return arena_format(explain->arena, "%.*s:%.*s", SLICE_ARGUMENTS(it->source),
                        SLICE_ARGUMENTS(it->key));
}

const char *words_verdict(enum match_verdict verdict)
{
    static const char *const verdicts[] = {[MATCH_NEVER] = "never",
                                           [MATCH_ASK] = "ask",
                                           [MATCH_ALONE] = "alone",
                                           [MATCH_ALWAYS] = "always"};
    return verdicts[verdict];
}

void words_bits(struct buffer *text, int32_t weight)
{
    buffer_format(text, "%+.1f", (double)weight / WEIGHT_ONE);
}

/* Two digits that count: 183,422 is 180,000. */
static uint64_t round_two_digits(double number)
{
    double scale = 1;
    while (number / scale >= 100)
        scale *= 10;
    return (uint64_t)(round(number / scale) * scale);
}

static void append_percent(struct buffer *text, double share)
{
    double percent = share * 100;
    if (percent > 99.9 && percent < 100)
        buffer_append_text(text, "over 99.9 %");
    else if (percent > 99 && percent < 100)
        buffer_format(text, "%.1f %%", percent);
    else
        buffer_format(text, "%.0f %%", percent);
}

static void append_share(struct buffer *text, double share, const char *before, const char *behind)
{
    enum { LEAST_PERCENT = 10 };
    if (share * 100 >= LEAST_PERCENT) {
        append_percent(text, share);
        return;
    }
    buffer_append_text(text, before);
    number_append(text, round_two_digits(1 / (share > 1e-12 ? share : 1e-12)));
    buffer_append_text(text, behind);
}

void words_share(struct buffer *text, double share)
{
    append_share(text, share, "1 in ", "");
}

void words_share_chinese(struct buffer *text, double share)
{
    append_share(text, share, "每 ", " 个中有 1 个");
}

const char *words_bits_text(const struct explain *explain, int32_t weight)
{
    struct buffer text = BUFFER_EMPTY;
    words_bits(&text, weight);
    const char *copy = arena_text(explain->arena, buffer_slice(&text));
    buffer_release(&text);
    return copy;
}

void words_probability(struct buffer *text, int32_t weight)
{
    double odds = exp2((double)weight / WEIGHT_ONE);
    double probability = odds / (1 + odds);
    if (probability < 1e-9)
        buffer_append_text(text, "less than 1 in 1,000,000,000");
    else if (probability < 0.001)
        words_share(text, probability);
    else if (probability > 0.999)
        buffer_format(text, "%.*f %%", probability > 0.99999 ? 4 : 3,
                      floor(probability * 1e6) / 1e4);
    else
        buffer_format(text, "%.1f %%", probability * 100);
}

void words_value(const struct explain *explain, struct buffer *text, const char *attribute,
                 struct slice value)
{
    bool whole = explain->unmasked || model_shows(explain->project->model, slice_of(attribute));
    buffer_append(text, whole ? value : text_mask(explain->arena, value));
}

void words_evidence(const struct explain *explain, struct buffer *text,
                    const struct match_part *part, bool of_a)
{
    size_t shown = 0;
    for (size_t i = 0; i < part->evidence_count; i++) {
        const struct match_evidence *evidence = &part->evidence[i];
        struct slice value = of_a ? evidence->a : evidence->b;
        bool ignored = of_a ? evidence->a_ignored : evidence->b_ignored;
        if (slice_is_empty(value) && !ignored)
            continue;
        buffer_append_text(text, shown++ ? " · " : "");
        if (ignored)
            buffer_append_text(text, "(shared widely)");
        else
            words_value(explain, text, evidence->attribute, value);
    }
}

static void append_capital(struct buffer *text, const char *word)
{
    size_t start = text->length;
    buffer_append_text(text, word);
    if (text->length > start && text->data[start] >= 'a' && text->data[start] <= 'z')
        text->data[start] = (char)(text->data[start] - 'a' + 'A');
}

void words_title(struct buffer *text, const struct match_part *part)
{
    bool is_same = part->level && strcmp(part->level, "same") == 0;
    bool is_different = part->level && strcmp(part->level, "different") == 0;
    if (is_same || is_different)
        buffer_format(text, "%s %s", is_same ? "Same" : "Different", part->comparison);
    else
        append_capital(text, part->comparison);
    if (part->level && !is_same && !is_different)
        buffer_format(text, ": %s", part->level);
}

static void append_frequencies(struct buffer *text, const struct match_part *part)
{
    for (size_t i = 0; i < part->frequency_count; i++) {
        buffer_format(text, "%s%s ", i == 0 ? " (this " : ", this ",
                      part->frequencies[i].attribute);
        words_share(text, part->frequencies[i].share);
    }
    buffer_append_text(text, part->frequency_count ? ")" : "");
}

static void append_weights(struct buffer *text, const struct match_part *part, bool has_relatives)
{
    buffer_append_text(text, "; ");
    words_bits(text, part->against_stranger);
    buffer_append_text(text, " bits");
    if (part->repeated) {
        buffer_append_text(text, " (");
        words_bits(text, -part->repeated);
        buffer_append_text(text, " are taken off, for what is named before says that much of it)");
    }
    if (!has_relatives)
        return;
    buffer_append_text(text, ", ");
    words_bits(text, part->against_relative);
    buffer_append_text(text, " against relatives");
}

/* "1 in 580,000 pairs of strangers shares one, 47 % of relatives', 91 % of one customer's" */
static void append_for(struct buffer *text, const struct match_part *part, bool has_relatives)
{
    bool is_same = strcmp(part->level, "same") == 0;
    words_share(text, part->stranger);
    buffer_append_text(text, " pairs of strangers ");
    buffer_append_text(text, is_same ? "shares one" : "shows this");
    append_frequencies(text, part);
    if (has_relatives) {
        buffer_append_text(text, ", ");
        words_share(text, part->relative);
        buffer_append_text(text, " of relatives'");
    }
    buffer_append_text(text, ", ");
    words_share(text, part->match);
    buffer_append_text(text, " of one customer's");
}

static void append_against(struct buffer *text, const struct match_part *part, bool has_relatives)
{
    bool is_different = strcmp(part->level, "different") == 0;
    buffer_append_text(text, "only ");
    words_share(text, part->match);
    buffer_append_text(text, " of one customer's pairs ");
    buffer_append_text(text, is_different ? "differ" : "show this");
    buffer_append_text(text, ", ");
    words_share(text, part->stranger);
    buffer_append_text(text, " of strangers'");
    append_frequencies(text, part);
    if (has_relatives) {
        buffer_append_text(text, ", ");
        words_share(text, part->relative);
        buffer_append_text(text, " of relatives'");
    }
}

static void append_unknown(const struct explain *explain, const struct explain_pair *pair,
                           const struct match_part *part, struct buffer *text)
{
    bool a_ignored = false;
    bool b_ignored = false;
    bool a_known = false;
    bool b_known = false;
    for (size_t i = 0; i < part->evidence_count; i++) {
        a_ignored |= part->evidence[i].a_ignored;
        b_ignored |= part->evidence[i].b_ignored;
        a_known |= part->evidence[i].a.length > 0;
        b_known |= part->evidence[i].b.length > 0;
    }
    const char *a = words_record(explain, pair->a);
    const char *b = words_record(explain, pair->b);
    if (a_ignored || b_ignored)
        buffer_format(text, "that of %s is shared by too many to be anybody's",
                      a_ignored && b_ignored ? "both"
                      : a_ignored            ? a
                                             : b);
    else if (!a_known && !b_known)
        buffer_append_text(text, "known of neither");
    else if (a_known && b_known)
        buffer_append_text(text, "nothing that both have can be compared");
    else
        buffer_format(text, "not known of %s", a_known ? b : a);
    buffer_append_text(text, "; says nothing");
}

const char *words_part(const struct explain *explain, const struct explain_pair *pair,
                       const struct match_part *part)
{
    struct buffer text = BUFFER_EMPTY;
    bool has_relatives = pair->detail.has_relatives;
    words_title(&text, part);
    buffer_append_text(&text, part->level && strchr(text.data, ':') ? ", " : ": ");
    if (part->silence == MATCH_IMPLIED) {
        buffer_format(&text, "adds nothing to the %s", part->implied_by);
    } else if (part->silence == MATCH_INCONCLUSIVE) {
        buffer_append_text(&text, "neither agrees nor differs; says nothing");
    } else if (part->silence == MATCH_UNKNOWN) {
        append_unknown(explain, pair, part, &text);
    } else {
        if (part->against_stranger >= 0)
            append_for(&text, part, has_relatives);
        else
            append_against(&text, part, has_relatives);
        append_weights(&text, part, has_relatives);
    }
    const char *sentence = arena_text(explain->arena, buffer_slice(&text));
    buffer_release(&text);
    return sentence;
}
