/* bind.h: what the binders of this folder share. */
#ifndef CUST360_CONFIG_BIND_H
#define CUST360_CONFIG_BIND_H

#include "cust360/config.h"
#include "cust360/yaml.h"

/* A key's text as the arena's own; NULL when the key is not there (or empty). */
const char *bind_text(const struct node *node, const char *key, struct arena *arena);

/* A name that becomes a column, a file name or a placeholder: a lower-case letter, then lower-case
 * letters, digits and underscores. */
bool bind_name(const struct node *node, struct error *error);

/* Fails with "did you mean" out of the model's names. */
bool bind_entity(const struct node *node, const struct model *model, size_t *entity,
                 struct error *error);
bool bind_field(const struct node *node, const struct model_entity *entity, size_t *field,
                struct error *error);

/* The class of a model's field whose kind or source is bound already, and whose `personal` holds
 * what that key says. */
bool bind_field_class(const struct node *node, const struct model_entity *entity,
                      struct model_field *field, struct error *error);

/* Checks that the node's text is a code of the set (empty text: no value). */
bool bind_code(const struct node *node, const struct code_set *set, struct error *error);

/* Checks that an encoding can be decoded; "auto" and nothing are allowed. A name that the system
 * does not know becomes the usual one (encoding_name.h). */
bool bind_encoding(const struct node *node, const char **encoding, struct arena *arena,
                   struct error *error);

/* Checks that a connection string holds no password. */
bool bind_connection_text(const struct node *node, struct error *error);

/* One file of mappings/codes/. */
bool code_set_load(struct arena *arena, const char *path, struct code_set *set,
                   struct error *error);

/* model_load, telling of each document and going on past code sets that are wrong. */
struct model *model_check(struct arena *arena, const char *model_path, const char *codes_folder,
                          const struct document_listener *listener, struct error *error);

#endif
