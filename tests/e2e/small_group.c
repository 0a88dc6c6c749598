#include "small_group.h"
#include "cust360/base/memory.h"

#include <criterion/criterion.h>
#include <stdio.h>

void write_project(const char *keys, const char *source_keys)
{
    char text[4096];
    char *root = read_text("root");
    root[strcspn(root, "\n")] = '\0';
    snprintf(text, sizeof(text),
             "name: gates\nmappings: %s/mappings\nfeeds: feeds\nstate: state\nout: out\n"
             "dms: dms\n%s"
             "sources:\n"
             "  - {id: D01, path: D01.csv, mapping: flat%s}\n"
             "  - {path: 'E*.csv', mapping: flat}\n",
             root, keys, source_keys);
    write_text("cust360.yaml", text);
    memory_free(root);
}

void write_feed(const char *name, int from, int to, const char *extra)
{
    shell("mkdir -p '%s' && awk 'BEGIN { print \"No,Name,Mobile\"; for (i = %d; i <= %d; i++) "
          "{ key = i; name = sprintf(\"Li Mei%%c%%c%%c\", 97 + i %% 26, 97 + int(i / 26) %% 26, 97 "
          "+ int(i / 676)); mobile = 13800200000 + i * 37; %s; print key \",\" name \",\" mobile } "
          "}' > '%s'",
          in_workspace("feeds"), from, to, extra, in_workspace(name));
}

void small_group_open(void)
{
    workspace_open();
    shell("pwd > '%s'", in_workspace("root"));
    write_text("dms/flat.yaml", "kind: csv\nencoding: utf-8\ntables:\n  - name: customers\n    "
                                "entities:\n      customer:\n        key: No\n        fields:\n"
                                "          name: Name\n          mobile: {column: Mobile, "
                                "required: false}\n");
    write_project("", "");
    write_feed("feeds/D01.csv", 1, 600, "");
    write_feed("feeds/E01.csv", 1001, 1600, "");
}

char *night(const char *day, const char *options, int exit_code)
{
    struct finished finished = run("run -c @/cust360.yaml --as-of %s %s", day, options);
    expect_exit(finished, exit_code);
    memory_free(finished.output);
    return finished.messages;
}

void quiet_night(const char *day, const char *options, int exit_code)
{
    memory_free(night(day, options, exit_code));
}

void expect_message(const char *day, const char *options, int exit_code, const char *part)
{
    char *messages = night(day, options, exit_code);
    expect_contains(messages, part);
    memory_free(messages);
}

long customers(void)
{
    return query_number(VIEW, "SELECT count(*) FROM customer");
}
