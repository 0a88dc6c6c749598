/* sent.h: what was sent to a target, as it is remembered here.
 *
 * FOLDER/NAME/TOKEN.db is the view as the publication TOKEN sent it: a second name of the view's
 * file, which takes no room until the next view replaces it. The target's ledger says which token
 * counts, so that it does not matter when a publication is killed: its file is used or it is not.
 */
#ifndef CUST360_PUBLISH_SENT_H
#define CUST360_PUBLISH_SENT_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"

/* A token that nobody has used: TOKEN_BYTES. */
void sent_token(char *token);

/* The path of a publication's file; its folder is made. NULL: `error` is filled. */
const char *sent_path(struct arena *arena, const char *folder, const char *target,
                      const char *token, struct error *error);

/* Keeps the view under that path: a link, or a copy where that cannot be. */
bool sent_keep(const char *view_path, const char *path, struct error *error);

/* Whether the two paths name one and the same file. */
bool sent_is_same(const char *a, const char *b);

/* Removes all of a target's files but one. */
void sent_remove_others(struct arena *arena, const char *path);

#endif
