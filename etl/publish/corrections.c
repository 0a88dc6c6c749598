/*
 *   findings of a source ──► one a record and field ──► records, worst first ──► CSV
 */
#include "corrections.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"
#include "cust360/publish_corrections.h"

#include <stdlib.h>

#define CORRECTIONS_BYTES_MAX ((size_t)1 << 30)

/* Columns of the query. */
enum { FILE_NAME, LINE, ENTITY, KEY, FIELD, CODE, SEVERITY, GIVEN, PROPOSAL, MESSAGE };

static const char query[] =
    "SELECT file, line, entity, source_key, field, code, severity, given, proposal, message"
    " FROM finding WHERE source_id=?1 AND severity<>'information' ORDER BY rowid";

/* What is being written. */
struct writing {
    struct arena *arena; /* of one source */
    const struct model *model;
    struct statement *findings;
    struct correction *items;
    size_t count;
    size_t capacity;
    struct buffer text;
};

static enum correction_class classify(struct slice severity, struct slice code,
                                      const struct model_field *field)
{
    static const char *const contradictions[] = {"contradiction",  "duplicate_key",
                                                 "type_conflict",  "birth_date_differs",
                                                 "gender_differs", NULL};
    if (slice_equal(severity, SLICE("fatal")))
        return CORRECTION_REJECTED;
    if (slice_is_one_of(code, contradictions))
        return CORRECTION_CONTRADICTION;
    if (slice_equal(severity, SLICE("error")))
        return field && field->personal ? CORRECTION_PERSONAL : CORRECTION_REFUSED;
    return CORRECTION_WARNING;
}

/* The field that the finding names; NULL when it is about none, or the model has lost it. */
static const struct model_field *find_field(const struct writing *writing, size_t *number)
{
    const struct model *model = writing->model;
    struct slice entity = statement_text(writing->findings, ENTITY);
    struct slice field = statement_text(writing->findings, FIELD);
    for (size_t e = 0; e < model->entity_count; e++) {
        if (!slice_equal(entity, slice_of(model->entities[e].name)))
            continue;
        for (size_t f = 0; f < model->entities[e].field_count; f++) {
            *number = e << 16 | f;
            if (slice_equal(field, slice_of(model->entities[e].fields[f].name)))
                return &model->entities[e].fields[f];
        }
    }
    *number = SIZE_MAX;
    return NULL;
}

static void take_finding(struct writing *writing, struct map *files)
{
    const struct statement *row = writing->findings;
    struct correction item = {0};
    const struct model_field *field = find_field(writing, &item.field_number);
    struct slice *texts[] = {&item.entity,   &item.key,   &item.field,    &item.code,
                             &item.severity, &item.given, &item.proposal, &item.message};
    for (int i = ENTITY; i <= MESSAGE; i++)
        *texts[i - ENTITY] = arena_copy(writing->arena, statement_text(row, i));
    if (item.entity.length == 0)
        item.message = slice_of(arena_format(
            writing->arena, "The row could not be read (%.*s): mend it and export it again.",
            SLICE_ARGUMENTS(item.message)));
    item.file_number = map_intern(files, statement_text(row, FILE_NAME));
    item.file = map_key(files, item.file_number);
    item.line = (uint64_t)statement_integer(row, LINE);
    item.class = classify(item.severity, item.code, field);
    item.arrival = writing->count;
    writing->items = memory_grow(writing->items, &writing->capacity, writing->count + 1,
                                 sizeof(*writing->items));
    writing->items[writing->count++] = item;
}

/* A file that would be the same again is left as it is: that is a disk's work less a dealer. */
static bool replace_file(struct writing *writing, const char *path, struct error *error)
{
    struct slice former;
    struct error ignored;
    struct slice text = buffer_slice(&writing->text);
    if (file_exists(path) &&
        file_read(writing->arena, path, CORRECTIONS_BYTES_MAX, &former, &ignored) &&
        slice_equal(former, text))
        return true;
    return file_replace(path, text, error);
}

static bool write_source(struct writing *writing, int64_t source_id, const char *path,
                         struct error *error)
{
    enum outcome outcome;
    struct map *files = map_create();
    writing->count = 0;
    statement_bind_integer(writing->findings, 1, source_id);
    while ((outcome = statement_step(writing->findings, error)) == ACCEPTED)
        take_finding(writing, files);
    statement_reset(writing->findings);
    bool done = outcome == ENDED;
    if (done && writing->count > 0) {
        writing->count = corrections_order(writing->items, writing->count, writing->arena);
        buffer_clear(&writing->text);
        corrections_format(writing->items, writing->count, &writing->text);
        done = replace_file(writing, path, error);
    }
    map_destroy(files);
    return done;
}

static bool write_sources(struct writing *writing, struct database *state, const char *folder,
                          struct arena *arena, struct report_count *counts, size_t *count,
                          struct error *error)
{
    struct statement *sources =
        statement_prepare(state, "SELECT source_id, name FROM source ORDER BY name", error);
    enum outcome outcome = sources ? ACCEPTED : FAILED;
    *count = 0;
    while (sources && (outcome = statement_step(sources, error)) == ACCEPTED) {
        const char *name =
            arena_format(arena, "%.*s.csv", SLICE_ARGUMENTS(statement_text(sources, 1)));
        if (!write_source(writing, statement_integer(sources, 0), file_join(arena, folder, name),
                          error)) {
            outcome = FAILED;
            break;
        }
        if (writing->count > 0)
            counts[(*count)++] = (struct report_count){
                arena_format(arena, "%s/%s", file_name(folder), name), writing->count};
        arena_reset(writing->arena);
    }
    statement_destroy(sources);
    return outcome == ENDED;
}

/* Those of dealers that have nothing to correct any more, or are gone. */
static bool remove_others(struct arena *arena, const char *folder,
                          const struct report_count *counts, size_t count, struct error *error)
{
    char **paths = NULL;
    size_t path_count = 0;
    if (!file_glob(arena, file_join(arena, folder, "*.csv"), &paths, &path_count, error))
        return false;
    for (size_t i = 0, next = 0; i < path_count; i++) {
        /* Neither order need be the other's, but it mostly is. */
        size_t tried = 0;
        while (tried < count &&
               strcmp(file_name(paths[i]), file_name(counts[next % count].name)) != 0) {
            next++;
            tried++;
        }
        if (tried == count)
            file_remove(paths[i]);
    }
    return true;
}

bool corrections_write(struct arena *arena, struct database *state, const struct model *model,
                       const char *folder, const struct report_count **counts, size_t *count,
                       struct error *error)
{
    int64_t sources = 0;
    if (!file_make_folder(folder, error) ||
        !database_integer(state, "SELECT count(*) FROM source", 0, &sources, error))
        return false;
    struct report_count *written = arena_allocate_array(arena, (size_t)sources, sizeof(*written));
    struct writing writing = {.arena = arena_create(), .model = model};
    writing.findings = statement_prepare(state, query, error);
    bool done = writing.findings &&
                write_sources(&writing, state, folder, arena, written, count, error) &&
                remove_others(arena, folder, written, *count, error);
    *counts = written;
    statement_destroy(writing.findings);
    memory_free(writing.items);
    buffer_release(&writing.text);
    arena_destroy(writing.arena);
    return done;
}
