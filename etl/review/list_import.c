#include "cust360/base/csv.h"
#include "cust360/base/file.h"
#include "cust360/base/text.h"
#include "decide.h"
#include "list.h"

#include <iconv.h>

/* A work list comes back: all of it is checked against the questions as they are, then all of it is
 * carried out, in one transaction. */

enum { LIST_BYTES_MAX = 64 << 20, ROWS_MOST = 100000 };

struct importing {
    struct review *review;
    struct arena *arena;
    const char *path;
    const char *who;
    size_t places[LIST_COLUMNS]; /* of our columns in the file; SIZE_MAX: it has none */
    struct deciding *rows;
    struct review_verdict *verdicts;
    uint64_t *lines;
    size_t count;
    size_t empty;
};

/* ---- reading ---- */

static bool convert(struct importing *importing, struct slice *content, const char *encoding)
{
    iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter == (iconv_t)-1)
        return false;
    size_t capacity = content->length * 3 + 16;
    char *text = arena_allocate_bytes(importing->arena, capacity);
    char *input = arena_text(importing->arena, *content);
    size_t input_left = content->length;
    size_t output_left = capacity;
    char *output = text;
    bool done = iconv(converter, &input, &input_left, &output, &output_left) != (size_t)-1;
    iconv_close(converter);
    *content = slice_make(text, capacity - output_left);
    return done;
}

/* A spreadsheet saves in UTF-8, in UTF-16 as "Unicode text", or in the system's own, which is
 * GB18030 (or its elder forms) here. */
static bool decode(struct importing *importing, struct slice *content, struct error *error)
{
    bool is_wide = slice_starts_with(*content, SLICE("\xFF\xFE")) ||
                   slice_starts_with(*content, SLICE("\xFE\xFF"));
    bool done = is_wide ? convert(importing, content, "UTF-16") : true;
    if (done && !text_is_valid(*content, NULL))
        done = convert(importing, content, "GB18030");
    if (slice_starts_with(*content, SLICE("\xEF\xBB\xBF")))
        *content = slice_cut(*content, 3, content->length);
    if (done)
        return true;
    error_set(error, EXIT_FAILED, "could not read the text of the list");
    error_place(error, importing->path, 0, 0);
    return error_hint(error, "save it as CSV UTF-8");
}

static char find_delimiter(struct slice content)
{
    size_t length = 0;
    while (length < content.length && content.data[length] != '\n')
        length++;
    struct slice first = slice_cut(content, 0, length);
    return slice_find(first, SLICE(",")) >= 0   ? ','
           : slice_find(first, SLICE(";")) >= 0 ? ';'
                                                : '\t';
}

static bool read_heading(struct importing *importing, const struct csv_row *row,
                         struct error *error)
{
    for (size_t i = 0; i < LIST_COLUMNS; i++) {
        importing->places[i] = SIZE_MAX;
        for (size_t j = 0; j < row->field_count; j++)
            if (slice_equal(row->fields[j], slice_of(list_columns[i])))
                importing->places[i] = j;
    }
    if (importing->places[LIST_KEY] != SIZE_MAX && importing->places[LIST_VERDICT] != SIZE_MAX)
        return true;
    error_set(error, EXIT_FAILED, "the list has no columns \"case\" and \"verdict\"");
    error_place(error, importing->path, row->line, 0);
    return error_hint(error, "cust360 review export writes one to be filled in");
}

/* A cell's text; NULL when it is empty. */
static const char *cell(struct importing *importing, const struct csv_row *row, size_t column)
{
    size_t place = importing->places[column];
    if (place == SIZE_MAX || place >= row->field_count)
        return NULL;
    struct slice text = slice_trim(row->fields[place]);
    if (text.length > 1 && text.data[0] == '\'' && list_is_formula(slice_cut(text, 1, 2)))
        text = slice_cut(text, 1, text.length);
    return text.length ? arena_text(importing->arena, text) : NULL;
}

static bool at_line(struct importing *importing, uint64_t line, struct error *error)
{
    error_place(error, importing->path, line, 0);
    return false;
}

/* In a list whose columns have moved a person's value may stand there. */
static bool no_verdict(struct importing *importing, const char *word, struct error *error)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
    bool is_word = word[strspn(word, letters)] == '\0';
    struct slice shown = is_word ? slice_of(word) : text_mask(importing->arena, slice_of(word));
    error_set(error, EXIT_FAILED, "\"%.*s\" is no verdict for a list", SLICE_ARGUMENTS(shown));
    return error_hint(error, "same, not_same, unsure, take, never_ask, accept, refuse, keep");
}

static bool read_row(struct importing *importing, const struct csv_row *row, struct error *error)
{
    const char *word = cell(importing, row, LIST_VERDICT);
    if (!word) {
        importing->empty++;
        return true;
    }
    struct review_verdict *verdict = &importing->verdicts[importing->count];
    const char *who = cell(importing, row, LIST_WHO);
    *verdict = (struct review_verdict){
        .key = cell(importing, row, LIST_KEY),
        .seen = cell(importing, row, LIST_SEEN),
        .who = who ? who : importing->who,
        .word = review_word_find(slice_of(word)),
        .comment = cell(importing, row, LIST_COMMENT),
        .attribute = cell(importing, row, LIST_ATTRIBUTE),
        .value = cell(importing, row, LIST_VALUE),
        .until = cell(importing, row, LIST_UNTIL),
    };
    if (verdict->word == REVIEW_WORDS || verdict->word == REVIEW_SPLIT) {
        no_verdict(importing, word, error);
        return at_line(importing, row->line, error);
    }
    importing->rows[importing->count] = (struct deciding){
        .review = importing->review, .arena = importing->arena, .verdict = verdict};
    importing->lines[importing->count++] = row->line;
    return true;
}

static bool read_rows(struct importing *importing, struct csv_stream *stream, struct error *error)
{
    struct csv_row row;
    enum outcome outcome;
    bool has_heading = false;
    bool done = true;
    while (done && (outcome = csv_stream_next(stream, &row)) != ENDED) {
        if (outcome == REJECTED) {
            error_set(error, EXIT_FAILED, "%s", row.reject_reason);
            return at_line(importing, row.line, error);
        }
        if (importing->count == ROWS_MOST)
            return error_set(error, EXIT_FAILED, "a list has at most %d rows", ROWS_MOST);
        done =
            has_heading ? read_row(importing, &row, error) : read_heading(importing, &row, error);
        has_heading = true;
    }
    if (has_heading || !done)
        return done;
    error_set(error, EXIT_FAILED, "the list is empty");
    return at_line(importing, 0, error);
}

static bool read_list(struct importing *importing, struct error *error)
{
    struct slice content;
    if (!file_read(importing->arena, importing->path, LIST_BYTES_MAX, &content, error) ||
        !decode(importing, &content, error))
        return false;
    size_t lines = 1;
    for (size_t i = 0; i < content.length; i++)
        lines += content.data[i] == '\n' || content.data[i] == '\r';
    lines = lines < ROWS_MOST ? lines : ROWS_MOST;
    importing->rows = arena_allocate_array(importing->arena, lines + 1, sizeof(*importing->rows));
    importing->verdicts =
        arena_allocate_array(importing->arena, lines + 1, sizeof(*importing->verdicts));
    importing->lines = arena_allocate_array(importing->arena, lines + 1, sizeof(*importing->lines));
    const struct csv_options options = {.delimiter = find_delimiter(content), .quote = '"'};
    struct csv_stream *stream = csv_stream_create(&options);
    buffer_append(csv_stream_input(stream), content);
    csv_stream_finish(stream);
    bool done = read_rows(importing, stream, error);
    csv_stream_destroy(stream);
    return done;
}

/* ---- carrying out ---- */

static bool is_repeated(const struct importing *importing, size_t row)
{
    for (size_t i = 0; i < row; i++)
        if (importing->rows[i].stored.key == importing->rows[row].stored.key)
            return true;
    return false;
}

static bool check_rows(struct importing *importing, struct error *error)
{
    for (size_t i = 0; i < importing->count; i++) {
        if (!deciding_check(&importing->rows[i], error))
            return at_line(importing, importing->lines[i], error);
        if (is_repeated(importing, i)) {
            error_set(error, EXIT_FAILED, "the case stands in the list twice");
            return at_line(importing, importing->lines[i], error);
        }
    }
    return true;
}

/* A row before may have moved the records to another customer. */
static bool refresh(struct deciding *deciding, struct error *error)
{
    struct stored_case *stored = &deciding->stored;
    return golden_of_record(deciding->review, stored->record_a, &stored->golden_a, error) &&
           golden_of_record(deciding->review, stored->record_b, &stored->golden_b, error);
}

static bool carry_out(struct importing *importing, struct error *error)
{
    for (size_t i = 0; i < importing->count; i++)
        if (!refresh(&importing->rows[i], error) || !deciding_carry_out(&importing->rows[i], error))
            return at_line(importing, importing->lines[i], error);
    return true;
}

bool review_import(struct review *review, const char *path, const char *who, struct arena *arena,
                   struct review_import_result *result, struct error *error)
{
    const struct review_engine *engine = review->engine;
    struct importing importing = {.review = review, .arena = arena, .path = path, .who = who};
    struct error ignored;
    *result = (struct review_import_result){0};
    if (!read_list(&importing, error) || !review_settle(review, NULL, error) ||
        !engine->lock(engine->context, 1, error))
        return false;
    bool done = check_rows(&importing, error) && carry_out(&importing, error);
    if (!engine->unlock(engine->context, done, done ? error : &ignored) || !done)
        return false;
    *result = (struct review_import_result){importing.count, importing.empty};
    return true;
}
