#include "match/test.h"

static bool have_common_value(const struct table *table, size_t attribute, uint32_t a, uint32_t b)
{
    const uint32_t *x = NULL;
    const uint32_t *y = NULL;
    size_t x_count = table_values(table, a, attribute, &x);
    size_t y_count = table_values(table, b, attribute, &y);
    for (size_t i = 0, j = 0; i < x_count && j < y_count;) {
        if (x[i] == y[j])
            return true;
        if (x[i] < y[j])
            i++;
        else
            j++;
    }
    return false;
}

/* Whether any value of one relates to any of the other. */
static bool texts_hold(const struct table *table, const struct condition *condition, uint32_t a,
                       uint32_t b)
{
    const uint32_t *x = NULL;
    const uint32_t *y = NULL;
    size_t x_count = table_values(table, a, condition->attribute, &x);
    size_t y_count = table_values(table, b, condition->attribute, &y);
    for (size_t i = 0; i < x_count; i++)
        for (size_t j = 0; j < y_count; j++)
            if (x[i] == y[j] ||
                condition->comparator->holds(table_text(table, condition->attribute, x[i]),
                                             table_text(table, condition->attribute, y[j]),
                                             &condition->argument))
                return true;
    return false;
}

static bool condition_holds(const struct table *table, const struct condition *condition,
                            uint32_t a, uint32_t b)
{
    uint32_t x = table_row(table, a)[condition->attribute];
    uint32_t y = table_row(table, b)[condition->attribute];
    bool known = x != VALUE_NONE && y != VALUE_NONE;
    if (condition->comparator->relation == RELATION_UNKNOWN)
        return known == condition->negated;
    if (!known)
        return false;
    bool holds = false;
    switch (condition->comparator->relation) {
    case RELATION_KNOWN:
        holds = true;
        break;
    case RELATION_TEXTS:
        holds = texts_hold(table, condition, a, b);
        break;
    default: {
        bool many = table->columns[condition->attribute].starts != NULL;
        bool equal = many ? have_common_value(table, condition->attribute, a, b) : x == y;
        holds = equal == (condition->comparator->relation == RELATION_EXACT);
    }
    }
    return holds != condition->negated;
}

bool test_holds(const struct table *table, const struct test *test, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < test->alternative_count; i++) {
        const struct alternative *alternative = &test->alternatives[i];
        size_t held = 0;
        while (held < alternative->condition_count &&
               condition_holds(table, &alternative->conditions[held], a, b))
            held++;
        if (held == alternative->condition_count)
            return true;
    }
    return test->alternative_count == 0;
}
