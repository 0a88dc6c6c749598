"""Stuff that both sets are made of: invented persons, firms, cars and visits, from lists and a fixed seed; and the form.

A layout is a function(folder, stuff) -> Layout(files, right, optional, either):
  right     what a careful engineer would write, the (entity.field, column) pairs that drafts.evaluate takes
  optional  pairs that are as right as leaving them out (neither missed nor too much)
  either    groups of alternatives: each group is a list of sets of pairs, one of which must be there; the first one
            is the answer that we should write ourselves
settle(layout, draft) chooses the alternatives nearest to a draft and gives the pairs to measure it by.
"""
import csv
import datetime
import random
from dataclasses import dataclass, field

TODAY = datetime.date(2026, 6, 25)


@dataclass
class Layout:
    files: list
    right: set
    optional: set = field(default_factory=set)
    either: list = field(default_factory=list)
    notes: str = ''


def settle(layout, draft=()):
    """The pairs to hold a draft against: the nearest alternatives, and of the optional ones those that it has."""
    draft = set(draft)
    right = set(layout.right)
    for group in layout.either:
        best = max(group, key=lambda pairs: len(pairs & draft) - len(pairs - draft))
        right |= best if best & draft else group[0]
    return right | (layout.optional & draft)


def table(fields, heads, entity=''):
    """Pairs of fields and headings; '' leaves a column out, a list is several fields."""
    pairs = set()
    assert len(fields) == len(heads), (len(fields), len(heads))
    for names, head in zip(fields, heads):
        for name in [names] if isinstance(names, str) else names:
            if name:
                pairs.add((name if '.' in name else f'{entity}.{name}', head))
    return pairs


def spread(text, entity=''):
    """Lines 'heading | field field' as headings and their fields; no field: the column is left out."""
    heads, fields = [], []
    for line in text.strip().splitlines():
        head, _, names = line.partition('|')
        heads.append(head.strip().replace('\\n', '\n'))
        fields.append([n if '.' in n else f'{entity}.{n}' for n in names.split()])
    return heads, fields


def write(path, heads, rows, encoding='utf-8', delimiter=',', before=(), end='\r\n', quoting=csv.QUOTE_MINIMAL):
    for row in rows:
        assert heads is None or len(row) == len(heads), (path.name, len(row), len(heads))
    with open(path, 'w', encoding=encoding, newline='') as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting)
        for line in before:
            writer.writerow(line)
        if heads:
            writer.writerow(heads)
        writer.writerows(rows)
    return path


# ---- lists ----

SURNAMES = ('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段漕钱汤尹黎易常武乔贺赖龚文'
            .replace('漕', ''))
DOUBLE = ['欧阳', '上官', '司马', '诸葛', '皇甫']
MEN = '伟强磊军洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林文建国志海东峰永胜'
WOMEN = '芳娜敏静丽艳娟霞秀玲桂英梅琳雪倩婷慧莹洁颖蕾薇欣怡佳瑶燕红萍月蓉岚璐'
PINYIN = dict(zip('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗', 'Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Hu Zhu Gao Lin He Guo Ma Luo'.split()))
PLACES = [  # division code, province, city, district, letters of the plate, area code, post code
    ('440106', '广东省', '广州市', '天河区', '粤A', '020', '510630'), ('440305', '广东省', '深圳市', '南山区', '粤B', '0755', '518052'),
    ('440604', '广东省', '佛山市', '禅城区', '粤E', '0757', '528000'), ('310115', '上海市', '上海市', '浦东新区', '沪A', '021', '200120'),
    ('310114', '上海市', '上海市', '嘉定区', '沪C', '021', '201800'), ('320102', '江苏省', '南京市', '玄武区', '苏A', '025', '210018'),
    ('320506', '江苏省', '苏州市', '吴中区', '苏E', '0512', '215100'), ('330106', '浙江省', '杭州市', '西湖区', '浙A', '0571', '310013'),
    ('330203', '浙江省', '宁波市', '海曙区', '浙B', '0574', '315000'), ('220104', '吉林省', '长春市', '朝阳区', '吉A', '0431', '130012'),
    ('220106', '吉林省', '长春市', '绿园区', '吉A', '0431', '130062'), ('500112', '重庆市', '重庆市', '渝北区', '渝A', '023', '401120'),
    ('510107', '四川省', '成都市', '武侯区', '川A', '028', '610041'), ('610113', '陕西省', '西安市', '雁塔区', '陕A', '029', '710061'),
    ('420106', '湖北省', '武汉市', '武昌区', '鄂A', '027', '430060'), ('430104', '湖南省', '长沙市', '岳麓区', '湘A', '0731', '410006'),
    ('370102', '山东省', '济南市', '历下区', '鲁A', '0531', '250014'), ('410105', '河南省', '郑州市', '金水区', '豫A', '0371', '450003'),
    ('110105', '北京市', '北京市', '朝阳区', '京N', '010', '100020'), ('340104', '安徽省', '合肥市', '蜀山区', '皖A', '0551', '230031')]
ROADS = ['人民路', '解放大道', '中山北路', '建设路', '和平街', '新华路', '长江路', '滨河大道', '学府路', '工业北路', '迎宾大道', '文化路']
ESTATES = ['阳光花园', '金色家园', '绿地世纪城', '江南春城', '锦绣华庭', '翠湖天地', '万和苑', '东方明珠小区', '']
TRADES = ['贸易', '物流', '建筑工程', '科技', '餐饮管理', '汽车租赁', '装饰工程', '电子商务', '机电设备']
FIRMS = ['恒达', '宏远', '瑞丰', '顺通', '金鼎', '华信', '鑫盛', '博远', '联创', '天成', '众诚', '佳和']
JOBS = ['教师', '医生', '公务员', '个体户', '工程师', '企业管理人员', '司机', '会计', '自由职业', '']
STAFF = ['陈晓东', '李思雨', '王海波', '刘倩倩', '赵志强', '周敏']
PREFIXES = ['138', '139', '136', '137', '135', '159', '158', '150', '151', '186', '185', '131', '132', '180', '181', '189', '133', '177', '188', '199']
CARS = {  # first eight letters of the VIN, brand, series, model, price
    'svw': [('LSVAF2BR', '大众', '帕萨特', '帕萨特 2023款 330TSI 豪华版', 219900), ('LSVCC6BR', '大众', '途观L', '途观L 2022款 330TSI 自动两驱智享版', 226800),
            ('LSVFD6BR', '斯柯达', '明锐', '明锐PRO 2023款 TSI280 舒适版', 142900), ('LSVNU25N', '大众', '朗逸', '朗逸 2021款 280TSI DSG 满逸版', 139900),
            ('LSVUB6E4', '大众', 'ID.4 X', 'ID.4 X 2023款 纯净长续航版', 239900)],
    'faw': [('LFV2A215', '大众', '迈腾', '迈腾 2022款 330TSI DSG 豪华型', 229900), ('LFV3A28K', '大众', '速腾', '速腾 2023款 280TSI DSG 超越版', 159900),
            ('LFV2B21K', '捷达', 'VS5', '捷达VS5 2022款 280TSI 手动进取版', 89900), ('LFV3B28R', '奥迪', 'A6L', 'A6L 2023款 45TFSI 臻选动感型', 433900),
            ('LFV3A23C', '奥迪', 'Q5L', 'Q5L 2022款 40TFSI 时尚动感型', 399800), ('LFVNB9AU', '大众', 'ID.4 CROZZ', 'ID.4 CROZZ 2022款 PURE+', 234888)],
    'byd': [('LGXCE4CB', '比亚迪', '秦PLUS', '秦PLUS DM-i 2023冠军版 55KM超越型', 109800), ('LGXC76C4', '比亚迪', '汉', '汉EV 2023冠军版 605KM前驱尊荣型', 229800),
            ('LC0CE4DC', '比亚迪', '宋PLUS', '宋PLUS DM-i 2023冠军版 110KM旗舰型', 169800), ('LC0CF4CD', '比亚迪', '海豚', '海豚 2023款 420KM时尚版', 126800),
            ('LGXCH6CD', '比亚迪', '唐', '唐DM-i 2023冠军版 112KM尊荣型', 229800)],
    'changan': [('LS5A3DBE', '长安', 'CS75 PLUS', 'CS75 PLUS 2022款 1.5T 自动豪华型', 124900), ('LS5A2DKR', '长安', 'UNI-V', 'UNI-V 2022款 1.5T 致联版', 121900),
                ('LS4ASE2E', '长安', 'CS55 PLUS', 'CS55 PLUS 2023款 1.5T 精英型', 106900), ('LS6A2E0Z', '深蓝', 'SL03', '深蓝SL03 2023款 705纯电版', 216900)],
    'import': [('WAUZZZF4', 'Audi', 'A4', 'A4 Avant 40 TDI', 388000), ('WVWZZZCD', 'Volkswagen', 'Golf', 'Golf GTI 2.0 TSI', 298000),
               ('WBA5R110', 'BMW', '3 Series', '330i M Sport', 379900), ('WDD2130F', 'Mercedes-Benz', 'E-Class', 'E 200 Avantgarde', 429800),
               ('TMBJJ7NX', 'Skoda', 'Octavia', 'Octavia Combi 1.5 TSI', 219000)],
    'nissan': [('LGBH52E0', '东风日产', '轩逸', '轩逸 2022款 1.6L CVT 悦享版', 121900), ('LGBM4DE4', '东风日产', '奇骏', '奇骏 2023款 VC-Turbo 300 CVT 2WD 豪华版', 203900),
               ('LGBL2AE0', '东风日产', '天籁', '天籁 2022款 2.0L XL 舒适版', 182800), ('LGBF1AE0', '启辰', 'D60', '启辰D60 2021款 PLUS 1.6L CVT', 79800)],
    'gm': [('LSGZT53L', 'Buick', 'LaCrosse', 'LaCrosse 28T Luxury', 229900), ('LSGUA83L', 'Buick', 'GL8', 'GL8 ES 652T Avenir', 329900),
           ('LSGPB64E', 'Chevrolet', 'Malibu XL', 'Malibu XL 535T Premier', 174900), ('LSGZB5EK', 'Cadillac', 'CT5', 'CT5 28T Premium', 299700)],
    'ford': [('LVSHCFAE', '福特', '福克斯', '福克斯 2021款 EcoBoost 180 锋潮型', 128800), ('LVSHKADL', '福特', '锐界', '锐界 2023款 EcoBoost 245 豪华型', 259800),
             ('LVSHJCAL', '福特', '蒙迪欧', '蒙迪欧 2022款 EcoBoost 245 至尊型', 189800), ('LVRHDFAL', '林肯', '冒险家', '冒险家 2022款 2.0T 尊雅版', 252800)],
    'geely': [('L6T7844S', '吉利', '星越L', '星越L 2023款 2.0TD DCT 两驱尊贵型', 162200), ('L6T7824Z', '吉利', '帝豪', '帝豪 2022款 第4代 1.5L CVT 豪华型', 85900),
              ('LB37752Z', '吉利', '博越', '博越 2022款 1.5TD DCT 亚运版', 119800), ('L6TCX2E7', '领克', '03', '领克03 2023款 2.0TD DCT Pro', 157800)],
    'honda': [('LHGCV166', '本田', '雅阁', '雅阁 2022款 260TURBO 豪华版', 199800), ('LHGRU184', '本田', '缤智', '缤智 2022款 220TURBO CVT 精英版', 139800),
              ('LVHRW184', '本田', 'CR-V', 'CR-V 2023款 240TURBO CVT 两驱活力版', 185900), ('LVHFC166', '本田', '思域', '思域 2022款 240TURBO CVT 劲控版', 139900)],
    'e_toyota': [('LFMAP86C', '一汽丰田', '卡罗拉', '卡罗拉 2023款 1.8L 智能电混双擎 精英版', 138800), ('LVGBE40K', '广汽丰田', '凯美瑞', '凯美瑞 2022款 2.5G 豪华版', 206800),
                 ('LFMJ44AF', '一汽丰田', 'RAV4荣放', 'RAV4荣放 2023款 2.0L CVT 四驱风尚Plus版', 212800), ('LVGEH56A', '广汽丰田', '汉兰达', '汉兰达 2022款 2.5L 智能电混双擎 两驱豪华版', 289800)],
    'e_korea': [('KMHD841C', 'HYUNDAI', 'ELANTRA', 'ELANTRA 1.6 GLS AT', 126800), ('5NPE34AF', 'HYUNDAI', 'SONATA', 'SONATA 2.0T SPORT', 189800),
                ('KMHJ3813', 'HYUNDAI', 'TUCSON', 'TUCSON 2.0 GDI AWD', 199800), ('KNDPM3AC', 'KIA', 'SPORTAGE', 'SPORTAGE 2.0 EX', 178800)],
    'e_volvo': [('LYVPSAAC', '沃尔沃', 'S90', 'S90 2023款 B5 智逸豪华版', 406900), ('LYVUZARC', '沃尔沃', 'XC60', 'XC60 2023款 B5 四驱智远豪华版', 439900),
                ('LVYZBAKD', '沃尔沃', 'S60', 'S60 2022款 B4 智远豪华版', 334900), ('LPSVSEDE', '极星', 'Polestar 2', 'Polestar 2 2023款 单电机标准续航', 299800)],
    'e_chery': [('LVVDB11B', '奇瑞', '瑞虎8', '瑞虎8 2023款 PLUS 1.6T DCT 豪情版', 129900), ('LVVDC11B', '奇瑞', '艾瑞泽8', '艾瑞泽8 2022款 1.6T DCT 潮版', 118900),
                ('LVTDB21B', '星途', '凌云', '凌云 2022款 300T 两驱星耀版', 136900), ('LNNBBDEE', '捷途', 'X70', '捷途X70 2023款 PLUS 1.5T DCT 霸道', 96900)],
    'e_german': [('WAUZZZF2', 'Audi', 'A6', 'A6 Avant 40 TDI S tronic', 58900), ('WVWZZZAU', 'Volkswagen', 'Golf', 'Golf VIII 1.5 TSI Life', 31950),
                 ('W0LPD6EC', 'Opel', 'Astra', 'Astra Sports Tourer 1.2 Turbo', 28490), ('TMBJG7NE', 'Škoda', 'Octavia', 'Octavia Combi 2.0 TDI Style', 35890),
                 ('VSSZZZ5F', 'Seat', 'Leon', 'Leon Sportstourer 1.0 TSI', 26780)],
    'f_gwm': [('LGWEF4A5', '哈弗', 'H6', '哈弗H6 2022款 第三代 1.5T 自动两驱Max', 115900), ('LGWEE4A4', '坦克', '坦克300', '坦克300 2023款 越野版 2.0T 挑战者', 199800),
              ('LGWCBD17', '长城', '长城炮', '长城炮 2022款 2.0T 商用版 自动四驱 领航型', 121800), ('LGWECMA4', '欧拉', '好猫', '好猫 2023款 EV 401km 标准续航豪华型', 129800),
              ('LGWFF7A5', '魏牌', '摩卡', '摩卡 2021款 2.0T 两驱旗舰型', 187800)],
    'f_jlr': [('SALWA2BE', 'Land Rover', 'Range Rover Sport', 'P400e Dynamic SE', 898000), ('SALYA2BX', 'Land Rover', 'Range Rover Velar', 'P250 R-Dynamic S', 608000),
              ('L2CVN2B8', 'Land Rover', 'Discovery Sport', 'P249 S Performance', 387800), ('SALEA7BU', 'Land Rover', 'Defender', '110 P400 SE', 778000),
              ('L2CJA2B7', 'Jaguar', 'XEL', 'P250 S', 305800)],
    'f_kia': [('LBECFAHC', '现代', '伊兰特', '伊兰特 2022款 1.5L CVT LUX尊贵版', 131800), ('LBETLBFC', '现代', 'ix35', 'ix35 2021款 2.0L 自动两驱智勇畅享版', 129800),
              ('LBENUBKC', '现代', '索纳塔', '索纳塔 2022款 270TGDi GLX精英版', 173800), ('LJDDAA22', '起亚', 'K3', 'K3 2021款 1.5L CVT 智享互联版', 115900),
              ('LJDKAA15', '起亚', '狮铂拓界', '狮铂拓界 2023款 1.5T 豪华版', 179800)],
    'f_toyota': [('LFMA880G', '丰田', '卡罗拉', '卡罗拉 2022款 1.2T S-CVT 精英版', 122800), ('LVGBE40K', '丰田', '凯美瑞', '凯美瑞 2023款 2.0G 豪华版', 206800),
                 ('LVGEN56A', '丰田', '汉兰达', '汉兰达 2022款 2.5L 双擎两驱豪华版', 288800), ('JTHB31B1', '雷克萨斯', 'ES', 'ES 2022款 200 卓越版', 299900)],
    'f_bmw': [('LBV3Z1C0', 'BMW', '3er', '325Li M Sportpaket', 349900), ('LBV5U3C0', 'BMW', '5er', '530Li Luxury Line', 499900),
              ('LBVTY1C0', 'BMW', 'X3', 'X3 xDrive30i M Sportpaket', 466900), ('WMWXR310', 'MINI', 'Cooper', 'Cooper S 3-Türer', 255800),
              ('LBVXT1C0', 'BMW', 'i3', 'i3 eDrive35L EV', 349900)],
}
VALUES = {**{str(n): n for n in range(10)}, **dict(zip('ABCDEFGH', range(1, 9))), **dict(zip('JKLMN', range(1, 6))), 'P': 7, 'R': 9,
          **dict(zip('STUVWXYZ', range(2, 10)))}
WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
USCC = '0123456789ABCDEFGHJKLMNPQRTUWXY'


def vin_of(stem, year, rng):
    body = stem + '0' + 'ABCDEFGHJKLMNPRSTVWXY'[(year - 2010) % 21] + rng.choice('0123456') + '%06d' % rng.randrange(1000, 999999)
    check = sum(VALUES[c] * w for c, w in zip(body, WEIGHTS)) % 11
    return body[:8] + ('X' if check == 10 else str(check)) + body[9:]


def resident_id(code, born, woman, rng):
    body = code + born.strftime('%Y%m%d') + '%02d' % rng.randrange(1, 99) + str(rng.randrange(5) * 2 + (0 if woman else 1))
    check = sum(int(c) * w for c, w in zip(body, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11
    return body + '10X98765432'[check]


def credit_code(code, rng):
    unit = ''.join(rng.choice(USCC) for _ in range(8))
    values = [int(c) if c.isdigit() else ord(c) - 55 for c in unit]
    body = '91' + code + unit + '0123456789X0'[(11 - sum(v * w for v, w in zip(values, [3, 7, 9, 10, 5, 8, 4, 2])) % 11) % 11]
    total = sum(USCC.index(c) * pow(3, n, 31) for n, c in enumerate(body))
    return body + USCC[(31 - total % 31) % 31]


def day(rng, first, last):
    return first + datetime.timedelta(days=rng.randrange((last - first).days + 1))


class Stuff:
    """Persons, their cars, visits to the workshop."""

    def __init__(self, seed, make='svw', count=220, cars=1.15, visits=1.5, empty=1.0, today=TODAY):
        self.rng = rng = random.Random(f'{seed}/{make}')
        self.make, self.empty, self.today = make, empty, today
        self.people = [self.person(n) for n in range(1, count + 1)]
        self.cars, self.visits = [], []
        for p in self.people:
            for _ in range(1 + (rng.random() < cars - 1)):
                self.cars.append(self.car(p))
        for c in self.cars:
            for _ in range(min(int(rng.expovariate(1 / visits)) if visits else 0, 6)):
                self.visits.append(self.visit(c))
        self.visits.sort(key=lambda v: v['in'])
        for n, v in enumerate(self.visits, 1):
            v['n'] = n

    def may(self, text, empty):
        return '' if self.rng.random() < empty * self.empty else text

    def mobile(self):
        return self.rng.choice(PREFIXES) + '%08d' % self.rng.randrange(10 ** 8)

    def name(self, woman):
        rng = self.rng
        last = rng.choice(DOUBLE) if rng.random() < 0.015 else rng.choice(SURNAMES)
        return last, ''.join(rng.choice(WOMEN if woman else MEN) for _ in range(1 if rng.random() < 0.3 else 2))

    def person(self, n):
        rng = self.rng
        code, province, city, district, plate, area, post = place = rng.choice(PLACES)
        firm = rng.random() < 0.11
        woman = rng.random() < 0.4
        born = day(rng, datetime.date(1958, 1, 1), datetime.date(2004, 12, 31))
        last, first = self.name(woman)
        detail = f'{rng.choice(ROADS)}{rng.randrange(1, 600)}号'
        if rng.random() < 0.7:
            detail += f'{rng.choice(ESTATES)}{rng.randrange(1, 30)}栋{rng.randrange(1, 5)}单元{rng.randrange(1, 30)}0{rng.randrange(1, 5)}室'
        whole = (province if province != city else '') + city + district + detail
        made = day(rng, datetime.date(2015, 1, 5), self.today - datetime.timedelta(days=90))
        contact = ''.join(self.name(rng.random() < 0.4))
        name = f'{city[:-1]}{rng.choice(FIRMS)}{rng.choice(TRADES)}有限公司' if firm else last + first
        mobile = self.mobile()
        number = credit_code(code, rng) if firm else resident_id(code, born, woman, rng)
        slip = rng.random()
        if slip < 0.006:
            mobile = '0' if self.make == 'import' else '无'
        elif slip < 0.014:
            mobile = mobile[:-1]
        elif slip < 0.03:
            number = number.lower()
        return {
            'n': n, 'firm': firm, 'woman': woman, 'name': name, 'last': '' if firm else last, 'first': '' if firm else first,
            'latin_last': PINYIN.get(last, 'Zhao'), 'latin_first': rng.choice('Wei Jun Ming Xin Hao Ling Mei Jing Lei Qiang Yan Bo Tao Ying'.split()),
            'mobile': self.may(mobile, 0.04), 'mobile2': self.mobile() if rng.random() < 0.15 else '',
            'landline': f'{area}-{rng.randrange(2, 9)}{rng.randrange(10 ** 6, 10 ** 7):07d}' if rng.random() < (0.8 if firm else 0.25) else '',
            'id': self.may(number, 0.2),
            'born': None if firm or rng.random() < 0.12 * self.empty else born,
            'province': province, 'city': city, 'district': district, 'detail': self.may(detail, 0.08), 'address': self.may(whole, 0.1),
            'post': self.may(post, 0.5), 'area': area, 'plate_letters': plate, 'place': place,
            'email': f'{rng.choice("abcdefghjklmnpqrstwxyz")}{rng.randrange(10 ** 5, 10 ** 9)}@{rng.choice(["qq.com", "163.com", "126.com", "sina.com", "139.com"])}'
                     if rng.random() < 0.35 else '',
            'job': '' if firm else rng.choice(JOBS), 'contact': contact if firm else '', 'staff': rng.choice(STAFF), 'made': made,
            'changed': datetime.datetime.combine(day(rng, made, self.today), datetime.time(rng.randrange(8, 19), rng.randrange(60), rng.randrange(60)))}

    def car(self, p):
        rng = self.rng
        stem, brand, series, model, price = rng.choice(CARS[self.make])
        sold = day(rng, datetime.date(2016, 2, 1), self.today - datetime.timedelta(days=30))
        electric = any(t in model for t in ('EV', 'ID.', 'DM-i', '海豚', '纯电'))
        letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'
        tail = (rng.choice('DF') + ''.join(rng.choice('0123456789') for _ in range(5)) if electric
                else ''.join(rng.choice(letters) for _ in range(2)) + '%03d' % rng.randrange(1000))
        return {'who': p, 'vin': vin_of(stem, sold.year, rng), 'brand': brand, 'series': series, 'model': model,
                'list': price, 'price': price - rng.randrange(0, 26) * 1000, 'sold': sold, 'ordered': sold - datetime.timedelta(days=rng.randrange(2, 45)),
                'plated': sold + datetime.timedelta(days=rng.randrange(2, 25)), 'plate': self.may(p['plate_letters'] + tail, 0.07),
                'engine': rng.choice(['DPL', 'EA2', 'CUH', 'BYD472', 'JL4']) + '%06d' % rng.randrange(10 ** 6),
                'colour': rng.choice(['极地白', '幻影黑', '星云灰', '朱砂红', '海洋蓝']), 'staff': rng.choice(STAFF), 'km': rng.randrange(25, 60)}

    def visit(self, c):
        rng = self.rng
        came = day(rng, c['sold'] + datetime.timedelta(days=20), self.today)
        at = datetime.datetime.combine(came, datetime.time(rng.randrange(8, 18), rng.randrange(60), rng.randrange(60)))
        labour, parts = rng.randrange(0, 30) * 40.0, round(rng.randrange(0, 300000) / 100, 2)
        off = rng.choice([0, 0, 0, 50.0, 100.0])
        job = rng.choice(['常规保养', '常规保养', '一般维修', '一般维修', '事故车维修', '索赔', '首保', '年检', '美容装潢'])
        return {'car': c, 'who': c['who'], 'in': at, 'out': at + datetime.timedelta(hours=rng.randrange(1, 60)), 'km': (came - c['sold']).days * c['km'] + rng.randrange(300),
                'labour': labour, 'parts': parts, 'off': off, 'total': labour + parts, 'paid': max(labour + parts - off, 0), 'job': job,
                'staff': rng.choice(STAFF)}


def iso(when):
    return when.strftime('%Y-%m-%d') if when else ''


def slash(when):
    return f'{when.year}/{when.month}/{when.day}' if when else ''


def compact(when):
    return when.strftime('%Y%m%d') if when else ''


def dotted(when):
    return when.strftime('%d.%m.%Y') if when else ''


def stamp(when):
    return when.strftime('%Y-%m-%d %H:%M:%S') if when else ''


def make_layouts(layouts, folder, seed):
    """(name, files, right, layout): as the other makers yield them, and the alternatives beside."""
    for name, make in layouts.items():
        layout = make(folder, seed)
        yield name, layout.files, settle(layout), layout
