#include "match/derive.h"
#include "cust360/base/text.h"

static struct slice derive_letters(struct slice text, struct buffer *buffer)
{
    buffer_clear(buffer);
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        bool upper = byte >= 'A' && byte <= 'Z';
        if (byte >= 0x80 || upper || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9'))
            buffer_append_byte(buffer, (char)(upper ? byte + ('a' - 'A') : byte));
    }
    return buffer_slice(buffer);
}

struct slice derive_text(const struct attribute *attribute, struct slice text,
                         struct buffer *buffer)
{
    ptrdiff_t found = 0;
    size_t characters = 0;
    switch (attribute->derivation) {
    case DERIVE_HEAD:
        return text_prefix(text, attribute->length);
    case DERIVE_TAIL:
        characters = text_length(text);
        if (characters <= attribute->length)
            return text;
        return slice_cut(text, text_prefix(text, characters - attribute->length).length,
                         text.length);
    case DERIVE_BEFORE:
        found = slice_find(text, attribute->text);
        return found < 0 ? text : slice_cut(text, 0, (size_t)found);
    case DERIVE_AFTER:
        found = slice_find(text, attribute->text);
        return found < 0 ? slice_of(NULL)
                         : slice_cut(text, (size_t)found + attribute->text.length, text.length);
    case DERIVE_LETTERS:
        return derive_letters(text, buffer);
    default:
        return text;
    }
}
