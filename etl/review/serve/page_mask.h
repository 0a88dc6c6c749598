/* page_mask.h: a customer's page as JSON, with personal values masked. */
#ifndef CUST360_REVIEW_PAGE_MASK_H
#define CUST360_REVIEW_PAGE_MASK_H

#include "cust360/base/buffer.h"

/* Appends the JSON with the text of personal keys (name, mobile, value of a contact …) masked; all
 * else stays byte for byte. */
void page_mask(struct slice json, struct buffer *masked);

#endif
