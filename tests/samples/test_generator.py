"""What the generator of sample nights promises: python3 -B -m unittest discover tests/samples."""
import csv
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / 'samples'
sys.path.insert(0, str(SAMPLES))

from generator import check_digits, formats, noise, reference  # noqa: E402


def generate(folder, *options):
    return subprocess.run(
        [sys.executable, '-B', SAMPLES / 'generate.py', '--out', folder, *options],
        capture_output=True, text=True, check=False)


def rows(path, encoding='utf-8', delimiter=','):
    with open(path, encoding=encoding, newline='') as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def texts(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.rglob('*')) if path.is_file()}


class Night(unittest.TestCase):
    """One small night in all dialects, generated once."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.out = Path(cls.folder.name)
        cls.feeds, cls.truth = cls.out / 'feeds', cls.out / 'truth'
        done = generate(cls.out, '--records', '600', '--dealers', '5', '--night', '1',
                        '--changed', '0.1')
        assert done.returncode == 0, done.stderr
        cls.counts = json.loads(done.stdout)
        cls.customers = rows(cls.truth / 'customers.csv')

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def keys_of(self, source):
        return sorted(row['key'] for row in self.customers if row['source'] == source)

    def test_counts_are_those_of_the_truth(self):
        self.assertGreaterEqual(self.counts['records'], 600)
        self.assertEqual(self.counts['records'], len(self.customers))
        self.assertEqual(self.counts['entities'], len(rows(self.truth / 'golden.csv')))
        self.assertEqual({row['entity'] for row in self.customers},
                         {row['entity'] for row in rows(self.truth / 'golden.csv')})

    def test_wide_has_a_row_for_each_car(self):
        keys = [row['客户编号'] for row in rows(self.feeds / 'D01_archive.csv', 'gb18030')
                if row['更新时间']]
        self.assertEqual(sorted(set(keys)), self.keys_of('D01'))
        self.assertGreater(len(keys), len(set(keys)))

    def test_split_refers_to_its_customers(self):
        customers = rows(self.feeds / 'D02_customers.csv', 'utf-8-sig')
        keys = {row['CustNo'] for row in customers if row['ModifiedOn']}
        self.assertEqual(sorted(keys), self.keys_of('D02'))
        for name in ('vehicles', 'repairs'):
            for row in rows(self.feeds / f'D02_{name}.csv', 'utf-8-sig'):
                self.assertIn(row['CustNo'], keys)

    def test_xml_is_well_formed_and_whole(self):
        for source in ('D03', 'D05'):
            data = (self.feeds / f'{source}_export.xml').read_bytes()
            if source == 'D05':    # expat knows no Big5
                data = data.decode('big5hkscs').replace('Big5-HKSCS', 'UTF-8', 1).encode()
            top = ElementTree.fromstring(data)
            self.assertEqual(sorted(customer.get('id') for customer in top), self.keys_of(source))

    def test_traditional_dates_are_of_the_republic(self):
        text = (self.feeds / 'D05_export.xml').read_bytes().decode('big5hkscs')
        self.assertRegex(text, '<Purchased price="[0-9]+">民國[0-9]+年[0-9]+月[0-9]+日</Purchased>')
        self.assertEqual(re.findall('[车宝华]', text), [])

    def test_database_and_its_text_hold_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            done = generate(folder, '--records', '600', '--dealers', '5', '--text-databases')
            self.assertEqual(done.returncode, 0, done.stderr)
            built = sqlite3.connect(':memory:')
            built.executescript((Path(folder) / 'feeds' / 'D04.sql').read_text(encoding='utf-8'))
        written = sqlite3.connect(self.feeds / 'D04.sqlite')
        for table in ('t_cust', 't_car', 't_repair'):
            query = f'select * from {table} order by rowid'
            self.assertEqual(built.execute(query).fetchall(), written.execute(query).fetchall())
        keys = [key for key, in written.execute('select c_id from t_cust order by c_id')]
        self.assertEqual(keys, self.keys_of('D04'))

    def test_headquarters_has_its_six_feeds(self):
        policies = rows(self.feeds / 'ins_policies.txt', 'utf-16', '\t')
        self.assertEqual(list(policies[0]),
                         ['policy', 'vin', 'plate', 'insured', 'product', 'from', 'to'])
        self.assertTrue(rows(self.feeds / 'fin_contracts.csv', delimiter=';')[0]['vin'])
        for name in ('complaints', 'members', 'consents'):
            self.assertGreater(len(rows(self.feeds / f'hq_{name}.csv')), 10)
        leads = ElementTree.parse(self.feeds / 'leads_adf.xml').getroot()
        self.assertTrue(all(lead.find('prospect/customer/contact/phone').text for lead in leads))

    def test_true_numbers_are_valid(self):
        golden = rows(self.truth / 'golden.csv')
        for row in golden:
            number = row['id_no']
            correct = (check_digits.identity_number if row['kind'] == 'person'
                       else check_digits.credit_code)
            self.assertEqual(correct(number[:17]), number)
            if row['kind'] == 'company':
                self.assertEqual(check_digits.organisation_code(number[8:16]), number[8:17])
        for row in rows(self.feeds / 'hq_complaints.csv'):
            vin = row['vin']
            self.assertEqual(check_digits.vehicle_number(vin[:8], vin[9:]), vin)

    def test_following_night_changes_a_tenth(self):
        later = Counter(row['source'] + row['key']
                        for row in rows(self.truth / 'customers_night1.csv'))
        before = Counter(row['source'] + row['key'] for row in self.customers)
        gone, new = before - later, later - before
        self.assertTrue(1 <= len(gone) <= 20, len(gone))
        self.assertTrue(5 <= len(new) <= 20, len(new))
        night = self.out / 'night1' / 'feeds'
        self.assertEqual(sorted(texts(night)), sorted(texts(self.feeds)))
        for name in ('hq_members.csv', 'leads_adf.xml', 'ins_policies.txt'):
            self.assertEqual((night / name).read_bytes(), (self.feeds / name).read_bytes())


class Options(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = Path(folder.name)

    def test_same_seed_same_bytes_and_another_differs(self):
        for name, seed in (('a', '7'), ('b', '7'), ('c', '8')):
            generate(self.out / name, '--records', '60', '--dealers', '5', '--seed', seed,
                     '--text-databases')
        self.assertEqual(texts(self.out / 'a'), texts(self.out / 'b'))
        self.assertNotEqual(texts(self.out / 'a'), texts(self.out / 'c'))

    def test_broken_rows_are_where_the_truth_says(self):
        rates = self.out / 'noise.json'
        rates.write_text('{"bad_row": 0.2}')
        generate(self.out, '--records', '300', '--dealers', '5', '--noise', rates)
        rejects = rows(self.out / 'truth' / 'rejects.csv')
        self.assertGreater(len(rejects), 10)
        for row in rejects:
            encoding = 'gb18030' if row['file'].startswith('D01') else 'utf-8-sig'
            lines = (self.out / 'feeds' / row['file']).read_text(encoding).splitlines()
            self.assertLess(lines[int(row['line']) - 1].count(','), 5)

    def test_noise_changes_what_was_typed_and_not_who_lives(self):
        rates = self.out / 'noise.json'
        rates.write_text('{"id_missing": 1}')
        generate(self.out / 'a', '--records', '100', '--dealers', '2')
        generate(self.out / 'b', '--records', '100', '--dealers', '2', '--noise', rates)
        self.assertEqual(texts(self.out / 'a' / 'truth')['golden.csv'],
                         texts(self.out / 'b' / 'truth')['golden.csv'])
        customers = rows(self.out / 'b' / 'feeds' / 'D02_customers.csv', 'utf-8-sig')
        self.assertEqual({row['IDCard'] for row in customers if row['ModifiedOn']}, {''})

    def test_mistakes_are_said(self):
        rates = self.out / 'noise.json'
        for text, words in (('{"nmae_space": 1}', 'unknown noise nmae_space'),
                            ('{"name_space": 2}', 'a rate is a number from 0 to 1'),
                            ('{', 'could not use')):
            rates.write_text(text)
            done = generate(self.out, '--noise', rates)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(words, done.stderr)
        self.assertNotEqual(generate(self.out, '--records', '0').returncode, 0)


class Parts(unittest.TestCase):
    def test_check_digits_of_published_numbers(self):
        self.assertEqual(check_digits.identity_number('11010519491231002'), '11010519491231002X')
        self.assertEqual(check_digits.credit_code('91350100M000100Y4'), '91350100M000100Y43')
        self.assertEqual(check_digits.organisation_code('D2143569'), 'D2143569X')
        self.assertEqual(check_digits.vehicle_number('1M8GDM9A', 'KP042788'), '1M8GDM9AXKP042788')

    def test_dates(self):
        self.assertEqual(formats.date_text(None, '%Y'), '')
        self.assertEqual(formats.republic_date(None), '')

    def test_tables_are_found(self):
        self.assertEqual(reference.to_traditional('张丽'), '張麗')
        self.assertEqual(reference.to_pinyin('张丽'), ['zhang', 'li'])
        self.assertGreater(len(reference.divisions()), 2500)
        self.assertTrue(all(0 <= rate <= 1 for rate in noise.USUAL.values()))


if __name__ == '__main__':
    unittest.main()
