#include "cli/reconcile.h"
#include "cust360/base/file.h"
#include "cust360/extract.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* A person who looks a sample up needs its bytes, not only its line: records of XML begin anywhere,
 * and lines of a large file are not counted by hand. */

static const char *absolute(struct arena *arena, const char *path)
{
    char resolved[PATH_MAX];
    return realpath(path, resolved) ? arena_text(arena, slice_of(resolved)) : NULL;
}

static void take_place(struct reconciling *work, const struct source *source, const struct row *row,
                       struct reconcile_sample *sample)
{
    sample->byte_offset = row->place.byte_offset;
    sample->byte_length = row->place.byte_length;
    const char *folder = file_folder(work->arena, source->path);
    sample->path =
        absolute(work->arena, file_join(work->arena, folder, file_name(row->place.file)));
}

static bool stands_at(const struct reconcile_sample *sample, const struct place *place)
{
    enum { DECIMAL = 10 };
    const char *colon = strrchr(sample->place, ':');
    return colon && strtoull(colon + 1, NULL, DECIMAL) == place->line &&
           strlen(place->file) == (size_t)(colon - sample->place) &&
           strncmp(place->file, sample->place, (size_t)(colon - sample->place)) == 0;
}

static void locate_in(struct reconciling *work, const struct source *source)
{
    struct row row;
    struct error ignored;
    enum outcome outcome = ACCEPTED;
    struct row_reader *reader = row_reader_open(source, &ignored);
    while (reader && (outcome == ACCEPTED || outcome == REJECTED)) {
        outcome = row_reader_next(reader, &row, &ignored);
        for (size_t i = 0; outcome == ACCEPTED && i < work->sample_count; i++)
            if (!work->samples[i].path && strcmp(work->samples[i].source, source->id) == 0 &&
                stands_at(&work->samples[i], &row.place))
                take_place(work, source, &row, &work->samples[i]);
    }
    row_reader_close(reader);
}

void reconcile_locate(struct reconciling *work)
{
    for (size_t i = 0; i < work->project->source_count; i++) {
        const struct source *source = &work->project->sources[i];
        if (work->sample_count && !source->missing.exit_code &&
            source->mapping->kind != SOURCE_ODBC)
            locate_in(work, source);
    }
}
