/* Any bytes as a mapping of a DMS. Promised: it is bound or refused with a message and its place;
 * what was bound names fields of the model only. */
#include "support.h"

#include "cust360/config.h"
#include "cust360/mapping.h"

static const struct model *model;
static struct arena *kept;

static void open_model(void)
{
    struct error error = {0};
    kept = arena_create();
    model = model_load(kept, "mappings/model.yaml", "mappings/codes", &error);
    require(model != NULL);
}

static void check_table(const struct mapping_table *table)
{
    require(table->name && table->name[0]);
    for (size_t i = 0; i < table->column_count; i++)
        require(table->columns[i].expression != NULL);
    for (size_t i = 0; i < table->entity_count; i++) {
        const struct mapping_entity *entity = &table->entities[i];
        require(entity->entity < model->entity_count);
        for (size_t j = 0; j < entity->field_count; j++)
            require(entity->fields[j].field < model->entities[entity->entity].field_count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct error error = {0};
    if (!model)
        open_model();
    struct arena *arena = arena_create();
    const struct mapping *mapping = mapping_load(arena, fuzz_file(bytes, count), model, &error);
    require(mapping || (error.exit_code == EXIT_CONFIGURATION && error.message[0]));
    for (size_t i = 0; mapping && i < mapping->table_count; i++)
        check_table(&mapping->tables[i]);
    arena_destroy(arena);
    return 0;
}
