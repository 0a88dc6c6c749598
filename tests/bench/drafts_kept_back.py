"""Layouts that the words and the rules of drafting were not made for: written down first, and only measured.

Each is of a kind that systems really hand over: a bare export, an American extract, initials of pinyin, STAR-like
elements, lines of fixed width, a database with foreign keys, names with prefixes, abbreviations. Every maker
yields its name, its files and the right (field, column) pairs.
"""
import csv
import sqlite3
from xml.sax.saxutils import escape


def iso(text):
    """18/05/1986 00:00 as 1986-05-18."""
    parts = text.split(' ')[0].split('/')
    return '-'.join(reversed(parts)) if len(parts) == 3 else ''


def american(text):
    parts = text.split(' ')[0].split('/')
    return f'{parts[1]}/{parts[0]}/{parts[2]}' if len(parts) == 3 else ''


def plain(text):
    return iso(text).replace('-', '')


def write(path, rows, headings=None, encoding='utf-8', delimiter=','):
    with open(path, 'w', encoding=encoding, errors='replace', newline='') as file:
        writer = csv.writer(file, delimiter=delimiter)
        if headings:
            writer.writerow(headings)
        writer.writerows(rows)
    return path


def table(fields, names):
    return {(field, name) for field, name in zip(fields, names) if field}


def numbers(count):
    return [str(n) for n in range(1, count + 1)]


def vendor_bare(folder, feeds):
    """A vendor's unload: GB18030, tabs, no headings, a branch and empty columns between."""
    people = ['customer.name', 'customer.mobile', 'customer.gender', 'customer.id_number', '',
              'customer.address', 'customer.birth_date', 'customer.key', '', 'customer.updated_at']
    rows = [[p['FullName'], p['CellPhone'], {'1': '男', '2': '女'}.get(p['Sex'], ''), p['IDCard'], '',
             p['Address'], plain(p['BirthDate']), 'K' + p['CustNo'], '4401', plain(p['ModifiedOn'])]
            for p in feeds['people']]
    yield write(folder / 'kept_kh.txt', rows, None, 'gb18030', '\t'), table(people, numbers(10))
    cars = ['ownership.vin', 'ownership.customer_key', 'ownership.brand', 'ownership.model', 'ownership.plate',
            'ownership.price', 'ownership.purchase_date']
    rows = [[c['VIN'], 'K' + c['CustNo'], c['Brand'], c['Model'], c['PlateNo'], c['Price'], plain(c['PurchaseDate'])]
            for c in feeds['cars']]
    yield write(folder / 'kept_cl.txt', rows, None, 'gb18030', '\t'), table(cars, numbers(7))
    visits = ['service.vin', 'service.service_date', 'service.order_number', 'service.odometer_km', 'service.amount',
              'service.customer_key', 'service.job']
    rows = [[v['VIN'], plain(v['InDate']), v['OrderNo'], v['Mileage'], v['Amount'], 'K' + v['CustNo'], v['JobType']]
            for v in feeds['visits']]
    yield write(folder / 'kept_wx.txt', rows, None, 'gb18030', '\t'), table(visits, numbers(7))


def american_extract(folder, feeds):
    heads = ['Buyer ID', 'Buyer First', 'Buyer Last', 'Buyer Cell', 'Buyer Home Ph', 'Buyer EMail Addr', 'Buyer Addr 1', 'Buyer St',
             'Buyer DOB', 'Unit VIN', 'Unit Make', 'Unit Mdl', 'Plate Num', 'Dt Sold', 'Cash Price', 'Deal Nbr', 'Salesman 1 Nm']
    fields = ['customer.key', 'customer.name', 'customer.name', 'customer.mobile', 'customer.landline', 'customer.email', 'customer.address',
              'customer.region', 'customer.birth_date', 'ownership.vin', 'ownership.brand', 'ownership.model', 'ownership.plate',
              'ownership.purchase_date', 'ownership.price', '', '']
    by_number = {p['CustNo']: p for p in feeds['people']}
    rows = []
    for count, car in enumerate(feeds['cars']):
        p = by_number.get(car['CustNo'])
        if p and p['CustNo'].isdigit():
            rows.append([p['CustNo'], p['FullName'][1:], p['FullName'][:1], p['CellPhone'], '', p['Email'], p['Address'], p['Province'],
                         american(p['BirthDate']), car['VIN'], car['Brand'], car['Model'], car['PlateNo'],
                         american(car['PurchaseDate']), car['Price'], 70000 + count * 7, ('王强', '李娜', '赵敏')[count % 3]])
    right = table(fields, heads) | {('ownership.customer_key', 'Buyer ID')}
    yield write(folder / 'kept_deals.csv', rows, heads), right
    heads = ['RO Nbr', 'RO Open Dt', 'Cust ID', 'VIN', 'Mi In', 'Op Type', 'RO Tot Amt']
    fields = ['service.order_number', 'service.service_date', 'service.customer_key', 'service.vin', 'service.odometer_km', 'service.job',
              'service.amount']
    rows = [[v['OrderNo'], american(v['InDate']), v['CustNo'], v['VIN'], v['Mileage'], v['JobType'], v['Amount']]
            for v in feeds['visits']]
    yield write(folder / 'kept_ro.csv', rows, heads), table(fields, heads)


def pinyin_initials(folder, feeds):
    heads = ['khdm', 'khxm', 'xb', 'khxz', 'lxsj', 'sfzhm', 'csny', 'ssqy', 'txdz', 'yxdz', 'zhxgrq']
    fields = ['customer.key', 'customer.name', 'customer.gender', 'customer.type', 'customer.mobile', 'customer.id_number',
              'customer.birth_date', 'customer.region', 'customer.address', 'customer.email', 'customer.updated_at']
    columns = ['CustNo', 'FullName', 'Sex', 'Type', 'CellPhone', 'IDCard', 'BirthDate', 'Province', 'Address', 'Email', 'ModifiedOn']
    rows = [[p[c] if c not in ('BirthDate', 'ModifiedOn') else iso(p[c]) for c in columns] for p in feeds['people']]
    yield write(folder / 'kept_khda.csv', rows, heads), table(fields, heads)
    heads = ['khdm', 'cjhm', 'cphm', 'clpp', 'clxh', 'xsrq', 'xsjg']
    fields = ['ownership.customer_key', 'ownership.vin', 'ownership.plate', 'ownership.brand', 'ownership.model',
              'ownership.purchase_date', 'ownership.price']
    rows = [[c['CustNo'], c['VIN'], c['PlateNo'], c['Brand'], c['Model'], iso(c['PurchaseDate']), c['Price']] for c in feeds['cars']]
    yield write(folder / 'kept_clda.csv', rows, heads), table(fields, heads)
    heads = ['gdh', 'khdm', 'cjhm', 'jcsj', 'wxlb', 'jsje', 'jclc']
    fields = ['service.order_number', 'service.customer_key', 'service.vin', 'service.service_date', 'service.job', 'service.amount',
              'service.odometer_km']
    rows = [[v['OrderNo'], v['CustNo'], v['VIN'], iso(v['InDate']), v['JobType'], v['Amount'], v['Mileage']] for v in feeds['visits']]
    yield write(folder / 'kept_wxjl.csv', rows, heads), table(fields, heads)


def star_like(folder, feeds):
    cars = {}
    for car in feeds['cars']:
        cars.setdefault(car['VIN'], car)
    people = {p['CustNo']: p for p in feeds['people']}
    path = folder / 'kept_star.xml'
    with open(path, 'w', encoding='utf-8') as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<ProcessRepairOrder xmlns="http://www.example.org/repair">'
                   '<ProcessRepairOrderDataArea>\n')
        for v in feeds['visits']:
            p = people.get(v['CustNo'])
            car = cars.get(v['VIN'])
            if not p or not car:
                continue
            t = {k: escape(x or '') for k, x in {**p, **car, **v}.items()}
            file.write(
                f'<RepairOrder><RepairOrderHeader><DocumentIdentification><DocumentID>{t["OrderNo"]}</DocumentID></DocumentIdentification>'
                f'<RepairOrderOpenedDate>{iso(v["InDate"])}</RepairOrderOpenedDate>'
                f'<InDistanceMeasure unitCode="KMT">{t["Mileage"]}</InDistanceMeasure>'
                f'<OwnerParty><PartyID>{t["CustNo"]}</PartyID><SpecifiedPerson><FullName>{t["FullName"]}</FullName>'
                f'<GenderCode>{t["Sex"]}</GenderCode><BirthDate>{iso(p["BirthDate"])}</BirthDate>'
                f'<MobileTelephoneCommunication><CompleteNumber>{t["CellPhone"]}</CompleteNumber></MobileTelephoneCommunication>'
                f'<URICommunication><URIID>{t["Email"]}</URIID></URICommunication>'
                f'<ResidenceAddress><LineOne>{t["Address"]}</LineOne></ResidenceAddress></SpecifiedPerson></OwnerParty>'
                f'<RepairOrderVehicleLineItem><Vehicle><VehicleID>{t["VIN"]}</VehicleID><MakeString>{t["Brand"]}</MakeString>'
                f'<Model>{t["Model"]}</Model></Vehicle><LicenseNumberString>{t["PlateNo"]}</LicenseNumberString>'
                f'</RepairOrderVehicleLineItem><TotalAmount currencyID="CNY">{t["Amount"]}</TotalAmount>'
                f'</RepairOrderHeader></RepairOrder>\n')
        file.write('</ProcessRepairOrderDataArea></ProcessRepairOrder>\n')
    # The record is the header, the only element in each order.
    person = 'OwnerParty/SpecifiedPerson/'
    car = 'RepairOrderVehicleLineItem/'
    key = 'OwnerParty/PartyID'
    vin = car + 'Vehicle/VehicleID'
    yield path, {
        ('customer.key', key), ('ownership.customer_key', key), ('service.customer_key', key),
        ('customer.name', person + 'FullName'), ('customer.gender', person + 'GenderCode'), ('customer.birth_date', person + 'BirthDate'),
        ('customer.mobile', person + 'MobileTelephoneCommunication/CompleteNumber'), ('customer.email', person + 'URICommunication/URIID'),
        ('customer.address', person + 'ResidenceAddress/LineOne'), ('ownership.vin', vin), ('service.vin', vin),
        ('ownership.brand', car + 'Vehicle/MakeString'), ('ownership.model', car + 'Vehicle/Model'),
        ('ownership.plate', car + 'LicenseNumberString'),
        ('service.order_number', 'DocumentIdentification/DocumentID'),
        ('service.service_date', 'RepairOrderOpenedDate'),
        ('service.odometer_km', 'InDistanceMeasure'), ('service.amount', 'TotalAmount')}


def pad(text, width):
    data = (text or '').encode('gb18030', 'replace')[:width]
    data = data.decode('gb18030', 'ignore').encode('gb18030')
    return data + b' ' * (width - len(data))


def fixed_width(folder, feeds):
    """Lines of three types by their first two letters, header and trailer; places as the column's names."""
    cars = {}
    visits = {}
    for car in feeds['cars']:
        cars.setdefault(car['CustNo'], []).append(car)
    for visit in feeds['visits']:
        visits.setdefault(visit['VIN'], []).append(visit)
    path = folder / 'kept_lines.txt'
    count = 0
    with open(path, 'wb') as file:
        file.write(b'HD20260630D0002\r\n')
        for p in feeds['people']:
            file.write(b'CU' + pad(p['CustNo'], 10) + pad(p['FullName'], 40) + pad(p['Sex'], 2) + pad(p['CellPhone'], 18) +
                       pad(p['IDCard'], 20) + pad(plain(p['BirthDate']), 10) + pad(p['Address'], 90) + b'\r\n')
            count += 1
            for car in cars.get(p['CustNo'], []):
                file.write(b'VE' + pad(car['VIN'], 18) + pad(car['PlateNo'], 12) + pad(car['Brand'], 16) + pad(car['Model'], 24) +
                           pad(plain(car['PurchaseDate']), 9) + pad(car['Price'].rjust(12), 12) + b'\r\n')
                count += 1
        file.write(b'TR' + b'%09d' % count + b'\r\n')
    # A place may begin with the blanks before it.
    yield path, {('customer.key', 3), ('customer.name', 13), ('customer.gender', 53), ('customer.mobile', 55),
                 ('customer.id_number', 73), ('customer.birth_date', 93), ('customer.address', 103), ('ownership.vin', 3),
                 ('ownership.plate', 21), ('ownership.brand', 33), ('ownership.model', 49), ('ownership.purchase_date', 73),
                 ('ownership.price', 82)}


def database(folder, feeds):
    """Foreign keys: a car has a number of its own, and a visit knows the car by it."""
    path = folder / 'kept_shop.sqlite'
    base = sqlite3.connect(path)
    base.executescript('''
        create table crm_cust(cust_id integer primary key, cust_nm text, sex_cd text, cust_typ text, mob_tel text, cert_no text,
                              bth_dt text, prov_nm text, dtl_addr text, eml text, last_upd_tm text);
        create table crm_cust_veh(veh_id integer primary key, cust_id integer references crm_cust, vin_no text, lic_no text,
                              mk_nm text, mdl_nm text, sale_dt text, sale_amt real);
        create table svc_ro_hdr(ro_id text primary key, cust_id integer references crm_cust, vin_no text, in_dt text, svc_typ text,
                              ro_amt real, mlg integer);''')
    base.executemany('insert or ignore into crm_cust values(?,?,?,?,?,?,?,?,?,?,?)', [
        (int(p['CustNo']), p['FullName'], p['Sex'], p['Type'], p['CellPhone'], p['IDCard'], iso(p['BirthDate']), p['Province'],
         p['Address'], p['Email'], iso(p['ModifiedOn'])) for p in feeds['people'] if p['CustNo'].isdigit()])
    base.executemany('insert into crm_cust_veh values(?,?,?,?,?,?,?,?)', [
        (n, int(c['CustNo']), c['VIN'], c['PlateNo'], c['Brand'], c['Model'], iso(c['PurchaseDate']), c['Price'])
        for n, c in enumerate(feeds['cars'], 1000) if c['CustNo'].isdigit()])
    base.executemany('insert or ignore into svc_ro_hdr values(?,?,?,?,?,?,?)', [
        (v['OrderNo'], int(v['CustNo']), v['VIN'], iso(v['InDate']), v['JobType'], v['Amount'], v['Mileage']) for v in feeds['visits']
        if v['CustNo'].isdigit()])
    base.commit()
    base.close()
    heads = ['cust_id', 'cust_nm', 'sex_cd', 'cust_typ', 'mob_tel', 'cert_no', 'bth_dt', 'prov_nm', 'dtl_addr', 'eml', 'last_upd_tm']
    fields = ['customer.key', 'customer.name', 'customer.gender', 'customer.type', 'customer.mobile', 'customer.id_number',
              'customer.birth_date', 'customer.region', 'customer.address', 'customer.email', 'customer.updated_at']
    right = table(fields, heads)
    right |= table(['ownership.customer_key', 'ownership.vin', 'ownership.plate', 'ownership.brand', 'ownership.model',
                    'ownership.purchase_date', 'ownership.price'],
                   ['cust_id', 'vin_no', 'lic_no', 'mk_nm', 'mdl_nm', 'sale_dt', 'sale_amt'])
    right |= table(['service.order_number', 'service.customer_key', 'service.vin', 'service.service_date', 'service.job',
                    'service.amount', 'service.odometer_km'], ['ro_id', 'cust_id', 'vin_no', 'in_dt', 'svc_typ', 'ro_amt', 'mlg'])
    yield path, right


def prefixed(folder, feeds):
    """Names with the prefixes of their types, as programs of the nineties had them; one wide file."""
    heads = ['strOwnerCode', 'strOwnerName', 'intOwnerSex', 'strMobile', 'strIDNo', 'dtmBirthday', 'strProvince', 'strAddress', 'strEMail',
             'strVIN', 'strLicense', 'strBrand', 'strModel', 'dtmBuyDate', 'curBuyPrice', 'strRemark', 'blnDeleted']
    fields = ['customer.key', 'customer.name', 'customer.gender', 'customer.mobile', 'customer.id_number', 'customer.birth_date',
              'customer.region', 'customer.address', 'customer.email', 'ownership.vin', 'ownership.plate', 'ownership.brand',
              'ownership.model', 'ownership.purchase_date', 'ownership.price', '', '']
    people = {p['CustNo']: p for p in feeds['people']}
    rows = []
    for c in feeds['cars']:
        p = people.get(c['CustNo'])
        if p and p['CustNo'].isdigit():
            rows.append(['%06d' % int(p['CustNo']), p['FullName'], p['Sex'], p['CellPhone'], p['IDCard'], iso(p['BirthDate']), p['Province'],
                         p['Address'], p['Email'], c['VIN'], c['PlateNo'], c['Brand'], c['Model'], iso(c['PurchaseDate']), c['Price'],
                         '', '0'])
    yield write(folder / 'kept_prefixed.csv', rows, heads, 'gbk', ';'), (
        table(fields, heads) | {('ownership.customer_key', 'strOwnerCode')})


def three_tables(folder, feeds, name, heads, date=iso, **options):
    """The customers, cars and visits under given headings; '' leaves a column out."""
    columns = [['CustNo', 'FullName', 'Sex', 'Type', 'CellPhone', 'IDCard', 'BirthDate', 'Province', 'Address', 'Email', 'ModifiedOn'],
               ['CustNo', 'VIN', 'PlateNo', 'Brand', 'Model', 'PurchaseDate', 'Price'],
               ['OrderNo', 'CustNo', 'VIN', 'InDate', 'JobType', 'Amount', 'Mileage']]
    fields = [['customer.key', 'customer.name', 'customer.gender', 'customer.type', 'customer.mobile', 'customer.id_number',
               'customer.birth_date', 'customer.region', 'customer.address', 'customer.email', 'customer.updated_at'],
              ['ownership.customer_key', 'ownership.vin', 'ownership.plate', 'ownership.brand', 'ownership.model',
               'ownership.purchase_date', 'ownership.price'],
              ['service.order_number', 'service.customer_key', 'service.vin', 'service.service_date', 'service.job', 'service.amount',
               'service.odometer_km']]
    dates = ('BirthDate', 'ModifiedOn', 'PurchaseDate', 'InDate')
    for what, part, names, meant in zip(('people', 'cars', 'visits'), columns, heads, fields):
        rows = [[date(r[c]) if c in dates else r[c] for c, h in zip(part, names) if h] for r in feeds[what]]
        path = folder / f'kept_{name}_{what}.csv'
        yield write(path, rows, [h for h in names if h], **options), {(f, h) for f, h in zip(meant, names) if h}


def traditional(folder, feeds):
    return three_tables(folder, feeds, 'tw', [
        ['顧客代號', '顧客姓名', '性別', '顧客類別', '行動電話', '身分證字號', '出生日期', '縣市', '通訊地址', '電子信箱', '最後異動日'],
        ['顧客代號', '車身號碼', '牌照號碼', '廠牌', '車型', '交車日', '成交價'],
        ['工單號碼', '顧客代號', '車身號碼', '進廠日期', '工作類別', '應收金額', '進廠里程']], encoding='big5')


def whole_pinyin(folder, feeds):
    return three_tables(folder, feeds, 'whole', [
        ['KeHuBianMa', 'KeHuMingCheng', 'XingBie', 'KeHuLeiBie', 'ShouJi', 'ZhengJianHao', 'ShengRi', 'ShengFen', 'DiZhi', 'YouXiang',
         'XiuGaiRiQi'],
        ['KeHuBianMa', 'CheJiaHao', 'ChePaiHao', 'PinPai', 'CheXing', 'XiaoShouRiQi', 'XiaoShouJinE'],
        ['WeiXiuDanHao', 'KeHuBianMa', 'CheJiaHao', 'JinChangRiQi', 'WeiXiuLeiXing', 'JinE', 'GongLiShu']], delimiter=';')


def warehouse(folder, feeds):
    return three_tables(folder, feeds, 'dw', [
        ['DW_CUST_NBR', 'CUST_FULL_NM', 'GNDR_CD', 'CUST_CLS_CD', 'PRIM_MBL_PH_NBR', 'GOVT_ID_NBR', 'BRTH_DT', 'PRVNC_NM', 'RES_ADDR_TXT',
         'EMAIL_ADDR_TXT', 'REC_UPDT_TS'],
        ['DW_CUST_NBR', 'VIN_NBR', 'LIC_PLT_NBR', 'MFR_BRND_NM', 'MDL_NM', 'RTL_SALE_DT', 'SALE_PRC_AMT'],
        ['RPR_ORD_NBR', 'DW_CUST_NBR', 'VIN_NBR', 'RPR_ORD_OPN_DT', 'SVC_TYP_CD', 'TOT_INVC_AMT', 'ODOM_RDNG_QTY']],
        delimiter='|')


def spanish(folder, feeds):
    return three_tables(folder, feeds, 'es', [
        ['CODIGO_CLIENTE', 'NOMBRE_CLIENTE', 'SEXO', 'TIPO_CLIENTE', 'MOVIL', 'DNI', 'FECHA_NACIMIENTO', 'PROVINCIA', 'DIRECCION', 'CORREO',
         'FECHA_MODIFICACION'],
        ['CODIGO_CLIENTE', 'BASTIDOR', 'MATRICULA', 'MARCA', 'MODELO', 'FECHA_VENTA', 'PRECIO'],
        ['NUM_ORDEN', 'CODIGO_CLIENTE', 'BASTIDOR', 'FECHA_ENTRADA', 'TIPO_TRABAJO', 'IMPORTE', 'KILOMETROS']], delimiter=';')


def spoken_chinese(folder, feeds):
    """Headings as somebody types them into a sheet."""
    return three_tables(folder, feeds, 'sheet', [
        ['编号', '姓名/单位', '男女', '个人/公司', '手机(必填)', '证件号', '出生年月日', '哪个省', '住哪里', '邮箱', '更新日期'],
        ['客户编号', '车架', '车牌', '品牌', '车型', '买车日期', '车价(元)'],
        ['单号', '客户编号', '车架', '日期', '项目', '金额(元)', '公里数']], encoding='gbk')


def bare_wide(folder, feeds):
    """An owner and a car in each row, no headings; visits with labour, parts, total and two dates."""
    people = {p['CustNo']: p for p in feeds['people']}
    rows = []
    for c in feeds['cars']:
        p = people.get(c['CustNo'])
        if p:
            rows.append([c['VIN'], c['PlateNo'], c['Brand'], c['Model'], iso(c['PurchaseDate']), c['Price'], p['FullName'], p['Sex'],
                         p['CellPhone'], p['IDCard'], iso(p['BirthDate']), p['Address'], p['Email']])
    fields = ['ownership.vin', 'ownership.plate', 'ownership.brand', 'ownership.model', 'ownership.purchase_date', 'ownership.price',
              'customer.name', 'customer.gender', 'customer.mobile', 'customer.id_number', 'customer.birth_date', 'customer.address',
              'customer.email']
    yield write(folder / 'kept_owners.csv', rows), table(fields, numbers(13))


SECOND = {'traditional headings': traditional, 'whole pinyin': whole_pinyin, 'data warehouse': warehouse, 'Spanish': spanish,
          'typed sheet': spoken_chinese, 'bare, wide': bare_wide}

LAYOUTS = {'bare vendor': vendor_bare, 'American extract': american_extract, 'initials of pinyin': pinyin_initials,
           'STAR-like': star_like, 'lines of fixed width': fixed_width, 'database, keys': database,
           'prefixed names': prefixed}


def make_layouts(folder, feeds, second=False):
    for name, make in (SECOND if second else LAYOUTS).items():
        files = []
        right = set()
        for path, pairs in make(folder, feeds):
            files.append(path)
            right |= pairs
        yield name, files, right
