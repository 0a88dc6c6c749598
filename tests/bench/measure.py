"""What the benchmarks share: a process and what it cost, and how good clusters are."""
import collections
import csv
import os
import subprocess
import sys
import time


def run_measured(command, log, expected=(0,)):
    """Runs a command; returns wall seconds, CPU seconds and peak memory in MB."""
    start = time.monotonic()
    with open(log, 'wb') as output:
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) not in expected:
        with open(log, encoding='utf-8', errors='replace') as text:
            sys.stderr.write(text.read())
        sys.exit(f'could not run {" ".join(map(str, command))}')
    return {'wall_s': wall_s, 'cpu_s': usage.ru_utime + usage.ru_stime,
            'peak_mb': usage.ru_maxrss / 1024}


def read_truth(path):
    """true_id by rec_id."""
    with open(path, encoding='utf-8', newline='') as file:
        return {row['rec_id']: row['true_id'] for row in csv.DictReader(file)}


def pairs_of(count):
    return count * (count - 1) // 2


def compare(truth, clusters):
    """Precision, recall and F1 of all pairs within clusters; `clusters` is (record, cluster)."""
    sizes, common, seen = collections.Counter(), collections.Counter(), set()
    for record, cluster in clusters:
        if record in truth:
            sizes[cluster] += 1
            common[cluster, truth[record]] += 1
            seen.add(record)
    true_pairs = sum(map(pairs_of, collections.Counter(truth.values()).values()))
    found_pairs = sum(map(pairs_of, sizes.values()))
    right_pairs = sum(map(pairs_of, common.values()))
    precision = right_pairs / found_pairs if found_pairs else 1.0
    recall = right_pairs / true_pairs if true_pairs else 1.0
    both = precision + recall
    return {'precision': precision, 'recall': recall,
            'f1': 2 * precision * recall / both if both else 0.0}


def read_clusters(path):
    """(key, cluster) of a clusters.csv of cust360 match."""
    with open(path, encoding='utf-8', newline='') as file:
        for row in csv.DictReader(file):
            yield row['key'], row['cluster']
