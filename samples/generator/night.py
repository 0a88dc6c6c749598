"""One night later: some records are gone, some typed anew, some customers are new to a dealer."""
import dataclasses
import datetime

from .clerk import Clerk
from .random_streams import Stream

# Of the records that change: a tenth leave the export, seven tenths are typed anew; a further
# two tenths are added.
SHARE_GONE = 0.1
SHARE_RETYPED = 0.7
SHARE_NEW = 0.2


def next_night(world, pairs, share_changed, seed):
    """The (record, typed record) pairs of the following night. Adds the new records to the world."""
    stream = Stream(seed, 'night 1')
    clerk = Clerk(world, Stream(seed, 'clerk of night 1'))
    tomorrow = world.today + datetime.timedelta(days=1)
    gone_below = share_changed * SHARE_GONE
    retyped_below = gone_below + share_changed * SHARE_RETYPED
    later = []
    for record, typed in pairs:
        draw = stream.random()
        if draw < gone_below:
            continue
        if draw < retyped_below:
            typed = dataclasses.replace(clerk.type_record(record), updated=tomorrow)
        later.append((record, typed))
    new = max(1, int(len(pairs) * share_changed * SHARE_NEW))
    for party in stream.sample(world.parties.all, min(new, len(world.parties.all))):
        dealer = stream.choice(world.dealers)
        record = world.add_record(party, dealer)
        record.key = dealer.next_key()
        later.append((record, clerk.type_record(record)))
    return later
