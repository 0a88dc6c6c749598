"""Who lives in the world: persons and companies, with their addresses and numbers."""
import datetime
from dataclasses import dataclass, field

from . import reference
from .check_digits import (
    CREDIT_CODE_ALPHABET, credit_code, identity_number, organisation_code)

ROADS = ('人民', '中山', '解放', '建设', '和平', '新华', '胜利', '朝阳', '光明', '文化', '长江', '黄河',
         '友谊', '工农', '南京', '北京', '上海', '西安', '青年', '学府', '滨河', '环城')
ROAD_WORDS = ('路', '街', '大街', '东路', '西路')
ESTATES = ('阳光花园', '金色家园', '滨江公寓', '绿洲世纪城', '星河名都', '梧桐苑', '锦绣江南', '湖畔花园',
           '香榭里', '国际社区', '世纪花园', '翠湖苑')
TRADES = ('汽车租赁', '物流', '商贸', '科技', '建筑工程', '电子', '餐饮管理', '医药', '运输', '投资')
AUSPICIOUS = '鑫盛达宏源泰顺华隆恒瑞通信博远腾嘉诚'
MAIL_SERVICES = ('163.com', 'qq.com', '126.com', 'sina.com', 'gmail.com', 'hotmail.com')

MOBILE_STARTS = ('13', '15', '17', '18', '19')
# Prefixes that no subscriber has, or that belong to virtual and satellite networks.
UNUSED_PREFIXES = frozenset(('154', '170', '171', '174', '179', '192', '194'))

SHARE_OF_MEN = 0.62
SHARE_OF_TWO_CHARACTER_GIVEN_NAMES = 0.84
SHARE_WITH_OLD_MOBILE = 0.3
SHARE_WITH_EMAIL = 0.35
FIRST_BIRTHDAY = datetime.date(1948, 1, 1)
BIRTHDAYS_SPAN_DAYS = 20600

# A municipality's counties have no city of their own name between them and the province.
NO_CITY = ('', '市辖区', '县')


@dataclass(slots=True, eq=False)
class Address:
    division: reference.Division
    road: str
    number: int
    estate: str
    building: int
    unit: int
    room: int

    @property
    def city(self):
        """The city's name, empty in a municipality."""
        return '' if self.division.city in NO_CITY else self.division.city


@dataclass(slots=True, eq=False, kw_only=True)
class Party:
    """A person or a company that may be a dealer's customer."""
    entity: str
    name: str
    id_no: str
    address: Address
    mobile: str
    old_mobile: str = ''
    email: str = ''
    gender: str = ''
    birth: datetime.date | None = None
    cars: list = field(default_factory=list)         # bought new
    used_cars: list = field(default_factory=list)    # bought from another customer
    dealers: list = field(default_factory=list)


@dataclass(slots=True, eq=False, kw_only=True)
class Person(Party):
    kind = 'person'
    surname: str
    given: str


@dataclass(slots=True, eq=False, kw_only=True)
class Company(Party):
    kind = 'company'
    city: str
    short_name: str
    trade: str


class Parties:
    """Invents parties; no two have the same mobile number unless they are told to share it."""

    def __init__(self, stream, taken_mobiles=()):
        self._stream = stream
        self._surnames = reference.weighted(
            reference.read_table('surnames.csv'), 'surname', 'tf_corpus')
        characters = reference.read_table('given_chars.csv')
        self._given_first = reference.weighted(characters, 'char', 'first_of_two')
        self._given_second = reference.weighted(characters, 'char', 'second_of_two')
        self._given_single = reference.weighted(characters, 'char', 'single')
        self._divisions = reference.divisions()
        self.mobiles = set(taken_mobiles)
        self.all = []

    def new_mobile(self):
        while True:
            number = self._stream.choice(MOBILE_STARTS) + f'{self._stream.below(10**9):09d}'
            if number[:3] not in UNUSED_PREFIXES and number not in self.mobiles:
                self.mobiles.add(number)
                return number

    def new_address(self):
        stream = self._stream
        return Address(
            division=stream.choice(self._divisions),
            road=stream.choice(ROADS) + stream.choice(ROAD_WORDS), number=stream.between(1, 999),
            estate=stream.choice(ESTATES), building=stream.between(1, 40),
            unit=stream.between(1, 4), room=stream.between(1, 33) * 100 + stream.between(1, 4))

    def new_given_name(self):
        stream = self._stream
        if stream.random() < SHARE_OF_TWO_CHARACTER_GIVEN_NAMES:
            return self._given_first.pick(stream) + self._given_second.pick(stream)
        return self._given_single.pick(stream)

    def new_birthday(self):
        # The third of four draws: few very old, few very young, most in between.
        draw = sorted(self._stream.random() for _ in range(4))[2]
        return FIRST_BIRTHDAY + datetime.timedelta(days=int(draw * BIRTHDAYS_SPAN_DAYS))

    def new_person(self, gender=None, surname=None, given=None, birth=None, address=None,
                   mobile=None):
        """A person of whom what is given holds, and the rest is drawn."""
        stream = self._stream
        gender = gender or ('M' if stream.random() < SHARE_OF_MEN else 'F')
        surname = surname or self._surnames.pick(stream)
        given = given or self.new_given_name()
        birth = birth or self.new_birthday()
        order = stream.between(0, 499) * 2 + (gender == 'M')
        birthplace = stream.choice(self._divisions).code
        person = Person(
            entity=f'P{len(self.all) + 1:08d}', name=surname + given, surname=surname,
            given=given, gender=gender, birth=birth, address=address or self.new_address(),
            id_no=identity_number(f'{birthplace}{birth:%Y%m%d}{order:03d}'),
            mobile=mobile or self.new_mobile())
        if stream.random() < SHARE_WITH_OLD_MOBILE:
            person.old_mobile = self.new_mobile()
        if stream.random() < SHARE_WITH_EMAIL:
            person.email = self._new_email(person)
        self.all.append(person)
        return person

    def _new_email(self, person):
        stream = self._stream
        tail = stream.choice(('', str(person.birth.year), str(stream.between(1, 999))))
        return f'{"".join(reference.to_pinyin(person.name))}{tail}@{stream.choice(MAIL_SERVICES)}'

    def new_company(self):
        stream = self._stream
        address = self.new_address()
        city = address.city or address.division.province
        short_name = ''.join(stream.choice(AUSPICIOUS) for _ in range(2))
        trade = stream.choice(TRADES)
        organisation = f'{stream.below(10**7):07d}' + stream.choice(CREDIT_CODE_ALPHABET)
        code = f'91{address.division.code}{organisation_code(organisation)}'
        company = Company(
            entity=f'C{len(self.all) + 1:08d}', name=f'{city}{short_name}{trade}有限公司',
            city=city, short_name=short_name, trade=trade, address=address,
            id_no=credit_code(code), mobile=self.new_mobile(),
            email=f'info@{stream.between(1000, 99999)}.cn')
        self.all.append(company)
        return company
