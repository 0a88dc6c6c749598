#include "extract/xml_source.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "extract/encoding.h"
#include "extract/xml_repair.h"

#include <stdio.h>
#include <strings.h>

enum { DECLARATION_BYTES = 512, NAME_BYTES = 64 };

struct xml_source {
    struct decoder *decoder;
    struct xml_scan *scan;
    const char *file;
    const char *path;   /* lives as long as the reader */
    bool may_redeclare; /* repair: [encoding] */
    struct buffer text; /* decoded and scanned */
    struct xml_repair *repair;
    struct buffer repaired; /* the same, mended; empty without `repair` */
    size_t used;            /* of what libxml2 is to see */
    char *redeclared;       /* the encoding in place of the declared one; NULL: it is right */
    char *declared;
    char claimed[NAME_BYTES]; /* what it declares where its bytes are `found`; empty: no such */
    char found[NAME_BYTES];
    bool empty; /* no text so far */
    bool ended;
    struct error error; /* exit_code 0: none */
};

static struct slice read_begin(const char *path, char *bytes)
{
    FILE *file = file_stream(path);
    size_t length = file ? fread(bytes, 1, DECLARATION_BYTES, file) : 0;
    if (file)
        (void)fclose(file); /* was only read */
    return slice_make(bytes, length);
}

/* The value of encoding="…" in the XML declaration, or the empty slice. */
static struct slice find_declared(struct slice begin)
{
    /* Before it may stand what a repair takes away. */
    ptrdiff_t first = slice_find(begin, SLICE("<?xml"));
    begin = slice_cut(begin, first < 0 ? begin.length : (size_t)first, begin.length);
    ptrdiff_t end = slice_find(begin, SLICE(">"));
    struct slice declaration = slice_cut(begin, 0, end < 0 ? 0 : (size_t)end);
    ptrdiff_t at = slice_find(declaration, SLICE("encoding"));
    if (!slice_starts_with(declaration, SLICE("<?xml")) || at < 0)
        return SLICE("");
    struct slice rest = slice_cut(declaration, (size_t)at, declaration.length);
    for (size_t i = 0; i < rest.length; i++) {
        if (rest.data[i] != '"' && rest.data[i] != '\'')
            continue;
        const char *close = memchr(rest.data + i + 1, rest.data[i], rest.length - i - 1);
        return close ? slice_cut(rest, i + 1, (size_t)(close - rest.data)) : SLICE("");
    }
    return SLICE("");
}

/* What the declaration says where UTF-16 is told from UTF-8 by the bytes alone, and otherwise. */
static void note_conflict(struct slice begin, const char *fixed, char *claimed)
{
    char narrow[DECLARATION_BYTES];
    size_t length = 0;
    for (size_t i = 0; i < begin.length; i++)
        if (begin.data[i])
            narrow[length++] = begin.data[i];
    struct slice declared = find_declared(slice_make(narrow, length));
    struct slice form = fixed[strlen("utf-")] == '8' ? SLICE("8") : SLICE("16");
    bool same = declared.length > strlen("utf") &&
                strncasecmp(declared.data, "utf", strlen("utf")) == 0 &&
                slice_find(declared, form) >= 0;
    if (declared.length && !same)
        snprintf(claimed, NAME_BYTES, "%.*s", SLICE_ARGUMENTS(declared));
}

/* By byte order mark or zero bytes, by the declaration, or UTF-8 (XML 1.0, appendix F). A document
 * in single bytes that declares UTF-16 was converted without changing its declaration. */
static void choose_encoding(const char *path, char *name, char *claimed)
{
    char bytes[DECLARATION_BYTES];
    struct slice begin = read_begin(path, bytes);
    struct slice declared = find_declared(begin);
    const char *fixed = NULL;
    if (slice_starts_with(begin, slice_make("\xEF\xBB\xBF", 3)))
        fixed = "utf-8";
    else if (slice_starts_with(begin, slice_make("\xFF\xFE", 2)) ||
             slice_starts_with(begin, slice_make("<\0", 2)))
        fixed = "utf-16le";
    else if (slice_starts_with(begin, slice_make("\xFE\xFF", 2)) ||
             slice_starts_with(begin, slice_make("\0<", 2)))
        fixed = "utf-16be";
    else if (declared.length == 0 || slice_starts_with(declared, SLICE("UTF-16")) ||
             slice_starts_with(declared, SLICE("utf-16")))
        fixed = "utf-8";
    if (fixed) {
        note_conflict(begin, fixed, claimed);
        declared = slice_of(fixed);
    }
    snprintf(name, NAME_BYTES, "%.*s", SLICE_ARGUMENTS(declared));
}

/* What the bytes are when they are not what the document says. NULL: they are, or nobody knows. */
static const char *find_encoding(const struct decode_options *options)
{
    struct error ignored;
    const char *found = NULL;
    if (strncasecmp(options->encoding, "utf-16", strlen("utf-16")) == 0)
        return NULL;
    struct decode_options automatic = *options;
    automatic.encoding = "auto";
    if (!encoding_detect(&automatic, &found, &ignored) || encoding_is(found, options->encoding))
        return NULL;
    /* GB18030 has all of GBK, so a document that says the one and has the other is right. */
    bool chinese = encoding_is(found, "gbk") || encoding_is(found, "gb18030");
    if (chinese && (strncasecmp(options->encoding, "gb", 2) == 0))
        return NULL;
    return found;
}

/* How many elements stand around the outermost records. */
static size_t count_around(const struct xml_element *top)
{
    size_t around = SIZE_MAX;
    if (top->table_count)
        return top->depth - 1;
    for (const struct xml_element *child = top->children; child; child = child->next) {
        size_t of_child = count_around(child);
        around = of_child < around ? of_child : around;
    }
    return around;
}

struct xml_source *xml_source_open(struct table_file file, const struct xml_source_options *wanted,
                                   const struct xml_element *top, struct error *error)
{
    char name[NAME_BYTES];
    char claimed[NAME_BYTES] = "";
    snprintf(name, sizeof(name), "%s", wanted->encoding);
    if (encoding_is(wanted->encoding, "auto"))
        choose_encoding(file.path, name, claimed);
    struct decode_options options = {file.path, file.name, name, MARK_TAGS, 0};
    const char *other = (wanted->repairs & REPAIR_ENCODING) != 0 ? find_encoding(&options) : NULL;
    if (other)
        options.encoding = other;
    struct decoder *decoder = decoder_open(&options, error);
    if (!decoder) {
        if (error->exit_code == EXIT_CONFIGURATION)
            error_place(error, file.name, 1, 0);
        return NULL;
    }
    struct xml_source *source = memory_allocate_array(1, sizeof(*source));
    source->decoder = decoder;
    source->scan = xml_scan_create(top, decoder);
    source->file = file.name;
    source->path = file.path;
    source->may_redeclare = (wanted->repairs & REPAIR_ENCODING) != 0;
    source->empty = true;
    source->redeclared = other ? memory_copy_text(other) : NULL;
    source->declared = other ? memory_copy_text(name) : NULL;
    memcpy(source->claimed, claimed, sizeof(claimed));
    memcpy(source->found, name, sizeof(name));
    if (wanted->repairs) {
        struct xml_repair_options repairs = {
            wanted->repairs, top->children ? top->children->name : SLICE(""), count_around(top)};
        source->repair = xml_repair_create(&repairs);
    }
    return source;
}

void xml_source_close(struct xml_source *source)
{
    if (!source)
        return;
    xml_scan_destroy(source->scan);
    decoder_close(source->decoder);
    xml_repair_destroy(source->repair);
    memory_free(source->redeclared);
    memory_free(source->declared);
    buffer_release(&source->repaired);
    buffer_release(&source->text);
    memory_free(source);
}

/* libxml2 never sees any of these: a DTD could name other files and entities that grow without end.
 */
static bool refuse(struct xml_source *source, enum xml_finding finding, uint64_t line)
{
    static const struct {
        const char *message;
        const char *hint;
    } texts[] = {
        [XML_DOCTYPE] = {"the document has a DOCTYPE, which is not accepted",
                         "exports need none: have it written without; one that names a file only "
                         "is passed over with repair: [prolog]"},
        [XML_MANY_ATTRIBUTES] = {"an element has over 1000 attributes",
                                 "have it exported with elements in place of attributes"},
        [XML_MANY_NAMES] = {"the document has over 50000 different names",
                            "have it exported with numbers as values, not as names"},
        [XML_LARGE_RECORD] = {"a record has over 2000000 elements or 64 MiB",
                              "let `record:` name what repeats; is an end tag missing?"},
    };
    error_set(&source->error, EXIT_FAILED, "%s", texts[finding].message);
    error_place(&source->error, source->file, line, 0);
    return error_hint(&source->error, "%s", texts[finding].hint);
}

static bool refuse_empty(struct xml_source *source)
{
    error_set(&source->error, EXIT_FAILED, "the file is empty: a document was expected");
    error_place(&source->error, source->file, 1, 0);
    return error_hint(&source->error, "an export without records still has its top element; was "
                                      "it cut off?");
}

/* Adds that a mapping may ask for the encoding that the bytes are in, or, where they fit none or
 * several, may name it: the repair could not choose. Returns false. */
static bool hint_encoding(struct xml_source *source)
{
    char hint[sizeof(source->error.hint)];
    if (!strstr(source->error.message, "encoding") && !strstr(source->error.message, "decoded"))
        return false;
    struct decode_options options = {source->path, source->file, "auto", MARK_TAGS, 0};
    const char *found = NULL;
    struct error untold = {0};
    snprintf(hint, sizeof(hint), "%s", source->error.hint);
    if (!encoding_detect(&options, &found, &untold))
        return error_hint(&source->error,
                          "the bytes do not tell their encoding, so `repair: [encoding]` cannot "
                          "mend it: ask who exports the file and name it in the mapping, "
                          "`encoding: gb18030` or big5 …");
    if (source->may_redeclare)
        return false;
    return error_hint(&source->error,
                      "%.300s%sif exports vary, `repair: [encoding]` in the mapping takes the one "
                      "that the bytes are in",
                      hint, hint[0] ? "; " : "");
}

static bool read_text(struct xml_source *source)
{
    uint64_t line;
    buffer_clear(&source->text);
    buffer_clear(&source->repaired);
    source->used = 0;
    if (!decoder_read(source->decoder, &source->text, &source->ended, &source->error))
        return hint_encoding(source);
    source->empty = source->empty && source->text.length == 0;
    if (source->empty && source->ended)
        return refuse_empty(source);
    if (decoder_undecodable(source->decoder)) {
        decoder_fail_undecodable(source->decoder, &source->error);
        return hint_encoding(source);
    }
    if (source->repair && source->text.length + (source->ended ? 1 : 0))
        xml_repair_feed(source->repair, source->text.data, source->text.length, source->ended,
                        &source->repaired);
    enum xml_finding finding = xml_scan_feed(source->scan, buffer_slice(&source->text), &line);
    return finding == XML_FINE || refuse(source, finding, line);
}

static const struct buffer *text_of(const struct xml_source *source)
{
    return source->repair ? &source->repaired : &source->text;
}

int xml_source_read(struct xml_source *source, char *bytes, int length)
{
    while (source->used == text_of(source)->length && !source->ended && !source->error.exit_code)
        if (!read_text(source))
            return -1;
    if (source->error.exit_code || length < 0)
        return -1;
    struct slice given =
        slice_cut(buffer_slice(text_of(source)), source->used, source->used + (size_t)length);
    if (given.length)
        memcpy(bytes, given.data, given.length);
    source->used += given.length;
    return (int)given.length;
}

const struct error *xml_source_error(const struct xml_source *source)
{
    return source->error.exit_code ? &source->error : NULL;
}

bool xml_source_is_cut(const struct xml_source *source, uint64_t *line)
{
    return source->ended && source->used == text_of(source)->length &&
           xml_scan_is_open(source->scan, line);
}

void xml_source_notice(const struct xml_source *source, struct row_reader *reader)
{
    static const struct {
        enum repair repair;
        const char *text;
    } repairs[] = {
        {REPAIR_PROLOG, "instructions that are reserved were passed over (repair: prolog)"},
        {REPAIR_LEADING_TEXT,
         "bytes of text before the document were passed over (repair: leading_text)"},
        {REPAIR_END_TAGS,
         "end tags are missing at the end and were added (repair: end_tags): is the file whole?"},
        {REPAIR_AMPERSAND, "ampersands that begin no entity were read as text (repair: ampersand)"},
        {REPAIR_TRAILING_TEXT,
         "bytes of text behind the top element were passed over (repair: trailing_text)"},
        {REPAIR_ATTRIBUTE_QUOTES,
         "attributes without quotes were given them (repair: attribute_quotes)"},
    };
    if (source->redeclared)
        notice_add(reader, "repaired",
                   "%s: it declares %s and is %s; it was read as that (repair: encoding)",
                   source->file, source->declared, source->redeclared);
    if (source->claimed[0])
        notice_add(reader, "encoding_declared",
                   "%s: it declares %s and is %s; it was read as that: have the declaration mended",
                   source->file, source->claimed, source->found);
    for (size_t i = 0; source->repair && i < sizeof(repairs) / sizeof(repairs[0]); i++) {
        uint64_t line = 0;
        uint64_t count = xml_repair_count(source->repair, repairs[i].repair, &line);
        if (count)
            notice_add(reader, "repaired", "%s:%llu: %llu %s", source->file,
                       (unsigned long long)line, (unsigned long long)count, repairs[i].text);
    }
}

bool xml_source_next(struct xml_source *source, struct xml_span *span)
{
    return xml_scan_next(source->scan, span);
}

bool xml_source_raw(struct xml_source *source, uint64_t offset, uint64_t length,
                    struct buffer *bytes, struct error *error)
{
    return decoder_raw(source->decoder, offset, length, bytes, error);
}
