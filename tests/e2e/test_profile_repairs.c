#include "support.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* XML documents that are not quite XML: `profile` names the repairs, `draft` asks for them. */

TestSuite(profile_repairs, .init = workspace_open, .fini = workspace_close, .timeout = 60);

Test(profile_repairs, a_draft_repairs_the_defects_that_were_found)
{
    write_text(
        "leads.xml",
        "\n<?XML version='1.0'?>\n<adf><prospect><id>1</id><customer><contact><name>Tom & Co</name>"
        "<phone>13800138000</phone></contact></customer></prospect><prospect><id>2</id><customer>"
        "<contact><name>Ann</name><phone>13800138001</phone></contact></customer></prospect></"
        "adf>\n"
        "End of file\n");
    struct finished finished = run("draft @/leads.xml --out @/draft.yaml");
    expect_exit(finished, 0);
    finished_release(&finished);
    finished = run("profile @/leads.xml --format json");
    expect_contains(finished.output, "\"repairs\": \"prolog, ampersand, trailing_text\"");
    finished_release(&finished);
    char *draft = read_text("draft.yaml");
    cr_expect(strstr(draft, "repair: [prolog, ampersand, trailing_text]"), "%s", draft);
    free(draft);
}

/* Leads as mail programs leave them: what the draft asks for is what a run needs. */
Test(profile_repairs, a_draft_mends_what_stands_before_a_document_and_lacks_behind)
{
    write_text("lead.xml",
               "From: Li <li@x.cn>\nA lead:\n\n<?xml version='1.0'?>\n<adf><prospect><id>1</id>"
               "<customer><contact><name>Tom Co</name><phone>13800138000</phone></contact>"
               "</customer></prospect><prospect><id>2</id><customer><contact><name>Ann Bo</name>"
               "<phone>13800138001</phone></contact></customer></prospect>\n");
    struct finished finished = run("profile @/lead.xml");
    expect_exit(finished, 0);
    expect_contains(finished.output, "texts before the document");
    expect_contains(finished.output, "1 end tags that are missing behind the last record");
    finished_release(&finished);
    shell("mkdir '%s'", in_workspace("dms"));
    finished = run("draft @/lead.xml --out @/dms/leads.yaml");
    expect_exit(finished, 0);
    finished_release(&finished);
    char *draft = read_text("dms/leads.yaml");
    cr_expect(strstr(draft, "repair: [leading_text, end_tags]"), "%s", draft);
    free(draft);
    shell("printf 'name: leads\\nmappings: %%s/mappings\\nfeeds: .\\nstate: state\\nout: out\\n"
          "dms: dms\\nsources:\\n  - {id: L1, path: lead.xml, mapping: leads}\\n' \"$PWD\" > '%s'",
          in_workspace("cust360.yaml"));
    finished = run("run -c @/cust360.yaml --as-of 2026-06-30 --no-summary");
    expect_exit(finished, 0);
    expect_contains(finished.messages, "(repair: leading_text)");
    expect_contains(finished.messages, "(repair: end_tags)");
    finished_release(&finished);
    finished = run("profile @/lead.xml --sample 100");
    expect_contains(finished.output, "1 end tags that are missing");
    finished_release(&finished);
}
