#include "place.h"
#include "cust360/base/buffer.h"
#include "cust360/base/memory.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const SERVERS[] = {"postgresql", "mariadb", "sqlite"};

/* Under /tmp: the path of a socket must be short. */
static char folder[64];

void place_open(enum place place)
{
    snprintf(folder, sizeof(folder), "/tmp/c360-e2e-%ld", (long)getpid());
    if (place != PLACE_SQLITE)
        shell("tests/servers start %s %s", folder, SERVERS[place]);
    place_write_project(place, NULL, "");
}

void place_close(void)
{
    if (folder[0])
        shell("tests/servers stop %s", folder);
    workspace_close();
}

void place_down(enum place place)
{
    shell("tests/servers pause %s %s", folder, SERVERS[place]);
}

void place_up(enum place place)
{
    shell("tests/servers start %s %s", folder, SERVERS[place]);
}

void place_write_project(enum place place, const char *password_file, const char *more)
{
    static const char *const connections[] = {
        "Driver={PostgreSQL Unicode};Server={server};Database=view;Uid=writer;Pwd={password}",
        ("Driver={MariaDB Unicode};Socket={server};Database=view;Uid=writer;Pwd={password};"
         "Charset=utf8mb4"),
        "Driver={SQLite3};Database={path};StepAPI=1;NoCreat=1;Timeout=20000"};
    static const char *const sockets[] = {"postgresql", "mariadb.sock", "none"};
    char mappings[512];
    struct buffer text = BUFFER_EMPTY;
    cr_assert(getcwd(mappings, sizeof(mappings)));
    buffer_format(&text,
                  "mappings: %s/mappings\nsources: []\npublish:\n  - name: there\n"
                  "    dialect: %s\n    connection: '%s'\n    path: target.db\n"
                  "    server: %s/%s\n    password: {file: %s%s}\n%s",
                  mappings, SERVERS[place], connections[place], folder, sockets[place],
                  password_file ? "" : folder, password_file ? password_file : "/password", more);
    write_text("cust360.yaml", text.data);
    buffer_release(&text);
    if (place == PLACE_SQLITE && !exists("target.db"))
        shell("sqlite3 '%s' 'PRAGMA user_version=1'", in_workspace("target.db"));
}

char *place_ask(enum place place, const char *sql)
{
    struct buffer command = BUFFER_EMPTY;
    struct buffer answer = BUFFER_EMPTY;
    write_text("question.sql", sql);
    if (place == PLACE_SQLITE)
        buffer_format(&command, "sqlite3 '%s' < '%s' 2>&1", in_workspace("target.db"),
                      in_workspace("question.sql"));
    else
        buffer_format(&command, "tests/servers sql %s %s \"$(cat '%s')\" 2>&1", folder,
                      SERVERS[place], in_workspace("question.sql"));
    FILE *pipe = popen(command.data, "re");
    cr_assert(pipe);
    char bytes[4096];
    size_t count;
    buffer_append_text(&answer, "");
    while ((count = fread(bytes, 1, sizeof(bytes), pipe)) > 0)
        for (size_t i = 0; i < count; i++)
            buffer_append_byte(&answer, bytes[i] == '\t' ? '|' : bytes[i]);
    cr_assert_eq(pclose(pipe), 0, "%s: %s", sql, answer.data);
    if (answer.length && answer.data[answer.length - 1] == '\n')
        answer.data[--answer.length] = '\0';
    buffer_release(&command);
    return answer.data;
}

void place_expect(enum place place, const char *sql, const char *expected)
{
    char *answer = place_ask(place, sql);
    cr_assert_str_eq(answer, expected, "%s: %s: \"%s\", not \"%s\"", SERVERS[place], sql, answer,
                     expected);
    memory_free(answer);
}

/* Texts that drivers have trouble with, numbers, NULL and empty, a table of each sort of key. */
static const char VIEW[] =
    "CREATE VIEW dictionary AS SELECT 'customer' AS table_name, '' AS column_name,"
    " 'Who buys, it''s said.' AS meaning;"
    "CREATE TABLE parameter (name TEXT NOT NULL, value);"
    "INSERT INTO parameter VALUES ('run_id', '%d'), ('list', 'a'), ('list', 'a');"
    "CREATE TABLE customer (\n"
    "    golden_number INTEGER PRIMARY KEY, -- the row''s own\n"
    "    golden_id TEXT NOT NULL, -- it''s for life,\n"
    "                             -- never another''s\n"
    "    name TEXT,\n"
    "    amount REAL,\n"
    "    grade VARCHAR(5)\n"
    ");"
    "INSERT INTO customer SELECT value, 'C' || value, CASE value %% 6 WHEN 0 THEN NULL"
    " WHEN 1 THEN '' WHEN 2 THEN 'it''s \"a\" \\ {b}, ?' WHEN 3 THEN char(134071, 128512)"
    " ELSE '王小明' || value END, value / 7.0, 'A' FROM generate_series(1, %d);"
    "CREATE UNIQUE INDEX customer_id ON customer (golden_id);"
    "CREATE TABLE contact (golden_id TEXT NOT NULL, value TEXT NOT NULL, records INTEGER,"
    " PRIMARY KEY (golden_id, value)) WITHOUT ROWID;"
    "INSERT INTO contact SELECT golden_id, '138' || golden_number, 1 FROM customer;"
    "CREATE TABLE visit (golden_id TEXT, day DATE, odometer INTEGER);"
    "INSERT INTO visit SELECT golden_id, '2026-01-0' || (golden_number %% 3 + 1), NULL"
    " FROM customer WHERE golden_number %% 2;"
    "INSERT INTO visit SELECT * FROM visit WHERE golden_id = 'C1';"
    "%s";

void place_write_view(int run_id, int count, const char *changes)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "BEGIN;");
    buffer_format(&sql, VIEW, run_id, count, changes);
    buffer_append_text(&sql, ";COMMIT;");
    write_text("view.sql", sql.data);
    buffer_release(&sql);
    shell("mkdir -p '%s' && cd '%s' && sed \"s/row''s/row's/; s/it''s for/it's for/; "
          "s/another''s/another's/\" ../view.sql | sqlite3 new.db && mv new.db customer360.db",
          in_workspace("out"), in_workspace("out"));
}
