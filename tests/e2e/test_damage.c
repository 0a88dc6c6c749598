#include "small_group.h"

#include "cust360/base/memory.h"

#include <criterion/criterion.h>

/* Files of the program that something else has damaged. */

TestSuite(damage, .init = small_group_open, .fini = workspace_close, .timeout = 300);

/* What is done to the file at the path "$f". */
static const char *const damages[] = {
    ": > \"$f\"",
    "echo 'this is no database' > \"$f\"",
    "truncate -s -4096 \"$f\"",
    "truncate -s 20000 \"$f\"",
};

enum { DAMAGES = sizeof(damages) / sizeof(damages[0]) };

/* Damages what the file was at first. A published view has a second name among the kept ones: a
 * copy is damaged, not both. */
static void damage(const char *file, size_t how)
{
    shell("f='%s'; [ -e \"$f.sound\" ] || cp \"$f\" \"$f.sound\"; rm -f \"$f\"; "
          "cp \"$f.sound\" \"$f\"; %s",
          in_workspace(file), damages[how]);
}

Test(damage, a_view_that_cannot_be_read_is_made_anew)
{
    quiet_night("2026-06-30", "", 0);
    long former = customers();
    for (size_t i = 0; i < DAMAGES; i++) {
        damage(VIEW, i);
        quiet_night("2026-06-30", "", 0); /* nothing has changed */
        cr_expect_eq(customers(), former, "%s", damages[i]);
    }
}

Test(damage, a_damaged_state_is_named_and_the_view_stays)
{
    quiet_night("2026-06-30", "", 0);
    long former = customers();
    for (size_t i = 1; i < DAMAGES; i++) {
        damage(STATE, i);
        char *messages = night("2026-06-30", "", 1);
        expect_contains(messages, "state/state.db");
        expect_contains(messages, "the file is damaged: put a sound copy of it in its place");
        memory_free(messages);
        cr_expect_eq(customers(), former, "%s", damages[i]);
    }
}
