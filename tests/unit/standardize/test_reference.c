/* The reference tables, and what is said when one of them is not as it must be. */
#include "check_support.h"
#include "standardize/text/trie.h"

#include "cust360/base/file.h"
#include "cust360/base/text.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

Test(reference, tables_of_the_program_load)
{
    struct reference *reference = reference_open();
    cr_assert(reference->characters);
    cr_assert(reference->names);
    cr_assert(reference->companies);
    cr_assert(reference->places);
    reference_destroy(reference);
    reference_destroy(NULL);
}

/* A folder with copies of all tables, of which one is given other content. */
static const char *folder_with(struct arena *arena, const char *name, const char *content)
{
    static unsigned count;
    const char *base = getenv("TMPDIR");
    const char *folder =
        arena_format(arena, "%s/reference-%d-%u", base ? base : "/tmp", (int)getpid(), count++);
    struct error error;
    char **paths;
    size_t path_count;
    cr_assert(file_make_folder(folder, &error));
    cr_assert(file_glob(arena, "mappings/reference/*.csv", &paths, &path_count, &error));
    for (size_t i = 0; i < path_count; i++) {
        struct slice text = slice_of(content);
        bool replaced = strcmp(file_name(paths[i]), name) == 0;
        if (replaced && !content)
            continue;
        if (!replaced)
            cr_assert(file_read(arena, paths[i], (size_t)1 << 24, &text, &error));
        cr_assert(file_replace(file_join(arena, folder, file_name(paths[i])), text, &error));
    }
    return folder;
}

struct broken {
    const char *name;
    const char *content; /* NULL: the file is not there */
    uint64_t line;
    const char *message; /* a part of it */
};

Test(reference, what_a_table_lacks_is_told_with_its_place)
{
    static const struct broken tables[] = {
        {"surnames.csv", NULL, 0, "surnames.csv"},
        {"surnames.csv", "rank,surname\n1,王\n", 0, "type"},
        {"surnames.csv", "rank,surname,type,tf_corpus,ppm_orcid,ascii\nx,王,single,1,1,wang\n", 2,
         "rank"},
        {"placeholder_names.csv", "text,match,class\n无,exact,x\n测试,some,x\n", 3, "match"},
        {"honorifics.csv", "text,kind,sex,position\n,title,M,suffix\n", 2, "title"},
        {"compat_unified.csv", "codepoint,unified\n41,A\n", 2, "code point"},
        {"compat_unified.csv", "codepoint,unified\nxyz,A\n", 2, "hexadecimal"},
        {"compat_unified.csv", "codepoint,unified\n2E81,厂厂\n", 2, "one character"},
        {"trad_simp.csv", "trad,simp\n臺,\n", 2, "one character"},
        {"char_pinyin.csv", "char,ascii\n王,wangwangwang\n", 2, "letters"},
        {"divisions_current.csv", "code,level,province,city,name\n110000,4,北京市,,北京市\n", 2,
         "level"},
        {"divisions_current.csv", "code,level,province,city,name\n110101,3,北京市,,东城区\n", 2,
         "province"},
        {"divisions_hkmotw.csv", "region,city,district,city_trad,district_trad\nXX,a,b,a,b\n", 2,
         "region"},
        {"division_names.csv", "name,today,form\n无,999999,former\n", 2, "code"},
        {"province_aliases.csv", "code,short,other_names,plate_char\n999999,无,,无\n", 2, "code"},
    };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        struct error error = {0};
        const char *folder = folder_with(arena, tables[i].name, tables[i].content);
        struct reference *reference = reference_load(folder, &error);
        cr_expect_null(reference, "%s %zu", tables[i].name, i);
        cr_expect_eq(error.exit_code, EXIT_CONFIGURATION, "%s %zu", tables[i].name, i);
        bool told =
            strstr(error.message, tables[i].message) || strstr(error.file, tables[i].message);
        cr_expect(told, "%s %zu: %s", tables[i].name, i, error.message);
        if (tables[i].line > 0)
            cr_expect_eq(error.line, tables[i].line, "%s %zu: %s", tables[i].name, i,
                         error.message);
        reference_destroy(reference);
    }
    arena_destroy(arena);
}

static size_t decode(const char *text, uint32_t *characters)
{
    struct slice slice = slice_of(text);
    size_t count = 0;
    for (size_t position = 0; position < slice.length;)
        characters[count++] = text_next(slice, &position);
    return count;
}

Test(trie, finds_words_at_the_beginning_and_the_end)
{
    struct arena *arena = arena_create();
    struct trie *trie = trie_create(arena);
    struct trie *ends = trie_create(arena);
    static const char *const words[] = {"浙江", "浙江省", "杭州", "a"};
    for (uint32_t i = 0; i < 4; i++) {
        cr_expect_eq(trie_put(trie, slice_of(words[i]), i), i);
        cr_expect_eq(trie_put_reversed(ends, slice_of(words[i]), i), i);
    }
    cr_expect_eq(trie_put(trie, SLICE("浙江"), 9), 0, "the first value stays");
    cr_expect_eq(trie_put(trie, SLICE(""), 9), TRIE_NONE);
    uint32_t text[16];
    size_t length = 0;
    size_t count = decode("浙江省杭州", text);
    cr_expect_eq(trie_longest(trie, text, count, &length), 1);
    cr_expect_eq(length, 3);
    cr_expect_eq(trie_longest_end(ends, text, count, &length), 2);
    cr_expect_eq(length, 2);
    struct trie_word found[4];
    cr_expect_eq(trie_words(trie, text, count, found, 4), 2);
    cr_expect_eq(found[0].length, 2);
    cr_expect_eq(found[1].value, 1);
    cr_expect_eq(trie_words(trie, text, count, found, 1), 1);
    cr_expect_eq(trie_find(trie, text, 3), 1);
    cr_expect_eq(trie_find(trie, text, 4), TRIE_NONE);
    cr_expect_eq(trie_find(trie, text, 0), TRIE_NONE);
    cr_expect_eq(trie_longest(trie, text, 1, &length), TRIE_NONE);
    arena_destroy(arena);
}

Test(trie, keeps_many_words_apart)
{
    enum { WORDS = 5000 };
    struct arena *arena = arena_create();
    struct trie *trie = trie_create(arena);
    for (uint32_t i = 0; i < WORDS; i++)
        cr_assert_eq(trie_put(trie, slice_of(arena_format(arena, "字%u词", i)), i), i);
    uint32_t text[16];
    for (uint32_t i = 0; i < WORDS; i++) {
        size_t count = decode(arena_format(arena, "字%u词", i), text);
        cr_assert_eq(trie_find(trie, text, count), i);
        cr_assert_eq(trie_find(trie, text, count - 1), TRIE_NONE);
    }
    arena_destroy(arena);
}
