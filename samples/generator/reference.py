"""The project's reference tables, as far as the generator needs them."""
import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .random_streams import WeightedChoice

FOLDER = Path(__file__).resolve().parents[2] / 'mappings' / 'reference'


def read_table(name):
    with open(FOLDER / name, encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def weighted(rows, value, weight):
    """The rows' values, each as frequent as its weight says; rows without a weight are left out."""
    rows = [row for row in rows if row[weight] and float(row[weight]) > 0]
    return WeightedChoice((row[value] for row in rows), (float(row[weight]) for row in rows))


@dataclass(frozen=True, slots=True)
class Division:
    """A county of today: code and names as in GB/T 2260, with its province's plate character."""
    code: str
    province: str
    city: str
    district: str
    plate_character: str


@cache
def divisions():
    """All counties of the mainland."""
    plates = {row['code'][:2]: row['plate_char'] for row in read_table('province_aliases.csv')}
    return [Division(row['code'], row['province'], row['city'], row['name'],
                     plates[row['code'][:2]])
            for row in read_table('divisions_current.csv')
            if row['level'] == '3' and plates.get(row['code'][:2])]


@cache
def plate_letters():
    """A province's plate character to the letters of its places, by which a plate goes on."""
    letters = {}
    for row in read_table('plate_letters.csv'):
        letters[row['province_char']] = letters.get(row['province_char'], '') + row['letter']
    return letters


@cache
def traditional_characters():
    """Simplified character to its most usual traditional one."""
    return {row['simp']: row['trads_first_is_default'].split()[0]
            for row in read_table('simp_trad.csv') if row['trads_first_is_default']}


@cache
def readings():
    """Character to its usual reading in plain letters."""
    return {row['char']: row['ascii'] for row in read_table('char_pinyin.csv')}


def to_traditional(text):
    table = traditional_characters()
    return ''.join(table.get(character, character) for character in text)


def to_pinyin(text):
    """The readings of the text's characters, one by one."""
    table = readings()
    return [table.get(character, 'x') for character in text]
