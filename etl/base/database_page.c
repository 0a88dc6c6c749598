#include "database_page.h"

static size_t read_two(const unsigned char *bytes)
{
    return (size_t)bytes[0] << 8 | bytes[1];
}

static uint32_t read_four(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* SQLite's numbers of 1 to 9 bytes. Returns how many they were; 0: they do not end. */
static size_t read_number(const unsigned char *bytes, size_t most, uint64_t *number)
{
    enum { LAST = 8, LOW_BITS = 0x7f, MORE = 0x80 };
    *number = 0;
    for (size_t i = 0; i < most; i++) {
        if (i == LAST) {
            *number = *number << 8 | bytes[i];
            return i + 1;
        }
        *number = *number << 7 | (bytes[i] & LOW_BITS);
        if (!(bytes[i] & MORE))
            return i + 1;
    }
    return 0;
}

static const unsigned char *slice_bytes(struct slice slice)
{
    const void *data = slice.data;
    return data;
}

/* ---- pages ---- */

static bool is_interior(const struct database_page *page)
{
    return page_kind(page) == PAGE_INTERIOR_INDEX || page_kind(page) == PAGE_INTERIOR_TABLE;
}

size_t page_cell_count(const struct database_page *page)
{
    return read_two(page->bytes + page->header + 3);
}

/* 0: not within the page. */
static size_t cell_at(const struct database_page *page, size_t cell)
{
    size_t pointer = page->header + (is_interior(page) ? 12 : 8) + 2 * cell;
    if (pointer + 2 > page->usable_bytes)
        return 0;
    size_t at = read_two(page->bytes + pointer);
    return at > pointer && at + 4 <= page->usable_bytes ? at : 0;
}

uint32_t page_child(const struct database_page *page, size_t cell)
{
    if (!is_interior(page))
        return 0;
    if (cell == page_cell_count(page))
        return read_four(page->bytes + page->header + 8);
    size_t at = cell_at(page, cell);
    return at ? read_four(page->bytes + at) : 0;
}

/* How much of a record stands in the page: the rest is in overflow pages. */
static size_t local_bytes(const struct database_page *page, uint64_t record_bytes)
{
    size_t usable = page->usable_bytes;
    size_t most = page_kind(page) == PAGE_LEAF_TABLE ? usable - 35 : (usable - 12) * 64 / 255 - 23;
    size_t least = (usable - 12) * 32 / 255 - 23;
    if (record_bytes <= most)
        return (size_t)record_bytes;
    size_t local = least + (size_t)((record_bytes - least) % (usable - 4));
    return local <= most ? local : least;
}

bool page_row(const struct database_page *page, size_t cell, struct page_row *row)
{
    size_t at = cell_at(page, cell);
    uint64_t bytes = 0;
    uint64_t number = 0;
    if (!at || page_kind(page) == PAGE_INTERIOR_TABLE)
        return false;
    at += page_kind(page) == PAGE_INTERIOR_INDEX ? 4 : 0;
    size_t length = read_number(page->bytes + at, page->usable_bytes - at, &bytes);
    at += length;
    if (length && page_kind(page) == PAGE_LEAF_TABLE) {
        length = read_number(page->bytes + at, page->usable_bytes - at, &number);
        at += length;
    }
    if (!length || bytes > INT32_MAX)
        return false;
    size_t local = local_bytes(page, bytes);
    if (at + local > page->usable_bytes)
        return false;
    *row = (struct page_row){(int64_t)number, slice_make((const char *)page->bytes + at, local),
                             (size_t)bytes};
    return true;
}

/* ---- records ---- */

bool record_begin(struct record_walk *walk, const struct page_row *row)
{
    uint64_t header = 0;
    size_t length = read_number(slice_bytes(row->record), row->record.length, &header);
    if (!length || header < length || header > row->record.length)
        return false;
    *walk = (struct record_walk){
        .row = row, .type_at = length, .types_end = (size_t)header, .value_at = (size_t)header};
    return true;
}

/* Bytes of a value of each type that is written in one byte (fileformat2, 2.1). */
#define OF_TEXT(n) n, n
static const unsigned char short_bytes[] = {
    0,           1,           2,           3,           4,           6,           8,
    8,           0,           0,           0,           0,           OF_TEXT(0),  OF_TEXT(1),
    OF_TEXT(2),  OF_TEXT(3),  OF_TEXT(4),  OF_TEXT(5),  OF_TEXT(6),  OF_TEXT(7),  OF_TEXT(8),
    OF_TEXT(9),  OF_TEXT(10), OF_TEXT(11), OF_TEXT(12), OF_TEXT(13), OF_TEXT(14), OF_TEXT(15),
    OF_TEXT(16), OF_TEXT(17), OF_TEXT(18), OF_TEXT(19), OF_TEXT(20), OF_TEXT(21), OF_TEXT(22),
    OF_TEXT(23), OF_TEXT(24), OF_TEXT(25), OF_TEXT(26), OF_TEXT(27), OF_TEXT(28), OF_TEXT(29),
    OF_TEXT(30), OF_TEXT(31), OF_TEXT(32), OF_TEXT(33), OF_TEXT(34), OF_TEXT(35), OF_TEXT(36),
    OF_TEXT(37), OF_TEXT(38), OF_TEXT(39), OF_TEXT(40), OF_TEXT(41), OF_TEXT(42), OF_TEXT(43),
    OF_TEXT(44), OF_TEXT(45), OF_TEXT(46), OF_TEXT(47), OF_TEXT(48), OF_TEXT(49), OF_TEXT(50),
    OF_TEXT(51), OF_TEXT(52), OF_TEXT(53), OF_TEXT(54), OF_TEXT(55), OF_TEXT(56), OF_TEXT(57),
};
enum { FIRST_TEXT = 12, LONG_TYPE = 0x80 };
_Static_assert(sizeof(short_bytes) == LONG_TYPE, "one for each");

/* Reads the type of a value that may be written in several bytes, of which the first says so. */
static size_t read_type(const unsigned char *types, size_t most, size_t record_bytes,
                        uint64_t *type)
{
    size_t length = read_number(types, most, type);
    return *type / 2 > record_bytes || *type < FIRST_TEXT ? 0 : length;
}

enum record_step record_next(struct record_walk *walk, size_t passed)
{
    const unsigned char *types = slice_bytes(walk->row->record);
    size_t at = walk->type_at;
    size_t end = walk->types_end;
    size_t value_at = walk->value_at;
    size_t bytes = walk->value_bytes;
    uint64_t type = 0;
    for (size_t i = 0; i <= passed; i++) {
        if (at >= end)
            return RECORD_END;
        value_at += bytes;
        type = types[at];
        if (type < LONG_TYPE) {
            at++;
            bytes = short_bytes[type];
            continue;
        }
        size_t length = read_type(types + at, end - at, walk->row->record_bytes, &type);
        if (!length)
            return RECORD_DAMAGED;
        at += length;
        bytes = (size_t)(type - FIRST_TEXT) / 2;
    }
    walk->type_at = at;
    walk->value_at = value_at;
    walk->value_bytes = bytes;
    walk->is_text = type > FIRST_TEXT && type % 2 == 1;
    return value_at + bytes > walk->row->record_bytes ? RECORD_DAMAGED : RECORD_VALUE;
}

struct slice record_text(const struct record_walk *walk)
{
    if (walk->value_at + walk->value_bytes > walk->row->record.length)
        return slice_make(NULL, 0);
    return slice_cut(walk->row->record, walk->value_at, walk->value_at + walk->value_bytes);
}
