"""Five more, written after joins of databases were drafted and measured before anything else was mended. drafts_material.py has the form."""
import sqlite3
from xml.sax.saxutils import quoteattr

from drafts_material import Layout, Stuff, compact, dotted, iso, settle, spread, stamp, table, write


# ---- 1: statements of a Chinese workshop, a row each, with the customer and the car ----

def settlements(folder, seed):
    stuff = Stuff(f'{seed}1', 'byd', 210, visits=1.6)
    heads, fields = spread('''
        序号 |
        门店简称 |
        结算单编号 |
        维修工单编号 | service.order_number
        开单时间 | service.service_date
        结算完成时间 |
        业务类型 | service.job
        会员客户编号 | customer.key ownership.customer_key service.customer_key
        客户全称 | customer.name
        称谓 |
        联系手机号 | customer.mobile
        备用联系电话 |
        证件号 | customer.id_number
        通讯地址 | customer.address
        车牌 | ownership.plate
        VIN码 | ownership.vin service.vin
        品牌车系 | ownership.model
        销售日期 | ownership.purchase_date
        进厂里程数 | service.odometer_km
        工时金额 |
        材料金额 |
        优惠金额 |
        实收金额 | service.amount
        服务顾问姓名 |
        是否返修 |
        打印次数 |''')
    rows = []
    for v in stuff.visits:
        c, p = v['car'], v['who']
        rows.append([v['n'], '天河店', f'JS{v["out"]:%Y%m%d}{v["n"]:04d}', f'WX{v["in"]:%Y%m%d}{v["n"]:04d}', stamp(v['in']), stamp(v['out']), v['job'],
                     f'HY{p["n"] + 30000:07d}', p['name'], '' if p['firm'] else ('先生', '女士')[p['woman']], p['mobile'], p['landline'], p['id'], p['address'],
                     c['plate'], c['vin'], f'{c["brand"]} {c["series"]}', iso(c['sold']), v['km'], f'{v["labour"]:.2f}', f'{v["parts"]:.2f}', f'{v["off"]:.2f}',
                     f'{v["paid"]:.2f}', v['staff'], '否', v['n'] % 3])
    return Layout([write(folder / 'd1_维修结算明细.csv', heads, rows, 'utf-8-sig')], table(fields, heads),
                  optional={('customer.gender', '称谓'), ('customer.landline', '备用联系电话')})


# ---- 2: no headings: customers and their cars, in two files with semicolons ----

def bare_files(folder, seed):
    stuff = Stuff(f'{seed}2', 'gm', 230, visits=1)
    files, right = [], set()
    fields = ['key', 'type', 'name', 'gender', 'birth_date', 'mobile', '', 'id_number', '', '', 'address', '', 'updated_at']
    rows = [[f'{p["n"] + 700000}', 'BP'[not p['firm']], p['name'], '' if p['firm'] else 'MF'[p['woman']], compact(p['born']), p['mobile'], p['landline'], p['id'],
             p['province'], p['city'], p['address'], p['staff'], stamp(p['changed'])] for p in stuff.people]
    heads = [str(n) for n in range(1, len(fields) + 1)]
    right |= table(fields, heads, 'customer')
    files.append(write(folder / 'd2_cust.csv', None, rows, 'utf-8', ';'))
    fields = ['vin', 'customer_key', 'plate', 'brand', 'model', '', 'purchase_date', 'price', '']
    rows = [[c['vin'], f'{c["who"]["n"] + 700000}', c['plate'], c['brand'], c['model'], c['colour'], compact(c['sold']), f'{c["price"]:.2f}', c['engine']] for c in stuff.cars]
    right |= table(fields, [str(n) for n in range(1, len(fields) + 1)], 'ownership')
    files.append(write(folder / 'd2_veh.csv', None, rows, 'utf-8', ';'))
    return Layout(files, right, optional={('customer.landline', '7'), ('customer.region', '9'), ('customer.region', '10')})


# ---- 3: German, XML with attributes: customers with their vehicles, orders of the workshop ----

def attributes(name, **values):
    return f'<{name} ' + ' '.join(f'{key}={quoteattr(str(value))}' for key, value in values.items())


def german_attributes(folder, seed):
    stuff = Stuff(f'{seed}3', 'import', 190, visits=1.3)
    cars, visits = {}, {}
    for c in stuff.cars:
        cars.setdefault(c['who']['n'], []).append(c)
    for v in stuff.visits:
        visits.setdefault(v['car']['vin'], []).append(v)
    path = folder / 'd3_Kundendaten.xml'
    with open(path, 'w', encoding='utf-8') as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<Datenexport Haendler="DE-4711" Stand="25.06.2026">\n')
        for p in stuff.people:
            file.write('  ' + attributes(
                'Kunde', Kundennummer=p['n'] + 250000, Kundenart='Firma' if p['firm'] else 'Privat', Anrede='Firma' if p['firm'] else ('Herr', 'Frau')[p['woman']],
                NameOderFirma=p['name'], Geburtsdatum=dotted(p['born']), Ausweisnummer=p['id'], Mobiltelefon=p['mobile'], TelefonFest=p['landline'], EMail=p['email'],
                Anschrift=p['address'], Postleitzahl=p['post'], Beruf=p['job'], Betreuer=p['staff'], AngelegtAm=dotted(p['made']), LetzteAenderung=dotted(p['changed'])) + '>\n')
            for c in cars[p['n']]:
                file.write('    ' + attributes(
                    'Fahrzeug', Fahrgestellnummer=c['vin'], Kennzeichen=c['plate'], Marke=c['brand'], Modellbezeichnung=c['model'], Farbe=c['colour'],
                    Kaufdatum=dotted(c['sold']), Verkaufspreis=f'{c["price"]:.2f}'.replace('.', ','), Erstzulassung=dotted(c['plated'])) + '>\n')
                for v in visits.get(c['vin'], []):
                    file.write('      ' + attributes(
                        'Werkstattauftrag', Auftragsnummer=f'WA{v["n"] + 88000}', Annahmedatum=dotted(v['in']), Fertigstellung=dotted(v['out']), Auftragsart=v['job'],
                        Kilometerstand=v['km'], Lohn=f'{v["labour"]:.2f}'.replace('.', ','), Teile=f'{v["parts"]:.2f}'.replace('.', ','),
                        Gesamtbetrag=f'{v["total"]:.2f}'.replace('.', ','), Serviceberater=v['staff']) + '/>\n')
                file.write('    </Fahrzeug>\n')
            file.write('  </Kunde>\n')
        file.write('</Datenexport>\n')
    right = table(['key', 'type', 'name', 'birth_date', 'id_number', 'mobile', 'landline', 'email', 'address', 'occupation', 'updated_at'],
                  ['@Kundennummer', '@Kundenart', '@NameOderFirma', '@Geburtsdatum', '@Ausweisnummer', '@Mobiltelefon', '@TelefonFest', '@EMail', '@Anschrift', '@Beruf',
                   '@LetzteAenderung'], 'customer')
    right |= table(['customer_key', 'vin', 'plate', 'brand', 'model', 'purchase_date', 'price'],
                   ['../@Kundennummer', '@Fahrgestellnummer', '@Kennzeichen', '@Marke', '@Modellbezeichnung', '@Kaufdatum', '@Verkaufspreis'], 'ownership')
    right |= table(['customer_key', 'vin', 'order_number', 'service_date', 'job', 'odometer_km', 'amount'],
                   ['../../@Kundennummer', '../@Fahrgestellnummer', '@Auftragsnummer', '@Annahmedatum', '@Auftragsart', '@Kilometerstand', '@Gesamtbetrag'], 'service')
    return Layout([path], right, optional={('customer.gender', '@Anrede')})


# ---- 4: fixed width, one type of lines, no line of names: a customer and the car last bought ----

def fixed_width(folder, seed):
    stuff = Stuff(f'{seed}4', 'geely', 240, visits=0, empty=0.4)
    (folder / 'd4').mkdir(exist_ok=True)
    path = folder / 'd4' / 'kept_lines.txt'   # the name by which drafts.py knows files whose columns are places
    columns = [('customer.key ownership.customer_key', 9), ('customer.type', 2), ('customer.name', 44), ('customer.id_number', 19), ('customer.mobile', 12),
               ('customer.address', 90), ('ownership.vin', 18), ('ownership.plate', 11), ('ownership.brand', 11), ('ownership.purchase_date', 9), ('ownership.price', 9)]
    right, at = set(), 1
    for fields, width in columns:
        right |= {(field, at) for field in fields.split()}
        at += width
    with open(path, 'wb') as file:
        for c in stuff.cars:
            p = c['who']
            values = [f'{p["n"] + 4100:08d}', 'PB'[p['firm']], p['name'], p['id'], p['mobile'], p['address'], c['vin'], c['plate'], c['brand'], compact(c['sold']),
                      f'{c["price"]:08d}']
            file.write(b''.join(value.encode('gb18030')[:width - 1].ljust(width) for value, (_, width) in zip(values, columns)) + b'\r\n')
    return Layout([path], right)


# ---- 5: a database whose tables name each other's rows by their numbers ----

def row_numbers(folder, seed):
    stuff = Stuff(f'{seed}5', 'ford', 210, visits=1.4)
    path = folder / 'd5_shop.sqlite'
    base = sqlite3.connect(path)
    base.executescript('''
        create table contacts(pk integer primary key, account_code text, display_name text, account_kind text, cell text, home_phone text, national_id text,
                              dob text, street_address text, mail text, notes text, modified text, is_active integer);
        create table units(pk integer primary key, owner_pk integer, vin_number text, licence_plate text, make text, model_name text, paint text,
                           sold_on text, deal_price real, warranty_until text);
        create table work_orders(pk integer primary key, wo_number text, unit_pk integer, opened text, closed text, work_type text, odo integer,
                                 labor_total real, parts_total real, grand_total real, writer_name text);''')
    row = {p['n']: 3 * p['n'] + p['n'] % 2 for p in stuff.people}
    base.executemany('insert into contacts values(?,?,?,?,?,?,?,?,?,?,?,?,?)', [
        (row[p['n']], f'AC-{p["n"] + 51000}', p['name'], 'business' if p['firm'] else 'individual', p['mobile'], p['landline'], p['id'], iso(p['born']), p['address'],
         p['email'], '', stamp(p['changed']), 1) for p in stuff.people])
    number = {c['vin']: n * 2 + 11 for n, c in enumerate(stuff.cars)}
    base.executemany('insert into units values(?,?,?,?,?,?,?,?,?,?)', [
        (number[c['vin']], row[c['who']['n']], c['vin'], c['plate'], c['brand'], c['model'], c['colour'], iso(c['sold']), c['price'],
         iso(c['sold'].replace(year=c['sold'].year + 3, day=1))) for c in stuff.cars])
    base.executemany('insert into work_orders values(?,?,?,?,?,?,?,?,?,?,?)', [
        (v['n'], f'{v["in"]:%y}-{v["n"] + 2200:06d}', number[v['car']['vin']], stamp(v['in']), stamp(v['out']), v['job'], v['km'], v['labour'], v['parts'], v['total'],
         v['staff']) for v in stuff.visits])
    base.commit()
    base.close()
    right = table(['key', 'name', 'type', 'mobile', 'landline', 'id_number', 'birth_date', 'address', 'email', 'updated_at'],
                  ['account_code', 'display_name', 'account_kind', 'cell', 'home_phone', 'national_id', 'dob', 'street_address', 'mail', 'modified'], 'customer')
    right |= table(['customer_key', 'vin', 'plate', 'brand', 'model', 'purchase_date', 'price'],
                   ['account_code', 'vin_number', 'licence_plate', 'make', 'model_name', 'sold_on', 'deal_price'], 'ownership')
    right |= table(['customer_key', 'vin', 'order_number', 'service_date', 'job', 'odometer_km', 'amount'],
                   ['account_code', 'vin_number', 'wo_number', 'opened', 'work_type', 'odo', 'grand_total'], 'service')
    return Layout([path], right)


LAYOUTS = {'D1 settlements': settlements, 'D2 no headings': bare_files, 'D3 German attributes': german_attributes, 'D4 fixed width, no names': fixed_width,
           'D5 rows by number': row_numbers}


def make_with_choices(folder, seed='D2026'):
    """(name, Layout) of each."""
    for name, make in LAYOUTS.items():
        yield name, make(folder, seed)


def make_layouts(folder, feeds=None, second=False):
    """As the other makers do: name, files, right pairs (the answer of first choice)."""
    for name, layout in make_with_choices(folder):
        yield name, layout.files, settle(layout)
