#!/usr/bin/env python3
"""Make the next night of given feeds: tests/bench/change_night.py FROM TO [--share 0.01] [--seed 1]

Copies a folder of feeds (those of samples/generate.py) and gives one customer in a hundred another
mobile number, or else another e-mail address. Nothing else changes: not the order of rows, nor any
other row. Every file is a new one, as after a night's export, and has to be read.
"""
import argparse
import random
import re
import shutil
import sqlite3
import sys
from pathlib import Path

# Digits and letters mean themselves in all encodings that the feeds have: two-byte characters do
# not contain eleven digits in a row.
MOBILE = re.compile(rb'(?<!\d)(1[3-9]\d[- ]?\d{4}[- ]?)(\d{4})(?!\d)')
MAIL = re.compile(rb'([A-Za-z0-9._-]+)(@[A-Za-z0-9.-]+)')
CUSTOMER_FILES = ('*_archive.csv', '*_customers.csv', 'hq_members.csv', '*_export.xml')
XML_CUSTOMER = re.compile(rb'<Customer id="([^"]*)".*?</Customer>', re.DOTALL)


def change_text(text, digits):
    """The row with another number or address; the same when it has neither."""
    changed = MOBILE.sub(lambda m: m.group(1) + digits, text, count=1)
    if changed == text:
        changed = MAIL.sub(lambda m: m.group(1) + digits + m.group(2), text, count=1)
    return changed


def choose(keys, share, chance):
    """So many of the customers, and the digits that each gets."""
    keys = sorted(keys)
    return {key: b'%04d' % chance.randrange(10000)
            for key in chance.sample(keys, round(len(keys) * share))}


def change_rows(content, share, chance):
    """Customers are the lines by their first field; those of one customer change alike."""
    lines = content.split(b'\n')
    chosen = choose({line.split(b',', 1)[0] for line in lines[1:] if line}, share, chance)
    for number, line in enumerate(lines[1:], 1):
        digits = chosen.get(line.split(b',', 1)[0])
        if digits:
            lines[number] = change_text(line, digits)
    return b'\n'.join(lines), len(chosen)


def change_elements(content, share, chance):
    keys = {match.group(1) for match in XML_CUSTOMER.finditer(content)}
    chosen = choose(keys, share, chance)

    def change(match):
        digits = chosen.get(match.group(1))
        return change_text(match.group(0), digits) if digits else match.group(0)

    return XML_CUSTOMER.sub(change, content), len(chosen)


def change_database(path, share, chance):
    database = sqlite3.connect(path)
    keys = [row[0] for row in database.execute('SELECT c_id FROM t_cust')]
    chosen = choose(keys, share, chance)
    for key, digits in chosen.items():
        database.execute("UPDATE t_cust SET c_tel = substr(coalesce(c_tel, ''), 1,"
                         " length(c_tel) - 4) || ? WHERE c_id = ?", (digits.decode(), key))
    database.commit()
    database.close()
    return len(chosen)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('source', type=Path)
    parser.add_argument('target', type=Path)
    parser.add_argument('--share', type=float, default=0.01)
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    if options.target.exists():
        sys.exit(f'change_night.py: {options.target} is there already')
    options.target.mkdir(parents=True)
    total = 0
    for path in sorted(options.source.iterdir()):
        target = options.target / path.name
        chance = random.Random(f'{options.seed} {path.name}')
        if path.suffix == '.sqlite':
            shutil.copyfile(path, target)
            total += change_database(target, options.share, chance)
        elif any(path.match(pattern) for pattern in CUSTOMER_FILES):
            change = change_elements if path.suffix == '.xml' else change_rows
            content, count = change(path.read_bytes(), options.share, chance)
            target.write_bytes(content)
            total += count
        else:
            shutil.copyfile(path, target)
    print(f'{total:,} customers changed')


if __name__ == '__main__':
    main()
