"""The dealers, the brands that they sell, and the dialect in which each one's system exports."""
from dataclasses import dataclass

# wide    CSV in GB18030 with Chinese headings: a row is a customer, a car and its sale
# split   CSV in UTF-8 with a byte order mark: customers, vehicles and repairs apart
# xml     XML in UTF-8: vehicles and visits within the customer
# odbc    a database, read by queries
# tw      XML in Big5 with traditional characters and years of the Republic of China
DIALECTS = ('wide', 'split', 'xml', 'odbc', 'tw')


@dataclass(frozen=True, slots=True)
class Brand:
    name: str
    wmi: str
    models: tuple   # (name, list price in yuan)


BRANDS = (
    Brand('一汽-大众', 'LFV', (('捷达', 90000), ('宝来', 120000), ('高尔夫', 140000), ('迈腾', 200000))),
    Brand('奥迪', 'LFV', (('奥迪A4L', 320000), ('奥迪A6L', 430000), ('奥迪Q5L', 400000))),
    Brand('上汽大众', 'LSV', (('朗逸', 130000), ('帕萨特', 210000), ('途观', 220000))),
    Brand('华晨宝马', 'LBV', (('宝马3系', 330000), ('宝马5系', 450000), ('宝马X3', 400000))),
    Brand('宝马', 'WBA', (('宝马7系', 900000), ('宝马X5', 700000))),
)


@dataclass(slots=True, eq=False)
class Dealer:
    name: str
    dialect: str
    brand: Brand
    records_count: int = 0

    def next_key(self):
        self.records_count += 1
        return f'{self.records_count:07d}'


def new_dealers(count):
    """So many dealers; dialects and brands take turns."""
    return [Dealer(f'D{place + 1:02d}', DIALECTS[place % len(DIALECTS)],
                   BRANDS[place % len(BRANDS)]) for place in range(count)]
