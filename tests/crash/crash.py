#!/usr/bin/env python3
"""Runs that come to grief at random moments, and the runs after them.

From one published night the next one is run over and over, each time with a disk that fails or a
process that is killed. Whatever happens, the view is then the old or the new one, whole; the state
can be read; and the next run gives what an undisturbed one gives, row for row.

    crash.py --program build/cust360 --shim build/crash/shim.so --points 300 --seed 1
"""
import argparse
import collections
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FEEDS = ['D07_customers.csv', 'D07_vehicles.csv', 'D07_repairs.csv', 'D08_export.xml',
         'hq_members.csv', 'hq_consents.csv']
PROJECT = """name: crash
mappings: {root}/mappings
feeds: feeds
state: state
out: out
metrics: out/cust360.prom
keep: {{views: 1, reports: 3, rejects: 5, raw: 3}}
sources:
  - {{path: 'D*_customers.csv', mapping: split, trust: 60}}
  - {{path: 'D*_export.xml', mapping: xml, trust: 60}}
  - {{id: hq_members, path: hq_members.csv, mapping: hq_members, trust: 70}}
  - {{id: hq_consents, path: hq_consents.csv, mapping: hq_consents, trust: 80}}
"""

# What says when a row was written, and not what it is. A run that failed has taken a number, and
# so all numbers after it are greater.
RUN_COLUMNS = {'run_id', 'first_run', 'changed_run', 'last_good_run', 'token', 'seen_ns'}
STATE_ONLY_OF_RUNS = {'run', 'run_figure', 'run_gate', 'run_source', 'run_notice', 'meta',
                      'data_quality_run', 'changed_record', 'changed_golden', 'source_file',
                      'source_reading', 'finding', 'run_expired'}
KILLS = {'kill', 'torn', 'time'}
# What a run has to take as it comes.
HARMLESS = {'short', 'bytes', 'eintr', 'back', 'forward'}
# Of a night that is to be short, so many lines of a feed.
FEW_LINES = 25
KINDS = 'kill,torn,write,full,time,kill,sync,rename,full'
VIEW_ONLY_OF_RUNS = {'data_quality_trend'}


class Night:
    """A folder with a project, its feeds, state and view."""

    def __init__(self, folder, options):
        self.folder = folder
        self.options = options

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def feeds(self, second):
        """The feeds of the first or the second night: some customers are new, some gone."""
        os.makedirs(self.path('feeds'), exist_ok=True)
        for name in FEEDS:
            with open(os.path.join(ROOT, 'samples/group/feeds', name), 'rb') as file:
                lines = file.read().splitlines(keepends=True)
            if self.options.few:
                lines = lines[:FEW_LINES] + ([] if name.endswith('.csv') else lines[-1:])
            if name.endswith('.csv'):
                step, rest = (19, 3) if second else (13, 5)
                lines = [line for i, line in enumerate(lines) if i == 0 or i % step != rest]
            with open(self.path('feeds', name), 'wb') as file:
                file.writelines(lines)

    def command(self, second):
        return [self.options.program, 'run', '-c', self.path('cust360.yaml'), '--as-of',
                '2026-06-30' if second else '2026-06-29', '--no-summary', '--quiet'] + (
                    ['--threads', '1'] if self.options.few else [])

    def run(self, second, environment=None, kill_after=None):
        """Exit code (negative: the signal that killed it) and what it said."""
        process = subprocess.Popen(self.command(second), stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT,
                                   env=dict(os.environ, **(environment or {})))
        if kill_after is not None:
            try:
                process.wait(kill_after)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        said = process.communicate()[0].decode('utf-8', 'replace')
        return process.returncode, said

    def copy(self, folder):
        """State and view of their own; project and feeds are only read, and shared."""
        other = Night(folder, self.options)
        os.makedirs(folder)
        os.symlink(self.path('feeds'), other.path('feeds'))
        shutil.copy(self.path('cust360.yaml'), other.path('cust360.yaml'))
        for name in ('state', 'out'):
            shutil.copytree(self.path(name), other.path(name))
        return other


def rows_of(path, passed_over):
    """Every table's rows as a multiset, without what only tells of runs."""
    database = sqlite3.connect(path)
    database.execute('PRAGMA query_only=1')
    if database.execute('PRAGMA integrity_check').fetchall() != [('ok',)]:
        raise sqlite3.DatabaseError('integrity_check')
    tables = [name for (name,) in database.execute(
        "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'")]
    content = {}
    for table in sorted(set(tables) - passed_over):
        cursor = database.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in cursor.description]
        kept = [i for i, name in enumerate(names) if name not in RUN_COLUMNS]
        closed = [i for i, name in enumerate(names) if name == 'closed_run']
        rows = collections.Counter()
        for row in cursor:
            row = list(row)
            for i in closed:
                row[i] = row[i] is not None
            if table == 'parameter' and row[0] == 'run_id':
                continue
            rows[tuple(row[i] for i in kept)] += 1
        content[table] = rows
    database.close()
    return content


def view_of(night):
    return rows_of(night.path('out', 'customer360.db'), VIEW_ONLY_OF_RUNS)


def state_of(night):
    return rows_of(night.path('state', 'state.db'), STATE_ONLY_OF_RUNS)


class Tally:
    """What went wrong, over all points."""

    def __init__(self):
        self.missing = self.duplicated = self.unreadable = self.failed = 0
        self.old = self.new = 0

    def complain(self, point, text):
        self.failed += 1
        print(f'{point}: {text}', flush=True)  # at once: a long mode may be broken off

    def compare(self, point, what, wanted, found):
        """Rows missing from, and rows too many in, what was found."""
        for table in wanted.keys() | found.keys():
            missing = wanted.get(table, collections.Counter()) - found.get(
                table, collections.Counter())
            extra = found.get(table, collections.Counter()) - wanted.get(
                table, collections.Counter())
            if missing or extra:
                self.missing += sum(missing.values())
                self.duplicated += sum(extra.values())
                self.complain(point, f'{what}.{table}: {sum(missing.values())} rows missing, '
                                     f'{sum(extra.values())} too many: wanted '
                                     f'{next(iter(missing), None)}, found '
                                     f'{next(iter(extra), None)}')


class Trial:
    """The first night as it was published, and what the second gives when nothing happens."""

    def __init__(self, folder, options):
        self.folder = folder
        self.options = options
        self.base = Night(os.path.join(folder, 'base'), options)
        os.makedirs(self.base.folder)
        with open(self.base.path('cust360.yaml'), 'w') as file:
            file.write(PROJECT.format(root=ROOT))
        self.base.feeds(False)
        self.must(self.base.run(False), 'the first night')
        self.old_view = view_of(self.base)
        self.base.feeds(True)
        count = os.path.join(folder, 'count')
        clean = self.base.copy(os.path.join(folder, 'clean'))
        began = time.monotonic()
        self.must(clean.run(True, self.shimmed('count', 0, count)), 'the second night')
        self.seconds = time.monotonic() - began
        with open(count) as file:
            (self.calls, self.bytes, self.syncs, self.renames, self.writes, self.allocations,
             self.clocks) = map(int, file.read().split())
        self.sites = self.find_sites(count) if options.few else []
        self.new_view = view_of(clean)
        self.new_state = state_of(clean)
        if self.old_view == self.new_view:
            sys.exit('crash.py: the second night changes nothing')

    def find_sites(self, count):
        """The places of the second night that ask for memory: of each the numbers of its
        allocations."""
        night = self.base.copy(os.path.join(self.folder, 'sites'))
        self.must(night.run(True, self.shimmed('sites', 0, count)), 'the night that notes places')
        sites = collections.defaultdict(list)
        with open(count) as file:
            next(file)
            for number, site in enumerate(file, 1):
                sites[int(site)].append(number)
        del sites[0]  # before the shim could refuse any
        return [sites[site] for site in sorted(sites)]

    @staticmethod
    def must(finished, what):
        code, said = finished
        if code != 0:
            sys.exit(f'crash.py: {what} ended with {code}:\n{said}')

    def shimmed(self, mode, at, count=''):
        return {'LD_PRELOAD': self.options.shim, 'CRASH_MODE': mode, 'CRASH_AT': str(at),
                'CRASH_COUNT': count}

    def points(self, chance):
        """Kinds take turns, so that a short trial has some of each."""
        last = {'kill': self.calls, 'torn': self.calls, 'full': self.bytes, 'sync': self.syncs,
                'rename': self.renames, 'write': self.writes, 'alloc': self.allocations,
                'memory': self.allocations, 'short': 1, 'bytes': 1, 'eintr': 1,
                'back': self.clocks, 'forward': self.clocks}
        turns = self.options.kinds.split(',')
        if self.options.each == 'site':
            yield from self.points_of_sites(chance)
            return
        if self.options.each:
            for at in range(self.options.each_from, last[self.options.each] + 1):
                yield self.options.each, at
            return
        for i in range(self.options.points):
            kind = turns[i % len(turns)]
            if kind == 'time':
                yield kind, round(chance.uniform(0, self.seconds), 3)
            elif kind == 'site':
                yield 'alloc', chance.choice(chance.choice(self.sites))
            else:
                yield kind, chance.randint(1, last[kind])

    def points_of_sites(self, chance):
        """Of each place the first allocation, the last, and one that chance takes: what a library
        does without memory may differ from one to the next."""
        for site in self.sites[self.options.each_from - 1:]:
            for at in sorted({site[0], chance.choice(site), site[-1]}):
                yield 'alloc', at

    def try_point(self, tally, kind, at):
        point = f'{kind} at {at}'
        night = self.base.copy(os.path.join(self.folder, 'point'))
        if kind == 'time':
            code, said = night.run(True, kill_after=at)
        else:
            code, said = night.run(True, self.shimmed(kind, at))
        if code not in (0, 1, 3) and not (code == -signal.SIGKILL and kind in KILLS):
            tally.complain(point, f'ended with {code}: {said}')
        if kind in HARMLESS and code != 0:
            tally.complain(point, f'ended with {code}: {said}')
        # Of what failed one line at least tells.
        if code == 1 and 'error: ' not in said:
            tally.complain(point, f'ended with 1 and told nothing: {said}')
        self.check_view(tally, f'{point}, ended with {code}', night, code)
        code, said = night.run(True)
        if code != 0:
            tally.complain(point, f'the next run ended with {code}: {said}')
        try:
            tally.compare(point, 'view', self.new_view, view_of(night))
            tally.compare(point, 'state', self.new_state, state_of(night))
        except sqlite3.Error as error:
            tally.unreadable += 1
            tally.complain(point, f'after the next run: {error}')
        self.check_leftovers(tally, point, night)
        shutil.rmtree(night.folder)

    def check_view(self, tally, point, night, code):
        """After the crash and before anything mends it. A run that ended with 3 has published
        without the source that failed."""
        try:
            view = view_of(night)
            if view == self.old_view and code != 0:
                tally.old += 1
            elif view == self.new_view:
                tally.new += 1
            elif code != 3:
                tally.complain(point, 'the view is neither the old nor the new one')
        except sqlite3.Error as error:
            tally.unreadable += 1
            tally.complain(point, f'the view cannot be read: {error}')
        status = subprocess.run([self.options.program, 'status', '-c', night.path('cust360.yaml')],
                                capture_output=True, check=False)
        if status.returncode != 0:
            tally.complain(point, f'status: {status.stderr.decode()}')

    @staticmethod
    def check_leftovers(tally, point, night):
        """Half-made files do not gather."""
        for folder, _, names in os.walk(night.folder):
            for name in names:
                if '.new' in name or name.endswith('-journal'):
                    tally.complain(point, f'left behind: {os.path.join(folder, name)}')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--program', default='build/cust360')
    parser.add_argument('--shim', default='build/crash/shim.so')
    parser.add_argument('--points', type=int, default=300)
    parser.add_argument('--seed', type=int, default=None)
    parser.add_argument('--kinds', default=KINDS, help='taken in turns')
    parser.add_argument('--few', action='store_true',
                        help='a night of some dozens of rows, in one thread')
    parser.add_argument('--each', help='every point of this kind, from --each-from on')
    parser.add_argument('--each-from', type=int, default=1)
    options = parser.parse_args()
    options.program = os.path.abspath(options.program)
    options.shim = os.path.abspath(options.shim)
    seed = options.seed if options.seed is not None else int(time.time())
    began = time.monotonic()
    tally = Tally()
    with tempfile.TemporaryDirectory(dir=os.environ.get('TMPDIR')) as folder:
        trial = Trial(folder, options)
        places = f' at {len(trial.sites)} places' if options.few else ''
        print(f'crash: seed {seed}; a run has {trial.calls} calls, '
              f'{trial.bytes} bytes, {trial.syncs} syncs, {trial.renames} renames, '
              f'{trial.allocations} allocations{places}, '
              f'{trial.seconds:.2f} s', flush=True)
        number = 0
        for number, (kind, at) in enumerate(trial.points(random.Random(seed)), 1):
            trial.try_point(tally, kind, at)
            if number % 50 == 0:
                print(f'crash: {number} points, {tally.failed} complaints', flush=True)
    print(f'crash: {number} points in {time.monotonic() - began:.0f} s: {tally.old} left '
          f'the old view, {tally.new} the new one; {tally.missing} rows missing, '
          f'{tally.duplicated} duplicated, {tally.unreadable} unreadable views; '
          f'{tally.failed} complaints')
    if tally.failed:
        print(f'crash: the same again: CRASH_POINTS={options.points} CRASH_SEED={seed}')
    return 1 if tally.failed else 0


if __name__ == '__main__':
    sys.exit(main())
