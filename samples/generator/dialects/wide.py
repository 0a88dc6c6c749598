"""The wide dialect: one file, a row for each customer and car, Chinese headings, GB18030."""
import csv

from ..formats import date_text

ENCODING = 'gb18030'
HEADING = ('客户编号', '客户名称', '性别', '客户类型', '手机', '证件号码', '出生日期', '联系地址', '电子邮箱',
           '车架号', '车型', '车牌号', '购车日期', '成交价', '最近进厂', '更新时间')
GENDERS = {'M': '男', 'F': '女', '': ''}
BROKEN_ROW = '坏行,只有三列,x\r\n'


def write(path, exported, breaks):
    broken_rows = []
    file_path = path.with_name(path.name + '_archive.csv')
    with open(file_path, 'w', encoding=ENCODING, newline='') as file:
        table = csv.writer(file)
        table.writerow(HEADING)
        line = 1
        for record in exported:
            for car in record.cars or [None]:
                table.writerow(_customer_columns(record) + _car_columns(car)
                               + [date_text(record.updated, '%Y-%m-%d %H:%M:%S')])
                line += 1
            if breaks():
                file.write(BROKEN_ROW)
                line += 1
                broken_rows.append((file_path.name, line))
    return broken_rows


def _customer_columns(record):
    return [record.key, record.name, GENDERS[record.gender],
            '公司' if record.is_company else '个人', record.mobile, record.id_no,
            date_text(record.birth, '%Y-%m-%d'), record.address, record.email]


def _car_columns(typed):
    if typed is None:
        return [''] * 6
    return [typed.vin, typed.car.model, typed.plate, date_text(typed.owned_since, '%Y/%m/%d'),
            typed.car.price_yuan, date_text(typed.last_visit, '%Y/%m/%d')]
