#include "extract/xml_problem.h"

void xml_problem_hint(unsigned repair, unsigned wanted, struct error *error)
{
    static const struct {
        enum repair repair;
        const char *name;
    } names[] = {
        {REPAIR_PROLOG, "prolog"},
        {REPAIR_LEADING_TEXT, "leading_text"},
        {REPAIR_AMPERSAND, "ampersand"},
        {REPAIR_TRAILING_TEXT, "trailing_text"},
        {REPAIR_ATTRIBUTE_QUOTES, "attribute_quotes"},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (repair == (unsigned)names[i].repair && !(wanted & repair)) {
            error_hint(error,
                       "have it exported as XML says, or let the mapping mend it: repair: [%s]",
                       names[i].name);
            return;
        }
    if (repair == REPAIR_PROLOG || repair == REPAIR_TRAILING_TEXT)
        error_hint(error, "another document seems to begin here: each needs a file of its own");
    else
        error_hint(error, "have it exported again; when that does not help the program that "
                          "exports it has to be mended");
}
