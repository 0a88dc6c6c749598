#include "cust360/base/html.h"

#include <criterion/criterion.h>

Test(base_html, what_people_typed_never_becomes_markup)
{
    static const struct {
        const char *text;
        const char *html;
    } cases[] = {
        {"王伟", "王伟"},
        {"<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"},
        {"\" onload=\"x", "&quot; onload=&quot;x"},
        {"R&D", "R&amp;D"},
        {"a\tb\nc", "a b c"},
        {"\x01\x7F", "  "},
        {"\xC2\x85", " "},
        {"\xFF", "\xEF\xBF\xBD"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buffer html = BUFFER_EMPTY;
        html_append_text(&html, cases[i].text);
        cr_expect(slice_equal(buffer_slice(&html), slice_of(cases[i].html)), "%s", cases[i].text);
        buffer_release(&html);
    }
}
