#include "web_fields.h"
#include "cust360/base/text.h"

struct slice web_field_value(struct web_fields fields, const char *name)
{
    for (size_t i = 0; i < fields.count; i++)
        if (slice_equal(fields.items[i].name, slice_of(name)))
            return fields.items[i].value;
    return slice_make(NULL, 0);
}

static int hexadecimal_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static bool is_plain(struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F)
            return false;
    }
    return text_is_valid(text, NULL);
}

/* Undoes %XX and '+'. */
static bool decode(struct arena *arena, struct slice text, struct slice *decoded)
{
    char *bytes = arena_allocate_bytes(arena, text.length + 1);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i] == '+' ? ' ' : text.data[i];
        if (byte == '%') {
            bool whole = i + 2 < text.length;
            int high = whole ? hexadecimal_digit(text.data[i + 1]) : -1;
            int low = whole ? hexadecimal_digit(text.data[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            byte = (char)(high << 4 | low);
            i += 2;
        }
        bytes[length++] = byte;
    }
    bytes[length] = '\0';
    *decoded = slice_make(bytes, length);
    return is_plain(*decoded);
}

static struct slice cut_until(struct slice *rest, char end)
{
    const char *found = rest->length ? memchr(rest->data, end, rest->length) : NULL;
    size_t length = found ? (size_t)(found - rest->data) : rest->length;
    struct slice part = slice_cut(*rest, 0, length);
    *rest = slice_cut(*rest, found ? length + 1 : length, rest->length);
    return part;
}

static bool read_field(struct arena *arena, struct slice text, struct web_field *field)
{
    struct slice name = cut_until(&text, '=');
    return decode(arena, name, &field->name) && decode(arena, text, &field->value) &&
           field->name.length > 0;
}

bool web_fields_read(struct arena *arena, struct slice text, struct web_fields *fields)
{
    struct web_field *items = arena_allocate_array(arena, WEB_FIELDS_MAX, sizeof(*items));
    size_t count = 0;
    while (text.length > 0) {
        struct slice part = cut_until(&text, '&');
        if (part.length == 0)
            continue;
        if (count == WEB_FIELDS_MAX || !read_field(arena, part, &items[count]))
            return false;
        for (size_t i = 0; i < count; i++)
            if (slice_equal(items[i].name, items[count].name))
                return false;
        count++;
    }
    *fields = (struct web_fields){items, count};
    return true;
}

static char lower(char byte)
{
    return (char)(byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte);
}

bool web_name_equal(struct slice name, const char *other)
{
    size_t i = 0;
    for (; i < name.length && other[i]; i++)
        if (lower(name.data[i]) != lower(other[i]))
            return false;
    return i == name.length && !other[i];
}

bool web_header(struct web_fields headers, const char *name, struct slice *value)
{
    bool found = false;
    *value = slice_make(NULL, 0);
    for (size_t i = 0; i < headers.count; i++) {
        if (!web_name_equal(headers.items[i].name, name))
            continue;
        if (found)
            return false;
        found = true;
        *value = headers.items[i].value;
    }
    return true;
}

bool web_secret_equal(struct slice given, const char *secret)
{
    size_t length = strlen(secret);
    unsigned difference = given.length == length ? 0 : 1;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = i < given.length ? (unsigned char)given.data[i] : 0;
        difference |= (unsigned)(byte ^ (unsigned char)secret[i]);
    }
    return difference == 0 && length > 0;
}
