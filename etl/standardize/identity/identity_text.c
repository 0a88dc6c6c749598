/* What the recognizers of identity numbers share: the compact form, and what is set and compared.
 */
#include "cust360/base/text.h"
#include "standardize/identity/identity.h"

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

enum identity_compacting identity_compact(struct slice value, struct identity_text *text)
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
            return IDENTITY_FOREIGN;
        if (text->length == IDENTITY_BYTES_MAX)
            return IDENTITY_LONG;
        text->bytes[text->length++] = byte;
    }
    text->bytes[text->length] = '\0';
    text->slice = slice_make(text->bytes, text->length);
    return IDENTITY_COMPACT;
}

/* 000000000000000000, 111111111111111: typed to get past an obligatory field. */
bool identity_is_one_sign(const struct identity_text *text)
{
    for (size_t i = 1; i < text->length; i++) {
        if (text->bytes[i] != text->bytes[0])
            return false;
    }
    return true;
}

bool identity_tell_damage(struct slice value, struct check_output *output)
{
    if (slice_find(value, SLICE("E+")) > 0 || slice_find(value, SLICE("e+")) > 0)
        check_add_finding(output, SEVERITY_ERROR, "lost_precision",
                          "A spreadsheet has rounded the number; its last digits are lost.");
    else if (slice_find(value, SLICE("**")) >= 0)
        check_add_finding(output, SEVERITY_ERROR, "masked", "The number is masked.");
    else
        return false;
    return true;
}

static struct slice find_part(const struct check_output *output, const char *name)
{
    for (size_t i = 0; i < output->part_count; i++) {
        if (output->parts[i].name[0] == name[0] && strcmp(output->parts[i].name, name) == 0)
            return output->parts[i].text;
    }
    return slice_make(NULL, 0);
}

void identity_compare_typed(const struct check_input *input, struct check_output *output)
{
    bool refused = false;
    for (size_t i = 0; i < output->finding_count; i++)
        refused = refused || output->findings[i].severity >= SEVERITY_ERROR;
    if (refused)
        return;
    struct slice birth = find_part(output, "birth_date");
    struct slice typed_birth = check_field(input, "birth_date");
    if (birth.length > 0 && typed_birth.length > 0 && !slice_equal(birth, typed_birth))
        check_add_finding(output, SEVERITY_WARNING, "birth_date_differs",
                          "The date of birth in the number is not the one that was typed.");
    struct slice gender = find_part(output, "gender");
    struct slice typed_gender = check_field(input, "gender");
    if (gender.length > 0 && typed_gender.length > 0 && !slice_equal(gender, typed_gender))
        check_add_finding(output, SEVERITY_WARNING, "gender_differs",
                          "The gender in the number is not the one that was typed.");
}
