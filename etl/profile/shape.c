#include "profile/shape.h"
#include "cust360/base/text.h"

enum {
    CLASS_DIGIT = '9',
    CLASS_UPPER = 'A',
    CLASS_LOWER = 'a',
    CLASS_HAN = 0x6C49,  /* 汉 */
    CLASS_OTHER = 0xFF5E /* ～ */
};

static uint32_t class_of(uint32_t point)
{
    if (point >= '0' && point <= '9')
        return CLASS_DIGIT;
    if (point >= 'A' && point <= 'Z')
        return CLASS_UPPER;
    if (point >= 'a' && point <= 'z')
        return CLASS_LOWER;
    if (point < 0x80)
        return point;
    return text_is_han(point) ? CLASS_HAN : CLASS_OTHER;
}

static void append_run(struct shape *shape, uint32_t class, size_t run)
{
    enum { RUN_BYTES = 4 + 8, ELLIPSIS_BYTES = 3 };
    if (run == 0 || shape->length + RUN_BYTES + ELLIPSIS_BYTES > SHAPE_BYTES) {
        if (run && !slice_ends_with(slice_make(shape->text, shape->length), SLICE("…"))) {
            memcpy(shape->text + shape->length, "…", ELLIPSIS_BYTES);
            shape->length += ELLIPSIS_BYTES;
        }
        return;
    }
    shape->length += text_encode(class, shape->text + shape->length);
    if (run == 1)
        return;
    char digits[8];
    size_t count = 0;
    for (size_t rest = run < 99999 ? run : 99999; rest; rest /= 10)
        digits[count++] = (char)('0' + rest % 10);
    shape->text[shape->length++] = '{';
    while (count)
        shape->text[shape->length++] = digits[--count];
    shape->text[shape->length++] = '}';
}

void shape_of(struct slice value, struct shape *shape)
{
    uint32_t class = 0;
    size_t run = 0;
    shape->length = 0;
    shape->characters = 0;
    for (size_t position = 0; position < value.length;) {
        uint32_t next = class_of(text_next(value, &position));
        shape->characters++;
        if (next == class) {
            run++;
            continue;
        }
        append_run(shape, class, run);
        class = next;
        run = 1;
    }
    append_run(shape, class, run);
}
