/* Any bytes as a configuration document: it is read or refused with a place, never more. */
#include "fuzz.h"

#include "cust360/yaml.h"

#include <stdlib.h>

/* Texts so nested are refused by the reader long before. */
enum { DEPTH_MOST = 10000 };

static size_t count_scalars(const struct node *node, size_t depth)
{
    if (depth > DEPTH_MOST)
        abort();
    if (node_kind(node) == NODE_SCALAR)
        return node_slice(node).length > 0;
    size_t scalars = 0;
    for (size_t i = 0; i < node_count(node); i++)
        scalars += node_kind(node) == NODE_SEQUENCE
                       ? count_scalars(node_item(node, i), depth + 1)
                       : count_scalars(node_key(node, i), depth + 1) +
                             count_scalars(node_value(node, i), depth + 1);
    return scalars;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct error error = {0};
    struct slice text = {(const char *)bytes, count};
    struct document *document = document_read("fuzz.yaml", text, &error);
    if (!document) {
        if (error.exit_code == 0 || error.message[0] == '\0')
            abort();
        return 0;
    }
    count_scalars(document_root(document), 0);
    document_close(document);
    return 0;
}
