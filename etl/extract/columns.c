/* A column is bound by its heading and by nothing else: what moved is found, what is gone is said,
 * and what looks renamed is proposed and never assumed. */
#include "cust360/base/text.h"
#include "cust360/yaml.h"
#include "extract/reader.h"

/* Of a heading that is none, or of another file, a few columns are enough to see what it is. */
enum { NAMES_TOLD_MOST = 100 };

static bool same_name(const struct heading *heading, struct arena *arena, struct slice a,
                      struct slice b)
{
    if (slice_equal(a, b))
        return true;
    return heading->ignore_case && a.length == b.length &&
           slice_equal(text_lower(arena, a), text_lower(arena, b));
}

/* Without white space at the ends, the ideographic one as well. */
static struct slice trim_name(struct slice name)
{
    static const struct slice blank = {"\xE3\x80\x80", 3};
    for (;;) {
        struct slice trimmed = slice_trim(name);
        if (slice_starts_with(trimmed, blank))
            trimmed = slice_cut(trimmed, blank.length, trimmed.length);
        if (slice_ends_with(trimmed, blank))
            trimmed = slice_cut(trimmed, 0, trimmed.length - blank.length);
        if (trimmed.length == name.length)
            return trimmed;
        name = trimmed;
    }
}

static size_t find_name(const struct heading *heading, struct arena *arena, struct slice name,
                        size_t from)
{
    for (size_t i = from; i < heading->count; i++)
        if (same_name(heading, arena, trim_name(heading->names[i]), name))
            return i;
    return FIELD_NONE;
}

static bool is_bound(const struct binding *binding, size_t column_count, size_t source_column)
{
    for (size_t i = 0; i < column_count; i++)
        if (binding->sources[i] == source_column)
            return true;
    return false;
}

static void list_extras(struct arena *arena, const struct mapping_table *table,
                        const struct heading *heading, struct binding *binding)
{
    binding->extras = arena_allocate_array(arena, heading->count, sizeof(size_t));
    binding->extra_count = 0;
    for (size_t i = 0; i < heading->count; i++)
        if (!is_bound(binding, table->column_count, i))
            binding->extras[binding->extra_count++] = i;
}

/* Letters in lower case, without what separates words: E-Mail, e_mail and eMail are one. */
static struct slice fold_name(struct arena *arena, struct slice name)
{
    char *folded = arena_allocate_bytes(arena, name.length + 1);
    size_t length = 0;
    for (size_t i = 0; i < name.length; i++)
        if (!strchr(" -_.", name.data[i]))
            folded[length++] = name.data[i];
    return text_lower(arena, slice_make(folded, length));
}

static bool names_are_near(struct arena *arena, struct slice a, struct slice b)
{
    struct slice shorter = a.length < b.length ? a : b;
    struct slice longer = a.length < b.length ? b : a;
    return slice_equal(fold_name(arena, a), fold_name(arena, b)) ||
           (text_length(shorter) > 1 && slice_find(longer, shorter) >= 0);
}

/* Eight digits or an address of mail in a name: a row stands where the names of columns are meant
 * to be, and what it holds is somebody's own. */
static bool reads_like_row(const struct heading *heading)
{
    enum { DIGITS_MOST = 7 };
    size_t most = 0;
    for (size_t i = 0; i < heading->count; i++) {
        struct slice name = heading->names[i];
        size_t digits = 0;
        for (size_t at = 0; at < name.length; at++)
            digits += name.data[at] >= '0' && name.data[at] <= '9';
        if (name.length && memchr(name.data, '@', name.length))
            return true;
        most = digits > most ? digits : most;
    }
    return most > DIGITS_MOST;
}

/* The new column that a missing one may have become. */
static const char *find_renamed(struct arena *arena, const char *missing,
                                const struct heading *heading, const struct binding *binding)
{
    const char **names = arena_allocate_array(arena, binding->extra_count, sizeof(*names));
    if (reads_like_row(heading))
        return NULL;
    for (size_t i = 0; i < binding->extra_count; i++)
        names[i] = arena_text(arena, trim_name(heading->names[binding->extras[i]]));
    const char *nearest = nearest_name(missing, names, binding->extra_count);
    for (size_t i = 0; i < binding->extra_count && !nearest; i++)
        if (names_are_near(arena, slice_of(names[i]), slice_of(missing)))
            nearest = names[i];
    return nearest;
}

static bool fail_missing(struct row_reader *reader, const struct mapping_column *column,
                         const struct heading *heading, const struct binding *binding,
                         struct error *error)
{
    const struct mapping *mapping = reader->source->mapping;
    const char *renamed = find_renamed(reader->arena, column->expression, heading, binding);
    error_set(error, EXIT_FAILED, "the column \"%s\" is missing", column->expression);
    error_place(error, heading->file, heading->line, 0);
    if (renamed)
        return error_hint(error,
                          "did you mean \"%s\"? If the column was renamed, write that name in "
                          "%s:%llu",
                          renamed, mapping->path, (unsigned long long)column->line);
    if (heading->count && slice_starts_with(heading->names[0], SLICE("sep=")))
        return error_hint(error, "the first line tells a spreadsheet its delimiter: pass over it "
                                 "with csv: {skip: 1}");
    if (mapping->kind == SOURCE_CSV)
        return error_hint(error,
                          "%s:%llu needs it; is this the right export, and its delimiter \"%c\"?",
                          mapping->path, (unsigned long long)column->line,
                          mapping->csv.delimiter ? mapping->csv.delimiter : ',');
    return error_hint(error, "%s:%llu needs it; does the query select it?", mapping->path,
                      (unsigned long long)column->line);
}

static void notice_missing(struct row_reader *reader, const struct mapping_column *column,
                           const struct heading *heading, const struct binding *binding)
{
    const struct mapping *mapping = reader->source->mapping;
    const char *renamed = find_renamed(reader->arena, column->expression, heading, binding);
    if (renamed)
        notice_add(reader, "column_renamed",
                   "%s: the column \"%s\" is missing and \"%s\" is new; if it was renamed, write "
                   "\"%s\" in %s:%llu",
                   heading->file, column->expression, renamed, renamed, mapping->path,
                   (unsigned long long)column->line);
    else
        notice_add(reader, "column_missing", "%s: the column \"%s\" is missing; it stays empty",
                   heading->file, column->expression);
}

bool table_ignores(const struct mapping_table *table, struct slice name)
{
    for (size_t i = 0; i < table->ignored_count; i++)
        if (slice_equal(slice_of(table->ignored[i]), name))
            return true;
    return false;
}

static void notice_new(struct row_reader *reader, const struct mapping_table *table,
                       const struct heading *heading, const struct binding *binding)
{
    if (reads_like_row(heading)) {
        notice_add(reader, "column_new",
                   "%s: its heading reads like a row of data; %zu columns of it are not used",
                   heading->file, binding->extra_count);
        return;
    }
    size_t told = 0;
    for (size_t i = 0; i < binding->extra_count; i++) {
        struct slice name = trim_name(heading->names[binding->extras[i]]);
        if (name.length == 0 || table_ignores(table, name))
            continue;
        if (told++ < NAMES_TOLD_MOST)
            notice_add(reader, "column_new",
                       "%s: the mapping does not name the column \"%.*s\"; it is not used",
                       heading->file, SLICE_ARGUMENTS(name));
    }
    if (told > NAMES_TOLD_MOST)
        notice_add(reader, "column_new",
                   "%s: %zu more columns that the mapping does not name are not told",
                   heading->file, told - NAMES_TOLD_MOST);
}

static bool bind_column(struct row_reader *reader, const struct mapping_column *column,
                        const struct heading *heading, size_t *source_column, struct error *error)
{
    struct slice name = trim_name(slice_of(column->expression));
    *source_column = find_name(heading, reader->arena, name, 0);
    if (*source_column == FIELD_NONE)
        return true;
    size_t again = find_name(heading, reader->arena, name, *source_column + 1);
    if (again == FIELD_NONE)
        return true;
    error_set(error, EXIT_FAILED, "the column \"%s\" stands twice, as columns %zu and %zu",
              column->expression, *source_column + 1, again + 1);
    error_place(error, heading->file, heading->line, 0);
    return error_hint(error, "only one of them can be meant: rename the other in the export");
}

bool binding_by_name(struct row_reader *reader, const struct mapping_table *table,
                     const struct heading *heading, struct binding *binding, struct error *error)
{
    struct arena *arena = reader->arena;
    binding->sources = arena_allocate_array(arena, table->column_count, sizeof(size_t));
    for (size_t i = 0; i < table->column_count; i++)
        if (!bind_column(reader, &table->columns[i], heading, &binding->sources[i], error))
            return false;
    list_extras(arena, table, heading, binding);
    for (size_t i = 0; i < table->column_count; i++) {
        if (binding->sources[i] != FIELD_NONE)
            continue;
        if (table->columns[i].required)
            return fail_missing(reader, &table->columns[i], heading, binding, error);
        notice_missing(reader, &table->columns[i], heading, binding);
    }
    notice_new(reader, table, heading, binding);
    return true;
}

bool binding_by_number(struct row_reader *reader, const struct mapping_table *table,
                       const struct heading *heading, struct binding *binding, struct error *error)
{
    struct arena *arena = reader->arena;
    binding->sources = arena_allocate_array(arena, table->column_count, sizeof(size_t));
    for (size_t i = 0; i < table->column_count; i++) {
        const struct mapping_column *column = &table->columns[i];
        int64_t number;
        if (!text_to_integer(slice_of(column->expression), &number) || number < 1) {
            error_set(error, EXIT_CONFIGURATION,
                      "the column \"%s\" is not a number, but the file has no heading",
                      column->expression);
            error_place(error, reader->source->mapping->path, column->line, column->column);
            return error_hint(error, "name the columns 1, 2, 3 …, or set `header: true`");
        }
        bool there = (uint64_t)number <= heading->count;
        binding->sources[i] = there ? (size_t)number - 1 : FIELD_NONE;
        if (there)
            continue;
        if (column->required) {
            error_set(error, EXIT_FAILED, "column %s is missing: the first row has %zu columns",
                      column->expression, heading->count);
            error_place(error, heading->file, heading->line, 0);
            return error_hint(error, "%s:%llu needs it", reader->source->mapping->path,
                              (unsigned long long)column->line);
        }
        notice_add(reader, "column_missing", "%s: column %s is missing; it stays empty",
                   heading->file, column->expression);
    }
    list_extras(arena, table, heading, binding);
    return true;
}
