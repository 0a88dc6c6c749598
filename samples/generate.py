#!/usr/bin/env python3
"""Write what a dealer group's headquarters receives in one night, and the truth beside it.

Everything is invented: the people, companies, cars and dealers, and what the dealers' clerks
typed about them. The same options always give the same bytes.

  OUT/feeds           the exports of the dealers and of headquarters
  OUT/truth           which records mean the same customer, and what is true of each customer
  OUT/night1/feeds    with --night 1: the feeds one night later

Read samples/README.md for the files and their columns.
"""
import argparse
import datetime
import gc
import json
import sys
from pathlib import Path

from generator import care, headquarters, truth
from generator.clerk import Clerk
from generator.dialects import write_dealers
from generator.night import next_night
from generator.noise import read_noise
from generator.random_streams import Stream
from generator.world import build_world


def parse_options(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--out', required=True, type=Path, help='the folder to write to')
    parser.add_argument('--records', type=int, default=20000,
                        help='customer records of all dealers together, at least (20000)')
    parser.add_argument('--dealers', type=int, default=30, help='how many dealers (30)')
    parser.add_argument('--seed', type=int, default=1, help='another seed, another group (1)')
    parser.add_argument('--noise', type=Path, metavar='FILE.json',
                        help='rates of noise that differ from the usual ones')
    parser.add_argument('--as-of', type=datetime.date.fromisoformat, default='2026-06-30',
                        metavar='DATE', help='the day on which the night begins (2026-06-30)')
    parser.add_argument('--night', type=int, choices=(0, 1), default=0,
                        help='1: write the following night too')
    parser.add_argument('--changed', type=float, default=0.01, metavar='SHARE',
                        help='the share of records that the following night changes (0.01)')
    parser.add_argument('--text-databases', action='store_true',
                        help='write databases as SQL text, to be built with sqlite3')
    options = parser.parse_args(arguments)
    if options.records < 1 or options.dealers < 1:
        parser.error('--records and --dealers must be at least 1')
    return options


def write_night(world, pairs, folder, stream, options):
    """Write one night's feeds; return the rows in them that no loader can accept."""
    folder.mkdir(parents=True, exist_ok=True)
    broken_rows = write_dealers(world, pairs, folder, stream, options.text_databases)
    headquarters.write_feeds(world, folder, Stream(options.seed, 'headquarters'))
    care.write_feeds(world, folder, Stream(options.seed, 'care'))
    return broken_rows


def main():
    options = parse_options()
    gc.disable()    # the world only grows; looking for garbage in it is time lost
    try:
        noise = read_noise(options.noise)
    except (OSError, ValueError) as problem:
        sys.exit(f'generate.py: could not use {options.noise}: {problem}')

    world = build_world(options.records, options.dealers, options.as_of, noise, options.seed)
    clerk = Clerk(world, Stream(options.seed, 'clerk'))
    pairs = [(record, clerk.type_record(record)) for record in world.records]

    broken_rows = write_night(world, pairs, options.out / 'feeds',
                              Stream(options.seed, 'feeds'), options)
    truth.write_truth(world, broken_rows, options.out / 'truth')
    counts = truth.count_world(world, broken_rows)

    if options.night:
        later = next_night(world, pairs, options.changed, options.seed)
        write_night(world, later, options.out / 'night1' / 'feeds',
                    Stream(options.seed, 'feeds of night 1'), options)
        truth.write_customers(options.out / 'truth' / 'customers_night1.csv',
                              [record for record, _ in later])

    print(json.dumps(counts))


if __name__ == '__main__':
    main()
