#include "cust360/base/digest.h"

#include <criterion/criterion.h>
#include <string.h>

/* The examples of RFC 4231 whose keys are not longer than a block. */
Test(digest_keyed, is_as_the_standard_has_it)
{
    char text[DIGEST_TEXT_BYTES];
    char key[20];
    memset(key, 0x0b, sizeof(key));
    digest_keyed(slice_make(key, sizeof(key)), SLICE("Hi There"), text);
    cr_assert_str_eq(text, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    digest_keyed(SLICE("Jefe"), SLICE("what do ya want for nothing?"), text);
    cr_assert_str_eq(text, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}
