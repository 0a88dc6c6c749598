"""What headquarters knows of its care for customers: surveys, contacts made, recalls.

From a stream of their own, so that the other feeds stay as they are."""
import datetime

from .formats import date_text, write_table
from .parties import Person

PERSONS_PER_QUESTIONNAIRE = 8
PERSONS_PER_CONTACT = 15
CARS_PER_RECALL = 60

DAY = '%Y-%m-%d'
SALES = ('sales_advice', 'sales_delivery', 'sales_price')
SERVICE = ('service_quality', 'service_time', 'service_price', 'service_manner')
PRODUCT = ('product_quality', 'product_comfort')


def write_feeds(world, folder, stream):
    persons = [party for party in world.parties.all if isinstance(party, Person) and party.cars]
    _write_surveys(folder / 'surveys.csv', world, persons, stream)
    _write_contacts(folder / 'contacts.csv', world, persons, stream)
    _write_recalls(folder / 'recalls.csv', world, stream)


def _days_before(world, days):
    return world.today - datetime.timedelta(days=days)


def _write_surveys(path, world, persons, stream):
    # Dealers differ: each has its own usual score.
    usual = {dealer.name: stream.between(5, 9) for dealer in world.dealers}

    def rows():
        asked = stream.sample(persons, len(persons) // PERSONS_PER_QUESTIONNAIRE)
        for number, person in enumerate(asked, 1):
            car = stream.choice(person.cars)
            dealer = stream.choice(world.dealers).name
            answered = date_text(_days_before(world, stream.between(1, 700)), DAY)
            for indicator in stream.choice((SALES, SERVICE)) + PRODUCT:
                score = min(10, max(0, usual[dealer] + stream.between(-3, 2)))
                yield (f'S{number:06d}', person.mobile, car.vin, dealer, answered, indicator, score)

    write_table(path, ('answer_no', 'mobile', 'vin', 'dealer', 'answered', 'indicator', 'score'),
                rows())


def _write_contacts(path, world, persons, stream):
    def rows():
        for person in stream.sample(persons, len(persons) // PERSONS_PER_CONTACT):
            day = _days_before(world, stream.between(1, 120))
            yield (person.mobile, stream.choice(('phone', 'phone', 'sms', 'wechat')),
                   date_text(day, '%Y-%m-%dT10:00:00+08:00'), stream.choice(world.dealers).name,
                   stream.choice(('service_due', 'insurance_renewal', 'birthday')),
                   stream.choice(('reached', 'not reached', 'appointment')))

    write_table(path, ('mobile', 'channel', 'contacted_at', 'dealer', 'topic', 'result'), rows())


def _write_recalls(path, world, stream):
    def rows():
        cars = stream.sample(world.vehicles, len(world.vehicles) // CARS_PER_RECALL)
        for number, car in enumerate(cars):
            issued = date_text(_days_before(world, 60 + 90 * (number % 3)), DAY)
            done = date_text(_days_before(world, 10), DAY) if stream.random() < 0.4 else ''
            yield (f'R{number % 3 + 1:03d}', car.vin, '更换气囊', issued, done)

    write_table(path, ('campaign', 'vin', 'title', 'issued', 'done'), rows())
