#include "cli/profile/profiling.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"
#include "cust360/extract.h"

#include <stdio.h>

/* The columns of a delimited file: it is cut into a few parts, each counted by a thread, and the
 * tallies joined in the parts' order. A sample takes the first rows of many parts. */

enum { PARTS = 4, SAMPLE_PARTS = 64, PART_BYTES_LEAST = 1 << 20 };

/* What a column says of itself is held against every other, and each has its own counts. */
enum { COLUMNS_MOST = 4096 };

struct csv_part {
    struct row_reader *reader;
    struct tally **tallies;
    uint64_t rows;
    uint64_t rejected;
    char reason[160]; /* of the first that could not be read */
    bool failed;
    struct error error;
};

struct csv_profiling {
    struct profiling *profiling;
    const struct csv_look *look;
    struct row_reader *whole;
    struct csv_part *parts;
    size_t part_count;
    uint64_t rows_a_part; /* 0: all */
    struct profile_table *table;
};

/* Rows are bound by number, so that headings may come twice or be missing. */
static struct source *make_source(struct profiling *profiling, const char *path,
                                  const struct csv_look *look, const char *encoding)
{
    struct arena *arena = profiling->arena;
    struct source *source = arena_allocate(arena, sizeof(*source));
    struct mapping *mapping = arena_allocate(arena, sizeof(*mapping));
    struct mapping_table *table = arena_allocate(arena, sizeof(*table));
    *mapping = (struct mapping){.path = path,
                                .name = "profile",
                                .kind = SOURCE_CSV,
                                .encoding = encoding,
                                .tables = table,
                                .table_count = 1,
                                .repairs = REPAIR_FORMULA | REPAIR_APOSTROPHE};
    mapping->csv = (struct csv_dialect){
        .delimiter = look->delimiter, .quote = look->quote, .skip = look->skip};
    table->name = "rows";
    table->column_count = look->column_count;
    table->columns = arena_allocate_array(arena, look->column_count, sizeof(*table->columns));
    for (size_t i = 0; i < look->column_count; i++)
        table->columns[i].expression = arena_format(arena, "%zu", i + 1);
    source->id = "profile";
    source->path = path;
    source->name = path;
    source->mapping = mapping;
    return source;
}

static void count_row(struct csv_profiling *work, struct csv_part *part, const struct row *row,
                      bool first_part)
{
    part->rows++;
    for (size_t i = 0; i < work->look->column_count; i++)
        tally_add(part->tallies[i], row->values[i]);
    if (first_part)
        profile_keep_row(work->table, work->profiling->arena, row->values);
}

static bool read_part(struct csv_profiling *work, struct csv_part *part, size_t number,
                      struct error *error)
{
    struct row row;
    bool heading = number == 0 && work->look->header;
    if (work->part_count == 1)
        part->reader = work->whole;
    else
        part->reader = row_reader_open_part(work->whole, number, error);
    while (part->reader && (!work->rows_a_part || part->rows < work->rows_a_part)) {
        enum outcome outcome = row_reader_next(part->reader, &row, error);
        if (outcome == ENDED)
            return true;
        if (outcome == FAILED)
            return false;
        if (outcome == REJECTED) {
            if (part->rejected++ == 0)
                snprintf(part->reason, sizeof(part->reason), "%s", row.reject_reason);
            continue;
        }
        if (!heading)
            count_row(work, part, &row, number == 0);
        heading = false;
    }
    return part->reader != NULL;
}

static void run_part(void *context, size_t piece, unsigned thread)
{
    struct csv_profiling *work = context;
    struct csv_part *part = &work->parts[piece];
    (void)thread;
    part->tallies = memory_allocate_array(work->look->column_count, sizeof(*part->tallies));
    for (size_t i = 0; i < work->look->column_count; i++)
        part->tallies[i] = tally_create(PROFILE_DISTINCT_MOST);
    part->failed = !read_part(work, part, piece, &part->error);
    if (work->rows_a_part && part->reader != work->whole) {
        row_reader_close(part->reader); /* nobody joins it */
        part->reader = NULL;
    }
}

/* ---- joining ---- */

static bool join_part(struct csv_profiling *work, struct csv_part *part, size_t number,
                      struct error *error)
{
    if (part->failed) {
        *error = part->error;
        return false;
    }
    if (!work->rows_a_part && work->part_count > 1) {
        if (number != work->whole->next_part)
            return true; /* a part before has read its rows, too */
        if (!row_reader_join(work->whole, part->reader, error))
            return false;
    }
    work->table->rows += part->rows;
    work->table->rejected += part->rejected;
    if (part->rejected && !work->table->reject_reason)
        work->table->reject_reason = arena_text(work->profiling->arena, slice_of(part->reason));
    if (number > 0)
        for (size_t i = 0; i < work->look->column_count; i++)
            tally_join(work->parts[0].tallies[i], part->tallies[i]);
    return true;
}

static bool join_parts(struct csv_profiling *work, struct error *error)
{
    bool joined = true;
    for (size_t i = 0; i < work->part_count && joined; i++)
        joined = join_part(work, &work->parts[i], i, error);
    return joined;
}

static void finish_columns(struct csv_profiling *work)
{
    struct arena *arena = work->profiling->arena;
    for (size_t i = 0; i < work->look->column_count; i++) {
        struct profile_column *column = &work->table->columns[i];
        column->name = arena_text(arena, work->look->headings[i]);
        column->heading = column->name;
        tally_finish(work->parts[0].tallies[i], arena, column);
    }
}

static void release_parts(struct csv_profiling *work)
{
    for (size_t p = 0; p < work->part_count; p++) {
        struct csv_part *part = &work->parts[p];
        for (size_t i = 0; part->tallies && i < work->look->column_count; i++)
            tally_destroy(part->tallies[i]);
        memory_free(part->tallies);
        if (part->reader != work->whole)
            row_reader_close(part->reader);
    }
    memory_free(work->parts);
    row_reader_close(work->whole);
}

static size_t part_bytes_of(const struct profiling *profiling, const char *path)
{
    struct file_stamp stamp = {0};
    file_stamp(path, &stamp);
    size_t bytes = (size_t)(stamp.size_bytes / (profiling->sample_rows ? SAMPLE_PARTS : PARTS)) + 1;
    return bytes > PART_BYTES_LEAST ? bytes : PART_BYTES_LEAST;
}

static void add_repair(struct profile *profile, struct arena *arena, const char *repair)
{
    if (profile->repairs && strstr(profile->repairs, repair))
        return;
    profile->repairs = profile->repairs && profile->repairs[0]
                           ? arena_format(arena, "%s, %s", profile->repairs, repair)
                           : repair;
}

/* What spreadsheets have done to the values, as the reader tells it; the mapping that is drafted
 * says that it is to be mended. */
static void tell_repairs(struct csv_profiling *work, struct profile *profile)
{
    static const struct {
        const char *said;
        const char *repair;
    } repairs[] = {{"(repair: formula)", "formula"}, {"(repair: apostrophe)", "apostrophe"}};
    struct arena *arena = work->profiling->arena;
    for (size_t i = 0; i < work->whole->notice_count; i++) {
        const struct notice *notice = &work->whole->notices[i];
        if (strcmp(notice->code, "repaired") != 0 && strcmp(notice->code, "digits_lost") != 0)
            continue;
        profile_add_defect(profile, arena, notice->text);
        for (size_t r = 0; r < sizeof(repairs) / sizeof(*repairs); r++)
            if (strstr(notice->text, repairs[r].said))
                add_repair(profile, arena, repairs[r].repair);
    }
}

/* Of a sample nobody reads the end, where the reader tells: what the head shows. */
static void look_for_repairs(struct csv_profiling *work, struct slice head, struct profile *profile)
{
    struct arena *arena = work->profiling->arena;
    size_t formulas = 0;
    size_t apostrophes = 0;
    for (size_t i = 1; i + 1 < head.length; i++) {
        bool begins = head.data[i - 1] == work->look->delimiter || head.data[i - 1] == '\n';
        formulas += begins && head.data[i] == '=' && head.data[i + 1] == '"';
        apostrophes += begins && head.data[i] == '\'';
    }
    if (formulas) {
        add_repair(profile, arena, "formula");
        profile_add_defect(
            profile, arena,
            arena_format(arena, "%zu values at its begin are written as =\"…\"", formulas));
    }
    if (apostrophes) {
        add_repair(profile, arena, "apostrophe");
        profile_add_defect(
            profile, arena,
            arena_format(arena, "%zu values at its begin begin with an apostrophe", apostrophes));
    }
}

static bool count_rows(struct csv_profiling *work, const char *path, struct profile *profile,
                       struct error *error)
{
    struct profiling *profiling = work->profiling;
    log_progress("counting", 0, 0);
    work->part_count = row_reader_cut(work->whole, part_bytes_of(profiling, path), error);
    if (work->part_count == 0) {
        row_reader_close(work->whole);
        return false;
    }
    if (profiling->sample_rows)
        work->rows_a_part = profiling->sample_rows / work->part_count + 1;
    work->parts = memory_allocate_array(work->part_count, sizeof(*work->parts));
    pool_run(profiling->threads, work->part_count, run_part, work);
    bool joined = join_parts(work, error);
    if (joined) {
        finish_columns(work);
        tell_repairs(work, profile);
    }
    release_parts(work);
    log_progress_end();
    return joined;
}

bool profile_csv_file(struct profiling *profiling, const char *path, struct slice head,
                      struct profile *profile, struct error *error)
{
    struct csv_look look;
    struct arena *arena = profiling->arena;
    if (!csv_look_at(arena, head, &look)) {
        error_set(error, EXIT_FAILED, "the file is empty: there is nothing to profile");
        return error_place(error, path, 0, 0);
    }
    if (look.column_count > COLUMNS_MOST) {
        error_set(error, EXIT_FAILED, "the first row has %zu columns; at most %d are profiled",
                  look.column_count, COLUMNS_MOST);
        error_place(error, path, 0, 0);
        return error_hint(error, "is it a table, with a row a line?");
    }
    struct csv_profiling work = {.profiling = profiling, .look = &look};
    const struct source *source = make_source(profiling, path, &look, profile->encoding);
    work.whole = row_reader_open(source, error);
    if (!work.whole)
        return false;
    profile->source = PROFILE_CSV;
    profile->delimiter = look.delimiter;
    profile->quote = look.quote;
    profile->header = look.header;
    profile->skip = look.skip;
    profile->dialect_why = look.why;
    work.table = profile_add_table(profile, arena);
    work.table->file = arena_text(arena, slice_of(file_name(path)));
    work.table->name = work.table->file;
    work.table->column_count = look.column_count;
    work.table->columns =
        arena_allocate_array(arena, look.column_count, sizeof(*work.table->columns));
    if (profiling->sample_rows)
        look_for_repairs(&work, head, profile);
    return count_rows(&work, path, profile, error);
}
