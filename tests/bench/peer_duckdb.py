"""The floor: DuckDB reads the CSV into a table: peer_duckdb.py CSV"""
import sys

import duckdb

duckdb.connect().execute(
    f"CREATE TABLE raw AS SELECT * FROM read_csv('{sys.argv[1]}', all_varchar = true)")
