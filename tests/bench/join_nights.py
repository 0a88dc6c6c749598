#!/usr/bin/env python3
"""Join generated nights of different seeds into one with all their dealers: join_nights.py TO FEEDS…

A night of millions is made this way where generating it in one piece would need too much memory. Dealers
get numbers of their own (D01 of the second night of thirty dealers becomes D31), files are hard links, and
what the headquarters sends is the first night's. Customers of different seeds are different people.
"""
import argparse
import os
import re
from pathlib import Path


def dealers_of(feeds):
    """The files of dealers and their numbers."""
    found = [(re.match(r'D(\d+)(.*)', path.name), path) for path in sorted(feeds.iterdir())]
    return [(int(match[1]), match[2], path) for match, path in found if match]


def join(folder, nights):
    folder.mkdir(parents=True)
    before = 0
    for number, feeds in enumerate(nights):
        dealers = dealers_of(feeds)
        for dealer, rest, path in dealers:
            os.link(path, folder / f'D{before + dealer:02d}{rest}')
        if number == 0:
            for path in set(feeds.iterdir()) - {path for _, _, path in dealers}:
                os.link(path, folder / path.name)
        before += max(dealer for dealer, _, _ in dealers)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', type=Path)
    parser.add_argument('nights', type=Path, nargs='+')
    options = parser.parse_args()
    join(options.folder, options.nights)


if __name__ == '__main__':
    main()
