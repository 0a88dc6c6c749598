/* encoding.h: how the bytes of an encoding become characters.
 *
 * Names are those that people write (`GB-2312`, `gb2312`, `Big5-HKSCS` …). gbk, gb2312 and cp936
 * are read as GB18030, which holds them all, with CP936's 0x80 for the euro sign; big5 takes what
 * it lacks from CP950 and Big5-HKSCS. One encoding belongs to one decoder. */
#ifndef CUST360_EXTRACT_ENCODING_H
#define CUST360_EXTRACT_ENCODING_H

#include "cust360/base/error.h"

#include <iconv.h>

enum encoding_form {
    ENCODING_UTF8,
    ENCODING_UTF16,
    ENCODING_PAIRS, /* ASCII and two-byte characters, by table */
    ENCODING_OTHER  /* by iconv */
};

/* A two-byte character in UTF-8: three bytes and, in the last, how many they are and what it is. */
enum { PAIR_LENGTH = 7, PAIR_LONG = 8, PAIR_PRIVATE = 16 };
struct pair {
    unsigned char bytes[3]; /* PAIR_LONG: an index into `longer` */
    unsigned char flags;    /* 0: no character */
};

enum { PAIR_LEADS = 128, PAIR_TRAILS = 256, LONGER_BYTES = 8, LONGER_MAX = 4096 };

struct encoding {
    enum encoding_form form;
    char *name;         /* as we write it */
    bool big_endian;    /* UTF-16 */
    bool is_gb18030;    /* has four-byte characters, too */
    iconv_t library;    /* for those, and for ENCODING_OTHER; else (iconv_t)-1 */
    struct pair *pairs; /* [lead - 128][trail] */
    unsigned char (
        *longer)[LONGER_BYTES]; /* UTF-8 of four bytes and more; the first is its length */
    size_t longer_count;
};

/* Opens an encoding by name, neither `auto` nor `utf-16` without a byte order. NULL: the name is
 * not known, or it is an encoding in which a line end is not one byte. */
struct encoding *encoding_open(const char *name, struct error *error);
void encoding_close(struct encoding *encoding);

/* Whether two names mean one encoding. */
bool encoding_is(const char *name, const char *other);

/* Private-use characters (U+E000 to U+F8FF) but those that GB18030 itself has used for characters
 * of its own (mappings/reference/gb18030_pua.csv): many of them mean that the encoding is wrong. */
bool character_is_private(uint32_t code_point);

#endif
