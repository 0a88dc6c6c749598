#include "cust360/config.h"
#include "review/serve/page_mask.h"

#include <criterion/criterion.h>

static struct model_field fields[] = {{.name = "name", .personal = true},
                                      {.name = "mobile", .personal = true},
                                      {.name = "city"},
                                      {.name = "address", .personal = true},
                                      {.name = "email", .personal = true},
                                      {.name = "principal", .personal = true}};
static struct model_entity entities[] = {
    {.name = "customer", .fields = fields, .field_count = sizeof(fields) / sizeof(fields[0])}};
static const struct model model = {.entities = entities, .entity_count = 1};

Test(page_mask, personal_values_are_masked_and_the_rest_stays)
{
    static const struct {
        const char *json;
        const char *masked;
    } cases[] = {
        {"{\"mobile\": \"13812345678\"}", "{\"mobile\": \"138****5678\"}"},
        {"{\"name\":\"王小明\",\"city\":\"上海\"}", "{\"name\":\"王**\",\"city\":\"上海\"}"},
        {"{\"a\":1,\"name\":null,\"b\":\"name\"}", "{\"a\":1,\"name\":null,\"b\":\"name\"}"},
        {"[{\"value\":\"13812345678\",\"channel\":\"mobile\"}]",
         "[{\"value\":\"138****5678\",\"channel\":\"mobile\"}]"},
        {"{\"address\":\"a\\\"b\\\\\",\"x\":\"y\"}", "{\"address\":\"***\",\"x\":\"y\"}"},
        {"{\"email\":\"\"}", "{\"email\":\"\"}"},
        {"{\"detail\":\"\\u0041 \\\" mobile\"}", "{\"detail\":\"\\u0041 \\\" mobile\"}"},
        {"{\"mobile\" : [\"13812345678\",\"13912345678\"]}",
         "{\"mobile\" : [\"138****5678\",\"139****5678\"]}"},
        {"{\"principal\": -1.5e3,\"months\": 36}", "{\"principal\": null,\"months\": 36}"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buffer masked = BUFFER_EMPTY;
        page_mask(&model, slice_of(cases[i].json), &masked);
        cr_expect(slice_equal(buffer_slice(&masked), slice_of(cases[i].masked)), "%s\n%s",
                  cases[i].json, masked.data);
        buffer_release(&masked);
    }
}

Test(page_mask, what_is_cut_off_does_not_break_it)
{
    static const char json[] = "{\"mobile\": \"138\\\"12345678\", \"a\": \"b\"}";
    for (size_t length = 0; length <= sizeof(json) - 1; length++) {
        struct buffer masked = BUFFER_EMPTY;
        page_mask(&model, slice_make(json, length), &masked);
        cr_expect(length < 20 || !strstr(masked.data, "12345678"), "%zu", length);
        buffer_release(&masked);
    }
}
