#include "cli/run/match_output.h"
#include "cli/command.h"
#include "cust360/base/buffer.h"
#include "cust360/base/csv.h"
#include "cust360/base/file.h"

#include <math.h>

static void append_name(struct buffer *text, const struct match_intake *intake, uint32_t record)
{
    csv_append_field(text, match_intake_source(intake, record), ',');
    buffer_append_byte(text, ',');
    csv_append_field(text, match_intake_key(intake, record), ',');
}

static void append_cluster(struct buffer *text, const struct match_intake *intake, uint32_t record,
                           struct buffer *name)
{
    buffer_clear(name);
    buffer_append(name, match_intake_source(intake, record));
    buffer_append_byte(name, '/');
    buffer_append(name, match_intake_key(intake, record));
    csv_append_field(text, buffer_slice(name), ',');
}

bool match_write_clusters(const struct match_intake *intake, const struct match_result *result,
                          const char *path, struct error *error)
{
    struct buffer text = BUFFER_EMPTY;
    struct buffer name = BUFFER_EMPTY;
    buffer_append_text(&text, "source,key,cluster\n");
    for (uint32_t record = 0; record < result->record_count; record++) {
        append_name(&text, intake, record);
        buffer_append_byte(&text, ',');
        append_cluster(&text, intake, result->cluster[record], &name);
        buffer_append_byte(&text, '\n');
    }
    bool written = true;
    if (path)
        written = file_replace(path, buffer_slice(&text), error);
    else
        command_print(buffer_slice(&text));
    buffer_release(&name);
    buffer_release(&text);
    return written;
}

static void append_pairs(struct buffer *text, const struct match_intake *intake,
                         const struct match_pair *pairs, size_t count, const char *kind)
{
    for (size_t i = 0; i < count; i++) {
        double bits = (double)pairs[i].weight / WEIGHT_ONE;
        append_name(text, intake, pairs[i].a);
        buffer_append_byte(text, ',');
        append_name(text, intake, pairs[i].b);
        buffer_format(text, ",%.3f,%.6f,%s,", bits, 1 / (1 + exp2(-bits)), kind);
        csv_append_field(text, slice_of(pairs[i].reason), ',');
        buffer_append_byte(text, '\n');
    }
}

bool match_write_pairs(const struct match_intake *intake, const struct match_result *result,
                       const char *path, struct error *error)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_append_text(&text,
                       "source_a,key_a,source_b,key_b,weight_bits,probability,kind,reason\n");
    append_pairs(&text, intake, result->links, result->link_count, "link");
    append_pairs(&text, intake, result->possible, result->possible_count, "question");
    bool written = file_replace(path, buffer_slice(&text), error);
    buffer_release(&text);
    return written;
}
