/* Any bytes as a project file; the first byte chooses whether another document of the project is
 * meant instead: the model, how to match, what survives. Promised: each is bound or refused with a
 * message. No secret is fetched and no command started. */
#include "support.h"

#include "cust360/match.h"
#include "cust360/merge.h"

enum document_kind { PROJECT, MODEL, MATCH, SURVIVORSHIP, KINDS };

static const char *folder;
static const char *project_path;
static struct arena *kept;
static const struct model *model;

static void open_folder(void)
{
    static const char *const linked[] = {"mappings", "samples/group/feeds", NULL};
    struct error error = {0};
    folder = fuzz_folder(linked);
    project_path = fuzz_file_as(folder, "cust360.yaml");
    kept = arena_create();
    model = model_load(kept, "mappings/model.yaml", "mappings/codes", &error);
    require(model != NULL);
}

static bool load(enum document_kind kind, struct arena *arena, const char *path,
                 struct error *error)
{
    const struct project_overrides overrides = {.no_secrets = true};
    switch (kind) {
    case MODEL:
        return model_load(arena, path, "mappings/codes", error) != NULL;
    case MATCH:
        return match_rules_load(arena, path, model, error) != NULL;
    case SURVIVORSHIP:
        return survivorship_load(arena, path, model, error) != NULL;
    default:
        return project_load(arena, project_path, &overrides, error) != NULL;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct error error = {0};
    if (!folder)
        open_folder();
    if (count == 0)
        return 0;
    struct arena *arena = arena_create();
    const char *path = fuzz_file(bytes + 1, count - 1);
    require(load((enum document_kind)(bytes[0] % KINDS), arena, path, &error) ||
            (error.exit_code != 0 && error.message[0]));
    arena_destroy(arena);
    return 0;
}
