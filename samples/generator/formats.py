"""How dates and tables are written in the feeds.

A group's night has millions of dates and only some thousand different ones: hence the caches.
"""
import csv
from functools import cache


@cache
def date_text(date, pattern):
    """The date as the pattern says, or '' for none."""
    return date.strftime(pattern) if date else ''


@cache
def republic_date(date):
    """The date in the calendar of the Republic of China, whose first year is 1912."""
    if date is None or date.year < 1912:
        return ''
    return f'民國{date.year - 1911}年{date.month}月{date.day}日'


def write_table(path, heading, rows, encoding='utf-8', delimiter=','):
    with open(path, 'w', encoding=encoding, newline='') as file:
        table = csv.writer(file, delimiter=delimiter)
        table.writerow(heading)
        table.writerows(rows)
