/* Codes of a standard's list (code_sets.csv, countries.csv). The rule file says which list:
 * `format: occupation`. Canonical: the code. */
#include "standardize/checks.h"
#include "standardize/reference/reference_codes.h"
#include "standardize/text/unicode.h"

static void code_set_run(const struct check_input *input, struct check_output *output)
{
    const struct code_tables *tables = input->reference->codes;
    struct slice set = slice_of(input->format);
    const struct code_entry *entry = code_find(tables, set, input->value);
    if (!entry)
        entry =
            code_find(tables, set, unicode_simplify(input->reference, input->value, input->arena));
    if (!entry) {
        bool exists = code_set_exists(tables, set);
        check_add_finding(output, SEVERITY_ERROR, "unknown_code",
                          exists ? "The text is no code of the list and no word for one."
                                 : "There is no list of the name that `format` gives.");
        return;
    }
    output->value = entry->code;
    check_add_part(output, "label", entry->label_zh);
    check_add_part(output, "label_en", entry->label_en);
}

const struct check check_code_set = {.name = "code_set", .run = code_set_run};
