#include "cust360/profile_sql.h"

#include <criterion/criterion.h>

Test(sql_name, names_are_quoted_where_sql_would_read_them_otherwise)
{
    static const struct {
        const char *name;
        char quote;
        const char *expected;
    } cases[] = {
        {"customer_no", '"', "customer_no"},
        {"KHBH", '"', "\"KHBH\""},
        {"order", '"', "\"order\""},
        {"Group", '`', "`Group`"},
        {"SELECT", '\0', "\"SELECT\""},
        {"user", '[', "[user]"},
        {"CustNo", '"', "\"CustNo\""},
        {"2nd", '"', "\"2nd\""},
        {"a\"b", '"', "\"a\"\"b\""},
        {"a]b", '[', "[a]]b]"},
        {"姓名", '`', "`姓名`"},
        {"order", ' ', "order"},
    };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        cr_expect_str_eq(profile_sql_name(arena, cases[i].name, cases[i].quote), cases[i].expected);
    arena_destroy(arena);
}
