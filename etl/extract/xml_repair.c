#include "extract/xml_repair.h"
#include "cust360/base/memory.h"
#include "extract/xml_signs.h"

#include <ctype.h>
#include <strings.h>

enum { ENTITY_BYTES = 16, INSTRUCTION_BYTES = 512, NAME_BYTES = 64, KINDS = 16, OPEN_MOST = 4 };

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
    IN_DECLARATION,
    IN_DROPPED /* a document type that is passed over */
};

struct xml_repair {
    unsigned wanted;
    struct slice root;
    size_t around;
    enum place_in_text place;
    enum place_in_text outer; /* where a tag, comment or entity leads back to */
    uint64_t offset;          /* bytes so far */
    uint64_t line;
    size_t depth;
    char quote;
    char last; /* the byte before */
    unsigned closing;
    struct { /* names of the outermost elements, as far as they fit; the top one's stays */
        char name[NAME_BYTES];
        size_t length;
    } open[OPEN_MOST];
    bool passes_all; /* behind the top element stands another: that is not text */
    bool in_entity;  /* behind &; `held` has what follows */
    bool first_tag;  /* the instruction at hand is the first thing of the document */
    struct buffer held;
    uint64_t counts[KINDS];
    uint64_t lines[KINDS];
};

struct xml_repair *xml_repair_create(const struct xml_repair_options *options)
{
    struct xml_repair *repair = memory_allocate_array(1, sizeof(*repair));
    repair->wanted = options->wanted;
    repair->root = options->root;
    repair->around = options->around < OPEN_MOST ? options->around : OPEN_MOST;
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

/* ---- entities ---- */

/* What was held behind & goes on as an entity, or as text behind an ampersand that is one. */
static void end_entity(struct xml_repair *repair, bool whole, struct buffer *output)
{
    struct slice name = buffer_slice(&repair->held);
    bool known = whole && xml_entity_is_known(name);
    uint32_t character = whole && !known ? html_entity_find(name) : 0;
    if (!known)
        note(repair, REPAIR_AMPERSAND);
    if (character) {
        buffer_format(output, "&#%u;", (unsigned)character);
    } else {
        buffer_append_text(output, known ? "&" : "&amp;");
        buffer_append(output, name);
        if (whole)
            buffer_append_byte(output, ';');
    }
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

/* Reserved is xml in any case; only the declaration at the very begin may have that name. What does
 * not end in ?> or has “curly” quotes is none. */
static bool is_reserved(const struct xml_repair *repair)
{
    const struct buffer *held = &repair->held;
    bool whole = held->length > 1 && held->data[held->length - 2] == '?';
    if (!whole || slice_find(buffer_slice(held), SLICE("\xE2\x80")) >= 0)
        return true;
    if (held->length < 3 || strncasecmp(held->data, "xml", 3) != 0)
        return false;
    if (held->length > 3 && !xml_is_blank(held->data[3]) && held->data[3] != '?')
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
    bool wanted = wants(repair, REPAIR_PROLOG) || repair->counts[index_of(REPAIR_LEADING_TEXT)];
    bool drop = wanted && repair->outer == IN_PROLOG && is_reserved(repair) && end + 1 >= length;
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

/* The name of one of the outermost elements, while its begin tag is read. What stands behind the
 * top element has no names. */
static bool is_named(const struct xml_repair *repair)
{
    return repair->depth <= OPEN_MOST && (repair->depth > 1 || repair->outer == IN_PROLOG);
}

static void take_name(struct xml_repair *repair, char byte)
{
    size_t *length = &repair->open[repair->depth - 1].length;
    if (*length < NAME_BYTES)
        repair->open[repair->depth - 1].name[(*length)++] = byte;
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
        if (is_named(repair)) {
            repair->open[repair->depth - 1].length = 0;
            take_name(repair, byte);
        }
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
                  !xml_is_blank(byte) && byte != '"' && byte != '\'' && byte != '>';
    if (begins) {
        note(repair, REPAIR_ATTRIBUTE_QUOTES);
        buffer_append_byte(output, '"');
        repair->place = IN_BARE_VALUE;
    }
    if (repair->place != IN_BARE_VALUE)
        return false;
    bool ends = xml_is_blank(byte) || byte == '>';
    buffer_append_byte(output, ends ? '"' : byte);
    if (ends)
        repair->place = IN_TAG;
    return !ends;
}

static bool is_of_name(const struct xml_repair *repair, char byte)
{
    return repair->place == IN_NAME && is_named(repair) && byte != '>' && byte != '/' &&
           !xml_is_blank(byte);
}

static void take_tag(struct xml_repair *repair, char byte, struct buffer *output)
{
    if (take_bare_value(repair, byte, output))
        return;
    buffer_append_byte(output, byte);
    if (is_of_name(repair, byte))
        take_name(repair, byte);
    else if (byte == '>')
        end_begin_tag(repair);
    else if (byte == '=')
        repair->place = AT_VALUE;
    else if (!xml_is_blank(byte) || repair->place == IN_NAME)
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

/* A document type that names a file only; one with declarations of its own stays, to be refused. */
static bool drop_doctype(struct xml_repair *repair, char *text, size_t at, size_t length,
                         struct buffer *output)
{
    static const struct slice begin = {"<!DOCTYPE", 9};
    size_t end = at;
    while (end < length && text[end] != '>' && text[end] != '[')
        end++;
    if (!wants(repair, REPAIR_PROLOG) || repair->outer != IN_PROLOG || at + 1 < begin.length ||
        end == length || text[end] == '[' || !slice_ends_with(buffer_slice(output), begin))
        return false;
    note(repair, REPAIR_PROLOG);
    output->length -= begin.length;
    for (size_t i = at + 1 - begin.length; i < end; i++)
        text[i] = text[i] == '\n' ? '\n' : ' ';
    repair->place = IN_DROPPED;
    return true;
}

static void take_declaration(struct xml_repair *repair, char *text, size_t at, size_t length,
                             struct buffer *output)
{
    char byte = text[at];
    buffer_append_byte(output, byte);
    buffer_append_byte(&repair->held, byte);
    repair->closing = 0;
    if (slice_equal(buffer_slice(&repair->held), SLICE("DOCTYPE")) &&
        drop_doctype(repair, text, at, length, output))
        return;
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
    struct slice top = slice_make(repair->open[0].name, repair->open[0].length);
    return top.length && slice_starts_with(rest, top) &&
           (rest.length == top.length || xml_is_blank(rest.data[top.length]) ||
            rest.data[top.length] == '>' || rest.data[top.length] == '/');
}

/* Behind the top element blanks pass, and text goes. */
static void take_behind(struct xml_repair *repair, char *text, size_t at, size_t length,
                        struct buffer *output)
{
    char byte = text[at];
    if (byte == '<' && begins_document(repair, slice_make(text + at, length - at)))
        repair->passes_all = true;
    if (xml_is_blank(byte) || repair->passes_all || !wants(repair, REPAIR_TRAILING_TEXT)) {
        buffer_append_byte(output, byte);
        return;
    }
    note(repair, REPAIR_TRAILING_TEXT);
    text[at] = ' ';
}

/* True: the byte is text before the document, which goes. */
static bool take_leading(struct xml_repair *repair, char *text, size_t at, size_t length)
{
    if (repair->place != IN_PROLOG || !wants(repair, REPAIR_LEADING_TEXT) ||
        xml_is_blank(text[at]) ||
        xml_markup_begins(repair->root, slice_make(text + at, length - at)))
        return false;
    note(repair, REPAIR_LEADING_TEXT);
    text[at] = ' ';
    return true;
}

static void take_between(struct xml_repair *repair, char *text, size_t at, size_t length,
                         struct buffer *output)
{
    char byte = text[at];
    if (take_leading(repair, text, at, length) || hold_entity(repair, byte, output))
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
static void take_markup(struct xml_repair *repair, char *text, size_t at, size_t length,
                        struct buffer *output)
{
    char byte = text[at];
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
        take_declaration(repair, text, at, length, output);
        break;
    case IN_DROPPED:
        text[at] = byte == '\n' ? '\n' : ' ';
        repair->place = byte == '>' ? IN_PROLOG : IN_DROPPED;
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
        take_between(repair, text, at, length, output);
    else if (repair->place == BEHIND)
        take_behind(repair, text, at, length, output);
    else if (repair->place == IN_INSTRUCTION)
        take_instruction(repair, text, at, output);
    else
        take_markup(repair, text, at, length, output);
}

/* The end tags of the elements around the records; one of a record's own is not missing, but cut
 * off. */
static void close_elements(struct xml_repair *repair, struct buffer *output)
{
    if (!wants(repair, REPAIR_END_TAGS) || repair->place != IN_CONTENT ||
        repair->depth > repair->around)
        return;
    for (; repair->depth; repair->depth--) {
        size_t open = repair->depth - 1;
        buffer_append_text(output, "</");
        buffer_append(output, slice_make(repair->open[open].name, repair->open[open].length));
        buffer_append_byte(output, '>');
        note(repair, REPAIR_END_TAGS);
    }
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
    if (last)
        close_elements(repair, output);
    if (last && repair->place == IN_INSTRUCTION) {
        buffer_append_text(output, "<?");
        buffer_append(output, buffer_slice(&repair->held));
    }
}
