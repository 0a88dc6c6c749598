#include "config/operation.h"
#include "config/secret.h"

/*   encryption:
 *     key: {file: secrets/state.key}       seals, and opens
 *     former: [{env: STATE_KEY_2025}]      open only: what was sealed before a rotation */

static bool bind_key(const struct node *node, const char *folder, struct arena *arena,
                     struct seal_ring *seals, struct error *error)
{
    const char *text = NULL;
    struct error reason;
    if (!secret_fetch(node, folder, arena, &text, error))
        return false;
    seals->keys[seals->count] = seal_key_parse(arena, slice_of(text), &reason);
    if (!seals->keys[seals->count]) {
        node_error(node, error, "%s", reason.message);
        error_hint(error, "%s", reason.hint);
        error->exit_code = reason.exit_code;
        return false;
    }
    seals->count++;
    return true;
}

bool bind_encryption(const struct node *encryption, const char *folder, struct arena *arena,
                     struct seal_ring *seals, struct error *error)
{
    static const struct key_rule keys[] = {
        {"key", KEY_REQUIRED, KEY_ANY_KIND},
        {"former", KEY_OPTIONAL, NODE_SEQUENCE},
        {NULL, KEY_OPTIONAL, KEY_ANY_KIND},
    };
    if (!encryption)
        return true;
    const struct node *former = node_find(encryption, "former");
    if (!node_check_keys(encryption, keys, error) ||
        !bind_key(node_find(encryption, "key"), folder, arena, seals, error))
        return false;
    for (size_t i = 0; former && i < node_count(former); i++) {
        if (seals->count == SEAL_KEYS_MOST)
            return node_error(node_item(former, i), error, "at most %d keys are known at a time",
                              SEAL_KEYS_MOST);
        if (!bind_key(node_item(former, i), folder, arena, seals, error))
            return false;
    }
    return true;
}
