/* The checks person_name and company_name, and person_or_company_name, which decides what kind of
 * name it is. */
#include "standardize/checks.h"
#include "standardize/name/name_company.h"
#include "standardize/reference/reference_names.h"
#include "standardize/text/unicode.h"

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
    if (slice_is_empty(type))
        return PARTY_UNKNOWN;
    if (slice_equal(type, SLICE("organisation")))
        return PARTY_ORGANISATION;
    return slice_equal(type, SLICE("person")) ? PARTY_PERSON : PARTY_UNKNOWN;
}

/* A legal form tells more than a field that a clerk left as it was, unless the person is named
 * beside it. */
static bool is_company(const struct check_input *input, const struct company_view *view,
                       struct check_output *output)
{
    enum party declared = declared_party(input);
    enum company_sign sign = name_company_sign(input->reference, view->company);
    if (declared == PARTY_UNKNOWN)
        return sign != COMPANY_NO;
    if (declared == PARTY_ORGANISATION)
        return true;
    if (sign != COMPANY_CERTAIN || view->person.count > 0)
        return false;
    check_add_finding(output, SEVERITY_WARNING, "type_conflict",
                      "the customer is said to be a person, but this is a company's name");
    return true;
}

enum { LONGEST_NAME = 120 }; /* characters; the longest registered company names have under 100 */

static void read_company(const struct check_input *input, const struct company_view *view,
                         struct check_output *output)
{
    if (name_refuse_placeholder(input, view->company, true, output))
        return;
    name_read_company(input, view->company, output);
    if (name_company_sign(input->reference, view->company) != COMPANY_NO)
        check_add_part(output, "party", SLICE("organisation"));
    if (view->person.count > 0)
        check_add_part(output, "contact",
                       glyphs_text(view->person.simple, view->person.count, input->arena));
    if (view->person.count > 0 || view->has_note)
        check_add_finding(output, SEVERITY_INFORMATION, "note_removed",
                          "what is no part of the name was left out");
}

static void read_person(const struct check_input *input, struct glyphs name,
                        const struct company_view *view, struct check_output *output)
{
    if (view->person.count > 0) {
        check_add_finding(output, SEVERITY_INFORMATION, "note_removed",
                          "the company beside the person's name was left out");
        name = view->person;
    }
    if (!name_refuse_placeholder(input, name, false, output))
        name_read_person(input, name, output);
}

/* `known`: what the field holds; else the record or the name tells. */
static void read_name(const struct check_input *input, struct glyphs name, enum party known,
                      struct check_output *output)
{
    struct company_view view;
    name_company_view(input, name, &view);
    bool company = known == PARTY_ORGANISATION;
    if (known == PARTY_UNKNOWN)
        company = is_company(input, &view, output);
    if (company)
        read_company(input, &view, output);
    else
        read_person(input, name, &view, output);
}

static void read_once(const struct check_input *input, enum party known,
                      struct check_output *output)
{
    struct slice clean = unicode_clean(input->reference, input->value, input->arena);
    struct glyphs name = glyphs_of(input->reference, clean, input->arena);
    output->value = clean;
    if (name.count > LONGEST_NAME) {
        check_add_finding(output, SEVERITY_WARNING, "length",
                          "this is too long for a name and was not taken apart");
        return;
    }
    read_name(input, name, known, output);
    if (!slice_is_empty(output->value))
        check_add_part(output, "simplified",
                       unicode_simplify(input->reference, output->value, input->arena));
}

static bool has_part(const struct check_output *output, const char *name)
{
    for (size_t i = 0; i < output->part_count; i++)
        if (strcmp(output->parts[i].name, name) == 0)
            return true;
    return false;
}

/* What the first reading took off the name (a title, a contact) is not in the later one. */
static void keep_earlier(const struct check_output *earlier, struct check_output *output)
{
    for (size_t i = 0; i < earlier->part_count; i++)
        if (!has_part(output, earlier->parts[i].name))
            check_add_part(output, earlier->parts[i].name, earlier->parts[i].text);
    output->finding_count = 0;
    for (size_t i = 0; i < earlier->finding_count; i++)
        check_add_finding(output, earlier->findings[i].severity, earlier->findings[i].code,
                          earlier->findings[i].message);
}

enum { READINGS_MAX = 4 };

/* Where something was taken off, the rest is read again until it stays, so that the canonical form
 * is the same when it comes again. A rest that is no name leaves none. */
static void run_as(const struct check_input *input, enum party known, struct check_output *output)
{
    read_once(input, known, output);
    struct check_input again = *input;
    for (size_t i = 1; i < READINGS_MAX && !slice_is_empty(output->value) &&
                       !slice_equal(output->value, again.value);
         i++) {
        struct check_output next = {.value = output->value};
        again.value = output->value;
        read_once(&again, known, &next);
        if (slice_is_empty(next.value)) {
            *output = next;
            return;
        }
        if (slice_equal(next.value, output->value))
            return;
        keep_earlier(output, &next);
        *output = next;
    }
}

static void run(const struct check_input *input, struct check_output *output)
{
    run_as(input, PARTY_UNKNOWN, output);
}

static void run_person(const struct check_input *input, struct check_output *output)
{
    run_as(input, PARTY_PERSON, output);
}

static void run_company(const struct check_input *input, struct check_output *output)
{
    run_as(input, PARTY_ORGANISATION, output);
}

static bool brief(const struct check_input *input, struct check_output *output)
{
    return declared_party(input) != PARTY_ORGANISATION && name_read_plain(input, output);
}

const struct check check_name = {.name = "person_or_company_name", .run = run, .brief = brief};
const struct check check_person_name = {
    .name = "person_name", .run = run_person, .brief = name_read_plain};
const struct check check_company_name = {.name = "company_name", .run = run_company};
