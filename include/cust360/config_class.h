/* config_class.h: what the values of a field tell of a person (`class` of a field in model.yaml).
 *
 * Whatever shows values to others than those who need them asks for a field's class and masks from
 * FIELD_PERSONAL on; only the published view's own columns hold values whole. `show`, `find` and
 * `precall` tell these columns to whoever may read the view's file (mode 0600), as any other reader
 * of it would; for others there are the files of roles. */
#ifndef CUST360_CONFIG_CLASS_H
#define CUST360_CONFIG_CLASS_H

#include "cust360/base/arena.h"
#include "cust360/base/slice.h"

enum field_class {
    FIELD_PLAIN,
    FIELD_PERSONAL, /* of a person: name, birthday, mobile, plate */
    FIELD_SENSITIVE /* can harm when it leaks: identity number, precise address, finance (PIPL art.
                       28) */
};

extern const char *const field_class_names[]; /* by enum field_class; ends with NULL */

/* Whether a field of that name, of whichever entity, is personal or sensitive. */
struct model;
bool model_hides(const struct model *model, struct slice name);

/* Whether values of a field of that name may be shown to anybody: an entity has it, and all that
 * have it as plain. What the model does not know may not. */
bool model_shows(const struct model *model, struct slice name);

/* How people see a field's values who have not asked for them whole. */
enum field_showing {
    FIELD_MASKED,
    FIELD_AS_KEY, /* a source's number: whole, unless it is a person's own (text_mask_key) */
    FIELD_WHOLE
};

/* As model_shows says of a field of that name. */
enum field_showing model_showing(const struct model *model, struct slice name);

/* The value as it is shown: itself, or masked in the arena. */
struct slice field_shown(enum field_showing showing, struct arena *arena, struct slice value);

#endif
