#include "cust360/base/buffer.h"
#include "cust360/base/file.h"
#include "view/ahp.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct ahp_random_index random_index;
static struct arena *arena;
static char folder[256];

static void open_test(void)
{
    struct error error;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof(folder), "%s/cust360-ahp-XXXXXX", base ? base : "/tmp");
    cr_assert(mkdtemp(folder));
    cr_assert(ahp_random_index_read("mappings/reference/ahp_ri.csv", &random_index, &error), "%s",
              error.message);
    arena = arena_create();
}

static void close_test(void)
{
    char path[300];
    snprintf(path, sizeof(path), "%s/ahp.yaml", folder);
    remove(path);
    remove(folder);
    arena_destroy(arena);
}

TestSuite(view_ahp, .init = open_test, .fini = close_test);

enum { PAIRS_MOST = 28 };

/* A published matrix, its upper triangle row by row. */
struct published {
    const char *what;
    size_t count;
    double upper[PAIRS_MOST];
    double weights[8];
    double ratio; /* 0: not published to three digits */
};

static const struct published tables[] = {
    /* Choosing a leader: experience, education, charisma, age (Wikipedia, "Analytic hierarchy
     * process - leader example"): .547 .127 .270 .056, CR .044 */
    {"leader", 4, {4, 3, 7, 1 / 3.0, 3, 5}, {0.547, 0.127, 0.270, 0.056}, 0.044},
    /* The Jones family's car: cost, safety, style, capacity (Wikipedia, "... car example") */
    {"car", 4, {3, 7, 3, 9, 1, 1 / 7.0}, {0.510, 0.234, 0.041, 0.215}, 0.074},
    /* Choosing a school (Saaty 1980): learning, friends, school life, vocational training, college
     * preparation, music; published to two digits .32 .14 .03 .13 .24 .14, and too contradictory */
    {"school",
     6,
     {4, 3, 1, 3, 4, 7, 3, 1 / 5.0, 1, 1 / 5.0, 1 / 5.0, 1 / 6.0, 1, 1 / 3.0, 3},
     {0.321, 0.140, 0.035, 0.128, 0.237, 0.139},
     0.229},
    /* What people drink in the USA (Saaty): coffee, wine, tea, beer, soft drinks, milk, water:
     * .177 .019 .042 .116 .190 .129 .327, CR .022 */
    {"drinks",
     7,
     {9,       5,       2,       1,       1,       1 / 2.0, 1 / 3.0,
      1 / 9.0, 1 / 9.0, 1 / 9.0, 1 / 9.0, 1 / 3.0, 1 / 4.0, 1 / 3.0,
      1 / 9.0, 1 / 2.0, 1,       1 / 3.0, 2,       1 / 2.0, 1 / 3.0},
     {0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327},
     0.022},
    /* Buying a house (Saaty 1980): size, bus lines, neighbourhood, age, yard, facilities,
     * condition, financing: .173 .054 .188 .018 .031 .036 .167 .333, lambda 9.669, CR .169 */
    {"house",
     8,
     {5,       3,       7,       6,       6,       1 / 3.0, 1 / 4.0, 1 / 3.0, 5,       3,
      3,       1 / 5.0, 1 / 7.0, 6,       3,       4,       6,       1 / 5.0, 1 / 3.0, 1 / 4.0,
      1 / 7.0, 1 / 8.0, 1 / 2.0, 1 / 5.0, 1 / 6.0, 1 / 5.0, 1 / 6.0, 1 / 2.0},
     {0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333},
     0.169},
};

static const char *const letters[] = {"a", "b", "c", "d", "e", "f", "g", "h"};

static void fill(double *values, size_t count, const double *upper)
{
    for (size_t i = 0; i < count; i++)
        values[i * count + i] = 1;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            values[i * count + j] = *upper;
            values[j * count + i] = 1 / *upper++;
        }
    }
}

/* Rounded or cut: what was published has been both. */
static bool has_three_digits(double value, double published)
{
    double off = value - published;
    return off > -0.0005001 && off < 0.0009999;
}

Test(view_ahp, published_matrices_give_their_weights_to_three_digits)
{
    for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
        double values[64];
        struct ahp_result result;
        fill(values, tables[t].count, tables[t].upper);
        struct ahp_matrix matrix = {tables[t].count, letters, values};
        ahp_weigh(&matrix, &random_index, &result);
        for (size_t i = 0; i < matrix.count; i++)
            cr_assert(has_three_digits(result.weights[i], tables[t].weights[i]), "%s %zu: %.4f",
                      tables[t].what, i, result.weights[i]);
        cr_assert_float_eq(result.consistency_ratio, tables[t].ratio, 0.0006, "%s: %.4f",
                           tables[t].what, result.consistency_ratio);
    }
}

/* The house: lambda as published. */
Test(view_ahp, lambda_is_the_principal_eigenvalue)
{
    double values[64];
    struct ahp_result result;
    fill(values, 8, tables[4].upper);
    struct ahp_matrix matrix = {8, letters, values};
    ahp_weigh(&matrix, &random_index, &result);
    cr_assert_float_eq(result.lambda_max, 9.669, 0.0006);
}

/* Weights 6:3:2, each judgment their ratio: lambda is 3, nothing is in doubt. */
Test(view_ahp, judgments_without_contradiction_have_ratio_zero)
{
    double values[9];
    static const double upper[] = {2, 3, 1.5};
    struct ahp_result result;
    struct ahp_doubt doubts[3];
    fill(values, 3, upper);
    struct ahp_matrix matrix = {3, letters, values};
    ahp_weigh(&matrix, &random_index, &result);
    cr_assert_float_eq(result.weights[0], 6 / 11.0, 1e-9);
    cr_assert_float_eq(result.lambda_max, 3, 1e-9);
    cr_assert_float_eq(result.consistency_ratio, 0, 1e-9);
    cr_assert_eq(ahp_doubts(&matrix, &result, doubts, 3), 0);
}

Test(view_ahp, one_and_two_criteria_cannot_contradict)
{
    static const double one[] = {1};
    static const double two[] = {1, 9, 1 / 9.0, 1};
    struct ahp_result result;
    ahp_weigh(&(struct ahp_matrix){1, letters, one}, &random_index, &result);
    cr_assert_float_eq(result.weights[0], 1, 1e-12);
    ahp_weigh(&(struct ahp_matrix){2, letters, two}, &random_index, &result);
    cr_assert_float_eq(result.weights[0], 0.9, 1e-9);
    cr_assert_float_eq(result.consistency_ratio, 0, 1e-12);
}

/* a > b > c > d, each twice as important as the next, but d is said to be nine times a: that is the
 * judgment in doubt, and it is told the way round in which it is above 1. */
Test(view_ahp, the_judgment_that_contradicts_comes_first)
{
    double values[16];
    static const double upper[] = {2, 4, 1 / 9.0, 2, 4, 2};
    struct ahp_result result;
    struct ahp_doubt doubts[2];
    fill(values, 4, upper);
    struct ahp_matrix matrix = {4, letters, values};
    ahp_weigh(&matrix, &random_index, &result);
    cr_assert_gt(result.consistency_ratio, 0.1);
    cr_assert_eq(ahp_doubts(&matrix, &result, doubts, 2), 2);
    cr_assert_eq(doubts[0].row, 3);
    cr_assert_eq(doubts[0].column, 0);
    cr_assert_float_eq(doubts[0].given, 9, 1e-9);
    cr_assert_lt(doubts[0].expected, 3);
}

/* ---- trees ---- */

static bool read_text(const char *yaml, struct ahp_trees *trees, struct error *error)
{
    const char *path = arena_format(arena, "%s/ahp.yaml", folder);
    cr_assert(file_replace(path, slice_of(yaml), error));
    return ahp_trees_read(arena, path, &random_index, trees, error);
}

/* sale 3 times service: 0.75 and 0.25; below sale advice and price count the same: 0.375 each of
 * all. */
Test(view_ahp, a_tree_has_weights_at_each_level)
{
    struct ahp_trees trees;
    struct error error;
    cr_assert(read_text("trees:\n"
                        "  satisfaction:\n"
                        "    criteria: [sale, service]\n"
                        "    judgments:\n"
                        "      sale: {service: 3}\n"
                        "    below:\n"
                        "      sale:\n"
                        "        criteria: [advice, price]\n"
                        "        judgments:\n"
                        "          price: {advice: 1}\n",
                        &trees, &error),
              "%s", error.message);
    static const struct {
        const char *name;
        const char *parent;
        size_t level;
        double weight;
        double global_weight;
        bool is_leaf;
    } wanted[] = {{"sale", NULL, 1, 0.75, 0.75, false},
                  {"service", NULL, 1, 0.25, 0.25, true},
                  {"advice", "sale", 2, 0.5, 0.375, true},
                  {"price", "sale", 2, 0.5, 0.375, true}};
    cr_assert_eq(trees.count, 4);
    for (size_t i = 0; i < 4; i++) {
        cr_assert_str_eq(trees.nodes[i].name, wanted[i].name);
        cr_assert(wanted[i].parent ? strcmp(trees.nodes[i].parent, wanted[i].parent) == 0
                                   : trees.nodes[i].parent == NULL);
        cr_assert_eq(trees.nodes[i].level, wanted[i].level);
        cr_assert_float_eq(trees.nodes[i].weight, wanted[i].weight, 1e-9);
        cr_assert_float_eq(trees.nodes[i].global_weight, wanted[i].global_weight, 1e-9);
        cr_assert_eq(trees.nodes[i].is_leaf, wanted[i].is_leaf);
    }
}

Test(view_ahp, a_contradiction_is_refused_with_the_judgments_in_doubt)
{
    struct ahp_trees trees;
    struct error error;
    cr_assert_not(read_text("trees:\n"
                            "  grade:\n"
                            "    criteria: [value, recency, visits, cars]\n"
                            "    judgments:\n"
                            "      value: {recency: 2, visits: 4, cars: 1/9}\n"
                            "      recency: {visits: 2, cars: 4}\n"
                            "      visits: {cars: 2}\n",
                            &trees, &error));
    cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
    cr_assert(strstr(error.message, "consistency ratio 1.3") ||
                  strstr(error.message, "contradict each other"),
              "%s", error.message);
    cr_assert_eq(error.line, 5);
    cr_assert(strstr(error.hint, "most in doubt: cars over value is 9"), "%s", error.hint);
}

Test(view_ahp, what_is_wrong_in_the_file_is_told_at_its_place)
{
#define TOP "trees:\n  grade:\n    criteria: [a, b, c]\n    judgments:\n"
    static const struct {
        const char *yaml;
        uint64_t line;
        const char *message;
    } cases[] = {
        {TOP "      a: {b: 2}\n", 5, "how important is a beside c? It is not judged"},
        {TOP "      a: {b: 2, c: 3}\n      b: {a: 2, c: 1}\n", 6, "b and a are compared twice"},
        {TOP "      a: {a: 2}\n", 5, "a criterion is not compared with itself"},
        {TOP "      a: {d: 2}\n", 5, "d is none of the criteria"},
        {TOP "      a: {b: 10}\n", 5, "a judgment is between 1/9 and 9, such as 3 or 1/3"},
        {TOP "      a: {b: 1/10}\n", 5, "a judgment is between 1/9 and 9, such as 3 or 1/3"},
        {TOP "      a: {b: many}\n", 5, "a judgment is between 1/9 and 9, such as 3 or 1/3"},
        {TOP "      a: 3\n", 5, "here stands {criterion: times as important, …}"},
        {"trees:\n  grade:\n    criteria: [a, a]\n", 3, "a stands here twice"},
        {"trees:\n  grade:\n    criteria: []\n", 3, "there are 1 to 15 criteria"},
        {"trees:\n  g:\n    criteria: [a]\n    below:\n      a:\n        criteria: [a]\n", 6,
         "a is a criterion of this tree already"},
        {"trees:\n  g:\n    criteria: [a]\n    below: {a: {criteria: [b], below: {b: {criteria: "
         "[c], "
         "below: {c: {criteria: [d], below: {d: {criteria: [e], below: {e: {criteria: [f], below: "
         "{f: {criteria: [h], below: {h: {criteria: [i], below: {i: {criteria: [j]}}}}}}}}}}}}}}}"
         "}\n",
         4, "a tree has at most 8 levels"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct ahp_trees trees;
        struct error error;
        cr_assert_not(read_text(cases[i].yaml, &trees, &error), "%zu", i);
        cr_assert_str_eq(error.message, cases[i].message);
        cr_assert_eq(error.line, cases[i].line, "%s: line %d", error.message, (int)error.line);
    }
}

Test(view_ahp, the_random_index_must_be_readable)
{
    struct ahp_random_index index;
    struct error error;
    const char *path = arena_format(arena, "%s/ahp.yaml", folder);
    cr_assert_float_eq(random_index.of_count[3], 0.58, 1e-9);
    cr_assert_float_eq(random_index.of_count[15], 1.59, 1e-9);
    cr_assert_not(ahp_random_index_read(path, &index, &error));
    cr_assert(file_replace(path, SLICE("n,saaty_1980\n3,much\n"), &error));
    cr_assert_not(ahp_random_index_read(path, &index, &error));
    cr_assert_eq(error.line, 2);
}
