/* xml_scan.h: where the record elements of a document stand, to the byte.
 *
 * libxml2 tells neither the bytes of an element nor, past line 65535, its line. This scanner sees
 * the same text just before libxml2 does and notes each record element in document order. It knows
 * only as much XML as that takes: what is not well-formed libxml2 refuses anyway. */
#ifndef CUST360_EXTRACT_XML_SCAN_H
#define CUST360_EXTRACT_XML_SCAN_H

#include "extract/decode.h"
#include "extract/xml_path.h"

struct xml_span {
    uint64_t line; /* of its < */
    uint64_t file_offset;
    uint64_t file_length; /* with its end tag; 0: not ended yet */
};

/* What a document may not have, since reading it would need memory or time without bound. */
enum xml_finding {
    XML_FINE,
    XML_DOCTYPE,
    XML_MANY_ATTRIBUTES, /* over 1,000 of one element */
    XML_MANY_NAMES,      /* over 50,000 different ones of elements and attributes */
    XML_LARGE_RECORD     /* over 2,000,000 elements or 64 MiB within one record */
};

struct xml_scan;

/* Elements of `top` are looked for; places in the file come from the decoder (MARK_TAGS). */
struct xml_scan *xml_scan_create(const struct xml_element *top, struct decoder *decoder);
void xml_scan_destroy(struct xml_scan *scan);

/* Takes the next piece of the document. Otherwise than fine: *line is where. */
enum xml_finding xml_scan_feed(struct xml_scan *scan, struct slice text, uint64_t *line);

/* Whether the text so far ends inside an element or a tag; *line: where. */
bool xml_scan_is_open(const struct xml_scan *scan, uint64_t *line);

/* The next record element, in the order of begin tags; false: none has begun yet. */
bool xml_scan_next(struct xml_scan *scan, struct xml_span *span);

#endif
