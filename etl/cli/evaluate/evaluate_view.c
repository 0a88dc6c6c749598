#include "cli/evaluate/evaluate_view.h"
#include "cust360/base/csv.h"
#include "cust360/base/database.h"

static const char create_sql[] =
    "CREATE TEMP TABLE truth_record (source TEXT, key TEXT, entity TEXT);"
    "CREATE TEMP TABLE truth_entity (entity TEXT PRIMARY KEY, mobile TEXT, owned INTEGER);";

/* Merged right: all records of the entity are in one golden record, and nobody else's are. */
static const char join_sql[] =
    "CREATE TEMP TABLE placed AS"
    " SELECT t.entity, s.golden_id FROM truth_record t CROSS JOIN customer_source s"
    " ON s.source_key = t.key AND s.source = t.source;"
    "CREATE TEMP TABLE of_one AS SELECT golden_id, min(entity) AS entity FROM placed"
    " GROUP BY golden_id HAVING min(entity) = max(entity);"
    "CREATE TEMP TABLE right_one AS"
    " SELECT o.entity, o.golden_id FROM of_one o JOIN (SELECT entity FROM placed GROUP BY entity"
    " HAVING min(golden_id) = max(golden_id)) p ON p.entity = o.entity;";

struct promise {
    const char *name;
    const char *sql; /* how many hold, of how many */
};

static const struct promise promises[] = {
    {"cars owned right",
     "SELECT sum(c.cars_owned = e.owned), count(*) FROM right_one r"
     " JOIN truth_entity e ON e.entity = r.entity JOIN customer c ON c.golden_id = r.golden_id"
     " WHERE e.owned IS NOT NULL"},
    /* For a truth that does not count the cars which a customer bought from another one. */
    {"cars owned right, second-hand ones aside",
     "SELECT sum(c.cars_owned - coalesce(h.cars, 0) = e.owned), count(*) FROM right_one r"
     " JOIN truth_entity e ON e.entity = r.entity JOIN customer c ON c.golden_id = r.golden_id"
     " LEFT JOIN (SELECT o.to_golden_id, count(*) AS cars FROM owner_change o JOIN vehicle v"
     " ON v.vin = o.vin AND v.owner_golden_id = o.to_golden_id AND v.owned_since = o.changed_on"
     " GROUP BY o.to_golden_id) h ON h.to_golden_id = r.golden_id WHERE e.owned IS NOT NULL"},
    /* Of those whose number the group's records know: nobody can tell whose another one is. */
    {"withdrew from every channel, no contact planned",
     "SELECT sum(NOT EXISTS (SELECT 1 FROM contact_plan p CROSS JOIN placed w"
     " ON w.golden_id = p.golden_id WHERE w.entity = e.entity)), count(*) FROM truth_entity e"
     " WHERE EXISTS (SELECT 1 FROM consent k WHERE k.contact_value = e.mobile) AND EXISTS"
     " (SELECT 1 FROM contact_point q CROSS JOIN placed w ON w.golden_id = q.golden_id"
     " WHERE q.value = e.mobile AND w.entity = e.entity) AND NOT EXISTS"
     " (SELECT 1 FROM consent k WHERE k.contact_value = e.mobile AND k.decision ="
     " (SELECT value FROM parameter WHERE name = 'consent_granted'))"},
    {"customers with at most one contact a day",
     "SELECT sum(n = 1), count(*) FROM (SELECT count(*) AS n FROM"
     " (SELECT golden_id, plan_golden_id FROM contact_plan_lead WHERE plan_golden_id IS NOT NULL"
     " UNION SELECT golden_id, golden_id FROM contact_plan) GROUP BY golden_id)"},
    {"numbers with at most one contact a day",
     "SELECT sum(n = 1), count(*) FROM"
     " (SELECT count(*) AS n FROM contact_plan GROUP BY contact_value, plan_on)"},
};

static bool load(struct database *database, const struct csv_table *table, const size_t columns[3],
                 const char *sql, struct error *error)
{
    struct statement *insert = statement_prepare(database, sql, error);
    bool loaded = insert != NULL;
    for (size_t row = 0; loaded && row < table->row_count; row++) {
        for (int i = 0; i < 3; i++)
            statement_bind_text(insert, i + 1, csv_table_cell(table, row, columns[i]));
        loaded = statement_run(insert, error);
    }
    statement_destroy(insert);
    return loaded;
}

static bool read_truth(struct arena *arena, struct database *database,
                       const struct view_truth *truth, struct error *error)
{
    struct csv_table table;
    size_t columns[3];
    return csv_table_read(arena, truth->records, ',', &table, error) &&
           csv_table_require(&table, "source", &columns[0], error) &&
           csv_table_require(&table, "key", &columns[1], error) &&
           csv_table_require(&table, "entity", &columns[2], error) &&
           load(database, &table, columns, "INSERT INTO truth_record VALUES (?1, ?2, ?3)", error) &&
           csv_table_read(arena, truth->golden, ',', &table, error) &&
           csv_table_require(&table, "entity", &columns[0], error) &&
           csv_table_require(&table, "mobile", &columns[1], error) &&
           csv_table_require(&table, "vehicles_owned", &columns[2], error) &&
           load(database, &table, columns,
                "INSERT OR REPLACE INTO truth_entity VALUES (?1, ?2, nullif(?3, ''))", error);
}

static bool tell(struct database *database, const struct promise *promise, struct buffer *text,
                 struct error *error)
{
    struct statement *select = statement_prepare(database, promise->sql, error);
    if (!select)
        return false;
    bool told = statement_step(select, error) == ACCEPTED;
    if (told) {
        int64_t held = statement_integer(select, 0);
        int64_t all = statement_integer(select, 1);
        buffer_format(text, "view      %-48s %.5f  (%lld of %lld)\n", promise->name,
                      all > 0 ? (double)held / (double)all : 1.0, (long long)held, (long long)all);
    }
    statement_destroy(select);
    return told;
}

bool evaluate_view(struct arena *arena, const struct view_truth *truth, struct buffer *text,
                   struct error *error)
{
    struct database *database = database_open(truth->view_path, DATABASE_READ, error);
    bool done = database && database_run(database, create_sql, error) &&
                read_truth(arena, database, truth, error) &&
                database_run(database, join_sql, error);
    for (size_t i = 0; done && i < sizeof(promises) / sizeof(promises[0]); i++)
        done = tell(database, &promises[i], text, error);
    database_close(database);
    return done;
}
