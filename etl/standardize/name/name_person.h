/* name_person.h: what the steps of reading a person's name share (name_person.c puts them in
 * order). */
#ifndef CUST360_STANDARDIZE_NAME_PERSON_H
#define CUST360_STANDARDIZE_NAME_PERSON_H

#include "standardize/name/name.h"
#include "standardize/reference/reference_names.h"

struct person {
    const struct check_input *input;
    struct check_output *output;
    const struct name_tables *tables;
    struct glyphs name; /* an own copy, changed on the way */
    char gender;        /* that a title told; 0: none */
    bool two_genders;   /* titles contradict each other */
    bool masked;        /* 王*, 李** */
    bool surname_only;  /* 王某 */
    bool relative;      /* 王伟家属: somebody of his */
};

void person_note_gender(struct person *person, const struct honorific *honorific);

/* Whether the characters are a whole name by a surname that people commonly have. */
bool person_is_whole_name(const struct name_tables *tables, struct glyphs name);

/* ---- what is no part of the name (name_notes.c) ---- */

/* Leaves out brackets with what is in them; a bracket that never closes ends the name. When nothing
 * else is there, the name stands in the brackets. */
void person_remove_notes(struct person *person);

/* Leaves out phone numbers and plates beside the name. */
void person_remove_numbers(struct person *person);

/* Of two names the first stays, of a name in ideographs and its spelling the ideographs. */
void person_take_first(struct person *person);

/* ---- titles (name_titles.c) ---- */

/* Mr, Mrs … before a name. */
void person_remove_spelled_title(struct person *person);

/* 王总, 陈先生, 李经理先生, 小张师傅, 老王. */
void person_remove_titles(struct person *person);

#endif
