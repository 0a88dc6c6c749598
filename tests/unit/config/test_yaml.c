#include "cust360/base/buffer.h"
#include "cust360/base/file.h"
#include "cust360/yaml.h"
#include "support.h"

#include <stdio.h>
#include <time.h>

#define CORPUS "tests/unit/config/corpus/"

TestSuite(yaml, .init = config_open, .fini = config_close);

static struct document *read_text(const char *text)
{
    struct error error;
    struct document *document = document_read("test.yaml", slice_of(text), &error);
    cr_assert(document, "%s", config_described(&error));
    return document;
}

/* ---- the corpus ---- */

static void append_node(struct buffer *text, const struct node *node, int depth)
{
    static const char *const kinds[] = {"scalar", "sequence", "mapping"};
    buffer_format(text, "%llu:%llu %s", (unsigned long long)node_line(node),
                  (unsigned long long)node_column(node), kinds[node_kind(node)]);
    if (node_kind(node) == NODE_SCALAR)
        buffer_format(text, " <%s>", node_text(node));
    buffer_append_text(text, "\n");
    for (size_t i = 0; i < node_count(node); i++) {
        buffer_format(text, "%*s", 2 * depth + 2, "");
        if (node_kind(node) == NODE_MAPPING)
            buffer_format(text, "<%s> ", node_text(node_key(node, i)));
        append_node(text,
                    node_kind(node) == NODE_MAPPING ? node_value(node, i) : node_item(node, i),
                    depth + 1);
    }
}

/* What reading the document gives, as text. */
static void tell(const char *path, struct buffer *text)
{
    struct error error;
    struct document *document = document_open(path, &error);
    if (document)
        append_node(text, document_root(document), 0);
    else
        error_describe(&error, text);
    document_close(document);
}

static size_t check_corpus(const char *pattern, bool readable)
{
    char **paths = NULL;
    size_t count = 0;
    struct error error;
    cr_assert(file_glob(config_arena(), pattern, &paths, &count, &error));
    for (size_t i = 0; i < count; i++) {
        struct buffer text = BUFFER_EMPTY;
        tell(paths[i], &text);
        struct document *document = document_open(paths[i], &error);
        cr_expect_eq(document != NULL, readable, "%s: %s", paths[i], text.data);
        document_close(document);
        size_t stem = strlen(paths[i]) - strlen(".yaml");
        struct slice expected =
            config_read(arena_format(config_arena(), "%.*s.txt", (int)stem, paths[i]));
        cr_expect_str_eq(text.data, expected.data, "%s:\n%s", paths[i], text.data);
        buffer_release(&text);
    }
    return count;
}

Test(yaml, good_documents_give_these_nodes)
{
    cr_assert_geq(check_corpus(CORPUS "good-*.yaml", true), 5);
}

Test(yaml, bad_documents_give_these_messages)
{
    cr_assert_geq(check_corpus(CORPUS "bad-*.yaml", false), 30);
}

Test(yaml, every_error_is_of_the_configuration_and_has_a_place)
{
    char **paths = NULL;
    size_t count = 0;
    struct error error;
    cr_assert(file_glob(config_arena(), CORPUS "bad-*.yaml", &paths, &count, &error));
    for (size_t i = 0; i < count; i++) {
        cr_assert_null(document_open(paths[i], &error));
        cr_expect_eq(error.exit_code, EXIT_CONFIGURATION, "%s", paths[i]);
        cr_expect_str_eq(error.file, paths[i]);
        cr_expect(error.line > 0 && error.column > 0, "%s", paths[i]);
        cr_expect(error.message[0] != '\0', "%s", paths[i]);
    }
}

/* ---- files ---- */

Test(yaml, files_that_cannot_be_read_are_errors_of_the_configuration)
{
    struct error error;
    cr_assert_null(document_open(config_path("none.yaml"), &error));
    cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
    cr_assert(strstr(error.message, "could not open"), "%s", error.message);
    cr_assert_null(document_open(config_path("."), &error));
    cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
    document_close(NULL);
}

/* ---- nodes ---- */

Test(yaml, patterns_in_single_quotes_arrive_as_they_are)
{
    struct document *document = read_text("match: '^(?<n>\\d{3})\\s*[\"#:{}&*!%@`|>-]''?$'  # c\n");
    cr_assert_str_eq(node_text(node_find(document_root(document), "match")),
                     "^(?<n>\\d{3})\\s*[\"#:{}&*!%@`|>-]'?$");
    document_close(document);
}

Test(yaml, what_is_not_there_is_null)
{
    struct document *document = read_text("a: [x]\nb: y\n");
    const struct node *root = document_root(document);
    const struct node *list = node_find(root, "a");
    cr_assert_null(node_find(root, "c"));
    cr_assert_null(node_find(list, "x"));
    cr_assert_null(node_item(list, 1));
    cr_assert_null(node_item(root, 0));
    cr_assert_null(node_key(root, 2));
    cr_assert_null(node_value(list, 0));
    cr_assert_eq(node_slice(list).length, 0);
    cr_assert_str_eq(node_text(list), "");
    cr_assert_eq(node_count(node_find(root, "b")), 0);
    cr_assert_str_eq(document_path(document), "test.yaml");
    cr_assert_str_eq(node_file(list), "test.yaml");
    document_close(document);
}

Test(yaml, errors_show_place_line_and_caret)
{
    struct error error;
    struct document *document = read_text("a: 1\nname: {中文: x, b: y}\n");
    const struct node *node = node_find(node_find(document_root(document), "name"), "b");
    cr_assert_not(node_error(node, &error, "a %s that is %d", "value", 7));
    cr_assert_str_eq(config_described(&error), "test.yaml:2:18: a value that is 7\n"
                                               "    name: {中文: x, b: y}\n"
                                               "                       ^\n");
    document_close(document);
}

Test(yaml, errors_point_into_texts)
{
    static const struct {
        const char *document;
        size_t offset;
        unsigned line;
        unsigned column;
    } cases[] = {
        {"a: 中文(b\n", 2, 1, 6},
        {"a: '中''文(b'\n", 4, 1, 10},
        {"a: \"\\u4e2d\\t\\x41(\"\n", 3, 1, 17},
        {"a: \"中(\"\n", 1, 1, 6},
        {"a: |\n  one\n  t(o\n", 5, 3, 4},
        {"a: |\n\n    one\n", 2, 3, 6},
        {"a: >\n  one\n  two\n", 5, 1, 1},
        {"a: 'x'\n", 99, 1, 6},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error;
        struct document *document = read_text(cases[i].document);
        const struct node *node = node_find(document_root(document), "a");
        cr_assert_not(node_error_at(node, cases[i].offset, &error, "here"));
        cr_expect(error.line == cases[i].line && error.column == cases[i].column, "%zu: %s", i,
                  config_described(&error));
        document_close(document);
    }
}

Test(yaml, many_keys_are_read_in_a_blink)
{
    struct buffer text = BUFFER_EMPTY;
    enum { KEYS = 50000 };
    for (int i = 0; i < KEYS; i++)
        buffer_format(&text, "key%d: {a: %d}\n", i, i);
    struct error error;
    struct document *document = document_read("big.yaml", buffer_slice(&text), &error);
    cr_assert(document, "%s", config_described(&error));
    cr_assert_eq(node_count(document_root(document)), KEYS);
    document_close(document);
    buffer_append_text(&text, "key77: again\n");
    cr_assert_null(document_read("big.yaml", buffer_slice(&text), &error));
    config_expect(&error, KEYS + 1, 1, "\"key77\" stands here twice, first in line 78", NULL);
    buffer_release(&text);
}

/* ---- typed reading ---- */

static const struct key_rule keys[] = {
    {"name", KEY_REQUIRED, NODE_SCALAR},     {"encoding", KEY_OPTIONAL, NODE_SCALAR},
    {"tables", KEY_OPTIONAL, NODE_SEQUENCE}, {"csv", KEY_OPTIONAL, NODE_MAPPING},
    {"any", KEY_OPTIONAL, KEY_ANY_KIND},     {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
};

Test(yaml, what_stands_before_the_document_is_passed_over_in_a_blink)
{
    enum { LINES = 1000000 };
    struct buffer text = BUFFER_EMPTY;
    struct error error;
    for (int i = 0; i < LINES; i++)
        buffer_append_text(&text, i % 2 ? "\n" : "# c\n");
    buffer_append_text(&text, "a: 1\na: 2\n");
    clock_t began = clock();
    cr_assert_null(document_read("long.yaml", buffer_slice(&text), &error));
    cr_expect_lt((double)(clock() - began) / CLOCKS_PER_SEC, 10);
    cr_expect_eq(error.line, LINES + 2);
    buffer_release(&text);
}

Test(yaml, keys_are_checked)
{
    static const struct {
        const char *document;
        unsigned line;
        unsigned column;
        const char *message;
        const char *hint;
    } cases[] = {
        {"name: a\nencodng: b\n", 2, 1, "unknown key \"encodng\"", "did you mean encoding?"},
        {"name: a\nqqqqqq: b\n", 2, 1, "unknown key \"qqqqqq\"",
         "known here: name, encoding, tables, csv, any"},
        {"encoding: b\n", 1, 1, "the key \"name\" is missing", NULL},
        {"name: [a]\n", 1, 7, "a single value is expected here, not a list", NULL},
        {"name: a\ntables: b\n", 2, 9,
         "a list (- item, or [item, item]) is expected here, not a "
         "single value",
         NULL},
        {"name: a\ncsv:\nany: b\n", 2, 1, "a mapping (key: value) is expected here, not nothing",
         NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error;
        struct document *document = read_text(cases[i].document);
        cr_assert_not(node_check_keys(document_root(document), keys, &error), "%zu", i);
        config_expect(&error, cases[i].line, cases[i].column, cases[i].message, cases[i].hint);
        document_close(document);
    }
    struct error error;
    struct document *document = read_text("name: a\nx-own: 1\nany: {b: 1}\n");
    cr_assert(node_check_keys(document_root(document), keys, &error));
    cr_assert_not(node_check_keys(node_find(document_root(document), "name"), keys, &error));
    document_close(document);
}

Test(yaml, booleans_are_true_and_false_only)
{
    struct error error;
    struct document *document = read_text("a: true\nb: false\nc: yes\nd: [true]\n");
    const struct node *root = document_root(document);
    bool value = false;
    cr_assert(node_read_boolean(node_find(root, "a"), &value, &error) && value);
    cr_assert(node_read_boolean(node_find(root, "b"), &value, &error) && !value);
    value = true;
    cr_assert(node_read_boolean(NULL, &value, &error) && value, "a missing key changes nothing");
    cr_assert_not(node_read_boolean(node_find(root, "c"), &value, &error));
    config_expect(&error, 3, 4, "true or false is expected here, not \"yes\"", NULL);
    cr_assert_not(node_read_boolean(node_find(root, "d"), &value, &error));
    document_close(document);
}

Test(yaml, numbers_are_whole_and_in_range)
{
    struct error error;
    struct document *document = read_text("a: 12\nb: 12x\nc: 101\nd: {e: 1}\nf: 1.5\n");
    const struct node *root = document_root(document);
    int64_t value = 7;
    cr_assert(node_read_integer(node_find(root, "a"), 0, 100, &value, &error) && value == 12);
    cr_assert(node_read_integer(NULL, 0, 100, &value, &error) && value == 12);
    cr_assert_not(node_read_integer(node_find(root, "b"), 0, 100, &value, &error));
    config_expect(&error, 2, 4, "a whole number is expected here, not \"12x\"", NULL);
    cr_assert_not(node_read_integer(node_find(root, "c"), 0, 100, &value, &error));
    config_expect(&error, 3, 4, "a number from 0 to 100 is expected here, not 101", NULL);
    cr_assert_not(node_read_integer(node_find(root, "d"), 0, 100, &value, &error));
    cr_assert_eq(value, 12);
    double number = 0;
    cr_assert(node_read_number(node_find(root, "f"), &number, &error));
    cr_assert_float_eq(number, 1.5, 1e-9);
    cr_assert(node_read_number(NULL, &number, &error));
    cr_assert_not(node_read_number(node_find(root, "b"), &number, &error));
    config_expect(&error, 2, 4, "a number is expected here, not \"12x\"", NULL);
    cr_assert_not(node_read_number(node_find(root, "d"), &number, &error));
    document_close(document);
}

Test(yaml, choices_propose_the_nearest)
{
    static const char *const names[] = {"csv", "xml", "odbc", NULL};
    struct error error;
    struct document *document = read_text("a: odbc\nb: obdc\nc: something\nd: [csv]\n");
    const struct node *root = document_root(document);
    size_t value = 0;
    cr_assert(node_read_choice(node_find(root, "a"), names, &value, &error) && value == 2);
    cr_assert(node_read_choice(NULL, names, &value, &error) && value == 2);
    cr_assert_not(node_read_choice(node_find(root, "b"), names, &value, &error));
    config_expect(&error, 2, 4, "\"obdc\" is not known here", "did you mean odbc?");
    cr_assert_not(node_read_choice(node_find(root, "c"), names, &value, &error));
    config_expect(&error, 3, 4, NULL, "known here: csv, xml, odbc");
    cr_assert_not(node_read_choice(node_find(root, "d"), names, &value, &error));
    document_close(document);
}

Test(yaml, texts_are_one_or_a_list)
{
    struct error error;
    struct document *document = read_text("a: one\nb: [one, 'two']\nc: [[one]]\nd: {e: f}\n");
    const struct node *root = document_root(document);
    const char **texts = NULL;
    size_t count = 0;
    cr_assert(node_read_texts(NULL, config_arena(), &texts, &count, &error) && count == 0);
    cr_assert(node_read_texts(node_find(root, "a"), config_arena(), &texts, &count, &error));
    cr_assert(count == 1 && strcmp(texts[0], "one") == 0);
    cr_assert(node_read_texts(node_find(root, "b"), config_arena(), &texts, &count, &error));
    cr_assert(count == 2 && strcmp(texts[1], "two") == 0);
    cr_assert_not(node_read_texts(node_find(root, "c"), config_arena(), &texts, &count, &error));
    config_expect(&error, 3, 5, "a single value is expected here, not a list", NULL);
    cr_assert_not(node_read_texts(node_find(root, "d"), config_arena(), &texts, &count, &error));
    document_close(document);
}

Test(yaml, nearest_names_are_near)
{
    static const char *const names[] = {"encoding", "delimiter", "key", "kind"};
    static const struct {
        const char *typed;
        const char *nearest;
    } cases[] = {{"encodng", "encoding"},
                 {"delimeter", "delimiter"},
                 {"kez", "key"},
                 {"kidn", "kind"},
                 {"zzz", NULL},
                 {"", NULL},
                 {"encodingencoding", NULL}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *found = nearest_name(cases[i].typed, names, 4);
        cr_expect(found == cases[i].nearest ||
                      (found && cases[i].nearest && strcmp(found, cases[i].nearest) == 0),
                  "%s: %s", cases[i].typed, found ? found : "none");
    }
}
