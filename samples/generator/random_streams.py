"""Random numbers: one independent stream for each purpose.

A stream of its own for the world, for the clerks and for headquarters keeps one from moving
when another draws once more: a different rate of noise changes what was typed, not who lives.
"""
import bisect
import itertools
import random


class Stream:
    """Random numbers that are the same on every version of Python.

    Python promises that of its seeding and of random() alone; all else is computed from it here.
    """

    def __init__(self, seed, purpose):
        self.random = random.Random(f'{seed} {purpose}').random

    def below(self, limit):
        return int(self.random() * limit)

    def between(self, least, most):
        return least + int(self.random() * (most - least + 1))

    def choice(self, values):
        return values[int(self.random() * len(values))]

    def shuffle(self, values):
        for last in range(len(values) - 1, 0, -1):
            place = self.below(last + 1)
            values[last], values[place] = values[place], values[last]

    def sample(self, values, count):
        """So many different ones of the values, in random order."""
        rest = list(values)
        for place in range(count):
            other = self.between(place, len(rest) - 1)
            rest[place], rest[other] = rest[other], rest[place]
        return rest[:count]


class WeightedChoice:
    """Draws from values that are not equally frequent."""

    def __init__(self, values, weights):
        self._values = list(values)
        self._sums = list(itertools.accumulate(weights))
        if not self._values or self._sums[-1] <= 0:
            raise ValueError('a weighted choice needs a value with a weight above zero')

    def pick(self, stream):
        place = bisect.bisect(self._sums, stream.random() * self._sums[-1])
        return self._values[min(place, len(self._values) - 1)]
