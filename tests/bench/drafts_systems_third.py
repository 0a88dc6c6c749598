"""Five more, of ordinary difficulty, measured only after what the second had shown was mended. drafts_material.py has the form."""
import csv
import datetime
import sqlite3
from xml.sax.saxutils import escape

from drafts_material import Layout, Stuff, iso, settle, spread, stamp, table, write

MAN_WOMAN = {True: '女', False: '男'}


def either(entity_field, *columns):
    """One field that any of these columns gives."""
    return [{(entity_field, column)} for column in columns]


def both_or(entity_field, *columns):
    """One field that any of these columns gives, or all of them together."""
    return either(entity_field, *columns) + [{(entity_field, column) for column in columns}]


# ---- 1: Dongfeng Nissan: users with their cars, a row each; GB18030 ----

def nissan_users(folder, seed):
    stuff = Stuff(f'{seed}1', 'nissan', 230, visits=1.2)
    last = {v['car']['vin']: v for v in stuff.visits}
    often = {}
    for v in stuff.visits:
        often[v['car']['vin']] = often.get(v['car']['vin'], 0) + 1
    heads, fields = spread('''
        专营店编码 |
        专营店名称 |
        用户编码 | customer.key ownership.customer_key
        用户名称 | customer.name
        用户性质 | customer.type
        用户性别 | customer.gender
        证件种类 |
        证件编号 | customer.id_number
        手机1 | customer.mobile
        手机2 |
        固话 | customer.landline
        用户生日 | customer.birth_date
        学历 |
        从事职业 | customer.occupation
        爱好 |
        所在省 | customer.region
        所在市 |
        详细地址 | customer.address
        邮政编码 |
        电子信箱 | customer.email
        车辆识别代号 | ownership.vin
        牌照号码 | ownership.plate
        车辆品牌 | ownership.brand
        车系名称 |
        车款 |
        车身色 |
        发动机编码 |
        下线日期 |
        购买日期 | ownership.purchase_date
        发票金额(元) | ownership.price
        保修截止日期 |
        最近来厂日期 |
        最近来厂公里数 |
        累计来厂次数 |
        流失标志 |
        专属顾问 |
        建档时间 |
        最后更新时间 | customer.updated_at''')
    rows = []
    for c in stuff.cars:
        p, v = c['who'], last.get(c['vin'])
        rows.append(['H2901', '东风日产新宇专营店', f'U{p["n"] + 40000:07d}', p['name'], '单位用户' if p['firm'] else '个人用户', '' if p['firm'] else MAN_WOMAN[p['woman']],
                     '统一社会信用代码' if p['firm'] else '身份证', p['id'], p['mobile'], p['mobile2'], p['landline'], iso(p['born']),
                     '' if p['firm'] else ('本科', '大专', '高中', '')[p['n'] % 4], p['job'], ('', '', '旅游', '运动')[p['n'] % 4], p['province'], p['city'], p['address'],
                     p['post'], p['email'], c['vin'], c['plate'], c['brand'], c['series'], c['model'], c['colour'], c['engine'],
                     iso(c['ordered'] - datetime.timedelta(days=20)), iso(c['sold']), f'{c["price"]:.2f}', iso(c['sold'].replace(year=c['sold'].year + 3, day=min(c['sold'].day, 28))),
                     iso(v and v['in']), v['km'] if v else '', often.get(c['vin'], 0), '是' if not v else '否', c['staff'], iso(p['made']), stamp(p['changed'])])
    # The address is whole: province and city beside it repeat it.
    return Layout([write(folder / 'c1_用户车辆信息.csv', heads, rows, 'gb18030')], table(fields, heads),
                  optional={('customer.landline', '手机2'), ('customer.region', '所在市'), ('customer.address', '所在省'), ('customer.address', '所在市')},
                  either=[both_or('ownership.model', '车款', '车系名称')])


# ---- 2: a Western system at a dealer of Buick: customers, vehicles, service orders in Title Case; UTF-8, all quoted ----

def western(folder, seed):
    stuff = Stuff(f'{seed}2', 'gm', 240, visits=1.2)
    rng = stuff.rng
    day = lambda d: d.strftime('%m/%d/%Y') if d else ''
    heads, fields = spread('''
        Customer No. | key
        Customer Category | type
        Salutation |
        Last Name | name
        First Name | name
        Company Name | name
        Gender | gender
        Birthday | birth_date
        ID Document |
        ID Document No. | id_number
        Mobile Number | mobile
        Home Telephone | landline
        Work Telephone |
        Primary Email | email
        Street Address | address
        District | address
        City | address
        Province |
        Zip Code |
        Profession | occupation
        Preferred Language |
        Credit Limit |
        Customer Since |
        Sales Consultant |
        Last Update | updated_at''', 'customer')
    rows = []
    for p in stuff.people:
        rows.append([f'{p["n"] + 120000}', 'Company' if p['firm'] else 'Private', '' if p['firm'] else ('Mr.', 'Ms.')[p['woman']], p['last'], p['first'],
                     p['name'] if p['firm'] else '', '' if p['firm'] else ('Male', 'Female')[p['woman']], day(p['born']), 'Business Licence' if p['firm'] else 'ID Card', p['id'],
                     p['mobile'], '' if p['firm'] else p['landline'], p['landline'] if p['firm'] else '', p['email'], p['detail'], p['district'], p['city'], p['province'], p['post'],
                     '' if p['firm'] else rng.choice(['Teacher', 'Engineer', 'Doctor', 'Manager', 'Civil Servant', '']), ('Chinese', 'English')[p['n'] % 19 == 0], '0.00', day(p['made']),
                     p['staff'], p['changed'].strftime('%m/%d/%Y %H:%M')])
    right = table(fields, heads)
    files = [write(folder / 'c2_Customers.csv', heads, rows, 'utf-8-sig', quoting=csv.QUOTE_ALL)]
    heads, fields = spread('''
        Stock Number |
        Owner Customer No. | customer_key
        Chassis Number | vin
        License Plate | plate
        Manufacturer | brand
        Model Line |
        Model Description |
        Model Year |
        Exterior Color |
        Engine Number |
        New/Used |
        MSRP |
        Transaction Price | price
        Retail Date | purchase_date
        Plate Registration Date |
        Warranty Expiry |
        Vehicle Status |''', 'ownership')
    rows = [[f'N{n:06d}', f'{c["who"]["n"] + 120000}', c['vin'], c['plate'], c['brand'], c['series'], c['model'], c['sold'].year, ('White', 'Black', 'Grey', 'Red')[n % 4],
             c['engine'], 'New' if n % 9 else 'Used', f'{c["list"]:.2f}', f'{c["price"]:.2f}', day(c['sold']), day(c['plated']),
             day(c['sold'].replace(year=c['sold'].year + 3, day=min(c['sold'].day, 28))), 'Delivered'] for n, c in enumerate(stuff.cars, 3001)]
    right |= table(fields, heads)
    files.append(write(folder / 'c2_Vehicles.csv', heads, rows, 'utf-8-sig', quoting=csv.QUOTE_ALL))
    heads, fields = spread('''
        Job Card Number | order_number
        Billing Customer No. | customer_key
        Chassis Number | vin
        License Plate |
        Check-In Date | service_date
        Promised Date |
        Completed Date |
        Repair Category | job
        Mileage In | odometer_km
        Mileage Out |
        Labor Amount |
        Parts Amount |
        Discount |
        Grand Total | amount
        Payment Method |
        Service Advisor |
        Job Card Status |''', 'service')
    kinds = {'常规保养': 'Maintenance', '首保': 'First Service', '一般维修': 'General Repair', '事故车维修': 'Body & Paint', '索赔': 'Warranty', '年检': 'Inspection', '美容装潢': 'Detailing'}
    rows = [[f'JC-{v["in"]:%y}-{v["n"]:05d}', f'{v["who"]["n"] + 120000}', v['car']['vin'], v['car']['plate'], v['in'].strftime('%m/%d/%Y %H:%M'),
             day(v['out']), day(v['out']), kinds[v['job']], v['km'], v['km'] + v['n'] % 6, f'{v["labour"]:.2f}', f'{v["parts"]:.2f}', f'{v["off"]:.2f}', f'{v["paid"]:.2f}',
             ('Cash', 'WeChat Pay', 'Alipay', 'Card')[v['n'] % 4], v['staff'], 'Closed'] for v in stuff.visits]
    right |= table(fields, heads)
    files.append(write(folder / 'c2_ServiceOrders.csv', heads, rows, 'utf-8-sig', quoting=csv.QUOTE_ALL))
    # The salutation tells the gender too; the province may be a part of the address, the region, or both.
    return Layout(files, right, optional={('customer.gender', 'Salutation'), ('customer.landline', 'Work Telephone')},
                  either=[both_or('ownership.model', 'Model Description', 'Model Line'),
                          [{('customer.address', 'Province')}, {('customer.region', 'Province')}, {('customer.region', 'Province'), ('customer.address', 'Province')}]])


# ---- 3: XML of elements only: customers, in them vehicles, in those visits ----

def element(name, value):
    return f'<{name}>{escape(str(value))}</{name}>' if value not in ('', None) else f'<{name}/>'


def elements(**values):
    return ''.join(element(name, value) for name, value in values.items())


def customer_list(folder, seed):
    stuff = Stuff(f'{seed}3', 'ford', 190, visits=1.1)
    cars, visits = {}, {}
    for c in stuff.cars:
        cars.setdefault(c['who']['n'], []).append(c)
    for v in stuff.visits:
        visits.setdefault(v['car']['vin'], []).append(v)
    path = folder / 'c3_CustomerList.xml'
    with open(path, 'w', encoding='utf-8') as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<CustomerList>\n  <Header>' +
                   elements(DealerCode='CF31077', CreatedOn='2026-06-25 21:30:00', RecordCount=len(stuff.people)) + '</Header>\n')
        for p in stuff.people:
            file.write('  <Customer>\n    ' + elements(
                CustomerNo=f'F{p["n"] + 60000}', Category='Organization' if p['firm'] else 'Person', FullName=p['name'], Sex='' if p['firm'] else 'MF'[p['woman']],
                DateOfBirth=iso(p['born']), IDType='USCC' if p['firm'] else 'PRC ID', IDNo=p['id'], MobileNo=p['mobile'], PhoneNo=p['landline'], Email=p['email'],
                Province=p['province'], Address=p['address'], PostCode=p['post'], Occupation=p['job'], ContactPerson=p['contact'], Source=('Walk-in', 'Web', 'Referral')[p['n'] % 3],
                CreatedOn=iso(p['made']), ModifiedOn=p['changed'].isoformat()) + '\n    <Vehicles>\n')
            for c in cars[p['n']]:
                file.write('      <Vehicle>' + elements(
                    VIN=c['vin'], PlateNumber=c['plate'], Brand=c['brand'], Series=c['series'], ModelDesc=c['model'], Colour=c['colour'], EngineNo=c['engine'],
                    SalesDate=iso(c['sold']), SalesPrice=f'{c["price"]:.2f}', SalesPerson=c['staff'], InsuranceExpiry=iso(c['plated'].replace(year=2026, day=1))))
                file.write('<ServiceVisits>')
                for v in visits.get(c['vin'], []):
                    file.write('\n        <Visit>' + elements(
                        OrderNo=f'SO{v["in"]:%y%m}{v["n"]:05d}', VisitDate=iso(v['in']), FinishDate=iso(v['out']), WorkType=v['job'], Odometer=v['km'],
                        LabourCost=f'{v["labour"]:.2f}', PartsCost=f'{v["parts"]:.2f}', TotalAmount=f'{v["total"]:.2f}', Advisor=v['staff'], Status='CLOSED') + '</Visit>')
                file.write('</ServiceVisits></Vehicle>\n')
            file.write('    </Vehicles>\n  </Customer>\n')
        file.write('</CustomerList>\n')
    right = table(['key', 'type', 'name', 'gender', 'birth_date', 'id_number', 'mobile', 'landline', 'email', 'region', 'address', 'occupation', 'updated_at'],
                  ['CustomerNo', 'Category', 'FullName', 'Sex', 'DateOfBirth', 'IDNo', 'MobileNo', 'PhoneNo', 'Email', 'Province', 'Address', 'Occupation', 'ModifiedOn'],
                  'customer')
    right |= table(['customer_key', 'vin', 'plate', 'brand', 'purchase_date', 'price'],
                   ['../../CustomerNo', 'VIN', 'PlateNumber', 'Brand', 'SalesDate', 'SalesPrice'], 'ownership')
    right |= table(['customer_key', 'vin', 'order_number', 'service_date', 'job', 'odometer_km', 'amount'],
                   ['../../../../CustomerNo', '../../VIN', 'OrderNo', 'VisitDate', 'WorkType', 'Odometer', 'TotalAmount'], 'service')
    return Layout([path], right, optional={('customer.address', 'Province')}, either=[both_or('ownership.model', 'ModelDesc', 'Series')])


# ---- 4: a small house's own system: four tables, whole pinyin with underscores ----

def pinyin_words(folder, seed):
    stuff = Stuff(f'{seed}4', 'geely', 220, visits=1.2)
    rng = stuff.rng
    path = folder / 'c4_qiche.sqlite'
    base = sqlite3.connect(path)
    base.executescript('''
        create table kehu(kehu_id integer primary key, kehu_xingming text, kehu_leixing text, xingbie text, shouji_hao text, zuoji_dianhua text,
                          zhengjian_leixing text, zhengjian_haoma text, chusheng_riqi text, shengfen text, xiangxi_dizhi text, youbian text, youxiang text,
                          zhiye text, kehu_laiyuan text, create_by text, create_time text, update_time text, del_flag text);
        create table cheliang(cheliang_id integer primary key, kehu_id integer references kehu, chejia_hao text, chepai_hao text, pinpai text, chexing text,
                              fadongji_hao text, yanse text, goumai_riqi text, zhidao_jiage real, chengjiao_jiage real, baoxian_daoqi text, create_time text, del_flag text);
        create table weixiu_gongdan(gongdan_hao text primary key, kehu_id integer references kehu, chejia_hao text, jinchang_shijian text, chuchang_shijian text,
                                    weixiu_leixing text, jinchang_licheng integer, gongshi_fei real, cailiao_fei real, zong_jine real, fuwu_guwen text,
                                    gongdan_zhuangtai text, beizhu text);
        create table tousu_jilu(tousu_bianhao text primary key, tousu_ren text, lianxi_shouji text, chejia_hao text, tousu_riqi text, tousu_leibie text,
                                tousu_neirong text, chuli_zhuangtai text, chuli_jieguo text, jiean_riqi text, jingban_ren text);''')
    base.executemany('insert into kehu values(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)', [
        (p['n'] + 1000, p['name'], '企业' if p['firm'] else '个人', '' if p['firm'] else MAN_WOMAN[p['woman']], p['mobile'], p['landline'],
         '营业执照' if p['firm'] else '身份证', p['id'], iso(p['born']), p['province'], p['address'], p['post'], p['email'], p['job'], rng.choice(['到店', '网络', '老客户介绍', '']),
         'admin', stamp(datetime.datetime.combine(p['made'], p['changed'].time())), stamp(p['changed']), '0') for p in stuff.people])
    base.executemany('insert into cheliang values(?,?,?,?,?,?,?,?,?,?,?,?,?,?)', [
        (n, c['who']['n'] + 1000, c['vin'], c['plate'], c['brand'], c['model'], c['engine'], c['colour'], iso(c['sold']), c['list'], c['price'],
         iso(c['plated'].replace(year=2026, day=1)), f'{iso(c["sold"])} 17:20:00', '0') for n, c in enumerate(stuff.cars, 1)])
    base.executemany('insert into weixiu_gongdan values(?,?,?,?,?,?,?,?,?,?,?,?,?)', [
        (f'GD{v["in"]:%Y%m%d}{v["n"]:04d}', v['who']['n'] + 1000, v['car']['vin'], stamp(v['in']), stamp(v['out']), v['job'], v['km'], v['labour'], v['parts'], v['total'],
         v['staff'], '已结算', '') for v in stuff.visits])
    rows = []
    for n, v in enumerate(stuff.visits[::2], 1):
        done = rng.random() < 0.8
        rows.append((f'TS{v["out"]:%y%m%d}{n:03d}', v['who']['contact'] or v['who']['name'], v['who']['mobile'] or stuff.mobile(), v['car']['vin'], iso(v['out']),
                     rng.choice(['产品质量', '维修质量', '服务态度', '价格']), rng.choice(['方向盘异响', '等待时间太长', '空调不制冷', '收费与报价不符']),
                     '已结案' if done else '处理中', rng.choice(['返修', '换件', '补偿', '解释说明']) if done else '', iso(v['out'] + datetime.timedelta(days=n % 9)) if done else '', v['staff']))
    base.executemany('insert into tousu_jilu values(?,?,?,?,?,?,?,?,?,?,?)', rows)
    base.commit()
    base.close()
    right = table(['key', 'name', 'type', 'gender', 'mobile', 'landline', 'id_number', 'birth_date', 'region', 'address', 'email', 'occupation', 'updated_at'],
                  ['kehu_id', 'kehu_xingming', 'kehu_leixing', 'xingbie', 'shouji_hao', 'zuoji_dianhua', 'zhengjian_haoma', 'chusheng_riqi', 'shengfen', 'xiangxi_dizhi', 'youxiang',
                   'zhiye', 'update_time'], 'customer')
    right |= table(['customer_key', 'vin', 'plate', 'brand', 'model', 'purchase_date', 'price'],
                   ['kehu_id', 'chejia_hao', 'chepai_hao', 'pinpai', 'chexing', 'goumai_riqi', 'chengjiao_jiage'], 'ownership')
    right |= table(['order_number', 'customer_key', 'vin', 'service_date', 'job', 'odometer_km', 'amount'],
                   ['gongdan_hao', 'kehu_id', 'chejia_hao', 'jinchang_shijian', 'weixiu_leixing', 'jinchang_licheng', 'zong_jine'], 'service')
    right |= table(['case_number', 'name', 'mobile', 'vin', 'opened_on', 'category', 'status', 'settlement', 'closed_on'],
                   ['tousu_bianhao', 'tousu_ren', 'lianxi_shouji', 'chejia_hao', 'tousu_riqi', 'tousu_leibie', 'chuli_zhuangtai', 'chuli_jieguo', 'jiean_riqi'], 'complaint')
    return Layout([path], right, optional={('customer.address', 'shengfen')})


# ---- 5: Honda dealer: work orders, insurance and finance business; tabs, GB18030 ----

def orders_and_policies(folder, seed):
    stuff = Stuff(f'{seed}5', 'honda', 200, visits=1.5)
    rng = stuff.rng
    heads, fields = spread('''
        特约店 |
        施工单号 | service.order_number
        作业分类 | service.job
        进店时间 | service.service_date
        预计交车时间 |
        结算时间 |
        车主代码 | customer.key ownership.customer_key service.customer_key
        车主姓名/单位 | customer.name
        车主联系手机 | customer.mobile
        车主住址 | customer.address
        车辆号牌 | ownership.plate
        车架号码 | ownership.vin service.vin
        厂牌名称 | ownership.brand
        车型描述 | ownership.model
        本次里程(KM) | service.odometer_km
        上次里程(KM) |
        送修人姓名 |
        送修人电话 |
        故障描述 |
        工时合计 |
        备件合计 |
        折让金额 |
        结算金额合计 | service.amount
        支付方式 |
        主修技师 |
        接待人员 |
        单据状态 |''')
    rows, before = [], {}
    for v in stuff.visits:
        c, p = v['car'], v['who']
        other = p['firm'] or v['n'] % 6 == 0
        rows.append(['广本天河店', f'SG{v["in"]:%y%m%d}-{v["n"]:04d}', v['job'], f'{v["in"]:%Y/%m/%d %H:%M}', f'{v["out"]:%Y/%m/%d %H:00}', f'{v["out"]:%Y/%m/%d %H:%M}',
                     f'CZ{p["n"] + 8000:06d}', p['name'], p['mobile'], p['address'], c['plate'], c['vin'], c['brand'], c['model'], v['km'], before.get(c['vin'], ''),
                     (p['contact'] or '林志明') if other else p['name'], stuff.mobile() if other else p['mobile'], ('', '定期保养', '制动异响', '空调不凉')[v['n'] % 4],
                     f'{v["labour"]:.2f}', f'{v["parts"]:.2f}', f'{v["off"]:.2f}', f'{v["paid"]:.2f}', ('微信', '支付宝', '现金', '刷卡', '挂账')[v['n'] % 5],
                     rng.choice(['黄师傅', '何建平', '梁永强']), v['staff'], '已结算'])
        before[c['vin']] = v['km']
    right = table(fields, heads)
    files = [write(folder / 'c5_施工单明细.txt', heads, rows, 'gb18030', '\t')]
    heads, fields = spread('''
        投保单号 |
        保险单号 | number
        承保公司 |
        险别 | product
        投保性质 |
        被保人 | name
        被保人证件号码 | id_number
        被保人手机 |
        号牌号码 | plate
        车架号码 | vin
        车型描述 |
        签单日期 |
        保险生效日期 | starts_on
        保险终止日期 | ends_on
        保险费(元) |
        车船税(元) |
        承保状态 | status
        业务员 |''', 'contract')
    rows = []
    for n, c in enumerate(stuff.cars):
        p = c['who']
        begin = c['sold'].replace(year=2025, day=min(c['sold'].day, 28))
        for kind, fee in (('交强险', 950), ('商业险', rng.randrange(2000, 8000))):
            if kind == '商业险' and rng.random() < 0.25:
                continue
            end = begin.replace(year=2026)
            rows.append([f'T{rng.randrange(10 ** 12):012d}', f'{"PDZA" if kind == "交强险" else "PDAA"}2025{rng.randrange(10 ** 10):010d}', ('平安财险', '人保财险', '中国人寿财险')[n % 3], kind,
                         '续保' if begin.year > c['sold'].year else '新保', p['name'], p['id'], p['mobile'], c['plate'], c['vin'], c['model'],
                         iso(begin - datetime.timedelta(days=rng.randrange(1, 25))), iso(begin), iso(end), f'{fee:.2f}', '420.00' if kind == '交强险' else '0.00',
                         '已退保' if rng.random() < 0.03 else '已到期' if end < stuff.today else '有效', p['staff']])
    right |= table(fields, heads)
    files.append(write(folder / 'c5_保险业务明细.txt', heads, rows, 'gb18030', '\t'))
    heads, fields = spread('''
        贷款合同号 | number
        贷款机构 |
        业务种类 | type
        承贷人 | name
        承贷人证件号码 | id_number
        承贷人手机 |
        车架号码 | vin
        车型描述 |
        车辆总价(元) |
        首付比例(%) |
        贷款本金(元) | principal
        贷款期限(月) | months
        月还款额(元) |
        批复日期 |
        贷款起始日 | starts_on
        贷款到期日 | ends_on
        还款状态 | status
        是否抵押 |
        金融顾问 |''', 'contract')
    rows = []
    for n, c in enumerate(stuff.cars):
        if n % 5 > 2:
            continue
        p = c['who']
        months, share = rng.choice([12, 24, 36, 36, 60]), rng.choice([20, 30, 40, 50])
        principal = c['price'] * (100 - share) // 100
        begin = c['sold'].replace(day=min(c['sold'].day, 28))
        end = begin.replace(year=begin.year + months // 12)
        rows.append([f'DK{c["sold"]:%y%m}{n:05d}', ('广汽汇理', '东风本田汽车金融', '招商银行')[n % 3], ('汽车贷款', '融资租赁')[n % 8 == 0], p['name'], p['id'], p['mobile'], c['vin'],
                     c['model'], f'{c["price"]:.2f}', share, f'{principal:.2f}', months, f'{principal / months:.2f}', iso(c['ordered']), iso(begin), iso(end),
                     '已结清' if end < stuff.today else ('正常', '正常', '正常', '逾期')[n % 4], '是', p['staff']])
    right |= table(fields, heads)
    files.append(write(folder / 'c5_消费信贷明细.txt', heads, rows, 'gb18030', '\t'))
    # Insured and borrowers may be made customers too: the contract has no place for the phone.
    return Layout(files, right, optional={
        ('customer.name', '被保人'), ('customer.id_number', '被保人证件号码'), ('customer.mobile', '被保人手机'), ('customer.name', '承贷人'),
        ('customer.id_number', '承贷人证件号码'), ('customer.mobile', '承贷人手机')})


LAYOUTS = {'C1 Nissan users, cars': nissan_users, 'C2 Western, Title Case': western, 'C3 XML elements': customer_list, 'C4 pinyin words, database': pinyin_words,
           'C5 orders, policies, loans': orders_and_policies}


def make_with_choices(folder, seed='C2026'):
    """(name, Layout) of each."""
    for name, make in LAYOUTS.items():
        yield name, make(folder, seed)


def make_layouts(folder, feeds=None, second=False):
    """As the other makers do: name, files, right pairs (the answer of first choice)."""
    for name, layout in make_with_choices(folder):
        yield name, layout.files, settle(layout)
