#include "standardize/vehicle/plate.h"

#include "cust360/base/text.h"

#include <string.h>

/* Traditional characters of provinces and of the last place. */
static uint32_t simplify(uint32_t sign)
{
    static const uint32_t pairs[][2] = {
        {U'滬', U'沪'}, {U'遼', U'辽'}, {U'雲', U'云'}, {U'魯', U'鲁'}, {U'蘇', U'苏'},
        {U'贛', U'赣'}, {U'晉', U'晋'}, {U'陝', U'陕'}, {U'閩', U'闽'}, {U'貴', U'贵'},
        {U'粵', U'粤'}, {U'寧', U'宁'}, {U'甯', U'宁'}, {U'瓊', U'琼'}, {U'掛', U'挂'},
        {U'學', U'学'}, {U'領', U'领'}, {U'應', U'应'}, {U'試', U'试'}, {U'臨', U'临'},
        {U'軍', U'军'}, {U'蘭', U'兰'}, {U'濟', U'济'}, {U'廣', U'广'},
    };
    for (size_t i = 0; sign >= 0x80 && i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (pairs[i][0] == sign)
            return pairs[i][1];
    }
    return sign;
}

/* Hyphens, dots and the points that are set behind the second character. */
static bool is_separator(uint32_t sign)
{
    if (sign < 0x80)
        return (sign < '0' || sign == '_') && strchr(" -._*'", (int)sign);
    return sign == U'·' || sign == U'•' || sign == U'‧' || sign == U'・' || sign == U'●' ||
           sign == U'–' || sign == U'—';
}

void plate_read(struct slice value, struct plate *plate)
{
    memset(plate, 0, sizeof(*plate));
    for (size_t position = 0; position < value.length;) {
        uint32_t sign = text_next(value, &position);
        if (is_separator(sign)) {
            plate->parted |= UINT32_C(1) << plate->count;
            continue;
        }
        if (plate->count == PLATE_SIGNS_MAX) {
            plate->overlong = true;
            return;
        }
        if (sign >= 'a' && sign <= 'z')
            sign = sign - 'a' + 'A';
        plate->signs[plate->count++] = simplify(sign);
    }
}

void plate_write(struct plate *plate)
{
    size_t used = 0;
    for (size_t i = 0; i < plate->count; i++) {
        plate->starts[i] = used;
        used += text_encode(plate->signs[i], plate->text + used);
    }
    plate->starts[plate->count] = used;
}

struct slice plate_part(const struct plate *plate, size_t from, size_t to)
{
    return slice_make(plate->text + plate->starts[from], plate->starts[to] - plate->starts[from]);
}

bool plate_is_letter(uint32_t sign)
{
    return sign >= 'A' && sign <= 'Z';
}

bool plate_is_alphanumeric(uint32_t sign)
{
    return text_is_digit(sign) || plate_is_letter(sign);
}

bool plate_all(const struct plate *plate, size_t from, size_t to, bool (*is)(uint32_t sign))
{
    while (from < to && is(plate->signs[from]))
        from++;
    return from >= to;
}

bool plate_all_digits(const struct plate *plate, size_t from, size_t to)
{
    return plate_all(plate, from, to, text_is_digit);
}

bool plate_read_serial(struct plate *plate, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        uint32_t *sign = &plate->signs[i];
        if (!plate_is_alphanumeric(*sign))
            return false;
        if (*sign == 'O' || *sign == 'I') {
            *sign = *sign == 'O' ? '0' : '1';
            plate->repaired = true;
        }
    }
    return true;
}

size_t plate_count_letters(const struct plate *plate, size_t from, size_t to)
{
    size_t count = 0;
    for (; from < to; from++)
        count += plate_is_letter(plate->signs[from]);
    return count;
}
