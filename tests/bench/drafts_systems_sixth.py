"""Five more, of ordinary difficulty: three files, British, AS/400, two lists of XML and German. drafts_material.py has the form."""
import csv
import datetime
import sqlite3
from xml.sax.saxutils import escape, quoteattr

from drafts_material import PINYIN, Layout, Stuff, compact, iso, settle, slash, spread, stamp, table, write

MAN_WOMAN = {True: '女', False: '男'}


def one_of(field, *columns):
    """One field that any of these columns gives; the first is our own choice."""
    return [{(field, column)} for column in columns]


def any_of(field, *columns):
    """... or all of them together."""
    return one_of(field, *columns) + [{(field, column) for column in columns}]


def province(column):
    """A province beside an address in parts: the region, a part of the address, or both."""
    return [{('customer.region', column)}, {('customer.address', column)}, {('customer.region', column), ('customer.address', column)}]


def later(day, years, month=None):
    return day.replace(year=day.year + years, day=min(day.day, 28))


# ---- 1: Great Wall: customers' files, sales ledger, settled repairs; commas, GB18030, 2024/3/5 ----

def great_wall(folder, seed):
    stuff = Stuff(f'{seed}1', 'f_gwm', 230, visits=1.2)
    rng = stuff.rng
    heads, fields = spread('''
        经销商代码 |
        客户编号 | key
        客户名称 | name
        客户类别 | type
        性别 | gender
        生日 | birth_date
        证件类型 |
        证件号码 | id_number
        移动电话 | mobile
        备用电话 |
        家庭电话 | landline
        电子邮箱 | email
        省份 |
        城市 | address
        区县 | address
        通讯地址 | address
        邮编 |
        职业 | occupation
        婚姻状况 |
        客户来源 |
        客户级别 |
        是否加企微 |
        建档人 |
        建档日期 |
        修改日期 | updated_at''', 'customer')
    rows = [['DL44019', f'KH{p["n"] + 3000:06d}', p['name'], ('个人', '公司')[p['firm']], '' if p['firm'] else MAN_WOMAN[p['woman']], slash(p['born']),
             ('居民身份证', '营业执照')[p['firm']], p['id'], p['mobile'], p['mobile2'], p['landline'], p['email'], p['province'], p['city'], p['district'], p['detail'], p['post'],
             p['job'], '' if p['firm'] else ('已婚', '未婚', '')[p['n'] % 3], rng.choice(['自然到店', '汽车之家', '懂车帝', '车展', '转介绍', '']), rng.choice('HABC'), '是否'[p['n'] % 3 > 0],
             p['staff'], slash(p['made']), f'{slash(p["changed"])} {p["changed"].hour}:{p["changed"]:%M}'] for p in stuff.people]
    right = table(fields, heads)
    files = [write(folder / 'f1_客户档案.csv', heads, rows, 'gb18030')]
    heads, fields = spread('''
        序号 |
        销售订单号 |
        客户编号 | customer_key
        购车客户 |
        客户电话 |
        VIN码 | vin
        车牌号 | plate
        品牌 | brand
        车型 |
        配置版本 |
        外观颜色 |
        内饰颜色 |
        发动机号 |
        合格证号 |
        订单日期 |
        开票日期 |
        交车日期 |
        厂家指导价 |
        优惠金额 |
        成交价 | price
        付款方式 |
        按揭金额 |
        是否置换 |
        销售顾问 |
        备注 |''', 'ownership')
    rows = []
    for n, c in enumerate(stuff.cars, 1):
        p, loan = c['who'], rng.random() < 0.4
        rows.append([n, f'SO{c["ordered"]:%Y%m%d}{n % 1000:03d}', f'KH{p["n"] + 3000:06d}', p['name'], p['mobile'], c['vin'], c['plate'], c['brand'], c['series'], c['model'],
                     c['colour'], ('黑色', '棕色', '黑/红')[n % 3], c['engine'], f'WDR{rng.randrange(10 ** 11):011d}', slash(c['ordered']), slash(c['sold']),
                     slash(c['sold'] + datetime.timedelta(days=rng.randrange(4))), c['list'], c['list'] - c['price'], c['price'], ('全款', '按揭')[loan],
                     c['price'] * 7 // 10 if loan else '', ('否', '否', '是')[n % 3], c['staff'], ('', '', '', '送脚垫')[n % 4]])
    right |= table(fields, heads)
    files.append(write(folder / 'f1_整车销售台账.csv', heads, rows, 'gb18030'))
    heads, fields = spread('''
        结算单号 |
        工单号 |
        客户编号 | customer_key
        送修人 |
        VIN码 | vin
        车牌号 |
        维修类型 | job
        进厂日期 | service_date
        竣工日期 |
        结算日期 |
        行驶里程 | odometer_km
        下次保养里程 |
        工时费 |
        材料费 |
        外加工费 |
        优惠合计 |
        应收金额 |
        实收金额 |
        结算方式 |
        服务顾问 |
        维修班组 |
        结算状态 |''', 'service')
    rows = [[f'JS{v["out"]:%Y%m%d}{v["n"]:04d}', f'RO{v["in"]:%Y%m%d}{v["n"]:04d}', f'KH{v["who"]["n"] + 3000:06d}', v['who']['contact'] or v['who']['name'], v['car']['vin'],
             v['car']['plate'], v['job'], slash(v['in']), slash(v['out']), slash(v['out']), v['km'], v['km'] + 7500 if '保' in v['job'] else '', f'{v["labour"]:.2f}',
             f'{v["parts"]:.2f}', '0.00', f'{v["off"]:.2f}', f'{v["total"]:.2f}', f'{v["paid"]:.2f}', ('微信', '现金', '刷卡', '转账')[v['n'] % 4], v['staff'],
             ('机电一组', '机电二组', '钣喷组')[v['n'] % 3], '已结算'] for v in stuff.visits]
    right |= table(fields, heads)
    files.append(write(folder / 'f1_维修结算单.csv', heads, rows, 'gb18030'))
    # The ledger repeats the buyer's name and phone.
    return Layout(files, right, optional={('customer.landline', '备用电话'), ('customer.name', '购车客户'), ('customer.mobile', '客户电话'), ('customer.address', '邮编')},
                  either=[province('省份'), any_of('ownership.model', '配置版本', '车型'), one_of('ownership.purchase_date', '开票日期', '交车日期'),
                          one_of('service.order_number', '工单号', '结算单号'), one_of('service.amount', '实收金额', '应收金额')])


# ---- 2: a British system at a dealer of Land Rover: customers with vehicles, invoiced jobs, cases; UTF-8, 25/06/2026 ----

TOWNS = {'广州市': 'Guangzhou', '深圳市': 'Shenzhen', '佛山市': 'Foshan', '上海市': 'Shanghai', '南京市': 'Nanjing', '苏州市': 'Suzhou', '杭州市': 'Hangzhou', '宁波市': 'Ningbo',
         '长春市': 'Changchun', '重庆市': 'Chongqing', '成都市': 'Chengdu', '西安市': "Xi'an", '武汉市': 'Wuhan', '长沙市': 'Changsha', '济南市': 'Jinan', '郑州市': 'Zhengzhou',
         '北京市': 'Beijing', '合肥市': 'Hefei'}
PROVINCES = {'广东省': 'Guangdong', '江苏省': 'Jiangsu', '浙江省': 'Zhejiang', '吉林省': 'Jilin', '四川省': 'Sichuan', '陕西省': 'Shaanxi', '湖北省': 'Hubei', '湖南省': 'Hunan',
             '山东省': 'Shandong', '河南省': 'Henan', '安徽省': 'Anhui', '上海市': 'Shanghai', '重庆市': 'Chongqing', '北京市': 'Beijing'}


def british(folder, seed):
    stuff = Stuff(f'{seed}2', 'f_jlr', 220, visits=1.2)
    rng = stuff.rng
    day = lambda d: d.strftime('%d/%m/%Y') if d else ''
    told = {}
    for p in stuff.people:
        told[p['n']] = (
            f'{rng.choice(["Hengda", "Hongyuan", "Ruifeng", "Shuntong", "Jinding"])} {rng.choice(["Trading", "Logistics", "Construction", "Technology"])} Co Ltd' if p['firm'] else '',
            f'{rng.choice(["Flat", "Room", "Unit"])} {rng.randrange(1, 30)}0{rng.randrange(1, 5)}, Block {rng.randrange(1, 20)}' if rng.random() < 0.6 else '',
            stuff.may(f'{rng.randrange(1, 600)} {rng.choice(["Renmin", "Jianshe", "Xinhua", "Changjiang", "Binhe", "Wenhua"])} Road', 0.08),
            '' if p['firm'] else rng.choice(['Director', 'Engineer', 'Doctor', 'Accountant', 'Teacher', '', '']),
            PINYIN.get(p['last']) or rng.choice('Xie Han Tang Feng Yu Dong Xiao Cheng Cao Yuan Deng Xu Fu Shen Zeng Peng Lu Su Cai Jia Ding Wei'.split()))
    heads, fields = spread('''
        Branch |
        Account Ref | customer.key ownership.customer_key
        Account Type | customer.type
        Title |
        Initials |
        Forename | customer.name
        Surname | customer.name
        Company Name | customer.name
        Sex | customer.gender
        Date of Birth | customer.birth_date
        National ID | customer.id_number
        Address 1 | customer.address
        Address 2 | customer.address
        Town | customer.address
        County |
        Postcode |
        Home Tel | customer.landline
        Work Tel |
        Mobile | customer.mobile
        E-mail | customer.email
        Job Title | customer.occupation
        Mail OK |
        Phone OK |
        SMS OK |
        Reg No | ownership.plate
        VIN | ownership.vin
        Make | ownership.brand
        Range |
        Derivative |
        Colour |
        Engine No |
        Fuel |
        First Reg Date |
        Delivery Date | ownership.purchase_date
        Sale Price | ownership.price
        Sold By |
        Warranty End |
        Next Service Due |
        Last Modified | customer.updated_at''')
    rows = []
    for n, c in enumerate(stuff.cars):
        p = c['who']
        firm, flat, street, work, last = told[p['n']]
        person = not p['firm']
        rows.append(['01', f'A{p["n"] + 20500}', ('Retail', 'Corporate')[p['firm']], ('Mr', 'Mr', 'Ms', 'Mrs')[p['woman'] * 2 + p['n'] % 2] if person else '',
                     p['latin_first'][0] if person else '', p['latin_first'] if person else '', last if person else '', firm, 'MF'[p['woman']] if person else '',
                     day(p['born']), p['id'], flat or street, street if flat else '', TOWNS[p['city']], PROVINCES[p['province']], p['post'], p['landline'] if person else '',
                     '' if person else p['landline'], p['mobile'], p['email'], work,
                     'YN'[p['n'] % 3 == 0], 'YN'[p['n'] % 4 == 0], 'YN'[p['n'] % 5 == 0], c['plate'], c['vin'], c['brand'], c['series'], c['model'],
                     ('Fuji White', 'Santorini Black', 'Eiger Grey', 'Firenze Red')[n % 4], c['engine'], ('Petrol', 'Hybrid')['P400e' in c['model']], day(c['plated']), day(c['sold']),
                     f'{c["price"]:.2f}', rng.choice(['Kelvin Ho', 'Grace Lin', 'Tony Xu']), day(later(c['sold'], 3)), day(later(c['plated'], 2026 - c['plated'].year)),
                     p['changed'].strftime('%d/%m/%Y %H:%M')])
    right = table(fields, heads)
    files = [write(folder / 'f2_customer_vehicle.csv', heads, rows, 'utf-8')]
    heads, fields = spread('''
        WIP No |
        Invoice No |
        Account Ref | customer_key
        Reg No |
        VIN | vin
        Date In | service_date
        Date Out |
        Invoice Date |
        Job Type | job
        Odometer In | odometer_km
        Labour Net |
        Parts Net |
        Sublet Net |
        VAT |
        Invoice Total | amount
        Payment Type |
        Service Advisor |
        Technician |
        WIP Status |''', 'service')
    kinds = {'常规保养': 'Service', '首保': 'First Service', '一般维修': 'Mechanical Repair', '事故车维修': 'Bodyshop', '索赔': 'Warranty', '年检': 'Inspection', '美容装潢': 'Valeting'}
    rows = []
    for v in stuff.visits:
        net = v['paid'] / 1.13
        share = net / v['total'] if v['total'] else 0
        rows.append([v['n'] + 51200, f'I{v["n"] + 80310}', f'A{v["who"]["n"] + 20500}', v['car']['plate'], v['car']['vin'], day(v['in']), day(v['out']), day(v['out']), kinds[v['job']],
                     v['km'], f'{v["labour"] * share:.2f}', f'{v["parts"] * share:.2f}', '0.00', f'{v["paid"] - net:.2f}', f'{v["paid"]:.2f}',
                     ('Card', 'Cash', 'Transfer', 'Account')[v['n'] % 4], rng.choice(['Amy Chen', 'Jason Wu']), f'T{v["n"] % 7 + 10}', 'Invoiced'])
    right |= table(fields, heads)
    files.append(write(folder / 'f2_workshop_invoices.csv', heads, rows, 'utf-8'))
    heads, fields = spread('''
        Case Ref | case_number
        Raised On | opened_on
        Channel |
        Complainant | name
        Contact Tel | mobile
        Reg No |
        VIN | vin
        Case Type | category
        Summary |
        Department |
        Handled By |
        Target Date |
        Case Status | status
        Outcome | settlement
        Closed On | closed_on
        Satisfaction Score |''', 'complaint')
    rows = []
    for n, v in enumerate(stuff.visits[::3], 1):
        p, done = v['who'], rng.random() < 0.75
        rows.append([f'CC{v["out"]:%y}-{n:04d}', day(v['out']), ('Telephone', 'E-mail', 'Showroom')[n % 3], f'{p["latin_first"]} {told[p["n"]][4]}', p['mobile'] or stuff.mobile(),
                     v['car']['plate'], v['car']['vin'], rng.choice(['Product Quality', 'Workmanship', 'Staff Attitude', 'Price', 'Parts Delay']),
                     rng.choice(['Noise from front axle after repair', 'Car not ready at the agreed time', 'Bill higher than the estimate', 'Air conditioning still not cold']),
                     ('Service', 'Sales', 'Parts')[n % 3], rng.choice(['Amy Chen', 'Jason Wu']), day(v['out'] + datetime.timedelta(days=7)), ('Open', 'Closed')[done],
                     rng.choice(['Repair redone', 'Goodwill discount', 'Apology given', 'Refund']) if done else '', day(v['out'] + datetime.timedelta(days=1 + n % 9)) if done else '',
                     n % 5 + 1 if done else ''])
    right |= table(fields, heads)
    files.append(write(folder / 'f2_customer_cases.csv', heads, rows, 'utf-8'))
    # WIP, work in progress: the British systems' word for a workshop order. The title tells the gender too.
    return Layout(files, right, optional={('customer.gender', 'Title'), ('customer.landline', 'Work Tel'), ('customer.address', 'Postcode')},
                  either=[province('County'), any_of('ownership.model', 'Derivative', 'Range'), one_of('service.order_number', 'WIP No', 'Invoice No')])


# ---- 3: an AS/400 at a dealer of Hyundai and Kia: three files' fields in short names; semicolons, GB18030, 20260625 and 0 for none ----

def midrange(folder, seed):
    stuff = Stuff(f'{seed}3', 'f_kia', 230, visits=1.3)
    rng = stuff.rng
    day = lambda d: compact(d) or '0'
    heads, fields = spread('''
        COCD |
        BRCD |
        CUSTNO | key
        CUSTNM | name
        CUSTTP | type
        SEXCD | gender
        BRTHDT | birth_date
        IDTYP |
        IDNO | id_number
        MOBLNO | mobile
        TELNO | landline
        FAXNO |
        EMAIL | email
        ADDR1 | address
        ADDR2 | address
        CITYNM | address
        PROVNM |
        ZIPCD |
        OCCUPN | occupation
        CRLIM |
        PRCGRP |
        SLSMAN |
        CRTDT |
        CRTUSR |
        CHGDT |
        CHGTM |
        CHGUSR |
        DELFLG |''', 'customer')
    rows = []
    for p in stuff.people:
        street, number, rest = p['detail'].partition('号')
        rows.append(['01', 'B2', f'{p["n"] + 700000}', p['name'], 'PC'[p['firm']], '' if p['firm'] else 'MF'[p['woman']], day(p['born']), '12'[p['firm']], p['id'], p['mobile'],
                     p['landline'], '', p['email'], p['district'] + street + number if street else '', rest, p['city'], p['province'], p['post'], p['job'], '0.00',
                     'R1' if not p['firm'] else 'R3', f'S{p["n"] % 6 + 11}', day(p['made']), f'USR{p["n"] % 4 + 1:02d}', day(p['changed']), p['changed'].strftime('%H%M%S'),
                     f'USR{p["n"] % 5 + 1:02d}', 'N'])
    right = table(fields, heads)
    files = [write(folder / 'f3_CUSMAST.csv', heads, rows, 'gb18030', ';')]
    heads, fields = spread('''
        COCD |
        STKNO |
        CHASNO | vin
        ENGNO |
        REGNO | plate
        CUSTNO | customer_key
        MAKENM | brand
        MDLCD |
        MDLDSC | model
        MDLYR |
        COLNM |
        ARVDT |
        INVNO |
        INVDT |
        DLVDT |
        REGDT |
        LSTPRC |
        DSCAMT |
        SLSPRC | price
        WTYEND |
        VEHSTS |''', 'ownership')
    rows = [['01', f'N{n:06d}', c['vin'], c['engine'], c['plate'], f'{c["who"]["n"] + 700000}', c['brand'], c['vin'][3:8], c['model'], c['sold'].year, c['colour'],
             day(c['ordered'] - datetime.timedelta(days=9)), f'V{c["sold"]:%y}{n:05d}', day(c['sold']), day(c['sold'] + datetime.timedelta(days=n % 4)), day(c['plated']),
             f'{c["list"]:.2f}', f'{c["list"] - c["price"]:.2f}', f'{c["price"]:.2f}', day(later(c['sold'], 3)), '9'] for n, c in enumerate(stuff.cars, 1401)]
    right |= table(fields, heads)
    files.append(write(folder / 'f3_VEHMAST.csv', heads, rows, 'gb18030', ';'))
    heads, fields = spread('''
        COCD |
        RONO | order_number
        ROTYP |
        ROTDSC |
        CUSTNO | customer_key
        CHASNO | vin
        REGNO |
        OPNDT |
        OPNTM |
        PRMDT |
        CLSDT |
        KMIN | odometer_km
        LABHRS |
        LABAMT |
        PRTAMT |
        SUBAMT |
        DSCAMT |
        NETAMT | amount
        PAYCD |
        ADVNM |
        ROSTS |''', 'service')
    codes = {'常规保养': 'M1', '首保': 'M0', '一般维修': 'R1', '事故车维修': 'B1', '索赔': 'W1', '年检': 'I1', '美容装潢': 'D1'}
    rows = [['01', f'R{v["n"] + 330000}', codes[v['job']], v['job'], f'{v["who"]["n"] + 700000}', v['car']['vin'], v['car']['plate'], day(v['in']), v['in'].strftime('%H%M%S'), day(v['out']),
             day(v['out']), v['km'], f'{v["labour"] / 160:.1f}', f'{v["labour"]:.2f}', f'{v["parts"]:.2f}', '0.00', f'{v["off"]:.2f}', f'{v["paid"]:.2f}',
             ('CS', 'CC', 'AR')[v['n'] % 3], v['staff'], 'C'] for v in stuff.visits]
    right |= table(fields, heads)
    files.append(write(folder / 'f3_ROHDR.csv', heads, rows, 'gb18030', ';'))
    with_time = lambda field, date, time: [{(field, date)}, {(field, date), (field, time)}]
    # The clock beside the date may be joined to it; the type of the order is there as a code and in words.
    return Layout(files, right, optional={('customer.address', 'ZIPCD')},
                  either=[province('PROVNM'), with_time('customer.updated_at', 'CHGDT', 'CHGTM'), one_of('ownership.purchase_date', 'INVDT', 'DLVDT'),
                          with_time('service.service_date', 'OPNDT', 'OPNTM'), any_of('service.job', 'ROTDSC', 'ROTYP')])


# ---- 4: XML at a dealer of Toyota: a list of customers, a list of vehicles with their orders, in those lines ----

def tag(name, value='', **attributes):
    start = name + ''.join(f' {key}={quoteattr(str(text))}' for key, text in attributes.items() if text not in ('', None))
    return f'<{start}>{escape(str(value))}</{name}>' if value not in ('', None) else f'<{start}/>'


def two_lists(folder, seed):
    stuff = Stuff(f'{seed}4', 'f_toyota', 190, visits=1.2)
    rng = stuff.rng
    visits = {}
    for v in stuff.visits:
        visits.setdefault(v['car']['vin'], []).append(v)
    path = folder / 'f4_dealer_export.xml'
    with open(path, 'w', encoding='utf-8') as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n<DealerDataExport dealer="GT5203" version="3.2" created="2026-06-25T22:00:04">\n <Customers>\n')
        for p in stuff.people:
            file.write(f'  <Customer id="{p["n"] + 310000}" kind="{("private", "company")[p["firm"]]}" active="true">\n   ' + tag('FullName', p['name']) + tag('ContactPerson', p['contact']) +
                       tag('Personal', sex='' if p['firm'] else ('male', 'female')[p['woman']], born=iso(p['born']), occupation=p['job']) +
                       tag('Identification', type='USCC' if p['firm'] else 'RIC', number=p['id']) + '\n   <Contact>' + tag('Mobile', p['mobile']) + tag('Phone', p['landline']) +
                       tag('Email', p['email']) + tag('WeChat', f'wx_{rng.randrange(10 ** 6)}' if rng.random() < 0.2 else '') + '</Contact>\n   <Address>' +
                       tag('Province', p['province']) + tag('City', p['city']) + tag('District', p['district']) + tag('Street', p['detail']) + tag('PostalCode', p['post']) +
                       '</Address>\n   <Consents>' + ''.join(tag('Consent', channel=way, granted=('true', 'false')[rng.random() < 0.3]) for way in ('sms', 'phone', 'email')) +
                       '</Consents>' + tag('Audit', created=iso(p['made']), updated=p['changed'].isoformat(), user=f'u{p["n"] % 9}') + '\n  </Customer>\n')
        file.write(' </Customers>\n <Vehicles>\n')
        for n, c in enumerate(stuff.cars):
            file.write(f'  <Vehicle vin="{c["vin"]}" status="sold">\n   ' + tag('OwnerId', c['who']['n'] + 310000) + tag('Registration', plate=c['plate'], date=iso(c['plated'])) +
                       tag('Make', c['brand']) + tag('ModelLine', c['series']) + tag('Variant', c['model']) + tag('ModelYear', c['sold'].year) + tag('Colour', c['colour']) +
                       tag('EngineNumber', c['engine']) + '\n   <Sale>' + tag('OrderDate', iso(c['ordered'])) + tag('InvoiceDate', iso(c['sold'])) +
                       tag('ListPrice', f'{c["list"]:.2f}') + tag('NetPrice', f'{c["price"]:.2f}', currency='CNY') + tag('SalesPerson', c['staff']) + '</Sale>\n   <RepairOrders>\n')
            for v in visits.get(c['vin'], []):
                lines = [('L', '工时', v['labour'])] + [('P', name, v['parts'] / 2) for name in rng.sample(['机油', '机滤', '空调滤芯', '刹车片', '火花塞'], 2)]
                file.write(f'    <RepairOrder number="RO-{v["in"]:%Y}-{v["n"]:05d}" state="closed">' + tag('OpenedAt', v['in'].isoformat()) + tag('ClosedAt', v['out'].isoformat()) +
                           tag('OrderType', v['job']) + tag('Odometer', v['km'], unit='km') + tag('Advisor', v['staff']) + '\n     <Lines>' +
                           ''.join(f'<Line pos="{k}" type="{kind}">' + tag('Text', text) + tag('Quantity', 1) + tag('LineAmount', f'{much:.2f}') + '</Line>'
                                   for k, (kind, text, much) in enumerate(lines, 1)) + '</Lines>\n     ' +
                           tag('Totals', labour=f'{v["labour"]:.2f}', parts=f'{v["parts"]:.2f}', discount=f'{v["off"]:.2f}', grandTotal=f'{v["paid"]:.2f}') + '\n    </RepairOrder>\n')
            file.write('   </RepairOrders>\n  </Vehicle>\n')
        file.write(' </Vehicles>\n</DealerDataExport>\n')
    right = table(['key', 'type', 'name', 'gender', 'birth_date', 'occupation', 'id_number', 'mobile', 'landline', 'email', 'address', 'address', 'address', 'updated_at'],
                  ['@id', '@kind', 'FullName', 'Personal/@sex', 'Personal/@born', 'Personal/@occupation', 'Identification/@number', 'Contact/Mobile', 'Contact/Phone', 'Contact/Email',
                   'Address/City', 'Address/District', 'Address/Street', 'Audit/@updated'], 'customer')
    right |= table(['customer_key', 'vin', 'plate', 'brand', 'purchase_date', 'price'],
                   ['OwnerId', '@vin', 'Registration/@plate', 'Make', 'Sale/InvoiceDate', 'Sale/NetPrice'], 'ownership')
    right |= table(['customer_key', 'vin', 'order_number', 'service_date', 'job', 'odometer_km', 'amount'],
                   ['../../OwnerId', '../../@vin', '@number', 'OpenedAt', 'OrderType', 'Odometer', 'Totals/@grandTotal'], 'service')
    return Layout([path], right, optional={('customer.address', 'Address/PostalCode')},
                  either=[province('Address/Province'), any_of('ownership.model', 'Variant', 'ModelLine')])


# ---- 5: a German system's database at a dealer of BMW: customers, vehicles, workshop orders, contracts ----

def autohaus(folder, seed):
    stuff = Stuff(f'{seed}5', 'f_bmw', 210, visits=1.2)
    rng = stuff.rng
    path = folder / 'f5_autohaus.sqlite'
    base = sqlite3.connect(path)
    base.executescript('''
        create table Kunden(KundenNr integer primary key, Kundenart text, Anrede text, Nachname text, Vorname text, Firmenname text, Geburtsdatum text, AusweisNr text,
                            Strasse text, Stadtbezirk text, Ort text, Provinz text, PLZ text, TelefonPrivat text, TelefonGeschaeft text, Mobiltelefon text, EMail text,
                            Beruf text, Werbesperre integer, Betreuer text, AngelegtAm text, GeaendertAm text);
        create table Fahrzeuge(FahrzeugId integer primary key, KundenNr integer references Kunden, Fahrgestellnummer text, Kennzeichen text, Marke text, Baureihe text,
                               Modellbezeichnung text, Farbe text, MotorNr text, Erstzulassung text, Verkaufsdatum text, Listenpreis real, Verkaufspreis real,
                               NaechsteInspektion text, Verkaeufer text);
        create table Werkstattauftraege(AuftragsNr text primary key, KundenNr integer references Kunden, Fahrgestellnummer text, Auftragsart text, Annahmedatum text,
                                        Fertigstellung text, RechnungsNr text, Kilometerstand integer, Lohn real, Teile real, Rabatt real, MwSt real, Rechnungsbetrag real,
                                        Zahlungsart text, Serviceberater text, Auftragsstatus text);
        create table Vertraege(VertragsNr text primary key, Vertragsart text, Vertragspartner text, Vertragsnehmer text, AusweisNr text, Fahrgestellnummer text,
                               Abschlussdatum text, Vertragsbeginn text, Vertragsende text, LaufzeitMonate integer, Kreditbetrag real, Monatsrate real, Vertragsstatus text,
                               Bearbeiter text);''')
    base.executemany(f'insert into Kunden values({",".join("?" * 22)})', [
        (p['n'] + 10000, ('Privat', 'Gewerbe')[p['firm']], 'Firma' if p['firm'] else ('Herr', 'Frau')[p['woman']], p['last'], p['first'], p['name'] if p['firm'] else '', iso(p['born']),
         p['id'], p['detail'], p['district'], p['city'], p['province'], p['post'], '' if p['firm'] else p['landline'], p['landline'] if p['firm'] else '', p['mobile'], p['email'],
         p['job'], int(p['n'] % 11 == 0), p['staff'], iso(p['made']), stamp(p['changed'])) for p in stuff.people])
    base.executemany(f'insert into Fahrzeuge values({",".join("?" * 15)})', [
        (n, c['who']['n'] + 10000, c['vin'], c['plate'], c['brand'], c['series'], c['model'], ('Alpinweiß', 'Saphirschwarz', 'Mineralgrau')[n % 3], c['engine'], iso(c['plated']),
         iso(c['sold']), c['list'], c['price'], iso(later(c['plated'], 2027 - c['plated'].year)), c['staff']) for n, c in enumerate(stuff.cars, 1)])
    kinds = {'常规保养': 'Inspektion', '首保': 'Erstinspektion', '一般维修': 'Reparatur', '事故车维修': 'Unfallinstandsetzung', '索赔': 'Gewährleistung', '年检': 'Hauptuntersuchung',
             '美容装潢': 'Aufbereitung'}
    base.executemany(f'insert into Werkstattauftraege values({",".join("?" * 16)})', [
        (f'WA{v["in"]:%y}{v["n"]:06d}', v['who']['n'] + 10000, v['car']['vin'], kinds[v['job']], stamp(v['in']), stamp(v['out']), f'RG{v["n"] + 44000}', v['km'], v['labour'], v['parts'],
         v['off'], round(v['paid'] * 0.13 / 1.13, 2), v['paid'], ('Karte', 'bar', 'WeChat', 'Überweisung')[v['n'] % 4], v['staff'], 'abgerechnet') for v in stuff.visits])
    rows = []
    for n, c in enumerate(stuff.cars):
        if n % 4 == 3:
            continue
        p, months = c['who'], rng.choice([12, 24, 36, 36, 48])
        credit = n % 4 < 2
        begin = later(c['sold'], 0)
        end = later(begin, months // 12)
        sum_ = c['price'] * rng.choice([50, 60, 70]) // 100
        rows.append((f'V{begin:%Y}-{n + 1200}', ('Finanzierung', 'Leasing', 'Garantieverlängerung')[n % 4], ('BMW Bank', 'BMW Leasing', 'BMW Service')[n % 4], p['name'], p['id'], c['vin'],
                     iso(c['ordered']), iso(begin), iso(end), months, float(sum_) if credit else None, round(sum_ / months, 2) if credit else None,
                     'beendet' if end < stuff.today else ('aktiv', 'aktiv', 'gekündigt')[rng.random() < 0.05 and 2], p['staff']))
    base.executemany(f'insert into Vertraege values({",".join("?" * 14)})', rows)
    base.commit()
    base.close()
    right = table(['key', 'type', 'gender', 'name', 'name', 'name', 'birth_date', 'id_number', 'address', 'address', 'address', 'landline', 'mobile', 'email', 'occupation', 'updated_at'],
                  ['KundenNr', 'Kundenart', 'Anrede', 'Nachname', 'Vorname', 'Firmenname', 'Geburtsdatum', 'AusweisNr', 'Strasse', 'Stadtbezirk', 'Ort', 'TelefonPrivat', 'Mobiltelefon',
                   'EMail', 'Beruf', 'GeaendertAm'], 'customer')
    right |= table(['customer_key', 'vin', 'plate', 'brand', 'purchase_date', 'price'],
                   ['KundenNr', 'Fahrgestellnummer', 'Kennzeichen', 'Marke', 'Verkaufsdatum', 'Verkaufspreis'], 'ownership')
    right |= table(['order_number', 'customer_key', 'vin', 'job', 'service_date', 'odometer_km', 'amount'],
                   ['AuftragsNr', 'KundenNr', 'Fahrgestellnummer', 'Auftragsart', 'Annahmedatum', 'Kilometerstand', 'Rechnungsbetrag'], 'service')
    right |= table(['number', 'type', 'name', 'id_number', 'vin', 'starts_on', 'ends_on', 'months', 'principal', 'status'],
                   ['VertragsNr', 'Vertragsart', 'Vertragsnehmer', 'AusweisNr', 'Fahrgestellnummer', 'Vertragsbeginn', 'Vertragsende', 'LaufzeitMonate', 'Kreditbetrag',
                    'Vertragsstatus'], 'contract')
    # The form of address says Firma too; it is the only column that tells man from woman.
    return Layout([path], right, optional={('customer.type', 'Anrede'), ('customer.landline', 'TelefonGeschaeft'), ('customer.address', 'PLZ'), ('customer.name', 'Vertragsnehmer')},
                  either=[province('Provinz'), any_of('ownership.model', 'Modellbezeichnung', 'Baureihe')])


LAYOUTS = {'F1 Great Wall, three files': great_wall, 'F2 British, WIP and cases': british, 'F3 AS/400, short names': midrange, 'F4 XML, two lists': two_lists,
           'F5 German, database': autohaus}


def make_with_choices(folder, seed='F2026'):
    """(name, Layout) of each."""
    for name, make in LAYOUTS.items():
        yield name, make(folder, seed)


def make_layouts(folder, feeds=None, second=False):
    """As the other makers do: name, files, right pairs (the answer of first choice)."""
    for name, layout in make_with_choices(folder):
        yield name, layout.files, settle(layout)
