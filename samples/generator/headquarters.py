"""What headquarters itself receives: complaints, members, consents, contracts, policies, leads."""
import datetime
from xml.sax.saxutils import escape

from .dealers import BRANDS
from .formats import date_text, write_table
from .parties import Parties, Person

# One in so many cars or persons has one.
CARS_PER_COMPLAINT = 25
CARS_PER_CONTRACT = 4
CARS_PER_POLICY = 2
PERSONS_PER_MEMBER = 5
PERSONS_WITH_CONSENT = 3
PERSONS_PER_LEAD = 20

FINANCED_PERCENT = 70
SHARE_OF_LEADS_FROM_CUSTOMERS = 0.4
DAY = '%Y-%m-%d'
BYTE_ORDER_MARK = '\ufeff'


def write_feeds(world, folder, stream):
    """Every feed of headquarters. A feed draws from the stream in its own turn."""
    persons = [party for party in world.parties.all if isinstance(party, Person) and party.cars]
    _write_complaints(folder / 'hq_complaints.csv', world, stream)
    _write_members(folder / 'hq_members.csv', world, persons, stream)
    _write_consents(folder / 'hq_consents.csv', world, persons, stream)
    _write_contracts(folder / 'fin_contracts.csv', world, stream)
    _write_policies(folder / 'ins_policies.txt', world, stream)
    _write_leads(folder / 'leads_adf.xml', world, persons, stream)


def _sample(stream, population, one_in):
    return stream.sample(population, len(population) // one_in)


def _days_before(world, days):
    return world.today - datetime.timedelta(days=days)


def _write_complaints(path, world, stream):
    def rows():
        for number, car in enumerate(_sample(stream, world.vehicles, CARS_PER_COMPLAINT), 1):
            opened = _days_before(world, stream.between(1, 900))
            category = stream.choice(('质量', '服务', '配件', '价格', '交付'))
            closed = None
            if stream.random() < 0.8:
                closed = opened + datetime.timedelta(days=stream.between(1, 40))
            settlement = stream.choice(('道歉', '返修', '补偿', '换件'))
            yield (f'CP{number:07d}', date_text(opened, DAY), car.vin, car.owner.name,
                   car.owner.mobile, category, '已结案' if closed else '处理中',
                   date_text(closed, DAY), settlement if closed else '')

    write_table(path, ('case_no', 'opened', 'vin', 'caller_name', 'caller_mobile', 'category',
                       'status', 'closed', 'settlement'), rows())


def _write_members(path, world, persons, stream):
    def rows():
        for number, person in enumerate(_sample(stream, persons, PERSONS_PER_MEMBER), 1):
            joined = _days_before(world, stream.between(30, 2500))
            earned = stream.between(0, 60000)
            yield (f'M{number:08d}', person.name, person.mobile, date_text(joined, DAY),
                   stream.choice((0, 0, 1000, 3000, 10000)), earned,
                   int(earned * stream.random()))

    write_table(path, ('card_no', 'name', 'mobile', 'joined', 'prepaid', 'points_earned',
                       'points_spent'), rows())


def _write_consents(path, world, persons, stream):
    def rows():
        for person in _sample(stream, persons, PERSONS_WITH_CONSENT):
            channels = stream.sample(('phone', 'sms', 'email', 'wechat'), stream.between(1, 3))
            for channel in channels:
                decided = _days_before(world, stream.between(1, 1500))
                yield (person.mobile, channel, 'marketing',
                       'granted' if stream.random() < 0.75 else 'withdrawn',
                       date_text(decided, '%Y-%m-%dT09:30:00+08:00'))

    write_table(path, ('mobile', 'channel', 'purpose', 'decision', 'decided_at'), rows())


def _write_contracts(path, world, stream):
    def rows():
        for number, car in enumerate(_sample(stream, world.vehicles, CARS_PER_CONTRACT), 1):
            yield (f'F{number:08d}', car.first_owner.id_no, car.vin,
                   car.price_yuan * FINANCED_PERCENT // 100, date_text(car.bought, DAY),
                   stream.choice((12, 24, 36, 48, 60)), 'open')

    write_table(path, ('contract', 'id_no', 'vin', 'principal', 'start', 'months', 'status'),
                rows(), delimiter=';')


def _write_policies(path, world, stream):
    def rows():
        for number, car in enumerate(_sample(stream, world.vehicles, CARS_PER_POLICY), 1):
            end = world.today + datetime.timedelta(days=stream.between(-200, 364))
            product = stream.choice(('交强险', '商业险', '延保'))
            start = end - datetime.timedelta(days=365)
            yield (f'I{number:09d}', car.vin, car.plate, car.owner.name, product,
                   date_text(start, '%Y.%m.%d'), date_text(end, '%Y.%m.%d'))

    write_table(path, (BYTE_ORDER_MARK + 'policy', 'vin', 'plate', 'insured', 'product', 'from',
                       'to'), rows(), encoding='utf-16-le', delimiter='\t')


def _write_leads(path, world, persons, stream):
    strangers = Parties(stream, taken_mobiles=world.parties.mobiles)
    with open(path, 'w', encoding='utf-8', newline='\n') as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<?ADF VERSION="1.0"?>\n<adfs>\n')
        for number in range(1, len(persons) // PERSONS_PER_LEAD + 1):
            file.write(_lead(number, world, persons, strangers, stream) + '\n')
        file.write('</adfs>\n')


def _lead(number, world, persons, strangers, stream):
    """A prospect in the Auto-lead Data Format: a customer's next car, or somebody new."""
    if stream.random() < SHARE_OF_LEADS_FROM_CUSTOMERS:
        person = stream.choice(persons)
    else:
        person = strangers.new_person()
    brand = stream.choice(BRANDS)
    model, _ = stream.choice(brand.models)
    requested = date_text(_days_before(world, stream.between(0, 300)), '%Y-%m-%dT%H:%M:%S+08:00')
    interest = stream.choice(('buy', 'buy', 'trade-in', 'test-drive'))
    timeframe = stream.choice(('3 months', '6 months', '12 months', 'unknown'))
    return ''.join((
        '<adf><prospect status="new">',
        f'<id sequence="1" source="web">L{number:07d}</id>',
        f'<requestdate>{requested}</requestdate>',
        f'<vehicle interest="{interest}" status="new"><year>{world.today.year}</year>',
        f'<make>{escape(brand.name)}</make><model>{escape(model)}</model></vehicle>',
        f'<customer><contact><name part="full">{escape(person.name)}</name>',
        f'<phone type="cellphone">{person.mobile}</phone></contact>',
        f'<timeframe><description>{timeframe}</description></timeframe></customer>',
        f'<vendor><id source="hq">{stream.choice(world.dealers).name}</id>',
        f'<vendorname>4S {stream.between(1, 30)}</vendorname></vendor>',
        '</prospect></adf>'))
