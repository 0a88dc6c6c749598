#include "cust360/base/file.h"
#include "cust360/yaml.h"
#include "support.h"

/* Slips of the hand and of the disk: whatever the bytes are, reading ends, with a document or with
 * a message that has a place. */

enum { ROUNDS = 40, CHANGES_MOST = 4 };

TestSuite(yaml_mutation, .init = config_open, .fini = config_close, .timeout = 120);

/* A generator of our own, so that a failure can be repeated. */
static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static struct slice mutate(struct slice text, uint32_t *state)
{
    static const char spice[] = "{}[]'\"#&*!|>%@`:,-?\n\r\t ~<\x80\xFF\0";
    struct slice copy = arena_copy(config_arena(), text);
    char *bytes = arena_text(config_arena(), copy);
    size_t length = copy.length;
    for (uint32_t change = next_random(state) % CHANGES_MOST + 1; change && length; change--) {
        size_t at = next_random(state) % length;
        switch (next_random(state) % 4) {
        case 0:
            bytes[at] = (char)next_random(state);
            break;
        case 1:
            bytes[at] = spice[next_random(state) % (sizeof(spice) - 1)];
            break;
        case 2:
            memmove(bytes + at, bytes + at + 1, length - at - 1);
            length--;
            break;
        default:
            length = at;
            break;
        }
    }
    return slice_make(bytes, length);
}

static void read_mutation(const char *path, struct slice text)
{
    struct error error = {0};
    struct document *document = document_read(path, text, &error);
    if (document) {
        cr_assert_eq(node_kind(document_root(document)), NODE_MAPPING);
        document_close(document);
        return;
    }
    cr_assert_eq(error.exit_code, EXIT_CONFIGURATION, "%s", path);
    cr_assert(error.line > 0 && error.column > 0 && error.message[0], "%s: %s", path,
              error.message);
    config_described(&error);
}

static size_t mutate_files(const char *pattern, uint32_t *state)
{
    char **paths = NULL;
    size_t count = 0;
    struct error error;
    cr_assert(file_glob(config_arena(), pattern, &paths, &count, &error));
    for (size_t i = 0; i < count; i++) {
        struct slice text = config_read(paths[i]);
        for (int round = 0; round < ROUNDS; round++)
            read_mutation(paths[i], mutate(text, state));
    }
    return count * ROUNDS;
}

Test(yaml_mutation, mutated_documents_are_read_or_refused)
{
    static const char *const patterns[] = {"mappings/*.yaml", "mappings/*/*.yaml",
                                           "samples/*/cust360.yaml",
                                           "tests/unit/config/corpus/*.yaml"};
    uint32_t state = 20260630;
    size_t documents = 0;
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
        documents += mutate_files(patterns[i], &state);
    cr_assert_geq(documents, 2000);
}

Test(yaml_mutation, mutated_mappings_are_bound_or_refused)
{
    struct model *model = config_model();
    uint32_t state = 77;
    static const char *const paths[] = {"mappings/dms/wide.yaml", "mappings/dms/split.yaml",
                                        "mappings/dms/xml.yaml", "mappings/dms/odbc.yaml",
                                        "mappings/dms/leads_adf.yaml"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct slice text = config_read(paths[i]);
        for (int round = 0; round < 2 * ROUNDS; round++) {
            struct error error = {0};
            struct slice mutation = mutate(text, &state);
            const char *path = config_path("mutation.yaml");
            cr_assert(file_replace(path, mutation, &error));
            if (!mapping_load(config_arena(), path, model, &error))
                cr_assert_eq(error.exit_code, EXIT_CONFIGURATION, "%s", config_described(&error));
        }
    }
}
