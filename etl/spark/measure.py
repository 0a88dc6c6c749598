#!/usr/bin/env python3
"""What a night cost, from Spark's event log: measure.py EVENT-LOG

CPU seconds are those of executors' JVMs; filters are processes of their own, whose share is what the
time command tells beyond them. Shuffles are told as written, compressed, and by their rows.
"""
import glob
import json
import os
import sys


def measure(path):
    stages, cpu = [], 0
    with open(path, encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            if event["Event"] != "SparkListenerStageCompleted":
                continue
            info = event["Stage Info"]
            found = {item["Name"]: int(item["Value"]) for item in info["Accumulables"]
                     if str(item.get("Value", "")).isdigit()}
            cpu += found.get("internal.metrics.executorCpuTime", 0) / 1e9
            rows = found.get("internal.metrics.shuffle.write.recordsWritten", 0)
            if rows:
                stages.append((found.get("internal.metrics.shuffle.write.bytesWritten", 0), rows,
                               info["Stage ID"], found.get("internal.metrics.peakExecutionMemory", 0)))
    return stages, cpu


def main(path):
    if os.path.isdir(path):
        path = max(glob.glob(f"{path}/*"), key=os.path.getmtime)
    stages, cpu = measure(path)
    print(f"executors' JVM CPU {cpu:.1f} s; shuffled {sum(stage[0] for stage in stages) / 1e6:.1f} MB")
    for written, rows, number, _ in sorted(stages, reverse=True)[:12]:
        print(f"  stage {number}: {written / 1e6:.1f} MB, {rows} rows, {written / rows:.1f} bytes a row")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
