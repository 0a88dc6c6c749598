#include "extract/xml_repair.h"
#include "cust360/base/memory.h"

#include <ctype.h>
#include <strings.h>

enum { ENTITY_BYTES = 16, INSTRUCTION_BYTES = 512, TOP_BYTES = 64, KINDS = 16 };

enum place_in_text {
    IN_PROLOG, /* before the top element, between tags */
    IN_CONTENT,
    BEHIND, /* the top element has ended */
    AT_TAG, /* behind < */
    IN_NAME,
    IN_TAG,
    AT_VALUE, /* behind = */
    IN_VALUE,
    IN_BARE_VALUE, /* that was written without quotes */
    IN_END_TAG,
    IN_INSTRUCTION,
    AT_DECLARATION,
    IN_COMMENT,
    IN_CDATA,
    IN_DECLARATION
};

struct xml_repair {
    unsigned wanted;
    enum place_in_text place;
    enum place_in_text outer; /* where a tag, comment or entity leads back to */
    uint64_t offset;          /* bytes so far */
    uint64_t line;
    size_t depth;
    char quote;
    char last; /* the byte before */
    unsigned closing;
    char top[TOP_BYTES]; /* the top element's name, as far as it fits */
    size_t top_length;
    bool passes_all; /* behind the top element stands another: that is not text */
    bool in_entity;  /* behind &; `held` has what follows */
    bool first_tag;  /* the instruction at hand is the first thing of the document */
    struct buffer held;
    uint64_t counts[KINDS];
    uint64_t lines[KINDS];
};

struct xml_repair *xml_repair_create(unsigned wanted)
{
    struct xml_repair *repair = memory_allocate_array(1, sizeof(*repair));
    repair->wanted = wanted;
    repair->line = 1;
    return repair;
}

void xml_repair_destroy(struct xml_repair *repair)
{
    if (!repair)
        return;
    buffer_release(&repair->held);
    memory_free(repair);
}

static size_t index_of(enum repair kind)
{
    size_t index = 0;
    while ((1u << index) < (unsigned)kind)
        index++;
    return index;
}

uint64_t xml_repair_count(const struct xml_repair *repair, enum repair kind, uint64_t *line)
{
    *line = repair->lines[index_of(kind)];
    return repair->counts[index_of(kind)];
}

static void note(struct xml_repair *repair, enum repair kind)
{
    size_t index = index_of(kind);
    if (repair->counts[index]++ == 0)
        repair->lines[index] = repair->line;
}

static bool wants(const struct xml_repair *repair, enum repair kind)
{
    return (repair->wanted & (unsigned)kind) != 0;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* ---- entities ---- */

/* Only the five that XML itself knows, and numbers, mean something without a DTD. */
static bool is_entity(struct slice name)
{
    static const char *const known[] = {"amp", "lt", "gt", "quot", "apos"};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (slice_equal(name, slice_of(known[i])))
            return true;
    if (name.length < 2 || name.data[0] != '#')
        return false;
    bool hexadecimal = name.data[1] == 'x';
    for (size_t i = hexadecimal ? 2 : 1; i < name.length; i++)
        if (!(hexadecimal ? isxdigit((unsigned char)name.data[i])
                          : isdigit((unsigned char)name.data[i])))
            return false;
    return name.length > 2 || !hexadecimal;
}

/* What was held behind & goes on as an entity, or as text behind an ampersand that is one. */
static void end_entity(struct xml_repair *repair, bool whole, struct buffer *output)
{
    struct slice name = buffer_slice(&repair->held);
    bool known = whole && is_entity(name);
    if (!known)
        note(repair, REPAIR_AMPERSAND);
    buffer_append_text(output, known ? "&" : "&amp;");
    buffer_append(output, name);
    if (whole)
        buffer_append_byte(output, ';');
    repair->in_entity = false;
    buffer_clear(&repair->held);
}

/* True: the byte belongs to what is held. */
static bool hold_entity(struct xml_repair *repair, char byte, struct buffer *output)
{
    if (!repair->in_entity) {
        if (byte != '&' || !wants(repair, REPAIR_AMPERSAND))
            return false;
        repair->in_entity = true;
        buffer_clear(&repair->held);
        return true;
    }
    if (byte == ';') {
        end_entity(repair, true, output);
        return true;
    }
    bool belongs = isalnum((unsigned char)byte) || (byte == '#' && repair->held.length == 0);
    if (belongs && repair->held.length < ENTITY_BYTES) {
        buffer_append_byte(&repair->held, byte);
        return true;
    }
    end_entity(repair, false, output);
    return hold_entity(repair, byte, output);
}

/* ---- instructions before the top element ---- */

/* Reserved is xml in any case; only the declaration at the very begin may have that name. */
static bool is_reserved(const struct xml_repair *repair)
{
    const struct buffer *held = &repair->held;
    if (held->length < 3 || strncasecmp(held->data, "xml", 3) != 0)
        return false;
    if (held->length > 3 && !is_blank(held->data[3]) && held->data[3] != '?')
        return false;
    return !repair->first_tag || strncmp(held->data, "xml", 3) != 0 ||
           (held->length > 4 && strncmp(held->data + 3, " ve", 3) != 0 &&
            !strstr(held->data, "version="));
}

/* The instruction is whole: the byte at `end` is its >. It began in this piece, or it is passed on
 * as it came. */
static void end_instruction(struct xml_repair *repair, char *text, size_t end,
                            struct buffer *output)
{
    size_t length = repair->held.length + strlen("<?");
    bool drop = wants(repair, REPAIR_PROLOG) && repair->outer == IN_PROLOG && is_reserved(repair) &&
                end + 1 >= length;
    if (drop) {
        note(repair, REPAIR_PROLOG);
        memset(text + end + 1 - length, ' ', length);
    } else {
        buffer_append_text(output, "<?");
        buffer_append(output, buffer_slice(&repair->held));
    }
    buffer_clear(&repair->held);
    repair->place = repair->outer;
}

static void take_instruction(struct xml_repair *repair, char *text, size_t at,
                             struct buffer *output)
{
    char byte = text[at];
    buffer_append_byte(&repair->held, byte);
    /* <?ADF VERSION "1.0"> without its second question mark is met as well. */
    bool ends = byte == '>' && (repair->last == '?' || repair->outer == IN_PROLOG);
    if (ends) {
        end_instruction(repair, text, at, output);
    } else if (repair->held.length > INSTRUCTION_BYTES) {
        buffer_append_text(output, "<?");
        buffer_append(output, buffer_slice(&repair->held));
        buffer_clear(&repair->held);
        repair->place = repair->outer;
    }
}

/* ---- tags ---- */

static enum place_in_text between(const struct xml_repair *repair)
{
    return repair->depth ? IN_CONTENT : BEHIND;
}

static void take_top(struct xml_repair *repair, char byte)
{
    if (repair->top_length < TOP_BYTES)
        repair->top[repair->top_length++] = byte;
}

static void begin_tag(struct xml_repair *repair, char byte, struct buffer *output)
{
    if (byte == '?') {
        repair->place = IN_INSTRUCTION;
        buffer_clear(&repair->held);
        return;
    }
    buffer_append_byte(output, '<');
    buffer_append_byte(output, byte);
    if (byte == '/') {
        repair->place = IN_END_TAG;
    } else if (byte == '!') {
        repair->place = AT_DECLARATION;
        buffer_clear(&repair->held);
    } else {
        repair->place = IN_NAME;
        repair->depth++;
        if (repair->depth == 1 && repair->outer == IN_PROLOG)
            take_top(repair, byte);
    }
}

static void end_begin_tag(struct xml_repair *repair)
{
    if (repair->last == '/')
        repair->depth--;
    repair->place = between(repair);
}

/* The value of an attribute that was written without quotes. True: the byte is part of it. */
static bool take_bare_value(struct xml_repair *repair, char byte, struct buffer *output)
{
    bool begins = repair->place == AT_VALUE && wants(repair, REPAIR_ATTRIBUTE_QUOTES) &&
                  !is_blank(byte) && byte != '"' && byte != '\'' && byte != '>';
    if (begins) {
        note(repair, REPAIR_ATTRIBUTE_QUOTES);
        buffer_append_byte(output, '"');
        repair->place = IN_BARE_VALUE;
    }
    if (repair->place != IN_BARE_VALUE)
        return false;
    bool ends = is_blank(byte) || byte == '>';
    buffer_append_byte(output, ends ? '"' : byte);
    if (ends)
        repair->place = IN_TAG;
    return !ends;
}

static bool is_of_top(const struct xml_repair *repair, char byte)
{
    return repair->place == IN_NAME && repair->depth == 1 && repair->outer == IN_PROLOG &&
           byte != '>' && byte != '/' && !is_blank(byte);
}

static void take_tag(struct xml_repair *repair, char byte, struct buffer *output)
{
    if (take_bare_value(repair, byte, output))
        return;
    buffer_append_byte(output, byte);
    if (is_of_top(repair, byte))
        take_top(repair, byte);
    else if (byte == '>')
        end_begin_tag(repair);
    else if (byte == '=')
        repair->place = AT_VALUE;
    else if (!is_blank(byte) || repair->place == IN_NAME)
        repair->place = IN_TAG;
    if (byte == '"' || byte == '\'') {
        repair->quote = byte;
        repair->place = IN_VALUE;
    }
}

static void take_value(struct xml_repair *repair, char byte, struct buffer *output)
{
    if (hold_entity(repair, byte, output))
        return;
    buffer_append_byte(output, byte);
    if (byte == repair->quote)
        repair->place = IN_TAG;
}

static void take_declaration(struct xml_repair *repair, char byte, struct buffer *output)
{
    buffer_append_byte(output, byte);
    buffer_append_byte(&repair->held, byte);
    repair->closing = 0;
    if (slice_equal(buffer_slice(&repair->held), SLICE("--")))
        repair->place = IN_COMMENT;
    else if (slice_equal(buffer_slice(&repair->held), SLICE("[CDATA[")))
        repair->place = IN_CDATA;
    else if (byte == '>')
        repair->place = repair->outer;
    else if (repair->held.length > ENTITY_BYTES)
        repair->place = IN_DECLARATION;
}

static void take_section(struct xml_repair *repair, char byte, struct buffer *output)
{
    char mark = repair->place == IN_COMMENT ? '-' : ']';
    buffer_append_byte(output, byte);
    if (byte == '>' && (repair->place == IN_DECLARATION || repair->closing >= 2))
        repair->place = repair->outer;
    repair->closing = byte == mark ? repair->closing + 1 : 0;
}

/* ---- between tags ---- */

/* Whether another document begins here: that is no text, and to drop it would lose records. */
static bool begins_document(const struct xml_repair *repair, struct slice rest)
{
    if (slice_starts_with(rest, SLICE("<?xml")))
        return true;
    rest = slice_cut(rest, 1, rest.length);
    struct slice top = slice_make(repair->top, repair->top_length);
    return top.length && slice_starts_with(rest, top) &&
           (rest.length == top.length || is_blank(rest.data[top.length]) ||
            rest.data[top.length] == '>' || rest.data[top.length] == '/');
}

/* Behind the top element blanks pass, and text goes. */
static void take_behind(struct xml_repair *repair, char *text, size_t at, size_t length,
                        struct buffer *output)
{
    char byte = text[at];
    if (byte == '<' && begins_document(repair, slice_make(text + at, length - at)))
        repair->passes_all = true;
    if (is_blank(byte) || repair->passes_all || !wants(repair, REPAIR_TRAILING_TEXT)) {
        buffer_append_byte(output, byte);
        return;
    }
    note(repair, REPAIR_TRAILING_TEXT);
    text[at] = ' ';
}

static void take_between(struct xml_repair *repair, char byte, struct buffer *output)
{
    if (hold_entity(repair, byte, output))
        return;
    if (byte != '<') {
        buffer_append_byte(output, byte);
        return;
    }
    repair->outer = repair->place;
    repair->first_tag = repair->offset == 0;
    repair->place = AT_TAG;
}

static void take_end_tag(struct xml_repair *repair, char byte, struct buffer *output)
{
    buffer_append_byte(output, byte);
    if (byte != '>')
        return;
    repair->depth -= repair->depth > 0;
    repair->place = between(repair);
}

/* Within < and >. */
static void take_markup(struct xml_repair *repair, char byte, struct buffer *output)
{
    switch (repair->place) {
    case AT_TAG:
        begin_tag(repair, byte, output);
        break;
    case IN_VALUE:
        take_value(repair, byte, output);
        break;
    case IN_END_TAG:
        take_end_tag(repair, byte, output);
        break;
    case AT_DECLARATION:
        take_declaration(repair, byte, output);
        break;
    case IN_COMMENT:
    case IN_CDATA:
    case IN_DECLARATION:
        take_section(repair, byte, output);
        break;
    default:
        take_tag(repair, byte, output);
    }
}

static void take_byte(struct xml_repair *repair, char *text, size_t at, size_t length,
                      struct buffer *output)
{
    if (repair->place == IN_PROLOG || repair->place == IN_CONTENT)
        take_between(repair, text[at], output);
    else if (repair->place == BEHIND)
        take_behind(repair, text, at, length, output);
    else if (repair->place == IN_INSTRUCTION)
        take_instruction(repair, text, at, output);
    else
        take_markup(repair, text[at], output);
}

void xml_repair_feed(struct xml_repair *repair, char *text, size_t length, bool last,
                     struct buffer *output)
{
    for (size_t i = 0; i < length; i++) {
        char byte = text[i];
        take_byte(repair, text, i, length, output);
        repair->last = byte;
        repair->line += byte == '\n';
        repair->offset++;
    }
    if (last && repair->in_entity)
        end_entity(repair, false, output);
    if (last && repair->place == IN_INSTRUCTION) {
        buffer_append_text(output, "<?");
        buffer_append(output, buffer_slice(&repair->held));
    }
}
