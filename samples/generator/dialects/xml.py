"""The XML dialects: one file, each customer with its vehicles, each vehicle with its visits.

The traditional one writes Big5 with the characters and years of Taiwan, for which the mainland's
text is converted character by character; what Big5 does not have becomes a character reference.
"""
from dataclasses import dataclass
from typing import Callable
from xml.sax.saxutils import escape, quoteattr

from ..formats import date_text, republic_date
from ..reference import to_traditional


@dataclass(frozen=True)
class Style:
    codec: str
    declared_encoding: str
    genders: dict
    text: Callable
    date: Callable


SIMPLIFIED = Style('utf-8', 'UTF-8', {'M': 'male', 'F': 'female', '': 'unknown'},
                   str, lambda date: date_text(date, '%Y%m%d'))
TRADITIONAL = Style('big5hkscs', 'Big5-HKSCS', {'M': '男', 'F': '女', '': ''},
                    to_traditional, republic_date)


def write(path, exported, breaks):
    return _write(path, exported, SIMPLIFIED)


def write_traditional(path, exported, breaks):
    return _write(path, exported, TRADITIONAL)


def _write(path, exported, style):
    # XML is exported by a program that escapes what it must: no row of it is ever broken.
    file_path = path.with_name(path.name + '_export.xml')
    with open(file_path, 'w', encoding=style.codec, errors='xmlcharrefreplace',
              newline='\n') as file:
        file.write(f'<?xml version="1.0" encoding="{style.declared_encoding}"?>\n'
                   f'<DealerExport dealer={quoteattr(path.name)} version="2.1">\n')
        for record in exported:
            file.write(_customer(record, style) + '\n')
        file.write('</DealerExport>\n')
    return []


def _customer(record, style):
    def element(name, value):
        return f'<{name}>{escape(style.text(value))}</{name}>'

    return ''.join((
        f'<Customer id="{record.key}" type="{"ORG" if record.is_company else "IND"}">',
        element('Name', record.name),
        f'<Gender>{style.genders[record.gender]}</Gender>',
        f'<Phones><Phone kind="mobile">{escape(style.text(record.mobile))}</Phone></Phones>',
        element('IdNumber', record.id_no),
        f'<Birth>{style.date(record.birth)}</Birth>',
        element('Address', record.address),
        element('Email', record.email),
        f'<LastModified>{date_text(record.updated, "%Y-%m-%dT%H:%M:%S+08:00")}</LastModified>',
        '<Vehicles>', *(_vehicle(typed, style) for typed in record.cars), '</Vehicles>',
        '</Customer>'))


def _vehicle(typed, style):
    car = typed.car
    return ''.join((
        f'<Vehicle vin={quoteattr(typed.vin)} plate={quoteattr(style.text(typed.plate))}>',
        f'<Model>{escape(style.text(car.model))}</Model>',
        f'<Purchased price="{car.price_yuan}">{style.date(typed.owned_since)}</Purchased>',
        *(_visit(visit, style) for visit in typed.visits),
        '</Vehicle>'))


def _visit(visit, style):
    return (f'<Visit date="{style.date(visit.date)}" job={quoteattr(style.text(visit.job))}'
            f' amount="{visit.amount_yuan}" km="{visit.mileage_km}"/>')
