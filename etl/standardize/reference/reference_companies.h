/* reference_companies.h: what the reference tables know of organisations' names.
 *
 * Tables: company_terms.csv, province_aliases.csv (English names). Words are in simplified
 * characters, ASCII letters in lower case. */
#ifndef CUST360_STANDARDIZE_REFERENCE_COMPANIES_H
#define CUST360_STANDARDIZE_REFERENCE_COMPANIES_H

#include "standardize/reference/reference.h"
#include "standardize/text/trie.h"

enum company_term_kind {
    COMPANY_LIMITED, /* 有限公司 and what means the same: tells nothing of which company it is */
    COMPANY_SHARES, /* 股份有限公司, 集团有限公司: another company than the 有限公司 of its name */
    COMPANY_BRANCH, /* 分公司, 支行: a part of a company */
    COMPANY_OTHER,  /* 厂, 店, 事务所: a part of the name */
    COMPANY_PUBLIC  /* 医院, 法院: the same, and the region tells which it is */
};

struct company_term {
    enum company_term_kind kind;
    size_t characters;
    struct slice kept; /* of COMPANY_SHARES: what stays of it in the key: 股份 */
};

struct company_tables {
    struct trie *endings;       /* reversed; value: index into terms */
    struct trie *trades;        /* value: index into trade_names */
    struct trie *remarks;       /* reversed: 公章, 已注销: behind a name; value: 0 */
    struct map *spelled_forms;  /* co, ltd, inc: the value is 0 */
    struct map *spelled_places; /* shanghai, china: the value is 0 */
    struct slice *trade_names; /* what an abbreviation stands for; else empty: 汽修, 汽车维修 */
    struct company_term *terms;
};

/* The loader of reference->companies. */
bool companies_load(struct reference *reference, struct error *error);

#endif
