"""Eight more, measured only after what the first had shown was mended. drafts_material.py has the form."""
import datetime
from xml.sax.saxutils import escape, quoteattr

from drafts_material import Layout, Stuff, compact, dotted, iso, settle, slash, spread, stamp, table, write

MAN_WOMAN = {True: '女', False: '男'}


def either(entity_field, *columns):
    """One field that any of these columns gives."""
    return [{(entity_field, column)} for column in columns]


# ---- 1: FAW-VW dealer's sheet of sales: a title above, headings of two lines, units, no customer's number ----

def sales_sheet(folder, seed):
    stuff = Stuff(f'{seed}1', 'faw', 210)
    rng = stuff.rng
    heads, fields = spread(r'''
        序号 |
        合同编号 |
        客户姓名\n（单位名称） | customer.name
        手机号码 | customer.mobile
        备用电话 | customer.landline
        身份证号/\n信用代码 | customer.id_number
        性别 | customer.gender
        客户属性 | customer.type
        家庭住址 | customer.address
        品牌 | ownership.brand
        购买车型 | ownership.model
        外观/内饰 |
        车架号\n（17位） | ownership.vin
        发动机号 |
        车牌 | ownership.plate
        签约日期 |
        交车日期 | ownership.purchase_date
        指导价\n（元） |
        成交价\n（元） | ownership.price
        定金\n（元） |
        付款方式 |
        是否置换 |
        投保公司 |
        精品金额 |
        销售顾问 |
        介绍人 |
        备注 |''')
    dot = lambda d: f'{d.year}.{d.month}.{d.day}'
    rows = []
    for n, c in enumerate(sorted(stuff.cars, key=lambda c: c['sold']), 1):
        p = c['who']
        rows.append([n, f'XSHT{c["ordered"]:%y%m}{n:03d}', p['name'], p['mobile'], p['landline'] or p['mobile2'], p['id'],
                     '' if p['firm'] else MAN_WOMAN[p['woman']], '公户' if p['firm'] else '私户', p['address'], c['brand'],
                     c['model'] if n % 3 else c['series'], f'{c["colour"]}/{"黑" if n % 2 else "棕"}', c['vin'], c['engine'], c['plate'], dot(c['ordered']),
                     dot(c['sold']), f'{c["list"]:,}', f'{c["price"]:,}', '5,000' if n % 3 else '10,000', ('全款', '按揭')[n % 3 == 0], ('否', '是')[n % 5 == 0],
                     ('人保', '平安', '太平洋', '')[n % 4], rng.randrange(0, 12) * 500, c['staff'], '', '送脚垫' if n % 17 == 0 else ''])
    path = write(folder / 'b1_销售台账.csv', heads, rows, 'gbk', before=[['2016-2026年整车销售台账（展厅）'] + [''] * (len(heads) - 1)])
    keys = ['合同编号', '手机号码', heads[5]]
    return Layout([path], table(fields, heads), optional={(f, k) for f in ('customer.key', 'ownership.customer_key') for k in keys})


# ---- 2: Changan dealer's system: XML with Chinese names, attributes and elements, GB18030 ----

def chinese_xml(folder, seed):
    stuff = Stuff(f'{seed}2', 'changan', 180, visits=1.0)
    cars, visits = {}, {}
    for c in stuff.cars:
        cars.setdefault(c['who']['n'], []).append(c)
    for v in stuff.visits:
        visits.setdefault(v['car']['vin'], []).append(v)
    path = folder / 'b2_车主档案.xml'
    with open(path, 'w', encoding='gb18030') as file:
        file.write('<?xml version="1.0" encoding="GB18030"?>\n<数据导出 经销商="CA50112" 导出时间="2026-06-25 22:10:00">\n')
        for p in stuff.people:
            file.write(f'<车主 车主编号={quoteattr("CA" + str(20000 + p["n"]))} 车主类别="{"单位" if p["firm"] else "个人"}"><车主名称>{escape(p["name"])}</车主名称>'
                       f'<性别>{"" if p["firm"] else MAN_WOMAN[p["woman"]]}</性别><证件号>{p["id"]}</证件号><生日>{iso(p["born"])}</生日>'
                       f'<联系方式><手机>{p["mobile"]}</手机><固定电话>{p["landline"]}</固定电话><电子邮箱>{p["email"]}</电子邮箱></联系方式>'
                       f'<通讯地址>{p["address"]}</通讯地址><邮政编码>{p["post"]}</邮政编码><建档人>{p["staff"]}</建档人><更新时间>{stamp(p["changed"])}</更新时间>')
            for c in cars[p['n']]:
                file.write(f'<车辆 VIN码="{c["vin"]}" 号牌="{c["plate"]}"><品牌名称>{c["brand"]}</品牌名称><车型名称>{escape(c["model"])}</车型名称>'
                           f'<车身颜色>{c["colour"]}</车身颜色><购车日期>{iso(c["sold"])}</购车日期><购车价格>{c["price"]}</购车价格>')
                for v in visits.get(c['vin'], []):
                    file.write(f'<维修记录 结算单号="JS{v["in"]:%y%m}{v["n"]:05d}"><进站时间>{stamp(v["in"])}</进站时间><出站时间>{stamp(v["out"])}</出站时间>'
                               f'<维修性质>{v["job"]}</维修性质><进站里程>{v["km"]}</进站里程><工时金额>{v["labour"]:.2f}</工时金额><备件金额>{v["parts"]:.2f}</备件金额>'
                               f'<结算总额>{v["total"]:.2f}</结算总额><服务顾问>{v["staff"]}</服务顾问></维修记录>')
                file.write('</车辆>')
            file.write('</车主>\n')
        file.write('</数据导出>\n')
    right = table(['key', 'type', 'name', 'gender', 'id_number', 'birth_date', 'mobile', 'landline', 'email', 'address', 'updated_at'],
                  ['@车主编号', '@车主类别', '车主名称', '性别', '证件号', '生日', '联系方式/手机', '联系方式/固定电话', '联系方式/电子邮箱', '通讯地址', '更新时间'],
                  'customer')
    right |= table(['customer_key', 'vin', 'plate', 'brand', 'model', 'purchase_date', 'price'],
                   ['../@车主编号', '@VIN码', '@号牌', '品牌名称', '车型名称', '购车日期', '购车价格'], 'ownership')
    right |= table(['customer_key', 'vin', 'order_number', 'service_date', 'job', 'odometer_km', 'amount'],
                   ['../../@车主编号', '../@VIN码', '@结算单号', '进站时间', '维修性质', '进站里程', '结算总额'], 'service')
    return Layout([path], right)


# ---- 3: BYD group's member club: members, permissions, another house's survey, appointments; UTF-8 with a mark ----

def club(folder, seed):
    stuff = Stuff(f'{seed}3', 'byd', 260, visits=0.8)
    rng = stuff.rng
    heads, fields = spread('''
        会员ID | customer.key membership.customer_key
        会员卡号 | membership.card_number
        会员姓名 | customer.name
        会员手机 | customer.mobile
        会员生日 | customer.birth_date
        会员等级 |
        入会时间 | membership.joined_on
        储值金额(元) | membership.prepaid
        累计获得积分 | membership.points_earned
        累计使用积分 | membership.points_spent
        剩余积分 |
        微信OpenID |
        所属门店 |
        是否注销 |''')
    rows = []
    for p in stuff.people:
        if p['firm']:
            continue
        got = rng.randrange(0, 20000)
        used = rng.randrange(0, got + 1)
        rows.append([f'{880000 + p["n"]}', f'VIP{rng.randrange(10 ** 8):08d}', p['name'], p['mobile'] or stuff.mobile(), iso(p['born']), ('普通', '银', '金', '钻石')[p['n'] % 4],
                     stamp(datetime.datetime.combine(p['made'], p['changed'].time())), f'{rng.choice([0, 0, 500, 1000, 3000]):.2f}', got, used, got - used,
                     'o' + ''.join(rng.choice('abcdefghijkABCDEFGH0123456789_') for _ in range(27)) if p['n'] % 3 else '', '比亚迪龙岗店', '否'])
    right = table(fields, heads)
    files = [write(folder / 'b3_会员.csv', heads, rows, 'utf-8-sig')]
    heads, fields = spread('''
        流水号 |
        用户手机 | mobile
        用户邮箱 | email
        触达渠道 | channel
        授权用途 | purpose
        授权结果 | decision
        操作时间 | decided_at
        隐私政策版本 |
        采集入口 |
        操作员 |''', 'consent')
    rows = []
    for p in stuff.people[:200]:
        for channel in rng.sample(['短信', '电话', '微信', '邮件'], 1 + (p['n'] % 2)):
            by_mail = channel == '邮件'
            rows.append([f'{stamp(p["changed"])[:10].replace("-", "")}{len(rows):05d}', '' if by_mail and p['email'] else p['mobile'] or stuff.mobile(),
                         p['email'] if by_mail else '', channel, rng.choice(['营销推广', '营销推广', '满意度调研', '售后服务']), rng.choice(['同意', '同意', '同意', '拒绝', '撤回']),
                         stamp(p['changed']), ('V2.1', 'V3.0')[p['n'] % 2], ('小程序', '门店平板', '官网')[p['n'] % 3], ''])
    right |= table(fields, heads)
    files.append(write(folder / 'b3_隐私授权.csv', heads, rows, 'utf-8-sig'))
    heads, fields = spread('''
        answer_id | answer
        store_code | dealer
        respondent_mobile | mobile
        vehicle_vin | vin
        submitted_at | answered_on
        question_dimension | indicator
        score_0_10 | score
        verbatim |
        is_valid |''', 'survey')
    rows = []
    for v in stuff.visits[:120]:
        for what in ('服务态度', '维修质量', '维修时间', '价格合理'):
            rows.append([f'WJ{v["n"]:06d}', 'BYD4403', v['who']['mobile'] or stuff.mobile(), v['car']['vin'], iso(v['out']), what, rng.choice([10, 10, 9, 9, 8, 8, 7, 5, 3]),
                         '等待太久' if rng.random() < 0.05 else '', 1])
    right |= table(fields, heads)
    files.append(write(folder / 'b3_survey_answers.csv', heads, rows[:400], 'utf-8-sig'))
    heads, _ = spread('''
        预约单号 |
        预约渠道 |
        预约人 |
        预约人电话 |
        VIN |
        车牌号 |
        预约到店时间 |
        预约项目 |
        预约状态 |
        是否到店 |
        创建时间 |''')
    rows = [[f'YY{v["in"]:%Y%m%d}{v["n"]:04d}', ('小程序', '电话', '400')[v['n'] % 3], v['who']['contact'] or v['who']['name'], v['who']['mobile'], v['car']['vin'],
             v['car']['plate'], f'{v["in"]:%Y-%m-%d %H:00}', v['job'], rng.choice(['已确认', '已到店', '已取消', '爽约']), '是', stamp(v['in'] - datetime.timedelta(days=v['n'] % 9 + 1))]
            for v in stuff.visits]
    files.append(write(folder / 'b3_预约.csv', heads, rows, 'utf-8-sig'))
    # The model knows no appointments: they stay out, or become leads to the workshop. A planned time is no visit.
    return Layout(files, right, optional={
        ('lead.number', '预约单号'), ('lead.requested_at', '创建时间'), ('lead.status', '预约状态'), ('lead.interest', '预约项目'), ('lead.timeframe', '预约到店时间'),
        ('lead.customer_key', '预约单号'), ('lead.customer_key', '预约人电话'), ('customer.name', '预约人'), ('customer.mobile', '预约人电话')})


# ---- 4: Yonyou U8: names of fields beside the Chinese, extended warranties, recall; GB18030 with tabs ----

def u8(folder, seed):
    stuff = Stuff(f'{seed}4', 'svw', 230)
    rng = stuff.rng
    heads, fields = spread('''
        客户编码(cCusCode) | key
        客户名称(cCusName) | name
        客户简称(cCusAbbName) |
        客户分类(cCCName) | type
        税号/证件号(cCusRegCode) | id_number
        手机(cCusHand) | mobile
        电话(cCusPhone) | landline
        联系人(cCusPerson) |
        所属地区(cDCName) | region
        地址(cCusAddress) | address
        邮编(cCusPostCode) |
        Email(cCusEmail) | email
        专营业务员(cCusPPerson) |
        发展日期(dCusDevDate) |
        停用日期(dEndDate) |
        建档人(cCreatePerson) |
        变更日期(dModifyDate) | updated_at''', 'customer')
    rows = [[f'{p["n"] + 300:06d}', p['name'], p['name'][:6], '公司客户' if p['firm'] else '个人客户', p['id'], p['mobile'], p['landline'], p['contact'], p['province'],
             p['address'], p['post'], p['email'], p['staff'], iso(p['made']), '', '账套主管', iso(p['changed'])] for p in stuff.people]
    right = table(fields, heads)
    files = [write(folder / 'b4_客户档案.txt', heads, rows, 'gb18030', '\t')]
    heads, fields = spread('''
        延保合同号 | number
        产品名称 | product
        客户名称 | name
        证件号码 | id_number
        车架号 | vin
        车牌号 | plate
        原厂质保到期 |
        延保起始日 | starts_on
        延保截止日 | ends_on
        延保期限(月) | months
        延保里程(万公里) |
        销售价格 |
        合同状态 | status
        销售人员 |''', 'contract')
    rows = []
    for n, c in enumerate(stuff.cars):
        if n % 3 == 1:
            continue
        p = c['who']
        begin = c['sold'].replace(year=c['sold'].year + 3, day=min(c['sold'].day, 28))
        months = rng.choice([12, 24, 36])
        end = begin.replace(year=begin.year + months // 12)
        rows.append([f'YB{c["sold"]:%y%m}{n:05d}', rng.choice(['全车延保', '发动机变速箱延保', '三电延保']), p['name'], p['id'], c['vin'], c['plate'], iso(begin), iso(begin),
                     iso(end), months, rng.choice(['10', '12', '15']), f'{rng.choice([1980, 2680, 3980])}.00', '已到期' if end < stuff.today else '生效', p['staff']])
    right |= table(fields, heads)
    files.append(write(folder / 'b4_延保合同.txt', heads, rows, 'gb18030', '\t'))
    heads, fields = spread('''
        召回编号 | campaign
        召回名称 | title
        底盘号 | vin
        责任经销商代码 |
        车主姓名 |
        车主联系电话 |
        发布日期 | issued_on
        预计召回时间 |
        完成日期 | done_on
        完成状态 |''', 'recall')
    recalls = [('SVW2025-03', '更换燃油泵', '2025-03-14'), ('SVW2025-11', '安全气囊软件升级', '2025-11-02'), ('SVW2026-02', '更换高压线束', '2026-02-20')]
    rows = []
    for n, c in enumerate(stuff.cars[:190]):
        number, title, issued = recalls[n % 3]
        done = iso(datetime.date.fromisoformat(issued) + datetime.timedelta(days=rng.randrange(5, 110))) if rng.random() < 0.55 else ''
        rows.append([number, title, c['vin'], '3102188', c['who']['name'], c['who']['mobile'], issued, '2026-12-31', done, '已完成' if done else '未完成'])
    right |= table(fields, heads)
    files.append(write(folder / 'b4_召回清单.txt', heads, rows, 'gb18030', '\t'))
    return Layout(files, right)


# ---- 5: prefixes of tables and initials of pinyin; UTF-16 with semicolons ----

def pinyin_prefixes(folder, seed):
    stuff = Stuff(f'{seed}5', 'svw', 220, visits=1.2)
    heads, fields = spread('''
        T01_KHDH | key
        T01_XM | name
        T01_PYM |
        T01_XB | gender
        T01_KHFL | type
        T01_YDDH | mobile
        T01_GDDH | landline
        T01_SFZHM | id_number
        T01_SR | birth_date
        T01_ZZ | address
        T01_YB |
        T01_EMAIL | email
        T01_SCBZ |
        T01_CJR |
        T01_CJSJ |
        T01_GXSJ | updated_at''', 'customer')
    rows = [[f'K{p["n"] + 700:06d}', p['name'], ''.join('ABCDEFGHJKLMNPQRSTWXYZ'[(ord(c) * 7) % 22] for c in p['name'][:4]), '' if p['firm'] else MAN_WOMAN[p['woman']],
             'DW' if p['firm'] else 'GR', p['mobile'], p['landline'], p['id'], compact(p['born']), p['address'], p['post'], p['email'], 'N', 'admin',
             stamp(datetime.datetime.combine(p['made'], p['changed'].time())), stamp(p['changed'])] for p in stuff.people]
    right = table(fields, heads)
    files = [write(folder / 'b5_T01_KHXX.csv', heads, rows, 'utf-16', ';')]
    heads, fields = spread('''
        T02_XH |
        T02_KHDH | customer_key
        T02_DPH | vin
        T02_CPHM | plate
        T02_CPMC | brand
        T02_CXMC | model
        T02_FDJH |
        T02_CSYS |
        T02_GCRQ | purchase_date
        T02_GCJG | price
        T02_BXDQ |
        T02_XSGW |''', 'ownership')
    rows = [[n, f'K{c["who"]["n"] + 700:06d}', c['vin'], c['plate'], c['brand'], c['series'], c['engine'], c['colour'], compact(c['sold']), c['price'],
             compact(c['plated'].replace(year=2026, day=1)), c['staff']] for n, c in enumerate(stuff.cars, 1)]
    right |= table(fields, heads)
    files.append(write(folder / 'b5_T02_CLXX.csv', heads, rows, 'utf-16', ';'))
    heads, fields = spread('''
        T03_WTSH | order_number
        T03_KHDH | customer_key
        T03_DPH | vin
        T03_JCSJ | service_date
        T03_WGSJ |
        T03_XLLB | job
        T03_JCLC | odometer_km
        T03_GSF |
        T03_CLF |
        T03_HJJE | amount
        T03_JSY |
        T03_ZT |''', 'service')
    rows = [[f'W{v["in"]:%y%m}{v["n"]:05d}', f'K{v["who"]["n"] + 700:06d}', v['car']['vin'], stamp(v['in']), stamp(v['out']), v['job'], v['km'], v['labour'], v['parts'],
             f'{v["total"]:.2f}', v['staff'], 3] for v in stuff.visits]
    right |= table(fields, heads)
    files.append(write(folder / 'b5_T03_WXDJ.csv', heads, rows, 'utf-16', ';'))
    return Layout(files, right)


# ---- 6: SAP: customers, vehicles of VMS with the group's own fields, orders; pipes ----

def sap(folder, seed):
    stuff = Stuff(f'{seed}6', 'faw', 240, visits=1.0)
    heads, fields = spread('''
        MANDT |
        KUNNR | key
        KTOKD |
        ANRED |
        NAME1 | name
        STRAS | address
        ORT02 | address
        ORT01 | address
        PSTLZ |
        REGIO |
        LAND1 |
        TELF1 | landline
        TELF2 | mobile
        TELFX |
        STCD1 | id_number
        SMTP_ADDR | email
        GBDAT | birth_date
        SPERR |
        LOEVM |
        ERDAT |
        ERNAM |
        AEDAT | updated_at''', 'customer')
    regions = {'北京市': '010', '上海市': '020', '吉林省': '070', '江苏省': '100', '浙江省': '130', '山东省': '120', '广东省': '190', '四川省': '230'}
    rows = [['600', f'{p["n"] + 1000000:010d}', 'Z002' if p['firm'] else 'Z001', '公司' if p['firm'] else ('先生', '女士')[p['woman']], p['name'], p['detail'], p['district'],
             p['city'], p['post'], regions.get(p['province'], ''), 'CN', p['landline'], p['mobile'], '', p['id'], p['email'], compact(p['born']) or '00000000', '', '',
             compact(p['made']), 'RFC_DMS', compact(p['changed'])] for p in stuff.people]
    right = table(fields, heads)
    files = [write(folder / 'b6_KNA1.txt', heads, rows, 'utf-8', '|')]
    heads, fields = spread('''
        MANDT |
        VGUID |
        VHCLE |
        VHVIN | vin
        ENDCU | customer_key
        ZZLICPL | plate
        ZZBRAND | brand
        MATNR |
        ZZMODTX | model
        ZZSALDT | purchase_date
        ZZNETPR | price
        WAERS |
        MMSTA |
        SDSTA |''', 'ownership')
    rows = [['600', ''.join(stuff.rng.choice('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') for _ in range(22)), f'{n:010d}', c['vin'], f'{c["who"]["n"] + 1000000:010d}', c['plate'],
             c['brand'], c['vin'][3:8], c['model'], compact(c['sold']), f'{c["price"]:.2f}', 'CNY', 'M090', 'S095'] for n, c in enumerate(stuff.cars, 50001)]
    right |= table(fields, heads)
    files.append(write(folder / 'b6_VLCVEHICLE.txt', heads, rows, 'utf-8', '|'))
    heads, fields = spread('''
        MANDT |
        VBELN | order_number
        AUART |
        KUNAG | customer_key
        ZZVIN | vin
        ZZARRDT | service_date
        ZZDELDT |
        ZZJOBTX | job
        ZZMILEAGE | odometer_km
        NETWR |
        MWSBK |
        ZZBRTWR |
        WAERK |
        VKORG |
        ERNAM |''', 'service')
    rows = [['600', f'{v["n"] + 20000000:010d}', 'ZSRV', f'{v["who"]["n"] + 1000000:010d}', v['car']['vin'], compact(v['in']), compact(v['out']), v['job'], v['km'],
             f'{v["total"] / 1.13:.2f}', f'{v["total"] - v["total"] / 1.13:.2f}', f'{v["total"]:.2f}', 'CNY', '2210', 'RFC_DMS'] for v in stuff.visits]
    right |= table(fields, heads)
    files.append(write(folder / 'b6_VBAK.txt', heads, rows, 'utf-8', '|'))
    # With tax or without: either is an amount of the visit. The group of accounts (Z001, Z002) tells firms from persons, and the
    # title men from women, to who knows their codes; numbers of regions are no text, but harmless.
    return Layout(files, right, optional={('customer.type', 'KTOKD'), ('customer.region', 'REGIO'), ('customer.gender', 'ANRED')},
                  either=[either('service.amount', 'ZZBRTWR', 'NETWR')])


# ---- 7: a German system at a dealer in China: three unloads, Windows-1252, semicolons, decimal commas ----

GERMANS = [('Müller', 'Jürgen'), ('Schröder', 'Käthe'), ('Weiß', 'Sabine'), ('Köhler', 'Bernd'), ('Krüger', 'Dörte'), ('Becker', 'Ralf'), ('Groß', 'Heike')]


def german(folder, seed):
    stuff = Stuff(f'{seed}7', 'import', 210, visits=1.1)
    rng = stuff.rng
    amount = lambda x: f'{x:,.2f}'.replace(',', ' ').replace('.', ',').replace(' ', '.')
    heads, fields = spread('''
        Kunden-Nr. | key
        Kundenart | type
        Anrede |
        Name / Firma | name
        Vorname | name
        Straße | address
        PLZ |
        Wohnort | address
        Tel. privat | landline
        Tel. gesch. |
        Handy | mobile
        E-Mail-Adresse | email
        Geb.-Datum | birth_date
        Beruf | occupation
        Geschlecht | gender
        Rabattgruppe |
        Mahnsperre |
        Angelegt am |
        Letzte Änderung | updated_at''', 'customer')
    rows = []
    for p in stuff.people:
        last, first = GERMANS[p['n'] % 7] if p['n'] % 4 == 0 else (p['latin_last'], p['latin_first'])
        if p['firm']:
            last, first = f'{rng.choice(["Hengda", "Ruifeng", "Jinding", "Boyuan", "Nordstern"])} {rng.choice(["Handels", "Logistik", "Technik"])} GmbH', ''
        rows.append([f'{p["n"] + 10000}', 'G' if p['firm'] else 'P', 'Firma' if p['firm'] else ('Herr', 'Frau')[p['woman']], last, first,
                     f'{rng.choice(["Century Avenue", "Huaihai Road", "Nanjing Xi Lu", "Pudong Dadao", "Deutsches Eck"])} {rng.randrange(1, 1400)}', p['post'],
                     rng.choice(['Shanghai', 'Shanghai', 'Suzhou', 'Hangzhou', 'Taicang']), p['landline'], '', p['mobile'] and '+86' + p['mobile'],
                     f'{first.lower() or "info"}.{last.split()[0].lower()}@example.de'.translate(str.maketrans({'ü': 'ue', 'ö': 'oe', 'ä': 'ae', 'ß': 'ss'})) if p['n'] % 3 else '',
                     dotted(p['born']), '' if p['firm'] else rng.choice(['Lehrer', 'Ingenieur', 'Ärztin', 'Kaufmann', '']), '' if p['firm'] else 'mw'[p['woman']],
                     p['n'] % 4, 'nein', dotted(p['made']), dotted(p['changed'])])
    right = table(fields, heads)
    files = [write(folder / 'b7_Kunden.csv', heads, rows, 'cp1252', ';')]
    heads, fields = spread('''
        Fzg-Nr. |
        Halter-Nr. | customer_key
        FIN | vin
        amtl. Kennz. | plate
        Fabrikat | brand
        Modell | model
        Motor-Nr. |
        Farbe |
        EZ |
        HU fällig |
        Verkauft am | purchase_date
        Verkaufspreis | price
        Verkäufer |''', 'ownership')
    rows = [[f'F{n:05d}', c['who']['n'] + 10000, c['vin'], c['plate'] and 'HU-' + c['plate'][1:], c['brand'], c['model'], c['engine'], ('Weiß', 'Schwarz', 'Grau')[n % 3], dotted(c['plated']),
             f'{c["plated"]:%m}/2027', dotted(c['sold']), amount(c['price']), 'VK%d' % (n % 5)] for n, c in enumerate(stuff.cars, 1)]
    right |= table(fields, heads)
    files.append(write(folder / 'b7_Fahrzeuge.csv', heads, rows, 'cp1252', ';'))
    heads, fields = spread('''
        Auftrags-Nr. | order_number
        Halter-Nr. | customer_key
        FIN | vin
        Annahme am | service_date
        Fertig am |
        Auftragsart | job
        KM-Stand | odometer_km
        Lohn netto |
        Teile netto |
        Rechnungsbetrag brutto | amount
        Annehmer |
        Storno |''', 'service')
    kinds = {'常规保养': 'Inspektion', '首保': 'Inspektion', '一般维修': 'Reparatur', '事故车维修': 'Unfall', '索赔': 'Garantie', '年检': 'HU/AU', '美容装潢': 'Aufbereitung'}
    rows = [[f'{v["n"] + 400000}', v['who']['n'] + 10000, v['car']['vin'], dotted(v['in']), dotted(v['out']), kinds[v['job']], v['km'], amount(v['labour']),
             amount(v['parts']), amount(v['total'] * 1.19), ('Meister Kurz', 'Frau Lang')[v['n'] % 2], 'N'] for v in stuff.visits]
    right |= table(fields, heads)
    files.append(write(folder / 'b7_Auftraege.csv', heads, rows, 'cp1252', ';'))
    return Layout(files, right, optional={('customer.gender', 'Anrede')}, either=[])


# ---- 8: a host's unload: four types of lines of fixed width, GB18030 by bytes, header and trailer ----

def pad(text, width):
    data = str(text).encode('gb18030')[:width].decode('gb18030', 'ignore').encode('gb18030')
    return data + b' ' * (width - len(data))


def packed(kind, parts, places):
    """A line of a type: its parts, and the places where those with a field begin."""
    line, at = kind, 3
    for field, value, width in parts:
        if field:
            places.add((field, at))
        value = value if isinstance(value, bytes) else pad(value, width)
        assert len(value) == width
        line += value
        at += width
    return line + b'\n'


def host_lines(folder, seed):
    stuff = Stuff(f'{seed}8', 'changan', 170, visits=1.0)
    cars, visits = {}, {}
    for c in stuff.cars:
        cars.setdefault(c['who']['n'], []).append(c)
    for v in stuff.visits:
        visits.setdefault(v['car']['vin'], []).append(v)
    (folder / 'b8').mkdir(exist_ok=True)
    path = folder / 'b8' / 'kept_lines.txt'   # the name by which drafts.py knows files whose columns are places
    count = 0
    right = set()
    with open(path, 'wb') as file:
        file.write(b'00CA50112 20260625\n')
        for p in stuff.people:
            file.write(packed(b'10', [
                ('customer.key', f'{p["n"] + 90000:08d}', 10), ('customer.type', 'C' if p['firm'] else 'P', 2), ('customer.gender', '' if p['firm'] else 'MF'[p['woman']], 2),
                ('customer.name', p['name'], 44), ('customer.id_number', p['id'], 20), ('customer.birth_date', compact(p['born']), 10),
                ('customer.mobile', p['mobile'], 16), ('customer.landline', p['landline'], 16), ('customer.address', p['address'], 100),
                ('customer.email', p['email'], 30), ('', p['staff'], 12), ('customer.updated_at', compact(p['changed']), 8)], right))
            count += 1
            for c in cars[p['n']]:
                # The price stands close behind the date: nothing but their sense parts them.
                file.write(packed(b'20', [
                    ('ownership.vin', c['vin'], 18), ('ownership.plate', c['plate'], 12), ('ownership.brand', c['brand'], 12), ('ownership.model', c['series'], 20),
                    ('ownership.purchase_date', compact(c['sold']), 8), ('ownership.price', b'%09d' % c['price'], 9)], right))
                count += 1
                for v in visits.get(c['vin'], []):
                    file.write(packed(b'30', [
                        ('service.order_number', f'R{v["n"]:08d}', 10), ('service.vin', c['vin'], 18), ('service.service_date', compact(v['in']), 9),
                        ('service.job', v['job'], 16), ('service.odometer_km', b'%07d ' % v['km'], 8), ('service.amount', b'%010.2f' % v['total'], 10)], right))
                    count += 1
        file.write(b'99%08d\n' % count)
    return Layout([path], right)


LAYOUTS = {'B1 sales sheet': sales_sheet, 'B2 Chinese XML': chinese_xml, 'B3 club': club, 'B4 U8, warranty, recall': u8, 'B5 pinyin, prefixes': pinyin_prefixes,
           'B6 SAP': sap, 'B7 German': german, 'B8 host lines': host_lines}


def make_with_choices(folder, seed='B2026'):
    """(name, Layout) of each."""
    for name, make in LAYOUTS.items():
        yield name, make(folder, seed)


def make_layouts(folder, feeds=None, second=False):
    """As the other makers do: name, files, right pairs (the answer of first choice)."""
    for name, layout in make_with_choices(folder):
        yield name, layout.files, settle(layout)
