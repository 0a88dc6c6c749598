#include "profile/xml_tokens.h"
#include "cust360/base/text.h"

#include <strings.h>

enum { TOKEN_BYTES_MOST = 1 << 20, DEPTH_MOST = 200, ENTITY_BYTES_MOST = 12 };

const char *xml_defect_repair(enum xml_defect defect)
{
    static const char *const repairs[XML_DEFECTS] = {
        [XML_RESERVED_NAME] = "prolog",
        [XML_FILE_TYPE] = "prolog",
        [XML_TEXT_BEFORE] = "leading_text",
        [XML_BARE_AMPERSAND] = "ampersand",
        [XML_UNQUOTED_VALUE] = "attribute_quotes",
        [XML_TEXT_OUTSIDE] = "trailing_text",
        [XML_END_TAGS] = "end_tags",
    };
    return repairs[defect];
}

const char *xml_defect_text(enum xml_defect defect)
{
    static const char *const texts[] = {
        "processing instructions that begin with the reserved name xml, or end without ?",
        "document type declarations that name a file",
        "texts before the document",
        "& that begin no entity",
        "attribute values without quotes",
        "end tags that close another element than the open one",
        "texts outside of the document's element",
        "document type declarations, which a run refuses",
        "tags that do not end within 1 MiB",
        "elements that are not closed when the file ends",
        "end tags that are missing behind the last record"};
    return texts[defect];
}

void xml_tokens_begin(struct xml_tokens *tokens, struct xml_listener listener)
{
    memset(tokens, 0, sizeof(*tokens));
    tokens->listener = listener;
}

void xml_tokens_release(struct xml_tokens *tokens)
{
    buffer_release(&tokens->pending);
    buffer_release(&tokens->decoded);
    buffer_release(&tokens->open);
}

static struct slice local_name(struct slice name)
{
    const char *colon = name.length ? memchr(name.data, ':', name.length) : NULL;
    return colon ? slice_cut(name, (size_t)(colon - name.data) + 1, name.length) : name;
}

/* ---- entities ---- */

static uint32_t digit_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return (uint32_t)(digit - '0');
    digit |= 0x20;
    return digit >= 'a' && digit <= 'f' ? (uint32_t)(digit - 'a' + 10) : 16;
}

/* &#29579; and &#x738B; */
static uint32_t numbered_character(struct slice name)
{
    uint32_t base = (name.data[1] | 0x20) == 'x' ? 16 : 10;
    uint32_t number = 0;
    for (size_t i = base == 16 ? 2 : 1; i < name.length; i++) {
        uint32_t value = digit_value(name.data[i]);
        if (value >= base || number > 0x110000)
            return 0;
        number = number * base + value;
    }
    return number < 0x110000 && (number < 0xD800 || number > 0xDFFF) ? number : 0;
}

static uint32_t entity_character(struct slice name)
{
    static const struct {
        const char *name;
        uint32_t character;
    } known[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (slice_equal(name, slice_of(known[i].name)))
            return known[i].character;
    return name.length >= 2 && name.data[0] == '#' ? numbered_character(name) : 0;
}

static struct slice decode(struct xml_tokens *tokens, struct slice text)
{
    if (text.length == 0 || !memchr(text.data, '&', text.length))
        return text;
    buffer_clear(&tokens->decoded);
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] != '&') {
            buffer_append_byte(&tokens->decoded, text.data[i]);
            continue;
        }
        struct slice rest = slice_cut(text, i + 1, i + 1 + ENTITY_BYTES_MOST);
        const char *end = rest.length ? memchr(rest.data, ';', rest.length) : NULL;
        size_t length = end ? (size_t)(end - rest.data) : 0;
        uint32_t character = end ? entity_character(slice_cut(rest, 0, length)) : 0;
        if (character == 0) {
            tokens->defects[XML_BARE_AMPERSAND]++;
            buffer_append_byte(&tokens->decoded, '&');
            continue;
        }
        text_append(&tokens->decoded, character);
        i += length + 1;
    }
    return buffer_slice(&tokens->decoded);
}

static void give_text(struct xml_tokens *tokens, struct slice text, bool literal)
{
    bool is_mark = !tokens->later && slice_equal(text, SLICE("\xEF\xBB\xBF"));
    if (text.length == 0 || is_mark)
        return;
    tokens->later = true;
    if (slice_trim(text).length == 0)
        return;
    if (tokens->depth == 0) {
        bool declared = !tokens->began && tokens->defects[XML_DOCTYPE]; /* <!DOCTYPE a [… */
        tokens->defects[tokens->began ? XML_TEXT_OUTSIDE : XML_TEXT_BEFORE] += !declared;
        return;
    }
    tokens->listener.text(tokens->listener.context, literal ? text : decode(tokens, text));
}

/* ---- tags ---- */

static bool is_blank(char letter)
{
    return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n';
}

static size_t skip_blanks(struct slice tag, size_t at)
{
    while (at < tag.length && is_blank(tag.data[at]))
        at++;
    return at;
}

static size_t name_end(struct slice tag, size_t at)
{
    while (at < tag.length && !is_blank(tag.data[at]) && tag.data[at] != '=')
        at++;
    return at;
}

static size_t read_value(struct xml_tokens *tokens, struct slice tag, size_t at,
                         struct slice *value)
{
    char quote = at < tag.length ? tag.data[at] : '"';
    size_t from = at + 1;
    if (quote != '"' && quote != '\'') {
        tokens->defects[XML_UNQUOTED_VALUE]++;
        *value = slice_cut(tag, at, name_end(tag, at));
        return at + value->length;
    }
    for (at = from; at < tag.length && tag.data[at] != quote; at++)
        continue;
    *value = slice_cut(tag, from, at);
    return at < tag.length ? at + 1 : at;
}

static void give_attributes(struct xml_tokens *tokens, struct slice tag, size_t at)
{
    while ((at = skip_blanks(tag, at)) < tag.length) {
        size_t end = name_end(tag, at);
        struct slice name = slice_cut(tag, at, end);
        struct slice value = slice_make("", 0);
        at = skip_blanks(tag, end);
        if (at < tag.length && tag.data[at] == '=')
            at = read_value(tokens, tag, skip_blanks(tag, at + 1), &value);
        else if (end == at && name.length == 0)
            at++;
        if (name.length && !slice_starts_with(name, SLICE("xmlns")) &&
            !slice_starts_with(name, SLICE("xsi:")))
            tokens->listener.attribute(tokens->listener.context, local_name(name),
                                       decode(tokens, value));
    }
}

static struct slice open_name(const struct xml_tokens *tokens)
{
    size_t end = tokens->open.length - 1;
    size_t from = end;
    while (from > 0 && tokens->open.data[from - 1] != '\n')
        from--;
    return slice_make(tokens->open.data + from, end - from);
}

static void close_element(struct xml_tokens *tokens)
{
    tokens->open.length -= open_name(tokens).length + 1;
    tokens->depth--;
    tokens->listener.end(tokens->listener.context);
}

static void read_end(struct xml_tokens *tokens, struct slice name)
{
    name = slice_trim(name);
    if (tokens->depth == 0 || !slice_equal(open_name(tokens), name)) {
        tokens->defects[XML_TAGS_CROSSED]++;
        return;
    }
    close_element(tokens);
}

static void read_begin(struct xml_tokens *tokens, struct slice tag)
{
    bool empty = tag.length && tag.data[tag.length - 1] == '/';
    tag.length -= empty;
    size_t end = name_end(tag, 0);
    struct slice name = slice_cut(tag, 0, end);
    if (name.length == 0 || tokens->depth == DEPTH_MOST) {
        tokens->defects[XML_TAGS_CROSSED]++;
        return;
    }
    tokens->began = true;
    tokens->depth++;
    buffer_append(&tokens->open, name);
    buffer_append_byte(&tokens->open, '\n');
    tokens->listener.begin(tokens->listener.context, local_name(name));
    give_attributes(tokens, tag, end);
    if (empty)
        close_element(tokens);
}

/* The declaration is the first thing of all, but for text that a repair takes away. */
static void read_instruction(struct xml_tokens *tokens, struct slice tag)
{
    bool reserved = tag.length > 3 && strncasecmp(tag.data + 1, "xml", 3) == 0 &&
                    (tag.length == 4 || is_blank(tag.data[4]));
    bool first = !tokens->later || (!tokens->began && tokens->defects[XML_TEXT_BEFORE]);
    bool declaration = reserved && memcmp(tag.data + 1, "xml", 3) == 0 && first;
    bool endless = !tokens->began && tag.data[tag.length - 1] != '?';
    tokens->defects[XML_RESERVED_NAME] += endless || (reserved && !declaration);
}

/* An address in a mail's head (<li@x.cn>) is no element. */
static bool is_name_before(struct slice tag)
{
    struct slice name = slice_cut(tag, 0, name_end(tag, 0));
    return name.length && !memchr(name.data, '@', name.length);
}

static void read_tag(struct xml_tokens *tokens, struct slice tag)
{
    char first = tag.length ? tag.data[0] : ' ';
    if (first == '?') {
        read_instruction(tokens, tag);
    } else if (first == '!') {
        bool of_file = !tokens->began && !memchr(tag.data, '[', tag.length);
        tokens->defects[of_file ? XML_FILE_TYPE : XML_DOCTYPE] +=
            slice_starts_with(tag, SLICE("!DOCTYPE"));
    } else if (first == '/') {
        read_end(tokens, slice_cut(tag, 1, tag.length));
    } else if (!tokens->began && !is_name_before(tag)) {
        tokens->defects[XML_TEXT_BEFORE]++;
    } else {
        read_begin(tokens, tag);
    }
    tokens->later = true;
}

/* ---- tokens ---- */

/* The byte behind the tag that begins at <; 0: it is not whole yet. */
static size_t tag_end(struct slice text)
{
    static const struct {
        const char *begin;
        const char *end;
    } long_ones[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", ">"}};
    for (size_t i = 0; i < sizeof(long_ones) / sizeof(*long_ones); i++) {
        struct slice begin = slice_of(long_ones[i].begin);
        if (!slice_starts_with(text, begin))
            continue;
        struct slice rest = slice_cut(text, begin.length, text.length);
        ptrdiff_t at = slice_find(rest, slice_of(long_ones[i].end));
        return at < 0 ? 0 : begin.length + (size_t)at + strlen(long_ones[i].end);
    }
    char quote = 0;
    for (size_t i = 1; i < text.length; i++) {
        char here = text.data[i];
        if (quote ? here == quote : here == '"' || here == '\'')
            quote = quote ? 0 : here;
        else if (here == '>' && !quote)
            return i + 1;
    }
    return 0;
}

static void give_tag(struct xml_tokens *tokens, struct slice token)
{
    if (slice_starts_with(token, SLICE("<![CDATA[")))
        give_text(tokens, slice_cut(token, 9, token.length - 3), true);
    else if (!slice_starts_with(token, SLICE("<!--")))
        read_tag(tokens, slice_cut(token, 1, token.length - 1));
}

/* Gives what is whole and returns how many bytes that were. */
static size_t give_tokens(struct xml_tokens *tokens, struct slice text)
{
    size_t at = 0;
    while (at < text.length) {
        struct slice rest = slice_cut(text, at, text.length);
        const char *tag = memchr(rest.data, '<', rest.length);
        size_t before = tag ? (size_t)(tag - rest.data) : rest.length;
        if (!tag && rest.length < TOKEN_BYTES_MOST)
            return at;
        give_text(tokens, slice_cut(rest, 0, before), false);
        at += before;
        if (!tag)
            return at;
        size_t length = tag_end(slice_cut(rest, before, rest.length));
        if (length == 0 && rest.length - before < TOKEN_BYTES_MOST)
            return at;
        if (length == 0) {
            tokens->defects[XML_ENDLESS_TOKEN]++;
            length = 1;
        } else {
            give_tag(tokens, slice_cut(rest, before, before + length));
        }
        at += length;
    }
    return at;
}

void xml_tokens_feed(struct xml_tokens *tokens, struct slice text)
{
    buffer_append(&tokens->pending, text);
    size_t used = give_tokens(tokens, buffer_slice(&tokens->pending));
    size_t left = tokens->pending.length - used;
    if (used && left)
        memmove(tokens->pending.data, tokens->pending.data + used, left);
    tokens->pending.length = left;
}

void xml_tokens_finish(struct xml_tokens *tokens, size_t around)
{
    bool whole = slice_trim(buffer_slice(&tokens->pending)).length == 0 && tokens->depth <= around;
    if (tokens->pending.length)
        give_text(tokens, buffer_slice(&tokens->pending), false);
    tokens->defects[whole ? XML_END_TAGS : XML_CUT_OFF] += tokens->depth;
    while (tokens->depth)
        close_element(tokens);
    tokens->pending.length = 0;
}
