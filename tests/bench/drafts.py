#!/usr/bin/env python3
"""Draft mappings of layouts whose right mapping is known, and count what a person would change.

    drafts.py [--program build/cust360] [--feeds samples/group/feeds] [--show]

The dialects of the sample group have their right mappings in mappings/dms, the published layouts
in mappings/ready. Further layouts are made here of the same customers, cars and visits, under headings
that no list of the program was made for: their right mapping is written beside them.

A line of the right mapping is a field or a key. It counts as changed when the draft lacks it, has it
otherwise, leaves it to be decided, or has a line that the right one has not. A kind is right when the
profile gives a mapped column the kind that its field has (or one that reads the same values); it is
wrong with high confidence when the draft maps the column to another field without asking.
"""
import argparse
import csv
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

import drafts_kept_back
import drafts_strangers
import drafts_systems
import drafts_systems_fifth
import drafts_systems_sixth
import drafts_systems_fourth
import drafts_systems_second
import drafts_systems_third
from drafts_material import Layout, settle

CUSTOMERS = ['CustNo', 'FullName', 'Sex', 'Type', 'CellPhone', 'IDCard', 'BirthDate', 'Province',
             'Address', 'Email', 'ModifiedOn']
CARS = ['CustNo', 'VIN', 'PlateNo', 'Brand', 'Model', 'PurchaseDate', 'Price']
VISITS = ['OrderNo', 'CustNo', 'VIN', 'InDate', 'JobType', 'Amount', 'Mileage']

CUSTOMER_FIELDS = dict(zip(CUSTOMERS, [
    'customer.key', 'customer.name', 'customer.gender', 'customer.type', 'customer.mobile',
    'customer.id_number', 'customer.birth_date', 'customer.region', 'customer.address',
    'customer.email', 'customer.updated_at']))
CAR_FIELDS = dict(zip(CARS, [
    'ownership.customer_key', 'ownership.vin', 'ownership.plate', 'ownership.brand',
    'ownership.model', 'ownership.purchase_date', 'ownership.price']))
VISIT_FIELDS = dict(zip(VISITS, [
    'service.order_number', 'service.customer_key', 'service.vin', 'service.service_date',
    'service.job', 'service.amount', 'service.odometer_km']))

# Headings in the order of the columns above.
HEADINGS = {
    'crm_english': (
        ['Account ID', 'Account Name', 'Gender Code', 'Account Type', 'Mobile Phone', 'National ID',
         'Date of Birth', 'State/Province', 'Mailing Street', 'E-mail Address', 'Last Modified Date'],
        ['Account ID', 'Vehicle Identification Number', 'Registration', 'Make', 'Model Description',
         'Sold Date', 'Sale Price'],
        ['Workshop Order', 'Account ID', 'Vehicle Identification Number', 'Arrival Date',
         'Kind of Work', 'Invoice Total', 'Odometer Reading']),
    'chinese': (
        ['档案编号', '车主姓名', '性别', '客户性质', '联系手机', '身份证号码', '生日', '所在省份', '家庭住址',
         '电子邮件', '修改时间'],
        ['档案编号', '底盘号', '车辆牌照', '厂牌', '车系车型', '提车日期', '开票价格'],
        ['委托书号', '档案编号', '底盘号', '来店日期', '维修类别', '结算金额', '行驶公里']),
    'pinyin': (
        ['KHBH', 'KHMC', 'XB', 'KHLX', 'SJHM', 'SFZH', 'CSRQ', 'SF', 'LXDZ', 'DZYX', 'XGSJ'],
        ['KHBH', 'CJH', 'CPHM', 'PP', 'CX', 'GCRQ', 'CJJ'],
        ['WXDH', 'KHBH', 'CJH', 'JCRQ', 'WXLX', 'ZJE', 'XSLC']),
    'erp_codes': (
        ['KUNNR', 'NAME1', 'PARGE', 'KTOKD', 'TELF2', 'STCD1', 'GBDAT', 'REGIO', 'STRAS', 'SMTP_ADDR',
         'UPDAT'],
        ['KUNNR', 'VHVIN', 'LICEXT', 'BRAND', 'MODTX', 'SLDAT', 'NETPR'],
        ['AUFNR', 'KUNNR', 'VHVIN', 'VISDT', 'ORDTYP', 'NETWR', 'KMSTD']),
    'numbered': (
        ['F%03d' % n for n in range(1, 12)], ['F%03d' % n for n in range(1, 8)],
        ['F%03d' % n for n in range(1, 8)]),
}


def read_feed(path):
    with open(path, encoding='utf-8-sig', newline='') as file:
        return list(csv.DictReader(file, restval=''))


def write_table(path, headings, columns, rows, header=True):
    with open(path, 'w', encoding='utf-8', newline='') as file:
        writer = csv.writer(file)
        if header:
            writer.writerow(headings)
        writer.writerows([row[column] for column in columns] for row in rows)


def table_right(headings, columns, fields):
    return {(fields[column], heading) for column, heading in zip(columns, headings)}


def make_csv_layouts(folder, feeds):
    """Each layout: name, its files, the right (field, column) pairs."""
    sets = [(CUSTOMERS, CUSTOMER_FIELDS, 'people'), (CARS, CAR_FIELDS, 'cars'),
            (VISITS, VISIT_FIELDS, 'visits')]
    bare = tuple([str(n) for n in range(1, len(columns) + 1)] for columns, _, _ in sets)
    for name, headings in [*HEADINGS.items(), ('bare', bare)]:
        files = []
        right = set()
        for (columns, fields, what), heading in zip(sets, headings):
            files.append(folder / f'{name}_{what}.csv')
            write_table(files[-1], heading, columns, feeds[what], header=name != 'bare')
            right |= table_right(heading, columns, fields)
        yield name, files, right


def make_xml_layout(folder, feeds):
    names = ['No', 'Nm', 'Gender', 'IBFlag', 'CellNo', 'IdNo', 'BirthDt', 'Prov', 'Addr', 'EMail',
             'UpdDt']
    car_names = ['CustNo', 'Vin', 'LicNo', 'Make', 'Carline', 'DelivDt', 'SalePrice']
    path = folder / 'attributes.xml'
    cars = {}
    for car in feeds['cars']:
        cars.setdefault(car['CustNo'], []).append(car)
    with open(path, 'w', encoding='utf-8') as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<Extract>\n')
        for person in feeds['people']:
            values = ' '.join(f'{n}={quoteattr(person[c] or "")}' for n, c in zip(names, CUSTOMERS))
            file.write(f'<CustRec {values}>')
            for car in cars.get(person['CustNo'], []):
                values = ' '.join(f'{n}={quoteattr(car[c] or "")}' for n, c in list(zip(car_names, CARS))[1:])
                file.write(f'<Vehicle {values}/>')
            file.write('</CustRec>\n')
        file.write('</Extract>\n')
    right = table_right(['@' + n for n in names], CUSTOMERS, CUSTOMER_FIELDS)
    right |= table_right(['../@No'] + ['@' + n for n in car_names[1:]], CARS, CAR_FIELDS)
    return 'xml attributes', [path], right


# ---- mappings, line by line ----

FIELD = re.compile(r"^ {10,14}(?:- )?(TO" r"DO )?([a-z_]+): (.*)$")
KEY = re.compile(r"^ {8,10}(?:- )?(TO" r"DO )?key: (.*)$")
ENTITY = re.compile(r'^ {6}([a-z_]+):\s*$')


def without_comment(line):
    return re.sub(r'\s+#[ !].*$', '', line)


def unquote(text):
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in '\'"':
        return text[1:-1].replace("''", "'")
    return text


def bare(column):
    """A heading of two lines may be written in several ways: blanks in it do not count."""
    return re.sub(r'\\[nrt]|\s+', '', column) if isinstance(column, str) else column


def columns_of(value):
    """The columns that a line of a mapping reads; none of a constant."""
    return [bare(column) for column in read_columns(value)]


def read_columns(value):
    value = value.strip()
    if value.startswith('{constant'):
        return []
    match = re.match(r"\{columns?: (\[[^\]]*\]|\"[^\"]*\"|'(?:[^']|'')*'|[^,}]*)", value)
    if match:
        value = match.group(1)
    if value.startswith('['):
        return [unquote(item) for item in value[1:-1].split(',')]
    return [unquote(value)]


def read_mapping(text):
    """{(entity.field, column): decided}"""
    lines = {}
    entity = None
    for line in text.splitlines():
        line = without_comment(line)
        if ENTITY.match(line):
            entity = ENTITY.match(line).group(1)
        match = KEY.match(line)
        if match and entity:
            columns = columns_of(match.group(2))
            if len(columns) == 1:
                lines[(f'{entity}.key', columns[0])] = not match.group(1)
            continue
        match = FIELD.match(line)
        if not match or not entity or match.group(2) in ('key', 'when', 'main', 'fields'):
            continue
        for column in columns_of(match.group(3)):
            lines[(f'{entity}.{match.group(2)}', column)] = not match.group(1)
    return lines


# ---- kinds ----

def read_kinds(model):
    """entity.field -> kind, of model.yaml"""
    kinds = {}
    entity = None
    for line in model.read_text(encoding='utf-8').splitlines():
        match = re.match(r'^ {2}(?:- name: )?([a-z_]+):?\s*$', line)
        if match:
            entity = match.group(1)
        match = re.match(r'^ {4,6}([a-z_]+): *(?:\{kind: *)?([a-z_]+)', line)
        if match and entity:
            kinds[f'{entity}.{match.group(1)}'] = match.group(2)
    return kinds


ALIKE = [{'date', 'datetime', 'birth_date'}, {'mobile', 'phone', 'landline'},
         {'name', 'person_name', 'company_name'}, {'identity', 'resident_id', 'credit_code'},
         {'reference', 'text', 'code', 'party_type', 'colour', 'occupation'}, {'money', 'count', 'distance', 'number'},
         {'address', 'text'}]


def same_kind(one, other):
    return one == other or any(one in group and other in group for group in ALIKE)


# ---- the count ----

class Count:
    def __init__(self):
        self.lines = self.changed = self.kinds = self.kinds_right = self.mapped = self.wrong = 0

    def add(self, other):
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def show(self, name):
        share = 100 * self.changed / max(self.lines, 1)
        kinds = 100 * self.kinds_right / max(self.kinds, 1)
        wrong = 100 * self.wrong / max(self.mapped, 1)
        print(f'{name:24} lines {self.lines:4}  changed {share:5.1f} %   kinds right {kinds:5.1f} %'
              f'   wrong and sure {wrong:4.1f} %')


def run_program(program, *arguments):
    done = subprocess.run([program, *map(str, arguments), '-q', '--as-of', '2026-06-30'],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f'{" ".join(map(str, arguments))}: {done.stderr}')
    return done.stdout


def first_place(column):
    """A column of lines is known by where it begins; of lines above, as well."""
    match = re.fullmatch(r"'?(\.\./)?(\d+)(-\d+)?'?", column)
    return int(match.group(2)) if match and not match.group(1) else column


def near_place(column, places):
    """Blanks before a value may be of its place or of the one before: the value is the same."""
    first = first_place(column)
    return next((p for p in (first, first + 1, first + 2) if p in places), first) if isinstance(first, int) else first


def bare_pairs(pairs):
    return {(field, bare(column)) for field, column in pairs}


def nearest(right, draft):
    """Of answers that are equally right the one that the draft is nearest to."""
    if not isinstance(right, Layout):
        return bare_pairs(right)
    return settle(Layout(right.files, bare_pairs(right.right), bare_pairs(right.optional),
                         [[bare_pairs(pairs) for pairs in group] for group in right.either]), draft)


def evaluate(options, kinds, files, right):
    count = Count()
    profile = run_program(options.program, 'profile', '--format', 'json', *files)
    draft = read_mapping(run_program(options.program, 'draft', *files))
    lines = files[0].name == 'kept_lines.txt'
    if lines:
        places = {column for _, column in (right.right if isinstance(right, Layout) else right)}
        draft = {(field, near_place(column, places)): sure for (field, column), sure in draft.items()}
    right = nearest(right, draft)
    by_column = {}
    for table in json.loads(profile)['tables']:
        for column in table['columns']:
            by_column.setdefault(near_place(column['name'], places) if lines else bare(column['name']),
                                 []).append(column['kind'])
    column_fields = {}
    for field, column in right:
        column_fields.setdefault(column, set()).add(field)
    # A key and the field of the same column are one thing to know.
    missing = {pair for pair in right if not draft.get(pair) and not (
        pair[0].endswith('.key') and any(c == pair[1] and sure for (_, c), sure in draft.items()))}
    more = {pair for pair in draft if pair not in right and not pair[0].endswith('key')}
    count.lines = len(set(draft) | right)
    count.changed = len(missing | {p for p in more if p[1] not in {m[1] for m in missing}})
    for column, fields in column_fields.items():
        wanted = {kinds.get(field, 'reference') for field in fields}
        count.kinds += 1
        found = by_column.get(column, [])
        good = any(same_kind(kind, want) for kind in found for want in wanted)
        count.kinds_right += good
        sure = {field for (field, c), decided in draft.items() if c == column and decided}
        count.mapped += 1
        wrong = bool(sure) and not sure & fields and not any(f.endswith('key') for f in sure | fields)
        count.wrong += wrong
        if options.show and (not good or wrong or any((f, column) in missing for f in fields)):
            print(f'    {column}: right {sorted(fields)}, drafted {sorted(sure)}, kind {found}')
    if options.show:
        for field, column in sorted(more):
            print(f'    too much: {field} from {column}')
    return count


def known_layouts(repository, feeds):
    for name, files in (('wide', ['D01_archive.csv']), ('xml', ['D03_export.xml']),
                        ('split', ['D02_customers.csv', 'D02_vehicles.csv', 'D02_repairs.csv']),
                        ('tw', ['D05_export.xml']), ('odbc', ['D04.sqlite'])):
        right = read_mapping((repository / 'mappings/dms' / f'{name}.yaml').read_text(encoding='utf-8'))
        yield name, [feeds / file for file in files], set(right)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--program', default='build/cust360')
    parser.add_argument('--feeds', type=Path, default=Path('samples/group/feeds'))
    parser.add_argument('--show', action='store_true', help='name what is not right')
    options = parser.parse_args()
    repository = Path(__file__).resolve().parents[2]
    kinds = read_kinds(repository / 'mappings/model.yaml')
    feeds = {what: read_feed(options.feeds / f'D02_{file}.csv')
             for what, file in (('people', 'customers'), ('cars', 'vehicles'), ('visits', 'repairs'))}
    total = {group: Count() for group in ('dialects', 'further layouts', 'kept back', 'kept back, second',
                                      'strangers', 'strangers, second', 'systems', 'systems, second',
                                      'systems, third', 'systems, fourth', 'systems, fifth',
                                      'systems, sixth')}
    with tempfile.TemporaryDirectory() as folder:
        layouts = [('dialects', *layout) for layout in known_layouts(repository, options.feeds)]
        layouts += [('further layouts', *layout) for layout in make_csv_layouts(Path(folder), feeds)]
        layouts.append(('further layouts', *make_xml_layout(Path(folder), feeds)))
        layouts += [('kept back', *layout)
                    for layout in drafts_kept_back.make_layouts(Path(folder), feeds)]
        layouts += [('kept back, second', *layout)
                    for layout in drafts_kept_back.make_layouts(Path(folder), feeds, second=True)]
        layouts += [('strangers', *layout) for layout in drafts_strangers.make_layouts(Path(folder), feeds)]
        layouts += [('strangers, second', *layout)
                    for layout in drafts_strangers.make_layouts(Path(folder), feeds, second=True)]
        for group, module in (('systems', drafts_systems), ('systems, second', drafts_systems_second),
                              ('systems, third', drafts_systems_third),
                              ('systems, fourth', drafts_systems_fourth),
                              ('systems, fifth', drafts_systems_fifth),
                              ('systems, sixth', drafts_systems_sixth)):
            (Path(folder) / module.__name__).mkdir()
            layouts += [(group, name, layout.files, layout)
                        for name, layout in module.make_with_choices(Path(folder) / module.__name__)]
        for group, name, files, right in layouts:
            count = evaluate(options, kinds, files, right)
            count.show(name)
            total[group].add(count)
    print()
    for name, count in total.items():
        count.show(name)


if __name__ == '__main__':
    main()
