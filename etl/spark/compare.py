#!/usr/bin/env python3
"""Writes what a single machine's state.db holds as the lines that the stages write.

    compare.py STATE.DB FOLDER     crosswalk.txt, golden.txt, choices.txt, sorted by bytes

The same three files come out of the Spark driver with --lines; cmp tells whether they are equal.
"""
import re
import sqlite3
import sys

SPECIAL = re.compile(r"[\\\x00-\x1f\x7f]")
NAMED = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}


def escape(value):
    """A value as the stages' protocol writes it (include/cust360/stage.h)."""
    if value is None:
        return ""
    return SPECIAL.sub(lambda m: NAMED.get(m[0]) or "\\x%02x" % ord(m[0]), str(value))


def write(path, lines):
    with open(path, "wb") as file:
        file.writelines(sorted((line + "\n").encode() for line in lines))


def main(state, folder):
    database = sqlite3.connect(f"file:{state}?mode=ro", uri=True)
    columns = [(name, choice) for name, choice in database.execute(
        "SELECT name, choice FROM golden_column ORDER BY position")]
    matched = next(name for name, in database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'record_customer'"))
    ids = {record: f"{source} {key}" for record, source, key in database.execute(
        f"SELECT r.record_id, s.name, r.source_key FROM {matched} r JOIN source s USING (source_id)")}
    write(f"{folder}/crosswalk.txt", (
        f"{escape(ids[record])}\t{golden}" for record, golden in database.execute(
            "SELECT x.record_id, g.golden_id FROM crosswalk x JOIN golden g USING (golden_number)"
            f" JOIN {matched} r USING (record_id) WHERE r.closed_run IS NULL")))
    names = ", ".join(f'"{name}"' for name, _ in columns)
    write(f"{folder}/golden.txt", (
        "\t".join(map(escape, row)) for row in database.execute(
            f"SELECT golden_id, record_count, source_count, {names} FROM golden")))
    first = {}
    for name, choice in columns:
        first.setdefault(choice, name)
    write(f"{folder}/choices.txt", (
        f"{golden}\t{attribute}\t{rule} {escape(ids[record]) if record else ''}".rstrip()
        for golden, attribute, record, rule in database.execute(
            "SELECT g.golden_id, v.attribute, v.record_id, v.rule FROM golden_value v"
            " JOIN golden g USING (golden_number)") if attribute in first.values()))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
