#include "page_mask.h"
#include "cust360/base/arena.h"
#include "cust360/base/text.h"
#include "cust360/config_class.h"

/* The page is made for people who may see all of it; here it passes a door. It is read as far as
 * that needs: strings, and which of them are keys. */

/* Beside the model's fields: what a contact point is. */
static bool is_personal(const struct model *model, struct slice key)
{
    return slice_equal(key, SLICE("value")) || slice_equal(key, SLICE("contact")) ||
           model_hides(model, key);
}

/* One past the closing quote of the string that begins at `from`. */
static size_t string_end(struct slice json, size_t from)
{
    size_t at = from + 1;
    while (at < json.length && json.data[at] != '"')
        at += json.data[at] == '\\' ? 2 : 1;
    return at < json.length ? at + 1 : json.length;
}

static bool begins_number(char byte)
{
    return byte == '-' || (byte >= '0' && byte <= '9');
}

static size_t number_end(struct slice json, size_t at)
{
    while (at < json.length && strchr("+-.eE0123456789", json.data[at]) && json.data[at])
        at++;
    return at;
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

void page_mask(const struct model *model, struct slice json, struct buffer *masked)
{
    bool personal = false;
    for (size_t at = 0; at < json.length;) {
        if (personal && begins_number(json.data[at])) {
            buffer_append_text(masked, "null");
            at = number_end(json, at);
            continue;
        }
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
            personal = is_personal(model, text);
        at = end;
    }
}
