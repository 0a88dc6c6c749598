"""Eight exports of dealers' and office systems, written without a look at the lists of words. drafts_material.py has the form."""
import datetime
import sqlite3
from xml.sax.saxutils import escape, quoteattr

from drafts_material import Layout, Stuff, compact, iso, settle, slash, spread, stamp, table, write

MAN_WOMAN = {True: '女', False: '男'}


def either(entity_field, *columns):
    """One field that any of these columns gives."""
    return [{(entity_field, column)} for column in columns]


# ---- 1: SAIC-VW, owners with car and sale in a row, as a DMS's sheet «保有客户» ----

def svw_owners(folder, seed):
    stuff = Stuff(f'{seed}1', 'svw', 240)
    heads, fields = spread('''
        序号 |
        经销商代码 |
        客户编号 | customer.key ownership.customer_key
        客户名称 | customer.name
        客户类型 | customer.type
        性别 | customer.gender
        证件类型 |
        证件号码 | customer.id_number
        联系手机 | customer.mobile
        联系电话 | customer.landline
        出生日期 | customer.birth_date
        省份 |
        城市 |
        区县 |
        地址 |
        邮编 |
        邮箱 | customer.email
        职业 | customer.occupation
        婚姻状况 |
        VIN | ownership.vin
        车牌号 | ownership.plate
        品牌 | ownership.brand
        车系 |
        车型 |
        颜色 |
        发动机号 |
        开票日期 | ownership.purchase_date
        开票价格 | ownership.price
        上牌日期 |
        销售顾问 |
        是否首次购车 |
        客户来源 |
        上报状态 |
        备注 |
        修改日期 | customer.updated_at''')
    rows = []
    for n, c in enumerate(stuff.cars, 1):
        p = c['who']
        rows.append([n, '3102188', f'C{p["n"] + 2100:08d}', p['name'], '单位' if p['firm'] else '个人', '' if p['firm'] else MAN_WOMAN[p['woman']],
                     '组织机构代码证' if p['firm'] else '居民身份证', p['id'], p['mobile'], p['landline'], iso(p['born']), p['province'], p['city'],
                     p['district'], p['detail'], p['post'], p['email'], p['job'], '' if p['firm'] else ('已婚', '未婚', '')[n % 3], c['vin'], c['plate'],
                     c['brand'], c['series'], c['model'], c['colour'], c['engine'], iso(c['sold']), f'{c["price"]:.2f}', iso(c['plated']), c['staff'],
                     ('是', '否')[n % 4 == 0], ('自然到店', '汽车之家', '转介绍', '车展')[n % 4], '已上报', '', stamp(p['changed'])])
    parts = ['省份', '城市', '区县', '地址']
    return Layout([write(folder / 'a1_保有客户.csv', heads, rows, 'gb18030')], table(fields, heads), optional={('customer.region', '省份')},
                  either=[either('ownership.model', '车型', '车系') + [{('ownership.model', '车系'), ('ownership.model', '车型')}],
                          [{('customer.address', h) for h in parts},
                           {('customer.region', '省份')} | {('customer.address', h) for h in parts[1:]},
                           {('customer.region', '省份'), ('customer.region', '城市')} | {('customer.address', h) for h in parts}]])


# ---- 2: Kingdee, three unloads with tabs ----

def kingdee(folder, seed):
    stuff = Stuff(f'{seed}2', 'faw', 260, visits=1.1)
    heads, fields = spread('''
        代码 | key
        名称 | name
        助记码 |
        客户分类 | type
        性别 | gender
        移动电话 | mobile
        电话 | landline
        传真 |
        身份证号/税号 | id_number
        出生日期 | birth_date
        地址 | address
        电子邮件 | email
        分管业务员 |
        信用额度 |
        状态 |
        建立日期 |
        最后修改日期 | updated_at
        审核人 |''', 'customer')
    rows = [[f'01.{p["n"]:04d}', p['name'], '', '企业客户' if p['firm'] else '个人客户', '' if p['firm'] else '12'[p['woman']], p['mobile'], p['landline'], '',
             p['id'], slash(p['born']), p['address'], p['email'], p['staff'], '0.00', '使用' if p['n'] % 29 else '禁用', slash(p['made']), slash(p['changed']),
             '管理员'] for p in stuff.people]
    right = table(fields, heads)
    files = [write(folder / 'a2_客户资料.txt', heads, rows, 'gbk', '\t')]
    heads, fields = spread('''
        车辆代码 |
        车架号 | vin
        牌照号 | plate
        所属客户代码 | customer_key
        厂牌 | brand
        车型名称 | model
        发动机编号 |
        颜色 |
        销售日期 | purchase_date
        含税售价 | price
        购车来源 |
        保险到期日 |
        停用 |''', 'ownership')
    rows = [[f'CL{n:05d}', c['vin'], c['plate'], f'01.{c["who"]["n"]:04d}', c['brand'], c['model'], c['engine'], c['colour'], slash(c['sold']),
             f'{c["price"]:.2f}', '本店' if n % 7 else '外购', slash(c['plated'].replace(year=2026, day=1)), '否'] for n, c in enumerate(stuff.cars, 1)]
    right |= table(fields, heads)
    files.append(write(folder / 'a2_车辆资料.txt', heads, rows, 'gbk', '\t'))
    heads, fields = spread('''
        单据编号 | order_number
        单据日期 | service_date
        客户代码 | customer_key
        客户名称 |
        车架号 | vin
        里程表读数 | odometer_km
        业务类型 | job
        工时费 |
        配件费 |
        价税合计 | amount
        完工日期 |
        结算状态 |
        制单人 |
        打印次数 |''', 'service')
    rows = [[f'WX{v["in"]:%Y%m}{v["n"]:05d}', slash(v['in']), f'01.{v["who"]["n"]:04d}', v['who']['name'], v['car']['vin'], v['km'], v['job'],
             f'{v["labour"]:.2f}', f'{v["parts"]:.2f}', f'{v["total"]:.2f}', slash(v['out']), '已结算', v['staff'], 1] for v in stuff.visits]
    right |= table(fields, heads)
    files.append(write(folder / 'a2_维修单.txt', heads, rows, 'gbk', '\t'))
    # The customer's name in the order repeats that of the archive under the same number.
    return Layout(files, right, optional={('customer.name', '客户名称'), ('customer.key', '客户代码')})


# ---- 3: settled work orders with owner, driver and car in a row, UTF-16 ----

def work_orders(folder, seed):
    stuff = Stuff(f'{seed}3', 'svw', 190, visits=1.6)
    heads, fields = spread('''
        经销商简称 |
        工单号 | service.order_number
        工单类型 |
        维修类型 | service.job
        开单日期 | service.service_date
        竣工时间 |
        交车日期 |
        工单状态 |
        客户经理 |
        车牌号 | ownership.plate
        VIN | ownership.vin service.vin
        品牌 | ownership.brand
        车系 |
        车型 |
        车主编号 | customer.key ownership.customer_key service.customer_key
        车主 | customer.name
        车主性质 | customer.type
        车主手机 | customer.mobile
        车主电话 | customer.landline
        车主地址 | customer.address
        证件号码 | customer.id_number
        送修人 |
        送修人手机 |
        进厂行驶里程 | service.odometer_km
        出厂行驶里程 |
        工时费 |
        材料费 |
        应收金额 |
        优惠金额 |
        实收金额 |
        车辆销售日期 | ownership.purchase_date
        是否索赔 |
        会员卡号 |
        备注 |''')
    rows = []
    for v in stuff.visits:
        c, p = v['car'], v['who']
        other = v['n'] % 5 == 0 or p['firm']
        rows.append(['嘉定众鑫', f'RO{v["in"]:%y%m%d}{v["n"]:04d}', '维修工单', v['job'], stamp(v['in']), stamp(v['out']), stamp(v['out']), '已结清', v['staff'],
                     c['plate'], c['vin'], c['brand'], c['series'], c['model'], f'OW{p["n"]:07d}', p['name'], '公司' if p['firm'] else '个人', p['mobile'],
                     p['landline'], p['address'], p['id'], (p['contact'] or '朱海波') if other else p['name'], stuff.mobile() if other else p['mobile'], v['km'],
                     v['km'] + 2, v['labour'], v['parts'], f'{v["total"]:.2f}', f'{v["off"]:.2f}', f'{v["paid"]:.2f}', iso(c['sold']),
                     '是' if v['job'] == '索赔' else '否', '', ''])
    return Layout([write(folder / 'a3_维修结算明细.txt', heads, rows, 'utf-16', '\t')], table(fields, heads),
                  either=[either('service.amount', '实收金额', '应收金额'),
                          either('ownership.model', '车型', '车系') + [{('ownership.model', '车系'), ('ownership.model', '车型')}]])


# ---- 4: insurance policies and loans, semicolons ----

def contracts(folder, seed):
    stuff = Stuff(f'{seed}4', 'faw', 180)
    rng = stuff.rng
    heads, fields = spread('''
        序号 |
        保单号 | number
        保险公司 |
        险种 | product
        被保险人 | name
        被保险人证件号 | id_number
        被保险人电话 |
        车牌号码 | plate
        车架号(VIN) | vin
        厂牌型号 |
        起保日期 | starts_on
        终保日期 | ends_on
        保费合计(元) |
        出单日期 |
        保单状态 | status
        续保专员 |
        是否本店投保 |''', 'contract')
    rows = []
    for c in stuff.cars:
        p = c['who']
        begin = c['sold'].replace(year=2025, day=min(c['sold'].day, 28))
        for kind, premium in (('交强险', 950), ('商业险', rng.randrange(2200, 9000))):
            if kind == '商业险' and rng.random() < 0.3:
                continue
            rows.append([len(rows) + 1, f'{"PDZA" if kind == "交强险" else "PDAA"}2025{rng.randrange(10 ** 11):011d}', ('人保财险', '平安产险', '太平洋产险')[len(rows) % 3],
                         kind, p['name'], p['id'], p['mobile'], c['plate'], c['vin'], c['brand'] + c['series'], iso(begin), iso(begin.replace(year=2026)),
                         f'{premium:.2f}', iso(begin), ('有效', '已到期')[begin.replace(year=2026) < stuff.today] if rng.random() > 0.03 else '已退保', p['staff'],
                         ('是', '否')[rng.random() < 0.4]])
    right = table(fields, heads)
    files = [write(folder / 'a4_保单台账.csv', heads, rows, 'utf-8', ';')]
    heads, fields = spread('''
        合同编号 | number
        金融机构 |
        合同类型 | type
        借款人姓名 | name
        借款人身份证号 | id_number
        借款人手机 |
        车架号 | vin
        车型 |
        车辆成交价 |
        首付金额 |
        贷款金额 | principal
        期数(月) | months
        年利率(%) |
        月供 |
        申请日期 |
        放款日期 | starts_on
        到期日 | ends_on
        合同状态 | status
        金融专员 |''', 'contract')
    rows = []
    for n, c in enumerate(stuff.cars):
        if n % 10 > 7:
            continue
        p = c['who']
        months = rng.choice([12, 24, 36, 36, 48, 60])
        paid = c['price'] * rng.choice([20, 30, 50]) // 100
        end = c['sold'].replace(year=c['sold'].year + months // 12, day=min(c['sold'].day, 28))
        rows.append([f'HT{c["sold"]:%Y}{n:06d}', ('大众汽车金融', '建设银行', '一汽金融')[n % 3], ('汽车贷款', '融资租赁')[n % 9 == 0], p['name'], p['id'], p['mobile'],
                     c['vin'], c['model'], f'{c["price"]:.2f}', f'{paid:.2f}', f'{c["price"] - paid:.2f}', months, ('3.99', '0', '4.88')[n % 3],
                     f'{(c["price"] - paid) / months:.2f}', iso(c['ordered']), iso(c['sold']), iso(end), ('已结清' if end < stuff.today else ('正常', '正常', '逾期')[n % 3]),
                     p['staff']])
    right |= table(fields, heads)
    files.append(write(folder / 'a4_金融合同.csv', heads, rows, 'utf-8', ';'))
    # Insured and borrowers may be made customers too: the contract has no place for the phone.
    return Layout(files, right, optional={
        ('customer.name', '被保险人'), ('customer.id_number', '被保险人证件号'), ('customer.mobile', '被保险人电话'), ('customer.name', '借款人姓名'),
        ('customer.id_number', '借款人身份证号'), ('customer.mobile', '借款人手机')})


# ---- 5: BYD dealer's CRM: leads, complaints, calls, with pipes ----

def crm(folder, seed):
    stuff = Stuff(f'{seed}5', 'byd', 300)
    rng = stuff.rng
    heads, fields = spread('''
        线索编号 | lead.number
        线索来源 |
        经销商代码 | lead.dealer
        客户姓名 | customer.name
        手机号 | customer.mobile
        性别 | customer.gender
        意向品牌 | lead.brand
        意向车系 | lead.model
        意向类型 | lead.interest
        意向级别 |
        预计购车时间 | lead.timeframe
        留资时间 | lead.requested_at
        首次跟进时间 |
        跟进顾问 |
        线索状态 | lead.status
        推荐人手机 | lead.referrer
        备注 |''')
    cars = {id(c['who']): c for c in stuff.cars}
    rows = []
    for p in stuff.people:
        c = cars[id(p)]
        asked = p['changed'].replace(year=2026, month=p['changed'].month % 6 + 1, day=min(p['changed'].day, 24))
        rows.append([f'XS2026{p["n"]:07d}', ('官网', '抖音', '懂车帝', '自然进店', '老客户推荐')[p['n'] % 5], 'BYD44017', p['last'] + ('女士' if p['woman'] else '先生')
                     if p['n'] % 3 == 0 and p['last'] else p['name'], p['mobile'] or stuff.mobile(), '' if p['firm'] else MAN_WOMAN[p['woman']], c['brand'],
                     c['series'], rng.choice(['购车', '购车', '试驾', '置换']), rng.choice('HABC'), rng.choice(['7天内', '15天内', '1个月内', '3个月内', '']),
                     stamp(asked), stamp(asked + datetime.timedelta(minutes=rng.randrange(3, 600))), p['staff'],
                     rng.choice(['待跟进', '跟进中', '已成交', '战败', '无效']), stuff.mobile() if p['n'] % 5 == 4 else '', ''])
    right = table(fields, heads)
    files = [write(folder / 'a5_线索.txt', heads, rows, 'utf-8', '|', end='\n')]
    heads, fields = spread('''
        投诉单号 | complaint.case_number
        受理时间 | complaint.opened_on
        投诉人 | complaint.name
        联系方式 | complaint.mobile
        车架号 | complaint.vin
        车牌号 |
        投诉类别 | complaint.category
        投诉内容 |
        责任部门 |
        处理状态 | complaint.status
        处理结果 | complaint.settlement
        结案时间 | complaint.closed_on
        回访满意度 |''')
    rows = []
    for n, v in enumerate(stuff.visits[:160], 1):
        done = rng.random() < 0.8
        rows.append([f'TS{v["out"]:%Y%m%d}{n:03d}', stamp(v['out']), v['who']['contact'] or v['who']['name'], v['who']['mobile'] or stuff.mobile(), v['car']['vin'],
                     v['car']['plate'], rng.choice(['产品质量', '维修质量', '服务态度', '价格', '配件供应']), rng.choice(['异响未解决', '等待时间长', '收费不透明', '屏幕黑屏']),
                     ('售后部', '销售部')[n % 4 == 0], ('已结案' if done else '处理中'), rng.choice(['返修', '换件', '补偿', '解释说明']) if done else '',
                     stamp(v['out'] + (v['out'] - v['in'])) if done else '', rng.choice('345') if done else ''])
    right |= table(fields, heads)
    files.append(write(folder / 'a5_投诉.txt', heads, rows, 'utf-8', '|', end='\n'))
    heads, fields = spread('''
        回访编号 |
        客户手机 | contact.mobile
        回访方式 | contact.channel
        回访时间 | contact.contacted_at
        门店代码 | contact.dealer
        回访主题 | contact.topic
        回访结果 | contact.result
        回访人 |
        下次回访日期 |''')
    rows = [[f'HF{n:06d}', p['mobile'] or stuff.mobile(), rng.choice(['电话', '电话', '短信', '企业微信']), stamp(p['changed']), 'BYD44017',
             rng.choice(['首保提醒', '续保提醒', '售后三日回访', '生日关怀']), rng.choice(['已接通', '无人接听', '已预约', '拒访', '号码错误']), p['staff'], '']
            for n, p in enumerate(stuff.people[:220], 1)]
    right |= table(fields, heads)
    files.append(write(folder / 'a5_回访记录.txt', heads, rows, 'utf-8', '|', end='\n'))
    # A lead without a number of the prospect: its own number may stand for it.
    return Layout(files, right, optional={('lead.customer_key', '线索编号'), ('lead.customer_key', '手机号')})


# ---- 6: initials of pinyin in a database ----

def pinyin_database(folder, seed):
    stuff = Stuff(f'{seed}6', 'changan', 210, visits=1.2)
    path = folder / 'a6_dms.sqlite'
    base = sqlite3.connect(path)
    base.executescript('''
        create table T_KHDA(KHID integer primary key, KHXM text, KHXZ text, XB text, SJH text, SJH2 text, LXDH text, ZJHM text, CSRQ text, SF text, CS text,
                            DZ text, YB text, DZYX text, ZY text, CZY text, JDRQ text, XGRQ text, ZFBZ text);
        create table T_CLDA(CLID integer primary key, KHID integer references T_KHDA, CJH text, CPH text, PP text, CX text, FDJH text, YS text, GCRQ text,
                            GCJE real, BXDQR text, NJDQR text);
        create table T_WXGD(GDH text primary key, KHID integer references T_KHDA, CJH text, JCRQ text, JSRQ text, WXLB text, JCLC integer, GSF real, CLF real,
                            ZJE real, JDY text);
        create table T_HYK(HYKH text primary key, KHID integer references T_KHDA, HYDJ text, RHRQ text, CZJE real, LJJF integer, YYJF integer, DQJF integer);''')
    base.executemany('insert into T_KHDA values(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)', [
        (p['n'] + 5000, p['name'], '21'[not p['firm']], '' if p['firm'] else '10'[p['woman']], p['mobile'], p['mobile2'], p['landline'], p['id'], iso(p['born']),
         p['province'], p['city'], p['address'], p['post'], p['email'], p['job'], p['staff'], iso(p['made']), stamp(p['changed']), '0') for p in stuff.people])
    base.executemany('insert into T_CLDA values(?,?,?,?,?,?,?,?,?,?,?,?)', [
        (n, c['who']['n'] + 5000, c['vin'], c['plate'], c['brand'], c['series'], c['engine'], c['colour'], iso(c['sold']), c['price'],
         iso(c['plated'].replace(year=2026, day=1)), iso(c['plated'].replace(year=2027, day=1))) for n, c in enumerate(stuff.cars, 80001)])
    base.executemany('insert into T_WXGD values(?,?,?,?,?,?,?,?,?,?,?)', [
        (f'{v["in"]:%y%m%d}{v["n"]:03d}', v['who']['n'] + 5000, v['car']['vin'], stamp(v['in']), stamp(v['out']), v['job'], v['km'], v['labour'], v['parts'],
         v['total'], v['staff']) for v in stuff.visits])
    base.executemany('insert into T_HYK values(?,?,?,?,?,?,?,?)', [
        (f'CA{p["n"]:06d}', p['n'] + 5000, ('普卡', '银卡', '金卡')[p['n'] % 3], iso(p['made']), p['n'] % 4 * 500, p['n'] * 37, p['n'] * 11, p['n'] * 26)
        for p in stuff.people if p['n'] % 5])
    base.commit()
    base.close()
    right = table(['customer.key', 'customer.name', 'customer.type', 'customer.gender', 'customer.mobile', 'customer.landline', 'customer.id_number',
                   'customer.birth_date', 'customer.region', 'customer.address', 'customer.email', 'customer.occupation', 'customer.updated_at'],
                  ['KHID', 'KHXM', 'KHXZ', 'XB', 'SJH', 'LXDH', 'ZJHM', 'CSRQ', 'SF', 'DZ', 'DZYX', 'ZY', 'XGRQ'])
    right |= table(['customer_key', 'vin', 'plate', 'brand', 'model', 'purchase_date', 'price'], ['KHID', 'CJH', 'CPH', 'PP', 'CX', 'GCRQ', 'GCJE'], 'ownership')
    right |= table(['order_number', 'customer_key', 'vin', 'service_date', 'job', 'odometer_km', 'amount'],
                   ['GDH', 'KHID', 'CJH', 'JCRQ', 'WXLB', 'JCLC', 'ZJE'], 'service')
    right |= table(['card_number', 'customer_key', 'joined_on', 'prepaid', 'points_earned', 'points_spent'],
                   ['HYKH', 'KHID', 'RHRQ', 'CZJE', 'LJJF', 'YYJF'], 'membership')
    return Layout([path], right, optional={('customer.landline', 'SJH2'), ('customer.region', 'CS')})


# ---- 7: a British system's unload, prefixes, Windows-1252, pipes ----

GUESTS = [('Müller', 'Jürgen'), ('Lefèvre', 'André'), ('García', 'José'), ('Söderberg', 'Åsa'), ('Brooks', 'Helen')]
TOWNS = {'上海市': 'Shanghai', '广州市': 'Guangzhou', '深圳市': 'Shenzhen', '北京市': 'Beijing', '南京市': 'Nanjing', '苏州市': 'Suzhou', '杭州市': 'Hangzhou'}


def british(folder, seed):
    stuff = Stuff(f'{seed}7', 'import', 230, visits=1.1)
    rng = stuff.rng
    for p in stuff.people:
        p['family'], p['given'] = GUESTS[p['n'] % 5] if p['n'] % 11 == 0 else (p['latin_last'], p['latin_first'])
        if p['firm']:
            p['family'], p['given'] = f'{rng.choice(["Hengda", "Ruifeng", "Jinding", "Huaxin", "Boyuan"])} {rng.choice(["Trading", "Logistics", "Technology"])} Co Ltd', ''
        p['town'] = TOWNS.get(p['city'], 'Shanghai')
        p['street'] = f'{rng.randrange(1, 900)} {rng.choice(["Nanjing West Road", "Century Avenue", "Huaihai Road", "Café Lane", "Zhongshan Road"])}'
        p['mail'] = f'{p["given"].lower() or "info"}.{p["family"].split()[0].lower()}@example.com'.encode('ascii', 'ignore').decode() if p['n'] % 3 else ''
    british_day = lambda d: d.strftime('%d/%m/%Y') if d else ''
    heads, fields = spread('''
        CUST_NO | customer.key ownership.customer_key
        CUST_TYPE | customer.type
        CUST_TITLE |
        CUST_FORENAME | customer.name
        CUST_SURNAME | customer.name
        CUST_SEX | customer.gender
        CUST_DOB | customer.birth_date
        CUST_ADDR1 | customer.address
        CUST_ADDR2 | customer.address
        CUST_TOWN | customer.address
        CUST_PCODE |
        CUST_TEL_HOME | customer.landline
        CUST_TEL_MOB | customer.mobile
        CUST_EMAIL | customer.email
        CUST_OCCUP | customer.occupation
        CUST_CREDLIM |
        CUST_LASTUPD | customer.updated_at
        VEH_STOCKNO |
        VEH_REGNO | ownership.plate
        VEH_CHASSIS | ownership.vin
        VEH_MAKE | ownership.brand
        VEH_MODEL | ownership.model
        VEH_COLOUR |
        VEH_ENGNO |
        VEH_SALEDATE | ownership.purchase_date
        VEH_SALEPRICE | ownership.price
        VEH_SALESEXEC |
        VEH_NU |''')
    rows = []
    for n, c in enumerate(stuff.cars, 1):
        p = c['who']
        rows.append([f'{p["n"] + 30000}', 'C' if p['firm'] else 'P', '' if p['firm'] else ('Mr', 'Ms')[p['woman']], p['given'], p['family'], '' if p['firm'] else 'MF'[p['woman']],
                     british_day(p['born']), p['street'], ('Pudong', 'Jing\'an', 'Xuhui', '')[n % 4], p['town'], p['post'], p['landline'], p['mobile'] and '+86 ' + p['mobile'],
                     p['mail'], '' if p['firm'] else ('Engineer', 'Teacher', 'Manager', '')[n % 4], '0.00', british_day(p['changed']), f'S{n:05d}',
                     c['plate'] and 'HU' + c['plate'][1:], c['vin'], c['brand'], c['model'], ('White', 'Black', 'Grey')[n % 3], c['engine'], british_day(c['sold']),
                     f'{c["price"]:.2f}', ('DL', 'KW', 'MS')[n % 3], 'NU'[n % 4 == 0]])
    right = table(fields, heads)
    files = [write(folder / 'a7_CUSTVEH.TXT', heads, rows, 'cp1252', '|')]
    heads, fields = spread('''
        WIP_NO | order_number
        WIP_CUSTNO | customer_key
        WIP_CHASSIS | vin
        WIP_REGNO |
        WIP_DATEIN | service_date
        WIP_DATEOUT |
        WIP_MILEAGE | odometer_km
        WIP_JOBTYPE | job
        WIP_LABOUR |
        WIP_PARTS |
        WIP_INVTOTAL | amount
        WIP_OPERATOR |
        WIP_STATUS |''', 'service')
    kinds = {'常规保养': 'SERVICE', '首保': 'SERVICE', '一般维修': 'REPAIR', '事故车维修': 'BODYSHOP', '索赔': 'WARRANTY', '年检': 'INSPECTION', '美容装潢': 'VALET'}
    rows = [[60000 + v['n'], 30000 + v['who']['n'], v['car']['vin'], v['car']['plate'] and 'HU' + v['car']['plate'][1:], british_day(v['in']), british_day(v['out']), v['km'],
             kinds[v['job']], f'{v["labour"]:.2f}', f'{v["parts"]:.2f}', f'{v["total"]:.2f}', ('JT', 'AB')[v['n'] % 2], 'X'] for v in stuff.visits]
    right |= table(fields, heads)
    files.append(write(folder / 'a7_WIPHIST.TXT', heads, rows, 'cp1252', '|'))
    return Layout(files, right)


# ---- 8: nested elements in camelCase: customers with cars and repair orders ----

def nested(folder, seed):
    stuff = Stuff(f'{seed}8', 'faw', 200, visits=1.0)
    cars, visits = {}, {}
    for c in stuff.cars:
        cars.setdefault(c['who']['n'], []).append(c)
    for v in stuff.visits:
        visits.setdefault(v['who']['n'], []).append(v)
    path = folder / 'a8_customers.xml'
    with open(path, 'w', encoding='utf-8') as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<dmsExport version="3.1" exportedAt="2026-06-25T23:00:00+08:00">\n<customers>\n')
        for p in stuff.people:
            file.write(f'<customer customerNumber={quoteattr("10%05d" % p["n"])} customerType="{"BUSINESS" if p["firm"] else "INDIVIDUAL"}">'
                       f'<displayName>{escape(p["name"])}</displayName><gender>{"" if p["firm"] else ("MALE", "FEMALE")[p["woman"]]}</gender>'
                       f'<dateOfBirth>{iso(p["born"])}</dateOfBirth><identification><documentType>{"USCC" if p["firm"] else "ID_CARD"}</documentType>'
                       f'<documentNumber>{p["id"]}</documentNumber></identification><contact><mobilePhone>{p["mobile"]}</mobilePhone>'
                       f'<homePhone>{p["landline"]}</homePhone><emailAddress>{p["email"]}</emailAddress></contact>'
                       f'<postalAddress><stateProvince>{p["province"]}</stateProvince><city>{p["city"]}</city><district>{p["district"]}</district>'
                       f'<streetLine>{p["detail"]}</streetLine><postalCode>{p["post"]}</postalCode></postalAddress><vehicles>')
            for c in cars[p['n']]:
                file.write(f'<vehicle stockNumber="ST{c["engine"][-4:]}"><vin>{c["vin"]}</vin><licensePlate>{c["plate"]}</licensePlate><make>{c["brand"]}</make>'
                           f'<modelName>{escape(c["model"])}</modelName><exteriorColor>{c["colour"]}</exteriorColor><deliveryDate>{iso(c["sold"])}</deliveryDate>'
                           f'<sellingPrice currency="CNY">{c["price"]}.00</sellingPrice></vehicle>')
            file.write('</vehicles><repairOrders>')
            for v in visits.get(p['n'], []):
                file.write(f'<repairOrder roNumber="{v["n"] + 700000}"><vehicleVin>{v["car"]["vin"]}</vehicleVin><checkInTime>{v["in"].isoformat()}+08:00</checkInTime>'
                           f'<promisedTime>{v["out"].isoformat()}+08:00</promisedTime><odometerIn unit="KM">{v["km"]}</odometerIn><serviceType>{v["job"]}</serviceType>'
                           f'<laborTotal>{v["labour"]:.2f}</laborTotal><partsTotal>{v["parts"]:.2f}</partsTotal><invoiceTotal>{v["total"]:.2f}</invoiceTotal>'
                           f'<advisorId>{100 + v["n"] % 6}</advisorId></repairOrder>')
            file.write(f'</repairOrders><lastModifiedTime>{p["changed"].isoformat()}+08:00</lastModifiedTime></customer>\n')
        file.write('</customers>\n</dmsExport>\n')
    right = table(['key', 'type', 'name', 'gender', 'birth_date', 'id_number', 'mobile', 'landline', 'email', 'updated_at'],
                  ['@customerNumber', '@customerType', 'displayName', 'gender', 'dateOfBirth', 'identification/documentNumber', 'contact/mobilePhone',
                   'contact/homePhone', 'contact/emailAddress', 'lastModifiedTime'], 'customer')
    right |= table(['customer_key', 'vin', 'plate', 'brand', 'model', 'purchase_date', 'price'],
                   ['../../@customerNumber', 'vin', 'licensePlate', 'make', 'modelName', 'deliveryDate', 'sellingPrice'], 'ownership')
    right |= table(['customer_key', 'order_number', 'vin', 'service_date', 'odometer_km', 'job', 'amount'],
                   ['../../@customerNumber', '@roNumber', 'vehicleVin', 'checkInTime', 'odometerIn', 'serviceType', 'invoiceTotal'], 'service')
    parts = ['postalAddress/' + part for part in ('stateProvince', 'city', 'district', 'streetLine')]
    return Layout([path], right, optional={('customer.region', parts[0])}, either=[
        [{('customer.address', part) for part in parts}, {('customer.region', parts[0])} | {('customer.address', part) for part in parts[1:]}]])


LAYOUTS = {'A1 SAIC-VW owners': svw_owners, 'A2 Kingdee tables': kingdee, 'A3 work orders': work_orders, 'A4 policies, loans': contracts,
           'A5 CRM, pipes': crm, 'A6 pinyin database': pinyin_database, 'A7 British, prefixes': british, 'A8 nested camelCase': nested}


def make_with_choices(folder, seed='A2026'):
    """(name, Layout) of each."""
    for name, make in LAYOUTS.items():
        yield name, make(folder, seed)


def make_layouts(folder, feeds=None, second=False):
    """As the other makers do: name, files, right pairs (the answer of first choice)."""
    for name, layout in make_with_choices(folder):
        yield name, layout.files, settle(layout)
