/* form.h: how a value differs that is whole in itself. */
#ifndef CUST360_RECONCILE_FORM_H
#define CUST360_RECONCILE_FORM_H

#include "cust360/base/slice.h"
#include "cust360/reconcile.h"

/* ZEROS_LOST, ROUNDED, DAY_AND_MONTH, TIME_SHIFTED, REWRITTEN, MASKED, or CHANGED when none of
 * them. Both are filled and not equal. */
enum discrepancy_kind form_difference(struct slice source, struct slice target);

/* Whether the texts are the same but for accents that the second lacks. */
bool form_lacks_accents(struct slice source, struct slice target);

#endif
