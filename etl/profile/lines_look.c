#include "cust360/base/csv.h"
#include "cust360/base/text.h"
#include "cust360/profile_tally.h"
#include "profile/lines_grid.h"

enum {
    LINES_LOOKED_AT = 400,
    LINES_LEAST = 3,
    TYPE_BYTES_MOST = 4, /* of a fixed type */
    FIELD_TYPE_BYTES_MOST = 8
};

struct looking {
    struct arena *arena;
    const struct lines_head *head;
    struct lines_look *look;
    struct slice *lines;
    size_t line_count;
    struct slice types[LINES_TYPES_MOST]; /* in the order in which they come */
    size_t type_lines[LINES_TYPES_MOST];
    size_t type_count;
    size_t *type_of; /* by line */
};

/* ---- lines ---- */

static struct slice without_end(struct slice line)
{
    while (line.length && strchr("\r\n\x1A", line.data[line.length - 1]))
        line.length--;
    return line;
}

/* The head may end within a line: that one is left out, unless it is all there is. */
static void split_head(struct looking *looking)
{
    const char *newline = NULL;
    const char *from = looking->head->text.data;
    const char *end = from + looking->head->text.length;
    looking->lines = arena_allocate_array(looking->arena, LINES_LOOKED_AT, sizeof(struct slice));
    while (from < end && looking->line_count < LINES_LOOKED_AT) {
        const char *stop = csv_line_end(from, end, &newline);
        struct slice line = without_end(slice_make(from, (size_t)(stop - from)));
        if (stop == end && looking->line_count >= LINES_LEAST && stop[-1] != '\n')
            break;
        if (slice_trim(line).length)
            looking->lines[looking->line_count++] = line;
        from = stop;
    }
    looking->type_of = arena_allocate_array(looking->arena, LINES_LOOKED_AT, sizeof(size_t));
}

static size_t line_width(const struct looking *looking, struct slice line, bool bytes)
{
    size_t width = 0;
    for (size_t position = 0; position < line.length;) {
        size_t from = position;
        uint32_t code_point = text_next(line, &position);
        width += lines_width(looking->head->encoding, bytes, code_point, position - from);
    }
    return width;
}

/* ---- types ---- */

static bool is_type_text(struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        char small = (char)(text.data[i] | 0x20);
        if (!text_is_digit_byte(text.data[i]) && (small < 'a' || small > 'z'))
            return false;
    }
    return text.length > 0;
}

/* What a line begins with: its first field, or so many bytes. */
static struct slice type_in(struct slice line, char delimiter, size_t size)
{
    if (!delimiter)
        return slice_cut(line, 0, size);
    const char *found = memchr(line.data, delimiter, line.length);
    size_t length = found ? (size_t)(found - line.data) : line.length;
    return length <= FIELD_TYPE_BYTES_MOST ? slice_trim(slice_make(line.data, length))
                                           : slice_make(NULL, 0);
}

/* Sorts the lines by what they begin with; false: too many kinds, or it is no type. */
static bool sort_by(struct looking *looking, char delimiter, size_t size)
{
    looking->type_count = 0;
    for (size_t i = 0; i < looking->line_count; i++) {
        struct slice type = type_in(looking->lines[i], delimiter, size);
        size_t t = 0;
        while (t < looking->type_count && !slice_equal(looking->types[t], type))
            t++;
        if (t == looking->type_count) {
            if (t == LINES_TYPES_MOST || !is_type_text(type))
                return false;
            looking->types[looking->type_count++] = type;
            looking->type_lines[t] = 0;
        }
        looking->type_lines[t]++;
        looking->type_of[i] = t;
    }
    bool repeated = false;
    for (size_t t = 0; t < looking->type_count; t++)
        repeated = repeated || looking->type_lines[t] > 1;
    return looking->type_count > 1 && repeated && looking->type_count < looking->line_count;
}

static size_t count_digits(struct slice line)
{
    size_t digits = 0;
    for (size_t i = 0; i < line.length; i++)
        digits += text_is_digit_byte(line.data[i]);
    return digits;
}

/* The first line alone is of its type, and is no line of names. */
static bool has_header(const struct looking *looking)
{
    enum { DIGITS_LEAST = 4 };
    return looking->type_lines[looking->type_of[0]] == 1 &&
           count_digits(looking->lines[0]) >= DIGITS_LEAST;
}

static bool has_trailer(const struct looking *looking)
{
    return looking->type_lines[looking->type_of[looking->line_count - 1]] == 1;
}

static size_t count_fields(struct slice line, char delimiter)
{
    size_t fields = 1;
    for (size_t i = 0; i < line.length; i++)
        fields += line.data[i] == delimiter;
    return fields;
}

/* Whether lines of a type have all the same number of fields, and those of another have another:
 * the numbers, by type. */
static bool fields_go_with_types(const struct looking *looking, char delimiter, size_t *fields)
{
    bool differ = false;
    memset(fields, 0, LINES_TYPES_MOST * sizeof(*fields));
    for (size_t i = 0; i < looking->line_count; i++) {
        size_t type = looking->type_of[i];
        size_t count = count_fields(looking->lines[i], delimiter);
        if (fields[type] && fields[type] != count)
            return false;
        fields[type] = count;
        differ = differ || fields[looking->type_of[0]] != count;
    }
    return differ;
}

/* HD and not H, 01 and not 0, where all letters (or the digit) behind the first say the same. */
static size_t longer_type(const struct looking *looking, size_t size)
{
    enum { DIGITS_MOST = 2 };
    bool digits = text_is_digit_byte(looking->lines[0].data[0]);
    for (; size < (digits ? DIGITS_MOST : TYPE_BYTES_MOST); size++)
        for (size_t i = 0; i < looking->line_count; i++) {
            struct slice line = looking->lines[i];
            size_t same = 0;
            while (looking->type_of[same] != looking->type_of[i])
                same++;
            bool alike = line.length > size && is_type_text(slice_cut(line, size, size + 1)) &&
                         text_is_digit_byte(line.data[size]) == digits;
            if (!alike || looking->lines[same].data[size] != line.data[size])
                return size;
        }
    return size;
}

static bool find_fixed_types(struct looking *looking)
{
    for (size_t size = 1; size <= TYPE_BYTES_MOST; size++) {
        if (!sort_by(looking, '\0', size))
            continue;
        bool frame = has_header(looking) && (has_trailer(looking) || looking->type_count > 2 ||
                                             looking->line_count > LINES_LEAST);
        if (!frame)
            continue;
        size = longer_type(looking, size);
        looking->look->type_first = 1;
        looking->look->type_last = size;
        return sort_by(looking, '\0', size);
    }
    return false;
}

/* ---- fixed places ---- */

static void collect(const struct looking *looking, size_t type, struct lines_grid *grid)
{
    grid->lines = arena_allocate_array(looking->arena, looking->line_count, sizeof(struct slice));
    for (size_t i = looking->look->names; i < looking->line_count; i++)
        if (type == SIZE_MAX || looking->type_of[i] == type)
            grid->lines[grid->line_count++] = looking->lines[i];
}

/* Of the lines of one type: how many are as long as most of them are. */
static size_t count_even(const struct looking *looking, size_t type, bool bytes)
{
    size_t best = 0;
    for (size_t i = looking->look->names; i < looking->line_count; i++) {
        size_t same = 0;
        size_t width = line_width(looking, looking->lines[i], bytes);
        bool counts = type == SIZE_MAX || looking->type_of[i] == type;
        for (size_t j = i; j < looking->line_count && counts; j++)
            same += (type == SIZE_MAX || looking->type_of[j] == type) &&
                    line_width(looking, looking->lines[j], bytes) == width;
        if (same > best)
            best = same;
        if (best * 2 > looking->line_count)
            break;
    }
    return best;
}

static size_t count_even_lines(const struct looking *looking, bool bytes)
{
    size_t even = 0;
    if (!looking->look->type_first)
        return count_even(looking, SIZE_MAX, bytes);
    for (size_t t = 0; t < looking->type_count; t++)
        even += count_even(looking, t, bytes);
    return even;
}

/* Blanks cut off at their ends make lines shorter, but not by much: prose is less even. */
static bool is_nearly_even(const struct looking *looking)
{
    size_t widest = 0;
    size_t near = 0;
    size_t first = looking->look->names;
    for (size_t i = first; i < looking->line_count; i++) {
        size_t width = line_width(looking, looking->lines[i], looking->look->bytes);
        widest = width > widest ? width : widest;
    }
    for (size_t i = first; i < looking->line_count; i++)
        near += line_width(looking, looking->lines[i], looking->look->bytes) * 2 >= widest;
    return near * 10 >= (looking->line_count - first) * 9;
}

/* Whether places count bytes, and whether lines end where their text does: by which lines of a
 * type are equally long. */
static void choose_unit(struct looking *looking)
{
    struct lines_look *look = looking->look;
    size_t by_characters = count_even_lines(looking, false);
    size_t by_bytes = count_even_lines(looking, true);
    size_t most = by_bytes > by_characters ? by_bytes : by_characters;
    look->trimmed = most * 10 < (looking->line_count - look->names) * 9;
    /* Old systems count bytes; text that is born as UTF-8 is counted in characters. */
    look->bytes = look->trimmed ? strncmp(looking->head->encoding, "utf-8", strlen("utf-8")) != 0
                                : by_bytes > by_characters;
}

/* What has no name is a part of what stands before it. */
static void name_cuts(const struct looking *looking, struct lines_type *type)
{
    struct lines_grid grid = {.lines = looking->lines, .line_count = 1};
    lines_grid_fill(&grid, looking->arena, looking->head->encoding, looking->look->bytes);
    size_t kept = 0;
    for (size_t i = 0; i < type->cut_count; i++) {
        struct lines_cut *cut = &type->cuts[i];
        struct slice name = lines_grid_value(&grid, 0, cut->first, cut->last);
        if (name.length == 0 && kept) {
            type->cuts[kept - 1].last = cut->last;
            continue;
        }
        cut->name = name.length ? arena_text(looking->arena, name) : NULL;
        type->cuts[kept++] = *cut;
    }
    type->cut_count = kept;
}

static void cut_type(struct looking *looking, size_t type)
{
    struct lines_look *look = looking->look;
    struct lines_grid grid = {0};
    struct lines_type *target = &look->types[look->type_count++];
    collect(looking, type, &grid);
    lines_grid_fill(&grid, looking->arena, looking->head->encoding, look->bytes);
    *target = (struct lines_type){.parent = SIZE_MAX};
    if (type != SIZE_MAX)
        target->type = arena_text(looking->arena, looking->types[type]);
    lines_cut(&grid, look->type_last + 1, looking->head->judge, looking->arena, target);
    if (look->names)
        name_cuts(looking, target);
}

/* ---- which lines stand below which ---- */

/* The type of the line before is the parent's, or one of the same parent: when it comes again
 * behind this type, they are interleaved. */
static size_t find_parent(const struct looking *looking, size_t type)
{
    size_t first = 0;
    while (looking->type_of[first] != type)
        first++;
    for (size_t before = first; before-- > 0;) {
        size_t other = looking->type_of[before];
        bool again = false;
        for (size_t i = first; i < looking->line_count; i++)
            again = again || looking->type_of[i] == other;
        if (again)
            return other;
    }
    return SIZE_MAX;
}

/* No line of the type stands where the parent's is missing: behind a line of a type that is no
 * descendant of it. */
static bool stands_below(const struct looking *looking, size_t type, size_t parent)
{
    size_t direct = 0;
    size_t all = 0;
    for (size_t i = 1; i < looking->line_count; i++)
        if (looking->type_of[i] == type) {
            size_t before = looking->type_of[i - 1];
            all++;
            direct += before == parent || before == type || before > parent;
        }
    return direct == all;
}

static void find_parents(struct looking *looking, const size_t *number_of)
{
    struct lines_look *look = looking->look;
    for (size_t t = 0; t < looking->type_count; t++) {
        if (number_of[t] == SIZE_MAX)
            continue;
        size_t parent = find_parent(looking, t);
        if (parent != SIZE_MAX && parent < t && number_of[parent] != SIZE_MAX &&
            stands_below(looking, t, parent))
            look->types[number_of[t]].parent = number_of[parent];
    }
}

/* ---- the verdict ---- */

static void make_types(struct looking *looking, const size_t *fields)
{
    struct lines_look *look = looking->look;
    size_t number_of[LINES_TYPES_MOST];
    bool header = has_header(looking);
    for (size_t t = 0; t < looking->type_count; t++) {
        number_of[t] = SIZE_MAX;
        if (t == 0 && header) {
            look->header = arena_text(looking->arena, looking->types[0]);
            continue;
        }
        number_of[t] = look->type_count;
        if (!fields) {
            cut_type(looking, t);
            continue;
        }
        struct lines_type *type = &look->types[look->type_count++];
        *type = (struct lines_type){.type = arena_text(looking->arena, looking->types[t]),
                                    .parent = SIZE_MAX};
        type->cuts = arena_allocate_array(looking->arena, fields[t], sizeof(*type->cuts));
        for (size_t i = 1; i < fields[t]; i++)
            type->cuts[type->cut_count++] = (struct lines_cut){i + 1, i + 1, NULL};
    }
    find_parents(looking, number_of);
}

static bool look_for_delimited_types(struct looking *looking)
{
    static const char delimiters[] = {'|', ',', ';', '\t', '^', '~'};
    size_t fields[LINES_TYPES_MOST];
    for (size_t i = 0; i < sizeof(delimiters); i++) {
        if (!sort_by(looking, delimiters[i], 0) ||
            !fields_go_with_types(looking, delimiters[i], fields))
            continue;
        looking->look->delimiter = delimiters[i];
        looking->look->type_first = looking->look->type_last = 1;
        looking->look->why =
            arena_format(looking->arena,
                         "by the first of the fields that '%c' parts, lines are of %zu types, each "
                         "with its own number of fields",
                         delimiters[i], looking->type_count);
        make_types(looking, fields);
        return true;
    }
    return false;
}

static bool look_for_fixed_types(struct looking *looking)
{
    if (!find_fixed_types(looking))
        return false;
    choose_unit(looking);
    looking->look->why = arena_format(
        looking->arena, "by their first %zu characters lines are of %zu types; places count %s%s",
        looking->look->type_last, looking->type_count,
        looking->look->bytes ? "bytes" : "characters",
        looking->look->trimmed ? ", and blanks at the lines' ends are cut off" : "");
    make_types(looking, NULL);
    return true;
}

/* A line of names above values that are mostly digits. */
static bool first_line_names(const struct looking *looking)
{
    size_t digits = 0;
    for (size_t i = 1; i < looking->line_count; i++)
        digits += count_digits(looking->lines[i]);
    return count_digits(looking->lines[0]) == 0 && digits >= 4 * (looking->line_count - 1);
}

static bool look_for_one_type(struct looking *looking)
{
    enum { COLUMNS_LEAST = 2, COLUMNS_TRIMMED_LEAST = 4, LINES_TRIMMED_LEAST = 5 };
    struct lines_look *look = looking->look;
    look->names = first_line_names(looking);
    choose_unit(looking);
    if (look->trimmed && (looking->line_count < LINES_TRIMMED_LEAST || !is_nearly_even(looking)))
        return false;
    cut_type(looking, SIZE_MAX);
    look->why =
        arena_format(looking->arena,
                     "no delimiter parts the lines; %s, so columns stand at places, which count %s",
                     look->trimmed ? "values begin below one another" : "they are equally long",
                     look->bytes ? "bytes" : "characters");
    return look->types[0].cut_count >= (look->trimmed ? COLUMNS_TRIMMED_LEAST : COLUMNS_LEAST);
}

static bool is_delimited(struct arena *arena, struct slice head)
{
    const double even = 0.8;
    struct csv_look look;
    return csv_look_at(arena, head, &look) && look.column_count > 1 && look.evenness >= even;
}

bool lines_look_at(struct arena *arena, const struct lines_head *head, struct lines_look *look)
{
    struct looking looking = {.arena = arena, .head = head, .look = look};
    memset(look, 0, sizeof(*look));
    split_head(&looking);
    if (looking.line_count < LINES_LEAST)
        return false;
    if (look_for_delimited_types(&looking))
        return true;
    return !is_delimited(arena, head->text) &&
           (look_for_fixed_types(&looking) || look_for_one_type(&looking));
}
