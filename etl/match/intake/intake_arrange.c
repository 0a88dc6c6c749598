#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "match/intake/intake.h"

enum { WORD_BYTES = 8 };

/* Bytes of a key from `depth` on, so that numbers order as texts do; a key holds no NUL. */
static uint64_t key_word(struct slice key, size_t depth)
{
    uint64_t word = 0;
    for (size_t i = 0; i < WORD_BYTES; i++)
        word = word << 8 | (depth + i < key.length ? (unsigned char)key.data[depth + i] : 0);
    return word;
}

/* Orders records, of equal keys the earlier first. */
static void sort_keys(const struct match_intake *intake, struct hash_pair *pairs, size_t count,
                      size_t depth, struct hash_pair *scratch)
{
    for (size_t i = 0; i < count; i++)
        pairs[i].hash = key_word(intake_arrival_key(intake, pairs[i].value), depth);
    hash_pairs_sort(pairs, count, scratch);
    for (size_t from = 0, to = 0; from < count; from = to) {
        size_t longest = 0;
        for (; to < count && pairs[to].hash == pairs[from].hash; to++) {
            size_t length = intake_arrival_key(intake, pairs[to].value).length;
            longest = length > longest ? length : longest;
        }
        if (to - from > 1 && longest > depth + WORD_BYTES)
            sort_keys(intake, pairs + from, to - from, depth + WORD_BYTES, scratch);
    }
}

/* Gives final numbers to the records of one source; of equal keys the last has one. */
static void number_source(struct match_intake *intake, const struct hash_pair *pairs, size_t count,
                          uint32_t *final)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t arrival = pairs[i].value;
        bool last = i + 1 == count || !slice_equal(intake_arrival_key(intake, arrival),
                                                   intake_arrival_key(intake, pairs[i + 1].value));
        final[arrival] = intake->final_count;
        if (last)
            intake->arrivals[intake->final_count++] = arrival;
    }
}

uint32_t *intake_arrange(struct match_intake *intake)
{
    intake->final_count = intake->unordered ? 0 : intake->record_count;
    if (!intake->unordered)
        return NULL;
    size_t room = (size_t)intake->record_count + 1;
    uint32_t *final = memory_resize_array(NULL, room, sizeof(*final));
    struct hash_pair *pairs = memory_resize_array(NULL, room, sizeof(*pairs));
    struct hash_pair *scratch = memory_resize_array(NULL, room, sizeof(*scratch));
    intake->arrivals = memory_resize_array(NULL, room, sizeof(*intake->arrivals));
    for (size_t i = 0; i < intake->source_count; i++) {
        uint32_t first = intake->sources[i].first;
        uint32_t end =
            i + 1 < intake->source_count ? intake->sources[i + 1].first : intake->record_count;
        size_t count = end - first;
        for (size_t j = 0; j < count; j++)
            pairs[j].value = first + (uint32_t)j;
        sort_keys(intake, pairs, count, 0, scratch);
        number_source(intake, pairs, count, final);
    }
    memory_free(pairs);
    memory_free(scratch);
    return final;
}
