"""Five more, of ordinary difficulty: a dealer group's cars, AS/400, attributes, initials and German. drafts_material.py has the form."""
import csv
import datetime
import sqlite3
from xml.sax.saxutils import quoteattr

from drafts_material import Layout, Stuff, compact, dotted, iso, settle, slash, spread, stamp, table, write


def both_or(entity_field, *columns):
    """One field that any of these columns gives, or all of them together."""
    return [{(entity_field, column)} for column in columns] + [{(entity_field, column) for column in columns}]


def province(column):
    """A province beside an address in parts: the region, a part of the address, or both."""
    return [{('customer.region', column), ('customer.address', column)}, {('customer.region', column)}, {('customer.address', column)}]


# ---- 1: Toyota dealers of one group: the car first, then its owner, a row each; GB18030 ----

def group_cars(folder, seed):
    stuff = Stuff(f'{seed}1', 'e_toyota', 230, visits=1.2)
    rng = stuff.rng
    last = {v['car']['vin']: v for v in stuff.visits}
    heads, fields = spread('''
        序号 |
        所属公司 |
        门店代码 |
        车牌号 | ownership.plate
        VIN码 | ownership.vin
        品牌 | ownership.brand
        车系 |
        车型名称 |
        外观颜色 |
        内饰颜色 |
        发动机号 |
        购车日期 | ownership.purchase_date
        交车日期 |
        上牌日期 |
        厂家指导价 |
        成交价 | ownership.price
        是否本店购车 |
        销售顾问 |
        客户编号 | customer.key ownership.customer_key
        客户姓名 | customer.name
        客户类型 | customer.type
        性别 | customer.gender
        手机号码 | customer.mobile
        固定电话 | customer.landline
        证件类型 |
        证件号码 | customer.id_number
        出生日期 | customer.birth_date
        职业 | customer.occupation
        省份 |
        城市 | customer.address
        区县 | customer.address
        地址 | customer.address
        邮编 |
        E-MAIL | customer.email
        联系人 |
        联系人电话 |
        会员卡号 |
        会员等级 |
        可用积分 |
        保险公司 |
        交强险到期日 |
        最后进站日期 |
        最后进站里程 |
        客户来源 |
        是否有效 |
        录入人 |
        录入时间 |
        修改人 |
        修改时间 | customer.updated_at
        备注 |''')
    shops = [('鸿泰集团广州鸿泰丰田', 'HT01'), ('鸿泰集团佛山鸿泰丰田', 'HT02'), ('鸿泰集团南京鸿泰丰田', 'HT05')]
    rows = []
    for n, c in enumerate(stuff.cars, 1):
        p, v = c['who'], last.get(c['vin'])
        shop, code = shops[p['n'] % 3]
        member = p['n'] % 3 == 0
        rows.append([n, shop, code, c['plate'], c['vin'], c['brand'], c['series'], c['model'], c['colour'], ('黑色', '米色', '棕色')[n % 3], c['engine'], slash(c['sold']),
                     slash(c['sold'] + datetime.timedelta(days=n % 4)), slash(c['plated']), c['list'], c['price'], '是' if n % 7 else '否', c['staff'],
                     f'KH{code[2:]}{p["n"] + 10000:06d}', p['name'], '公司' if p['firm'] else '个人', '未知' if p['firm'] else '男女'[p['woman']], p['mobile'], p['landline'],
                     '营业执照' if p['firm'] else '居民身份证', p['id'], slash(p['born']), p['job'], p['province'], p['city'], p['district'], p['detail'], p['post'], p['email'],
                     p['contact'], p['mobile2'] if p['contact'] else '', f'VIP{p["n"] * 37 % 99991:06d}' if member else '', ('银卡', '金卡', '钻石卡')[n % 3] if member else '',
                     rng.randrange(0, 90) * 50 if member else 0, ('人保', '平安', '太平洋', '')[n % 4], slash(c['plated'].replace(year=2026, day=1)), slash(v and v['in']),
                     v['km'] if v else '', rng.choice(['自然到店', '电话咨询', '汽车之家', '转介绍', '']), 'Y', p['staff'],
                     f'{slash(p["made"])} {p["changed"]:%H:%M}', rng.choice(['系统管理员', p['staff']]), f'{slash(p["changed"])} {p["changed"]:%H:%M}',
                     rng.choice(['', '', '', '', '客户要求周末联系'])])
    return Layout([write(folder / 'e1_客户车辆档案导出.csv', heads, rows, 'gb18030')], table(fields, heads),
                  optional={('customer.region', '城市'), ('customer.address', '邮编')},
                  either=[both_or('ownership.model', '车型名称', '车系'), province('省份')])


# ---- 2: as from an AS/400: customer master and repair order headers, names of six letters, dates as numbers, capitals ----

CITIES = {'广州市': 'GUANGZHOU', '深圳市': 'SHENZHEN', '佛山市': 'FOSHAN', '上海市': 'SHANGHAI', '南京市': 'NANJING', '苏州市': 'SUZHOU', '杭州市': 'HANGZHOU', '宁波市': 'NINGBO',
          '长春市': 'CHANGCHUN', '重庆市': 'CHONGQING', '成都市': 'CHENGDU', '西安市': 'XIAN', '武汉市': 'WUHAN', '长沙市': 'CHANGSHA', '济南市': 'JINAN', '郑州市': 'ZHENGZHOU',
          '北京市': 'BEIJING', '合肥市': 'HEFEI'}
PROVINCES = {'广东省': 'GUANGDONG', '上海市': 'SHANGHAI', '江苏省': 'JIANGSU', '浙江省': 'ZHEJIANG', '吉林省': 'JILIN', '重庆市': 'CHONGQING', '四川省': 'SICHUAN', '陕西省': 'SHAANXI',
             '湖北省': 'HUBEI', '湖南省': 'HUNAN', '山东省': 'SHANDONG', '河南省': 'HENAN', '北京市': 'BEIJING', '安徽省': 'ANHUI'}


def midrange(folder, seed):
    stuff = Stuff(f'{seed}2', 'e_korea', 230, visits=1.5)
    rng = stuff.rng
    number = lambda d: int(compact(d)) if d else 0
    users = ['QPGMR', 'SLIU', 'JCHEN', 'MWANG']
    names = {}
    for p in stuff.people:
        city = CITIES[p['city']]
        names[p['n']] = (f'{city} {rng.choice("HENGDA HONGYUAN RUIFENG HUAXIN TIANCHENG".split())} {rng.choice(["TRADING", "LOGISTICS", "TECHNOLOGY"])} CO LTD' if p['firm']
                         else f'{p["latin_last"]} {p["latin_first"]}'.upper())
    heads, fields = spread('''
        CMPNBR |
        CUSNBR | key
        CUSNAM | name
        CUSTYP | type
        SEXCOD | gender
        BTHDAT | birth_date
        IDTYPE |
        IDNBR | id_number
        ADRLN1 | address
        ADRLN2 | address
        CITYNM | address
        PRVNAM |
        POSTCD |
        HOMTEL | landline
        BUSTEL |
        MOBTEL | mobile
        EMLADR | email
        OCCUPN | occupation
        SLSREP |
        CRDLMT |
        ARBAL |
        MKTFLG |
        DLTFLG |
        ADDDAT |
        ADDUSR |
        CHGDAT | updated_at
        CHGTIM |
        CHGUSR |
        CHGPGM |''', 'customer')
    rows = []
    for p in stuff.people:
        road = f'NO {rng.randrange(1, 800)} {rng.choice("RENMIN JIEFANG ZHONGSHAN JIANSHE XINHUA CHANGJIANG WENHUA".split())} ROAD'
        rows.append(['01', f'{p["n"] + 3000:07d}', names[p['n']], 'C' if p['firm'] else 'I', '' if p['firm'] else 'MF'[p['woman']], number(p['born']), 'BL' if p['firm'] else 'ID',
                     p['id'], road if p['address'] else '', f'BLDG {rng.randrange(1, 30)} RM {rng.randrange(101, 2904)}' if p['n'] % 3 else '', CITIES[p['city']],
                     PROVINCES[p['province']], p['post'], '' if p['firm'] else p['landline'].replace('-', ''), p['landline'].replace('-', '') if p['firm'] else '', p['mobile'],
                     p['email'].upper(), '' if p['firm'] else rng.choice(['TEACHER', 'ENGINEER', 'DRIVER', 'MANAGER', 'SELF EMPLOYED', '']), f'S{p["n"] % 6 + 1:02d}', 0.0, 0.0,
                     'Y' if p['n'] % 4 else 'N', '', number(p['made']), users[p['n'] % 4], number(p['changed']), int(p['changed'].strftime('%H%M%S')), users[p['n'] % 3], 'CUS120R'])
    right = table(fields, heads)
    files = [write(folder / 'e2_CUSMAS.CSV', heads, rows, 'utf-8', quoting=csv.QUOTE_NONNUMERIC)]
    heads, fields = spread('''
        CMPNBR |
        BRNCOD |
        RONBR | service.order_number
        ROTYPE | service.job
        ROSTAT |
        CUSNBR | service.customer_key ownership.customer_key
        VINNBR | service.vin ownership.vin
        LICPLT | ownership.plate
        VEHMAK | ownership.brand
        MODDSC | ownership.model
        MODYR |
        DLVDAT | ownership.purchase_date
        OPNDAT | service.service_date
        OPNTIM |
        PRMDAT |
        CLSDAT |
        ODOIN | service.odometer_km
        ODOOUT |
        LBRAMT |
        PRTAMT |
        DSCAMT |
        TAXAMT |
        TOTAMT | service.amount
        PAYCOD |
        INVNBR |
        INVDAT |
        SVCADV |
        TECNBR |
        WRTFLG |
        ADDUSR |
        CHGDAT |
        CHGUSR |''')
    kinds = {'常规保养': 'MNT', '首保': 'MNT', '一般维修': 'RPR', '事故车维修': 'BDY', '索赔': 'WAR', '年检': 'INS', '美容装潢': 'ACC'}
    rows = []
    for v in stuff.visits:
        c = v['car']
        rows.append(['01', f'B{v["n"] % 2 + 1}', 600000 + v['n'], kinds[v['job']], 'CL', f'{v["who"]["n"] + 3000:07d}', c['vin'], c['plate'], c['brand'], c['model'], c['sold'].year,
                     number(c['sold']), number(v['in']), int(v['in'].strftime('%H%M%S')), number(v['out']), number(v['out']), v['km'], v['km'] + v['n'] % 5, v['labour'], v['parts'],
                     v['off'], round(v['paid'] * 0.06, 2), round(v['paid'] * 1.06, 2), ('CSH', 'CRD', 'ACC')[v['n'] % 3], 900000 + v['n'], number(v['out']), f'A{v["n"] % 5 + 1:02d}',
                     f'T{v["n"] % 11 + 1:02d}', 'Y' if v['job'] == '索赔' else 'N', users[v['n'] % 4], number(v['out']), users[v['n'] % 3]])
    right |= table(fields, heads)
    files.append(write(folder / 'e2_ROHDR.CSV', heads, rows, 'utf-8', quoting=csv.QUOTE_NONNUMERIC))
    return Layout(files, right, optional={('customer.landline', 'BUSTEL'), ('customer.address', 'POSTCD'), ('customer.updated_at', 'CHGTIM'), ('service.service_date', 'OPNTIM')},
                  either=[province('PRVNAM')])


# ---- 3: XML of attributes: customers, in them cars, in those repair orders (with their lines) and contracts ----

def tag(name, closed=True, **values):
    return f'<{name}' + ''.join(f' {key}={quoteattr(str(value))}' for key, value in values.items() if value not in ('', None)) + ('/>' if closed else '>')


def attributes(folder, seed):
    stuff = Stuff(f'{seed}3', 'e_volvo', 190, visits=1.2)
    rng = stuff.rng
    cars, visits = {}, {}
    for c in stuff.cars:
        cars.setdefault(c['who']['n'], []).append(c)
    for v in stuff.visits:
        visits.setdefault(v['car']['vin'], []).append(v)
    path = folder / 'e3_dms_export_20260625.xml'
    with open(path, 'w', encoding='utf-8') as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n' + tag('DmsExport', False, Version='3.2', DealerCode='VCN0217', ExportTime='2026-06-25T22:00:03', Operator='sysjob') + '\n')
        for p in stuff.people:
            file.write(' ' + tag('Customer', False, CustId=f'C{p["n"] + 200000}', CustName=p['name'], CustType='Company' if p['firm'] else 'Individual',
                                 Gender='' if p['firm'] else '男女'[p['woman']], Birthday=iso(p['born']), CertType='02' if p['firm'] else '01', CertNo=p['id'], Occupation=p['job'],
                                 IsVip='01'[p['n'] % 8 == 0], CreateBy=p['staff'], CreateTime=f'{iso(p["made"])}T09:00:00', UpdateTime=p['changed'].isoformat(), IsDeleted='0') + '\n')
            file.write('  ' + tag('Contact', Mobile=p['mobile'], Telephone=p['landline'], Email=p['email'], ContactPerson=p['contact'], AllowSms='1') + '\n')
            file.write('  ' + tag('Address', Province=p['province'], City=p['city'], District=p['district'], Street=p['detail'], ZipCode=p['post']) + '\n')
            for c in cars[p['n']]:
                file.write('  ' + tag('Vehicle', False, Vin=c['vin'], LicenseNo=c['plate'], Brand=c['brand'], SeriesName=c['series'], ModelName=c['model'], ExteriorColor=c['colour'],
                                      EngineNo=c['engine'], OrderDate=iso(c['ordered']), SaleDate=iso(c['sold']), SalePrice=f'{c["price"]:.2f}',
                                      RegisterDate=iso(c['plated']), Consultant=c['staff']) + '\n')
                for v in visits.get(c['vin'], []):
                    file.write('   ' + tag('RepairOrder', False, RoNo=f'RO{v["in"]:%Y%m}{v["n"]:04d}', RoType=v['job'], InTime=v['in'].isoformat(), OutTime=v['out'].isoformat(),
                                           Mileage=v['km'], LaborFee=f'{v["labour"]:.2f}', PartsFee=f'{v["parts"]:.2f}', TotalFee=f'{v["total"]:.2f}', Advisor=v['staff'],
                                           RoStatus='Settled', PrintTimes=v['n'] % 3) + '\n')
                    for code, text in rng.sample([('L1001', '更换机油机滤'), ('L2040', '四轮定位'), ('L3107', '制动系统检查'), ('L5002', '空调滤芯更换')], rng.randrange(1, 3)):
                        file.write('    ' + tag('LaborLine', LaborCode=code, LaborDesc=text, Hours=rng.choice(['0.5', '1.0', '1.5']), Technician=rng.choice(['孙师傅', '钱师傅'])) + '\n')
                    for code, text in rng.sample([('31372212', '机油滤清器'), ('31690168', '制动片'), ('32249000', '机油 4L')], rng.randrange(0, 3)):
                        file.write('    ' + tag('PartLine', PartNo=code, PartDesc=text, Qty=rng.randrange(1, 3), UnitPrice=f'{rng.randrange(40, 900)}.00') + '\n')
                    file.write('   </RepairOrder>\n')
                for n in range(rng.choice([0, 0, 1, 1, 2])):
                    begin = c['sold'].replace(year=min(c['sold'].year + 2 * n, 2025), day=min(c['sold'].day, 28))
                    end = begin.replace(year=begin.year + (1, 2, 3)[n])
                    file.write('   ' + tag('Contract', ContractNo=f'CT{begin:%y%m}{rng.randrange(10 ** 6):06d}', ContractType=('延保', '保养套餐')[n], ProductName=rng.choice(
                        [['延长保修一年10万公里', '动力总成延保'], ['三次基础保养', '五次机油保养']][n]), StartDate=iso(begin), EndDate=iso(end), Price=f'{rng.randrange(9, 60) * 100}.00',
                        SignedBy=c['staff'], ContractStatus='已到期' if end < stuff.today else '生效') + '\n')
                file.write('  </Vehicle>\n')
            file.write(' </Customer>\n')
        file.write('</DmsExport>\n')
    right = table(['key', 'name', 'type', 'gender', 'birth_date', 'id_number', 'occupation', 'updated_at', 'mobile', 'landline', 'email', 'address', 'address', 'address'],
                  ['@CustId', '@CustName', '@CustType', '@Gender', '@Birthday', '@CertNo', '@Occupation', '@UpdateTime', 'Contact/@Mobile', 'Contact/@Telephone', 'Contact/@Email',
                   'Address/@City', 'Address/@District', 'Address/@Street'], 'customer')
    right |= table(['customer_key', 'vin', 'plate', 'brand', 'purchase_date', 'price'], ['../@CustId', '@Vin', '@LicenseNo', '@Brand', '@SaleDate', '@SalePrice'], 'ownership')
    right |= table(['customer_key', 'vin', 'order_number', 'job', 'service_date', 'odometer_km', 'amount'],
                   ['../../@CustId', '../@Vin', '@RoNo', '@RoType', '@InTime', '@Mileage', '@TotalFee'], 'service')
    right |= table(['number', 'type', 'product', 'vin', 'starts_on', 'ends_on', 'status'],
                   ['@ContractNo', '@ContractType', '@ProductName', '../@Vin', '@StartDate', '@EndDate', '@ContractStatus'], 'contract')
    # The contract's car has a plate, its owner a name and a number: taken along or left to be found by the VIN.
    return Layout([path], right, optional={('customer.region', 'Address/@City'), ('customer.address', 'Address/@ZipCode'), ('contract.plate', '../@LicenseNo'),
                                           ('contract.name', '../../@CustName'), ('contract.id_number', '../../@CertNo')},
                  either=[both_or('ownership.model', '@ModelName', '@SeriesName'), province('Address/@Province')])


# ---- 4: a small house's own system: three tables tied by row ids, columns of the initials of pinyin ----

def initials(folder, seed):
    stuff = Stuff(f'{seed}4', 'e_chery', 220, visits=1.3)
    rng = stuff.rng
    path = folder / 'e4_qxgl.sqlite'
    base = sqlite3.connect(path)
    base.executescript('''
        create table t_khxx(id integer primary key, khbh text, khxm text, khlx integer, xb integer, sjhm text, gddh text, zjlx integer, zjhm text, csrq text,
                            szsf text, szcs text, lxdz text, yzbm text, email text, zy text, khly text, bz text, lrr text, lrsj text, xgr text, xgsj text, sfsc integer);
        create table t_clxx(id integer primary key, khid integer, cph text, cjh text, fdjh text, clpp text, clxh text, csys text, gcrq text, gcjg real, spsj text,
                            bxdqr text, xcbyrq text, bz text, lrr text, lrsj text, sfsc integer);
        create table t_wxgd(id integer primary key, gdh text, clid integer, khid integer, wxlx text, jcsj text, ccsj text, jclc integer, gzms text,
                            gsf real, clf real, yhje real, ysje real, jsfs text, fwgw text, wxjs text, gdzt integer, lrr text, lrsj text, sfsc integer);''')
    people = {p['n']: row for row, p in enumerate(stuff.people, 1)}
    cars = {c['vin']: row for row, c in enumerate(stuff.cars, 1)}
    base.executemany(f'insert into t_khxx values({",".join("?" * 23)})', [
        (people[p['n']], f'KH{p["made"]:%Y}{p["n"]:05d}', p['name'], 2 if p['firm'] else 1, 0 if p['firm'] else 2 if p['woman'] else 1, p['mobile'], p['landline'],
         2 if p['firm'] else 1, p['id'], iso(p['born']), p['province'], p['city'], p['address'], p['post'], p['email'], p['job'], rng.choice(['到店', '车展', '网络', '']), '',
         p['staff'], stamp(datetime.datetime.combine(p['made'], p['changed'].time())), 'admin', stamp(p['changed']), 0) for p in stuff.people])
    base.executemany(f'insert into t_clxx values({",".join("?" * 17)})', [
        (cars[c['vin']], people[c['who']['n']], c['plate'], c['vin'], c['engine'], c['brand'], c['model'], c['colour'], iso(c['sold']), c['price'], iso(c['plated']),
         iso(c['plated'].replace(year=2026, day=1)), iso(c['plated'].replace(year=2026, day=15)), '', c['staff'], f'{iso(c["sold"])} 16:40:00', 0) for c in stuff.cars])
    base.executemany(f'insert into t_wxgd values({",".join("?" * 20)})', [
        (n, f'WX{v["in"]:%y%m%d}{n:04d}', cars[v['car']['vin']], people[v['who']['n']], v['job'], stamp(v['in']), stamp(v['out']), v['km'], ('', '异响', '常规保养', '漏油')[n % 4],
         v['labour'], v['parts'], v['off'], v['paid'], ('现金', '微信', '刷卡')[n % 3], v['staff'], rng.choice(['老郑', '小唐', '阿强']), 9, v['staff'], stamp(v['in']), 0)
        for n, v in enumerate(stuff.visits, 1)])
    base.commit()
    base.close()
    right = table(['name', 'type', 'gender', 'mobile', 'landline', 'id_number', 'birth_date', 'region', 'address', 'email', 'occupation', 'updated_at'],
                  ['khxm', 'khlx', 'xb', 'sjhm', 'gddh', 'zjhm', 'csrq', 'szsf', 'lxdz', 'email', 'zy', 'xgsj'], 'customer')
    right |= table(['vin', 'plate', 'brand', 'model', 'purchase_date', 'price'], ['cjh', 'cph', 'clpp', 'clxh', 'gcrq', 'gcjg'], 'ownership')
    # The order has only the row of the car: the VIN is that row's cjh.
    right |= table(['order_number', 'vin', 'job', 'service_date', 'odometer_km', 'amount'], ['gdh', 'cjh', 'wxlx', 'jcsj', 'jclc', 'ysje'], 'service')
    # The key is the row id, which the other tables have, or the customer's number, found by that id.
    return Layout([path], right, optional={('customer.region', 'szcs'), ('customer.address', 'szsf'), ('customer.address', 'szcs')},
                  either=[[{('customer.key', 'id'), ('ownership.customer_key', 'khid'), ('service.customer_key', 'khid')},
                           {('customer.key', 'khbh'), ('ownership.customer_key', 'khbh'), ('service.customer_key', 'khbh')}]])


# ---- 5: a German house: customers, cars, workshop orders; semicolons, decimal commas, days first, as Excel writes it ----

FAMILIES = 'Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Krüger Groß'.split()
GIVEN = ['Thomas Michael Andreas Stefan Jürgen Markus Christian Uwe Jörg Lukas'.split(), 'Sabine Petra Monika Claudia Anna Julia Katrin Birgit Ursula Lena'.split()]
TOWNS = [('80331', 'München', 'M', '089'), ('50667', 'Köln', 'K', '0221'), ('70173', 'Stuttgart', 'S', '0711'), ('04109', 'Leipzig', 'L', '0341'), ('90402', 'Nürnberg', 'N', '0911'),
         ('40213', 'Düsseldorf', 'D', '0211'), ('28195', 'Bremen', 'HB', '0421'), ('85049', 'Ingolstadt', 'IN', '0841')]
STREETS = 'Hauptstraße Bahnhofstraße Goethestraße Gartenweg Lindenallee Schillerstraße Industriestraße Mühlenweg'.split()


def money(value):
    return f'{value:,.2f}'.replace(',', ' ').replace('.', ',').replace(' ', '.')


def german(folder, seed):
    stuff = Stuff(f'{seed}5', 'e_german', 220, visits=1.3)
    rng = stuff.rng
    heads, fields = spread('''
        Filiale |
        Kundennummer | key
        Kundenart | type
        Anrede | gender
        Titel |
        Vorname | name
        Nachname/Firma | name
        Straße und Hausnr. | address
        PLZ |
        Ort | address
        Land |
        Telefon privat | landline
        Telefon geschäftlich |
        Mobiltelefon | mobile
        E-Mail | email
        Geburtsdatum | birth_date
        Beruf | occupation
        Zahlungsart |
        Rabattgruppe |
        Werbesperre |
        DSGVO-Einwilligung |
        Kunde seit |
        Betreuer |
        Angelegt von |
        Letzte Änderung | updated_at
        Bemerkung |''', 'customer')
    rows, towns = [], {}
    staff = ['Kaiser', 'Lorenz', 'Vogt', 'Seidel']
    for p in stuff.people:
        code, town, letters, area = towns[p['n']] = rng.choice(TOWNS)
        family, given = rng.choice(FAMILIES), rng.choice(GIVEN[p['woman']])
        phone = f'{area} {rng.randrange(10 ** 5, 10 ** 7)}'
        rows.append(['01', 20000 + p['n'], 'Gewerbe' if p['firm'] else 'Privat', 'Firma' if p['firm'] else ('Herr', 'Frau')[p['woman']], '' if p['firm'] or p['n'] % 23 else 'Dr.',
                     '' if p['firm'] else given, f'{family} {rng.choice(["GmbH", "GmbH & Co. KG", "Bau GmbH"])}' if p['firm'] else family, f'{rng.choice(STREETS)} {rng.randrange(1, 180)}',
                     code, town, 'DE', phone if not p['firm'] and p['n'] % 3 else '', phone if p['firm'] else '',
                     f'{rng.choice(["0171", "0160", "0176", "0152"])} {rng.randrange(10 ** 6, 10 ** 8)}' if p['mobile'] else '',
                     f'{family.lower().translate(str.maketrans({"ü": "ue", "ä": "ae", "ö": "oe", "ß": "ss"}))}{p["n"]}@{rng.choice(["web.de", "gmx.de", "t-online.de"])}' if p['email'] else '',
                     dotted(p['born']), '' if p['firm'] else rng.choice(['Lehrer', 'Ingenieur', 'Arzt', 'Kaufmann', 'Rentner', '']), rng.choice(['Rechnung', 'Bar', 'EC-Karte']),
                     rng.randrange(0, 4), 'N' if p['n'] % 6 else 'J', 'J' if p['n'] % 4 else 'N', dotted(p['made']), rng.choice(staff), rng.choice(staff),
                     p['changed'].strftime('%d.%m.%Y %H:%M'), ''])
    names = {row[1]: f'{row[5]} {row[6]}'.strip() for row in rows}
    right = table(fields, heads)
    files = [write(folder / 'e5_Kundenstamm.csv', heads, rows, 'utf-8-sig', ';')]
    heads, fields = spread('''
        Fahrzeug-ID |
        Halter Kundennummer | customer_key
        Amtl. Kennzeichen | plate
        Fahrgestellnummer | vin
        Fabrikat | brand
        Modell | model
        Modelljahr |
        Farbe |
        Motornummer |
        Kraftstoff |
        Erstzulassung |
        Verkaufsdatum | purchase_date
        Listenpreis |
        Verkaufspreis | price
        Neu/Gebraucht |
        Nächste HU |
        Letzter km-Stand |
        Verkäufer |
        Status |''', 'ownership')
    last = {v['car']['vin']: v for v in stuff.visits}
    plates, rows = {}, []
    for n, c in enumerate(stuff.cars, 1):
        who = c['who']['n']
        plates[c['vin']] = f'{towns[who][2]}-{"".join(rng.choice("ABCDEFGHKLMNPRSTUVWXYZ") for _ in range(2))} {rng.randrange(10, 9999)}' if c['plate'] else ''
        rows.append([f'F{n:06d}', 20000 + who, plates[c['vin']], c['vin'], c['brand'], c['model'], c['sold'].year, ('weiß', 'schwarz', 'grau', 'rot')[n % 4], f'{rng.choice(["DFE", "CJS", "B47"])}{rng.randrange(10 ** 6):06d}',
                     'Diesel' if 'TDI' in c['model'] else 'Benzin', dotted(c['plated']), dotted(c['sold']), money(c['list']), money(c['list'] * rng.randrange(88, 100) / 100),
                     'Neu' if n % 5 else 'Gebraucht', f'{c["plated"]:%m}/2027', last[c['vin']]['km'] if c['vin'] in last else '', rng.choice(staff), 'aktiv'])
    right |= table(fields, heads)
    files.append(write(folder / 'e5_Fahrzeuge.csv', heads, rows, 'utf-8-sig', ';'))
    heads, fields = spread('''
        Filiale |
        Auftragsnummer | order_number
        Auftragsart | job
        Annahmedatum | service_date
        Liefertermin |
        Kundennummer | customer_key
        Kundenname |
        Kennzeichen |
        Fahrgestellnummer | vin
        Kilometerstand | odometer_km
        Arbeitslohn netto |
        Teile netto |
        MwSt-Betrag |
        Gesamtbetrag brutto | amount
        Rechnungsnummer |
        Rechnungsdatum |
        Serviceberater |
        Mechaniker |
        Auftragsstatus |
        Erfasst von |''', 'service')
    kinds = {'常规保养': 'Inspektion', '首保': 'Inspektion', '一般维修': 'Reparatur', '事故车维修': 'Unfallinstandsetzung', '索赔': 'Garantie', '年检': 'HU/AU', '美容装潢': 'Zubehör'}
    rows = [['01', f'A{v["in"]:%y}-{v["n"]:05d}', kinds[v['job']], dotted(v['in']), dotted(v['out']), 20000 + v['who']['n'], names[20000 + v['who']['n']], plates[v['car']['vin']],
             v['car']['vin'], v['km'], money(v['labour']), money(v['parts']), money(v['total'] * 0.19), money(v['total'] * 1.19), f'R{v["out"]:%y}{v["n"]:06d}', dotted(v['out']),
             rng.choice(staff), rng.choice(['Peters', 'Yilmaz', 'Kowalski']), 'abgerechnet', rng.choice(staff)] for v in stuff.visits]
    right |= table(fields, heads)
    files.append(write(folder / 'e5_Werkstattauftraege.csv', heads, rows, 'utf-8-sig', ';'))
    # The form of address is the only sign of the gender, and tells firms too.
    return Layout(files, right, optional={('customer.type', 'Anrede'), ('customer.name', 'Titel'), ('customer.landline', 'Telefon geschäftlich'), ('customer.address', 'Land'),
                                          ('customer.address', 'PLZ')})


LAYOUTS = {'E1 group of Toyota dealers': group_cars, 'E2 AS/400 customers, orders': midrange, 'E3 XML attributes': attributes, 'E4 pinyin initials, row ids': initials,
           'E5 German, semicolons': german}


def make_with_choices(folder, seed='E2026'):
    """(name, Layout) of each."""
    for name, make in LAYOUTS.items():
        yield name, make(folder, seed)


def make_layouts(folder, feeds=None, second=False):
    """As the other makers do: name, files, right pairs (the answer of first choice)."""
    for name, layout in make_with_choices(folder):
        yield name, layout.files, settle(layout)
