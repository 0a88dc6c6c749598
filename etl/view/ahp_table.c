#include "view/ahp_table.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/view.h"
#include "view/ahp.h"

#include <string.h>

const char ahp_table_sql[] =
    "-- Weights of criteria by the Analytic Hierarchy Process, from the judgments in ahp.yaml.\n"
    "CREATE TABLE ahp_weight (\n"
    "    tree TEXT NOT NULL,      -- grade, satisfaction …\n"
    "    criterion TEXT NOT NULL, -- what is weighed\n"
    "    parent TEXT,             -- the criterion above; empty: the tree itself\n"
    "    level INTEGER NOT NULL,  -- 1: right below the tree\n"
    "    weight REAL NOT NULL,    -- among its siblings, whose weights sum to 1\n"
    "    global_weight REAL NOT NULL,     -- in the whole tree\n"
    "    consistency_ratio REAL NOT NULL, -- of the judgments that it is weighed by\n"
    "    is_leaf INTEGER NOT NULL,        -- 1: nothing is below it\n"
    "    PRIMARY KEY (tree, criterion)\n"
    ") WITHOUT ROWID;\n";

static bool add_node(struct statement *insert, const struct ahp_node *node, struct error *error)
{
    statement_bind_text(insert, 1, slice_of(node->tree));
    statement_bind_text(insert, 2, slice_of(node->name));
    if (node->parent)
        statement_bind_text(insert, 3, slice_of(node->parent));
    else
        statement_bind_null(insert, 3);
    statement_bind_integer(insert, 4, (int64_t)node->level);
    statement_bind_number(insert, 5, node->weight);
    statement_bind_number(insert, 6, node->global_weight);
    statement_bind_number(insert, 7, node->ratio);
    statement_bind_integer(insert, 8, node->is_leaf);
    return statement_run(insert, error);
}

static bool fill_table(struct database *database, const struct ahp_trees *trees,
                       struct error *error)
{
    struct statement *insert = statement_prepare(
        database, "INSERT INTO ahp_weight VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", error);
    bool filled = insert != NULL;
    for (size_t i = 0; filled && i < trees->count; i++)
        filled = add_node(insert, &trees->nodes[i], error);
    statement_destroy(insert);
    return filled;
}

bool ahp_table_make(struct arena *arena, struct database *database,
                    const struct view_options *options, bool is_work, struct error *error)
{
    struct ahp_random_index index;
    struct ahp_trees trees = {NULL, 0};
    const char *path = file_join(arena, options->folder, "ahp.yaml");
    const char *reference =
        options->reference ? options->reference : file_join(arena, options->folder, "../reference");
    if (!file_exists(path))
        return true;
    return ahp_random_index_read(file_join(arena, reference, "ahp_ri.csv"), &index, error) &&
           ahp_trees_read(arena, path, &index, &trees, error) &&
           database_run(database,
                        arena_format(arena, "CREATE %sTABLE%s", is_work ? "TEMP " : "",
                                     strstr(ahp_table_sql, " ahp_weight")),
                        error) &&
           fill_table(database, &trees, error);
}
