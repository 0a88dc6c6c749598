#include "support.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Databases whose names are words of SQL itself: what is drafted has to run. */

TestSuite(profile_sql, .init = workspace_open, .fini = workspace_close, .timeout = 60);

Test(profile_sql, reserved_words_are_quoted_in_profiles_and_drafts)
{
    shell(
        "sqlite3 '%s' \"CREATE TABLE \\\"order\\\" (\\\"group\\\" INTEGER PRIMARY KEY, name TEXT, "
        "\\\"select\\\" TEXT); WITH RECURSIVE n(i) AS (SELECT 101 UNION ALL SELECT i + 7 FROM n"
        " LIMIT 60) INSERT INTO \\\"order\\\" SELECT i, 'Li Mei ' || char(97 + i %% 26, 97 + i %% "
        "7),"
        " '138' || (20000000 + i * 7919) FROM n\"",
        in_workspace("shop.sqlite"));
    struct finished finished = run("profile @/shop.sqlite --format json");
    expect_exit(finished, 0);
    expect_contains(finished.output,
                    "select \\\"group\\\", name, \\\"select\\\" from \\\"order\\\"");
    write_text("shop.json", finished.output);
    finished_release(&finished);
    static const char *const from[] = {"@/shop.sqlite", "@/shop.json"};
    for (size_t i = 0; i < sizeof(from) / sizeof(from[0]); i++) {
        finished = run("draft %s --name shop --as-of 2026-06-30 --out @/draft.yaml", from[i]);
        expect_exit(finished, 0);
        finished_release(&finished);
        char *draft = read_text("draft.yaml");
        cr_expect(strstr(draft, " from \"order\""), "%s", draft);
        free(draft);
        shell("sqlite3 '%s' \"$(sed -n 's/^    query: //p' '%s')\" | wc -l | grep -qx 60",
              in_workspace("shop.sqlite"), in_workspace("draft.yaml"));
    }
    /* The database's quote is of the profile. */
    shell("jq '.quote = \"`\"' '%s' > '%s'", in_workspace("shop.json"), in_workspace("other.json"));
    finished = run("draft @/other.json --name shop --as-of 2026-06-30");
    expect_exit(finished, 0);
    expect_contains(finished.output, "`group`");
    finished_release(&finished);
}
