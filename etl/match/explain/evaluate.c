#include "cust360/evaluate.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"

/* A cluster of one partition: how many items it has, and in how many clusters of the other one. */
struct extent {
    uint64_t items;
    uint64_t parts;
};

/* The items that a true and a found cluster have in common. */
struct part {
    uint32_t truth;
    uint32_t found;
    uint64_t items;
};

struct contingency {
    struct part *parts;
    size_t part_count;
    struct extent *truth; /* by cluster, numbered from 0 */
    struct extent *found;
    size_t truth_count;
    size_t found_count;
};

/* Clusters numbered from 0 in the order of their numbers; returns how many. */
static size_t renumber(const uint32_t *clusters, size_t count, uint32_t *numbers)
{
    struct hash_pair *order = memory_resize_array(NULL, count + 1, sizeof(*order));
    struct hash_pair *scratch = memory_resize_array(NULL, count + 1, sizeof(*scratch));
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        order[i] = (struct hash_pair){clusters[i], (uint32_t)i};
    hash_pairs_sort(order, count, scratch);
    for (size_t i = 0; i < count; i++) {
        used += i == 0 || order[i].hash != order[i - 1].hash;
        numbers[order[i].value] = (uint32_t)(used - 1);
    }
    memory_free(order);
    memory_free(scratch);
    return used;
}

static void contingency_fill(struct contingency *table, const uint32_t *truth,
                             const uint32_t *found, size_t count)
{
    struct hash_pair *order = memory_resize_array(NULL, count + 1, sizeof(*order));
    struct hash_pair *scratch = memory_resize_array(NULL, count + 1, sizeof(*scratch));
    for (size_t i = 0; i < count; i++)
        order[i] = (struct hash_pair){(uint64_t)truth[i] << 32 | found[i], 0};
    hash_pairs_sort(order, count, scratch);
    memory_free(scratch);
    for (size_t i = 0; i < count; i++) {
        uint32_t t = (uint32_t)(order[i].hash >> 32);
        uint32_t f = (uint32_t)order[i].hash;
        if (i == 0 || order[i].hash != order[i - 1].hash) {
            table->parts[table->part_count++] = (struct part){t, f, 0};
            table->truth[t].parts++;
            table->found[f].parts++;
        }
        table->parts[table->part_count - 1].items++;
        table->truth[t].items++;
        table->found[f].items++;
    }
    memory_free(order);
}

static uint64_t pairs_of(uint64_t items)
{
    return items * (items - 1) / 2;
}

static double share_of(double part, double whole)
{
    return whole > 0 ? part / whole : 1;
}

static void mean_harmonically(struct agreement *agreement)
{
    double sum = agreement->precision + agreement->recall;
    agreement->f1 = sum > 0 ? 2 * agreement->precision * agreement->recall / sum : 0;
}

static void count_parts(const struct contingency *table, size_t count,
                        struct evaluation *evaluation)
{
    double precision = 0;
    double recall = 0;
    for (size_t i = 0; i < table->part_count; i++) {
        const struct part *part = &table->parts[i];
        const struct extent *truth = &table->truth[part->truth];
        const struct extent *found = &table->found[part->found];
        double items = (double)part->items;
        evaluation->common_pairs += pairs_of(part->items);
        evaluation->exact_clusters += truth->parts == 1 && found->parts == 1;
        precision += items * items / (double)found->items;
        recall += items * items / (double)truth->items;
    }
    evaluation->bcubed.precision = share_of(precision, (double)count);
    evaluation->bcubed.recall = share_of(recall, (double)count);
}

void evaluate_partition(const uint32_t *truth, const uint32_t *found, size_t count,
                        struct evaluation *evaluation)
{
    uint32_t *true_numbers = memory_resize_array(NULL, count + 1, sizeof(*true_numbers));
    uint32_t *found_numbers = memory_resize_array(NULL, count + 1, sizeof(*found_numbers));
    struct contingency table = {0};
    *evaluation = (struct evaluation){0};
    table.truth_count = renumber(truth, count, true_numbers);
    table.found_count = renumber(found, count, found_numbers);
    table.parts = memory_allocate_array(count + 1, sizeof(*table.parts));
    table.truth = memory_allocate_array(table.truth_count + 1, sizeof(*table.truth));
    table.found = memory_allocate_array(table.found_count + 1, sizeof(*table.found));
    contingency_fill(&table, true_numbers, found_numbers, count);
    count_parts(&table, count, evaluation);
    for (size_t i = 0; i < table.truth_count; i++) {
        evaluation->true_pairs += pairs_of(table.truth[i].items);
        evaluation->split += table.truth[i].parts > 1;
    }
    for (size_t i = 0; i < table.found_count; i++) {
        evaluation->found_pairs += pairs_of(table.found[i].items);
        evaluation->over_merged += table.found[i].parts > 1;
    }
    evaluation->true_clusters = table.truth_count;
    evaluation->found_clusters = table.found_count;
    evaluation->pairwise.precision =
        share_of((double)evaluation->common_pairs, (double)evaluation->found_pairs);
    evaluation->pairwise.recall =
        share_of((double)evaluation->common_pairs, (double)evaluation->true_pairs);
    mean_harmonically(&evaluation->pairwise);
    mean_harmonically(&evaluation->bcubed);
    memory_free(table.parts);
    memory_free(table.truth);
    memory_free(table.found);
    memory_free(true_numbers);
    memory_free(found_numbers);
}
