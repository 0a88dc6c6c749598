/* amount_words.h: amounts written in characters, as on receipts and contracts.
 *
 *   壹万贰仟叁佰元整 ──► 12300      伍角 ──► 0.5      十二万八 ──► 128000
 *
 * The capital forms that the rules for payment and settlement (支付结算办法, annex 1) prescribe,
 * and the common ones. */
#ifndef CUST360_STANDARDIZE_AMOUNT_WORDS_H
#define CUST360_STANDARDIZE_AMOUNT_WORDS_H

#include "cust360/base/slice.h"

/* Reads the number that the text begins with, with 元 角 分 整 behind it; *rest: what follows.
 * False: it does not begin with one, or the characters do not make one. A digit alone, which may be
 * anything, counts only before one of these words. */
bool amount_read_words(struct slice text, double *number, struct slice *rest);

#endif
