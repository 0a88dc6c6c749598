/*
 *   columns of dates without a hint ──► a few rows: is there one like 05/08/2013? ──► no: as it is
 *                                                  └──► yes: more rows, counted ──► hints, notices
 *
 * A source that cannot be read here is left as it is: reading it in earnest will tell why. */
#include "cli/run/date_order.h"
#include "cust360/standardize_dates.h"

enum {
    SAMPLE_ROWS = 200, /* in which a column that is written so shows it */
    COUNTED_ROWS = 200000
};

/* A field of dates that its mapping gives no hint for. */
struct column {
    size_t table;
    size_t entity;
    size_t field; /* of the mapping's */
    size_t place; /* in the row */
    struct date_tally tally;
};

struct columns {
    struct column *items;
    size_t count;
};

static bool is_undecided(const struct date_order_input *input, const struct mapping_entity *entity,
                         const struct mapping_field *field)
{
    const struct model_entity *model = &input->model->entities[entity->entity];
    return !field->format && field->column_count == 1 && field->code_count == 0 &&
           rules_read_dates(rules_of_source(input->rules, input->source),
                            model->fields[field->field].kind);
}

static void add_entity(const struct date_order_input *input, struct columns *columns, size_t table,
                       size_t index)
{
    const struct mapping_entity *entity = &input->source->mapping->tables[table].entities[index];
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct mapping_field *field = &entity->fields[i];
        if (is_undecided(input, entity, field))
            columns->items[columns->count++] =
                (struct column){table, index, i, field->columns[0], {0, 0, 0}};
    }
}

static struct columns find_columns(const struct date_order_input *input, struct arena *arena)
{
    const struct mapping *mapping = input->source->mapping;
    size_t most = 0;
    for (size_t t = 0; t < mapping->table_count; t++)
        for (size_t e = 0; e < mapping->tables[t].entity_count; e++)
            most += mapping->tables[t].entities[e].field_count;
    struct columns columns = {arena_allocate_array(arena, most, sizeof(*columns.items)), 0};
    for (size_t t = 0; t < mapping->table_count; t++)
        for (size_t e = 0; e < mapping->tables[t].entity_count; e++)
            add_entity(input, &columns, t, e);
    return columns;
}

/* The columns of one table are one after the other. */
static size_t table_end(const struct columns *columns, size_t first)
{
    size_t end = first;
    while (end < columns->count && columns->items[end].table == columns->items[first].table)
        end++;
    return end;
}

static bool has_shape(const struct columns *columns, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        const struct date_tally *tally = &columns->items[i].tally;
        if (tally->either + tally->day_first + tally->month_first > 0)
            return true;
    }
    return false;
}

/* The same source with one table only. */
static struct row_reader *open_table(const struct date_order_input *input, struct arena *arena,
                                     size_t table)
{
    struct mapping *mapping = arena_allocate(arena, sizeof(*mapping));
    struct source *source = arena_allocate(arena, sizeof(*source));
    struct error error;
    *mapping = *input->source->mapping;
    mapping->tables = &input->source->mapping->tables[table];
    mapping->table_count = 1;
    *source = *input->source;
    source->mapping = mapping;
    return row_reader_open(source, &error);
}

static void count_table(const struct date_order_input *input, struct arena *arena,
                        struct columns *columns, size_t first)
{
    size_t end = table_end(columns, first);
    struct row_reader *reader = open_table(input, arena, columns->items[first].table);
    struct error error;
    struct row row = {0};
    enum outcome outcome = ACCEPTED;
    for (size_t rows = 0; reader && rows < COUNTED_ROWS; rows++) {
        if (rows == SAMPLE_ROWS && !has_shape(columns, first, end))
            break;
        outcome = row_reader_next(reader, &row, &error);
        if (outcome != ACCEPTED && outcome != REJECTED)
            break;
        for (size_t i = first; outcome == ACCEPTED && i < end; i++)
            date_tally_add(&columns->items[i].tally,
                           slice_trim(row.values[columns->items[i].place]));
    }
    row_reader_close(reader);
}

/* A copy of the mapping down to the fields, whose hints may be set. */
static struct mapping *copy_mapping(const struct mapping *from, struct arena *arena)
{
    struct mapping *mapping = arena_allocate(arena, sizeof(*mapping));
    *mapping = *from;
    mapping->tables = arena_allocate_array(arena, from->table_count, sizeof(*mapping->tables));
    for (size_t t = 0; t < from->table_count; t++) {
        struct mapping_table *table = &mapping->tables[t];
        *table = from->tables[t];
        table->entities =
            arena_allocate_array(arena, table->entity_count, sizeof(*table->entities));
        for (size_t e = 0; e < table->entity_count; e++) {
            struct mapping_entity *entity = &table->entities[e];
            *entity = from->tables[t].entities[e];
            size_t bytes = entity->field_count * sizeof(*entity->fields);
            entity->fields =
                arena_allocate_array(arena, entity->field_count, sizeof(*entity->fields));
            if (bytes > 0)
                memcpy(entity->fields, from->tables[t].entities[e].fields, bytes);
        }
    }
    return mapping;
}

static struct date_tally sum_tallies(const struct columns *columns)
{
    struct date_tally sum = {0, 0, 0};
    for (size_t i = 0; i < columns->count; i++) {
        sum.either += columns->items[i].tally.either;
        sum.day_first += columns->items[i].tally.day_first;
        sum.month_first += columns->items[i].tally.month_first;
    }
    return sum;
}

static const char *describe(const struct date_order_input *input, struct arena *arena,
                            const struct column *column, const char *order, bool own)
{
    const struct mapping_table *table = &input->source->mapping->tables[column->table];
    const struct mapping_entity *entity = &table->entities[column->entity];
    const struct model_entity *model = &input->model->entities[entity->entity];
    const struct date_tally *tally = &column->tally;
    const char *read = order ? order : "neither: they are refused until the mapping says `format`";
    return arena_format(arena,
                        "%s.%s (%s): dates with the day first %llu, with the month first %llu, "
                        "that could be either %llu; these are read as %s%s",
                        model->name, model->fields[entity->fields[column->field].field].name,
                        table->columns[column->place].expression,
                        (unsigned long long)tally->day_first,
                        (unsigned long long)tally->month_first, (unsigned long long)tally->either,
                        read, own || !order ? "" : ", as in the source's other columns");
}

static const struct source *decide(const struct date_order_input *input, struct arena *arena,
                                   const struct columns *columns, struct notice *notices,
                                   size_t *notice_count)
{
    struct date_tally sum = sum_tallies(columns);
    const char *common = date_tally_order(&sum);
    struct mapping *mapping = copy_mapping(input->source->mapping, arena);
    for (size_t i = 0; i < columns->count; i++) {
        const struct column *column = &columns->items[i];
        const char *own = date_tally_order(&column->tally);
        const char *order = own ? own : common;
        if (!has_shape(columns, i, i + 1))
            continue;
        notices[(*notice_count)++] =
            (struct notice){"date_order", describe(input, arena, column, order, own != NULL)};
        mapping->tables[column->table].entities[column->entity].fields[column->field].format =
            order;
    }
    struct source *source = arena_allocate(arena, sizeof(*source));
    *source = *input->source;
    source->mapping = mapping;
    return source;
}

const struct source *date_order_decide(const struct date_order_input *input, struct arena *arena,
                                       struct notice **notices, size_t *notice_count)
{
    struct columns columns = find_columns(input, arena);
    *notice_count = 0;
    for (size_t first = 0; first < columns.count; first = table_end(&columns, first))
        count_table(input, arena, &columns, first);
    if (!has_shape(&columns, 0, columns.count))
        return input->source;
    *notices = arena_allocate_array(arena, columns.count, sizeof(**notices));
    return decide(input, arena, &columns, *notices, notice_count);
}
