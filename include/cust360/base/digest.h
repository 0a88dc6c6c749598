/* digest.h: SHA-256 (FIPS 180-4), for what people sign: nobody can make another text with the same
 * digest. For everything else hash.h is a hundred times faster. Pure, thread safe. */
#ifndef CUST360_BASE_DIGEST_H
#define CUST360_BASE_DIGEST_H

#include "cust360/base/slice.h"

enum { DIGEST_TEXT_BYTES = 65 }; /* 64 hexadecimal digits and NUL */

void digest_text(struct slice bytes, char text[DIGEST_TEXT_BYTES]);

/* HMAC-SHA-256 (RFC 2104): nobody without the key can tell of which text it is, not even by trying
 * all that there may be. The key has up to 64 bytes. */
void digest_keyed(struct slice key, struct slice bytes, char text[DIGEST_TEXT_BYTES]);

#endif
