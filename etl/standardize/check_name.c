/* The check person_or_company_name: decides what kind of name it is and has it read so. */
#include "standardize/checks.h"
#include "standardize/name.h"
#include "standardize/reference_names.h"
#include "standardize/unicode.h"

#include "cust360/base/text.h"

void name_refuse(struct check_output *output, const char *code, const char *message)
{
    output->value = slice_make(NULL, 0);
    output->part_count = 0;
    check_add_finding(output, SEVERITY_ERROR, code, message);
}

static bool is_one_character_repeated(struct glyphs name)
{
    enum { REPEATED = 3 };
    for (size_t i = 1; i < name.count; i++)
        if (name.simple[i] != name.simple[0])
            return false;
    return name.count >= REPEATED;
}

static bool has_letter(struct glyphs name)
{
    for (size_t i = 0; i < name.count; i++)
        if (text_is_han(name.simple[i]) || unicode_is_letter(name.simple[i]))
            return true;
    return false;
}

bool name_refuse_placeholder(const struct check_input *input, struct glyphs name, bool whole,
                             struct check_output *output)
{
    const struct placeholder *placeholder =
        placeholder_find(input->reference->names, name.simple, name.count, whole);
    if (placeholder && placeholder->possible) {
        check_add_finding(output, SEVERITY_WARNING, "possible_placeholder",
                          "this name is often typed as an example; is it the customer's own?");
        return false;
    }
    if (placeholder || is_one_character_repeated(name)) {
        name_refuse(output, "placeholder", "this stands for a name that nobody asked for");
        return true;
    }
    if (!has_letter(name)) {
        name_refuse(output, "placeholder", "there is no letter in this name");
        return true;
    }
    return false;
}

enum party { PARTY_UNKNOWN, PARTY_PERSON, PARTY_ORGANISATION };

/* The record says what the customer is in its field `type`. Other entities may have a field of this
 * name that tells something else (a contract its kind), so only the codes of party_type count. */
static enum party declared_party(const struct check_input *input)
{
    struct slice type = check_field(input, "type");
    if (slice_equal(type, SLICE("organisation")))
        return PARTY_ORGANISATION;
    return slice_equal(type, SLICE("person")) ? PARTY_PERSON : PARTY_UNKNOWN;
}

/* A legal form tells more than a field that a clerk left as it was. */
static bool is_company(const struct check_input *input, struct glyphs name,
                       struct check_output *output)
{
    enum party declared = declared_party(input);
    enum company_sign sign = name_company_sign(input->reference, name);
    if (declared == PARTY_PERSON && sign == COMPANY_CERTAIN)
        check_add_finding(output, SEVERITY_WARNING, "type_conflict",
                          "the customer is said to be a person, but this is a company's name");
    if (declared == PARTY_UNKNOWN)
        return sign != COMPANY_NO;
    return declared == PARTY_ORGANISATION || sign == COMPANY_CERTAIN;
}

enum { LONGEST_NAME = 120 }; /* characters; the longest registered company names have under 100 */

static void read_name(const struct check_input *input, struct glyphs name,
                      struct check_output *output)
{
    if (is_company(input, name, output)) {
        if (!name_refuse_placeholder(input, name, true, output))
            name_read_company(input, name, output);
    } else if (!name_refuse_placeholder(input, name, false, output)) {
        name_read_person(input, name, output);
    }
}

static void run(const struct check_input *input, struct check_output *output)
{
    struct slice clean = unicode_clean(input->reference, input->value, input->arena);
    struct glyphs name = glyphs_of(input->reference, clean, input->arena);
    output->value = clean;
    if (name.count > LONGEST_NAME) {
        check_add_finding(output, SEVERITY_WARNING, "length",
                          "this is too long for a name and was not taken apart");
        return;
    }
    read_name(input, name, output);
    if (!slice_is_empty(output->value))
        check_add_part(output, "simplified",
                       unicode_simplify(input->reference, output->value, input->arena));
}

const struct check check_name = {"person_or_company_name", run};
