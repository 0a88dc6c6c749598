/* encoding_name.h: what people call the encodings of characters. */
#ifndef CUST360_BASE_ENCODING_NAME_H
#define CUST360_BASE_ENCODING_NAME_H

#include <stdbool.h>

/* The usual name of an encoding by one of those that people write: latin-1 is iso-8859-1, cp-936
 * gbk, UTF_8 utf-8. Neither case nor what is no letter or digit counts. A name that is not among
 * the common ones is given back as it is. Static text, or `name` itself. */
const char *encoding_usual_name(const char *name);

/* Whether two names are those of one encoding. */
bool encoding_names_agree(const char *name, const char *other);

#endif
