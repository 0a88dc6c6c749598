/* page_mask.h: a customer's page as JSON, with personal values masked. */
#ifndef CUST360_REVIEW_PAGE_MASK_H
#define CUST360_REVIEW_PAGE_MASK_H

#include "cust360/base/buffer.h"

/* Appends the JSON with what stands under the names of the model's personal and sensitive fields
 * (and under value, contact) masked, numbers as null; all else stays byte for byte. */
struct model;
void page_mask(const struct model *model, struct slice json, struct buffer *masked);

#endif
