#include "view/parameter.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "cust360/yaml.h"

/* What the run itself sets. */
static const char *const run_names[] = {"as_of", "run_id"};

static const char question[] = "FROM parameter WHERE name = '";

/* The first place where a name is asked for. */
struct question_place {
    const struct view_file *file;
    uint64_t line;
};

struct asked {
    struct map *names;             /* value: 1 when view.yaml has it */
    struct question_place *places; /* by the name's number */
    size_t capacity;
};

bool parameter_add(struct database *database, const char *name, struct slice value,
                   struct error *error)
{
    int64_t integer = 0;
    double number = 0;
    struct statement *statement =
        statement_prepare(database, "INSERT INTO parameter VALUES (?1, ?2)", error);
    if (!statement)
        return false;
    statement_bind_text(statement, 1, slice_of(name));
    if (text_to_integer(value, &integer))
        statement_bind_integer(statement, 2, integer);
    else if (text_to_number(value, &number))
        statement_bind_number(statement, 2, number);
    else
        statement_bind_text(statement, 2, value);
    bool added = statement_run(statement, error);
    statement_destroy(statement);
    return added;
}

static bool is_run_name(struct slice name)
{
    for (size_t i = 0; i < sizeof(run_names) / sizeof(run_names[0]); i++)
        if (slice_equal(name, slice_of(run_names[i])))
            return true;
    return false;
}

/* Where the name begins when the question stands at `position`, else 0. A line break counts as a
 * space, and so do several. */
static size_t name_after_question(struct slice sql, size_t position)
{
    for (const char *wanted = question; *wanted; wanted++) {
        size_t start = position;
        if (*wanted == ' ')
            while (position < sql.length && strchr(" \n", sql.data[position]))
                position++;
        else if (position < sql.length && sql.data[position] == *wanted)
            position++;
        if (position == start)
            return 0;
    }
    return position;
}

static void ask(struct asked *asked, struct slice name, struct question_place place)
{
    uint32_t known = map_count(asked->names);
    if (is_run_name(name) || map_intern(asked->names, name) != known)
        return;
    asked->places = memory_grow(asked->places, &asked->capacity, known + 1, sizeof(*asked->places));
    asked->places[known] = place;
}

static void collect_asked(struct asked *asked, const struct view_file *file)
{
    uint64_t line = 1;
    for (size_t i = 0; i < file->sql.length; i++) {
        size_t start = file->sql.data[i] == 'F' ? name_after_question(file->sql, i) : 0;
        size_t end = start;
        while (start && end < file->sql.length && file->sql.data[end] != '\'')
            end++;
        if (start)
            ask(asked, slice_cut(file->sql, start, end), (struct question_place){file, line});
        line += file->sql.data[i] == '\n';
    }
}

static const char *nearest_asked(struct arena *arena, const struct asked *asked, const char *name)
{
    uint32_t count = map_count(asked->names);
    const char **names = arena_allocate_array(arena, count + 1, sizeof(*names));
    for (uint32_t i = 0; i < count; i++)
        names[i] = arena_text(arena, map_key(asked->names, i));
    return nearest_name(name, names, count);
}

static bool refuse_name(struct arena *arena, const struct asked *asked, const struct node *key,
                        struct error *error)
{
    const char *name = node_text(key);
    if (is_run_name(slice_of(name)))
        return node_error(key, error, "%s is set by the run", name);
    node_error(key, error, "unknown parameter %s: no SQL file asks for it", name);
    const char *near = nearest_asked(arena, asked, name);
    return near ? error_hint(error, "did you mean %s?", near) : false;
}

static bool add_parameters(struct arena *arena, struct database *database, struct asked *asked,
                           const struct node *parameters, struct error *error)
{
    for (size_t i = 0; i < node_count(parameters); i++) {
        const struct node *key = node_key(parameters, i);
        const char **values = NULL;
        size_t count = 0;
        if (map_number(asked->names, node_slice(key)) == MAP_NONE)
            return refuse_name(arena, asked, key, error);
        if (!node_read_texts(node_value(parameters, i), arena, &values, &count, error))
            return false;
        for (size_t v = 0; v < count; v++)
            if (!parameter_add(database, node_text(key), slice_of(values[v]), error))
                return false;
        map_put(asked->names, node_slice(key), 1);
    }
    return true;
}

static bool check_all_given(const struct asked *asked, const char *yaml_path, struct error *error)
{
    for (uint32_t i = 0; asked->places && i < map_count(asked->names); i++) {
        if (map_value(asked->names, i))
            continue;
        error_set(error, EXIT_CONFIGURATION, "the parameter %.*s is not in %s",
                  SLICE_ARGUMENTS(map_key(asked->names, i)), yaml_path);
        return error_place(error, asked->places[i].file->path, asked->places[i].line, 0);
    }
    return true;
}

static bool read_parameters(struct arena *arena, struct database *database, struct asked *asked,
                            const struct document *document, struct error *error)
{
    static const struct key_rule keys[] = {{"parameters", KEY_REQUIRED, NODE_MAPPING},
                                           {NULL, KEY_OPTIONAL, NODE_MAPPING}};
    const struct node *root = document_root(document);
    return node_check_keys(root, keys, error) &&
           add_parameters(arena, database, asked, node_find(root, "parameters"), error) &&
           check_all_given(asked, document_path(document), error);
}

bool parameter_table_fill(struct arena *arena, struct database *database, const char *folder,
                          const struct view_file *files, size_t file_count, struct error *error)
{
    struct document *document = document_open(file_join(arena, folder, "view.yaml"), error);
    if (!document)
        return false;
    struct asked asked = {map_create(), NULL, 0};
    for (size_t i = 0; i < file_count; i++)
        collect_asked(&asked, &files[i]);
    bool filled = read_parameters(arena, database, &asked, document, error);
    map_destroy(asked.names);
    memory_free(asked.places);
    document_close(document);
    return filled;
}
