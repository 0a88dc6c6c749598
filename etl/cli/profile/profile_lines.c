#include "cust360/profile_lines.h"
#include "cli/profile/profiling.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "cust360/extract.h"
#include "cust360/extract_text.h"

/* A file of lines: its head shows types and places, a first pass counts the lines of each type and
 * finds the trailer, a second one reads the rows as a run would. */

struct lines_profiling {
    struct profiling *profiling;
    struct lines_look *look;
    struct mapping *mapping;
    struct profile_table **tables; /* one a type */
    struct tally ***tallies;       /* by type and column */
};

/* ---- the whole file once ---- */

static bool survey(const char *path, const char *encoding, struct arena *arena,
                   struct lines_look *look, struct error *error)
{
    struct buffer text = BUFFER_EMPTY;
    struct text_source *source = text_source_open(path, encoding, error);
    struct lines_survey *lines = lines_survey_create(look);
    bool ended = false;
    bool read = source != NULL;
    while (read && !ended) {
        buffer_clear(&text);
        read = text_source_read(source, &text, &ended, error);
        if (read)
            lines_survey_feed(lines, buffer_slice(&text));
    }
    lines_survey_finish(lines, arena, look);
    text_source_close(source);
    buffer_release(&text);
    return read;
}

/* ---- a mapping that reads all columns ---- */

static const char *place_text(struct arena *arena, const struct lines_cut *cut)
{
    return cut->first == cut->last ? arena_format(arena, "%zu", cut->first)
                                   : arena_format(arena, "%zu-%zu", cut->first, cut->last);
}

/* The line's own columns, and those of the lines above it. */
static size_t count_columns(const struct lines_look *look, size_t type)
{
    size_t count = 0;
    for (; type != SIZE_MAX; type = look->types[type].parent)
        count += look->types[type].cut_count;
    return count;
}

static void add_columns(struct lines_profiling *work, size_t number)
{
    struct arena *arena = work->profiling->arena;
    struct mapping_table *mapped = &work->mapping->tables[number];
    struct profile_table *table = work->tables[number];
    const char *above = "";
    size_t level = 0;
    size_t at = 0;
    for (size_t type = number; type != SIZE_MAX; type = work->look->types[type].parent, level++) {
        const struct lines_type *lines = &work->look->types[type];
        for (size_t i = 0; i < lines->cut_count; i++, at++) {
            const struct lines_cut *cut = &lines->cuts[i];
            struct profile_column *column = &table->columns[at];
            const char *place = place_text(arena, cut);
            mapped->columns[at].expression = place;
            mapped->columns[at].place = (struct line_place){level, cut->first, cut->last};
            column->name = cut->name ? cut->name : arena_format(arena, "%s%s", above, place);
            column->heading = cut->name ? cut->name : place;
            column->place = cut->name ? place : NULL;
        }
        above = arena_format(arena, "../%s", above);
    }
}

static void add_table(struct lines_profiling *work, const char *path, size_t number,
                      struct profile *profile)
{
    struct arena *arena = work->profiling->arena;
    const struct lines_type *type = &work->look->types[number];
    struct mapping_table *mapped = &work->mapping->tables[number];
    struct profile_table *table = profile_add_table(profile, arena);
    size_t first = profile->table_count - 1 - number;
    table->file = arena_text(arena, slice_of(file_name(path)));
    table->name = type->type ? type->type : table->file;
    table->type = type->type;
    table->parent = type->parent == SIZE_MAX ? SIZE_MAX : first + type->parent;
    table->column_count = count_columns(work->look, number);
    table->columns = arena_allocate_array(arena, table->column_count, sizeof(*table->columns));
    mapped->name = table->name;
    mapped->parent = type->parent;
    mapped->type_count = type->type != NULL;
    mapped->types = arena_allocate_array(arena, 1, sizeof(*mapped->types));
    mapped->types[0] = type->type;
    mapped->column_count = table->column_count;
    mapped->columns = arena_allocate_array(arena, table->column_count, sizeof(*mapped->columns));
}

static const struct source *make_source(struct lines_profiling *work, const char *path,
                                        struct profile *profile)
{
    enum { RECORD_BYTES_MOST = 1 << 16 };
    struct arena *arena = work->profiling->arena;
    const struct lines_look *look = work->look;
    struct source *source = arena_allocate(arena, sizeof(*source));
    struct mapping *mapping = arena_allocate(arena, sizeof(*mapping));
    work->mapping = mapping;
    mapping->path = path;
    mapping->name = "profile";
    mapping->kind = SOURCE_LINES;
    mapping->encoding = profile->encoding;
    mapping->lines = (struct line_dialect){.delimiter = look->delimiter,
                                           .bytes = look->bytes,
                                           .trimmed = true,
                                           .skip = look->names,
                                           .type = {0, look->type_first, look->type_last},
                                           .header = look->header,
                                           .trailer = look->trailer,
                                           .record_bytes_max = RECORD_BYTES_MOST};
    mapping->table_count = look->type_count;
    mapping->tables = arena_allocate_array(arena, look->type_count, sizeof(*mapping->tables));
    for (size_t i = 0; i < look->type_count; i++)
        add_table(work, path, i, profile);
    for (size_t i = 0; i < look->type_count; i++)
        work->tables[i] = &profile->tables[profile->table_count - look->type_count + i];
    for (size_t i = 0; i < look->type_count; i++)
        add_columns(work, i);
    source->id = "profile";
    source->path = path;
    source->name = path;
    source->mapping = mapping;
    return source;
}

/* ---- rows ---- */

static void count_row(struct lines_profiling *work, const struct row *row)
{
    struct profile_table *table = work->tables[row->table];
    table->rows++;
    for (size_t i = 0; i < table->column_count; i++)
        tally_add(work->tallies[row->table][i], row->values[i]);
    profile_keep_row(table, work->profiling->arena, row->values);
}

static bool read_rows(struct lines_profiling *work, const struct source *source,
                      struct error *error)
{
    struct row row;
    struct row_reader *reader = row_reader_open(source, error);
    uint64_t most = work->profiling->sample_rows ? work->profiling->sample_rows : UINT64_MAX;
    enum outcome outcome = reader ? ACCEPTED : FAILED;
    while (outcome != FAILED && outcome != ENDED && reader->rows_read < most) {
        outcome = row_reader_next(reader, &row, error);
        struct profile_table *table =
            outcome == ACCEPTED || outcome == REJECTED ? work->tables[row.table] : NULL;
        if (outcome == ACCEPTED)
            count_row(work, &row);
        if (outcome == REJECTED && table->rejected++ == 0)
            table->reject_reason = arena_text(work->profiling->arena, slice_of(row.reject_reason));
    }
    row_reader_close(reader);
    return outcome != FAILED;
}

static bool count_rows(struct lines_profiling *work, const struct source *source,
                       struct error *error)
{
    size_t count = work->look->type_count;
    work->tallies = memory_allocate_array(count, sizeof(*work->tallies));
    for (size_t t = 0; t < count; t++) {
        work->tallies[t] =
            memory_allocate_array(work->tables[t]->column_count, sizeof(*work->tallies[t]));
        for (size_t i = 0; i < work->tables[t]->column_count; i++)
            work->tallies[t][i] = tally_create(PROFILE_DISTINCT_MOST);
    }
    bool read = read_rows(work, source, error);
    for (size_t t = 0; t < count; t++) {
        for (size_t i = 0; i < work->tables[t]->column_count; i++) {
            tally_finish(work->tallies[t][i], work->profiling->arena, &work->tables[t]->columns[i]);
            tally_destroy(work->tallies[t][i]);
        }
        memory_free(work->tallies[t]);
    }
    memory_free(work->tallies);
    return read;
}

bool profile_lines_file(struct profiling *profiling, const char *path, struct slice head,
                        struct profile *profile, bool *is_lines, struct error *error)
{
    struct arena *arena = profiling->arena;
    struct lines_look *look = arena_allocate(arena, sizeof(*look));
    struct profile_table *tables[LINES_TYPES_MOST];
    struct lines_profiling work = {.profiling = profiling, .look = look, .tables = tables};
    const struct lines_head looked_at = {head, profile->encoding, &profiling->judge_window};
    *is_lines = lines_look_at(arena, &looked_at, look);
    if (!*is_lines)
        return true;
    log_progress("counting", 0, 0);
    bool done = survey(path, profile->encoding, arena, look, error);
    profile->source = PROFILE_LINES;
    profile->lines = look;
    profile->delimiter = look->delimiter;
    profile->header = look->names;
    profile->dialect_why = look->why;
    done = done && count_rows(&work, make_source(&work, path, profile), error);
    log_progress_end();
    return done;
}
