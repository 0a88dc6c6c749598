#include "page_mask.h"
#include "cust360/base/arena.h"
#include "cust360/base/text.h"

/* The page is made for people who may see all of it; here it passes a door. It is read as far as
 * that needs: strings, and which of them are keys. */

static const char *const personal_keys[] = {
    "name",  "birth_date", "id_number", "mobile",  "landline",
    "email", "address",    "value",     "contact", "plate",
};

static bool is_personal(struct slice key)
{
    for (size_t i = 0; i < sizeof(personal_keys) / sizeof(personal_keys[0]); i++)
        if (slice_equal(key, slice_of(personal_keys[i])))
            return true;
    return false;
}

/* One past the closing quote of the string that begins at `from`. */
static size_t string_end(struct slice json, size_t from)
{
    size_t at = from + 1;
    while (at < json.length && json.data[at] != '"')
        at += json.data[at] == '\\' ? 2 : 1;
    return at < json.length ? at + 1 : json.length;
}

static bool is_key(struct slice json, size_t end)
{
    while (end < json.length && strchr(" \t\r\n", json.data[end]))
        end++;
    return end < json.length && json.data[end] == ':';
}

/* A mask may not cut an escape in two: where there is one, nothing is shown. */
static void append_masked(struct slice text, struct buffer *masked)
{
    if (text.length == 0 || memchr(text.data, '\\', text.length)) {
        buffer_append_text(masked, text.length == 0 ? "" : "***");
        return;
    }
    struct arena *arena = arena_create();
    buffer_append(masked, text_mask(arena, text));
    arena_destroy(arena);
}

void page_mask(struct slice json, struct buffer *masked)
{
    bool personal = false;
    for (size_t at = 0; at < json.length;) {
        if (json.data[at] != '"') {
            buffer_append_byte(masked, json.data[at++]);
            continue;
        }
        size_t end = string_end(json, at);
        struct slice text = slice_cut(json, at + 1, end > at + 1 ? end - 1 : end);
        bool key = is_key(json, end);
        buffer_append_byte(masked, '"');
        if (key || !personal)
            buffer_append(masked, text);
        else
            append_masked(text, masked);
        buffer_append_byte(masked, '"');
        if (key)
            personal = is_personal(text);
        at = end;
    }
}
