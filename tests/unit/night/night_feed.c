#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "night.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* The group of a sequence: its project, whose sources come as full exports, as deltas and as a
 * table over ODBC, and the files in its folder. */

static const char *const source_names[NIGHT_SOURCES] = {"D02",        "D06", "D07",
                                                        "hq_members", "X01", "W01"};

/* `marked`: the field in which NIGHT_FATAL makes the dealer's own rule reject the row. */
static const struct {
    const char *name;
    const char *sample;
    size_t source;
    enum feed_kind kind;
    size_t marked;
} file_list[NIGHT_FILES] = {
    [CUSTOMERS_D02] = {"D02_customers.csv", "D02_customers.csv", 0, FEED_FULL, 4},
    [VEHICLES_D02] = {"D02_vehicles.csv", "D02_vehicles.csv", 0, FEED_FULL, FIELD_NONE},
    [REPAIRS_D02] = {"D02_repairs.csv", "D02_repairs.csv", 0, FEED_FULL, FIELD_NONE},
    [ARCHIVE_D06] = {"D06_archive.csv", "D06_archive.csv", 1, FEED_FULL, FIELD_NONE},
    [CUSTOMERS_D07] = {"D07_customers.csv", "D07_customers.csv", 2, FEED_FULL, 4},
    [VEHICLES_D07] = {"D07_vehicles.csv", "D07_vehicles.csv", 2, FEED_FULL, FIELD_NONE},
    [REPAIRS_D07] = {"D07_repairs.csv", "D07_repairs.csv", 2, FEED_FULL, FIELD_NONE},
    [MEMBERS] = {"hq_members.csv", "hq_members.csv", 3, FEED_FULL, 2},
    [DELTA_X01] = {"X01.csv", "D07_customers.csv", 4, FEED_DELTA, 4},
    [TABLE_W01] = {"W01.sqlite", "D02_customers.csv", 5, FEED_TABLE, TABLE_MOBILE},
};

const char *night_path(const struct nights *nights, const char *name)
{
    static char paths[8][500];
    static size_t next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof(paths[0]), "%s/%s", nights->folder, name);
    return path;
}

static void write_file(const char *path, struct slice content)
{
    struct error error;
    cr_assert(file_write(path, content, &error), "%s", error.message);
}

/* The group's own rules for matching, with limits that a small group reaches. */
static void write_match_rules(struct nights *nights)
{
    static const char *const changes[][2] = {
        {"max_block: 200", "max_block: 5"},     {"window: 20", "window: 2"},
        {"shared_limit: 5", "shared_limit: 2"}, {"shared_limit: 20", "shared_limit: 2"},
        {"max_block: 16", "max_block: 3"},
    };
    struct error error;
    struct slice text;
    struct buffer changed = BUFFER_EMPTY;
    cr_assert(file_read(nights->arena, "mappings/match.yaml", 1 << 20, &text, &error));
    while (text.length) {
        size_t best = 0;
        for (; best < sizeof(changes) / sizeof(changes[0]); best++)
            if (slice_starts_with(text, slice_of(changes[best][0])))
                break;
        if (best < sizeof(changes) / sizeof(changes[0])) {
            buffer_append_text(&changed, changes[best][1]);
            text = slice_cut(text, strlen(changes[best][0]), text.length);
        } else if (slice_starts_with(text, SLICE("reference/"))) {
            buffer_format(&changed, "%s/mappings/reference/", getenv("PWD"));
            text = slice_cut(text, strlen("reference/"), text.length);
        } else {
            buffer_append_byte(&changed, text.data[0]);
            text = slice_cut(text, 1, text.length);
        }
    }
    write_file(night_path(nights, "match.yaml"), buffer_slice(&changed));
    buffer_release(&changed);
}

/* A dealer's own rule that rejects rows: those of a customer who has withdrawn. */
static void write_own_rules(struct nights *nights)
{
    write_file(night_path(nights, "own.yaml"),
               SLICE("overrides:\n  - kind: mobile\n    steps:\n      - name: withdrawn\n"
                     "        before: label\n        reject: {values: ['" NIGHT_FATAL "'],"
                     " severity: fatal, code: withdrawn, message: 'Leave it out.'}\n"
                     "    tests:\n      - {in: '" NIGHT_FATAL "', code: withdrawn}\n"));
}

#define CUSTOMER_COLUMNS                                                                           \
    "          name: FullName\n          gender: {column: Sex, codes: {'1': M, '2': F, '0': "      \
    "''}}\n"                                                                                       \
    "          id_number: IDCard\n          mobile: CellPhone\n          email: Email\n"           \
    "          address: Address\n"

static void write_mappings(struct nights *nights)
{
    write_file(night_path(nights, "marked.yaml"),
               SLICE("kind: csv\nencoding: utf-8\ntables:\n  - name: customers\n"
                     "    entities:\n      customer:\n        key: CustNo\n"
                     "        deleted: {column: State, in: [D]}\n"
                     "        fields:\n" CUSTOMER_COLUMNS));
    write_file(night_path(nights, "watched.yaml"),
               SLICE("kind: odbc\nconnection: 'Driver={SQLite3};Database={path};StepAPI=1;"
                     "NoCreat=1;'\ntables:\n  - name: customers\n"
                     "    query: select no, name, mobile, changed, state from t where changed >="
                     " {since} order by rowid\n"
                     "    watermark: changed\n    look_back_days: 1\n"
                     "    entities:\n      customer:\n        key: \"no\"\n"
                     "        deleted: {column: state, in: [D]}\n"
                     "        fields:\n          name: name\n          mobile: mobile\n"));
}

static void write_project(struct nights *nights)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_format(
        &text,
        "name: Nights\nmappings: %s/mappings\nmatch: match.yaml\nfeeds: feeds\n"
        "state: state\nout: out\nsources:\n"
        "  - {path: 'D*_archive.csv', mapping: wide, trust: 50}\n"
        "  - {path: 'D*_customers.csv', mapping: split, trust: 60, rules: own.yaml}\n"
        "  - {id: hq_members, path: hq_members.csv, mapping: hq_members, trust: 70, rules:"
        " own.yaml}\n"
        "  - {id: X01, path: X01.csv, mapping: marked.yaml, mode: delta, trust: 40, rules:"
        " own.yaml}\n"
        "  - {id: W01, path: W01.sqlite, mapping: watched.yaml, mode: delta, trust: 30, rules:"
        " own.yaml}\n"
        "gates:\n  removals: {warn: off, stop: 25 %% and 8, least: 0}\n"
        "  golden_count: {warn: off, stop: 20 %% and 10, least: 0}\n"
        "  source_rows: off\n  merge_share: off\n  largest_cluster: off\n  stale_days: off\n",
        getenv("PWD"));
    write_file(night_path(nights, "cust360.yaml"), buffer_slice(&text));
    buffer_release(&text);
}

/* A row of the sample as the table has it; those with quotes are left out. */
static void add_table_row(struct night_lines *pool, const char *line)
{
    struct slice fields[NIGHT_FIELDS_MAX + 1];
    if (strchr(line, '"') || night_split(line, fields) < 5)
        return;
    struct buffer text = BUFFER_EMPTY;
    buffer_append(&text, fields[0]);
    buffer_append_byte(&text, ',');
    buffer_append(&text, fields[1]);
    buffer_append_byte(&text, ',');
    buffer_append(&text, fields[4]);
    buffer_append_text(&text, ",2026-06-01 00:00:00,");
    lines_add(pool, text.data, text.length);
    buffer_release(&text);
}

static void add_to_pool(struct night_file *file, struct slice line)
{
    char text[1000];
    const char *behind = file->kind != FEED_DELTA ? "" : file->pool.count ? "," : ",State";
    int length = snprintf(text, sizeof(text), "%.*s%s", SLICE_ARGUMENTS(line), behind);
    cr_assert_lt(length, (int)sizeof(text));
    if (file->kind == FEED_TABLE)
        add_table_row(&file->pool, text);
    else
        lines_add(&file->pool, text, (size_t)length);
}

static void read_pool(struct nights *nights, struct night_file *file, const char *sample)
{
    char path[200];
    struct error error;
    struct slice text;
    snprintf(path, sizeof(path), "samples/group/feeds/%s", sample);
    cr_assert(file_read(nights->arena, path, 10 << 20, &text, &error), "%s", error.message);
    while (text.length) {
        ptrdiff_t end = slice_find(text, SLICE("\n"));
        size_t length = end < 0 ? text.length : (size_t)end;
        size_t kept = length && text.data[length - 1] == '\r' ? length - 1 : length;
        add_to_pool(file, slice_make(text.data, kept));
        text = slice_cut(text, length + (end >= 0), text.length);
    }
}

void night_feeds_open(struct nights *nights)
{
    struct error error;
    cr_assert(file_make_folder(night_path(nights, "feeds"), &error), "%s", error.message);
    write_match_rules(nights);
    write_own_rules(nights);
    write_mappings(nights);
    write_project(nights);
    for (size_t i = 0; i < NIGHT_FILES; i++) {
        struct night_file *file = &nights->files[i];
        file->name = file_list[i].name;
        file->source = file_list[i].source;
        file->kind = file_list[i].kind;
        file->marked = file_list[i].marked;
        read_pool(nights, file, file_list[i].sample);
    }
}

/* ---- writing ---- */

static void write_lines(const char *path, const struct night_lines *lines)
{
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < lines->count; i++) {
        buffer_append_text(&text, lines->items[i]);
        buffer_append_text(&text, "\r\n");
    }
    write_file(path, buffer_slice(&text));
    buffer_release(&text);
}

static void write_table(const char *path, const struct night_lines *lines)
{
    struct error error;
    struct slice fields[NIGHT_FIELDS_MAX + 1];
    struct database *database = database_open(path, DATABASE_SCRATCH, &error);
    cr_assert(database && database_run(database,
                                       "BEGIN; CREATE TABLE t(no TEXT, name TEXT, mobile TEXT,"
                                       " changed TEXT, state TEXT)",
                                       &error),
              "%s", error.message);
    struct statement *insert =
        statement_prepare(database, "INSERT INTO t VALUES(?,?,?,?,?)", &error);
    for (size_t i = 1; insert && i < lines->count; i++) {
        cr_assert_eq(night_split(lines->items[i], fields), TABLE_COLUMNS);
        for (int c = 0; c < TABLE_COLUMNS; c++)
            statement_bind_text(insert, c + 1, fields[c]);
        cr_assert(statement_run(insert, &error), "%s", error.message);
    }
    statement_destroy(insert);
    cr_assert(database_run(database, "COMMIT", &error), "%s", error.message);
    database_close(database);
}

void night_write_feeds(const struct nights *nights, bool good)
{
    for (size_t i = 0; i < NIGHT_FILES; i++) {
        const struct night_file *file = &nights->files[i];
        char name[100];
        snprintf(name, sizeof(name), "feeds/%s", file->name);
        const char *path = night_path(nights, name);
        const struct night_lines *lines = good ? &file->good : &file->now;
        if (good ? !file->ever_good : nights->late[file->source])
            file_remove(path);
        else if (file->kind == FEED_TABLE)
            write_table(path, lines);
        else
            write_lines(path, lines);
    }
}

/* ---- what a source has given last ---- */

static size_t find_key(const struct night_lines *lines, struct slice key)
{
    for (size_t i = 1; i < lines->count; i++)
        if (slice_equal(night_key(lines->items[i]), key))
            return i;
    return 0;
}

static bool is_rejected(const struct night_file *file, const char *line)
{
    struct slice fields[NIGHT_FIELDS_MAX + 1];
    return file->marked != FIELD_NONE && !strchr(line, '"') &&
           night_split(line, fields) > file->marked &&
           slice_equal(fields[file->marked], SLICE(NIGHT_FATAL));
}

/* A row with columns too many cannot be read at all, and names nobody. */
static bool is_unread(const struct night_file *file, const char *line)
{
    struct slice fields[NIGHT_FIELDS_MAX + 1];
    return !strchr(line, '"') &&
           night_split(line, fields) > night_split(file->pool.items[0], fields);
}

static bool says_more_of(const struct night_file *file, struct slice key)
{
    for (size_t i = 1; i < file->now.count; i++) {
        const char *line = file->now.items[i];
        if (slice_equal(night_key(line), key) && !is_rejected(file, line) && !is_unread(file, line))
            return true;
    }
    return false;
}

/* The export, and behind it what stays of those that it rejects: their last good rows. */
static void keep_full(struct night_file *file)
{
    struct night_lines former = file->good;
    file->good = (struct night_lines){0};
    lines_copy(&file->good, &file->now);
    for (size_t i = 1; i < file->now.count; i++) {
        const char *line = file->now.items[i];
        struct slice key = night_key(line);
        bool held = is_rejected(file, line) && !is_unread(file, line) && !says_more_of(file, key);
        for (size_t f = former.count; held && f-- > 1;) {
            const char *was = former.items[f];
            if (!slice_equal(night_key(was), key) || is_rejected(file, was) || is_unread(file, was))
                continue;
            lines_add(&file->good, was, strlen(was));
            break;
        }
    }
    lines_free(&former);
}

/* All that deltas have said so far of those that they have not said to be gone. */
static void keep_delta(struct night_file *file)
{
    struct slice fields[NIGHT_FIELDS_MAX + 1];
    if (file->good.count == 0)
        lines_add(&file->good, file->now.items[0], strlen(file->now.items[0]));
    for (size_t i = 1; i < file->now.count; i++) {
        const char *line = file->now.items[i];
        if (is_rejected(file, line) || is_unread(file, line))
            continue;
        size_t was = find_key(&file->good, night_key(line));
        if (was)
            lines_drop(&file->good, was);
        size_t count = night_split(line, fields);
        if (!slice_equal(fields[count - 1], SLICE("D")))
            lines_add(&file->good, line, strlen(line));
    }
}

static bool was_read(struct database *database, const char *source)
{
    struct error error;
    int64_t read = -1;
    char sql[300];
    snprintf(sql, sizeof(sql),
             "SELECT count(*) FROM source WHERE name='%s' AND last_good_run=(SELECT max(run_id)"
             " FROM run WHERE status IN ('done','incomplete'))",
             source);
    cr_assert(database_integer(database, sql, 0, &read, &error), "%s", error.message);
    return read == 1;
}

void night_note_good(struct nights *nights, struct database *database)
{
    for (size_t i = 0; i < NIGHT_FILES; i++) {
        struct night_file *file = &nights->files[i];
        if (nights->late[file->source] || !was_read(database, source_names[file->source]))
            continue;
        if (file->kind == FEED_DELTA)
            keep_delta(file);
        else
            keep_full(file);
        file->ever_good = true;
    }
}
