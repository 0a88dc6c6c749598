#include "match/compare/confusions.h"
#include "cust360/base/csv.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"

#include <stdlib.h>

struct confusions {
    uint64_t *pairs; /* smaller character above, greater below; ascending */
    size_t count;
};

struct pair_list {
    uint64_t *pairs;
    size_t count;
    size_t capacity;
};

static uint64_t make_pair(uint32_t a, uint32_t b)
{
    return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

static void add_pair(struct pair_list *list, uint32_t a, uint32_t b)
{
    if (a == b)
        return;
    list->pairs = memory_grow(list->pairs, &list->capacity, list->count + 1, sizeof(*list->pairs));
    list->pairs[list->count++] = make_pair(a, b);
}

/* Reads the next member; false at the end. */
static bool next_member(struct slice members, size_t *position, uint32_t *member)
{
    while (*position < members.length) {
        *member = text_next(members, position);
        if (*member != ' ')
            return true;
    }
    return false;
}

static void add_row(struct pair_list *list, struct slice key, struct slice members)
{
    size_t key_position = 0;
    uint32_t first = text_next(key, &key_position);
    bool is_character = key_position == key.length;
    uint32_t a = 0;
    uint32_t b = 0;
    for (size_t i = 0; next_member(members, &i, &a);) {
        if (is_character)
            add_pair(list, first, a);
        for (size_t j = i; !is_character && next_member(members, &j, &b);)
            add_pair(list, a, b);
    }
}

static int compare_pairs(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

const struct confusions *confusions_load(struct arena *arena, const char *path, struct error *error)
{
    struct csv_table table;
    size_t key = 0;
    size_t members = 0;
    if (!csv_table_read(arena, path, ',', &table, error) ||
        !csv_table_require(&table, "key", &key, error) ||
        !csv_table_require(&table, "members", &members, error))
        return NULL;
    struct pair_list list = {NULL, 0, 0};
    for (size_t row = 0; row < table.row_count; row++)
        add_row(&list, csv_table_cell(&table, row, key), csv_table_cell(&table, row, members));
    struct confusions *confusions = arena_allocate(arena, sizeof(*confusions));
    confusions->pairs = arena_allocate_array(arena, list.count + 1, sizeof(*confusions->pairs));
    confusions->count = list.count;
    if (list.count) {
        qsort(list.pairs, list.count, sizeof(*list.pairs), compare_pairs);
        memcpy(confusions->pairs, list.pairs, list.count * sizeof(*list.pairs));
    }
    memory_free(list.pairs);
    return confusions;
}

bool confusions_has(const struct confusions *confusions, uint32_t a, uint32_t b)
{
    uint64_t pair = make_pair(a, b);
    return bsearch(&pair, confusions->pairs, confusions->count, sizeof(pair), compare_pairs) !=
           NULL;
}
