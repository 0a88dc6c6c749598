"""The database dialect: three tables, written as an SQLite database or as the SQL that builds it.

The text stands in version control and can be read; `sqlite3 D04.sqlite < D04.sql` makes the
database of it. Both hold the same rows.
"""
import sqlite3

from ..formats import date_text

TABLES = {
    't_cust': ('c_id text primary key', 'c_name text', 'c_sex integer', 'c_kind integer',
               'c_tel text', 'c_cert text', 'c_birth text', 'c_addr text', 'c_mail text',
               'c_upd text'),
    't_car': ('c_id text', 'vin text', 'plate text', 'model text', 'buy_date text', 'price real'),
    't_repair': ('r_id integer primary key', 'c_id text', 'vin text', 'in_date text', 'job text',
                 'amount real', 'km integer'),
}
GENDERS = {'M': 0, 'F': 1, '': None}
ROWS_PER_STATEMENT = 200


def write_database(path, exported, breaks):
    file_path = path.with_name(path.name + '.sqlite')
    file_path.unlink(missing_ok=True)
    database = sqlite3.connect(file_path)
    for table, columns in TABLES.items():
        database.execute(f'create table {table}({", ".join(columns)})')
        marks = ','.join('?' * len(columns))
        database.executemany(f'insert into {table} values({marks})', _rows(table, exported))
    database.commit()
    database.close()
    return []


def write_text(path, exported, breaks):
    with open(path.with_name(path.name + '.sql'), 'w', encoding='utf-8', newline='\n') as file:
        file.write('BEGIN;\n')
        for table, columns in TABLES.items():
            file.write(f'CREATE TABLE {table}({", ".join(columns)});\n')
            rows = [f'({",".join(map(_literal, row))})' for row in _rows(table, exported)]
            for first in range(0, len(rows), ROWS_PER_STATEMENT):
                file.write(f'INSERT INTO {table} VALUES\n')
                file.write(',\n'.join(rows[first:first + ROWS_PER_STATEMENT]) + ';\n')
        file.write('COMMIT;\n')
    return []


def _rows(table, exported):
    return {'t_cust': _customer_rows, 't_car': _car_rows, 't_repair': _repair_rows}[table](exported)


def _customer_rows(exported):
    for record in exported:
        yield (record.key, record.name, GENDERS[record.gender], int(record.is_company),
               record.mobile or None, record.id_no or None, _chinese_date(record.birth),
               record.address or None, record.email or None,
               date_text(record.updated, '%Y-%m-%d %H:%M:%S'))


def _car_rows(exported):
    for record in exported:
        for typed in record.cars:
            yield (record.key, typed.vin, typed.plate, typed.car.model,
                   date_text(typed.owned_since, '%Y-%m-%d'), typed.car.price_yuan)


def _repair_rows(exported):
    order = 0
    for record in exported:
        for typed in record.cars:
            for visit in typed.visits:
                order += 1
                yield (order, record.key, typed.vin, date_text(visit.date, '%Y-%m-%d'),
                       visit.job, visit.amount_yuan, visit.mileage_km)


def _chinese_date(date):
    return f'{date.year}年{date.month}月{date.day}日' if date else None


def _literal(value):
    if value is None:
        return 'NULL'
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)
