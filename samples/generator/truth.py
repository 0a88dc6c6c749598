"""The truth beside the feeds: what a perfect night would find in them."""
from .formats import date_text, write_table


def write_truth(world, broken_rows, folder):
    folder.mkdir(parents=True, exist_ok=True)
    known = world.known_parties()
    write_customers(folder / 'customers.csv', world.records)
    write_table(folder / 'golden.csv',
                ('entity', 'kind', 'name', 'gender', 'birth', 'id_no', 'mobile', 'email',
                 'province', 'city', 'district', 'vehicles_owned', 'vehicles_ever', 'dealers'),
                map(_golden_row, known))
    entities = {party.entity for party in known}
    write_table(folder / 'never_merge.csv', ('entity_a', 'entity_b'),
                ((one.entity, other.entity) for one, other in world.twins
                 if one.entity in entities and other.entity in entities))
    write_table(folder / 'rejects.csv', ('file', 'line', 'reason'), broken_rows)


def write_customers(path, records):
    """Which customer each record of a dealer means."""
    write_table(path, ('source', 'key', 'entity'),
                ((record.dealer.name, record.key, record.party.entity) for record in records))


def _golden_row(party):
    division, cars = party.address.division, party.cars + party.used_cars
    return (party.entity, party.kind, party.name, party.gender, date_text(party.birth, '%Y-%m-%d'),
            party.id_no, party.mobile, party.email, division.province, division.city,
            division.district, sum(car.owner is party for car in cars), len(cars),
            len(set(map(id, party.dealers))))


def count_world(world, broken_rows):
    return {
        'records': len(world.records),
        'entities': len(world.known_parties()),
        'vehicles': len(world.vehicles),
        'visits': sum(len(car.visits) for car in world.vehicles),
        'rejects': len(broken_rows),
    }
