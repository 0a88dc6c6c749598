#include "contrast.h"
#include "cust360/base/text.h"

#include <string.h>

/* Marks are made here and not on the page, so that masked values show where they differ too. */

enum { COMPARED_MOST = 160 };

static size_t code_points(struct slice text, uint32_t *points)
{
    size_t count = 0;
    for (size_t position = 0; position < text.length; count++)
        points[count] = text_next(text, &position);
    return count;
}

static void mark_ends(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count,
                      char *marks)
{
    size_t head = 0;
    size_t tail = 0;
    while (head < a_count && head < b_count && a[head] == b[head])
        marks[head++] = '0';
    while (tail < a_count - head && tail < b_count - head &&
           a[a_count - 1 - tail] == b[b_count - 1 - tail])
        marks[a_count - 1 - tail++] = '0';
}

/* lengths[i][j]: of the longest text that a from i and b from j have in common. */
static void mark_common(struct arena *arena, const uint32_t *a, size_t a_count, const uint32_t *b,
                        size_t b_count, char *marks)
{
    size_t width = b_count + 1;
    uint8_t *lengths = arena_allocate_array(arena, (a_count + 1) * width, sizeof(*lengths));
    memset(lengths, 0, (a_count + 1) * width);
    for (size_t i = a_count; i-- > 0;)
        for (size_t j = b_count; j-- > 0;) {
            uint8_t down = lengths[(i + 1) * width + j];
            uint8_t right = lengths[i * width + j + 1];
            lengths[i * width + j] = a[i] == b[j] ? (uint8_t)(lengths[(i + 1) * width + j + 1] + 1)
                                     : down > right ? down
                                                    : right;
        }
    for (size_t i = 0, j = 0; i < a_count && j < b_count;) {
        if (a[i] == b[j]) {
            marks[i++] = '0';
            j++;
        } else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) {
            i++;
        } else {
            j++;
        }
    }
}

const char *contrast_marks(struct arena *arena, struct slice value, struct slice other)
{
    uint32_t *a = arena_allocate_array(arena, value.length + 1, sizeof(*a));
    uint32_t *b = arena_allocate_array(arena, other.length + 1, sizeof(*b));
    size_t a_count = code_points(value, a);
    size_t b_count = code_points(other, b);
    char *marks = arena_allocate_bytes(arena, a_count + 1);
    memset(marks, '1', a_count);
    marks[a_count] = '\0';
    if (a_count > COMPARED_MOST || b_count > COMPARED_MOST)
        mark_ends(a, a_count, b, b_count, marks);
    else
        mark_common(arena, a, a_count, b, b_count, marks);
    return marks;
}

/* ---- of a case ---- */

/* What a value is compared with: the surviving one, else the first; that one with the first that
 * differs from it. */
static const char *reference_of(const struct review_field *row, size_t count, size_t cell)
{
    const char *first = NULL;
    for (size_t i = 0; i < count; i++)
        if (*row->cells[i].value && (!first || row->cells[i].wins)) {
            first = row->cells[i].value;
            if (row->cells[i].wins)
                break;
        }
    if (!first || strcmp(row->cells[cell].value, first) != 0)
        return first;
    for (size_t i = 0; i < count; i++)
        if (*row->cells[i].value && strcmp(row->cells[i].value, first) != 0)
            return row->cells[i].value;
    return NULL;
}

static enum review_difference compare_cells(const struct review_field *row, size_t count)
{
    const char *first = NULL;
    enum review_difference difference = REVIEW_MISSING;
    for (size_t i = 0; i < count; i++) {
        const char *value = row->cells[i].value;
        if (!*value)
            continue;
        if (!first) {
            first = value;
            difference = REVIEW_EQUAL;
        } else if (strcmp(first, value) != 0) {
            difference = REVIEW_DIFFERS;
        }
    }
    bool excludes = strcmp(row->kind, "identity") == 0 || strcmp(row->kind, "birth_date") == 0;
    return difference == REVIEW_DIFFERS && excludes ? REVIEW_CONTRARY : difference;
}

static int order_of(const struct review_field *row)
{
    static const int order[] = {
        [REVIEW_CONTRARY] = 0, [REVIEW_DIFFERS] = 1, [REVIEW_EQUAL] = 2, [REVIEW_MISSING] = 3};
    return order[row->difference];
}

/* Stable: within a kind of difference fields stay in the model's order. */
static void sort_fields(struct review_case *found)
{
    for (size_t i = 1; i < found->field_count; i++) {
        struct review_field row = found->fields[i];
        size_t at = i;
        for (; at > 0 && order_of(&found->fields[at - 1]) > order_of(&row); at--)
            found->fields[at] = found->fields[at - 1];
        found->fields[at] = row;
    }
}

void contrast_find(struct arena *arena, struct review_case *found)
{
    for (size_t i = 0; i < found->field_count; i++) {
        struct review_field *row = &found->fields[i];
        row->difference = compare_cells(row, found->record_count);
        for (size_t j = 0; j < found->record_count; j++) {
            struct review_cell *cell = &row->cells[j];
            bool differs = row->difference == REVIEW_DIFFERS || row->difference == REVIEW_CONTRARY;
            const char *other =
                differs && *cell->value ? reference_of(row, found->record_count, j) : NULL;
            cell->differs =
                other ? contrast_marks(arena, slice_of(cell->value), slice_of(other)) : "";
        }
    }
    sort_fields(found);
}
