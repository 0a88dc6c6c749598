"""The split dialect: customers, vehicles and repairs in a file each, UTF-8 with a byte order mark."""
import csv

from ..formats import date_text, write_table

ENCODING = 'utf-8-sig'
CUSTOMER_HEADING = ('CustNo', 'FullName', 'Sex', 'Type', 'CellPhone', 'IDCard', 'BirthDate',
                    'Province', 'Address', 'Email', 'ModifiedOn')
VEHICLE_HEADING = ('CustNo', 'VIN', 'PlateNo', 'Brand', 'Model', 'PurchaseDate', 'Price')
REPAIR_HEADING = ('OrderNo', 'CustNo', 'VIN', 'InDate', 'JobType', 'Amount', 'Mileage')
GENDERS = {'M': '1', 'F': '2', '': '0'}
DATE = '%d/%m/%Y'
BROKEN_ROW = '9999999,short row\r\n'


def write(path, exported, breaks):
    write_table(path.with_name(path.name + '_vehicles.csv'), VEHICLE_HEADING,
                _vehicle_rows(exported), ENCODING)
    write_table(path.with_name(path.name + '_repairs.csv'), REPAIR_HEADING,
                _repair_rows(exported), ENCODING)
    return _write_customers(path.with_name(path.name + '_customers.csv'), exported, breaks)


def _write_customers(path, exported, breaks):
    broken_rows = []
    with open(path, 'w', encoding=ENCODING, newline='') as file:
        table = csv.writer(file)
        table.writerow(CUSTOMER_HEADING)
        line = 1
        for record in exported:
            table.writerow((
                record.key, record.name, GENDERS[record.gender],
                'C' if record.is_company else 'P', record.mobile, record.id_no,
                date_text(record.birth, DATE), record.province, record.address, record.email,
                date_text(record.updated, DATE + ' %H:%M')))
            line += 1
            if breaks():
                file.write(BROKEN_ROW)
                line += 1
                broken_rows.append((path.name, line))
    return broken_rows


def _vehicle_rows(exported):
    for record in exported:
        for typed in record.cars:
            yield (record.key, typed.vin, typed.plate, typed.car.brand.name, typed.car.model,
                   date_text(typed.owned_since, DATE), f'{typed.car.price_yuan:.2f}')


def _repair_rows(exported):
    order = 0
    for record in exported:
        for typed in record.cars:
            for visit in typed.visits:
                order += 1
                yield (f'R{order:08d}', record.key, typed.vin, date_text(visit.date, DATE),
                       visit.job, visit.amount_yuan, visit.mileage_km)
