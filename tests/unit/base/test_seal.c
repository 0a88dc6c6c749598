#include "cust360/base/arena.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/base/seal.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NO_KEY "g00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_A  "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_B  "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eFF"

static struct arena *arena;
static char *folder;
static struct error trouble;

static void open_suite(void)
{
    arena = arena_create();
    folder = file_make_scratch(arena, "cust360-seal", &trouble);
    cr_assert(folder);
}

static void close_suite(void)
{
    cr_expect(file_remove_folder(folder, &trouble));
    arena_destroy(arena);
}

TestSuite(seal, .init = open_suite, .fini = close_suite);

static struct seal_ring ring_of(const char *first, const char *second)
{
    struct seal_ring ring = {.count = second ? 2 : 1};
    ring.keys[0] = seal_key_parse(arena, slice_of(first), &trouble);
    ring.keys[1] = second ? seal_key_parse(arena, slice_of(second), &trouble) : NULL;
    cr_assert(ring.keys[0]);
    return ring;
}

static const char *place(const char *name)
{
    return file_join(arena, folder, name);
}

static struct slice bytes_of(const char *name)
{
    struct slice content;
    cr_assert(file_read(arena, place(name), 1 << 28, &content, &trouble), "%s", trouble.message);
    return content;
}

static bool has(const char *name, const char *text)
{
    struct slice content = bytes_of(name);
    return memmem(content.data, content.length, text, strlen(text)) != NULL;
}

/* ---- keys ---- */

Test(seal, a_key_is_64_hexadecimal_digits)
{
    static const char *const texts[] = {"", "secret", KEY_A "0", NO_KEY};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        cr_expect_null(seal_key_parse(arena, slice_of(texts[i]), &trouble), "%s", texts[i]);
        cr_expect_eq(trouble.exit_code, EXIT_CREDENTIALS);
        cr_expect(strstr(trouble.message, "64 hexadecimal digits"));
        cr_expect(*texts[i] == '\0' || !strstr(trouble.message, texts[i]));
    }
}

Test(seal, new_keys_differ_and_are_keys)
{
    char first[SEAL_KEY_TEXT_BYTES];
    char second[SEAL_KEY_TEXT_BYTES];
    seal_key_make(first);
    seal_key_make(second);
    cr_expect_str_neq(first, second);
    struct seal_ring ring = ring_of(first, second);
    cr_expect_str_neq(seal_key_name(ring.keys[0]), seal_key_name(ring.keys[1]));
    cr_expect_null(strstr(first, seal_key_name(ring.keys[0])));
}

/* ---- files ---- */

Test(seal, a_file_comes_back_and_tells_nothing)
{
    struct seal_ring ring = ring_of(KEY_A, NULL);
    struct slice content;
    char name[SEAL_NAME_BYTES];
    cr_assert(seal_replace_file(&ring, place("f"), SLICE("110101199003078515"), &trouble));
    cr_expect_not(has("f", "110101"));
    cr_expect_eq(seal_mark_of_file(place("f"), name), SEAL_FILE);
    cr_expect_str_eq(name, seal_key_name(ring.keys[0]));
    cr_assert(seal_read_file(&ring, arena, place("f"), 1000, &content, &trouble));
    cr_expect(slice_equal(content, SLICE("110101199003078515")));
    ring = ring_of(KEY_B, KEY_A);
    cr_assert(seal_read_file(&ring, arena, place("f"), 1000, &content, &trouble));
}

Test(seal, without_a_key_files_stay_plain)
{
    struct seal_ring none = {.count = 0};
    struct slice content;
    char name[SEAL_NAME_BYTES];
    cr_assert(seal_replace_file(&none, place("f"), SLICE("plain"), &trouble));
    cr_expect(has("f", "plain"));
    cr_expect_eq(seal_mark_of_file(place("f"), name), SEAL_NOT);
    cr_expect_eq(seal_mark_of_file(place("none"), name), SEAL_NOT);
    cr_assert(seal_read_file(&none, arena, place("f"), 1000, &content, &trouble));
    cr_expect(slice_equal(content, SLICE("plain")));
}

Test(seal, a_wrong_key_is_told_from_damage)
{
    struct seal_ring ring = ring_of(KEY_A, NULL);
    struct seal_ring other = ring_of(KEY_B, NULL);
    struct seal_ring none = {.count = 0};
    struct slice content;
    cr_assert(seal_replace_file(&ring, place("f"), SLICE("some text"), &trouble));
    cr_expect_not(seal_read_file(&other, arena, place("f"), 1000, &content, &trouble));
    cr_expect_eq(trouble.exit_code, EXIT_CREDENTIALS);
    cr_expect(strstr(trouble.message, seal_key_name(ring.keys[0])));
    cr_expect(strstr(trouble.message, seal_key_name(other.keys[0])));
    cr_expect_not(seal_read_file(&none, arena, place("f"), 1000, &content, &trouble));
    cr_expect(strstr(trouble.message, "no key is given"));
    struct slice sealed = bytes_of("f");
    for (size_t at = SEAL_MARK_BYTES; at < sealed.length; at += 7) {
        char *changed = arena_text(arena, sealed);
        memcpy(changed, sealed.data, sealed.length);
        changed[at] ^= 1;
        cr_assert(file_write(place("g"), slice_make(changed, sealed.length), &trouble));
        cr_expect_not(seal_read_file(&ring, arena, place("g"), 1000, &content, &trouble));
        cr_expect_eq(trouble.exit_code, EXIT_FAILED);
    }
    cr_assert(file_write(place("g"), slice_cut(sealed, 0, 20), &trouble));
    cr_expect_not(seal_read_file(&ring, arena, place("g"), 1000, &content, &trouble));
}

/* ---- pages and streams ---- */

Test(seal, a_page_opens_at_its_own_place_only)
{
    enum { BYTES = 512 };
    struct seal_ring ring = ring_of(KEY_A, NULL);
    for (int kind = SEAL_PAGE_OF_DATABASE; kind <= SEAL_PAGE_OF_JOURNAL; kind++)
        for (uint64_t number = 0; number < 3; number++) {
            unsigned char content[BYTES] = "SQLite format 3";
            struct seal_page page = {(enum seal_page_kind)kind, number, BYTES};
            struct seal_page next = {(enum seal_page_kind)kind, number + 1, BYTES};
            memcpy(content + 100, "110101199003078515", 18);
            seal_page_close(ring.keys[0], &page, content);
            cr_expect_null(memmem(content, BYTES, "110101", 6));
            unsigned char copy[BYTES];
            memcpy(copy, content, BYTES);
            cr_expect_not(seal_page_open(ring.keys[0], &next, copy));
            cr_assert(seal_page_open(ring.keys[0], &page, content));
            cr_expect_eq(memcmp(content, "SQLite format 3", 16), 0);
            cr_expect_eq(memcmp(content + 100, "110101199003078515", 18), 0);
        }
}

Test(seal, a_stream_opens_in_other_pieces_than_it_was_sealed)
{
    enum { BYTES = 1000 };
    unsigned char key[SEAL_STREAM_KEY_BYTES];
    unsigned char bytes[BYTES];
    for (size_t i = 0; i < BYTES; i++)
        bytes[i] = (unsigned char)i;
    seal_stream_key(key);
    for (size_t at = 0; at < BYTES; at += 130)
        seal_stream(key, at, bytes + at, at + 130 < BYTES ? 130 : BYTES - at);
    cr_expect_null(memmem(bytes, BYTES, "\1\2\3\4", 4));
    for (size_t at = 0; at < BYTES; at += 7)
        seal_stream(key, at, bytes + at, at + 7 < BYTES ? 7 : BYTES - at);
    for (size_t i = 0; i < BYTES; i++)
        cr_assert_eq(bytes[i], (unsigned char)i);
}

/* ---- databases ---- */

static struct database *opened(const char *name, enum database_mode mode)
{
    struct database *database = database_open(place(name), mode, &trouble);
    cr_assert(database, "%s", trouble.message);
    return database;
}

static void write_rows(struct database *database, int count)
{
    cr_assert(database_run(database, "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)", &trouble));
    char sql[200];
    snprintf(sql, sizeof(sql),
             "WITH n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < %d)"
             " INSERT INTO t SELECT i, 'secret-' || i || hex(zeroblob(40)) FROM n",
             count);
    cr_assert(database_run(database, sql, &trouble), "%s", trouble.message);
}

static void expect_rows(const char *name, int64_t count)
{
    struct database *database = opened(name, DATABASE_READ);
    int64_t found = 0;
    cr_assert(database_integer(database, "SELECT count(*) FROM t WHERE b LIKE 'secret-%'", -1,
                               &found, &trouble),
              "%s", trouble.message);
    cr_expect_eq(found, count);
    database_close(database);
}

Test(seal, a_database_with_its_journal_tells_nothing)
{
    struct seal_ring ring = ring_of(KEY_A, NULL);
    database_use_keys(&ring);
    struct database *database = opened("d.db", DATABASE_CREATE);
    write_rows(database, 5000);
    cr_expect_not(has("d.db", "secret-"));
    cr_assert(database_run(database,
                           "PRAGMA cache_size=10; BEGIN; UPDATE t SET b = 'secret-new';"
                           "SAVEPOINT s; UPDATE t SET b = 'secret-newer'",
                           &trouble));
    cr_assert(file_exists(place("d.db-journal")));
    cr_expect_not(has("d.db-journal", "secret-"));
    cr_expect_not(has("d.db", "secret-"));
    cr_assert(database_run(database, "ROLLBACK TO s", &trouble));
    int64_t found = 0;
    cr_assert(database_integer(database, "SELECT count(*) FROM t WHERE b = 'secret-new'", 0, &found,
                               &trouble));
    cr_expect_eq(found, 5000);
    cr_assert(database_run(database, "ROLLBACK", &trouble));
    database_close(database);
    expect_rows("d.db", 5000);
    cr_expect(database_is_file(place("d.db")));
}

Test(seal, what_a_crash_left_is_played_back)
{
    struct seal_ring ring = ring_of(KEY_A, NULL);
    database_use_keys(&ring);
    struct database *database = opened("d.db", DATABASE_CREATE);
    write_rows(database, 3000);
    cr_assert(
        database_run(database, "PRAGMA cache_size=10; BEGIN; UPDATE t SET b = 'other'", &trouble));
    cr_assert(file_copy(place("d.db"), place("e.db"), &trouble));
    cr_assert(file_copy(place("d.db-journal"), place("e.db-journal"), &trouble));
    database_close(database);
    database = opened("e.db", DATABASE_WRITE);
    cr_assert(database_run(database, "SELECT count(*) FROM t", &trouble), "%s", trouble.message);
    database_close(database);
    cr_expect_not(file_exists(place("e.db-journal")));
    expect_rows("e.db", 3000);
}

Test(seal, a_changed_byte_is_found)
{
    struct seal_ring ring = ring_of(KEY_A, NULL);
    database_use_keys(&ring);
    struct database *database = opened("d.db", DATABASE_CREATE);
    write_rows(database, 2000);
    database_close(database);
    struct slice content = bytes_of("d.db");
    char *changed = arena_allocate(arena, content.length);
    memcpy(changed, content.data, content.length);
    changed[content.length / 2] ^= 1;
    cr_assert(file_write(place("e.db"), slice_make(changed, content.length), &trouble));
    database = opened("e.db", DATABASE_READ);
    cr_expect_not(database_run(database, "SELECT sum(length(b)) FROM t", &trouble));
    cr_expect(strstr(trouble.message, "malformed"), "%s", trouble.message);
    database_close(database);
}

Test(seal, a_sealed_database_wants_its_key)
{
    struct seal_ring ring = ring_of(KEY_A, NULL);
    struct seal_ring plain = {.count = 0};
    struct database *database = opened("p.db", DATABASE_CREATE);
    write_rows(database, 10);
    database_close(database);
    /* In a process of its own, which knows the key; this one does not. */
    pid_t child = fork();
    if (child == 0) {
        database_use_keys(&ring);
        _exit(!database_copy(place("p.db"), place("d.db"), &ring, &trouble));
    }
    cr_assert(child > 0);
    for (int i = 0; i < 200 && !file_exists(place("d.db")); i++)
        usleep(10000);
    cr_assert_null(database_open(place("d.db"), DATABASE_WRITE, &trouble));
    cr_expect_eq(trouble.exit_code, EXIT_CREDENTIALS);
    cr_expect(strstr(trouble.message, seal_key_name(ring.keys[0])));
    database = opened("p.db", DATABASE_WRITE);
    cr_expect_not(database_attach(database, place("d.db"), "sealed", &trouble));
    cr_expect_eq(trouble.exit_code, EXIT_CREDENTIALS);
    database_close(database);
    cr_expect_not(database_copy(place("d.db"), place("q.db"), &plain, &trouble));
    cr_expect_not(file_exists(place("q.db")));
}

Test(seal, plain_and_sealed_become_each_other)
{
    struct seal_ring former = ring_of(KEY_A, NULL);
    struct seal_ring ring = ring_of(KEY_B, KEY_A);
    struct seal_ring plain = {.count = 0};
    struct database *database = opened("d.db", DATABASE_CREATE);
    write_rows(database, 1000);
    database_close(database);
    cr_expect(has("d.db", "secret-"));
    database_use_keys(&ring);
    /* A key is given, and what is there is not sealed: nobody is left to think that it were. */
    cr_expect_null(database_open(place("d.db"), DATABASE_CREATE, &trouble));
    cr_expect_eq(trouble.exit_code, EXIT_STATE);
    const struct seal_ring *const steps[] = {&former, &ring, &plain, &ring};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        char name[SEAL_NAME_BYTES];
        cr_assert(database_copy(place("d.db"), place("d.db"), steps[i], &trouble), "%s",
                  trouble.message);
        expect_rows("d.db", 1000);
        cr_expect_eq(has("d.db", "secret-"), steps[i] == &plain);
        cr_expect_eq(seal_mark_of_file(place("d.db"), name),
                     steps[i] == &plain ? SEAL_NOT : SEAL_DATABASE);
    }
}

Test(seal, a_sealed_database_can_be_attached)
{
    struct seal_ring ring = ring_of(KEY_A, NULL);
    int64_t found = 0;
    database_use_keys(&ring);
    struct database *database = opened("d.db", DATABASE_CREATE);
    write_rows(database, 100);
    database_close(database);
    database = opened("view.db", DATABASE_SCRATCH);
    cr_assert(database_attach(database, place("d.db"), "state", &trouble), "%s", trouble.message);
    cr_assert(database_run(database, "CREATE TABLE u AS SELECT * FROM state.t", &trouble));
    cr_assert(database_integer(database, "SELECT count(*) FROM u", 0, &found, &trouble));
    cr_expect_eq(found, 100);
    database_close(database);
    /* What is published is plain. */
    cr_expect(has("view.db", "secret-"));
}
