#include "extract/xml_source.h"
#include "cust360/base/memory.h"
#include "extract/encoding.h"

#include <stdio.h>

enum { DECLARATION_BYTES = 512, NAME_BYTES = 64 };

struct xml_source {
    struct decoder *decoder;
    struct xml_scan *scan;
    const char *file;
    struct buffer text; /* decoded and scanned */
    size_t used;        /* of it */
    bool empty;         /* no text so far */
    bool ended;
    struct error error; /* exit_code 0: none */
};

static struct slice read_begin(const char *path, char *bytes)
{
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(bytes, 1, DECLARATION_BYTES, file) : 0;
    if (file)
        (void)fclose(file); /* was only read */
    return slice_make(bytes, length);
}

/* The value of encoding="…" in the XML declaration, or the empty slice. */
static struct slice find_declared(struct slice begin)
{
    ptrdiff_t end = slice_find(begin, SLICE("?>"));
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

/* By byte order mark or zero bytes, by the declaration, or UTF-8 (XML 1.0, appendix F). A document
 * in single bytes that declares UTF-16 was converted without changing its declaration. */
static void choose_encoding(const char *path, char *name)
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
    if (fixed)
        declared = slice_of(fixed);
    snprintf(name, NAME_BYTES, "%.*s", SLICE_ARGUMENTS(declared));
}

struct xml_source *xml_source_open(struct table_file file, const char *declared,
                                   const struct xml_element *top, struct error *error)
{
    char name[NAME_BYTES];
    snprintf(name, sizeof(name), "%s", declared);
    if (encoding_is(declared, "auto"))
        choose_encoding(file.path, name);
    struct decode_options options = {file.path, file.name, name, MARK_TAGS, 0};
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
    source->empty = true;
    return source;
}

void xml_source_close(struct xml_source *source)
{
    if (!source)
        return;
    xml_scan_destroy(source->scan);
    decoder_close(source->decoder);
    buffer_release(&source->text);
    memory_free(source);
}

/* A DTD could name other files and entities that grow without end; libxml2 never sees one. */
static bool refuse_doctype(struct xml_source *source, uint64_t line)
{
    error_set(&source->error, EXIT_FAILED, "the document has a DOCTYPE, which is not accepted");
    error_place(&source->error, source->file, line, 0);
    return error_hint(&source->error, "exports need none: have it written without");
}

static bool refuse_empty(struct xml_source *source)
{
    error_set(&source->error, EXIT_FAILED, "the file is empty: a document was expected");
    error_place(&source->error, source->file, 1, 0);
    return error_hint(&source->error, "an export without records still has its top element; was "
                                      "it cut off?");
}

static bool read_text(struct xml_source *source)
{
    uint64_t line;
    buffer_clear(&source->text);
    source->used = 0;
    if (!decoder_read(source->decoder, &source->text, &source->ended, &source->error))
        return false;
    source->empty = source->empty && source->text.length == 0;
    if (source->empty && source->ended)
        return refuse_empty(source);
    if (decoder_undecodable(source->decoder))
        return decoder_fail_undecodable(source->decoder, &source->error);
    return xml_scan_feed(source->scan, buffer_slice(&source->text), &line) ||
           refuse_doctype(source, line);
}

int xml_source_read(struct xml_source *source, char *bytes, int length)
{
    while (source->used == source->text.length && !source->ended && !source->error.exit_code)
        if (!read_text(source))
            return -1;
    if (source->error.exit_code || length < 0)
        return -1;
    struct slice given =
        slice_cut(buffer_slice(&source->text), source->used, source->used + (size_t)length);
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
    return source->ended && source->used == source->text.length &&
           xml_scan_is_open(source->scan, line);
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
