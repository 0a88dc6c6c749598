#include "profile/lines_grid.h"
#include "cust360/base/text.h"

size_t lines_width(const char *encoding, bool bytes, uint32_t code_point, size_t utf8_bytes)
{
    enum { BEYOND_TWO_BYTES = 0x10000 };
    if (!bytes || code_point < 0x80)
        return 1;
    if (strncmp(encoding, "utf-8", strlen("utf-8")) == 0)
        return utf8_bytes;
    if (strncmp(encoding, "windows-", strlen("windows-")) == 0 ||
        strncmp(encoding, "iso-", strlen("iso-")) == 0)
        return 1;
    return code_point >= BEYOND_TWO_BYTES ? 4 : 2;
}

static enum lines_class class_of(uint32_t code_point)
{
    enum { IDEOGRAPHIC_SPACE = 0x3000 };
    uint32_t small = code_point | 0x20;
    if (code_point == ' ' || code_point == '\t' || code_point == IDEOGRAPHIC_SPACE)
        return CLASS_BLANK;
    if (code_point >= '0' && code_point <= '9')
        return CLASS_DIGIT;
    if (small >= 'a' && small <= 'z')
        return CLASS_LETTER;
    return code_point >= 0x80 ? CLASS_WIDE : CLASS_OTHER;
}

/* Returns how many places the line has; fills them in when there is room for them. */
static size_t lay_out(const struct lines_grid *grid, size_t line, const char *encoding, bool bytes)
{
    struct slice text = grid->lines[line];
    size_t place = 0;
    for (size_t position = 0; position < text.length;) {
        size_t from = position;
        uint32_t code_point = text_next(text, &position);
        size_t width = lines_width(encoding, bytes, code_point, position - from);
        for (size_t i = 0; i < width && grid->classes; i++) {
            grid->classes[line * grid->width + place + i] = (unsigned char)class_of(code_point);
            grid->offsets[line * (grid->width + 1) + place + i] = (unsigned)from;
        }
        place += width;
    }
    for (size_t i = place; grid->classes && i <= grid->width; i++)
        grid->offsets[line * (grid->width + 1) + i] = (unsigned)text.length;
    return place;
}

void lines_grid_fill(struct lines_grid *grid, struct arena *arena, const char *encoding, bool bytes)
{
    grid->width = 0;
    grid->classes = NULL;
    for (size_t i = 0; i < grid->line_count; i++) {
        size_t width = lay_out(grid, i, encoding, bytes);
        if (width > grid->width)
            grid->width = width;
    }
    grid->offsets =
        arena_allocate_array(arena, grid->line_count * (grid->width + 1), sizeof(*grid->offsets));
    grid->shares = arena_allocate_array(arena, grid->width + 1, sizeof(*grid->shares));
    grid->classes = arena_allocate_array(arena, grid->line_count * grid->width + 1, 1);
    for (size_t i = 0; i < grid->line_count; i++) {
        lay_out(grid, i, encoding, bytes);
        for (size_t place = 0; place < grid->width; place++)
            grid->shares[place][grid->classes[i * grid->width + place]]++;
    }
}

struct slice lines_grid_value(const struct lines_grid *grid, size_t line, size_t first, size_t last)
{
    const unsigned *offsets = grid->offsets + line * (grid->width + 1);
    if (first > grid->width)
        return SLICE("");
    if (last > grid->width)
        last = grid->width;
    return slice_trim(slice_cut(grid->lines[line], offsets[first - 1], offsets[last]));
}

double lines_grid_filled(const struct lines_grid *grid, size_t place)
{
    if (place == 0 || place > grid->width)
        return 0;
    return 1 - (double)grid->shares[place - 1][CLASS_BLANK] / (double)grid->line_count;
}
