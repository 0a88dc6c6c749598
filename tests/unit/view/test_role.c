#include "cust360/base/arena.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/view_role.h"

#include <criterion/criterion.h>

/* A role's file out of a small view. */

static struct arena *arena;
static const char *folder;
static struct role_options options;

static void put_file(const char *name, const char *text)
{
    struct error error;
    const char *path = file_join(arena, folder, name);
    cr_assert(file_make_folder(file_folder(arena, path), &error));
    cr_assert(file_write(path, slice_of(text), &error), "%s", error.message);
}

static void open_role(void)
{
    struct error error;
    arena = arena_create();
    folder = file_make_scratch(arena, "cust360-role", &error);
    cr_assert(folder, "%s", error.message);
    options = (struct role_options){.folder = folder,
                                    .role = "guest",
                                    .view_path = file_join(arena, folder, "customer360.db"),
                                    .key_path = file_join(arena, folder, "role.key"),
                                    .path = file_join(arena, folder, "guest.db")};
    struct database *view = database_open(options.view_path, DATABASE_CREATE, &error);
    cr_assert(view && database_run(view,
                                   "CREATE TABLE customer(golden_id TEXT);"
                                   "INSERT INTO customer VALUES('A'), ('B'), (NULL)",
                                   &error));
    database_close(view);
    put_file("roles/guest.sql", "CREATE TABLE customer(p TEXT);\n"
                                "INSERT INTO customer SELECT pseudonym(k.key, c.golden_id)\n"
                                "FROM whole.customer c CROSS JOIN role_key k;\n");
}

static void close_role(void)
{
    struct error error;
    cr_assert(file_remove_folder(folder, &error));
    arena_destroy(arena);
}

TestSuite(role, .init = open_role, .fini = close_role);

static int64_t count(const char *sql)
{
    struct error error;
    int64_t number = -1;
    struct database *file = database_open(options.path, DATABASE_READ, &error);
    cr_assert(file && database_integer(file, sql, -1, &number, &error), "%s", error.message);
    database_close(file);
    return number;
}

Test(role, values_have_pseudonyms_of_their_own_and_nothing_stays_nothing)
{
    struct error error;
    cr_assert(role_build(arena, &options, &error), "%s", error.message);
    cr_expect_eq(count("SELECT count(DISTINCT p) FROM customer WHERE length(p) = 20"), 2);
    cr_expect_eq(count("SELECT count(*) FROM customer WHERE p IS NULL"), 1);
    cr_expect_eq(count("SELECT count(*) FROM sqlite_master"), 1, "the key is not in it");
}

Test(role, pseudonyms_stay_with_their_key_and_change_with_another)
{
    struct error error;
    struct slice first;
    struct slice again;
    cr_assert(role_build(arena, &options, &error));
    cr_assert(file_read(arena, options.path, 1 << 20, &first, &error));
    cr_assert(role_build(arena, &options, &error));
    cr_assert(file_read(arena, options.path, 1 << 20, &again, &error));
    cr_expect(slice_equal(first, again), "the same view and key give the same bytes");
    file_remove(options.key_path);
    cr_assert(role_build(arena, &options, &error));
    cr_assert(file_read(arena, options.path, 1 << 20, &again, &error));
    cr_expect_not(slice_equal(first, again));
}

Test(role, what_is_at_fault_is_named_and_the_former_file_stands)
{
    struct error error;
    cr_assert(role_build(arena, &options, &error));
    put_file("roles/guest.sql", "CREATE TABLE customer(p TEXT);\nINSERT INTO nowhere VALUES(1);\n");
    cr_expect_not(role_build(arena, &options, &error));
    cr_expect_eq(error.exit_code, EXIT_CONFIGURATION);
    cr_expect(strstr(error.file, "roles/guest.sql") && error.line == 2, "%s:%llu", error.file,
              (unsigned long long)error.line);
    cr_expect_eq(count("SELECT count(*) FROM customer"), 3);
    cr_expect_not(file_exists(arena_format(arena, "%s.new", options.path)));
    put_file("roles/guest.sql", "DELETE FROM whole.customer;\n");
    cr_expect_not(role_build(arena, &options, &error), "the view is only read");
    put_file("role.key", "short");
    cr_expect_not(role_build(arena, &options, &error));
    cr_expect_eq(error.exit_code, EXIT_CREDENTIALS);
    options.role = "nobody";
    cr_expect_not(role_build(arena, &options, &error));
    cr_expect_eq(error.exit_code, EXIT_CONFIGURATION);
    cr_expect(strstr(error.message, "there is no role nobody"), "%s", error.message);
}
