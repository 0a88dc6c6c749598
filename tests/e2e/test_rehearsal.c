#include "cust360/base/memory.h"
#include "small_group.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* `run --dry-run`: what a night would change, without changing anything. */

TestSuite(rehearsal, .init = small_group_open, .fini = workspace_close, .timeout = 240);

#define DAY " --as-of 2026-06-30"

static void keep_sums(void)
{
    shell("cd '%s' && find state out -type f -not -path 'state/rehearsals/*' -not -name audit.log "
          "| sort | xargs md5sum"
          " > sums",
          in_workspace("."));
}

/* Byte for byte, and no file more or less. */
static void expect_untouched(void)
{
    shell("cd '%s' && find state out -type f -not -path 'state/rehearsals/*' -not -name audit.log "
          "| sort | xargs md5sum"
          " | cmp - sums && [ ! -e state/rehearsals/work ]",
          in_workspace("."));
}

static void expect_json(const char *name, const char *test)
{
    shell("jq -e '%s' '%s' > /dev/null", test, in_workspace(name));
}

static struct finished rehearse(const char *options, int exit_code)
{
    struct finished finished = run("run -c @/cust360.yaml --dry-run" DAY " %s", options);
    expect_exit(finished, exit_code);
    return finished;
}

Test(rehearsal, it_tells_what_would_change_and_leaves_all_as_it_was)
{
    struct finished first = run("run -c @/cust360.yaml" DAY);
    expect_exit(first, 0);
    finished_release(&first);
    keep_sums();
    shell("sed -i '2d; 5s/Li Mei/Li Mai/' '%s' && echo '9001,Wang Newly,13800999999' >> '%s'",
          in_workspace("feeds/D01.csv"), in_workspace("feeds/D01.csv"));
    shell("echo 'broken row' >> '%s'", in_workspace("feeds/E01.csv"));
    struct finished finished = rehearse("", 0);
    expect_untouched();
    expect_contains(finished.output, "rehearsal 1; nothing was published");
    expect_contains(finished.output, "created C");
    expect_lacks(finished.output, "Wang Newly");
    expect_contains(finished.output, "1 × columns: rows rejected, first at E01.csv:602");
    finished_release(&finished);
    expect_json("state/rehearsals/000001.json",
                ".golden == {created: 1, changed: 1, merged: 0, split: 0, gone: 1, unchanged: 1198}"
                " and .rows_rejected == 1 and (.examples | length) == 3");
    cr_expect(exists("state/rehearsals/000001.html"));
    /* What the model calls plain is told whole, all else only as far as people may see it. */
    expect_json("state/rehearsals/000001.json",
                "[.examples[] | select(.change == \"created\") | .values[] | {(.column): .after}] |"
                " add | .type == \"person\" and .name == \"W********y\"");

    finished = rehearse("--unmasked", 0);
    expect_contains(finished.output, "Wang Newly");
    expect_contains(finished.output, "before");
    finished_release(&finished);
    finished = rehearse("--format json", 0);
    expect_contains(finished.output, "\"former\": 2");
    finished_release(&finished);
    expect_untouched();
}

Test(rehearsal, merges_and_splits_are_told)
{
    struct finished first = run("run -c @/cust360.yaml" DAY);
    expect_exit(first, 0);
    finished_release(&first);
    keep_sums();
    /* A customer of D01 turns up in E01's data: the two are one from now on. */
    shell("sed -n 10p '%s' > '%s' && n=$(cut -d, -f2- '%s') && sed -i \"10s/,.*/,$n/\" '%s'",
          in_workspace("feeds/D01.csv"), in_workspace("row"), in_workspace("row"),
          in_workspace("feeds/E01.csv"));
    struct finished finished = rehearse("", 0);
    finished_release(&finished);
    expect_json("state/rehearsals/000001.json", ".golden.merged == 1 and .golden.created == 0 and"
                                                " ([.examples[] | select(.change == \"merged\") |"
                                                " .other_id] | length) == 1");
    expect_untouched();
}

/* What was merged in a former night comes apart: its id lives again, and is no new customer. */
Test(rehearsal, one_that_was_merged_and_falls_apart_is_a_split)
{
    static const char *const mobiles[] = {"13711119999", "13711110001", "13711119999"};
    static const char *const expected[] = {
        "{created: 2, changed: 0, merged: 0, split: 0, gone: 0, unchanged: 1200}",
        "{created: 0, changed: 1, merged: 1, split: 0, gone: 0, unchanged: 1200}",
        "{created: 0, changed: 1, merged: 0, split: 1, gone: 0, unchanged: 1200}"};
    static const char *const said[] = {"2 new", "1 merged", "1 split"};
    quiet_night("2026-06-30", "", 0);
    shell("printf '9001,欧阳明轩,13711110001\\n9002,欧阳明轩,0\\n' >> '%s'",
          in_workspace("feeds/D01.csv"));
    for (size_t i = 0; i < sizeof(mobiles) / sizeof(mobiles[0]); i++) {
        shell("sed -i 's/^9002,.*/9002,欧阳明轩,%s/' '%s'", mobiles[i],
              in_workspace("feeds/D01.csv"));
        struct finished finished = rehearse("", 0);
        finished_release(&finished);
        char report[64];
        char test[256];
        snprintf(report, sizeof(report), "state/rehearsals/%06zu.json", i + 1);
        snprintf(test, sizeof(test), ".golden == %s", expected[i]);
        expect_json(report, test);
        struct finished night = run("run -c @/cust360.yaml" DAY);
        expect_contains(night.output, said[i]);
        finished_release(&night);
    }
    expect_json("state/rehearsals/000003.json",
                "[.examples[] | select(.change == \"split\")] | length == 1 and (.[0].other_id |"
                " length == 10) and any(.[0].values[]; .column == \"mobile\")");
    /* What has fallen apart once is no split again. */
    struct finished finished = rehearse("", 0);
    finished_release(&finished);
    expect_json("state/rehearsals/000004.json", ".golden.split == 0 and .golden.unchanged == 1202");
}

/* Otherwise a rehearsal of half the feeds would look like one in which nothing happens. */
Test(rehearsal, sources_that_were_not_read_are_named)
{
    quiet_night("2026-06-30", "", 0);
    shell("sed -i '1s/No,/Number,/' '%s'", in_workspace("feeds/E01.csv"));
    struct finished finished = rehearse("", 3);
    expect_contains(finished.output, "not rehearsed; what was read of them last stands");
    expect_contains(finished.output, "  E01: E01.csv:1: the column \"No\" is missing");
    finished_release(&finished);
    expect_json("state/rehearsals/000001.json", ".sources_not_read == [{source: \"E01\", message: "
                                                ".sources_not_read[0].message}]");
    char *page = read_text("state/rehearsals/000001.html");
    expect_contains(page, "E01.csv:1: the column");
    memory_free(page);
    finished = run("status -c @/cust360.yaml --rehearsals --format json");
    expect_contains(finished.output, "\"sources_not_read\": 1");
    finished_release(&finished);
    finished = run("status -c @/cust360.yaml --rehearsals");
    expect_contains(finished.output, "not read");
    finished_release(&finished);
}

/* The state of a run that has failed is there, and has nothing in it. */
Test(rehearsal, after_a_first_night_that_failed)
{
    shell("cd '%s' && cp -r feeds kept && rm feeds/*", in_workspace("."));
    struct finished failed = run("run -c @/cust360.yaml" DAY);
    cr_assert_neq(failed.exit_code, 0);
    finished_release(&failed);
    shell("cd '%s' && cp kept/* feeds", in_workspace("."));
    struct finished finished = rehearse("", 0);
    finished_release(&finished);
    expect_json("state/rehearsals/000001.json", ".golden.created == 1200");
}

Test(rehearsal, the_first_night_and_one_that_a_gate_stops_can_be_rehearsed)
{
    struct finished finished = rehearse("", 0);
    finished_release(&finished);
    expect_json("state/rehearsals/000001.json", ".golden.created == 1200");
    cr_expect_not(exists("state/state.db"));
    cr_expect_not(exists("out/customer360.db"));
    struct finished first = run("run -c @/cust360.yaml" DAY);
    expect_exit(first, 0);
    finished_release(&first);
    keep_sums();
    write_project("gates:\n  golden_count: {stop: 1%}\n", "");
    shell("seq 1 100 | sed 's/$/,Zhang Wei,/' >> '%s'", in_workspace("feeds/D01.csv"));
    shell(
        "for i in $(seq 200 299); do echo \"7$i,Chen Bo$i,137002$i$i\" | cut -c1-60; done >> '%s'",
        in_workspace("feeds/E01.csv"));
    finished = run("run -c @/cust360.yaml --dry-run" DAY);
    cr_expect(finished.exit_code == 5 || finished.exit_code == 0 || finished.exit_code == 3);
    expect_contains(finished.output, "rehearsal 2");
    finished_release(&finished);
    expect_untouched();
}

Test(rehearsal, rehearsals_are_numbered_and_listed)
{
    struct finished none = run("status -c @/cust360.yaml --rehearsals");
    expect_exit(none, 0);
    expect_contains(none.output, "no rehearsal yet: cust360 run --dry-run");
    finished_release(&none);
    shell("echo 'broken row' >> '%s'", in_workspace("feeds/E01.csv"));
    struct finished first = rehearse("", 0);
    finished_release(&first);
    shell("sed -i '$d' '%s'", in_workspace("feeds/E01.csv"));
    struct finished second = rehearse("", 0);
    expect_contains(second.output, "rehearsal 2; nothing was published");
    finished_release(&second);
    struct finished list = run("status -c @/cust360.yaml --rehearsals");
    expect_exit(list, 0);
    expect_contains(list.output, "1 fewer");
    finished_release(&list);
    list = run("status -c @/cust360.yaml --rehearsals --format json");
    expect_exit(list, 0);
    write_text("list.json", list.output);
    finished_release(&list);
    expect_json("list.json", "length == 2 and .[0].rehearsal == 1 and .[0].rows_rejected == 1 and"
                             " .[1].rejected_since_before == -1 and .[1].created == 1200");
    write_text("state/rehearsals/000003.json", "{\"rows_read\": \"many\"}");
    struct finished damaged = run("status -c @/cust360.yaml --rehearsals");
    cr_assert_neq(damaged.exit_code, 0);
    expect_contains(damaged.messages, "000003.json:1");
    finished_release(&damaged);
}
