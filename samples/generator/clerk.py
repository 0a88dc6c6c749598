"""The clerk at the dealer's desk: types a record of the world, with the noise of every day on it."""
import datetime
from dataclasses import dataclass

from .cars import Car
from .names import NameWriter
from .parties import Company

FULL_WIDTH_DIGITS = str.maketrans('0123456789', '０１２３４５６７８９')

MOBILE_PLACEHOLDERS = ('13800000000', '13000000000', '11111111111', '无', '0')
ID_PLACEHOLDERS = ('无', '000000000000000000', '不详', '11010119000101')
DEFAULT_BIRTHDAY = datetime.date(1900, 1, 1)
# The first numbers of 15 digits were replaced from 1999 on; who was born later never had one.
SHORT_ID_BORN_BEFORE = 1985
SHARE_OF_SWAPS = 0.35
SHARE_OF_UPPER_CASE_EMAIL = 0.05
PROVINCE_WORDS = ('壮族自治区', '回族自治区', '维吾尔自治区', '自治区', '省', '市')
NO_RECORD_BEFORE = datetime.date(2012, 1, 1)


@dataclass(slots=True)
class TypedCar:
    """A car as it stands in a dealer's system."""
    car: Car
    vin: str
    plate: str
    owned_since: datetime.date
    visits: list

    @property
    def last_visit(self):
        return self.visits[-1].date if self.visits else None


@dataclass(slots=True)
class TypedRecord:
    """A customer record as it stands in a dealer's system; '' or None is an empty field."""
    key: str
    is_company: bool
    name: str
    gender: str
    mobile: str
    id_no: str
    birth: datetime.date | None
    province: str
    address: str
    email: str
    cars: list
    updated: datetime.date


class Clerk:
    """Types records; all that it decides comes from its own stream of random numbers."""

    def __init__(self, world, stream):
        self._stream = stream
        self._noise = world.noise
        self._today = world.today
        self._names = NameWriter(stream, world.noise)

    def _hit(self, rate):
        return self._stream.random() < self._noise[rate]

    def type_record(self, record):
        party = record.party
        address = self._type_address(party.address)
        cars = [self._type_car(car, party) for car in record.cars]
        return TypedRecord(
            key=record.key, is_company=isinstance(party, Company),
            name=self._names.write(party), gender=self._type_gender(party),
            mobile=self._type_mobile(party), id_no=self._type_id(party),
            birth=self._type_birth(party),
            province=party.address.division.province if address else '', address=address,
            email=self._type_email(party), cars=cars, updated=self._last_touched(cars))

    def _slip(self, digits, first):
        """The digits with two swapped or one wrong, at or after the first place."""
        stream = self._stream
        place = stream.between(first, len(digits) - 1)
        here, after = digits[place], digits[place + 1:place + 2]
        if after.isdigit() and after != here and stream.random() < SHARE_OF_SWAPS:
            return digits[:place] + after + here + digits[place + 2:]
        wrong = stream.choice('0123456789'.replace(here, ''))
        return digits[:place] + wrong + digits[place + 1:]

    def _type_mobile(self, party):
        if self._hit('mobile_missing'):
            return ''
        if self._hit('mobile_placeholder'):
            return self._stream.choice(MOBILE_PLACEHOLDERS)
        number = party.mobile
        if party.old_mobile and self._hit('mobile_old'):
            number = party.old_mobile
        if self._hit('mobile_typo'):
            number = self._slip(number, 3)
        if self._hit('mobile_format'):
            first, second, third = number[:3], number[3:7], number[7:]
            number = self._stream.choice((
                f'+86{number}', f'86-{number}', f'0{number}', f'{number} ',
                f'{first} {second} {third}', f'{first}-{second}-{third}',
                number.translate(FULL_WIDTH_DIGITS)))
        return number

    def _type_id(self, party):
        if self._hit('id_missing'):
            return ''
        if self._hit('id_placeholder'):
            return self._stream.choice(ID_PLACEHOLDERS)
        number = party.id_no
        if isinstance(party, Company):
            return number
        if self._hit('id_15') and party.birth.year < SHORT_ID_BORN_BEFORE:
            return number[:6] + number[8:17]
        if self._hit('id_typo'):
            number = self._slip(number[:17], 6) + number[17]
        return number.lower() if self._hit('id_lower') else number

    def _type_birth(self, party):
        if party.birth is None or self._hit('birth_missing'):
            return None
        if self._hit('birth_default'):
            return DEFAULT_BIRTHDAY
        if self._hit('birth_day_off'):
            return party.birth + datetime.timedelta(days=self._stream.choice((-1, 1, 10)))
        return party.birth

    def _type_address(self, address):
        if self._hit('addr_missing'):
            return ''
        province, city = address.division.province, address.city
        district, street = address.division.district, f'{address.road}{address.number}号'
        estate = address.estate
        full = (f'{province}{city}{district}{street}{estate}'
                f'{address.building}号楼{address.unit}单元{address.room}室')
        if not self._hit('addr_variant'):
            return full
        short_province = _short_province(province)
        return self._stream.choice((
            f'{city}{district}{street}{estate}{address.building}栋{address.unit}-{address.room}',
            f'{short_province}{city.removesuffix("市")}{district}{street}',
            f'{estate}{address.building}-{address.unit}-{address.room}',
            full.replace('单元', '單元').translate(FULL_WIDTH_DIGITS),
            f'{short_province} {city} {district} {street} {estate}'))

    def _type_email(self, party):
        email = party.email
        if not email or (self._hit('email_missing') and not isinstance(party, Company)):
            return ''
        if self._hit('email_typo'):
            email = self._stream.choice((
                email.replace('.com', ',com'), email.replace('@', ''),
                email.replace('gmail', 'gmial'), email.replace('.', '..', 1)))
        if self._hit('email_full'):
            email = email.replace('@', '＠')
        return email.upper() if self._stream.random() < SHARE_OF_UPPER_CASE_EMAIL else email

    def _type_gender(self, party):
        if isinstance(party, Company) or self._hit('gender_missing'):
            return ''
        wrong = self._hit('gender_wrong')
        return {'M': 'F', 'F': 'M'}[party.gender] if wrong else party.gender

    def _type_car(self, car, party):
        vin = car.vin
        if self._hit('vin_typo'):
            vin = vin[:11] + self._slip(vin[11:], 1)
        if self._hit('vin_lower'):
            vin = vin.lower()
        return TypedCar(car, vin, self._type_plate(car.plate), car.owned_since(party),
                        car.visits_of(party))

    def _type_plate(self, plate):
        if self._hit('plate_missing'):
            return ''
        if not self._hit('plate_format'):
            return plate
        authority, number = plate[:2], plate[2:]
        return self._stream.choice((f'{authority}·{number}', f'{authority} {number}',
                                    f'{authority}-{number}', plate.lower()))

    def _last_touched(self, cars):
        dates = [typed.last_visit or typed.owned_since for typed in cars]
        last = max(dates, default=NO_RECORD_BEFORE)
        last = max(last, NO_RECORD_BEFORE) + datetime.timedelta(days=self._stream.between(0, 90))
        return min(last, self._today)


def _short_province(province):
    for word in PROVINCE_WORDS:
        if province.endswith(word):
            return province.removesuffix(word)
    return province
