#include "cli/train/train_labels.h"
#include "cust360/base/csv.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"

struct truth_file {
    struct map *records; /* source, a line feed, key */
    struct map *entities;
    uint32_t *entity; /* by record */
    struct buffer name;
};

static struct slice name_of(struct truth_file *file, struct slice source, struct slice key)
{
    buffer_clear(&file->name);
    buffer_append(&file->name, source);
    buffer_append_byte(&file->name, '\n');
    buffer_append(&file->name, key);
    return buffer_slice(&file->name);
}

struct truth_file *truth_file_read(struct arena *arena, const char *path, struct error *error)
{
    struct csv_table table;
    size_t source = 0;
    size_t key = 0;
    size_t entity = 0;
    if (!csv_table_read(arena, path, ',', &table, error) ||
        !csv_table_require(&table, "source", &source, error) ||
        !csv_table_require(&table, "key", &key, error) ||
        !csv_table_require(&table, "entity", &entity, error))
        return NULL;
    struct truth_file *file = memory_allocate_array(1, sizeof(*file));
    file->records = map_create();
    file->entities = map_create();
    file->entity = arena_allocate_array(arena, table.row_count + 1, sizeof(*file->entity));
    for (size_t row = 0; row < table.row_count; row++) {
        uint32_t record =
            map_intern(file->records, name_of(file, csv_table_cell(&table, row, source),
                                              csv_table_cell(&table, row, key)));
        file->entity[record] = map_intern(file->entities, csv_table_cell(&table, row, entity));
    }
    return file;
}

void truth_file_destroy(struct truth_file *file)
{
    if (!file)
        return;
    map_destroy(file->records);
    map_destroy(file->entities);
    buffer_release(&file->name);
    memory_free(file);
}

uint32_t truth_file_entity(struct truth_file *file, struct slice source, struct slice key)
{
    uint32_t record = map_number(file->records, name_of(file, source, key));
    return record == MAP_NONE ? TRAIN_UNLABELLED : file->entity[record];
}

bool labels_load_decisions(struct train_labels *labels, struct store *store, struct arena *arena,
                           struct error *error)
{
    const struct store_decision *stored = NULL;
    if (!store_decisions(store, &stored, &labels->decision_count, error))
        return false;
    struct match_decision *decisions =
        arena_allocate_array(arena, labels->decision_count + 1, sizeof(*decisions));
    for (size_t i = 0; i < labels->decision_count; i++)
        decisions[i] = (struct match_decision){stored[i].a, stored[i].b, stored[i].same};
    labels->decisions = decisions;
    return true;
}
