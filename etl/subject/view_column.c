#include "cust360/subject_view.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    enum view_column column;
} COLUMNS[] = {
    {"golden_id", VIEW_COLUMN_MEANT},
    {"golden_a", VIEW_COLUMN_MEANT},
    {"golden_b", VIEW_COLUMN_MEANT},
    {"fleet_golden_id", VIEW_COLUMN_MEANT},
    {"from_golden_id", VIEW_COLUMN_MEANT},
    {"to_golden_id", VIEW_COLUMN_MEANT},
    {"becomes", VIEW_COLUMN_MEANT},
    {"owner_golden_id", VIEW_COLUMN_MENTIONED},
    {"referrer_golden_id", VIEW_COLUMN_MENTIONED},
    {"plan_golden_id", VIEW_COLUMN_MENTIONED},
    {"contact_value", VIEW_COLUMN_CONTACT},
    {"vin", VIEW_COLUMN_VIN},
};

enum view_column view_column_of(const char *name)
{
    for (size_t i = 0; i < sizeof(COLUMNS) / sizeof(COLUMNS[0]); i++)
        if (strcmp(COLUMNS[i].name, name) == 0)
            return COLUMNS[i].column;
    return VIEW_COLUMN_OTHER;
}
