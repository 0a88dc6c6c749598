"""The world as it is: who exists, who bought which car where, and which dealer knows whom.

    parties ──buy──► cars ──at──► dealers
       │                            │
       └──────── records ◄──────────┘      one for each time a dealer took a customer on

What the dealers' clerks made of it comes after, in clerk.py.
"""
import datetime
from dataclasses import dataclass, field

from .cars import new_car
from .dealers import Dealer, new_dealers
from .parties import Company, Parties, Party
from .random_streams import Stream, WeightedChoice

# How much less business each further dealer of the list does than the one before.
BUSINESS_DECLINE = 0.15
CHANCES_OF_FURTHER_DEALERS = (0.28, 0.10, 0.04)
COUPLES_SHARING_A_MOBILE = 0.35
FATHERS_BORN_BEFORE = 1985
YEARS_FROM_FATHER_TO_SON = 25
TWIN_GIVEN_CHARACTERS = '强伟明丽芳军杰涛敏'


@dataclass(slots=True, eq=False)
class Record:
    """One customer record of one dealer: whom it means and which cars it has."""
    dealer: Dealer
    party: Party
    cars: list
    key: str = ''


@dataclass(slots=True, eq=False)
class World:
    today: datetime.date
    noise: dict
    stream: object
    parties: Parties
    dealers: list
    vehicles: list = field(default_factory=list)
    records: list = field(default_factory=list)
    twins: list = field(default_factory=list)

    def hit(self, rate):
        """Draws whether an event of the named rate happens."""
        return self.stream.random() < self.noise[rate]

    def known_parties(self):
        """The parties that a dealer has a record of, in the order of the records."""
        return list(dict.fromkeys(record.party for record in self.records))

    def add_record(self, party, dealer, cars=None):
        """The dealer takes the party on; with the cars bought there unless others are given."""
        if cars is None:
            cars = [car for car in party.cars if car.dealer is dealer]
        record = Record(dealer, party, cars)
        party.dealers.append(dealer)
        self.records.append(record)
        return record


def build_world(records, dealers, today, noise, seed):
    """A world in which the dealers together have at least so many customer records."""
    stream = Stream(seed, 'world')
    world = World(
        today=today, noise=noise, stream=stream, parties=Parties(stream),
        dealers=new_dealers(dealers))
    business = WeightedChoice(
        world.dealers, [1 / (1 + place * BUSINESS_DECLINE) for place in range(dealers)])
    while len(world.records) < records:
        for party in _new_household(world):
            _go_shopping(world, party, business)
    _sell_used_cars(world)
    # Customer numbers must not tell that two records are of one customer.
    stream.shuffle(world.records)
    for record in world.records:
        record.key = record.dealer.next_key()
    return world


def _new_household(world):
    """A company, or a person with those who live at the same address."""
    if world.hit('company'):
        return [world.parties.new_company()]
    stream, new_person = world.stream, world.parties.new_person
    head = new_person()
    household = [head]
    if world.hit('household'):
        shared = head.mobile if stream.random() < COUPLES_SHARING_A_MOBILE else None
        household.append(new_person(gender='F' if head.gender == 'M' else 'M',
                                    address=head.address, mobile=shared))
    if world.hit('father_son') and head.birth.year < FATHERS_BORN_BEFORE:
        birth = datetime.date(head.birth.year + YEARS_FROM_FATHER_TO_SON,
                              stream.between(1, 12), stream.between(1, 28))
        household.append(new_person(surname=head.surname, gender='M', address=head.address,
                                    birth=birth))
    if world.hit('twins'):
        twin = _new_twin(world, head)
        household.append(twin)
        world.twins.append((head, twin))
    return household


def _new_twin(world, head):
    given = None
    if len(head.given) > 1:
        others = TWIN_GIVEN_CHARACTERS.replace(head.given[-1], '')
        given = head.given[:-1] + world.stream.choice(others)
    return world.parties.new_person(surname=head.surname, given=given, gender=head.gender,
                                    address=head.address, birth=head.birth)


def _go_shopping(world, party, business):
    stream = world.stream
    company = isinstance(party, Company)
    count = (stream.between(1, 3) if company
             else 1 + sum(stream.random() < chance for chance in CHANCES_OF_FURTHER_DEALERS))
    for dealer in dict.fromkeys(business.pick(stream) for _ in range(count)):
        for _ in range(stream.between(1, 12) if company else 1):
            world.vehicles.append(new_car(stream, party, dealer, world.today))
        world.add_record(party, dealer)
        if world.hit('dup_same_dealer'):
            world.add_record(party, dealer)


def _sell_used_cars(world):
    """Some cars change hands, and the dealer has a new customer for them."""
    stream = world.stream
    for car in world.vehicles:
        if isinstance(car.first_owner, Company) or not world.hit('resale'):
            continue
        buyer = stream.choice(world.parties.all)
        date = car.bought + datetime.timedelta(days=stream.between(400, 1500))
        if buyer is car.first_owner or isinstance(buyer, Company) or date >= world.today:
            continue
        car.second_owner, car.resold = buyer, date
        buyer.used_cars.append(car)
        world.add_record(buyer, car.dealer, [car])
