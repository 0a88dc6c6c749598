#include "world.h"
#include "cust360/base/hash.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct model_field customer_fields[] = {
    {.name = "name", .kind = "name", .label = "Name", .from = FIELD_NONE},
    {.name = "mobile", .kind = "mobile", .label = "Mobile", .from = FIELD_NONE},
    {.name = "spent", .kind = "money", .label = "Spent", .from = FIELD_NONE},
};

static struct model_field car_fields[] = {
    {.name = "customer_key", .kind = "reference", .label = "Owner", .from = FIELD_NONE},
    {.name = "vin", .kind = "vin", .label = "VIN", .from = FIELD_NONE},
};

static struct model_entity entities[] = {
    [CUSTOMER] = {"customer", "Customer", customer_fields, CUSTOMER_FIELDS, false},
    [CAR] = {"car", "Car", car_fields, CAR_FIELDS, false},
};

struct model world_model = {.entities = entities, .entity_count = ENTITIES};

void world_begin(struct world *world)
{
    const char *base = getenv("TMPDIR");
    *world = (struct world){0};
    snprintf(world->folder, sizeof(world->folder), "%s/cust360-store-%d", base ? base : "/tmp",
             (int)getpid());
}

void world_end(struct world *world)
{
    char command[512];
    store_close(world->store);
    snprintf(command, sizeof(command), "rm -rf '%s'", world->folder);
    cr_assert_eq(system(command), 0);
}

void world_open(struct world *world)
{
    world->store = store_open(world->folder, &world_model, STORE_WRITE, 0, &world->error);
    cr_assert(world->store, "%s", world->error.message);
}

void world_reopen(struct world *world)
{
    store_close(world->store);
    world_open(world);
}

void world_run_begin(struct world *world)
{
    cr_assert(store_run_begin(world->store, "2026-06-30", 7, &world->error), "%s",
              world->error.message);
}

void world_run_commit(struct world *world)
{
    cr_assert(store_run_commit(world->store, "done", &world->error), "%s", world->error.message);
}

struct source world_source(const char *name)
{
    static const struct mapping mapping = {.name = "wide", .kind = SOURCE_CSV};
    return (struct source){.id = name, .mapping = &mapping, .trust = 50};
}

void world_source_begin(struct world *world, const char *name)
{
    static struct source source;
    source = world_source(name);
    world->rows = 0;
    cr_assert(store_source_begin(world->store, &source, &world->error), "%s", world->error.message);
}

struct store_counts world_source_end(struct world *world)
{
    struct store_counts counts;
    cr_assert(store_source_end(world->store, world->rows, &counts, &world->error), "%s",
              world->error.message);
    return counts;
}

static bool put(struct world *world, struct record *record, size_t field_count)
{
    bool suppressed = false;
    struct place place = {.file = "customers.csv", .line = world->rows + 2};
    struct row_result row = {.outcome = ACCEPTED, .records = record, .record_count = 1};
    for (size_t i = 0; i < field_count; i++)
        record->hash = hash_combine(record->hash, hash_bytes(record->values[i], 0));
    world->rows++;
    cr_assert(store_put(world->store, &row, &place, &suppressed, &world->error), "%s",
              world->error.message);
    return suppressed;
}

bool world_customer(struct world *world, const char *key, const char *name, const char *mobile)
{
    struct slice values[CUSTOMER_FIELDS] = {slice_of(name), slice_of(mobile), SLICE("12.5")};
    struct record record = {.entity = CUSTOMER, .key = slice_of(key), .values = values};
    return put(world, &record, CUSTOMER_FIELDS);
}

bool world_customer_gone(struct world *world, const char *key, const char *name)
{
    struct slice values[CUSTOMER_FIELDS] = {slice_of(name)};
    struct record record = {
        .entity = CUSTOMER, .key = slice_of(key), .values = values, .deleted = true};
    return put(world, &record, CUSTOMER_FIELDS);
}

bool world_car(struct world *world, const char *key, const char *owner, const char *vin)
{
    struct slice values[CAR_FIELDS] = {slice_of(owner), slice_of(vin)};
    struct record record = {.entity = CAR, .key = slice_of(key), .values = values};
    return put(world, &record, CAR_FIELDS);
}

struct store_counts world_night(struct world *world, const char *source,
                                const char *const *customers)
{
    world_run_begin(world);
    world_source_begin(world, source);
    for (; *customers; customers++) {
        char key[32];
        char name[32];
        char mobile[32];
        cr_assert_eq(sscanf(*customers, "%31s %31s %31s", key, name, mobile), 3);
        world_customer(world, key, name, mobile);
    }
    struct store_counts counts = world_source_end(world);
    world_run_commit(world);
    return counts;
}

int64_t world_number(struct world *world, const char *sql)
{
    int64_t number = 0;
    cr_assert(database_integer(store_database(world->store), sql, -1, &number, &world->error), "%s",
              world->error.message);
    return number;
}

const char *world_text(struct world *world, const char *sql)
{
    static char text[16384];
    size_t length = 0;
    struct statement *rows = statement_prepare(store_database(world->store), sql, &world->error);
    cr_assert(rows, "%s", world->error.message);
    text[0] = '\0';
    while (statement_step(rows, &world->error) == ACCEPTED)
        for (int i = 0; i < statement_columns(rows); i++) {
            struct slice value = statement_text(rows, i);
            length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%.*s",
                                       i        ? ","
                                       : length ? "; "
                                                : "",
                                       SLICE_ARGUMENTS(value));
        }
    statement_destroy(rows);
    return text;
}
