"""Further layouts kept back: one file each, of systems that no list of words was made for.

Written down after the words and the rules had been extended, and only measured then: a German dealer system, a dBase
file's short headings, a Japanese workshop, nested elements with names of their own, a Chinese sheet with split
addresses, a workshop's lines of an ERP system. Every maker yields its file and the right (field, column) pairs.
"""
import re
from xml.sax.saxutils import escape, quoteattr

from drafts_kept_back import iso, plain, table, write


def german(text):
    return '.'.join(reversed(iso(text).split('-'))) if iso(text) else ''


def owners(feeds):
    """Each car with its owner."""
    people = {p['CustNo']: p for p in feeds['people']}
    for car in feeds['cars']:
        if car['CustNo'] in people and car['CustNo'].isdigit():
            yield people[car['CustNo']], car


def split_address(text):
    """Province, city, district and the rest, as far as they are told."""
    match = re.match(r'(.{2,8}?(?:省|自治区|市))?(.{2,10}?[市州盟])?(.{1,8}?[区县市旗])?(.*)$', text or '')
    return [part or '' for part in match.groups()]


def german_dealer(folder, feeds):
    heads = ['Debitorennr.', 'Anredecode', 'Vorname', 'Name', 'Straße u. Hausnr.', 'PLZ-Code', 'Ort', 'Mobiltelefonnr.',
             'Telefonnr. privat', 'E-Mail', 'Geburtsdatum', 'Fahrgestellnummer', 'Amtl. Kennzeichen', 'Fabrikatscode',
             'Modellbezeichnung', 'Erstzulassung am', 'Verkauft am', 'VK-Preis brutto', 'Verkäufercode', 'Korrigiert am']
    fields = ['customer.key', 'customer.gender', 'customer.name', 'customer.name', 'customer.address', '', 'customer.address', 'customer.mobile',
              'customer.landline', 'customer.email', 'customer.birth_date', 'ownership.vin', 'ownership.plate', 'ownership.brand',
              'ownership.model', '', 'ownership.purchase_date', 'ownership.price', '', 'customer.updated_at']
    rows = []
    for count, (p, c) in enumerate(owners(feeds)):
        province, city, district, rest = split_address(p['Address'])
        rows.append(['D' + p['CustNo'], {'1': 'HERR', '2': 'FRAU'}.get(p['Sex'], 'FIRMA'), p['FullName'][1:], p['FullName'][:1],
                     district + rest, str(510000 + count % 90), city or province, p['CellPhone'], '0755-2%07d' % (count * 7919 % 10 ** 7), p['Email'],
                     german(p['BirthDate']), c['VIN'], c['PlateNo'], c['Brand'], c['Model'], german(c['PurchaseDate']),
                     german(c['PurchaseDate']), c['Price'].replace('.', ','), 'VK%02d' % (count % 12), german(p['ModifiedOn'])])
    return write(folder / 'stranger_debitoren.csv', rows, heads, delimiter=';'), (
        table(fields, heads) | {('ownership.customer_key', heads[0])})


def dbase(folder, feeds):
    """Names of ten letters at most, codes as numbers, logical values; a row a customer."""
    heads = ['CUSTOMERNO', 'CUSTOMERNA', 'CUSTSEXCOD', 'CUSTTYPECO', 'MOBILEPHON', 'HOMETELEPH', 'IDENTITYCA', 'DATEOFBIRT', 'PROVINCENA',
             'HOMEADDRES', 'EMAILADDRE', 'SALESMANNA', 'CREATEDDAT', 'LASTUPDATE', 'VIPMEMBER', 'DELETEDFLA']
    fields = ['customer.key', 'customer.name', 'customer.gender', 'customer.type', 'customer.mobile', 'customer.landline',
              'customer.id_number', 'customer.birth_date', 'customer.region', 'customer.address', 'customer.email', '', '',
              'customer.updated_at', '', '']
    rows = [[p['CustNo'], p['FullName'], p['Sex'], p['Type'], p['CellPhone'], '020-8%07d' % (n * 6571 % 10 ** 7) if n % 3 else '', p['IDCard'],
             plain(p['BirthDate']), p['Province'], p['Address'], p['Email'], ('王强', '李娜', '赵敏')[n % 3], '20120301', plain(p['ModifiedOn']),
             'FT'[n % 5 == 0], 'F'] for n, p in enumerate(feeds['people'])]
    return write(folder / 'stranger_CUSTMAST.csv', rows, heads, 'gbk'), table(fields, heads)


def japanese(folder, feeds):
    heads = ['販売店コード', '整備伝票No.', 'お客様コード', 'お客様名（漢字）', 'ご連絡先携帯', 'ご住所', '登録番号（車番）', '車台番号',
             'メーカー', '車名・型式', '入庫年月日', '出庫年月日', '整備区分', '走行距離（km）', '請求金額（税込）', '受付担当者名']
    fields = ['', 'service.order_number', 'customer.key', 'customer.name', 'customer.mobile', 'customer.address', 'ownership.plate',
              'ownership.vin', 'ownership.brand', 'ownership.model', 'service.service_date', '', 'service.job', 'service.odometer_km',
              'service.amount', '']
    people = {p['CustNo']: p for p in feeds['people']}
    cars = {c['VIN']: c for c in feeds['cars']}
    rows = []
    for n, v in enumerate(feeds['visits']):
        p, c = people.get(v['CustNo']), cars.get(v['VIN'])
        if p and c:
            date = iso(v['InDate']).replace('-', '/')
            rows.append(['JP01', v['OrderNo'], v['CustNo'], p['FullName'], p['CellPhone'], p['Address'], c['PlateNo'], c['VIN'], c['Brand'],
                         c['Model'], date, date, v['JobType'], v['Mileage'], v['Amount'], ('佐藤', '田中')[n % 2]])
    return write(folder / 'stranger_seibi.csv', rows, heads, 'utf-8-sig'), table(fields, heads) | {
        ('service.customer_key', 'お客様コード'), ('ownership.customer_key', 'お客様コード'), ('service.vin', '車台番号')}


def nested(folder, feeds):
    """Elements with names of their own, attributes that say which, lists within lists."""
    cars = {}
    for car in feeds['cars']:
        cars.setdefault(car['CustNo'], []).append(car)
    path = folder / 'stranger_master.xml'
    with open(path, 'w', encoding='utf-8') as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<masterDataExport created="2026-06-30">\n')
        for p in feeds['people']:
            t = {k: escape(v or '') for k, v in p.items()}
            file.write(f'<clientRecord clientRef={quoteattr(p["CustNo"])} nature="{t["Type"]}"><personalia><wholeName>{t["FullName"]}</wholeName>'
                       f'<born>{iso(p["BirthDate"])}</born><sexCode>{t["Sex"]}</sexCode>'
                       f'<paper kind="idcard"><paperNumber>{t["IDCard"]}</paperNumber></paper></personalia>'
                       f'<reachability><cellular>{t["CellPhone"]}</cellular><eMailBox>{t["Email"]}</eMailBox></reachability>'
                       f'<domicile><provinceName>{t["Province"]}</provinceName><fullAddressText>{t["Address"]}</fullAddressText></domicile><garage>')
            for car in cars.get(p['CustNo'], []):
                c = {k: escape(v or '') for k, v in car.items()}
                file.write(f'<ownedCar frameNo="{c["VIN"]}" numberPlate="{c["PlateNo"]}"><makeName>{c["Brand"]}</makeName>'
                           f'<modelDescr>{c["Model"]}</modelDescr><acquiredOn>{iso(car["PurchaseDate"])}</acquiredOn>'
                           f'<pricePaid>{c["Price"]}</pricePaid></ownedCar>')
            file.write(f'</garage><lastTouched>{iso(p["ModifiedOn"])}</lastTouched></clientRecord>\n')
        file.write('</masterDataExport>\n')
    return path, {
        ('customer.key', '@clientRef'), ('customer.type', '@nature'), ('customer.name', 'personalia/wholeName'),
        ('customer.birth_date', 'personalia/born'), ('customer.gender', 'personalia/sexCode'),
        ('customer.id_number', "personalia/paper[@kind='idcard']/paperNumber"), ('customer.mobile', 'reachability/cellular'),
        ('customer.email', 'reachability/eMailBox'), ('customer.region', 'domicile/provinceName'),
        ('customer.address', 'domicile/fullAddressText'), ('customer.updated_at', 'lastTouched'),
        ('ownership.customer_key', '../../@clientRef'), ('ownership.vin', '@frameNo'), ('ownership.plate', '@numberPlate'),
        ('ownership.brand', 'makeName'), ('ownership.model', 'modelDescr'), ('ownership.purchase_date', 'acquiredOn'),
        ('ownership.price', 'pricePaid')}


def chinese_sheet(folder, feeds):
    heads = ['所在门店', '客户ID', '真实姓名', '先生/女士', '个人or单位', '手机（微信绑定）', '备用联系方式', '身份证/信用代码', '出生年月日', '省', '市', '区/县',
             '街道门牌', '常用邮箱', '首购日期', '跟进顾问', '最近更新时间']
    fields = ['', 'customer.key', 'customer.name', 'customer.gender', 'customer.type', 'customer.mobile', 'customer.landline',
              'customer.id_number', 'customer.birth_date', 'customer.address', 'customer.address', 'customer.address', 'customer.address',
              'customer.email', '', '', 'customer.updated_at']
    rows = []
    for n, p in enumerate(feeds['people']):
        rows.append(['天河店', 'WX' + p['CustNo'], p['FullName'], {'1': '先生', '2': '女士'}.get(p['Sex'], ''),
                     {'P': '个人', 'C': '单位'}.get(p['Type'], ''), p['CellPhone'], '020-3%07d' % (n * 3571 % 10 ** 7) if n % 4 == 0 else '', p['IDCard'],
                     iso(p['BirthDate']), *split_address(p['Address']), p['Email'], '2019-05-%02d' % (n % 28 + 1), ('小王', '小李', '小赵')[n % 3],
                     iso(p['ModifiedOn']) + ' 10:21:00'])
    return write(folder / 'stranger_客户.csv', rows, heads, 'gb18030'), table(fields, heads)


def erp_visits(folder, feeds):
    heads = ['MANDT', 'VKORG', 'AUFNR', 'AUART', 'KUNUM', 'VHVIN', 'LICPL', 'ERDAT', 'GSTRP', 'ILART', 'ZZKMST', 'NETWR', 'WAERK', 'ERNAM']
    fields = ['', '', 'service.order_number', '', 'service.customer_key', 'service.vin', '', '', 'service.service_date', 'service.job',
              'service.odometer_km', 'service.amount', '', '']
    cars = {c['VIN']: c for c in feeds['cars']}
    rows = [['800', '4401', '%012d' % (4000000 + n), 'ZS01', v['CustNo'].rjust(10, '0'), v['VIN'], cars.get(v['VIN'], {}).get('PlateNo', ''),
             plain(v['InDate']), plain(v['InDate']), v['JobType'], v['Mileage'], v['Amount'], 'CNY', 'CHENL'] for n, v in enumerate(feeds['visits'])]
    return write(folder / 'stranger_AUFK.txt', rows, heads, delimiter='|'), table(fields, heads)


def french_dealer(folder, feeds):
    heads = ['N° client', 'Civilité', 'Nom', 'Prénom', 'Adresse', 'Code postal', 'Ville', 'Tél. portable', 'Tél. domicile', 'Courriel',
             'Né(e) le', 'N° de série (VIN)', 'Immatriculation', 'Marque', 'Modèle commercial', 'Date de livraison', 'Prix TTC', 'Vendeur',
             'Fiche modifiée le']
    fields = ['customer.key', 'customer.gender', 'customer.name', 'customer.name', 'customer.address', '', 'customer.address', 'customer.mobile',
              'customer.landline', 'customer.email', 'customer.birth_date', 'ownership.vin', 'ownership.plate', 'ownership.brand',
              'ownership.model', 'ownership.purchase_date', 'ownership.price', '', 'customer.updated_at']
    rows = []
    for n, (p, c) in enumerate(owners(feeds)):
        province, city, district, rest = split_address(p['Address'])
        dates = [iso(d).split('-') for d in (p['BirthDate'], c['PurchaseDate'], p['ModifiedOn'])]
        birth, sold, changed = ('/'.join(reversed(d)) if len(d) == 3 else '' for d in dates)
        rows.append(['C%05d' % int(p['CustNo']), {'1': 'M.', '2': 'Mme'}.get(p['Sex'], ''), p['FullName'][:1], p['FullName'][1:], district + rest,
                     str(75000 + n % 20), city or province, p['CellPhone'], '021-5%07d' % (n * 7127 % 10 ** 7) if n % 2 else '', p['Email'], birth,
                     c['VIN'], c['PlateNo'], c['Brand'], c['Model'], sold, c['Price'].replace('.', ','), 'V%d' % (n % 9), changed])
    return write(folder / 'stranger_fichier.csv', rows, heads, 'utf-8', ';'), table(fields, heads) | {('ownership.customer_key', heads[0])}


def american_deals(folder, feeds):
    heads = ['CustKey', 'LName', 'FName', 'MI', 'Bus/Ind', 'Addr', 'City', 'St', 'Zip', 'HmPh', 'CellPh', 'WkPh', 'EmailAddr', 'BirthDt', 'Sex',
             'VIN', 'Yr', 'Mk', 'Mdl', 'TagNo', 'DelivDt', 'CashPrc', 'SlsRep', 'LstUpdDt']
    fields = ['customer.key', 'customer.name', 'customer.name', '', 'customer.type', 'customer.address', 'customer.address', 'customer.address',
              '', 'customer.landline', 'customer.mobile', '', 'customer.email', 'customer.birth_date', 'customer.gender', 'ownership.vin', '',
              'ownership.brand', 'ownership.model', 'ownership.plate', 'ownership.purchase_date', 'ownership.price', '', 'customer.updated_at']
    rows = []
    for n, (p, c) in enumerate(owners(feeds)):
        province, city, district, rest = split_address(p['Address'])
        month = [f'{d[4:6]}/{d[6:]}/{d[:4]}' if d else '' for d in (plain(p['BirthDate']), plain(c['PurchaseDate']), plain(p['ModifiedOn']))]
        rows.append([p['CustNo'], p['FullName'][:1], p['FullName'][1:], '', {'P': 'I', 'C': 'B'}.get(p['Type'], ''), district + rest, city, province,
                     '', '010-6%07d' % (n * 1231 % 10 ** 7) if n % 2 else '', p['CellPhone'], '', p['Email'], month[0],
                     {'1': 'M', '2': 'F'}.get(p['Sex'], ''), c['VIN'], plain(c['PurchaseDate'])[:4], c['Brand'], c['Model'], c['PlateNo'], month[1],
                     c['Price'], 'Smith', month[2]])
    return write(folder / 'stranger_deals.txt', rows, heads, delimiter='|'), table(fields, heads) | {('ownership.customer_key', heads[0])}


def taiwan_visits(folder, feeds):
    heads = ['據點代碼', '工單號', '顧客編號', '車主姓名', '行動電話', '牌照號碼', '車身號碼', '廠牌', '車系', '進廠日', '完工日', '維修類別', '進廠里程',
             '實收金額', '接待人員']
    fields = ['', 'service.order_number', 'customer.key', 'customer.name', 'customer.mobile', 'ownership.plate', 'ownership.vin',
              'ownership.brand', 'ownership.model', 'service.service_date', '', 'service.job', 'service.odometer_km', 'service.amount', '']
    people = {p['CustNo']: p for p in feeds['people']}
    cars = {c['VIN']: c for c in feeds['cars']}
    rows = [['T01', v['OrderNo'], v['CustNo'], people[v['CustNo']]['FullName'], people[v['CustNo']]['CellPhone'], cars[v['VIN']]['PlateNo'],
             v['VIN'], cars[v['VIN']]['Brand'], cars[v['VIN']]['Model'], iso(v['InDate']), iso(v['InDate']), v['JobType'], v['Mileage'],
             v['Amount'], '林小姐'] for v in feeds['visits'] if v['CustNo'] in people and v['VIN'] in cars]
    return write(folder / 'stranger_工單.csv', rows, heads), table(fields, heads) | {
        ('service.customer_key', '顧客編號'), ('ownership.customer_key', '顧客編號'), ('service.vin', '車身號碼')}


def pinyin_fields(folder, feeds):
    heads = ['F_KHBM', 'F_KHMC', 'F_KHLB', 'F_XB', 'F_SFZHM', 'F_YDDH', 'F_GDDH', 'F_CSNYR', 'F_SSSF', 'F_JTZZ', 'F_DZYJ', 'F_LRSJ', 'F_XGSJ', 'F_BZ']
    fields = ['customer.key', 'customer.name', 'customer.type', 'customer.gender', 'customer.id_number', 'customer.mobile', 'customer.landline',
              'customer.birth_date', 'customer.region', 'customer.address', 'customer.email', '', 'customer.updated_at', '']
    rows = [['KH' + p['CustNo'], p['FullName'], p['Type'], p['Sex'], p['IDCard'], p['CellPhone'], '0755-8%07d' % (n * 911 % 10 ** 7) if n % 3 else '',
             iso(p['BirthDate']), p['Province'], p['Address'], p['Email'], '2011-03-%02d' % (n % 28 + 1), iso(p['ModifiedOn']), '']
            for n, p in enumerate(feeds['people'])]
    return write(folder / 'stranger_T_KHXX.csv', rows, heads, 'gb18030', '\t'), table(fields, heads)


def flattened(folder, feeds):
    """Documents made flat: the path to each value with dots."""
    heads = ['customer.id', 'customer.kind', 'customer.identity.fullName', 'customer.identity.documentNumber', 'customer.identity.birthday',
             'customer.identity.sex', 'customer.contact.phones.0.number', 'customer.contact.phones.1.number', 'customer.contact.emails.0.address',
             'customer.address.province', 'customer.address.line', 'vehicles.0.vin', 'vehicles.0.licensePlate', 'vehicles.0.make',
             'vehicles.0.modelName', 'vehicles.0.soldAt', 'vehicles.0.price', 'meta.lastModified']
    fields = ['customer.key', 'customer.type', 'customer.name', 'customer.id_number', 'customer.birth_date', 'customer.gender', 'customer.mobile',
              'customer.landline', 'customer.email', 'customer.region', 'customer.address', 'ownership.vin', 'ownership.plate', 'ownership.brand',
              'ownership.model', 'ownership.purchase_date', 'ownership.price', 'customer.updated_at']
    rows = [[p['CustNo'], {'P': 'PERSON', 'C': 'COMPANY'}.get(p['Type'], ''), p['FullName'], p['IDCard'], iso(p['BirthDate']),
             {'1': 'MALE', '2': 'FEMALE'}.get(p['Sex'], ''), p['CellPhone'], '028-8%07d' % (n * 577 % 10 ** 7) if n % 3 == 0 else '', p['Email'],
             p['Province'], p['Address'], c['VIN'], c['PlateNo'], c['Brand'], c['Model'], iso(c['PurchaseDate']) + 'T00:00:00Z', c['Price'],
             iso(p['ModifiedOn']) + 'T08:00:00Z'] for n, (p, c) in enumerate(owners(feeds))]
    return write(folder / 'stranger_flat.csv', rows, heads), table(fields, heads) | {('ownership.customer_key', heads[0])}


LAYOUTS = {'German dealer': german_dealer, 'dBase names': dbase, 'Japanese workshop': japanese, 'nested elements': nested,
           'Chinese sheet': chinese_sheet, 'ERP visits': erp_visits}

# Written after what the six had shown was mended.
SECOND = {'French dealer': french_dealer, 'American deals': american_deals, 'Taiwanese visits': taiwan_visits,
          'pinyin, one prefix': pinyin_fields, 'documents made flat': flattened}


def make_layouts(folder, feeds, second=False):
    for name, make in (SECOND if second else LAYOUTS).items():
        path, right = make(folder, feeds)
        yield name, [path], right
