/* Numbers of one kind of paper each, for fields that hold nothing else: what does not look like it
 * is refused, and what looks like it is meant for it. `check: identity` takes any of them. */
#include "standardize/checks.h"
#include "standardize/identity/identity.h"

enum { PAPER_FORMS = 2 };

#define LENGTH(characters) (UINT32_C(1) << (characters))

struct paper {
    identity_recognizer *forms[PAPER_FORMS]; /* NULL: one only */
    const char *type;                        /* of those that the forms know; NULL: any */
    uint32_t lengths;                        /* LENGTH() of each that it may have */
    const char *description;                 /* what it is, for who typed something else */
    bool strict;
};

static bool has_length(const struct paper *paper, const struct identity_text *text)
{
    return text->length < 32 && (paper->lengths >> text->length & 1);
}

static void refuse_form(const struct paper *paper, const struct identity_text *text,
                        struct check_output *output)
{
    bool right_signs = text->length > 0 && !has_length(paper, text);
    check_add_finding(output, SEVERITY_ERROR, right_signs ? "length" : "format",
                      paper->description);
}

static bool has_type(const struct check_output *output, const char *type)
{
    if (!type || output->part_count == 0)
        return true;
    return slice_equal(output->parts[0].text, slice_of(type)); /* the first that is set */
}

static void recognize(const struct paper *paper, const struct check_input *input,
                      const struct identity_text *text, struct check_output *output)
{
    for (size_t i = 0; i < PAPER_FORMS && paper->forms[i]; i++) {
        output->value = input->value;
        output->part_count = 0;
        output->finding_count = 0;
        if (paper->forms[i](input, text, output) == IDENTITY_NOT)
            continue;
        if (!has_type(output, paper->type))
            break;
        identity_compare_typed(input, output);
        return;
    }
    output->part_count = 0;
    output->finding_count = 0;
    refuse_form(paper, text, output);
}

static void run(const struct paper *paper, const struct check_input *input,
                struct check_output *output)
{
    struct identity_text text = {.expected = true, .organisation = true, .strict = paper->strict};
    enum identity_compacting compacted = identity_compact(input->value, &text);
    /* An X that is drawn (×, *) ends numbers with a check character only. */
    if (compacted == IDENTITY_FOREIGN || (text.cross_for_x && !has_length(paper, &text))) {
        if (!identity_tell_damage(input->value, output))
            check_add_finding(output, SEVERITY_ERROR, "format", paper->description);
    } else if (compacted == IDENTITY_LONG || text.length == 0) {
        check_add_finding(output, SEVERITY_ERROR, "length", paper->description);
    } else if (identity_is_one_sign(&text)) {
        check_add_finding(output, SEVERITY_ERROR, "placeholder",
                          "One sign again and again is no number.");
    } else {
        recognize(paper, input, &text, output);
    }
}

static const struct paper resident = {
    .forms = {identity_resident, identity_resident_old},
    .lengths = LENGTH(18) | LENGTH(15),
    .description = "A resident identity number has 17 digits and a check character (before: 15 "
                   "digits)."};

static void resident_run(const struct check_input *input, struct check_output *output)
{
    run(&resident, input, output);
}

static void resident_strict_run(const struct check_input *input, struct check_output *output)
{
    struct paper strict = resident;
    strict.strict = true;
    run(&strict, input, output);
}

static void residence_permit_run(const struct check_input *input, struct check_output *output)
{
    static const struct paper paper = {
        .forms = {identity_resident},
        .type = "residence_permit",
        .lengths = LENGTH(18),
        .description = "A residence permit of people of Hong Kong, Macao and Taiwan has 18 "
                       "characters that begin with 810000, 820000 or 830000."};
    run(&paper, input, output);
}

static void permanent_resident_run(const struct check_input *input, struct check_output *output)
{
    static const struct paper paper = {
        .forms = {identity_permanent_resident},
        .lengths = LENGTH(18) | LENGTH(15),
        .description =
            "A foreign permanent resident's card has 18 characters that begin with 9, or "
            "(before December 2023) three letters and twelve digits."};
    run(&paper, input, output);
}

static void credit_code_run(const struct check_input *input, struct check_output *output)
{
    static const struct paper paper = {
        .forms = {identity_credit_code},
        .lengths = LENGTH(18),
        .description = "A credit code has 18 characters: department, class, six digits of region, "
                       "organisation code and check character."};
    run(&paper, input, output);
}

static void organisation_code_run(const struct check_input *input, struct check_output *output)
{
    static const struct paper paper = {
        .forms = {identity_organisation_code},
        .lengths = LENGTH(9),
        .description = "An organisation code has eight digits or letters and a check character."};
    run(&paper, input, output);
}

static void business_licence_run(const struct check_input *input, struct check_output *output)
{
    static const struct paper paper = {
        .forms = {identity_licence},
        .lengths = LENGTH(15),
        .description = "A business licence or tax number of the years before 2015 has 15 "
                       "characters that begin with six digits of region."};
    run(&paper, input, output);
}

static void taiwan_organisation_run(const struct check_input *input, struct check_output *output)
{
    static const struct paper paper = {.forms = {identity_taiwan_organisation},
                                       .lengths = LENGTH(8),
                                       .description = "A Taiwan 統一編號 has eight digits."};
    run(&paper, input, output);
}

static void hong_kong_run(const struct check_input *input, struct check_output *output)
{
    static const struct paper paper = {
        .forms = {identity_hong_kong},
        .lengths = LENGTH(8) | LENGTH(9),
        .description = "A Hong Kong identity card has one or two letters, six digits and a check "
                       "character."};
    run(&paper, input, output);
}

static void macao_run(const struct check_input *input, struct check_output *output)
{
    static const struct paper paper = {
        .forms = {identity_macao},
        .lengths = LENGTH(8),
        .description = "A Macao identity card has eight digits that begin with 1, 5 or 7."};
    run(&paper, input, output);
}

static void taiwan_run(const struct check_input *input, struct check_output *output)
{
    static const struct paper paper = {
        .forms = {identity_taiwan},
        .type = "taiwan",
        .lengths = LENGTH(10),
        .description = "A Taiwan identity number has a letter, 1 or 2, and eight digits."};
    run(&paper, input, output);
}

static void taiwan_resident_run(const struct check_input *input, struct check_output *output)
{
    static const struct paper paper = {
        .forms = {identity_taiwan},
        .type = "taiwan_resident",
        .lengths = LENGTH(10),
        .description =
            "A Taiwan resident's number has a letter, 8 or 9 (before 2021: a letter A to "
            "D), and eight digits."};
    run(&paper, input, output);
}

static void travel_permit_run(const struct check_input *input, struct check_output *output)
{
    static const struct paper paper = {
        .forms = {identity_permit},
        .lengths = LENGTH(8) | LENGTH(9) | LENGTH(11),
        .description = "A permit to travel to the mainland has H or M and 8 or 10 digits (Hong "
                       "Kong, Macao), or 8 digits (Taiwan)."};
    run(&paper, input, output);
}

static void passport_run(const struct check_input *input, struct check_output *output)
{
    static const struct paper paper = {.forms = {identity_passport, identity_other},
                                       .lengths = LENGTH(6) | LENGTH(7) | LENGTH(8) | LENGTH(9),
                                       .description =
                                           "A passport number has six to nine digits and letters."};
    run(&paper, input, output);
}

const struct check check_resident = {.name = "resident_id", .run = resident_run};
const struct check check_resident_strict = {.name = "resident_id_strict",
                                            .run = resident_strict_run};
const struct check check_residence_permit = {.name = "residence_permit",
                                             .run = residence_permit_run};
const struct check check_permanent_resident = {.name = "permanent_resident",
                                               .run = permanent_resident_run};
const struct check check_credit_code = {.name = "credit_code", .run = credit_code_run};
const struct check check_organisation_code = {.name = "organisation_code",
                                              .run = organisation_code_run};
const struct check check_business_licence = {.name = "business_licence",
                                             .run = business_licence_run};
const struct check check_taiwan_organisation = {.name = "taiwan_organisation",
                                                .run = taiwan_organisation_run};
const struct check check_hong_kong = {.name = "hong_kong_id", .run = hong_kong_run};
const struct check check_macao = {.name = "macao_id", .run = macao_run};
const struct check check_taiwan = {.name = "taiwan_id", .run = taiwan_run};
const struct check check_taiwan_resident = {.name = "taiwan_resident", .run = taiwan_resident_run};
const struct check check_travel_permit = {.name = "travel_permit", .run = travel_permit_run};
const struct check check_passport = {.name = "passport", .run = passport_run};
