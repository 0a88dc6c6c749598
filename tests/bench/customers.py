#!/usr/bin/env python3
"""Write a dealer group's customers as one flat CSV, with the truth in its column true_id.

    tests/bench/customers.py --records 1000000 --out customers.csv

The file has the columns of samples/customers. People, cars and what clerks typed come from
samples/generator, some worlds side by side, each with customers of its own; the same options
always give the same bytes.
"""
import argparse
import csv
import datetime
import io
import multiprocessing
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'samples'))

from generator.clerk import Clerk                    # noqa: E402
from generator.formats import date_text              # noqa: E402
from generator.noise import read_noise               # noqa: E402
from generator.random_streams import Stream          # noqa: E402
from generator.world import build_world              # noqa: E402

HEADING = ('rec_id', 'true_id', 'dealer', 'name', 'gender', 'mobile', 'phone2', 'id_no', 'birth',
           'email', 'address', 'vin', 'plate', 'company_flag', 'updated_at')
WORLD_RECORDS = 50000       # so many of one world: its size does not grow with the file's
DEALERS = 30
TODAY = datetime.date(2026, 6, 30)
SHARE_WITH_OLD_MOBILE = 0.1


def rows_of_world(number, records, seed):
    """The rows of one world, at most so many."""
    world = build_world(records, DEALERS, TODAY, read_noise(None), f'{seed} {number}')
    clerk = Clerk(world, Stream(f'{seed} {number}', 'clerk'))
    second = Stream(f'{seed} {number}', 'second numbers')
    for record in world.records[:records]:
        typed = clerk.type_record(record)
        car = typed.cars[0] if typed.cars else None
        phone2 = record.party.old_mobile if second.random() < SHARE_WITH_OLD_MOBILE else ''
        yield (f'{number:04d}-{record.dealer.name}-{typed.key}', f'{number:04d}-{record.party.entity}',
               record.dealer.name, typed.name, typed.gender, typed.mobile, phone2, typed.id_no,
               date_text(typed.birth, '%Y-%m-%d'), typed.email, typed.address,
               car.vin if car else '', car.plate if car else '', '1' if typed.is_company else '0',
               date_text(typed.updated, '%Y-%m-%d'))


def text_of_world(work):
    text = io.StringIO()
    csv.writer(text, lineterminator='\n').writerows(rows_of_world(*work))
    return text.getvalue()


def write_customers(path, records, seed):
    worlds = [(number, min(WORLD_RECORDS, records - first), seed)
              for number, first in enumerate(range(0, records, WORLD_RECORDS))]
    partial = f'{path}.partial'
    with open(partial, 'w', encoding='utf-8', newline='') as file, \
            multiprocessing.Pool(os.cpu_count()) as pool:
        file.write(','.join(HEADING) + '\n')
        for text in pool.imap(text_of_world, worlds):
            file.write(text)
    os.replace(partial, path)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--records', type=int, default=10000)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--out', required=True)
    options = parser.parse_args()
    write_customers(options.out, options.records, options.seed)


if __name__ == '__main__':
    main()
