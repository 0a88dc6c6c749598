/* review_chinese.h: what the sample's match rules say, in Chinese. */
#ifndef CUST360_CLI_REVIEW_CHINESE_H
#define CUST360_CLI_REVIEW_CHINESE_H

#include "cust360/base/slice.h"

/* Of comparisons, levels, attributes and blocking rules that a group has named itself: as they are.
 */
struct slice chinese_comparison(const char *name);
struct slice chinese_level(const char *name);
struct slice chinese_attribute(const char *name);
struct slice chinese_block(const char *name);

#endif
