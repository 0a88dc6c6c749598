#include "cust360/base/csv.h"
#include "cust360/base/text.h"
#include "cust360/profile_tally.h"

#include <stdio.h>

/* Which character parts the fields, and whether the first row is a heading: each candidate reads
 * the head of the file, and the one by which most rows have the same number of fields wins. */

enum { ROWS_LOOKED_AT = 200, COLUMNS_MOST = 2000 };

static const char delimiters[] = {',', ';', '\t', '|', '^', '~'};

struct attempt {
    size_t rows;
    size_t rejected;
    size_t fields; /* the most usual number */
    size_t agreeing;
};

static struct csv_stream *open_stream(struct slice head, char delimiter, char quote)
{
    struct csv_options options = {.delimiter = delimiter, .quote = quote};
    struct csv_stream *stream = csv_stream_create(&options);
    buffer_append(csv_stream_input(stream), head);
    csv_stream_finish(stream);
    return stream;
}

static struct attempt try_delimiter(struct slice head, char delimiter, char quote)
{
    size_t counts[COLUMNS_MOST + 1] = {0};
    struct attempt attempt = {0};
    struct csv_row row;
    struct csv_stream *stream = open_stream(head, delimiter, quote);
    while (attempt.rows < ROWS_LOOKED_AT) {
        enum outcome outcome = csv_stream_next(stream, &row);
        if (outcome == ENDED)
            break;
        attempt.rows++;
        if (outcome == REJECTED)
            attempt.rejected++;
        else
            counts[row.field_count < COLUMNS_MOST ? row.field_count : COLUMNS_MOST]++;
    }
    csv_stream_destroy(stream);
    for (size_t i = 1; i <= COLUMNS_MOST; i++)
        if (counts[i] > attempt.agreeing) {
            attempt.agreeing = counts[i];
            attempt.fields = i;
        }
    return attempt;
}

/* More fields count a little, so that of two that part all rows evenly the finer one wins. */
static double rate_attempt(const struct attempt *attempt)
{
    if (attempt->rows == 0 || attempt->fields < 2)
        return 0;
    double evenness = (double)attempt->agreeing / (double)attempt->rows;
    return evenness * evenness * (1 + (double)attempt->fields / 100);
}

/* ---- titles ---- */

static size_t count_filled(const struct csv_row *row)
{
    size_t filled = 0;
    for (size_t i = 0; i < row->field_count; i++)
        filled += slice_trim(row->fields[i]).length > 0;
    return filled;
}

/* A sheet's title, its date, a blank line: rows above the heading in which hardly a field is
 * filled, though the other rows have many. 0 where nothing else comes behind them. */
static size_t count_titles(struct slice head, const struct csv_look *look, size_t fields)
{
    enum { TITLES_MOST = 20, FILLED_MOST = 2, FIELDS_LEAST = 5 };
    struct csv_row row;
    struct csv_stream *stream = open_stream(head, look->delimiter, look->quote);
    size_t titles = 0;
    enum outcome outcome = csv_stream_next(stream, &row);
    while (outcome == ACCEPTED && count_filled(&row) <= FILLED_MOST && titles <= TITLES_MOST) {
        titles++;
        outcome = csv_stream_next(stream, &row);
    }
    bool table = outcome == ACCEPTED && row.field_count == fields && titles <= TITLES_MOST;
    csv_stream_destroy(stream);
    return table && fields >= FIELDS_LEAST ? titles : 0;
}

static struct csv_stream *open_behind_titles(struct slice head, const struct csv_look *look)
{
    struct csv_row row;
    struct csv_stream *stream = open_stream(head, look->delimiter, look->quote);
    for (size_t i = 0; i < look->skip && csv_stream_next(stream, &row) != ENDED; i++)
        ;
    return stream;
}

/* ---- the heading ---- */

static size_t count_digits(struct slice text)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.length; i++)
        digits += text.data[i] >= '0' && text.data[i] <= '9';
    return digits;
}

/* A name has letters and few digits; a value that stands for itself (a date, a number, a VIN, an
 * address) has many or is long. */
static bool may_be_heading(struct slice text)
{
    enum { LONGEST = 60 };
    text = slice_trim(text);
    size_t digits = count_digits(text);
    if (text.length == 0 || text.length > LONGEST)
        return false;
    return digits * 3 <= text.length && digits < 5 && !memchr(text.data, '@', text.length);
}

/* F001, F002, F003 …: names that are nothing but a number behind the same letters. */
static bool is_numbered(const struct csv_look *look)
{
    enum { COLUMNS_LEAST = 3 };
    size_t letters = 0;
    for (size_t i = 0; i < look->column_count; i++) {
        struct slice name = look->headings[i];
        size_t length = 0;
        while (length < name.length && (name.data[length] < '0' || name.data[length] > '9'))
            length++;
        bool same =
            i == 0 || (length == letters && slice_equal(slice_cut(name, 0, length),
                                                        slice_cut(look->headings[0], 0, letters)));
        if (length == 0 || !same || length + count_digits(name) != name.length ||
            length == name.length)
            return false;
        letters = length;
    }
    return look->column_count >= COLUMNS_LEAST;
}

/* Names of columns differ from one another and do not come again below. */
static bool first_row_is_heading(struct slice head, const struct csv_look *look)
{
    struct csv_row row;
    struct csv_stream *stream = open_behind_titles(head, look);
    size_t named = 0;
    size_t again = 0;
    for (size_t i = 0; i < look->column_count; i++)
        named += may_be_heading(look->headings[i]);
    size_t rows = 0;
    for (; rows < ROWS_LOOKED_AT && csv_stream_next(stream, &row) == ACCEPTED; rows++)
        for (size_t i = 0; rows > 0 && i < look->column_count && i < row.field_count; i++)
            again += look->headings[i].length > 0 &&
                     slice_equal(slice_trim(row.fields[i]), look->headings[i]);
    csv_stream_destroy(stream);
    bool names = named * 4 >= look->column_count * 3 || is_numbered(look);
    return names && again <= look->column_count / 8;
}

static void read_first_row(struct arena *arena, struct slice head, struct csv_look *look)
{
    struct csv_row row;
    struct csv_stream *stream = open_behind_titles(head, look);
    if (csv_stream_next(stream, &row) == ACCEPTED) {
        look->column_count = row.field_count;
        look->headings = arena_allocate_array(arena, row.field_count, sizeof(struct slice));
        for (size_t i = 0; i < row.field_count; i++)
            look->headings[i] = arena_copy(arena, slice_trim(row.fields[i]));
    }
    csv_stream_destroy(stream);
}

static const char *delimiter_name(char delimiter)
{
    return delimiter == '\t'  ? "tab"
           : delimiter == ',' ? "comma"
           : delimiter == ';' ? "semicolon"
           : delimiter == '|' ? "pipe"
                              : "rare character";
}

/* A spreadsheet's ="00123" is a quoted field: the = before it is in the way. */
static struct slice without_formulas(struct arena *arena, struct slice head)
{
    char *copy = arena_text(arena, head);
    for (size_t i = 0; i + 1 < head.length; i++) {
        bool begins = i == 0 || strchr("\r\n", copy[i - 1]) ||
                      memchr(delimiters, copy[i - 1], sizeof(delimiters));
        if (begins && copy[i] == '=' && copy[i + 1] == '"')
            copy[i] = ' ';
    }
    return slice_make(copy, head.length);
}

bool csv_look_at(struct arena *arena, struct slice head, struct csv_look *look)
{
    double best = -1;
    struct attempt chosen = {0};
    memset(look, 0, sizeof(*look));
    if (slice_starts_with(head, SLICE("\xEF\xBB\xBF")))
        head = slice_cut(head, 3, head.length);
    if (slice_find(head, SLICE("=\"")) >= 0)
        head = without_formulas(arena, head);
    look->quote = '"';
    for (size_t i = 0; i < sizeof(delimiters); i++) {
        struct attempt attempt = try_delimiter(head, delimiters[i], look->quote);
        if (rate_attempt(&attempt) <= best)
            continue;
        best = rate_attempt(&attempt);
        chosen = attempt;
        look->delimiter = delimiters[i];
    }
    if (chosen.rows == 0)
        return false;
    look->skip = count_titles(head, look, chosen.fields);
    read_first_row(arena, head, look);
    if (look->column_count == 0)
        return false;
    look->header = first_row_is_heading(head, look);
    look->evenness = (double)chosen.agreeing / (double)chosen.rows;
    look->why =
        arena_format(arena, "by the %s %zu of the first %zu rows have %zu fields; the first row %s",
                     delimiter_name(look->delimiter), chosen.agreeing, chosen.rows, chosen.fields,
                     look->header ? "reads like names of columns" : "reads like values");
    if (look->skip)
        look->why = arena_format(arena, "%s, behind %zu of titles", look->why, look->skip);
    if (!look->header)
        for (size_t i = 0; i < look->column_count; i++)
            look->headings[i] = slice_of(arena_format(arena, "%zu", i + 1));
    return true;
}

static bool is_letter(char byte)
{
    return (byte & 0x80) || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

/* A line that begins with an instruction, or with an element that has another within. */
static bool begins_document(struct slice rest)
{
    const char *end = memchr(rest.data, '>', rest.length);
    if (rest.length < 3 || rest.data[0] != '<' || !end)
        return false;
    if (rest.data[1] == '?')
        return is_letter(rest.data[2]);
    struct slice inner = slice_trim(slice_cut(rest, (size_t)(end - rest.data) + 1, rest.length));
    return is_letter(rest.data[1]) && !memchr(rest.data, '@', (size_t)(end - rest.data)) &&
           inner.length > 0 && inner.data[0] == '<';
}

/* A mail's text stands before the document. What is within quotes is a value of a csv. */
static bool has_document_below(struct slice head)
{
    enum { MAIL_BYTES = 16 * 1024 };
    bool quoted = false;
    bool at_begin = true;
    for (size_t i = 0; i < head.length && i < MAIL_BYTES; i++) {
        char byte = head.data[i];
        if (at_begin && !quoted && begins_document(slice_cut(head, i, head.length)))
            return true;
        quoted = quoted != (byte == '"');
        at_begin = byte == '\n' || (at_begin && (byte == ' ' || byte == '\t'));
    }
    return false;
}

bool text_looks_like_xml(struct slice head)
{
    size_t at = slice_starts_with(head, SLICE("\xEF\xBB\xBF")) ? 3 : 0;
    while (at < head.length && strchr(" \t\r\n", head.data[at]))
        at++;
    bool begins =
        at + 1 < head.length && head.data[at] == '<' &&
        (head.data[at + 1] == '?' || head.data[at + 1] == '!' || (head.data[at + 1] | 0x20) >= 'a');
    return begins || has_document_below(head);
}
