#include "cust360/base/file.h"
#include "cust360/base/json.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[256];

static void make_folder(void)
{
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof(folder), "%s/cust360-file-XXXXXX", base ? base : "/tmp");
    cr_assert(mkdtemp(folder));
}

static void remove_folder(void)
{
    char command[300];
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    cr_assert_eq(system(command), 0);
}

Test(file, replaces_whole_and_private, .init = make_folder, .fini = remove_folder)
{
    struct arena *arena = arena_create();
    struct error error;
    struct slice content;
    char *path = file_join(arena, folder, "a/b/report.json");
    cr_assert(file_make_folder(file_folder(arena, path), &error), "%s", error.message);
    cr_assert(file_make_folder(file_folder(arena, path), &error), "again is no error");
    cr_assert(file_replace(path, SLICE("one"), &error), "%s", error.message);
    cr_assert(file_replace(path, SLICE("two"), &error), "%s", error.message);
    cr_assert(file_read(arena, path, 100, &content, &error));
    cr_assert(slice_equal(content, SLICE("two")));
    struct stat status;
    cr_assert_eq(stat(path, &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0600);
    cr_assert_not(file_exists(file_join(arena, folder, "a/b/report.json.new")));
    arena_destroy(arena);
}

Test(file, failures_name_the_file, .init = make_folder, .fini = remove_folder)
{
    struct arena *arena = arena_create();
    struct error error;
    struct slice content;
    char *path = file_join(arena, folder, "none");
    cr_assert_not(file_read(arena, path, 100, &content, &error));
    cr_assert(strstr(error.message, path));
    cr_assert(strstr(error.message, "No such file"));
    cr_assert_not(file_read(arena, folder, 100, &content, &error), "a folder is not a file");
    cr_assert(file_replace(path, SLICE("12345"), &error));
    cr_assert_not(file_read(arena, path, 4, &content, &error), "too large");
    cr_assert_not(file_replace(file_join(arena, folder, "none/x"), SLICE("1"), &error));
    cr_assert_not(file_make_folder(file_join(arena, folder, "none/x"), &error));
    arena_destroy(arena);
}

Test(file, what_cannot_be_replaced_is_said, .init = make_folder, .fini = remove_folder)
{
    struct arena *arena = arena_create();
    struct error error;
    const char *from = file_join(arena, folder, "one");
    cr_assert(file_replace(from, SLICE("one"), &error), "%s", error.message);
    /* A file that the kernel gives, and nobody takes away. */
    cr_expect_not(file_copy(from, "/proc/self/comm", &error));
    cr_expect(strstr(error.message, "could not replace /proc/self/comm"), "%s", error.message);
    cr_expect_not(file_link(from, "/proc/self/comm", &error));
    cr_expect(strstr(error.message, "could not replace /proc/self/comm"), "%s", error.message);
    arena_destroy(arena);
}

Test(file, a_name_of_a_file_outlives_its_replacement, .init = make_folder, .fini = remove_folder)
{
    struct arena *arena = arena_create();
    struct error error;
    struct slice content;
    const char *path = file_join(arena, folder, "view.db");
    const char *kept = file_join(arena, folder, "kept.db");
    cr_assert(file_replace(path, SLICE("one"), &error));
    cr_assert(file_link(path, kept, &error), "%s", error.message);
    cr_assert(file_link(path, kept, &error), "again is no error: %s", error.message);
    cr_assert(file_replace(path, SLICE("two"), &error));
    cr_assert(file_read(arena, kept, 100, &content, &error));
    cr_assert(slice_equal(content, SLICE("one")));
    /* A copy to a name of it leaves the other name's bytes alone. */
    cr_assert(file_link(kept, path, &error));
    cr_assert(file_replace(file_join(arena, folder, "three"), SLICE("three"), &error));
    cr_assert(file_copy(file_join(arena, folder, "three"), path, &error), "%s", error.message);
    cr_assert(file_read(arena, kept, 100, &content, &error));
    cr_assert(slice_equal(content, SLICE("one")));
    cr_assert_not(file_link(file_join(arena, folder, "none"), kept, &error));
    cr_assert(strstr(error.message, "none"));
    arena_destroy(arena);
}

Test(file, a_folder_goes_with_all_that_is_in_it, .init = make_folder, .fini = remove_folder)
{
    struct arena *arena = arena_create();
    struct error error;
    const char *inner = file_join(arena, folder, "run-000001/a/b");
    const char *outside = file_join(arena, folder, "outside");
    cr_assert(file_make_folder(inner, &error));
    cr_assert(file_replace(file_join(arena, inner, "x"), SLICE("x"), &error));
    cr_assert(file_replace(outside, SLICE("stays"), &error));
    cr_assert_eq(symlink(outside, file_join(arena, inner, "link")), 0);
    cr_assert(file_remove_folder(file_join(arena, folder, "run-000001"), &error), "%s",
              error.message);
    cr_assert_not(file_exists(file_join(arena, folder, "run-000001")));
    cr_assert(file_exists(outside));
    cr_assert_not(file_remove_folder(file_join(arena, folder, "run-000001"), &error));
    cr_assert(strstr(error.message, "could not remove"));
    arena_destroy(arena);
}

Test(file, what_everybody_may_read, .init = make_folder, .fini = remove_folder)
{
    struct arena *arena = arena_create();
    struct error error;
    struct stat status;
    const char *path = file_join(arena, folder, "x.prom");
    cr_assert(file_replace_readable(path, SLICE("one"), &error), "%s", error.message);
    cr_assert_eq(stat(path, &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0644);
    arena_destroy(arena);
}

Test(file, what_is_not_there_cannot_be_published)
{
    struct error error;
    cr_assert_not(file_publish("/nonexistent/a", "/nonexistent/b", &error));
    cr_assert(strstr(error.message, "/nonexistent/a"));
}

static bool is_pipe(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 && S_ISFIFO(status.st_mode);
}

/* As a device is: only root can make one, and the machine's own must not be put at risk. */
Test(file, a_pipe_is_written_to_and_never_replaced, .init = make_folder, .fini = remove_folder)
{
    struct arena *arena = arena_create();
    struct error error;
    char got[16] = "";
    const char *path = file_join(arena, folder, "pipe");
    const char *link = file_join(arena, folder, "link");
    cr_assert_eq(mkfifo(path, 0640), 0);
    cr_assert_eq(symlink("pipe", link), 0);
    int reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    cr_assert_geq(reader, 0);
    cr_assert(file_replace(path, SLICE("one"), &error), "%s", error.message);
    cr_assert(file_replace_readable(link, SLICE("two"), &error), "%s", error.message);
    cr_assert_eq(read(reader, got, sizeof(got) - 1), 6);
    cr_assert_str_eq(got, "onetwo");
    close(reader);
    struct stat status;
    cr_assert_eq(stat(path, &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0640, "its mode is its owner's");
    cr_assert(is_pipe(path));
    cr_assert_not(file_exists(file_join(arena, folder, "pipe.new")));
    arena_destroy(arena);
}

Test(file, what_is_no_file_is_not_replaced, .init = make_folder, .fini = remove_folder)
{
    struct arena *arena = arena_create();
    struct error error;
    const char *from = file_join(arena, folder, "from");
    const char *path = file_join(arena, folder, "pipe");
    const char *inner = file_join(arena, folder, "inner");
    cr_assert(file_replace(from, SLICE("one"), &error));
    cr_assert(file_make_folder(inner, &error));
    cr_assert_eq(mkfifo(path, 0600), 0);
    const char *const targets[] = {path, inner};
    for (size_t i = 0; i < 2; i++) {
        cr_assert_not(file_copy(from, targets[i], &error));
        cr_assert(strstr(error.message, "it is not a file"), "%s", error.message);
        cr_assert_not(file_link(from, targets[i], &error));
        cr_assert(strstr(error.message, "it is not a file"), "%s", error.message);
        cr_assert_not(file_publish(from, targets[i], &error));
        cr_assert(strstr(error.message, "it is not a file"), "%s", error.message);
    }
    cr_assert(is_pipe(path));
    cr_assert(file_exists(from));
    cr_assert_not(file_replace(inner, SLICE("one"), &error));
    cr_assert(strstr(error.message, "it is a folder"), "%s", error.message);
    arena_destroy(arena);
}

Test(file, a_link_stays_and_its_file_is_replaced, .init = make_folder, .fini = remove_folder)
{
    struct arena *arena = arena_create();
    struct error error;
    struct slice content;
    struct stat status;
    const char *path = file_join(arena, folder, "inner/real");
    const char *link = file_join(arena, folder, "link");
    cr_assert(file_make_folder(file_folder(arena, path), &error));
    cr_assert_eq(symlink("inner/real", link), 0);
    static const char *const contents[] = {"the first, made by the link", "the second"};
    for (size_t i = 0; i < 2; i++) {
        cr_assert(file_replace(link, slice_of(contents[i]), &error), "%s", error.message);
        cr_assert(file_read(arena, path, 100, &content, &error), "%s", error.message);
        cr_assert(slice_equal(content, slice_of(contents[i])));
        cr_assert(lstat(link, &status) == 0 && S_ISLNK(status.st_mode));
    }
    arena_destroy(arena);
}

Test(file, what_cannot_be_read_is_told, .init = make_folder, .fini = remove_folder)
{
    struct arena *arena = arena_create();
    struct error error;
    struct slice content;
    uint64_t hash = 0;
    const char *pipe = file_join(arena, folder, "pipe");
    cr_assert_eq(mkfifo(pipe, 0600), 0);
    cr_expect_not(file_hash(file_join(arena, folder, "none"), &hash, &error));
    cr_expect(strstr(error.message, "could not open"), "%s", error.message);
    cr_expect_not(file_hash(pipe, &hash, &error));
    cr_expect(strstr(error.message, "not a regular file"), "%s", error.message);
    cr_expect_not(file_read(arena, pipe, 100, &content, &error));
    cr_expect(strstr(error.message, "not a regular file"), "%s", error.message);
    cr_expect_null(file_stream(pipe));
    cr_expect_null(file_stream(folder));
    /* Reading it from the beginning is an I/O error: nothing is mapped there. */
    cr_expect_not(file_hash("/proc/self/mem", &hash, &error));
    cr_expect(strstr(error.message, "could not read /proc/self/mem"), "%s", error.message);
    arena_destroy(arena);
}

Test(file, a_half_made_file_of_another_is_no_obstacle, .init = make_folder, .fini = remove_folder)
{
    struct arena *arena = arena_create();
    struct error error;
    struct slice content;
    const char *path = file_join(arena, folder, "report");
    const char *fresh = file_join(arena, folder, "report.new");
    const char *victim = file_join(arena, folder, "victim");
    cr_assert_eq(mkfifo(fresh, 0600), 0);
    cr_assert(file_replace(path, SLICE("one"), &error), "%s", error.message);
    cr_assert(file_write(victim, SLICE("kept"), &error));
    cr_assert_eq(symlink(victim, fresh), 0);
    cr_assert(file_replace(path, SLICE("two"), &error), "%s", error.message);
    cr_assert(file_read(arena, victim, 100, &content, &error));
    cr_expect(slice_equal(content, SLICE("kept")));
    cr_assert(file_read(arena, path, 100, &content, &error));
    cr_expect(slice_equal(content, SLICE("two")));
    arena_destroy(arena);
}

Test(file, a_copy_is_whole_and_private, .init = make_folder, .fini = remove_folder)
{
    struct arena *arena = arena_create();
    struct error error;
    struct slice content;
    struct stat status;
    char *from = file_join(arena, folder, "from");
    char *to = file_join(arena, folder, "to");
    cr_assert_not(file_copy(from, to, &error));
    cr_assert(strstr(error.message, "from"), "%s", error.message);
    cr_assert(file_replace(from, SLICE("short"), &error));
    cr_assert(file_replace(to, SLICE("a longer one"), &error));
    cr_assert(file_copy(from, to, &error), "%s", error.message);
    cr_assert(file_read(arena, to, 100, &content, &error));
    cr_assert(slice_equal(content, SLICE("short")));
    cr_assert_eq(stat(to, &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0600);
    cr_assert_not(file_copy(from, file_join(arena, folder, "nowhere/to"), &error));
    cr_assert(strstr(error.message, "could not copy"), "%s", error.message);
    cr_assert(strstr(error.message, "nowhere/to"), "%s", error.message);
    arena_destroy(arena);
}

Test(file, paths_join_and_part)
{
    struct arena *arena = arena_create();
    cr_assert_str_eq(file_join(arena, "a/b", "c"), "a/b/c");
    cr_assert_str_eq(file_join(arena, "a/", "c"), "a/c");
    cr_assert_str_eq(file_join(arena, "a", "/c"), "/c");
    cr_assert_str_eq(file_join(arena, ".", "c"), "c");
    cr_assert_str_eq(file_folder(arena, "a/b/c"), "a/b");
    cr_assert_str_eq(file_folder(arena, "c"), ".");
    cr_assert_str_eq(file_folder(arena, "/c"), "/");
    cr_assert_str_eq(file_name("a/b/c"), "c");
    cr_assert_str_eq(file_name("c"), "c");
    arena_destroy(arena);
}

Test(file, glob_is_sorted_and_may_be_empty, .init = make_folder, .fini = remove_folder)
{
    struct arena *arena = arena_create();
    struct error error;
    static const char *const names[] = {"D10.csv", "D02.csv", "D01.csv", "x.txt"};
    for (size_t i = 0; i < 4; i++)
        cr_assert(file_replace(file_join(arena, folder, names[i]), SLICE(""), &error));
    char **paths = NULL;
    size_t count = 0;
    cr_assert(file_glob(arena, file_join(arena, folder, "D*.csv"), &paths, &count, &error));
    cr_assert_eq(count, 3);
    cr_assert_str_eq(file_name(paths[0]), "D01.csv");
    cr_assert_str_eq(file_name(paths[2]), "D10.csv");
    cr_assert(file_glob(arena, file_join(arena, folder, "*.xml"), &paths, &count, &error));
    cr_assert_eq(count, 0);
    arena_destroy(arena);
}

/* What a pattern finds, without the folder that all of it stands in. */
static const char *found_by(struct arena *arena, const char *pattern)
{
    struct error error;
    char **paths = NULL;
    size_t count = 0;
    if (!file_glob(arena, file_join(arena, folder, pattern), &paths, &count, &error))
        return arena_text(arena, slice_of(error.message));
    const char *all = "";
    for (size_t i = 0; i < count; i++)
        all = arena_format(arena, "%s%s%s", all, *all ? " " : "", paths[i] + strlen(folder) + 1);
    return all;
}

Test(file, glob_finds_what_a_shell_does, .init = make_folder, .fini = remove_folder)
{
    struct arena *arena = arena_create();
    struct error error;
    static const char *const folders[] = {"D01", "D02", "D02/sub", "[x]", ".hidden"};
    static const char *const names[] = {"D01/a.csv",  "D01/b.csv", "D02/a.csv",     "D02/sub/a.csv",
                                        "[x]/a*.csv", "plain",     ".hidden/a.csv", "D01/.a.csv"};
    static const struct {
        const char *pattern, *found;
    } cases[] = {
        {"D*/a.csv", "D01/a.csv D02/a.csv"},
        {"D0?/*.csv", "D01/a.csv D01/b.csv D02/a.csv"},
        {"D0[!1]/*", "D02/a.csv D02/sub"},
        {"*/sub/*.csv", "D02/sub/a.csv"},
        {"*/*/*.csv", "D02/sub/a.csv"},
        {"*", "D01 D02 [x] plain"},
        {".h*/*", ".hidden/a.csv"},
        {"D01//b.csv", "D01//b.csv"},
        {"D01/*/", ""},
        {"D0*/", "D01/ D02/"},
        {"\\[x]/*", "[x]/a*.csv"},
        {"\\[x]/a\\*.csv", "[x]/a*.csv"},
        {"plain/*", ""},
        {"D01/none.csv", ""},
        {"none/a.csv", ""},
        {"*/none/*", ""},
    };
    for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
        cr_assert_eq(mkdir(file_join(arena, folder, folders[i]), 0700), 0);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        cr_assert(file_replace(file_join(arena, folder, names[i]), SLICE(""), &error));
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        cr_expect_str_eq(found_by(arena, cases[i].pattern), cases[i].found, "%s", cases[i].pattern);
    cr_expect(strstr(found_by(arena, "none/*.csv"), "could not read the folder of"));
    cr_expect(strstr(found_by(arena, "none/*.csv"), "No such file"));
    arena_destroy(arena);
}

Test(file, scratch_folders_are_new_and_stand_where_the_environment_says, .init = make_folder,
     .fini = remove_folder)
{
    struct arena *arena = arena_create();
    struct error error;
    cr_assert_eq(setenv("TMPDIR", folder, 1), 0);
    const char *first = file_make_scratch(arena, "work", &error);
    const char *second = file_make_scratch(arena, "work", &error);
    cr_assert(first && second);
    cr_assert_str_neq(first, second);
    cr_assert_str_eq(file_folder(arena, first), folder);
    cr_assert(file_exists(second));
    cr_assert(file_remove_folder(first, &error));
    cr_assert_not(file_exists(first));
    cr_assert_eq(setenv("TMPDIR", file_join(arena, folder, "nowhere"), 1), 0);
    cr_assert_null(file_make_scratch(arena, "work", &error));
    cr_assert_eq(error.exit_code, EXIT_FAILED);
    arena_destroy(arena);
}

Test(json, writes_nested_values)
{
    struct buffer buffer = BUFFER_EMPTY;
    struct json_writer json = JSON_WRITER_COMPACT(&buffer);
    json_object_begin(&json, NULL);
    json_text(&json, "name", SLICE("王\"\\\n\x01"));
    json_array_begin(&json, "list");
    json_integer(&json, NULL, -5);
    json_number(&json, NULL, 0.5);
    json_number(&json, NULL, 1.0 / 0.0);
    json_boolean(&json, NULL, true);
    json_null(&json, NULL);
    json_string(&json, NULL, NULL);
    json_array_end(&json);
    json_object_begin(&json, "empty");
    json_object_end(&json);
    json_object_end(&json);
    cr_assert_str_eq(buffer.data, "{\"name\":\"王\\\"\\\\\\n\\u0001\",\"list\":[-5,0.500000,null,"
                                  "true,null,\"\"],\"empty\":{}}");
    buffer_release(&buffer);
}
