/* derive.h: what a value becomes in a derived attribute. Pure, thread safe. */
#ifndef CUST360_MATCH_DERIVE_H
#define CUST360_MATCH_DERIVE_H

#include "cust360/base/buffer.h"
#include "match/rules/rules.h"

/* The text is a part of `text` or stands in the buffer until the next call; empty: no value. */
struct slice derive_text(const struct attribute *attribute, struct slice text,
                         struct buffer *buffer);

#endif
