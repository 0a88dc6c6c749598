#include "cli/run/rehearsal.h"
#include "cust360/base/file.h"
#include "cust360/base/json.h"
#include "cust360/base/listing.h"
#include "cust360/yaml.h"

#include <stdlib.h>

/* The rehearsals so far, from their reports: whether rejects become fewer is seen at a glance. */

struct listed {
    int64_t number;
    const char *started_at;
    const char *result;
    int64_t sources_not_read;
    int64_t rows_read;
    int64_t rows_rejected;
    int64_t changes[REHEARSAL_CHANGES];
};

static const char *read_text(const struct node *node, const char *key, struct arena *arena)
{
    const struct node *value = node_find(node, key);
    return value ? arena_text(arena, node_slice(value)) : "";
}

static bool read_count(const struct node *node, const char *key, int64_t *count,
                       struct error *error)
{
    const struct node *value = node ? node_find(node, key) : NULL;
    return !value || node_read_integer(value, 0, INT64_MAX, count, error);
}

static bool read_report(struct arena *arena, const char *path, struct listed *listed,
                        struct error *error)
{
    struct document *document = document_open(path, error);
    if (!document)
        return false;
    const struct node *root = document_root(document);
    const struct node *golden = node_find(root, "golden");
    listed->started_at = read_text(root, "started_at", arena);
    listed->result = read_text(root, "result", arena);
    const struct node *missing = node_find(root, "sources_not_read");
    listed->sources_not_read = missing ? (int64_t)node_count(missing) : 0;
    bool read = read_count(root, "rehearsal", &listed->number, error) &&
                read_count(root, "rows_read", &listed->rows_read, error) &&
                read_count(root, "rows_rejected", &listed->rows_rejected, error);
    for (int i = 0; i < REHEARSAL_CHANGES && read; i++)
        read = read_count(golden, rehearsal_change_names[i], &listed->changes[i], error);
    document_close(document);
    return read;
}

static void write_json(const struct listed *list, size_t count, struct buffer *text)
{
    struct json_writer json = JSON_WRITER(text);
    json_array_begin(&json, NULL);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(&json, NULL);
        json_integer(&json, "rehearsal", list[i].number);
        json_string(&json, "started_at", list[i].started_at);
        json_string(&json, "result", list[i].result);
        json_integer(&json, "sources_not_read", list[i].sources_not_read);
        json_integer(&json, "rows_read", list[i].rows_read);
        json_integer(&json, "rows_rejected", list[i].rows_rejected);
        if (i)
            json_integer(&json, "rejected_since_before",
                         list[i].rows_rejected - list[i - 1].rows_rejected);
        for (int c = 0; c < REHEARSAL_CHANGES; c++)
            json_integer(&json, rehearsal_change_names[c], list[i].changes[c]);
        json_object_end(&json);
    }
    json_array_end(&json);
    buffer_append_byte(text, '\n');
}

static void write_text(const struct listed *list, size_t count, struct buffer *text)
{
    static const struct listing_column columns[] = {
        {"rehearsal", LISTING_RIGHT, 0},  {"started (UTC)", LISTING_LEFT, 0},
        {"result", LISTING_LEFT, 0},      {"not read", LISTING_RIGHT, 0},
        {"rows", LISTING_RIGHT, 0},       {"rejected", LISTING_RIGHT, 0},
        {"than before", LISTING_LEFT, 0}, {"created", LISTING_RIGHT, 0},
        {"changed", LISTING_RIGHT, 0},    {"merged", LISTING_RIGHT, 0},
        {"split", LISTING_RIGHT, 0},      {"gone", LISTING_RIGHT, 0},
        {"unchanged", LISTING_RIGHT, 0},
    };
    struct listing *listing = listing_create(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < count; i++) {
        int64_t more = i ? list[i].rows_rejected - list[i - 1].rows_rejected : 0;
        struct buffer trend = BUFFER_EMPTY;
        if (more)
            buffer_format(&trend, "%lld %s", (long long)(more < 0 ? -more : more),
                          more < 0 ? "fewer" : "more");
        listing_row(listing);
        listing_number(listing, (uint64_t)list[i].number);
        listing_text(listing, slice_of(list[i].started_at));
        listing_text(listing, slice_of(list[i].result));
        listing_number(listing, (uint64_t)list[i].sources_not_read);
        listing_number(listing, (uint64_t)list[i].rows_read);
        listing_number(listing, (uint64_t)list[i].rows_rejected);
        listing_text(listing, buffer_slice(&trend));
        for (int c = 0; c < REHEARSAL_CHANGES; c++)
            listing_number(listing, (uint64_t)list[i].changes[c]);
        buffer_release(&trend);
    }
    listing_write(listing, 0, text);
    listing_destroy(listing);
}

bool rehearsal_list(const struct project *project, struct arena *arena, bool json,
                    struct buffer *text, struct error *error)
{
    char **paths = NULL;
    size_t count = 0;
    const char *folder = file_join(arena, project->state, "rehearsals");
    if (file_exists(folder) &&
        !file_glob(arena, arena_format(arena, "%s/[0-9]*.json", folder), &paths, &count, error))
        return false;
    struct listed *list = arena_allocate_array(arena, count, sizeof(*list));
    for (size_t i = 0; i < count; i++)
        if (!read_report(arena, paths[i], &list[i], error))
            return false;
    if (json)
        write_json(list, count, text);
    else if (count)
        write_text(list, count, text);
    else
        buffer_append_text(text, "no rehearsal yet: cust360 run --dry-run\n");
    if (!json && count)
        buffer_format(text, "\neach with examples and what to repair: %s/\n", folder);
    return true;
}
