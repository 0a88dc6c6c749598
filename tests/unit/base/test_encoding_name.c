/* Names of encodings as people write them. */
#include "cust360/base/encoding_name.h"

#include <criterion/criterion.h>

Test(encoding_name, names_that_people_write_have_a_usual_one)
{
    static const char *const cases[][2] = {
        {"latin-1", "iso-8859-1"},
        {"Latin1", "iso-8859-1"},
        {"ISO_8859-1", "iso-8859-1"},
        {"utf8", "utf-8"},
        {"UTF_8", "utf-8"},
        {"utf-8-sig", "utf-8"},
        {"cp936", "gbk"},
        {"CP-936", "gbk"},
        {"GB-2312", "gb2312"},
        {"EUC-CN", "gb2312"},
        {"UCS-2LE", "utf-16le"},
        {"hkscs", "big5-hkscs"},
        {"windows1252", "windows-1252"},
        {"koi8-r", "koi8-r"},
        {"", ""},
        {"latin-1//IGNORE", "latin-1//IGNORE"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        cr_expect_str_eq(encoding_usual_name(cases[i][0]), cases[i][1], "%s", cases[i][0]);
}

Test(encoding_name, names_of_one_encoding_agree)
{
    cr_expect(encoding_names_agree("latin-1", "ISO-8859-1"));
    cr_expect(encoding_names_agree("KOI8-R", "koi8r"));
    cr_expect_not(encoding_names_agree("iso-8859-1", "iso-8859-15"));
    cr_expect_not(encoding_names_agree("gbk", "big5"));
    cr_expect_not(encoding_names_agree("", "utf-8"));
}
