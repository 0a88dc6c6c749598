/* xml_tokens.h: the tags and texts of an XML document, whatever is wrong with it.
 *
 * Unlike a run's reader it refuses nothing: real senders leave a & bare, an attribute unquoted,
 * text behind the end. It says what it saw, so that a person can decide. */
#ifndef CUST360_PROFILE_XML_TOKENS_H
#define CUST360_PROFILE_XML_TOKENS_H

#include "cust360/base/buffer.h"

#include <stdint.h>

enum xml_defect {
    XML_RESERVED_NAME, /* <?XML … anywhere but as the declaration, <?ADF …> */
    XML_FILE_TYPE,     /* a DOCTYPE that only names a file */
    XML_TEXT_BEFORE,
    XML_BARE_AMPERSAND,
    XML_UNQUOTED_VALUE,
    XML_TAGS_CROSSED,
    XML_TEXT_OUTSIDE,
    XML_DOCTYPE,
    XML_ENDLESS_TOKEN,
    XML_CUT_OFF,
    XML_END_TAGS, /* of what stands around the records; see xml_tokens_finish */
    XML_DEFECTS
};

/* Names are local names. Slices live until the call returns. */
struct xml_listener {
    void (*begin)(void *context, struct slice name);
    void (*attribute)(void *context, struct slice name, struct slice value);
    void (*text)(void *context, struct slice text);
    void (*end)(void *context);
    void *context;
};

struct xml_tokens {
    struct xml_listener listener;
    struct buffer pending; /* of a token that is not whole yet */
    struct buffer decoded;
    struct buffer open; /* names of the open elements, each with a line feed behind */
    size_t depth;
    bool began; /* some element */
    bool later; /* something stood before, and be it blanks */
    uint64_t defects[XML_DEFECTS];
};

void xml_tokens_begin(struct xml_tokens *tokens, struct xml_listener listener);
void xml_tokens_release(struct xml_tokens *tokens);
void xml_tokens_feed(struct xml_tokens *tokens, struct slice text);

/* The document is over: elements that are still open end. They are cut off, or lack but their end
 * tags when no more than `around` are open: so many stand around every record. */
void xml_tokens_finish(struct xml_tokens *tokens, size_t around);

/* What a defect is called. */
const char *xml_defect_text(enum xml_defect defect);

/* What a mapping calls the repair of it; NULL: there is none. */
const char *xml_defect_repair(enum xml_defect defect);

#endif
