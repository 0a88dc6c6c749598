#include "cust360/base/memory.h"
#include "survivorship.h"

/* Records come in the order of members, and so those of a cluster one here, one there. A record
 * waits, as one piece of memory, until the last of its cluster has come; the many clusters of one
 * record never wait. */

struct waiting {
    struct waiting *next; /* the one before it in the cluster */
    struct merge_record record;
    struct slice values[]; /* one a field, then their bytes */
};

struct decided {
    uint32_t number;
    size_t column;
    struct slice value;
};

struct merge {
    const struct survivorship *survivorship;
    const struct golden_assignment *assignment;
    struct arena *arena;
    struct waiting **waiting; /* [issued + 1] the last that came */
    uint32_t *arrived;        /* [issued + 1] */
    struct decided *decided;
    size_t decided_count;
    size_t decided_capacity;
    bool *has_decided; /* [issued + 1] */
    struct choosing choosing;
    struct merge_record *records; /* of the cluster in hand */
    size_t records_capacity;
    struct waiting *done; /* those behind the golden record given last */
    struct slice *values;
    struct golden_choice *choices;
};

struct merge *merge_create(const struct survivorship *survivorship,
                           const struct golden_assignment *assignment)
{
    struct merge *merge = memory_allocate_array(1, sizeof(*merge));
    size_t numbers = (size_t)assignment->ids.issued + 1;
    merge->survivorship = survivorship;
    merge->assignment = assignment;
    merge->arena = arena_create();
    merge->choosing.updated = survivorship->updated;
    merge->waiting = arena_allocate_array(merge->arena, numbers, sizeof(struct waiting *));
    merge->arrived = arena_allocate_array(merge->arena, numbers, sizeof(*merge->arrived));
    merge->has_decided = arena_allocate_array(merge->arena, numbers, sizeof(bool));
    merge->values =
        arena_allocate_array(merge->arena, survivorship->column_count, sizeof(*merge->values));
    merge->choices =
        arena_allocate_array(merge->arena, survivorship->attribute_count, sizeof(*merge->choices));
    return merge;
}

static void free_waiting(struct waiting *waiting)
{
    while (waiting) {
        struct waiting *next = waiting->next;
        memory_free(waiting);
        waiting = next;
    }
}

void merge_destroy(struct merge *merge)
{
    if (!merge)
        return;
    for (uint32_t n = 0; n <= merge->assignment->ids.issued; n++)
        free_waiting(merge->waiting[n]);
    free_waiting(merge->done);
    choosing_release(&merge->choosing);
    memory_free(merge->records);
    memory_free(merge->decided);
    arena_destroy(merge->arena);
    memory_free(merge);
}

bool merge_decide(struct merge *merge, uint32_t member, const char *column, struct slice value)
{
    const struct survivorship *survivorship = merge->survivorship;
    size_t found = 0;
    while (found < survivorship->column_count &&
           strcmp(survivorship->columns[found].name, column) != 0)
        found++;
    if (found == survivorship->column_count)
        return false;
    uint32_t number = merge->assignment->number[member];
    merge->has_decided[number] = true;
    merge->decided = memory_grow(merge->decided, &merge->decided_capacity, merge->decided_count + 1,
                                 sizeof(*merge->decided));
    merge->decided[merge->decided_count++] =
        (struct decided){number, found, arena_copy(merge->arena, value)};
    return true;
}

/* The last word on a column, or NULL. */
static const struct slice *find_decided(const struct merge *merge, uint32_t number, size_t column)
{
    for (size_t i = merge->decided_count; i-- > 0;)
        if (merge->decided[i].number == number && merge->decided[i].column == column)
            return &merge->decided[i].value;
    return NULL;
}

/* One piece of memory a record, to be freed as soon as its cluster is done: a cluster whose records
 * are far apart must not hold back the memory of all that came between. */
static struct waiting *copy_record(const struct merge_record *record, size_t field_count)
{
    size_t bytes = record->flagged.length;
    for (size_t i = 0; i < field_count; i++)
        bytes += record->values[i].length;
    struct waiting *copy =
        memory_allocate(sizeof(*copy) + field_count * sizeof(struct slice) + bytes);
    char *end = (char *)&copy->values[field_count];
    copy->record = *record;
    copy->record.values = copy->values;
    for (size_t i = 0; i <= field_count; i++) {
        struct slice text = i < field_count ? record->values[i] : record->flagged;
        struct slice *target = i < field_count ? &copy->values[i] : &copy->record.flagged;
        if (text.length)
            memcpy(end, text.data, text.length);
        *target = (struct slice){text.length ? end : NULL, text.length};
        end += text.length;
    }
    return copy;
}

/* Lines up the records of a cluster in the order of members, the present one last. */
static size_t line_up(struct merge *merge, uint32_t number, const struct merge_record *last)
{
    size_t count = merge->arrived[number];
    merge->records =
        memory_grow(merge->records, &merge->records_capacity, count, sizeof(*merge->records));
    size_t at = count;
    merge->records[--at] = *last;
    for (const struct waiting *waiting = merge->waiting[number]; waiting; waiting = waiting->next)
        merge->records[--at] = waiting->record;
    merge->done = merge->waiting[number];
    merge->waiting[number] = NULL;
    return count;
}

/* Members are ordered by source, so equal sources stand side by side. */
static uint32_t count_sources(const struct merge_record *records, size_t count)
{
    uint32_t sources = 0;
    for (size_t i = 0; i < count; i++)
        sources += i == 0 || records[i].source != records[i - 1].source;
    return sources;
}

/* What a steward has said of a column that comes with another one stands for itself. */
static void decide_with(struct merge *merge, uint32_t number, const struct attribute *attribute)
{
    for (size_t i = 1; i <= attribute->with_count; i++) {
        const struct slice *decided = find_decided(merge, number, attribute->first_column + i);
        if (decided)
            merge->values[attribute->first_column + i] =
                slice_is_empty(*decided) ? (struct slice){NULL, 0} : *decided;
    }
}

static void merge_cluster(struct merge *merge, uint32_t number, size_t count,
                          struct golden_record *golden)
{
    const struct survivorship *survivorship = merge->survivorship;
    bool any_decided = merge->has_decided[number];
    merge->choosing.records = merge->records;
    merge->choosing.record_count = count;
    for (size_t i = 0; i < survivorship->attribute_count; i++) {
        const struct attribute *attribute = &survivorship->attributes[i];
        const struct slice *steward =
            any_decided ? find_decided(merge, number, attribute->first_column) : NULL;
        choose(&merge->choosing, attribute, steward, merge->values, &merge->choices[i]);
        if (any_decided)
            decide_with(merge, number, attribute);
    }
    *golden = (struct golden_record){
        .number = number,
        .record_count = (uint32_t)count,
        .source_count = count_sources(merge->records, count),
        .values = merge->values,
        .choices = merge->choices,
    };
}

bool merge_add(struct merge *merge, const struct merge_record *record, struct golden_record *golden)
{
    uint32_t number = merge->assignment->number[record->member];
    free_waiting(merge->done);
    merge->done = NULL;
    if (++merge->arrived[number] < merge->assignment->ids.record_count[number]) {
        struct waiting *copy = copy_record(record, merge->survivorship->field_count);
        copy->next = merge->waiting[number];
        merge->waiting[number] = copy;
        return false;
    }
    merge_cluster(merge, number, line_up(merge, number, record), golden);
    return true;
}
