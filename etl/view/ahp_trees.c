#include "cust360/base/buffer.h"
#include "cust360/base/slice.h"
#include "cust360/base/text.h"
#include "cust360/yaml.h"
#include "view/ahp.h"

#include <string.h>

/* Saaty's scale: from equally important to 9 times as important. */
static const double judgment_most = 9;
enum { DOUBTS_TOLD = 3, LEVELS_MOST = 8 };

/* What stands above the criteria that are being read. */
struct branch {
    const char *tree;
    const char *parent; /* NULL: the tree itself */
    size_t level;
    double weight; /* of the parent in the whole tree */
};

struct tree_reader {
    struct arena *arena;
    const struct ahp_random_index *index;
    struct ahp_trees *trees;
    size_t capacity;
};

static const struct key_rule branch_keys[] = {{"label", KEY_OPTIONAL, NODE_SCALAR},
                                              {"criteria", KEY_REQUIRED, NODE_SEQUENCE},
                                              {"judgments", KEY_OPTIONAL, NODE_MAPPING},
                                              {"below", KEY_OPTIONAL, NODE_MAPPING},
                                              {NULL, KEY_OPTIONAL, NODE_MAPPING}};

static size_t name_place(const struct ahp_matrix *matrix, const char *name)
{
    size_t place = 0;
    while (place < matrix->count && strcmp(matrix->names[place], name) != 0)
        place++;
    return place;
}

static bool find_criterion(const struct ahp_matrix *matrix, const struct node *key, size_t *place,
                           struct error *error)
{
    *place = name_place(matrix, node_text(key));
    return *place < matrix->count || node_error_names(key, error, matrix->names, matrix->count,
                                                      "%s is none of the criteria", node_text(key));
}

/* A number, or a fraction such as 1/3. */
static bool read_importance(const struct node *node, double *value, struct error *error)
{
    struct slice text = node_slice(node);
    double above = 0;
    double below = 1;
    const char *slash = text.length ? memchr(text.data, '/', text.length) : NULL;
    size_t cut = slash ? (size_t)(slash - text.data) : text.length;
    bool is_number = text_to_number(slice_cut(text, 0, cut), &above) &&
                     (!slash || text_to_number(slice_cut(text, cut + 1, text.length), &below));
    *value = is_number && below > 0 ? above / below : 0;
    if (*value * judgment_most >= 1 - 1e-9 && *value <= judgment_most)
        return true;
    return node_error(node, error, "a judgment is between 1/9 and 9, such as 3 or 1/3");
}

static bool read_judgment(const struct ahp_matrix *matrix, double *values, size_t row,
                          const struct node *key, const struct node *value, struct error *error)
{
    size_t column = 0;
    double importance = 0;
    if (!find_criterion(matrix, key, &column, error) || !read_importance(value, &importance, error))
        return false;
    if (row == column)
        return node_error(key, error, "a criterion is not compared with itself");
    if (values[row * matrix->count + column] > 0)
        return node_error(key, error, "%s and %s are compared twice", matrix->names[row],
                          matrix->names[column]);
    values[row * matrix->count + column] = importance;
    values[column * matrix->count + row] = 1 / importance;
    return true;
}

static bool check_complete(const struct ahp_matrix *matrix, const struct node *node,
                           struct error *error)
{
    for (size_t row = 0; row < matrix->count; row++)
        for (size_t column = row + 1; column < matrix->count; column++)
            if (matrix->judgments[row * matrix->count + column] <= 0)
                return node_error(node, error, "how important is %s beside %s? It is not judged",
                                  matrix->names[row], matrix->names[column]);
    return true;
}

static bool read_judgments(const struct ahp_matrix *matrix, double *values,
                           const struct node *branch, struct error *error)
{
    const struct node *rows = node_find(branch, "judgments");
    for (size_t i = 0; i < matrix->count; i++)
        values[i * matrix->count + i] = 1;
    for (size_t i = 0; rows && i < node_count(rows); i++) {
        const struct node *row = node_value(rows, i);
        size_t place = 0;
        if (!find_criterion(matrix, node_key(rows, i), &place, error))
            return false;
        if (node_kind(row) != NODE_MAPPING)
            return node_error(row, error, "here stands {criterion: times as important, …}");
        for (size_t j = 0; j < node_count(row); j++)
            if (!read_judgment(matrix, values, place, node_key(row, j), node_value(row, j), error))
                return false;
    }
    return check_complete(matrix, rows ? rows : branch, error);
}

static bool read_criteria(struct tree_reader *reader, const struct node *branch,
                          struct ahp_matrix *matrix, struct error *error)
{
    const struct node *criteria = node_find(branch, "criteria");
    const char **names = NULL;
    if (!node_read_texts(criteria, reader->arena, &names, &matrix->count, error))
        return false;
    if (matrix->count < 1 || matrix->count > AHP_CRITERIA_MOST)
        return node_error(criteria, error, "there are 1 to %d criteria", AHP_CRITERIA_MOST);
    matrix->names = names;
    for (size_t i = 0; i < matrix->count; i++)
        names[i] = arena_text(reader->arena, slice_of(names[i]));
    for (size_t i = 0; i < matrix->count; i++)
        if (name_place(matrix, names[i]) < i)
            return node_error(node_item(criteria, i), error, "%s stands here twice", names[i]);
    return true;
}

static bool refuse_contradiction(const struct ahp_matrix *matrix, const struct ahp_result *result,
                                 const struct node *node, struct error *error)
{
    struct ahp_doubt doubts[DOUBTS_TOLD];
    size_t count = ahp_doubts(matrix, result, doubts, DOUBTS_TOLD);
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < count; i++)
        buffer_format(&text, "%s%s over %s is %.3g, the others together say %.2f", i ? "; " : "",
                      matrix->names[doubts[i].row], matrix->names[doubts[i].column],
                      doubts[i].given, doubts[i].expected);
    node_error(node, error,
               "the judgments contradict each other: consistency ratio %.3f, below %g "
               "is asked",
               result->consistency_ratio, AHP_RATIO_LIMIT);
    error_hint(error, "most in doubt: %s", text.data);
    buffer_release(&text);
    return false;
}

static bool check_name_free(const struct tree_reader *reader, const struct branch *branch,
                            const char *name, const struct node *node, struct error *error)
{
    for (size_t i = 0; i < reader->trees->count; i++)
        if (strcmp(reader->trees->nodes[i].tree, branch->tree) == 0 &&
            strcmp(reader->trees->nodes[i].name, name) == 0)
            return node_error(node, error, "%s is a criterion of this tree already", name);
    return true;
}

static void add_node(struct tree_reader *reader, const struct ahp_node *node)
{
    struct ahp_trees *trees = reader->trees;
    if (trees->count == reader->capacity) {
        size_t capacity = reader->capacity * 2 + 16;
        struct ahp_node *nodes =
            arena_allocate_array(reader->arena, capacity, sizeof(*trees->nodes));
        if (trees->count)
            memcpy(nodes, trees->nodes, trees->count * sizeof(*nodes));
        trees->nodes = nodes;
        reader->capacity = capacity;
    }
    trees->nodes[trees->count++] = *node;
}

static bool read_branch(struct tree_reader *reader, const struct branch *branch,
                        const struct node *node, struct error *error);

/* What stands below a criterion of this branch. */
static bool read_below(struct tree_reader *reader, const struct branch *branch,
                       const struct ahp_matrix *matrix, const struct ahp_result *result,
                       const struct node *below, struct error *error)
{
    for (size_t i = 0; below && i < node_count(below); i++) {
        size_t place = 0;
        if (!find_criterion(matrix, node_key(below, i), &place, error))
            return false;
        struct branch next = {branch->tree, matrix->names[place], branch->level + 1,
                              branch->weight * result->weights[place]};
        if (!read_branch(reader, &next, node_value(below, i), error))
            return false;
    }
    return true;
}

static bool read_branch(struct tree_reader *reader, const struct branch *branch,
                        const struct node *node, struct error *error)
{
    struct ahp_matrix matrix = {0};
    struct ahp_result result;
    if (branch->level > LEVELS_MOST)
        return node_error(node, error, "a tree has at most %d levels", LEVELS_MOST);
    if (!node_check_keys(node, branch_keys, error) || !read_criteria(reader, node, &matrix, error))
        return false;
    double *values =
        arena_allocate_array(reader->arena, matrix.count * matrix.count, sizeof(*values));
    matrix.judgments = values;
    if (!read_judgments(&matrix, values, node, error))
        return false;
    ahp_weigh(&matrix, reader->index, &result);
    if (result.consistency_ratio >= AHP_RATIO_LIMIT)
        return refuse_contradiction(&matrix, &result, node_find(node, "judgments"), error);
    const struct node *below = node_find(node, "below");
    for (size_t i = 0; i < matrix.count; i++) {
        const struct node *item = node_item(node_find(node, "criteria"), i);
        const char *name = matrix.names[i];
        if (!check_name_free(reader, branch, name, item, error))
            return false;
        add_node(reader, &(struct ahp_node){branch->tree, name, branch->parent, branch->level,
                                            result.weights[i], branch->weight * result.weights[i],
                                            result.consistency_ratio,
                                            below == NULL || !node_find(below, name)});
    }
    return read_below(reader, branch, &matrix, &result, below, error);
}

bool ahp_trees_read(struct arena *arena, const char *path, const struct ahp_random_index *index,
                    struct ahp_trees *trees, struct error *error)
{
    static const struct key_rule keys[] = {{"trees", KEY_REQUIRED, NODE_MAPPING},
                                           {NULL, KEY_OPTIONAL, NODE_MAPPING}};
    struct tree_reader reader = {arena, index, trees, 0};
    struct document *document = document_open(path, error);
    if (!document)
        return false;
    *trees = (struct ahp_trees){NULL, 0};
    const struct node *root = document_root(document);
    bool read = node_check_keys(root, keys, error);
    const struct node *all = read ? node_find(root, "trees") : NULL;
    for (size_t i = 0; read && i < node_count(all); i++) {
        struct branch top = {arena_text(arena, node_slice(node_key(all, i))), NULL, 1, 1};
        read = read_branch(&reader, &top, node_value(all, i), error);
    }
    document_close(document);
    return read;
}
