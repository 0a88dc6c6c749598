"""The cars: what is sold, to whom, and how often each comes to the workshop."""
import datetime
from dataclasses import dataclass, field

from .check_digits import VIN_ALPHABET, vehicle_number
from .dealers import Brand, Dealer
from .parties import Party
from .reference import plate_letters


JOBS = ('保养', '维修', '钣喷', '召回', '年检')

FIRST_MODEL_YEAR = 2010
MODEL_YEAR_LETTERS = 'ABCDEFGHJKLMNPRSTVWXY123456789'
PLANT_LETTERS = '0123456789ABCDEFG'
PLATE_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'

SHARE_LOST_TO_THE_WORKSHOP = 0.3
VISITS_OF_A_LOST_CAR = 2
VISITS_AT_MOST = 7


@dataclass(frozen=True, slots=True)
class Visit:
    date: datetime.date
    job: str
    amount_yuan: int
    mileage_km: int


@dataclass(slots=True, eq=False)
class Car:
    vin: str
    plate: str
    brand: Brand
    model: str
    price_yuan: int
    bought: datetime.date
    dealer: Dealer
    first_owner: Party
    second_owner: Party | None = None
    resold: datetime.date | None = None
    visits: list = field(default_factory=list)

    @property
    def owner(self):
        return self.second_owner or self.first_owner

    def owned_since(self, party):
        return self.resold if party is self.second_owner else self.bought

    def visits_of(self, party):
        """The visits while the party owned the car."""
        if self.resold is None:
            return self.visits
        second = party is self.second_owner
        return [visit for visit in self.visits if (visit.date >= self.resold) == second]


def new_car(stream, owner, dealer, today):
    """A car that the owner bought from the dealer, with its visits to the workshop until today."""
    model, price_yuan = stream.choice(dealer.brand.models)
    year = stream.between(FIRST_MODEL_YEAR, today.year)
    year_letter = MODEL_YEAR_LETTERS[(year - FIRST_MODEL_YEAR) % len(MODEL_YEAR_LETTERS)]
    described = ''.join(stream.choice(VIN_ALPHABET) for _ in range(5))
    serial = f'{year_letter}{stream.choice(PLANT_LETTERS)}{stream.between(0, 999999):06d}'
    bought = min(datetime.date(year, stream.between(1, 12), stream.between(1, 28)),
                 today - datetime.timedelta(days=stream.between(1, 60)))
    car = Car(vin=vehicle_number(dealer.brand.wmi + described, serial),
              plate=_new_plate(stream, owner), brand=dealer.brand, model=model,
              price_yuan=price_yuan, bought=bought, dealer=dealer, first_owner=owner)
    _visit_workshop(stream, car, today)
    owner.cars.append(car)
    return car


def _new_plate(stream, owner):
    province = owner.address.division.plate_character
    return (province + stream.choice(plate_letters()[province])
            + stream.choice(PLATE_LETTERS) + stream.choice(PLATE_LETTERS)
            + f'{stream.below(1000):03d}')


def _visit_workshop(stream, car, today):
    most = VISITS_OF_A_LOST_CAR if stream.random() < SHARE_LOST_TO_THE_WORKSHOP else VISITS_AT_MOST
    date, mileage_km = car.bought, 0
    while len(car.visits) < most:
        date += datetime.timedelta(days=stream.between(120, 270))
        if date > today:
            break
        mileage_km += stream.between(3000, 15000)
        car.visits.append(Visit(date, stream.choice(JOBS), stream.between(200, 6000), mileage_km))
