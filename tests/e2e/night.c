#include "night.h"
#include "cust360/base/memory.h"

#include <criterion/criterion.h>

void night_open(void)
{
    workspace_open();
    copy_sample_feeds();
}

char *night_messages(const char *options, int exit_code)
{
    struct finished finished = run("run " NIGHT " " AS_OF " %s", options);
    expect_exit(finished, exit_code);
    memory_free(finished.output);
    return finished.messages;
}

void night_run(const char *options, int exit_code)
{
    memory_free(night_messages(options, exit_code));
}

char *view_content(void)
{
    shell("sqlite3 '%s' 'SELECT * FROM customer ORDER BY golden_id' "
          "'SELECT golden_id, source, source_key FROM customer_source ORDER BY source, source_key' "
          "'SELECT * FROM ownership ORDER BY golden_id, vin' "
          "'SELECT count(*), type FROM event GROUP BY type ORDER BY type' | sha256sum > '%s'",
          in_workspace("out/customer360.db"), in_workspace("content"));
    return read_text("content");
}
