#include "config/project.h"
#include "cust360/base/encoding_name.h"
#include "cust360/base/file.h"
#include "cust360/base/log.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"
#include "cust360/base/pattern.h"
#include "cust360/base/text.h"

#include <stdio.h>
#include <sys/stat.h>

/* An XML declaration fits well into this. */
enum { HEAD_BYTES = 256 };

/* ---- ids ---- */

/* How an entry gets the ids of its files. */
struct id_rule {
    struct pattern *pattern; /* NULL: up to the first "_", "." or "-" */
    struct matcher *matcher;
    int group;
};

static bool id_rule_open(struct id_rule *rule, const struct node *node, struct error *error)
{
    struct error trouble;
    *rule = (struct id_rule){NULL, NULL, 1};
    if (!node)
        return true;
    rule->pattern = pattern_compile(node_slice(node), false, &trouble);
    if (!rule->pattern)
        return node_error_at(node, trouble.column ? (size_t)trouble.column - 1 : 0, error, "%s",
                             trouble.message);
    rule->matcher = matcher_create();
    if (pattern_group(rule->pattern, "id") > 0)
        rule->group = pattern_group(rule->pattern, "id");
    return true;
}

static void id_rule_close(struct id_rule *rule)
{
    matcher_destroy(rule->matcher);
    pattern_destroy(rule->pattern);
}

static struct slice id_of_file(const struct id_rule *rule, const char *name)
{
    struct slice text = slice_of(name);
    if (!rule->pattern)
        return slice_make(name, strcspn(name, "_.-"));
    if (!text_is_valid(text, NULL) ||
        pattern_match(rule->pattern, rule->matcher, text) != PATTERN_MATCH)
        return SLICE("");
    return matcher_group(rule->matcher, rule->group);
}

/* ---- what an XML file declares ---- */

struct slice declared_encoding(const char *path, char *bytes, size_t capacity)
{
    FILE *file = file_stream(path);
    if (!file)
        return SLICE("");
    struct slice head = slice_make(bytes, fread(bytes, 1, capacity, file));
    (void)fclose(file); /* was only read */
    if (slice_starts_with(head, SLICE("\xFF\xFE")) || slice_starts_with(head, SLICE("\xFE\xFF")))
        return SLICE("utf-16");
    ptrdiff_t end = slice_find(head, SLICE("?>"));
    head = slice_cut(head, 0, end < 0 ? 0 : (size_t)end);
    ptrdiff_t at = slice_find(head, SLICE("encoding"));
    if (at < 0)
        return SLICE("utf-8");
    size_t start = (size_t)at;
    while (start < head.length && head.data[start] != '"' && head.data[start] != '\'')
        start++;
    size_t stop = start + 1;
    while (stop < head.length && head.data[stop] != head.data[start])
        stop++;
    for (size_t i = start; i < stop && i < head.length; i++)
        if (bytes[i] >= 'A' && bytes[i] <= 'Z')
            bytes[i] = (char)(bytes[i] + ('a' - 'A'));
    return slice_cut(head, start + 1, stop);
}

/* Whether the entry takes this file; remembers the files that were looked at. */
static bool takes_file(struct project_binder *binder, const struct source_entry *entry,
                       const char *path)
{
    char head[HEAD_BYTES];
    if (entry->encoding_count == 0)
        return true;
    struct slice declared = declared_encoding(path, head, sizeof(head));
    const char *name = arena_text(binder->arena, declared);
    bool taken = false;
    for (size_t i = 0; i < entry->encoding_count; i++)
        taken = taken || encoding_names_agree(name, entry->encodings[i]);
    uint32_t before = map_find(binder->seen, slice_of(path));
    map_put(binder->seen, slice_of(path), taken || before == 1);
    return taken;
}

void warn_untaken(const struct project_binder *binder)
{
    char head[HEAD_BYTES];
    for (uint32_t i = 0; i < map_count(binder->seen); i++) {
        if (map_value(binder->seen, i) == 1)
            continue;
        const char *path = arena_text(binder->arena, map_key(binder->seen, i));
        struct slice declared = declared_encoding(path, head, sizeof(head));
        log_warning("%s: no source takes a file that declares the encoding \"%.*s\"", path,
                    SLICE_ARGUMENTS(declared));
        binder->project->files_passed_over++;
    }
}

/* ---- files ---- */

static bool add_matches(struct project_binder *binder, struct source_entry *entry,
                        const struct id_rule *rule, struct error *error)
{
    char **paths = NULL;
    size_t count = 0;
    const char *pattern = file_join(binder->arena, binder->project->feeds, entry->path);
    if (!file_glob(binder->arena, pattern, &paths, &count, error)) {
        char reason[sizeof(error->message)];
        snprintf(reason, sizeof(reason), "%s", error->message);
        return node_error(node_find(entry->node, "path"), error, "%s", reason);
    }
    if (count == 0)
        log_warning("%s:%llu: no file matches %s", node_file(entry->node),
                    (unsigned long long)node_line(entry->node), pattern);
    for (size_t i = 0; i < count; i++) {
        if (!takes_file(binder, entry, paths[i]))
            continue;
        struct slice id = id_of_file(rule, file_name(paths[i]));
        /* Whoever may put a file here may not stop the night by its name. */
        if (!is_source_id(id)) {
            log_warning("%s is passed over: its name gives no source id", paths[i]);
            binder->project->files_passed_over++;
            continue;
        }
        if (!add_source(binder, entry, arena_text(binder->arena, id), paths[i], error))
            return false;
    }
    return true;
}

static bool add_single(struct project_binder *binder, struct source_entry *entry,
                       const struct id_rule *rule, struct error *error)
{
    const char *path =
        entry->path ? file_join(binder->arena, binder->project->feeds, entry->path) : "";
    const char *id = entry->id;
    if (!id)
        id = arena_text(binder->arena, id_of_file(rule, file_name(path)));
    if (entry->path && entry->encoding_count && file_exists(path) &&
        !takes_file(binder, entry, path))
        return true;
    return add_source(binder, entry, id, path, error);
}

bool find_sources(struct project_binder *binder, struct source_entry *entry, struct error *error)
{
    struct id_rule rule;
    const struct node *id_pattern = node_find(entry->node, "id_pattern");
    bool is_pattern = entry->path && strpbrk(entry->path, "*?[");
    if (is_pattern && entry->id) {
        node_error(node_find(entry->node, "id"), error,
                   "a path with * gives several sources; each needs an id of its own");
        return error_hint(error, "ids are the file names up to the first _ . or -, or what "
                                 "id_pattern finds in them");
    }
    if (!entry->id && !entry->path)
        return node_error(entry->node, error, "a source without \"path\" needs an \"id\"");
    if (!id_rule_open(&rule, id_pattern, error))
        return false;
    bool done = is_pattern ? add_matches(binder, entry, &rule, error)
                           : add_single(binder, entry, &rule, error);
    id_rule_close(&rule);
    return done;
}
