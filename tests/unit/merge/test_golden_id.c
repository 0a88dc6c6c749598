#include "cust360/base/map.h"
#include "cust360/golden.h"

#include <criterion/criterion.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

Test(golden_id, has_its_form)
{
    char id[GOLDEN_ID_BYTES];
    for (uint32_t number = 1; number < 2000; number++) {
        golden_id_format(number, id);
        cr_assert_eq(strlen(id), 10);
        cr_assert_eq(id[0], 'C');
        cr_assert_eq(strspn(id + 1, alphabet), 9);
    }
}

Test(golden_id, never_changes)
{
    /* Ids are published: were one of these to change, every system that holds one would be wrong.
     */
    static const struct {
        uint32_t number;
        const char *id;
    } cases[] = {
        {1, "CXZVS8WFR4"},
        {2, "C36Z957BF0"},
        {1000000, "CWRK0CQ2NH"},
        {UINT32_MAX, "C9VK5WEVQZ"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char id[GOLDEN_ID_BYTES];
        golden_id_format(cases[i].number, id);
        cr_expect_str_eq(id, cases[i].id);
    }
}

Test(golden_id, gives_its_number_back)
{
    char id[GOLDEN_ID_BYTES];
    uint32_t number = 0;
    for (uint64_t n = 1; n <= UINT32_MAX; n = n * 3 + 1) {
        golden_id_format((uint32_t)n, id);
        cr_assert(golden_id_parse(slice_of(id), &number), "%s", id);
        cr_assert_eq(number, n);
    }
    golden_id_format(UINT32_MAX, id);
    cr_assert(golden_id_parse(slice_of(id), &number));
    cr_assert_eq(number, UINT32_MAX);
}

Test(golden_id, is_different_for_each_number)
{
    struct map *ids = map_create();
    char id[GOLDEN_ID_BYTES];
    for (uint32_t number = 1; number <= 20000; number++) {
        golden_id_format(number, id);
        map_intern(ids, slice_of(id));
    }
    cr_assert_eq(map_count(ids), 20000);
    map_destroy(ids);
}

Test(golden_id, neighbours_look_nothing_alike)
{
    char id[GOLDEN_ID_BYTES];
    char next[GOLDEN_ID_BYTES];
    size_t same = 0;
    for (uint32_t number = 1; number <= 1000; number++) {
        golden_id_format(number, id);
        golden_id_format(number + 1, next);
        for (size_t i = 1; i < 9; i++)
            same += id[i] == next[i];
    }
    cr_assert_lt(same, 8000 / 8, "%zu of 8000 characters are the same", same);
}

Test(golden_id, any_wrong_character_is_noticed)
{
    char id[GOLDEN_ID_BYTES];
    uint32_t number;
    golden_id_format(4711, id);
    for (size_t i = 1; i < 10; i++) {
        char right = id[i];
        for (const char *wrong = alphabet; *wrong; wrong++) {
            id[i] = *wrong;
            cr_expect_eq(golden_id_parse(slice_of(id), &number), *wrong == right, "%s", id);
        }
        id[i] = right;
    }
}

Test(golden_id, any_exchange_of_two_characters_is_noticed)
{
    char id[GOLDEN_ID_BYTES];
    uint32_t number;
    for (uint32_t n = 1; n < 200; n++) {
        golden_id_format(n, id);
        for (size_t i = 1; i < 10; i++)
            for (size_t j = i + 1; j < 10; j++) {
                if (id[i] == id[j])
                    continue;
                char swapped[GOLDEN_ID_BYTES];
                memcpy(swapped, id, sizeof(swapped));
                swapped[i] = id[j];
                swapped[j] = id[i];
                cr_assert_not(golden_id_parse(slice_of(swapped), &number), "%s for %s", swapped,
                              id);
            }
    }
}

Test(golden_id, is_read_as_people_type_it)
{
    char id[GOLDEN_ID_BYTES];
    char typed[32];
    uint32_t number = 0;
    for (uint32_t n = 1; n < 500; n++) {
        size_t length = 0;
        golden_id_format(n, id);
        for (size_t i = 0; id[i]; i++) {
            char c = id[i];
            if (i == 5)
                typed[length++] = n % 2 ? '-' : ' ';
            c = c == '0' ? 'O' : c == '1' ? (n % 2 ? 'i' : 'L') : c;
            typed[length++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        }
        cr_assert(golden_id_parse(slice_make(typed, length), &number), "%.*s", (int)length, typed);
        cr_assert_eq(number, n);
    }
}

Test(golden_id, what_is_none_is_refused)
{
    static const char *const cases[] = {
        "", "C", "C00000000", "C000000000", "CCCCCCCCCCCC", "王小明", "13800138000", "C!!!!!!!!!",
    };
    uint32_t number = 7;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        cr_expect_not(golden_id_parse(slice_of(cases[i]), &number), "%s", cases[i]);
    cr_assert_eq(number, 7, "nothing is written when there is none");
}
