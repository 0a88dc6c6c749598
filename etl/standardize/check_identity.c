#include "cust360/base/text.h"
#include "standardize/checks.h"
#include "standardize/identity.h"

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

void identity_set(struct check_output *output, const char *type, struct slice number,
                  struct slice key)
{
    output->value = number;
    check_add_part(output, "type", slice_of(type));
    check_add_part(output, "key", key);
}

void identity_set_gender(struct check_output *output, bool male)
{
    check_add_part(output, "gender", male ? SLICE("M") : SLICE("F"));
}

bool identity_has_digits(struct slice text, size_t start, size_t end)
{
    if (end > text.length)
        return false;
    for (size_t i = start; i < end; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    }
    return true;
}

/* × (U+00D7), Cyrillic Х and х, Greek Χ: an X to the eye. */
static bool looks_like_x(uint32_t character)
{
    return character == 0xD7 || character == 0x425 || character == 0x445 || character == 0x3A7;
}

enum compacting { COMPACT_DONE, COMPACT_LONG, COMPACT_FOREIGN };

static char upper(uint32_t character)
{
    return (char)(character >= 'a' && character <= 'z' ? character - 'a' + 'A' : character);
}

/* Marks that people put between or around the characters; a closing bracket is looked at apart. */
static bool is_passed_over(uint32_t character)
{
    return character != 0 && character < 0x80 && strchr(" -_.'([/", (int)character);
}

static bool is_alphanumeric(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z');
}

static enum compacting compact(struct slice value, struct identity_text *text)
{
    for (size_t position = 0; position < value.length;) {
        uint32_t character = text_next(value, &position);
        bool last = position == value.length;
        if (character == ')' || character == ']') {
            text->bracketed = last;
            continue;
        }
        if (is_passed_over(character))
            continue;
        if (last && (looks_like_x(character) || character == '*')) {
            text->cross_for_x = true;
            character = 'X';
        }
        char byte = upper(character);
        if (character >= 0x80 || !is_alphanumeric(byte))
            return COMPACT_FOREIGN;
        if (text->length == IDENTITY_BYTES_MAX)
            return COMPACT_LONG;
        text->bytes[text->length++] = byte;
    }
    text->bytes[text->length] = '\0';
    text->slice = slice_make(text->bytes, text->length);
    return COMPACT_DONE;
}

/* 军字第1234567号 and the like: letters of a command, 字第, a number. */
static bool is_officer_card(struct slice value)
{
    ptrdiff_t mark = slice_find(value, SLICE("字第"));
    if (mark <= 0)
        return false;
    struct slice number = slice_cut(value, (size_t)mark + strlen("字第"), value.length);
    if (slice_ends_with(number, SLICE("号")))
        number.length -= strlen("号");
    return number.length >= 4 && identity_has_digits(number, 0, number.length);
}

static void refuse_text(const struct check_input *input, struct check_output *output)
{
    struct slice value = input->value;
    if (slice_find(value, SLICE("E+")) > 0 || slice_find(value, SLICE("e+")) > 0)
        check_add_finding(output, SEVERITY_ERROR, "lost_precision",
                          "A spreadsheet has rounded the number; its last digits are lost.");
    else if (slice_find(value, SLICE("**")) >= 0)
        check_add_finding(output, SEVERITY_ERROR, "masked", "The number is masked.");
    else if (is_officer_card(value))
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

/* 000000000000000000, 111111111111111: typed to get past an obligatory field. */
static bool is_one_sign(const struct identity_text *text)
{
    for (size_t i = 1; i < text->length; i++) {
        if (text->bytes[i] != text->bytes[0])
            return false;
    }
    return true;
}

static void identity_run(const struct check_input *input, struct check_output *output)
{
    struct identity_text text = {0};
    enum compacting compacted = compact(input->value, &text);
    text.organisation = slice_equal(check_field(input, "type"), SLICE("organisation"));
    enum { RESIDENT_LENGTH = 18 };
    bool foreign =
        compacted == COMPACT_FOREIGN || (text.cross_for_x && text.length != RESIDENT_LENGTH);
    if (foreign)
        refuse_text(input, output);
    else if (compacted == COMPACT_LONG || text.length == 0)
        check_add_finding(output, SEVERITY_ERROR, "length", "The number is too long or empty.");
    else if (is_one_sign(&text))
        check_add_finding(output, SEVERITY_ERROR, "placeholder",
                          "One sign again and again is no number.");
    else
        recognize(input, &text, output);
}

const struct check check_identity = {"identity", identity_run};
