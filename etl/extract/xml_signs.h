/* xml_signs.h: what markup looks like, for those who read documents that are not quite XML. */
#ifndef CUST360_EXTRACT_XML_SIGNS_H
#define CUST360_EXTRACT_XML_SIGNS_H

#include "cust360/base/slice.h"

#include <stdint.h>

static inline bool xml_is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* Whether XML knows what stands between & and ; without a DTD: its five names, and numbers. */
bool xml_entity_is_known(struct slice name);

/* The character of a name that HTML knows (nbsp, eacute, ndash); 0: there is none. */
uint32_t html_entity_find(struct slice name);

/* Whether `rest` begins with <?, <! or a tag of this local name; <b@c.cn> does not. */
bool xml_markup_begins(struct slice name, struct slice rest);

#endif
