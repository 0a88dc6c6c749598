/* unicode.h: bringing the forms of one character together.
 *
 * Two levels. Cleaning changes what nobody would miss (width, spaces, invisible characters,
 * compatibility forms); its result is kept. Simplifying and spelling out make what is compared, and
 * are never shown. Text is valid UTF-8 on both sides. Pure functions of their input and of the
 * tables; thread safe. */
#ifndef CUST360_STANDARDIZE_UNICODE_H
#define CUST360_STANDARDIZE_UNICODE_H

#include "cust360/base/buffer.h"
#include "standardize/reference/reference.h"

/* Whether the text is all printable ASCII and ideographs of U+4000 to U+9FFF: both folding and
 * normalizing leave it as it is. Nearly all values are; this is how to know it quickly. */
bool unicode_is_plain(struct slice text);

/* Appends `text` with full-width ASCII made half-width, ideographic and no-break spaces, tabs and
 * line ends made spaces, zero-width and control characters and variation selectors dropped,
 * radicals, compatibility ideographs and the private-use characters of older GB 18030 made the
 * characters they stand for, letters composed with their accents (NFC).
 * Nothing else changes: traditional characters stay traditional. */
void unicode_fold(const struct reference *reference, struct slice text, struct buffer *result);

/* Folds and leaves one space between words and none at the ends. The result is a part of `text`
 * when it had nothing else to change; else the arena owns it. */
struct slice unicode_clean(const struct reference *reference, struct slice text,
                           struct arena *arena);

/* Appends the text in normalization form NFKC (Unicode Standard Annex 15). */
void unicode_nfkc(struct slice text, struct buffer *result);

/* Traditional and variant ideographs to simplified ones. Borrows `text` when nothing changes. */
struct slice unicode_simplify(const struct reference *reference, struct slice text,
                              struct arena *arena);

/* Letters for comparing: the usual Mandarin readings of ideographs without tones (ü is v), other
 * letters in lower case without accents, digits; all else is left out. 中国Café 2 is
 * zhongguocafe2. */
struct slice unicode_spell(const struct reference *reference, struct slice text,
                           struct arena *arena);

/* The same for one character: writes to `bytes`, which has room for UNICODE_SPELLED_BYTES, and
 * returns how many bytes. */
enum { UNICODE_SPELLED_BYTES = 32 };
size_t unicode_spell_character(const struct reference *reference, uint32_t character, char *bytes);

/* Whether it is a letter of any script but not an ideograph; upper case, lower case forms. */
bool unicode_is_letter(uint32_t character);
uint32_t unicode_lower(uint32_t character);
uint32_t unicode_upper(uint32_t character);

#endif
