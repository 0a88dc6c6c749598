/* name_company.h: what the steps of reading an organisation's name share. */
#ifndef CUST360_STANDARDIZE_NAME_COMPANY_H
#define CUST360_STANDARDIZE_NAME_COMPANY_H

#include "standardize/name/name.h"
#include "standardize/reference/reference_companies.h"

/* A name seen as an organisation's: without spaces, remarks and the person named beside it. */
struct company_view {
    const struct reference *reference;
    struct glyphs company;
    struct glyphs person; /* count 0: none */
    bool has_note;        /* something was left out: 公章 */
};

void name_company_view(const struct check_input *input, struct glyphs name,
                       struct company_view *view);

/* Whether the text is a division, or 中国. */
bool company_is_region(const struct reference *reference, struct glyphs text);

/* The longest word of organisations at the end of the name, or NULL. */
const struct company_term *company_ending_find(const struct company_tables *tables,
                                               struct glyphs name);

#endif
