#include "cust360/base/database_narrow.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"
#include "database_file.h"
#include "database_gap.h"
#include "database_page.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 *   table ──► root page ──► pages level by level ──► pieces of pages, each read by any processor
 *                                                        ──► rows with a value ──► condition
 *
 * A piece is read into memory that a processor keeps close by: that is quicker than to have the
 * file mapped. Who reads pages by himself must not be wrong about them: at whatever is not as the
 * format says, or not known here, the condition is "1". */

enum {
    PAGE_BYTES_LEAST = 512,
    USABLE_BYTES_LEAST = 480,
    PIECE_BYTES = 256 << 10,
    ROWS_MOST = 20000,
    COLUMNS_MOST = 16,
    LEVELS_MOST = 20,
    LENGTHS = 64
};

struct pages {
    uint32_t *numbers; /* 1-based */
    size_t count;
    size_t capacity;
};

struct narrowing {
    int file;
    size_t page_bytes;
    size_t usable_bytes;
    size_t page_count; /* of the file */
    uint32_t root;
    bool is_keyed; /* its rows have no numbers, but a key */
    struct pages pages;
    const struct database_wanted *wanted;
    size_t places[COLUMNS_MOST]; /* of the columns in a record, ascending */
    size_t place_count;
    uint64_t lengths;          /* bit n: a value has n bytes; the last bit: that many or more */
    uint64_t ends[65536 / 64]; /* a bit for the last two bytes of each value */
    struct buffer *pieces;     /* each piece's rows */
    unsigned char *reading;    /* PIECE_BYTES for each processor */
};

/* ---- the file and the table ---- */

static bool read_bytes(const struct narrowing *work, unsigned char *bytes, size_t count,
                       uint64_t offset)
{
    while (count) {
        ssize_t got = pread(work->file, bytes, count, (off_t)offset);
        if (got <= 0)
            return false;
        bytes += got;
        offset += (uint64_t)got;
        count -= (size_t)got;
    }
    return true;
}

static struct database_page page_in(const struct narrowing *work, uint32_t number,
                                    const unsigned char *bytes)
{
    return (struct database_page){bytes, work->page_bytes, work->usable_bytes,
                                  number == 1 ? FILE_HEADER_BYTES : 0};
}

/* Reads pages, those that stand side by side at once. */
static bool read_pages(const struct narrowing *work, const uint32_t *numbers, size_t count,
                       unsigned char *bytes)
{
    for (size_t i = 0; i < count;) {
        size_t run = 1;
        while (i + run < count && numbers[i + run] == numbers[i] + run)
            run++;
        if (numbers[i] == 0 || numbers[i] + run - 1 > work->page_count ||
            !read_bytes(work, bytes + i * work->page_bytes, run * work->page_bytes,
                        (uint64_t)(numbers[i] - 1) * work->page_bytes))
            return false;
        i += run;
    }
    return true;
}

static bool read_header(struct narrowing *work)
{
    enum { AT_PAGE_BYTES = 16, AT_WRITER = 18, AT_READER = 19, AT_RESERVED = 20, AT_TEXT = 59 };
    unsigned char header[FILE_HEADER_BYTES];
    struct stat status;
    if (fstat(work->file, &status) != 0 || !read_bytes(work, header, sizeof(header), 0) ||
        memcmp(header, "SQLite format 3", sizeof("SQLite format 3")) != 0)
        return false;
    work->page_bytes = (size_t)header[AT_PAGE_BYTES] << 8 | header[AT_PAGE_BYTES + 1];
    if (work->page_bytes == 1)
        work->page_bytes = PAGE_MOST_BYTES;
    if (work->page_bytes < PAGE_BYTES_LEAST)
        return false;
    work->page_count = (size_t)status.st_size / work->page_bytes;
    work->usable_bytes = work->page_bytes - header[AT_RESERVED];
    bool has_log = header[AT_WRITER] != 1 || header[AT_READER] != 1;
    bool is_utf8 = header[AT_TEXT] == 1;
    return !has_log && is_utf8 && work->usable_bytes >= USABLE_BYTES_LEAST;
}

static bool ask(struct database *database, const char *sql, const char *table, const char *column,
                int64_t *value, struct error *error)
{
    struct statement *rows = statement_prepare(database, sql, error);
    if (!rows)
        return false;
    statement_bind_text(rows, 1, slice_of(table));
    if (column)
        statement_bind_text(rows, 2, slice_of(column));
    enum outcome outcome = statement_step(rows, error);
    *value = outcome == ACCEPTED ? statement_integer(rows, 0) : -1;
    statement_destroy(rows);
    return outcome != FAILED;
}

static void put_place(struct narrowing *work, size_t place)
{
    size_t at = work->place_count++;
    for (; at > 0 && work->places[at - 1] > place; at--)
        work->places[at] = work->places[at - 1];
    work->places[at] = place;
}

/* Where the columns stand in a record. *known: all of them, with texts as they are. */
static bool find_places(struct narrowing *work, struct database *database, bool *known,
                        struct error *error)
{
    static const char by_number[] =
        "SELECT cid FROM pragma_table_xinfo(?1) WHERE name = ?2 AND upper(type) IN ('TEXT', '') AND"
        " dflt_value IS NULL AND NOT EXISTS (SELECT 1 FROM pragma_table_xinfo(?1) WHERE hidden)";
    static const char by_key[] =
        "SELECT x.seqno FROM pragma_index_list(?1) l, pragma_index_xinfo(l.name) x JOIN"
        " pragma_table_xinfo(?1) c ON c.cid = x.cid WHERE l.origin = 'pk' AND c.name = ?2 AND"
        " upper(c.type) IN ('TEXT', '') AND c.dflt_value IS NULL AND NOT EXISTS (SELECT 1 FROM"
        " pragma_table_xinfo(?1) WHERE hidden)";
    const char *sql = work->is_keyed ? by_key : by_number;
    *known = work->wanted->column_count <= COLUMNS_MOST;
    for (size_t i = 0; *known && i < work->wanted->column_count; i++) {
        int64_t place = 0;
        if (!ask(database, sql, work->wanted->table, work->wanted->columns[i], &place, error))
            return false;
        *known = place >= 0;
        if (*known)
            put_place(work, (size_t)place);
    }
    return true;
}

static bool find_root(struct narrowing *work, struct database *database, struct error *error)
{
    int64_t root = 0;
    bool done = ask(database,
                    "SELECT rootpage FROM main.sqlite_master WHERE type = 'table' AND name = ?1 AND"
                    " upper(sql) NOT LIKE '%COLLATE%'",
                    work->wanted->table, NULL, &root, error);
    work->root = root > 0 && root <= UINT32_MAX ? (uint32_t)root : 0;
    return done;
}

/* ---- the table's pages ---- */

static void put_page(struct pages *pages, uint32_t number)
{
    pages->numbers =
        memory_grow(pages->numbers, &pages->capacity, pages->count + 1, sizeof(*pages->numbers));
    pages->numbers[pages->count++] = number;
}

/* Appends the pages below those of a level. */
static bool put_level(struct narrowing *work, size_t from, size_t to)
{
    unsigned char bytes[PAGE_MOST_BYTES];
    for (size_t i = from; i < to; i++) {
        uint32_t number = work->pages.numbers[i];
        if (!read_pages(work, &number, 1, bytes))
            return false;
        struct database_page page = page_in(work, number, bytes);
        for (size_t cell = 0; cell <= page_cell_count(&page); cell++) {
            uint32_t child = page_child(&page, cell);
            if (child == 0 || work->pages.count > work->page_count)
                return false;
            put_page(&work->pages, child);
        }
    }
    return true;
}

static bool kind_of(const struct narrowing *work, uint32_t number, enum page_kind *kind)
{
    unsigned char bytes[PAGE_MOST_BYTES];
    if (!read_pages(work, &number, 1, bytes))
        return false;
    struct database_page page = page_in(work, number, bytes);
    *kind = page_kind(&page);
    return true;
}

/* All leaves stand at one level. The pages above hold rows only where these are keyed. */
static bool list_pages(struct narrowing *work)
{
    size_t from = 0;
    put_page(&work->pages, work->root);
    for (int level = 0; level < LEVELS_MOST; level++) {
        size_t to = work->pages.count;
        enum page_kind kind = PAGE_LEAF_TABLE;
        if (!kind_of(work, work->pages.numbers[from], &kind))
            return false;
        if (kind == PAGE_LEAF_TABLE) {
            memmove(work->pages.numbers, work->pages.numbers + from,
                    (to - from) * sizeof(*work->pages.numbers));
            work->pages.count = to - from;
            return true;
        }
        if (kind == PAGE_LEAF_INDEX)
            return true;
        if ((kind != PAGE_INTERIOR_TABLE && kind != PAGE_INTERIOR_INDEX) ||
            !put_level(work, from, to))
            return false;
        from = to;
    }
    return false;
}

/* ---- rows ---- */

static size_t end_of(struct slice text)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    return text.length < 2 ? 0 : (size_t)bytes[text.length - 2] << 8 | bytes[text.length - 1];
}

static bool is_wanted(const struct narrowing *work, const struct record_walk *value)
{
    size_t bit = value->value_bytes < LENGTHS - 1 ? value->value_bytes : LENGTHS - 1;
    if (!value->is_text || !(work->lengths >> bit & 1))
        return false;
    struct slice text = record_text(value);
    if (!text.data)
        return true; /* in an overflow page: the query looks */
    size_t end = end_of(text);
    if (!(work->ends[end / 64] >> end % 64 & 1))
        return false;
    for (size_t i = 0; i < work->wanted->value_count; i++)
        if (slice_equal(text, work->wanted->values[i]))
            return true;
    return false;
}

/* ACCEPTED: one of the columns has one of the values. FAILED: not to be read. */
static enum outcome look_at(const struct narrowing *work, const struct page_row *row)
{
    struct record_walk walk;
    if (!record_begin(&walk, row))
        return FAILED;
    size_t place = 0; /* of the next value */
    for (size_t i = 0; i < work->place_count; i++) {
        enum record_step step = record_next(&walk, work->places[i] - place);
        if (step != RECORD_VALUE)
            return step == RECORD_END ? REJECTED : FAILED;
        if (is_wanted(work, &walk))
            return ACCEPTED;
        place = work->places[i] + 1;
    }
    return REJECTED;
}

/* The first column of the key; false when that is no text. */
static bool put_key(const struct page_row *row, struct buffer *rows)
{
    struct record_walk walk;
    if (!record_begin(&walk, row) || record_next(&walk, 0) != RECORD_VALUE || !walk.is_text)
        return false;
    struct slice text = record_text(&walk);
    if (!text.data)
        return false;
    buffer_append_text(rows, rows->length ? ",'" : "'");
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '\'')
            buffer_append_byte(rows, '\'');
        buffer_append_byte(rows, text.data[i]);
    }
    buffer_append_byte(rows, '\'');
    return true;
}

static bool read_page(const struct narrowing *work, const struct database_page *page,
                      struct buffer *rows)
{
    struct page_row row;
    enum page_kind kind = page_kind(page);
    if (work->is_keyed ? kind != PAGE_LEAF_INDEX && kind != PAGE_INTERIOR_INDEX
                       : kind != PAGE_LEAF_TABLE)
        return false;
    for (size_t cell = 0; cell < page_cell_count(page); cell++) {
        if (!page_row(page, cell, &row))
            return false;
        enum outcome outcome = look_at(work, &row);
        if (outcome == FAILED)
            return false;
        if (outcome == ACCEPTED && !work->is_keyed)
            buffer_format(rows, "%s%" PRId64, rows->length ? "," : "", row.number);
        else if (outcome == ACCEPTED && !put_key(&row, rows))
            return false;
    }
    return true;
}

static const struct slice unsure = {"?", 1};

static void read_piece(void *context, size_t piece, unsigned thread)
{
    struct narrowing *work = context;
    struct buffer *rows = &work->pieces[piece];
    unsigned char *bytes = work->reading + (size_t)thread * PIECE_BYTES;
    size_t pages = PIECE_BYTES / work->page_bytes;
    const uint32_t *numbers = work->pages.numbers + piece * pages;
    size_t left = work->pages.count - piece * pages;
    size_t count = left < pages ? left : pages;
    bool known = read_pages(work, numbers, count, bytes);
    for (size_t i = 0; known && i < count; i++) {
        struct database_page page = page_in(work, numbers[i], bytes + i * work->page_bytes);
        known = read_page(work, &page, rows);
    }
    if (!known) {
        buffer_clear(rows);
        buffer_append(rows, unsure);
    }
}

/* ---- the condition ---- */

static bool join_pieces(const struct narrowing *work, size_t pieces, struct buffer *rows)
{
    enum { ROW_BYTES = 20 };
    for (size_t i = 0; i < pieces; i++) {
        struct slice piece = buffer_slice(&work->pieces[i]);
        if (slice_equal(piece, unsure) || rows->length > (size_t)ROWS_MOST * ROW_BYTES)
            return false;
        if (piece.length && rows->length)
            buffer_append_byte(rows, ',');
        buffer_append(rows, piece);
    }
    return true;
}

static void prepare_values(struct narrowing *work)
{
    for (size_t i = 0; i < work->wanted->value_count; i++) {
        size_t length = work->wanted->values[i].length;
        size_t end = end_of(work->wanted->values[i]);
        work->lengths |= UINT64_C(1) << (length < LENGTHS - 1 ? length : LENGTHS - 1);
        work->ends[end / 64] |= UINT64_C(1) << end % 64;
    }
}

static bool read_rows(struct narrowing *work, struct buffer *rows)
{
    if (work->place_count == 0 || work->wanted->value_count == 0)
        return true;
    if (!list_pages(work))
        return false;
    size_t pages = PIECE_BYTES / work->page_bytes;
    size_t pieces = (work->pages.count + pages - 1) / pages;
    unsigned threads = pool_processors();
    prepare_values(work);
    work->pieces = memory_allocate_array(pieces, sizeof(*work->pieces));
    work->reading = memory_allocate((size_t)threads * PIECE_BYTES);
    pool_run(threads, pieces, read_piece, work);
    bool known = join_pieces(work, pieces, rows);
    for (size_t i = 0; i < pieces; i++)
        buffer_release(&work->pieces[i]);
    memory_free(work->pieces);
    memory_free(work->reading);
    return known;
}

/* The column that the keys are of. */
static bool append_key_column(struct database *database, const char *table,
                              struct buffer *condition, struct error *error)
{
    struct statement *rows =
        statement_prepare(database, "SELECT name FROM pragma_table_info(?1) WHERE pk = 1", error);
    if (!rows)
        return false;
    statement_bind_text(rows, 1, slice_of(table));
    bool found = statement_step(rows, error) == ACCEPTED;
    if (found)
        buffer_format(condition, "\"%.*s\"", SLICE_ARGUMENTS(statement_text(rows, 0)));
    statement_destroy(rows);
    return found;
}

static bool write_condition(const struct narrowing *work, struct database *database,
                            const struct buffer *rows, struct buffer *condition,
                            struct error *error)
{
    if (rows->length == 0) {
        buffer_append_byte(condition, '0');
        return true;
    }
    if (!work->is_keyed)
        buffer_append_text(condition, "rowid");
    else if (!append_key_column(database, work->wanted->table, condition, error))
        return false;
    buffer_format(condition, " IN (%.*s)", SLICE_ARGUMENTS(buffer_slice(rows)));
    return true;
}

/* Whether the file is one whose pages tell, and what kind of table it is. */
static bool is_readable(struct narrowing *work, struct database *database)
{
    work->file = open(database_path(database), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    return work->file >= 0 && read_header(work);
}

static bool is_table(struct narrowing *work)
{
    enum page_kind kind = PAGE_LEAF_TABLE;
    bool known = work->root != 0 && kind_of(work, work->root, &kind);
    work->is_keyed = kind == PAGE_LEAF_INDEX || kind == PAGE_INTERIOR_INDEX;
    return known;
}

bool database_narrow(struct database *database, const struct database_wanted *wanted,
                     struct buffer *condition, struct error *error)
{
    struct narrowing *work = memory_allocate_array(1, sizeof(*work));
    struct buffer rows = BUFFER_EMPTY;
    work->wanted = wanted;
    bool known = is_readable(work, database);
    bool done = !known || find_root(work, database, error);
    known = done && known && is_table(work);
    done = done && (!known || find_places(work, database, &known, error));
    known = done && known && read_rows(work, &rows);
    if (known)
        done = write_condition(work, database, &rows, condition, error);
    else if (done)
        buffer_append_byte(condition, '1');
    buffer_release(&rows);
    memory_free(work->pages.numbers);
    if (work->file >= 0)
        close(work->file);
    memory_free(work);
    return done;
}
