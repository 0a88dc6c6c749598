#include "cli/run/rejects.h"
#include "cust360/base/buffer.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

struct reject_file {
    char *path;
    char *fresh_path; /* what is being written */
    FILE *stream;     /* NULL: nothing was written yet */
    char *held;       /* what is to be sealed waits in memory, not in a file */
    size_t held_bytes;
};

struct rejects {
    struct arena *arena;
    const struct source *source;
    const struct seal_ring *seals; /* rows are sealed when it has keys; reasons are masked anyway */
    struct reject_file *tables;    /* one a table of the mapping */
    size_t table_count;
    struct reject_file reasons;
};

static struct reject_file file_named(struct arena *arena, const char *folder, const char *name)
{
    struct reject_file file = {.path = file_join(arena, folder, name)};
    file.fresh_path = arena_format(arena, "%s.new", file.path);
    return file;
}

const char *rejects_file_name(struct arena *arena, const struct source *source, size_t table)
{
    const struct mapping *mapping = source->mapping;
    const char *extension = mapping->kind == SOURCE_XML     ? "xml"
                            : mapping->kind == SOURCE_LINES ? "txt"
                                                            : "csv";
    return table == 0 ? arena_format(arena, "%s.rejects.%s", source->id, extension)
                      : arena_format(arena, "%s.%s.rejects.%s", source->id,
                                     mapping->tables[table].name, extension);
}

struct rejects *rejects_open(const char *folder, const struct source *source,
                             const struct seal_ring *seals, struct error *error)
{
    if (!file_make_folder(folder, error))
        return NULL;
    struct rejects *rejects = memory_allocate_array(1, sizeof(*rejects));
    struct arena *arena = arena_create();
    const struct mapping *mapping = source->mapping;
    rejects->arena = arena;
    rejects->source = source;
    rejects->seals = seals;
    rejects->table_count = mapping->table_count;
    rejects->tables = arena_allocate_array(arena, mapping->table_count, sizeof(*rejects->tables));
    for (size_t i = 0; i < mapping->table_count; i++)
        rejects->tables[i] = file_named(arena, folder, rejects_file_name(arena, source, i));
    rejects->reasons = file_named(arena, folder, arena_format(arena, "%s.reasons.tsv", source->id));
    return rejects;
}

static bool write_failure(const struct reject_file *file, struct error *error)
{
    return error_set_system(error, EXIT_FAILED, errno, "could not write %s", file->fresh_path);
}

static FILE *open_stream(const struct reject_file *file)
{
    int descriptor = open(file->fresh_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *stream = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (descriptor >= 0 && !stream)
        close(descriptor);
    return stream;
}

/* Opens on the first write, so that a source without rejects costs no file. */
static bool file_append(struct reject_file *file, bool is_sealed, struct slice heading,
                        struct slice bytes, struct error *error)
{
    if (!file->stream) {
        file->stream =
            is_sealed ? open_memstream(&file->held, &file->held_bytes) : open_stream(file);
        if (!file->stream)
            return write_failure(file, error);
        if (heading.length &&
            fwrite(heading.data, 1, heading.length, file->stream) < heading.length)
            return write_failure(file, error);
    }
    if (bytes.length && fwrite(bytes.data, 1, bytes.length, file->stream) < bytes.length)
        return write_failure(file, error);
    return true;
}

bool rejects_add_row(struct rejects *rejects, size_t table, struct slice heading, struct slice raw,
                     struct error *error)
{
    return file_append(&rejects->tables[table], rejects->seals->count > 0, heading, raw, error);
}

bool rejects_add_span(struct rejects *rejects, size_t table, struct slice heading,
                      const struct reject_span *span, struct error *error)
{
    enum { PIECE_BYTES = 1 << 16 };
    FILE *file = file_stream(span->path);
    if (!file || fseeko(file, (off_t)span->byte_offset, SEEK_SET) != 0) {
        error_set_system(error, EXIT_FAILED, errno, "could not read the rejected row again");
        if (file)
            (void)fclose(file); /* was only read */
        return error_place(error, span->path, 0, 0);
    }
    char *piece = memory_allocate(PIECE_BYTES);
    uint64_t left = span->byte_length;
    bool written = true;
    while (left && written) {
        size_t got = fread(piece, 1, left < PIECE_BYTES ? (size_t)left : PIECE_BYTES, file);
        if (got == 0)
            break;
        written = rejects_add_row(rejects, table, heading, slice_make(piece, got), error);
        left -= got;
    }
    memory_free(piece);
    (void)fclose(file); /* was only read */
    return written;
}

/* Tabs and line ends inside a value would break the line. */
static void append_cell(struct buffer *line, struct slice text)
{
    if (line->length)
        buffer_append_byte(line, '\t');
    for (size_t i = 0; i < text.length; i++)
        buffer_append_byte(line, (unsigned char)text.data[i] < ' ' ? ' ' : text.data[i]);
}

static void append_number(struct buffer *line, uint64_t number)
{
    char text[24];
    snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
    append_cell(line, slice_of(text));
}

static const char *field_name(const struct model *model, const struct finding *finding)
{
    if (finding->entity == FIELD_NONE || finding->field == FIELD_NONE)
        return "";
    return model->entities[finding->entity].fields[finding->field].name;
}

bool rejects_add_reason(struct rejects *rejects, int64_t run_id, const struct place *place,
                        const struct model *model, const struct finding *finding,
                        struct error *error)
{
    const struct slice heading =
        SLICE("run\tsource\tfile\tline\tbyte_offset\trecord_key\tfield\tcode\tseverity\trule\t"
              "value_masked\thint\n");
    struct arena *arena = arena_create();
    struct buffer line = BUFFER_EMPTY;
    append_number(&line, (uint64_t)run_id);
    append_cell(&line, slice_of(rejects->source->id));
    append_cell(&line, slice_of(place->file));
    append_number(&line, place->line);
    append_number(&line, place->byte_offset);
    append_cell(&line, text_mask_key(arena, finding->key));
    append_cell(&line, slice_of(field_name(model, finding)));
    append_cell(&line, slice_of(finding->code));
    append_cell(&line, slice_of(severity_names[finding->severity]));
    append_cell(&line, slice_of(finding->rule));
    append_cell(&line, finding->value);
    append_cell(&line, slice_of(finding->message));
    buffer_append_byte(&line, '\n');
    bool written = file_append(&rejects->reasons, false, heading, buffer_slice(&line), error);
    buffer_release(&line);
    arena_destroy(arena);
    return written;
}

static bool seal_held(struct reject_file *file, const struct seal_ring *seals, struct error *error)
{
    bool done =
        seal_replace_file(seals, file->path, slice_make(file->held, file->held_bytes), error);
    memory_free(file->held);
    file->held = NULL;
    return done;
}

static bool file_finish(struct reject_file *file, const struct seal_ring *seals,
                        struct error *error)
{
    if (!file->stream) {
        file_remove(file->path);
        return true;
    }
    int closed = fclose(file->stream);
    file->stream = NULL;
    if (closed != 0)
        return write_failure(file, error);
    return file->held ? seal_held(file, seals, error)
                      : file_publish(file->fresh_path, file->path, error);
}

bool rejects_finish(struct rejects *rejects, struct error *error)
{
    for (size_t i = 0; i < rejects->table_count; i++)
        if (!file_finish(&rejects->tables[i], rejects->seals, error))
            return false;
    return file_finish(&rejects->reasons, rejects->seals, error);
}

size_t rejects_files(const struct rejects *rejects, const char *const **paths)
{
    size_t count = rejects->table_count + 1;
    const char **list = arena_allocate_array(rejects->arena, count, sizeof(*list));
    for (size_t i = 0; i < rejects->table_count; i++)
        list[i] = rejects->tables[i].path;
    list[rejects->table_count] = rejects->reasons.path;
    *paths = list;
    return count;
}

static void file_abandon(struct reject_file *file)
{
    if (file->stream)
        (void)fclose(file->stream); /* what was written is thrown away */
    file->stream = NULL;
    memory_free(file->held);
    file->held = NULL;
    file_remove(file->fresh_path);
}

void rejects_close(struct rejects *rejects)
{
    if (!rejects)
        return;
    for (size_t i = 0; i < rejects->table_count; i++)
        file_abandon(&rejects->tables[i]);
    file_abandon(&rejects->reasons);
    arena_destroy(rejects->arena);
    memory_free(rejects);
}
