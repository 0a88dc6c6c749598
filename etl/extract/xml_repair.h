/* xml_repair.h: known defects of XML exports, mended because the mapping says so (`repair:`).
 *
 *   text ──► what is taken away is blanked in place ──► scanner (places stay what they are)
 *        └─► what is added goes into the output     ──► libxml2
 *
 * Each mending is counted. What is not named in the mapping is passed on as it is, for libxml2 to
 * refuse with its place. */
#ifndef CUST360_EXTRACT_XML_REPAIR_H
#define CUST360_EXTRACT_XML_REPAIR_H

#include "cust360/base/buffer.h"
#include "cust360/mapping.h"

struct xml_repair;

struct xml_repair_options {
    unsigned wanted;   /* bits of enum repair */
    struct slice root; /* the top element's local name; before it all else is text. Borrowed */
    size_t around;     /* how many elements stand around a record: their end tags may be missing */
};

struct xml_repair *xml_repair_create(const struct xml_repair_options *options);
void xml_repair_destroy(struct xml_repair *repair);

/* Takes the next piece of text, blanks in it what is dropped and appends what libxml2 is to see. */
void xml_repair_feed(struct xml_repair *repair, char *text, size_t length, bool last,
                     struct buffer *output);

/* How often a defect was mended (text before and behind: its bytes), and the line of the first. */
uint64_t xml_repair_count(const struct xml_repair *repair, enum repair kind, uint64_t *line);

#endif
