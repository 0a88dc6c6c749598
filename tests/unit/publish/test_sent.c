#include "cust360/base/file.h"
#include "publish/ledger.h"
#include "publish/sent.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[200];
static struct arena *arena;
static struct error error;

static void begin(void)
{
    const char *base = getenv("TMPDIR");
    arena = arena_create();
    snprintf(folder, sizeof(folder), "%s/sent-XXXXXX", base ? base : "/tmp");
    cr_assert(mkdtemp(folder));
}

static void end(void)
{
    file_remove_folder(folder, &error);
    arena_destroy(arena);
}

TestSuite(publish_sent, .init = begin, .fini = end);

static const char *in_folder(const char *name)
{
    return file_join(arena, folder, name);
}

static const char *path_of(const char *token)
{
    const char *path = sent_path(arena, folder, "crm", token, &error);
    cr_assert(path, "%s", error.message);
    return path;
}

Test(publish_sent, tokens_are_sixteen_digits_and_never_the_same)
{
    char former[TOKEN_BYTES] = "";
    for (int i = 0; i < 20; i++) {
        char token[TOKEN_BYTES];
        sent_token(token);
        cr_expect_eq(strspn(token, "0123456789abcdef"), TOKEN_BYTES - 1);
        cr_expect_str_neq(token, former);
        memcpy(former, token, sizeof(former));
    }
}

Test(publish_sent, the_view_is_kept_whatever_replaces_it)
{
    cr_assert(file_write(in_folder("view.db"), SLICE("one"), &error));
    const char *kept = path_of("aa");
    cr_assert(sent_keep(in_folder("view.db"), kept, &error), "%s", error.message);
    cr_expect(sent_is_same(kept, in_folder("view.db")), "it takes no room");
    cr_assert(file_write(in_folder("new.db"), SLICE("two"), &error));
    cr_assert_eq(rename(in_folder("new.db"), in_folder("view.db")), 0);
    cr_expect_not(sent_is_same(kept, in_folder("view.db")));
    struct slice text;
    cr_assert(file_read(arena, kept, 100, &text, &error));
    cr_expect(slice_equal(text, SLICE("one")));
}

Test(publish_sent, a_view_that_is_not_there_cannot_be_kept)
{
    cr_expect_not(sent_keep(in_folder("nothing.db"), path_of("aa"), &error));
    cr_expect(strstr(error.message, "could not"), "%s", error.message);
    cr_expect_not(sent_is_same(in_folder("nothing.db"), in_folder("nothing.db")));
}

Test(publish_sent, a_folder_that_cannot_be_made_is_told)
{
    cr_assert(file_write(in_folder("crm"), SLICE("a file in its place"), &error));
    cr_expect_null(sent_path(arena, folder, "crm", "aa", &error));
    cr_expect(error.message[0]);
}

Test(publish_sent, only_the_last_one_stays)
{
    static const char *const tokens[] = {"aa", "bb", "cc"};
    for (size_t i = 0; i < 3; i++)
        cr_assert(file_write(path_of(tokens[i]), SLICE("x"), &error));
    cr_assert(file_write(arena_format(arena, "%s.read", path_of("aa")), SLICE("x"), &error));
    cr_assert(file_write(in_folder("crm/note.txt"), SLICE("the owner's"), &error));
    sent_remove_others(arena, path_of("bb"));
    cr_expect_not(file_exists(path_of("aa")));
    cr_expect_not(file_exists(path_of("cc")));
    cr_expect_not(file_exists(arena_format(arena, "%s.read", path_of("aa"))));
    cr_expect(file_exists(path_of("bb")));
    cr_expect(file_exists(in_folder("crm/note.txt")));
}
