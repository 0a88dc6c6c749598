"""How clerks write names: what they mistake, add, leave out or spell in letters."""
from . import reference
from .parties import Company

HONORIFICS = {'M': ('先生', '总', '经理', '老板', '(先生)'), 'F': ('女士', '小姐', '经理', '(女士)')}
SURNAME_HONORIFICS = 2      # of a sex's list, those that stand after a bare surname
PLACEHOLDERS = ('测试', '客户', '无名', '散客', '未知', '123', '先生', '无')
HOMOPHONES_AT_MOST = 12     # of all characters of one reading, those that a clerk thinks of


class NameWriter:
    """Writes a party's name as a clerk would."""

    def __init__(self, stream, noise):
        self._stream = stream
        self._noise = noise
        self._homophones = _read_homophones()
        self._lookalikes = _read_groups('lookalike')

    def _hit(self, rate):
        return self._stream.random() < self._noise[rate]

    def write(self, party):
        if isinstance(party, Company):
            return self._write_company(party)
        return self._write_person(party)

    def _write_company(self, company):
        stream, name = self._stream, company.name
        draw = stream.random()
        if draw < 0.15:
            return name.replace('有限公司', '有限责任公司')
        if draw < 0.25:
            return name.replace('有限公司', '公司')
        if draw < 0.32:
            return f'{company.short_name}{company.trade}有限公司'
        if draw < 0.34:
            return f'{company.city}（{company.short_name}）{company.trade}有限公司'
        return name + ' ' if draw < 0.40 else name

    def _write_person(self, person):
        stream, name = self._stream, person.name
        if self._hit('name_placeholder'):
            return stream.choice(PLACEHOLDERS)
        if self._hit('name_surname_only'):
            return person.surname + stream.choice(HONORIFICS[person.gender][:SURNAME_HONORIFICS])
        if self._hit('name_homophone'):
            name = self._mistake(name, self._homophones)
        if self._hit('name_lookalike'):
            name = self._mistake(name, self._lookalikes)
        if self._hit('name_pinyin'):
            return self._spell(name)
        if self._hit('name_trad'):
            name = reference.to_traditional(name)
        if self._hit('name_honorific'):
            name += stream.choice(HONORIFICS[person.gender])
        if self._hit('name_space'):
            name = stream.choice((f'{name[0]} {name[1:]}', f'{name[0]}\u3000{name[1:]}',
                                  ' ' + name, name + '  '))
        return name

    def _mistake(self, name, confusions):
        """The name with one character mistaken, if any of its characters can be."""
        places = [place for place, character in enumerate(name) if character in confusions]
        if not places:
            return name
        place = self._stream.choice(places)
        mistaken = self._stream.choice(confusions[name[place]])
        return name[:place] + mistaken + name[place + 1:]

    def _spell(self, name):
        syllables = reference.to_pinyin(name)
        if self._stream.random() < 0.5:
            return ' '.join(syllables).title()
        return ''.join(syllables).upper()


def _read_groups(kind):
    """Character to those it is mistaken for, of one kind of the confusions table."""
    confusions = {}
    for row in reference.read_table('name_confusions.csv'):
        if row['kind'] == kind:
            members = row['members'].split()
            confusions.setdefault(row['key'], [m for m in members if m != row['key']])
    return {character: others for character, others in confusions.items() if others}


def _read_homophones():
    """Character to other frequent ones of the same reading, in surnames and given names."""
    characters = {}
    for row in reference.read_table('given_chars.csv'):
        characters.setdefault(row['ascii'], []).append(row['char'])
    homophones = {}
    for members in characters.values():
        members = members[:HOMOPHONES_AT_MOST]
        for member in members:
            others = [other for other in members if other != member]
            if others:
                homophones[member] = others
    for row in reference.read_table('name_confusions.csv'):
        if row['kind'] == 'homophone':
            members = row['members'].split()
            for member in members:
                homophones[member] = [other for other in members if other != member]
    return homophones
