"""A state and a view of the size of a large group, made out of a small night by SQL.

    review.py STATE_DB VIEW_DB CUSTOMERS CASES

Copies of a night's customers, records and cases under numbers of their own: what a steward does is
measured on those of the night itself, among all the others."""

import random
import sqlite3
import sys


def columns(database, table):
    return [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]


def multiply(database, table, copies, changes):
    """Inserts the rows so many times again; `changes` gives columns SQL with {k} for the copy."""
    names = columns(database, table)
    for k in range(1, copies):
        values = ", ".join(changes.get(name, f'"{name}"').replace("{k}", str(k)) for name in names)
        database.execute(f'INSERT INTO "{table}" SELECT {values} FROM "{table}_once"')


def once(database, table):
    database.execute(f'CREATE TEMP TABLE "{table}_once" AS SELECT * FROM "{table}"')


def grow_state(path, customers, cases):
    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous=OFF")
    database.execute("PRAGMA journal_mode=MEMORY")
    goldens = database.execute("SELECT count(*) FROM golden").fetchone()[0]
    issued = database.execute("SELECT max(golden_number) FROM golden").fetchone()[0]
    copies = customers // goldens + 1
    ids = database.execute("SELECT max(record_id) FROM record_customer").fetchone()[0]
    cars = database.execute("SELECT max(record_id) FROM record_ownership").fetchone()[0]
    changes = {
        "record_customer": {"record_id": f"record_id + {{k}} * {ids}",
                            "source_key": "source_key || '-{k}'"},
        "record_ownership": {"record_id": f"record_id + {{k}} * {cars}",
                             "source_key": "source_key || '-{k}'",
                             "customer_key": "customer_key || '-{k}'"},
        "crosswalk": {"record_id": f"record_id + {{k}} * {ids}",
                      "golden_number": f"golden_number + {{k}} * {issued}",
                      "home_number": f"home_number + {{k}} * {issued}"},
        "golden": {"golden_number": f"golden_number + {{k}} * {issued}",
                   "golden_id": "golden_id || '{k}'", "mobile": "mobile || '{k}'"},
        "golden_choice": {"golden_number": f"golden_number + {{k}} * {issued}",
                          "record_id": f"record_id + {{k}} * {ids}"},
        "link": {"record_a": f"record_a + {{k}} * {ids}", "record_b": f"record_b + {{k}} * {ids}"},
        "possible_match": {"record_a": f"record_a + {{k}} * {ids}",
                           "record_b": f"record_b + {{k}} * {ids}"},
    }
    for table, change in changes.items():
        once(database, table)
        multiply(database, table, copies, change)
    database.execute("UPDATE meta SET value = ? WHERE name = 'golden_issued'", (issued * copies,))
    grow_cases(database, cases, ids, issued, copies)
    database.commit()
    database.execute("ANALYZE")
    database.close()
    return copies


def grow_cases(database, cases, ids, issued, copies):
    names = columns(database, "review_case")
    rows = database.execute("SELECT * FROM review_case").fetchall()
    at = {name: i for i, name in enumerate(names)}
    dice = random.Random(1)
    count = len(rows)
    k = 0
    while count < cases:
        k = k % (copies - 1) + 1
        for row in rows:
            fresh = list(row)
            fresh[at["case_id"]] = None
            fresh[at["case_key"]] = dice.getrandbits(63)
            fresh[at["priority"]] = row[at["priority"]] * dice.random()
            fresh[at["first_day"]] = row[at["first_day"]] - dice.randrange(100)
            for name, step in (("record_a", ids), ("record_b", ids), ("golden_a", issued),
                               ("golden_b", issued)):
                if row[at[name]]:
                    fresh[at[name]] = row[at[name]] + k * step
            marks = ", ".join("?" * len(names))
            database.execute(f"INSERT INTO review_case VALUES({marks})", fresh)
            count += 1
            if count >= cases:
                return


def grow_view(path, copies):
    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous=OFF")
    database.execute("PRAGMA journal_mode=MEMORY")
    number = database.execute("SELECT max(golden_number) FROM customer").fetchone()[0]
    changes = {
        "customer": {"golden_number": f"golden_number + {{k}} * {number}",
                     "golden_id": "golden_id || '{k}'", "mobile": "mobile || '{k}'",
                     "id_number": "id_number || '{k}'"},
        "contact_point": {"golden_id": "golden_id || '{k}'", "value": "value || '{k}'"},
        "customer_source": {"golden_id": "golden_id || '{k}'",
                            "source_key": "source_key || '-{k}'"},
        "ownership": {"golden_id": "golden_id || '{k}'", "vin": "vin || '{k}'",
                      "plate": "plate || '{k}'"},
    }
    for table, change in changes.items():
        for name in columns(database, table):
            if name.endswith("_id") and name not in change and name != "golden_id":
                change[name] = "NULL"
        once(database, table)
        multiply(database, table, copies, change)
    database.commit()
    database.close()


if __name__ == "__main__":
    made = grow_state(sys.argv[1], int(sys.argv[3]), int(sys.argv[4]))
    grow_view(sys.argv[2], made)
