#include "cust360/base/memory.h"
#include "night.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whatever stewards say and take back in whatever order: customers, their values and the open
 * questions are those of a state that never saw anything else and is rebuilt with the decisions.
 * CUST360_REVIEW_SEEDS=N tries N seeds, CUST360_REVIEW_SEED=N that one alone. */

enum { SEEDS = 2, STEPS = 45, KEYS_BYTES = 2048 };

#define SHELL_PROJECT                                                                              \
    "\"${CUST360:-build/cust360}\" review -c samples/group/cust360.yaml --state '%s' --out '%s'"

TestSuite(review_random, .init = night_open, .fini = workspace_close, .timeout = 3600);

static uint64_t random_state;

static unsigned roll(unsigned sides)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % sides;
}

/* What a steward might type on whatever case is there; what does not fit it is refused. */
static const char *random_keys(void)
{
    static const char *const keys[] = {
        "m",
        "m",
        "m",
        "n",
        "n",
        "n",
        "z",
        "z",
        " ",
        "s1\n",
        "s2\n",
        "1",
        "2",
        "j2",
        "jjj1",
        "ewritten\nas told\n\n",
        "e\nas told\n2030-01-01\n",
        "x",
        "x",
        "h",
        "uwho knows\n",
        "s1 2\n",
        "cnote\nm",
    };
    return keys[roll(sizeof(keys) / sizeof(keys[0]))];
}

static void sit_down(const char *who)
{
    char keys[KEYS_BYTES] = "";
    size_t length = 0;
    for (int i = 0; i < STEPS; i++)
        length += (size_t)snprintf(keys + length, sizeof(keys) - length, "%s", random_keys());
    snprintf(keys + length, sizeof(keys) - length, "q");
    write_text("keys", keys);
    shell(SHELL_PROJECT " --language en --who %s < '%s' > '%s' 2>&1", in_workspace("state"),
          in_workspace("out"), who, in_workspace("keys"), in_workspace("screen"));
}

/* The customers by their records' source keys, not by ids, which tell when a customer was made. */
static const char customers[] =
    "SELECT group_concat(k), g.type, g.name, g.name_key, g.gender, g.birth_date, g.id_number,"
    " g.mobile, g.landline, g.email, g.address, g.city, g.occupation, g.record_count,"
    " g.source_count FROM (SELECT x.golden_number, s.name || ':' || r.source_key AS k FROM"
    " crosswalk x JOIN record_customer r USING (record_id) JOIN source s USING (source_id) WHERE"
    " closed_run IS NULL ORDER BY 1, 2) JOIN golden g USING (golden_number) GROUP BY"
    " g.golden_number ORDER BY 1";
static const char questions[] =
    "SELECT case_key, kind, status, attribute, reason, priority FROM review_case WHERE kind NOT IN"
    " (5, 6) ORDER BY 1";

static void write_state(const char *state, const char *into)
{
    shell("sqlite3 '%s/state.db' \"%s\" \"%s\" > '%s'", in_workspace(state), customers, questions,
          in_workspace(into));
}

static void try_seed(uint64_t seed)
{
    random_state = seed;
    shell("rm -rf '%s'; cp -r '%s' '%s'", in_workspace("state"), in_workspace("first"),
          in_workspace("state"));
    sit_down("anna");
    sit_down("berta");
    write_state("state", "as-decided");
    shell("sqlite3 '%s/state.db' '.dump decision' | grep '^INSERT' > '%s'; rm -rf '%s'; cp -r '%s'"
          " '%s'; sqlite3 '%s/state.db' < '%s'",
          in_workspace("state"), in_workspace("decisions.sql"), in_workspace("state"),
          in_workspace("first"), in_workspace("state"), in_workspace("state"),
          in_workspace("decisions.sql"));
    cr_expect_gt(query_number("state/state.db", "SELECT count(*) FROM decision"), 5);
    night_run("--rebuild", 0);
    write_state("state", "rebuilt");
    shell("diff '%s' '%s' > '%s' || true", in_workspace("as-decided"), in_workspace("rebuilt"),
          in_workspace("difference"));
    char *difference = read_text("difference");
    cr_expect_str_empty(difference, "seed %llu:\n%s", (unsigned long long)seed, difference);
    memory_free(difference);
}

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

Test(review_random, what_is_said_and_taken_back_equals_a_rebuild_with_the_decisions)
{
    uint64_t only = setting("CUST360_REVIEW_SEED", 0);
    uint64_t seeds = setting("CUST360_REVIEW_SEEDS", SEEDS);
    night_run("", 0);
    /* The first steward who comes brings indexes, and cars to the cases' weight. */
    shell(SHELL_PROJECT " stats > '%s'", in_workspace("state"), in_workspace("out"),
          in_workspace("screen"));
    shell("mv '%s' '%s'", in_workspace("state"), in_workspace("first"));
    for (uint64_t seed = only ? only : 1; seed <= (only ? only : seeds); seed++)
        try_seed(seed);
}
