/* xml_source.h: an XML file as UTF-8 text, with the places of its record elements.
 *
 * Decoding is ours and not libxml2's: it is faster, knows that a declared gb2312 is really GBK, and
 * says where a byte is wrong. */
#ifndef CUST360_EXTRACT_XML_SOURCE_H
#define CUST360_EXTRACT_XML_SOURCE_H

#include "extract/reader.h"
#include "extract/xml_scan.h"

struct xml_source;

struct xml_source_options {
    const char *encoding; /* by the configuration; auto: what the document declares, else UTF-8 */
    unsigned repairs;     /* bits of enum repair */
};

struct xml_source *xml_source_open(struct table_file file, const struct xml_source_options *wanted,
                                   const struct xml_element *top, struct error *error);
void xml_source_close(struct xml_source *source);

/* Gives up to `length` bytes of text; 0: the end, -1: an error, see xml_source_error. */
int xml_source_read(struct xml_source *source, char *bytes, int length);

/* The error that ended reading, or NULL. */
const struct error *xml_source_error(const struct xml_source *source);

/* Tells in notices what was repaired. */
void xml_source_notice(const struct xml_source *source, struct row_reader *reader);

/* Whether all was read and the document is not whole; *line: of its end. */
bool xml_source_is_cut(const struct xml_source *source, uint64_t *line);

/* The place of the next record element in document order; it must have begun. */
bool xml_source_next(struct xml_source *source, struct xml_span *span);

/* Appends the bytes of the file. */
bool xml_source_raw(struct xml_source *source, uint64_t offset, uint64_t length,
                    struct buffer *bytes, struct error *error);

#endif
