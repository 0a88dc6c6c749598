#include "standardize/checks.h"

static const struct check *const checks[] = {
    &check_address,
    &check_birth_range,
    &check_business_licence,
    &check_china_time,
    &check_code_set,
    &check_company_name,
    &check_count,
    &check_credit_code,
    &check_date,
    &check_date_range,
    &check_date_time,
    &check_distance,
    &check_email,
    &check_hong_kong,
    &check_identity,
    &check_landline,
    &check_macao,
    &check_mobile,
    &check_money,
    &check_name,
    &check_organisation_code,
    &check_passport,
    &check_permanent_resident,
    &check_person_name,
    &check_phone,
    &check_plate,
    &check_residence_permit,
    &check_resident,
    &check_resident_strict,
    &check_taiwan,
    &check_taiwan_organisation,
    &check_taiwan_resident,
    &check_travel_permit,
    &check_vin,
    &check_vin_format,
};

enum { CHECK_COUNT = sizeof(checks) / sizeof(checks[0]) };

const struct check *check_find(const char *name)
{
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        if (strcmp(checks[i]->name, name) == 0)
            return checks[i];
    }
    return NULL;
}

size_t check_names(const char **names, size_t limit)
{
    size_t count = 0;
    for (; count < CHECK_COUNT && count < limit; count++)
        names[count] = checks[count]->name;
    return count;
}

void check_add_finding(struct check_output *output, enum severity severity, const char *code,
                       const char *message)
{
    if (output->finding_count < CHECK_FINDINGS)
        output->findings[output->finding_count++] = (struct check_finding){code, message, severity};
}

static const char *const read_fields[] = {"type", "gender", "birth_date", "region"};

bool check_may_read(const char *field)
{
    for (size_t i = 0; i < sizeof(read_fields) / sizeof(read_fields[0]); i++)
        if (strcmp(field, read_fields[i]) == 0)
            return true;
    return false;
}

struct slice check_field(const struct check_input *input, const char *field)
{
    if (!input->entity)
        return slice_make(NULL, 0);
    for (size_t i = 0; i < input->entity->field_count; i++) {
        const char *name = input->entity->fields[i].name;
        if (name[0] == field[0] && strcmp(name, field) == 0)
            return input->values[i];
    }
    return slice_make(NULL, 0);
}
