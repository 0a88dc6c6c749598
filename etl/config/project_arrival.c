#include "config/project.h"
#include "cust360/base/buffer.h"
#include "cust360/base/file.h"

/* How a source says that its export is whole: see struct source. */

/* {id} and {file} in a name of the feeds folder. */
static bool fill_name(struct project_binder *binder, const struct node *node,
                      const struct source *source, const char **path, struct error *error)
{
    static const struct slice id = {"{id}", 4};
    static const struct slice file = {"{file}", 6};
    if (!node)
        return true;
    struct buffer name = BUFFER_EMPTY;
    struct slice rest = node_slice(node);
    while (rest.length) {
        if (slice_starts_with(rest, id)) {
            buffer_append_text(&name, source->id);
            rest = slice_cut(rest, id.length, rest.length);
        } else if (slice_starts_with(rest, file)) {
            buffer_append_text(&name, source->path[0] ? file_name(source->path) : source->id);
            rest = slice_cut(rest, file.length, rest.length);
        } else {
            buffer_append_byte(&name, rest.data[0]);
            rest = slice_cut(rest, 1, rest.length);
        }
    }
    const char *filled = arena_text(binder->arena, buffer_slice(&name));
    buffer_release(&name);
    if (strchr(filled, '{'))
        return node_error(node, error, "the places in a name are {id} and {file}");
    *path = file_join(binder->arena, binder->project->feeds, filled);
    return true;
}

bool bind_arrival(struct project_binder *binder, const struct node *node, struct source *source,
                  struct error *error)
{
    enum { SETTLE_MOST_SECONDS = 3600, STALE_MOST_DAYS = 36500 };
    int64_t settle = 0;
    int64_t stale = SOURCE_STALE_ANY;
    if (!node_read_integer(node_find(node, "settle"), 0, SETTLE_MOST_SECONDS, &settle, error) ||
        !node_read_integer(node_find(node, "max_stale_days"), 0, STALE_MOST_DAYS, &stale, error))
        return false;
    source->settle_seconds = (uint32_t)settle;
    source->max_stale_days = (int32_t)stale;
    return fill_name(binder, node_find(node, "done_file"), source, &source->done_file, error) &&
           fill_name(binder, node_find(node, "control_file"), source, &source->control_file, error);
}
