/* web_fields.h: forms and queries (application/x-www-form-urlencoded), read strictly. */
#ifndef CUST360_REVIEW_WEB_FIELDS_H
#define CUST360_REVIEW_WEB_FIELDS_H

#include "web.h"

/* False: an escape that is none, a byte that is not UTF-8, a control character but tab and line
 * end, a name twice or without letters, or more than WEB_FIELDS_MAX. The arena owns the fields. */
bool web_fields_read(struct arena *arena, struct slice text, struct web_fields *fields);

/* Whether ASCII texts are equal but for the case of letters, as names of headers are. */
bool web_name_equal(struct slice name, const char *other);

/* The only header of this name; false when it stands there twice. Not there: empty. */
bool web_header(struct web_fields headers, const char *name, struct slice *value);

/* Whether two texts are equal, in a time that does not tell where they differ. */
bool web_secret_equal(struct slice given, const char *secret);

#endif
