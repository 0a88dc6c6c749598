#include "standardize/checks.h"
#include "standardize/identity/identity.h"

/* In the order of preference among answers of equal rank. */
static identity_recognizer *const recognizers[] = {
    identity_resident,
    identity_credit_code,
    identity_permanent_resident,
    identity_resident_old,
    identity_licence,
    identity_organisation_code,
    identity_taiwan_organisation,
    identity_hong_kong,
    identity_macao,
    identity_taiwan,
    identity_permit,
    identity_passport,
};

/* 军字第1234567号, 士字第P011816X号 and the like: signs of a command, 字第, a number of digits and
 * capitals. */
static bool is_officer_card(struct slice value)
{
    enum { DIGITS_LEAST = 4, SIGNS_MOST = 10 };
    ptrdiff_t mark = slice_find(value, SLICE("字第"));
    if (mark <= 0)
        return false;
    struct slice number = slice_cut(value, (size_t)mark + strlen("字第"), value.length);
    if (slice_ends_with(number, SLICE("号")))
        number.length -= strlen("号");
    size_t digits = 0;
    for (size_t i = 0; i < number.length; i++) {
        char sign = number.data[i];
        if (sign >= '0' && sign <= '9')
            digits++;
        else if (sign < 'A' || sign > 'Z')
            return false;
    }
    return digits >= DIGITS_LEAST && number.length <= SIGNS_MOST;
}

static void refuse_text(const struct check_input *input, struct check_output *output)
{
    struct slice value = input->value;
    if (identity_tell_damage(value, output))
        return;
    if (is_officer_card(value))
        identity_set(output, "officer_card", value, value);
    else
        check_add_finding(output, SEVERITY_ERROR, "format",
                          "This is not an identity or organisation number.");
}

/* 13 to 17 digits are a resident number cut short; 19 and more have a digit too many. */
static void refuse_unknown(struct check_output *output, const struct identity_text *text)
{
    enum { RESIDENT_LIKE = 13 };
    bool long_digits =
        text->length >= RESIDENT_LIKE && identity_has_digits(text->slice, 0, text->length - 1);
    check_add_finding(output, SEVERITY_ERROR, long_digits ? "length" : "format",
                      long_digits ? "A resident identity number has 18 characters (before: 15)."
                                  : "This is not an identity or organisation number.");
}

static void recognize(const struct check_input *input, const struct identity_text *text,
                      struct check_output *output)
{
    enum identity_rank best_rank = IDENTITY_NOT;
    struct check_output best;
    for (size_t i = 0; i < sizeof(recognizers) / sizeof(recognizers[0]); i++) {
        struct check_output candidate;
        candidate.value = input->value;
        candidate.part_count = 0;
        candidate.finding_count = 0;
        enum identity_rank rank = recognizers[i](input, text, &candidate);
        if (rank > best_rank) {
            best_rank = rank;
            best = candidate;
        }
        if (rank == IDENTITY_RIGHT)
            break;
    }
    /* What may be a paper of another country is only asked when it is like nothing known. */
    if (best_rank > IDENTITY_NOT)
        *output = best;
    else if (identity_other(input, text, output) == IDENTITY_NOT)
        refuse_unknown(output, text);
}

static void identity_run(const struct check_input *input, struct check_output *output)
{
    struct identity_text text = {0};
    enum identity_compacting compacted = identity_compact(input->value, &text);
    text.organisation = slice_equal(check_field(input, "type"), SLICE("organisation"));
    enum { RESIDENT_LENGTH = 18 };
    bool foreign =
        compacted == IDENTITY_FOREIGN || (text.cross_for_x && text.length != RESIDENT_LENGTH);
    if (foreign)
        refuse_text(input, output);
    else if (compacted == IDENTITY_LONG || text.length == 0)
        check_add_finding(output, SEVERITY_ERROR, "length", "The number is too long or empty.");
    else if (identity_is_one_sign(&text))
        check_add_finding(output, SEVERITY_ERROR, "placeholder",
                          "One sign again and again is no number.");
    else
        recognize(input, &text, output);
    identity_compare_typed(input, output);
}

const struct check check_identity = {
    .name = "identity", .run = identity_run, .brief = identity_brief};
