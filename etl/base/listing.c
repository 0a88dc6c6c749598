#include "cust360/base/listing.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"

#include <stdio.h>

enum { COLUMN_GAP = 2 };

struct listing {
    const struct listing_column *columns;
    size_t column_count;
    struct buffer bytes; /* of all cells */
    size_t *ends;        /* of each cell in bytes, row by row */
    size_t cell_count;
    size_t cell_capacity;
    bool hides_empty;
};

struct listing *listing_create(const struct listing_column *columns, size_t column_count)
{
    struct listing *listing = memory_allocate_array(1, sizeof(*listing));
    listing->columns = columns;
    listing->column_count = column_count;
    return listing;
}

void listing_destroy(struct listing *listing)
{
    if (!listing)
        return;
    buffer_release(&listing->bytes);
    memory_free(listing->ends);
    memory_free(listing);
}

static void end_cell(struct listing *listing)
{
    listing->ends = memory_grow(listing->ends, &listing->cell_capacity, listing->cell_count + 1,
                                sizeof(*listing->ends));
    listing->ends[listing->cell_count++] = listing->bytes.length;
}

static void fill_row(struct listing *listing)
{
    while (listing->cell_count % listing->column_count)
        end_cell(listing);
}

void listing_row(struct listing *listing)
{
    fill_row(listing);
}

void listing_hide_empty(struct listing *listing)
{
    listing->hides_empty = true;
}

size_t listing_rows(const struct listing *listing)
{
    return (listing->cell_count + listing->column_count - 1) / listing->column_count;
}

void listing_text(struct listing *listing, struct slice text)
{
    size_t start = listing->bytes.length;
    size_t width_most = listing->columns[listing->cell_count % listing->column_count].width_most;
    text_append_cut(&listing->bytes, text, width_most ? width_most : SIZE_MAX);
    for (size_t i = start; i < listing->bytes.length; i++)
        if ((unsigned char)listing->bytes.data[i] < ' ')
            listing->bytes.data[i] = ' ';
    end_cell(listing);
}

void listing_number(struct listing *listing, uint64_t number)
{
    number_append(&listing->bytes, number);
    end_cell(listing);
}

static struct slice cell_at(const struct listing *listing, size_t index)
{
    if (index >= listing->cell_count)
        return SLICE("");
    size_t start = index > 0 ? listing->ends[index - 1] : 0;
    return slice_make(listing->bytes.data + start, listing->ends[index] - start);
}

/* A width of 0: the column is not shown. */
static void measure(const struct listing *listing, size_t *widths)
{
    if (listing->column_count == 0)
        return;
    for (size_t i = 0; i < listing->cell_count; i++) {
        size_t width = text_width(cell_at(listing, i));
        if (width > widths[i % listing->column_count])
            widths[i % listing->column_count] = width;
    }
    for (size_t c = 0; c < listing->column_count; c++) {
        size_t width = text_width(slice_of(listing->columns[c].heading));
        if (width > widths[c] && (widths[c] > 0 || !listing->hides_empty))
            widths[c] = width;
    }
}

static void append_spaces(struct buffer *text, size_t count)
{
    while (count--)
        buffer_append_byte(text, ' ');
}

static void append_cell(struct buffer *text, struct slice cell, size_t width,
                        enum listing_alignment alignment)
{
    size_t padding = width - text_width(cell);
    if (alignment == LISTING_RIGHT)
        append_spaces(text, padding);
    buffer_append(text, cell);
    if (alignment == LISTING_LEFT)
        append_spaces(text, padding);
}

static void end_line(struct buffer *text)
{
    while (text->length > 0 && text->data[text->length - 1] == ' ')
        text->length--;
    buffer_append_byte(text, '\n');
}

static bool has_heading(const struct listing *listing)
{
    for (size_t c = 0; c < listing->column_count; c++)
        if (listing->columns[c].heading[0])
            return true;
    return false;
}

static struct slice cell_of_line(const struct listing *listing, size_t line, size_t column)
{
    if (line == 0)
        return slice_of(listing->columns[column].heading);
    return cell_at(listing, (line - 1) * listing->column_count + column);
}

void listing_write(const struct listing *listing, size_t indent, struct buffer *text)
{
    size_t *widths = memory_allocate_array(listing->column_count, sizeof(*widths));
    measure(listing, widths);
    size_t rows = listing_rows(listing);
    for (size_t line = has_heading(listing) ? 0 : 1; line <= rows; line++) {
        append_spaces(text, indent);
        for (size_t c = 0; c < listing->column_count; c++) {
            if (widths[c] == 0)
                continue;
            append_cell(text, cell_of_line(listing, line, c), widths[c],
                        listing->columns[c].alignment);
            append_spaces(text, COLUMN_GAP);
        }
        end_line(text);
    }
    memory_free(widths);
}

void number_append(struct buffer *text, uint64_t number)
{
    char digits[24];
    size_t count = (size_t)snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            buffer_append_byte(text, ',');
        buffer_append_byte(text, digits[i]);
    }
}

void text_append_cut(struct buffer *text, struct slice value, size_t width_most)
{
    if (text_width(value) <= width_most) {
        buffer_append(text, value);
        return;
    }
    size_t width = 0;
    size_t position = 0;
    for (size_t next = 0; position < value.length; position = next) {
        text_next(value, &next);
        width += text_width(slice_cut(value, position, next));
        if (width + 1 > width_most)
            break;
    }
    buffer_append(text, slice_cut(value, 0, position));
    buffer_append_text(text, "…");
}
