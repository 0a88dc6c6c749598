#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "cust360/profile_tally.h"
#include "profile/xml_tokens.h"
#include "profile/xml_tree.h"

/*
 *   text ──► tokens ──► tree with counts            (the head, then all of the document)
 *                  └──► values of the open record ──► a tally a column, when the record ends
 */

enum { DISTINCT_MOST = 2048, ROWS_KEPT = 1000, XML_DEPTH_MOST = 256 };

struct xml_column {
    struct xml_node *leaf;
    size_t variant; /* SIZE_MAX: of none */
    bool is_above;  /* of an element above the record */
    const char *path;
    const char *heading;
    struct tally *tally;
    struct buffer current; /* with a variant */
    bool is_set;
};

struct xml_table {
    struct xml_node *record;
    struct xml_column *columns;
    size_t column_count;
    size_t column_capacity;
    uint64_t rows;
    struct slice **kept;
    size_t kept_count;
};

struct xml_tally {
    struct xml_tree tree;
    struct xml_tokens tokens;
    bool counting; /* the head has been looked at */
    struct xml_node *open[XML_DEPTH_MOST];
    size_t depth;
    struct buffer text[XML_DEPTH_MOST]; /* of the open elements */
    struct xml_table *tables;
    size_t table_count;
};

/* ---- columns ---- */

static void add_column(struct xml_tally *tally, struct xml_table *table, struct xml_column column)
{
    table->columns = memory_grow(table->columns, &table->column_capacity, table->column_count + 1,
                                 sizeof(*table->columns));
    const char *top = xml_node_path(tally->tree.arena, column.leaf);
    const char *second = strchr(top + 1, '/');
    column.heading = second ? second + 1 : top + 1;
    if (column.variant != SIZE_MAX) {
        const char *record = xml_node_path(tally->tree.arena, table->record);
        const char *below = strchr(record + 1, '/');
        column.heading =
            arena_format(tally->tree.arena, "%s/%s", below ? below + 1 : "", column.path);
    }
    column.tally = tally_create(DISTINCT_MOST);
    table->columns[table->column_count++] = column;
}

/* The path from the record: Phones/Phone[@kind='mobile'], Purchased/@price. */
static const char *path_below(struct xml_tally *tally, const struct xml_node *record,
                              const struct xml_node *node, size_t variant)
{
    struct arena *arena = tally->tree.arena;
    const char *above =
        node->parent == record ? "" : path_below(tally, record, node->parent, variant);
    const char *step =
        arena_format(arena, "%s%.*s", node->is_attribute ? "@" : "", SLICE_ARGUMENTS(node->name));
    if (node->tells && variant != SIZE_MAX)
        step = arena_format(arena, "%s[%s%.*s='%.*s']", step, node->tells->is_attribute ? "@" : "",
                            SLICE_ARGUMENTS(node->tells->name),
                            SLICE_ARGUMENTS(node->variants[variant]));
    return above[0] ? arena_format(arena, "%s/%s", above, step) : step;
}

static void add_leaf(struct xml_tally *tally, struct xml_table *table, struct xml_node *leaf)
{
    const struct xml_node *within = leaf->within;
    if (within && within->tells == leaf)
        return;
    if (!within) {
        add_column(tally, table,
                   (struct xml_column){.leaf = leaf,
                                       .variant = SIZE_MAX,
                                       .path = path_below(tally, table->record, leaf, SIZE_MAX)});
        return;
    }
    for (size_t i = 0; i < within->variant_count; i++) {
        struct xml_column column = {.leaf = leaf, .variant = i};
        column.path = path_below(tally, table->record, leaf, i);
        add_column(tally, table, column);
    }
}

static void add_leaves_below(struct xml_tally *tally, struct xml_table *table,
                             struct xml_node *node)
{
    for (struct xml_node *child = node->first; child; child = child->next) {
        if (child->is_record)
            continue;
        if (xml_node_is_leaf(child))
            add_leaf(tally, table, child);
        if (!child->is_attribute)
            add_leaves_below(tally, table, child);
    }
}

static void add_above(struct xml_tally *tally, struct xml_table *table, struct xml_node *leaf,
                      const char *way)
{
    const char *path = arena_format(tally->tree.arena, "%s/%s%.*s", way,
                                    leaf->is_attribute ? "@" : "", SLICE_ARGUMENTS(leaf->name));
    add_column(
        tally, table,
        (struct xml_column){.leaf = leaf, .variant = SIZE_MAX, .is_above = true, .path = path});
}

/* The element that a record begins with, where it has a value: a number, in what programs write. */
static struct xml_node *first_element(const struct xml_node *record)
{
    struct xml_node *child = record->first;
    while (child && child->is_attribute)
        child = child->next;
    return child && xml_node_is_leaf(child) && !child->within && child->most <= 1 ? child : NULL;
}

/* What a record belongs to stands above it: ../../@id, ../../CustomerNo. */
static void add_columns_above(struct xml_tally *tally, struct xml_table *table)
{
    const char *way = "..";
    for (struct xml_node *above = table->record->parent; above && above->parent;
         above = above->parent) {
        for (struct xml_node *child = above->first; child; child = child->next)
            if (child->is_attribute)
                add_above(tally, table, child, way);
        struct xml_node *first = above->is_record ? first_element(above) : NULL;
        if (first)
            add_above(tally, table, first, way);
        way = arena_format(tally->tree.arena, "%s/..", way);
    }
}

static void make_tables(struct xml_tally *tally)
{
    struct xml_tree *tree = &tally->tree;
    size_t capacity = 0;
    for (struct xml_node *node = tree->top; node; node = xml_node_following(node, tree->top)) {
        if (!node->is_record)
            continue;
        tally->tables =
            memory_grow(tally->tables, &capacity, tally->table_count + 1, sizeof(*tally->tables));
        struct xml_table *table = &tally->tables[tally->table_count++];
        *table = (struct xml_table){.record = node};
        add_columns_above(tally, table);
        if (node->has_text && node->first)
            add_column(tally, table,
                       (struct xml_column){.leaf = node, .variant = SIZE_MAX, .path = "."});
        add_leaves_below(tally, table, node);
    }
}

/* ---- values ---- */

static void set_value(struct xml_node *node, struct slice value)
{
    if (node->is_set)
        return; /* of several the first is what a mapping's path gives */
    buffer_clear(&node->current);
    buffer_append(&node->current, slice_cut(value, 0, XML_VALUE_BYTES_MOST));
    node->is_set = true;
}

static size_t find_variant(const struct xml_node *element)
{
    if (element->tells->is_set)
        for (size_t i = 0; i < element->variant_count; i++)
            if (slice_equal(buffer_slice(&element->tells->current), element->variants[i]))
                return i;
    return SIZE_MAX;
}

/* An element with a type ends: its values go to the columns of that type. */
static void settle_variant(struct xml_tally *tally, struct xml_node *element)
{
    size_t variant = find_variant(element);
    for (size_t t = 0; t < tally->table_count; t++)
        for (size_t c = 0; c < tally->tables[t].column_count; c++) {
            struct xml_column *column = &tally->tables[t].columns[c];
            if (column->leaf->within != element || !column->leaf->is_set)
                continue;
            if (column->variant != variant || column->is_set)
                continue;
            buffer_clear(&column->current);
            buffer_append(&column->current, buffer_slice(&column->leaf->current));
            column->is_set = true;
        }
    element->is_set = false;
    for (struct xml_node *child = element->first; child; child = child->next)
        child->is_set = false;
}

static struct slice value_of(const struct xml_column *column)
{
    if (column->variant != SIZE_MAX)
        return column->is_set ? buffer_slice(&column->current) : slice_make(NULL, 0);
    return column->leaf->is_set ? buffer_slice(&column->leaf->current) : slice_make(NULL, 0);
}

static void keep_row(struct xml_tally *tally, struct xml_table *table)
{
    struct arena *arena = tally->tree.arena;
    if (table->kept_count == ROWS_KEPT)
        return;
    if (!table->kept)
        table->kept = arena_allocate_array(arena, ROWS_KEPT, sizeof(*table->kept));
    struct slice *row = arena_allocate_array(arena, table->column_count, sizeof(*row));
    for (size_t i = 0; i < table->column_count; i++)
        row[i] = arena_copy(arena, slice_trim(slice_cut(value_of(&table->columns[i]), 0, 200)));
    table->kept[table->kept_count++] = row;
}

static void end_record(struct xml_tally *tally, struct xml_table *table)
{
    table->rows++;
    keep_row(tally, table);
    for (size_t i = 0; i < table->column_count; i++) {
        struct xml_column *column = &table->columns[i];
        tally_add(column->tally, value_of(column));
        if (column->is_above)
            continue;
        column->is_set = false;
        column->leaf->is_set = false;
    }
}

/* ---- what the tokens say ---- */

static void hear_begin(void *context, struct slice name)
{
    struct xml_tally *tally = context;
    struct xml_node *parent = tally->depth ? tally->open[tally->depth - 1] : NULL;
    struct xml_node *node = NULL;
    if (tally->depth == 0 || parent)
        node = xml_tree_child(&tally->tree, parent, name, false);
    if (node) {
        node->count++;
        node->in_parent++;
    }
    tally->open[tally->depth] = node;
    buffer_clear(&tally->text[tally->depth]);
    tally->depth++;
}

static void note_value(struct xml_tally *tally, struct xml_node *node, struct slice value)
{
    if (tally->counting)
        set_value(node, value);
    else
        frequent_add(&node->domain, hash_bytes(value, 0), value, 1);
}

static void hear_attribute(void *context, struct slice name, struct slice value)
{
    struct xml_tally *tally = context;
    struct xml_node *parent = tally->open[tally->depth - 1];
    struct xml_node *node = parent ? xml_tree_child(&tally->tree, parent, name, true) : NULL;
    if (!node)
        return;
    node->count++;
    node->in_parent++;
    node->is_set = false;
    note_value(tally, node, slice_trim(value));
}

static void hear_text(void *context, struct slice text)
{
    struct xml_tally *tally = context;
    struct buffer *all = &tally->text[tally->depth - 1];
    if (all->length < XML_VALUE_BYTES_MOST)
        buffer_append(all, text);
}

static void forget_attributes(struct xml_node *node)
{
    for (struct xml_node *child = node->first; child; child = child->next)
        if (child->is_attribute && !node->within)
            child->is_set = false;
}

static void hear_end(void *context)
{
    struct xml_tally *tally = context;
    struct xml_node *node = tally->open[--tally->depth];
    struct slice text = slice_trim(buffer_slice(&tally->text[tally->depth]));
    if (!node)
        return;
    if (text.length) {
        node->has_text = true;
        note_value(tally, node, text);
    }
    for (struct xml_node *child = node->first; child; child = child->next) {
        if (child->in_parent > child->most)
            child->most = child->in_parent;
        child->in_parent = 0;
    }
    if (!tally->counting)
        return;
    if (node->tells)
        settle_variant(tally, node);
    for (size_t i = 0; node->is_record && i < tally->table_count; i++)
        if (tally->tables[i].record == node) {
            end_record(tally, &tally->tables[i]);
            forget_attributes(node);
        }
}

/* ---- life ---- */

static struct xml_listener listener_of(struct xml_tally *tally)
{
    return (struct xml_listener){hear_begin, hear_attribute, hear_text, hear_end, tally};
}

struct xml_tally *xml_tally_create(void)
{
    struct xml_tally *tally = memory_allocate_array(1, sizeof(*tally));
    tally->tree.arena = arena_create();
    xml_tokens_begin(&tally->tokens, listener_of(tally));
    return tally;
}

void xml_tally_feed(struct xml_tally *tally, struct slice text)
{
    xml_tokens_feed(&tally->tokens, text);
}

void xml_tally_learnt(struct xml_tally *tally)
{
    struct xml_tree *tree = &tally->tree;
    xml_tokens_finish(&tally->tokens, 0);
    xml_tokens_release(&tally->tokens);
    xml_tokens_begin(&tally->tokens, listener_of(tally));
    tally->depth = 0;
    tally->counting = true;
    if (!tree->top)
        return;
    xml_tree_learn(tree);
    make_tables(tally);
    for (struct xml_node *node = tree->top; node; node = xml_node_following(node, tree->top)) {
        node->count = 0;
        node->in_parent = 0;
        node->most = 0;
    }
}

void xml_tally_destroy(struct xml_tally *tally)
{
    if (!tally)
        return;
    for (size_t t = 0; t < tally->table_count; t++) {
        for (size_t c = 0; c < tally->tables[t].column_count; c++) {
            tally_destroy(tally->tables[t].columns[c].tally);
            buffer_release(&tally->tables[t].columns[c].current);
        }
        memory_free(tally->tables[t].columns);
    }
    memory_free(tally->tables);
    for (struct xml_node *node = tally->tree.top; node;
         node = xml_node_following(node, tally->tree.top)) {
        frequent_release(&node->domain);
        buffer_release(&node->current);
    }
    for (size_t i = 0; i < XML_DEPTH_MOST; i++)
        buffer_release(&tally->text[i]);
    xml_tokens_release(&tally->tokens);
    arena_destroy(tally->tree.arena);
    memory_free(tally);
}

/* ---- the result ---- */

static void finish_table(const struct xml_tally *tally, const struct xml_table *table,
                         struct arena *arena, struct profile_table *result)
{
    result->name = arena_text(arena, table->record->name);
    result->record = xml_node_path(arena, table->record);
    result->rows = table->rows;
    result->parent = SIZE_MAX;
    result->column_count = table->column_count;
    result->columns = arena_allocate_array(arena, table->column_count, sizeof(*result->columns));
    for (size_t i = 0; i < table->column_count; i++) {
        tally_finish(table->columns[i].tally, arena, &result->columns[i]);
        result->columns[i].name = arena_text(arena, slice_of(table->columns[i].path));
        result->columns[i].heading = arena_text(arena, slice_of(table->columns[i].heading));
    }
    result->rows_sample_count = table->kept_count;
    result->rows_sample =
        arena_allocate_array(arena, table->kept_count, sizeof(*result->rows_sample));
    for (size_t r = 0; r < table->kept_count; r++) {
        result->rows_sample[r] =
            arena_allocate_array(arena, table->column_count, sizeof(struct slice));
        for (size_t i = 0; i < table->column_count; i++)
            result->rows_sample[r][i] = arena_copy(arena, table->kept[r][i]);
    }
    for (const struct xml_node *above = table->record->parent; above; above = above->parent)
        for (size_t i = 0; i < tally->table_count && result->parent == SIZE_MAX; i++)
            if (tally->tables[i].record == above)
                result->parent = i;
}

static void finish_nodes(struct xml_tally *tally, struct arena *arena, struct profile *profile)
{
    struct xml_tree *tree = &tally->tree;
    profile->nodes = arena_allocate_array(arena, tree->node_count, sizeof(*profile->nodes));
    for (struct xml_node *node = tree->top; node; node = xml_node_following(node, tree->top)) {
        struct profile_node *result = &profile->nodes[profile->node_count++];
        result->path = xml_node_path(arena, node);
        result->count = node->count;
        result->most = node == tree->top ? 1 : node->most;
    }
}

/* The repairs that a mapping has for what was found. */
static const char *list_repairs(const struct xml_tally *tally, struct arena *arena)
{
    const char *list = "";
    for (size_t i = 0; i < XML_DEFECTS; i++) {
        const char *repair = xml_defect_repair((enum xml_defect)i);
        if (repair && tally->tokens.defects[i] && !strstr(list, repair))
            list = arena_format(arena, "%s%s%s", list, list[0] ? ", " : "", repair);
    }
    return list;
}

/* How many elements stand around the outermost records. */
static size_t count_around(const struct xml_tally *tally)
{
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < tally->table_count; i++) {
        size_t around = 0;
        for (const struct xml_node *above = tally->tables[i].record->parent; above;
             above = above->parent)
            around++;
        least = around < least ? around : least;
    }
    return least == SIZE_MAX ? 0 : least;
}

void xml_tally_finish(struct xml_tally *tally, struct arena *arena, struct profile *profile)
{
    xml_tokens_finish(&tally->tokens, count_around(tally));
    if (profile->sampled) /* it was not read to its end */
        tally->tokens.defects[XML_CUT_OFF] = tally->tokens.defects[XML_END_TAGS] = 0;
    profile->tables = arena_allocate_array(arena, tally->table_count, sizeof(*profile->tables));
    profile->table_count = tally->table_count;
    for (size_t i = 0; i < tally->table_count; i++)
        finish_table(tally, &tally->tables[i], arena, &profile->tables[i]);
    if (tally->tree.top)
        finish_nodes(tally, arena, profile);
    profile->repairs = list_repairs(tally, arena);
    profile->defects = arena_allocate_array(arena, XML_DEFECTS + 1, sizeof(*profile->defects));
    for (size_t i = 0; i < XML_DEFECTS; i++)
        if (tally->tokens.defects[i])
            profile->defects[profile->defect_count++] =
                arena_format(arena, "%llu %s", (unsigned long long)tally->tokens.defects[i],
                             xml_defect_text((enum xml_defect)i));
    if (tally->tree.overflowed)
        profile->defects[profile->defect_count++] =
            "it has more different elements than are looked at";
}
