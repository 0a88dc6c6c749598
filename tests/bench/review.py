"""A state and a view of the size of a large group, made out of a small night by SQL.

    review.py STATE_DB VIEW_DB CUSTOMERS CASES

Copies of a night's customers, records and cases under numbers of their own: what a steward does is
measured on those of the night itself, among all the others."""

import itertools
import random
import sqlite3
import sys

DECISIONS = 50000


def columns(database, table):
    return [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]


def open_fast(path):
    """For loading only: what a crash would leave does not matter."""
    database = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous=OFF", "journal_mode=OFF", "locking_mode=EXCLUSIVE",
                   "cache_size=-400000", "temp_store=MEMORY"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("BEGIN")
    return database


def multiply(database, table, copies, changes):
    """Inserts the rows so many times again, in the order of their keys and with the indexes taken
    away meanwhile, so that each row is appended; `changes` gives columns SQL with {k} for the
    copy."""
    names = columns(database, table)
    indexes = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND"
                               " tbl_name = ? AND sql IS NOT NULL", (table,)).fetchall()
    for name, _ in indexes:
        database.execute(f'DROP INDEX "{name}"')
    values = ", ".join(changes.get(name, f'o."{name}"').replace("{k}", "k.k") for name in names)
    keys = [row[1] for row in sorted(database.execute(f'PRAGMA table_info("{table}")'),
                                     key=lambda row: row[5]) if row[5]] or ["rowid"]
    order = ", ".join(f'"{name}"' for name in keys)
    database.execute(f'CREATE TEMP TABLE "{table}_once" AS SELECT * FROM "{table}" ORDER BY {order}')
    database.execute(f'INSERT INTO "{table}" WITH RECURSIVE k(k) AS (VALUES(1) UNION ALL SELECT'
                     f' k + 1 FROM k WHERE k + 1 < {copies}) SELECT {values} FROM k CROSS JOIN'
                     f' "{table}_once" o')
    for _, sql in indexes:
        database.execute(sql)


def grow_state(path, customers, cases):
    database = open_fast(path)
    goldens = database.execute("SELECT count(*) FROM golden").fetchone()[0]
    issued = database.execute("SELECT max(golden_number) FROM golden").fetchone()[0]
    copies = customers // goldens + 1
    ids = database.execute("SELECT max(record_id) FROM record_customer").fetchone()[0]
    cars = database.execute("SELECT max(record_id) FROM record_ownership").fetchone()[0]
    changes = {
        "record_customer": {"record_id": f"record_id + {{k}} * {ids}",
                            "source_key": "source_key || '-' || {k}"},
        "record_ownership": {"record_id": f"record_id + {{k}} * {cars}",
                             "source_key": "source_key || '-' || {k}",
                             "customer_key": "customer_key || '-' || {k}"},
        "crosswalk": {"record_id": f"record_id + {{k}} * {ids}",
                      "golden_number": f"golden_number + {{k}} * {issued}",
                      "home_number": f"home_number + {{k}} * {issued}"},
        "golden": {"golden_number": f"golden_number + {{k}} * {issued}",
                   "golden_id": "golden_id || {k}", "mobile": "mobile || {k}"},
        "golden_choice": {"golden_number": f"golden_number + {{k}} * {issued}",
                          "record_id": f"record_id + {{k}} * {ids}"},
        "link": {"record_a": f"record_a + {{k}} * {ids}", "record_b": f"record_b + {{k}} * {ids}"},
        "possible_match": {"record_a": f"record_a + {{k}} * {ids}",
                           "record_b": f"record_b + {{k}} * {ids}"},
    }
    for table, change in changes.items():
        multiply(database, table, copies, change)
    database.execute("UPDATE meta SET value = ? WHERE name = 'golden_issued'", (issued * copies,))
    grow_cases(database, cases, ids, issued, copies)
    grow_decisions(database, DECISIONS)
    # The audit log would have them by now, entry by entry.
    database.execute("INSERT OR REPLACE INTO meta SELECT 'note audit decision', max(decision_id)"
                     " FROM decision")
    database.execute("COMMIT")
    database.close()
    return copies


def grow_cases(database, cases, ids, issued, copies):
    names = columns(database, "review_case")
    rows = database.execute("SELECT * FROM review_case").fetchall()
    at = {name: i for i, name in enumerate(names)}
    marks = ", ".join("?" * len(names))
    made = itertools.islice(fresh_cases(rows, at, ids, issued, copies), cases - len(rows))
    database.executemany(f"INSERT INTO review_case VALUES({marks})", made)


def grow_decisions(database, count):
    """What stewards have said in former years, on pairs of the copies."""
    database.execute(
        "INSERT INTO decision(decided_at, decided_by, kind, source_a, key_a, source_b, key_b,"
        " seen_hash, word, case_key, batch)"
        " SELECT strftime('%Y-%m-%dT%H:%M:%SZ', '2026-06-29', '-' || (row_number() OVER () * 90)"
        " || ' seconds'), 'steward ' || (p.record_a % 8), 'different', sa.name, a.source_key,"
        " sb.name, b.source_key, 0, 'not_same', 0 - p.record_a, 1000000 + row_number() OVER ()"
        " FROM possible_match p JOIN record_customer a ON a.record_id = p.record_a"
        " JOIN source sa ON sa.source_id = a.source_id"
        " JOIN record_customer b ON b.record_id = p.record_b"
        " JOIN source sb ON sb.source_id = b.source_id ORDER BY p.record_a DESC LIMIT ?", (count,))
    database.execute("UPDATE decision SET batch = decision_id WHERE batch > 1000000")


def fresh_cases(rows, at, ids, issued, copies):
    dice = random.Random(1)
    for k in itertools.cycle(range(1, copies)):
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
            yield fresh


def grow_view(path, copies):
    database = open_fast(path)
    number = database.execute("SELECT max(golden_number) FROM customer").fetchone()[0]
    changes = {
        "customer": {"golden_number": f"golden_number + {{k}} * {number}",
                     "golden_id": "golden_id || {k}", "mobile": "mobile || {k}",
                     "id_number": "id_number || {k}"},
        "contact_point": {"golden_id": "golden_id || {k}", "value": "value || {k}"},
        "customer_source": {"golden_id": "golden_id || {k}",
                            "source_key": "source_key || '-' || {k}"},
        "ownership": {"golden_id": "golden_id || {k}", "vin": "vin || {k}",
                      "plate": "plate || {k}"},
    }
    for table, change in changes.items():
        for name in columns(database, table):
            if name.endswith("_id") and name not in change and name != "golden_id":
                change[name] = "NULL"
        multiply(database, table, copies, change)
    database.execute("COMMIT")
    database.close()


if __name__ == "__main__":
    made = grow_state(sys.argv[1], int(sys.argv[3]), int(sys.argv[4]))
    grow_view(sys.argv[2], made)
