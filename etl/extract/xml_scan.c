#include "extract/xml_scan.h"
#include "cust360/base/memory.h"

/* libxml2 compares each attribute of an element with each other and keeps all names in a dictionary
 * that gets slow, and a record stands in memory as a tree of about 250 bytes an element. */
enum {
    NAME_BYTES = 256,
    DEPTH_MAX = 256, /* libxml2's own */
    ATTRIBUTES_MAX = 1000,
    NAMES_MAX = 50000,
    NAME_BITS = 1 << 18,
    RECORD_ELEMENTS_MAX = 2000000,
    RECORD_BYTES_MAX = 64 << 20
};

/* FNV-1a, since a name comes byte by byte. */
#define HASH_BASIS UINT64_C(0xcbf29ce484222325)
#define HASH_PRIME UINT64_C(0x100000001b3)

enum scan_state {
    IN_TEXT,
    AT_TAG,   /* behind < */
    IN_NAME,  /* of a begin tag */
    IN_TAG,   /* behind it */
    IN_VALUE, /* of an attribute */
    IN_END_TAG,
    IN_INSTRUCTION, /* <? … ?> */
    AT_DECLARATION, /* behind <! */
    IN_COMMENT,
    IN_CDATA
};

struct xml_scan {
    const struct xml_element *top;
    struct decoder *decoder;
    enum scan_state state;
    uint64_t offset; /* in the text, of the piece at hand */
    const char *piece;
    const char *counted; /* up to here lines are counted */
    uint64_t line;
    uint64_t tag_line; /* of the tag at hand */
    uint64_t tag_offset;
    char name[NAME_BYTES]; /* of the tag, or what is behind <! */
    size_t name_length;
    uint64_t name_hash; /* of the name of the element or attribute at hand */
    size_t name_count;  /* bits of `names` that are set: different names, or a few less */
    uint8_t names[NAME_BITS / 8];
    char quote;
    bool empty_tag; /* a slash stands before its > */
    size_t attribute_count;
    unsigned closing; /* how much of ?>, --> or ]]> has been seen */

    const struct xml_element *element; /* the innermost that is in the tree */
    size_t skipped_depth;              /* elements below it that are not */
    size_t open[DEPTH_MAX];            /* by depth: number of the element's span */
    size_t record_depth;               /* of the outermost record element; 0: between two */
    size_t record_elements;            /* that have begun in it */
    uint64_t record_offset;
    enum xml_finding finding;

    struct xml_span *spans; /* a queue; its first has the number `first` */
    size_t head;
    size_t count;
    size_t capacity;
    size_t first;
};

struct xml_scan *xml_scan_create(const struct xml_element *top, struct decoder *decoder)
{
    struct xml_scan *scan = memory_allocate_array(1, sizeof(*scan));
    scan->top = top;
    scan->decoder = decoder;
    scan->element = top;
    scan->line = 1;
    return scan;
}

void xml_scan_destroy(struct xml_scan *scan)
{
    if (!scan)
        return;
    memory_free(scan->spans);
    memory_free(scan);
}

static void count_lines(struct xml_scan *scan, const char *to)
{
    const char *at = scan->counted;
    while (at < to && (at = memchr(at, '\n', (size_t)(to - at)))) {
        scan->line++;
        at++;
    }
    scan->counted = to;
}

static uint64_t offset_of(const struct xml_scan *scan, const char *at)
{
    return scan->offset + (uint64_t)(at - scan->piece);
}

static void open_span(struct xml_scan *scan)
{
    if (scan->head > scan->count / 2) {
        scan->count -= scan->head;
        memmove(scan->spans, scan->spans + scan->head, scan->count * sizeof(struct xml_span));
        scan->first += scan->head;
        scan->head = 0;
    }
    scan->open[scan->element->depth] = scan->first + scan->count;
    scan->spans =
        memory_grow(scan->spans, &scan->capacity, scan->count + 1, sizeof(struct xml_span));
    scan->spans[scan->count++] =
        (struct xml_span){scan->tag_line, decoder_file_offset(scan->decoder, scan->tag_offset), 0};
}

static void close_span(struct xml_scan *scan, const char *behind)
{
    size_t number = scan->open[scan->element->depth];
    uint64_t end = decoder_file_offset(scan->decoder, offset_of(scan, behind));
    if (number < scan->first + scan->head)
        return; /* it has been given away, as only a document that is not well-formed does */
    struct xml_span *span = &scan->spans[number - scan->first];
    span->file_length = end - span->file_offset;
}

/* Takes another element into account, of the outermost record or where that begins. */
static void count_element(struct xml_scan *scan)
{
    if (scan->record_depth == 0) {
        scan->record_depth = scan->element->depth;
        scan->record_elements = 0;
        scan->record_offset = scan->tag_offset;
    }
    if (++scan->record_elements > RECORD_ELEMENTS_MAX ||
        scan->tag_offset - scan->record_offset > RECORD_BYTES_MAX)
        scan->finding = XML_LARGE_RECORD;
}

static void hash_name(struct xml_scan *scan, char byte)
{
    scan->name_hash = (scan->name_hash ^ (unsigned char)byte) * HASH_PRIME;
}

/* The name at hand has ended; another may begin. */
static void count_name(struct xml_scan *scan)
{
    size_t bit = (scan->name_hash ^ scan->name_hash >> 32) % NAME_BITS;
    uint8_t mask = (uint8_t)(1U << bit % 8);
    if (!(scan->names[bit / 8] & mask) && ++scan->name_count > NAMES_MAX)
        scan->finding = XML_MANY_NAMES;
    scan->names[bit / 8] |= mask;
    scan->name_hash = HASH_BASIS;
}

static void begin_element(struct xml_scan *scan)
{
    count_name(scan);
    struct slice name = xml_local_name(slice_make(scan->name, scan->name_length));
    const struct xml_element *child = NULL;
    if (scan->skipped_depth == 0 && scan->element->depth + 1 < DEPTH_MAX)
        child = xml_element_find(scan->element, name);
    if (child)
        scan->element = child;
    else
        scan->skipped_depth++;
    if (child && child->table_count)
        open_span(scan);
    if (scan->record_depth || (child && child->table_count))
        count_element(scan);
}

static void end_element(struct xml_scan *scan, const char *behind)
{
    if (scan->skipped_depth) {
        scan->skipped_depth--;
        return;
    }
    if (!scan->element->parent)
        return;
    if (scan->element->table_count)
        close_span(scan, behind);
    if (scan->element->depth == scan->record_depth)
        scan->record_depth = 0;
    scan->element = scan->element->parent;
}

static void take_name(struct xml_scan *scan, char byte)
{
    hash_name(scan, byte);
    if (scan->name_length < NAME_BYTES)
        scan->name[scan->name_length++] = byte;
}

static const char *scan_text(struct xml_scan *scan, const char *at, const char *end)
{
    const char *tag = memchr(at, '<', (size_t)(end - at));
    if (!tag)
        return end;
    count_lines(scan, tag);
    scan->tag_line = scan->line;
    scan->tag_offset = offset_of(scan, tag);
    scan->name_length = 0;
    scan->name_hash = HASH_BASIS;
    scan->empty_tag = false;
    scan->attribute_count = 0;
    scan->closing = 0;
    scan->state = AT_TAG;
    return tag + 1;
}

static void begin_tag(struct xml_scan *scan, char byte)
{
    switch (byte) {
    case '/':
        scan->state = IN_END_TAG;
        break;
    case '?':
        scan->state = IN_INSTRUCTION;
        break;
    case '!':
        scan->state = AT_DECLARATION;
        break;
    default:
        scan->state = IN_NAME;
        take_name(scan, byte);
    }
}

static void end_tag(struct xml_scan *scan, const char *behind)
{
    scan->state = IN_TEXT;
    if (scan->empty_tag)
        end_element(scan, behind);
}

static void scan_tag(struct xml_scan *scan, const char *at)
{
    if (scan->state == IN_NAME) {
        if (*at != '>' && *at != '/' && (unsigned char)*at > ' ') {
            take_name(scan, *at);
            return;
        }
        scan->state = IN_TAG;
        begin_element(scan);
    }
    if (*at == '>') {
        end_tag(scan, at + 1);
        return;
    }
    scan->empty_tag = *at == '/';
    if (*at == '=') {
        count_name(scan);
        if (++scan->attribute_count > ATTRIBUTES_MAX)
            scan->finding = XML_MANY_ATTRIBUTES;
    } else if ((unsigned char)*at > ' ') {
        hash_name(scan, *at);
    }
    if (*at == '"' || *at == '\'') {
        scan->quote = *at;
        scan->state = IN_VALUE;
    }
}

/* Behind <! stands a comment, a CDATA section or what belongs to a DTD. */
static void scan_declaration(struct xml_scan *scan, char byte)
{
    static const struct slice comment = {"--", 2};
    static const struct slice cdata = {"[CDATA[", 7};
    static const struct slice doctype = {"DOCTYPE", 7};
    take_name(scan, byte);
    struct slice begin = slice_make(scan->name, scan->name_length);
    if (slice_equal(begin, comment))
        scan->state = IN_COMMENT;
    else if (slice_equal(begin, cdata))
        scan->state = IN_CDATA;
    else if (byte == '>')
        scan->state = IN_TEXT;
    else if (slice_equal(begin, doctype))
        scan->finding = XML_DOCTYPE;
}

/* The section ends with `count` bytes `mark` (or more) and >. */
static void scan_section(struct xml_scan *scan, char byte, char mark, unsigned count)
{
    if (byte == '>' && scan->closing >= count)
        scan->state = IN_TEXT;
    scan->closing = byte == mark ? scan->closing + 1 : 0;
}

static const char *scan_value(struct xml_scan *scan, const char *at, const char *end)
{
    const char *quote = memchr(at, scan->quote, (size_t)(end - at));
    if (!quote)
        return end;
    scan->state = IN_TAG;
    return quote + 1;
}

/* All states but those that memchr passes over. */
static void scan_byte(struct xml_scan *scan, const char *at)
{
    switch (scan->state) {
    case IN_TEXT:
    case IN_VALUE:
        break;
    case AT_TAG:
        begin_tag(scan, *at);
        break;
    case IN_NAME:
    case IN_TAG:
        scan_tag(scan, at);
        break;
    case IN_END_TAG:
        if (*at == '>') {
            scan->state = IN_TEXT;
            end_element(scan, at + 1);
        }
        break;
    case IN_INSTRUCTION:
        scan_section(scan, *at, '?', 1);
        break;
    case AT_DECLARATION:
        scan_declaration(scan, *at);
        break;
    case IN_COMMENT:
        scan_section(scan, *at, '-', 2);
        break;
    case IN_CDATA:
        scan_section(scan, *at, ']', 2);
        break;
    }
}

enum xml_finding xml_scan_feed(struct xml_scan *scan, struct slice text, uint64_t *line)
{
    const char *at = text.data;
    const char *end = text.data + text.length;
    scan->piece = text.data;
    scan->counted = text.data;
    while (at < end) {
        if (scan->state == IN_TEXT) {
            at = scan_text(scan, at, end);
            continue;
        }
        if (scan->state == IN_VALUE) {
            at = scan_value(scan, at, end);
            continue;
        }
        scan_byte(scan, at++);
        if (scan->finding != XML_FINE) {
            *line = scan->tag_line;
            return scan->finding;
        }
    }
    count_lines(scan, end);
    scan->offset += text.length;
    decoder_file_offset(scan->decoder, scan->tag_offset); /* lets it forget what is before */
    return XML_FINE;
}

bool xml_scan_is_open(const struct xml_scan *scan, uint64_t *line)
{
    *line = scan->line;
    return scan->state != IN_TEXT || scan->skipped_depth > 0 || scan->element->depth > 0;
}

bool xml_scan_next(struct xml_scan *scan, struct xml_span *span)
{
    if (scan->head == scan->count)
        return false;
    *span = scan->spans[scan->head++];
    return true;
}
