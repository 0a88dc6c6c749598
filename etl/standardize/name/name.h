/* name.h: the ways of reading a name, behind the check person_or_company_name (check_name.c).
 *
 * Each takes a cleaned name apart and fills the check's output. */
#ifndef CUST360_STANDARDIZE_NAME_H
#define CUST360_STANDARDIZE_NAME_H

#include "standardize/check.h"
#include "standardize/text/glyphs.h"

/* A person's name. Parts: key and pinyin (not when only the surname is known), surname, given,
 * gender (M or F, from a title), other (a second name), alias (in letters). Findings: placeholder,
 * possible_placeholder, surname_only, incomplete, masked, relative, several, note_removed,
 * digits_removed. */
void name_read_person(const struct check_input *input, struct glyphs name,
                      struct check_output *output);

/* The short way for a person's name: false when it is not so plain (see check_brief_function). */
bool name_read_plain(const struct check_input *input, struct check_output *output);

/* A person's name in letters, without ideographs: parts key and pinyin (both the letters, surname
 * first where that can be told). `gender`: what a title in front told, M or F; 0: none. */
void name_read_latin(const struct check_input *input, struct glyphs name, char gender,
                     struct check_output *output);

/* An organisation's name. Parts: key (the same for all spellings of one company: without region,
 * brackets and 有限公司), core (without share and group forms too), pinyin; and what it is made of:
 * region, brand, trade, form, branch. Findings: placeholder. */
void name_read_company(const struct check_input *input, struct glyphs name,
                       struct check_output *output);

/* Whether the name ends in a word that only organisations have: a legal form, or anything such. */
enum company_sign { COMPANY_NO, COMPANY_LIKELY, COMPANY_CERTAIN };
enum company_sign name_company_sign(const struct reference *reference, struct glyphs name);

/* Refuses the name when it is a placeholder, or no name at all; `whole` as in placeholder_find. */
bool name_refuse_placeholder(const struct check_input *input, struct glyphs name, bool whole,
                             struct check_output *output);

/* Empties the output: code and message say why. */
void name_refuse(struct check_output *output, const char *code, const char *message);

#endif
