#include "cust360/base/buffer.h"
#include "cust360/match_intake.h"
#include "lab.h"

#include <string.h>

/* Entities and fields of lab_model, by number. */
enum { PERSONS, CARS };

struct gate {
    struct lab lab;
    struct match_intake *intake;
    struct intake_batch *batch;
    struct match_input *input;
};

static void gate_open(struct gate *gate)
{
    memset(gate, 0, sizeof(*gate));
    lab_begin(&gate->lab, NULL);
    gate->intake = match_intake_create(gate->lab.rules, &lab_model);
    gate->batch = intake_batch_create(gate->intake);
}

static void gate_close(struct gate *gate)
{
    match_input_destroy(gate->input);
    intake_batch_destroy(gate->batch);
    match_intake_destroy(gate->intake);
    lab_end(&gate->lab);
}

/* A record with one or two of its fields filled. */
static struct record make_record(struct gate *gate, size_t entity, const char *key,
                                 const char *const *fields)
{
    const struct model_entity *model = &lab_model.entities[entity];
    struct slice *values =
        arena_allocate_array(gate->lab.arena, model->field_count, sizeof(*values));
    for (size_t i = 0; fields[i]; i += 2)
        values[model_find_field(model, fields[i])] = slice_of(fields[i + 1]);
    return (struct record){.entity = entity, .key = slice_of(key), .values = values};
}

static void add_person(struct gate *gate, const char *key, const char *name)
{
    const char *const fields[] = {"name", name, NULL};
    struct record record = make_record(gate, PERSONS, key, fields);
    intake_batch_add(gate->batch, &record, 1);
}

static void add_car(struct gate *gate, const char *key, const char *owner, const char *vin)
{
    const char *const fields[] = {"owner", owner, "vin", vin, NULL};
    struct record record = make_record(gate, CARS, key, fields);
    intake_batch_add(gate->batch, &record, 1);
}

static void take(struct gate *gate)
{
    match_intake_add(gate->intake, gate->batch);
    intake_batch_clear(gate->batch);
}

/* Every record as "source/key:name(vin vin)", in order. */
static void expect_records(struct gate *gate, const char *expected)
{
    struct buffer text = BUFFER_EMPTY;
    gate->input = match_intake_finish(gate->intake);
    struct table *table = table_create(gate->lab.rules, gate->input, 2);
    for (uint32_t record = 0; record < table->record_count; record++) {
        const uint32_t *values = NULL;
        struct slice source = match_intake_source(gate->intake, record);
        struct slice key = match_intake_key(gate->intake, record);
        buffer_format(&text, "%s%.*s/%.*s:", record ? " " : "", SLICE_ARGUMENTS(source),
                      SLICE_ARGUMENTS(key));
        if (table_values(table, record, NAME, &values))
            buffer_append(&text, table_text(table, NAME, values[0]));
        size_t cars = table_values(table, record, VIN, &values);
        for (size_t i = 0; i < cars; i++) {
            struct slice vin = table_text(table, VIN, values[i]);
            buffer_format(&text, "+%.*s", SLICE_ARGUMENTS(vin));
        }
    }
    cr_expect_str_eq(text.data, expected, "found %s", text.data);
    buffer_release(&text);
    table_destroy(table);
}

Test(match_intake, records_that_come_in_order_stay_so)
{
    struct gate gate;
    gate_open(&gate);
    match_intake_begin_source(gate.intake, "A");
    add_person(&gate, "1", "Ann");
    add_person(&gate, "2", "Bea");
    take(&gate);
    match_intake_begin_source(gate.intake, "B");
    add_person(&gate, "1", "Carl");
    take(&gate);
    expect_records(&gate, "A/1:Ann A/2:Bea B/1:Carl");
    gate_close(&gate);
}

Test(match_intake, records_are_put_in_order_and_of_one_key_the_last_counts)
{
    struct gate gate;
    gate_open(&gate);
    match_intake_begin_source(gate.intake, "A");
    add_person(&gate, "long key 2", "Bea");
    add_person(&gate, "long key 1", "Ann");
    add_person(&gate, "b", "Dora");
    take(&gate);
    add_person(&gate, "long key 1", "Anna");
    add_person(&gate, "long key", "Emil");
    take(&gate);
    match_intake_begin_source(gate.intake, "B");
    add_person(&gate, "b", "Finn");
    take(&gate);
    expect_records(&gate, "A/b:Dora A/long key:Emil A/long key 1:Anna A/long key 2:Bea B/b:Finn");
    gate_close(&gate);
}

Test(match_intake, what_refers_is_found_in_its_row_or_elsewhere_in_its_source)
{
    struct gate gate;
    gate_open(&gate);
    match_intake_begin_source(gate.intake, "A");
    add_car(&gate, "c1", "2", "V1"); /* before its owner */
    add_person(&gate, "2", "Bea");
    add_person(&gate, "1", "Ann");
    add_car(&gate, "c2", "1", "V2");
    add_car(&gate, "c3", "nobody", "V3");
    take(&gate);
    match_intake_begin_source(gate.intake, "B");
    add_person(&gate, "2", "Carl"); /* another source's 2 */
    const char *const owner[] = {"name", "Dora", NULL};
    const char *const car[] = {"owner", "3", "vin", "V4", NULL};
    struct record row[] = {make_record(&gate, PERSONS, "3", owner),
                           make_record(&gate, CARS, "c4", car)};
    intake_batch_add(gate.batch, row, 2);
    take(&gate);
    expect_records(&gate, "A/1:Ann+V2 A/2:Bea+V1 B/2:Carl B/3:Dora+V4");
    gate_close(&gate);
}

Test(match_intake, of_records_that_refer_and_have_one_key_the_last_counts)
{
    struct gate gate;
    gate_open(&gate);
    match_intake_begin_source(gate.intake, "A");
    add_person(&gate, "1", "Ann");
    add_car(&gate, "c1", "1", "V1");
    add_car(&gate, "c1", "1", "V2");
    add_car(&gate, "c2", "1", "V3");
    take(&gate);
    match_intake_begin_source(gate.intake, "B");
    add_person(&gate, "1", "Bea");
    add_car(&gate, "c1", "1", "V4"); /* another source's c1 */
    take(&gate);
    expect_records(&gate, "A/1:Ann+V2+V3 B/1:Bea+V4");
    gate_close(&gate);
}

/* Many keys of one begin, in any order: as if sorted whole. */
Test(match_intake, any_order_gives_the_same_input)
{
    enum { COUNT = 500 };
    struct gate gate;
    struct buffer expected = BUFFER_EMPTY;
    gate_open(&gate);
    match_intake_begin_source(gate.intake, "A");
    for (unsigned i = 0; i < COUNT; i++) {
        unsigned number = i * 7 % COUNT;
        add_person(&gate, arena_format(gate.lab.arena, "customer number %04u", number),
                   arena_format(gate.lab.arena, "N%u", number));
        if (i % 90 == 89)
            take(&gate);
        buffer_format(&expected, "%sA/customer number %04u:N%u", i ? " " : "", i, i);
    }
    take(&gate);
    expect_records(&gate, expected.data);
    buffer_release(&expected);
    gate_close(&gate);
}
