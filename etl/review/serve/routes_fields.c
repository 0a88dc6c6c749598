#include "routes_fields.h"
#include "cust360/base/text.h"
#include "cust360/review_decide.h"

enum web_outcome route_unclear(struct error *error, const char *field)
{
    error_set(error, EXIT_USAGE, "the field %s is missing or could not be read", field);
    return WEB_UNCLEAR;
}

enum web_outcome route_outcome(const struct error *error, enum web_outcome otherwise)
{
    switch (error->exit_code) {
    case EXIT_CONFLICT:
        return WEB_CONFLICT;
    case EXIT_LOCKED:
        return WEB_BUSY;
    case EXIT_USAGE:
        return WEB_UNCLEAR;
    case EXIT_FAILED:
        return otherwise;
    default:
        return WEB_FAILED;
    }
}

const char *route_text(const struct web_call *call, const char *name)
{
    struct slice value = web_field_value(call->fields, name);
    return value.length > 0 ? arena_text(call->arena, value) : NULL;
}

bool route_number(const struct web_call *call, const char *name, int64_t most, int64_t *number)
{
    struct slice value = web_field_value(call->fields, name);
    int64_t read = 0;
    if (value.length == 0)
        return true;
    if (!text_to_integer(value, &read) || read < 0 || read > most)
        return false;
    *number = read;
    return true;
}
