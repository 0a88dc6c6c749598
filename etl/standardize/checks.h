/* checks.h: the built-in checks by name. A check's constant is declared here and defined in its own
 * file; the table of checks.c makes it known to rule files. */
#ifndef CUST360_STANDARDIZE_CHECKS_H
#define CUST360_STANDARDIZE_CHECKS_H

#include "standardize/check.h"

extern const struct check check_address;
extern const struct check check_birth_range;
extern const struct check check_business_licence;
extern const struct check check_china_time;
extern const struct check check_code_set;
extern const struct check check_company_name;
extern const struct check check_count;
extern const struct check check_credit_code;
extern const struct check check_date;
extern const struct check check_date_range;
extern const struct check check_date_time;
extern const struct check check_distance;
extern const struct check check_email;
extern const struct check check_hong_kong;
extern const struct check check_identity;
extern const struct check check_landline;
extern const struct check check_macao;
extern const struct check check_mobile;
extern const struct check check_money;
extern const struct check check_name;
extern const struct check check_organisation_code;
extern const struct check check_passport;
extern const struct check check_permanent_resident;
extern const struct check check_person_name;
extern const struct check check_phone;
extern const struct check check_plate;
extern const struct check check_residence_permit;
extern const struct check check_resident;
extern const struct check check_resident_strict;
extern const struct check check_taiwan;
extern const struct check check_taiwan_organisation;
extern const struct check check_taiwan_resident;
extern const struct check check_travel_permit;
extern const struct check check_vin;
extern const struct check check_vin_format;

/* The check of this name, or NULL. */
const struct check *check_find(const char *name);

/* Writes up to `limit` names, for "did you mean"; returns how many. */
size_t check_names(const char **names, size_t limit);

#endif
