#!/usr/bin/env python3
"""A night of cust360 on Apache Spark: Python glues, the work is `cust360 stage`.

    sources -> read -> gather -> keys -> score -> components -> cluster -> assign -> merge

Every stage is a filter on the executors (JVM pipe, or SQL TRANSFORM); its lines go into a Parquet
table, which cuts the lineage, and are counted there: as many headers and trailers as partitions, as
many rows as the trailers tell, as many read as there were. Anything else ends the night.

spark-submit --archives bundle.tar.gz#bundle cust360_spark.py --help
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import time

from pyspark import SparkFiles
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.storagelevel import StorageLevel

TAB = "\t"


class Cut(Exception):
    """What came out of a stage is not what went in: rows are missing, or too many."""


class Different(Exception):
    """What all records together show has changed: it is not enough to look at what is new."""


class Wrong(Exception):
    """An option, or a table that it names, is not what the configuration needs."""


class Night:
    def __init__(self, spark, options):
        self.spark = spark
        # Executors of a cluster unpack what they are sent in their working folder.
        local = spark.sparkContext.master.startswith("local")
        self.sent = SparkFiles.getRootDirectory() if local else "."
        self.options = options
        self.jvm = spark._jvm
        self.folder = f"{options.state}/night-{options.night:06d}"
        self.files = 0
        self.plan = self.make_plan()
        self.times = []

    # ---- configuration ----

    def make_plan(self):
        """What the program tells the driver of the configuration."""
        options = self.options
        out = subprocess.run(
            [options.program, "stage", "plan", "-c", options.project, "--as-of", options.as_of,
             "--feeds", options.feeds], check=True, stdout=subprocess.PIPE).stdout.decode()
        return json.loads(out.split("\n")[1])

    def command(self, stage, arguments):
        """How executors call the filter: the bundle is unpacked in their working folder."""
        project = os.path.relpath(self.options.project, self.options.root)
        bundle = f"{self.sent}/bundle"
        return (["env", f"LD_LIBRARY_PATH={bundle}/lib"] + self.options.wrap.split()
                + [f"{bundle}/cust360", "stage", stage, "-c", f"{bundle}/{project}",
                   "--as-of", self.options.as_of, "--log", "json", "--unframed"] + arguments)

    def send(self, name, lines):
        """A file that every filter of the stages to come can read; returns its name there."""
        self.files += 1
        name = f"{name}-{self.options.night}-{self.files}.tsv"
        path = f"{self.options.scratch}/{name}"
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
        self.spark.sparkContext.addFile(path)
        return f"{self.sent}/{name}"

    # ---- filters ----

    def pipe(self, lines, command):
        """A column of lines through the JVM's pipe: no Python on the executors."""
        strings = self.jvm.org.apache.spark.sql.Encoders.STRING()
        words = self.jvm.java.util.ArrayList()
        for word in command:
            words.add(word)
        piped = getattr(lines._jdf, "as")(strings).toJavaRDD().pipe(
            words, self.jvm.java.util.HashMap(), False, 1 << 16, "UTF-8")
        rows = self.spark._jsparkSession.createDataset(piped.rdd(), strings).toDF()
        return DataFrame(rows, self.spark), piped.getNumPartitions()

    def transform(self, lines, command):
        """The same in plain SQL, where there is no RDD interface."""
        lines.createOrReplaceTempView("cust360_lines")
        form = "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\u0001' LINES TERMINATED BY '\\n'"
        return self.spark.sql(
            f"SELECT TRANSFORM(value) {form} USING '{' '.join(command)}' AS (value STRING) {form}"
            " FROM cust360_lines"), None

    def run(self, stage, lines, rows_in=None, name=None, arguments=(), keep=False):
        """Runs a stage over each partition into a table; returns its rows, by their first column's
        first letter (`kind`) where it has several."""
        began = time.time()
        path = f"{self.folder}/{name or stage}"
        command = self.command(stage, list(arguments))
        if rows_in is None:
            # Counted once and not computed again: what is shuffled waits on the executors' disks.
            lines = lines.persist(StorageLevel.DISK_ONLY)
            rows_in = lines.count()
        filtered, partitions = (self.transform if self.options.transform else self.pipe)(
            lines, command)
        filtered.select("value", F.substring("value", 1, 1).alias("kind")).write.mode(
            "overwrite").partitionBy("kind").parquet(path)
        table = self.spark.read.schema("value STRING, kind STRING").parquet(path)
        counts = self.check(stage, table, rows_in, partitions)
        if not keep:
            lines.unpersist()
        self.times.append((name or stage, time.time() - began, counts["rows"]))
        print(f"cust360: {name or stage}: {rows_in} rows in, {counts['rows']} out, "
              f"{counts['rejects']} rejects, {time.time() - began:.1f} s", flush=True)
        return table.where("kind <> '#'"), counts

    def check(self, stage, table, rows_in, partitions):
        """That nothing was lost between filters and table."""
        counts = {row["kind"]: row["count"] for row in table.groupBy("kind").count().collect()}
        marks = [row["value"].split(TAB) for row in table.where(
            "kind = '#' AND NOT value LIKE '#reject%'").select("value").collect()]
        ends = [[int(number) for number in mark[1:]] for mark in marks if mark[0] == "#end"]
        heads = [mark for mark in marks if mark[0] == "#cust360"]
        rejects = counts.pop("#", 0) - len(marks)
        rows = sum(counts.values())
        told = {"rows in": sum(end[0] for end in ends), "rows out": sum(end[1] for end in ends),
                "rejects": sum(end[2] for end in ends)}
        found = {"rows in": rows_in, "rows out": rows, "rejects": rejects}
        if told != found:
            raise Cut(f"stage {stage}: the trailers tell of {told}, the table has {found}")
        if len(heads) != len(ends) or (partitions and len(ends) != partitions):
            raise Cut(f"stage {stage}: {len(heads)} headers and {len(ends)} trailers of "
                      f"{partitions} partitions")
        if any(head[1:] != ["1", stage, self.plan["hash"]] for head in heads):
            raise Cut(f"stage {stage}: a filter ran with another configuration than the driver's")
        return {"rows": rows, "rejects": rejects, "counted": sum(end[3] for end in ends),
                "kinds": counts}

    def grouped(self, table, key, *order):
        """Rows of one key in one partition, side by side and in order."""
        return table.repartition(self.options.partitions, key).sortWithinPartitions(
            key, *order).select("value")

    # ---- the stages ----

    def read(self):
        """Each source whole, by one filter, a partition each; and what Spark reads itself."""
        ours = self.read_tables()
        sources = [source["id"] for source in self.plan["sources"]
                   if source["id"] not in ours and not source["missing"]]
        table = None
        if sources:
            lines = self.spark.createDataFrame([(source,) for source in sources], "value STRING")
            lines = lines.repartition(max(1, min(len(sources), 4 * self.options.partitions)),
                                      "value")
            table, _ = self.run("read", lines, len(sources), "records",
                                ["--feeds", self.options.feeds])
        if ours:
            lines = self.union(self.rows_of(self.source(source), ours[source]) for source in ours)
            more, _ = self.run("standardize", lines, name="records-of-tables",
                               arguments=["--feeds", self.options.feeds])
            table = table.unionByName(more) if table else more
        return table

    def read_tables(self):
        """Where the tables are that Spark reads: by source and the mapping's table."""
        if not self.options.tables:
            return {}
        with open(self.options.tables, encoding="utf-8") as file:
            ours = json.load(file)
        for source, places in ours.items():
            names = [table["name"] for table in self.source(source)["tables"]]
            if sorted(places) != sorted(names):
                raise Wrong(f"{self.options.tables}: the mapping of {source} has the tables "
                            f"{', '.join(names)}; here are {', '.join(places)}")
        return ours

    def source(self, wanted):
        for source in self.plan["sources"]:
            if source["id"] == wanted:
                return source
        raise Wrong(f"{self.options.tables}: there is no source {wanted}")

    def union(self, frames):
        whole = None
        for frame in frames:
            whole = whole.unionByName(frame) if whole else frame
        return whole

    def rows_of(self, source, places):
        """Rows of a source's tables as `standardize` takes them, numbered in the tables' order."""
        frames, before = [], 0
        for table in source["tables"]:
            place = places[table["name"]]
            rows = self.spark.read.options(**place.get("options", {})).format(
                place.get("format", "parquet")).load(*[place["path"]] if "path" in place else [])
            lacking = [name for name in table["columns"] if name not in rows.columns]
            if lacking:
                raise Wrong(f"{self.options.tables}: table {table['name']} of {source['id']} has "
                            f"no column {', '.join(lacking)}")
            rows = rows.select(*[escaped(F.col(f"`{name}`")).alias(f"c{number}")
                                 for number, name in enumerate(table["columns"])],
                               F.monotonically_increasing_id().alias("place"))
            rows = rows.persist(StorageLevel.DISK_ONLY)
            part, within = F.shiftright("place", 33), F.col("place").bitwiseAND((1 << 33) - 1)
            firsts = {}
            for row in sorted(rows.groupBy(part.alias("part")).count().collect()):
                firsts[row["part"]] = before
                before += row["count"]
            first = F.create_map(*[F.lit(item) for pair in firsts.items() for item in pair]) \
                if firsts else F.create_map(F.lit(0), F.lit(0))
            sequence = F.lpad((first[part] + within + 1).cast("string"), 12, "0")
            names = [F.col(f"c{number}") for number in range(len(table["columns"]))]
            frames.append(rows.select(F.concat_ws(TAB, escaped(F.lit(source["id"])), escaped(
                F.lit(table["name"])), sequence, *names).alias("value")))
        return self.union(frames)

    def gather(self, records):
        """What matching compares, and the values that belong to nobody."""
        rows = records.where("kind = 'M'").select("value", F.split("value", TAB, 7).alias("c"))
        rows = rows.select("value", F.col("c")[1].alias("owner"), F.col("c")[2].alias("id"),
                           F.col("c")[3].alias("sequence"), F.col("c")[5].alias("plan"))
        last = Window.partitionBy("id", "plan").orderBy(F.desc("sequence"))
        rows = rows.withColumn("rank", F.row_number().over(last)).where("rank = 1").drop("rank")
        lines = self.grouped(rows, "owner", F.col("plan").cast("int"), "id")
        lines = lines.persist(StorageLevel.DISK_ONLY)
        dropped = []
        for number in range(max(1, self.plan["rounds"])):
            arguments = ["--round", str(number)]
            if dropped:
                arguments += ["--dropped", self.send("dropped", dropped)]
            table, counts = self.run("gather", lines, lines.count(), f"gathered-{number}",
                                     arguments, keep=True)
            dropped += self.count_limited(table)
        lines.unpersist()
        values = table.where("kind = 'V'").select("value", F.split("value", TAB, 4).alias("c"))
        values = values.select("value", F.col("c")[1].alias("id"),
                               F.col("c")[2].alias("sequence"), F.col("c")[3].alias("rest"))
        return values, counts["kinds"].get("V", 0), dropped

    def store(self, table, name):
        """A table of the state: what the next night goes on from."""
        path = f"{self.folder}/{name}"
        table.write.mode("overwrite").parquet(path)
        return self.spark.read.parquet(path)

    def touched(self, values, former):
        """The records that are new, compare otherwise than last night, or are gone."""
        now = values.select("id", F.xxhash64("rest").alias("now"))
        before = former["tables"]("values")
        both = now.join(before, "id", "full_outer")
        both = both.where("now IS NULL OR before IS NULL OR now <> before")
        return self.store(both.select("id", F.col("now").isNotNull().alias("is_there")), "touched")

    def count_limited(self, table):
        limits = F.array(*[F.lit(limit) for limit in self.plan["limits"]])
        rows = table.where("kind = 'S'").select(F.split("value", TAB).alias("c"))
        rows = rows.select(F.col("c")[1].cast("int").alias("attribute"),
                           F.col("c")[2].alias("hash"), F.col("c")[3].alias("other"))
        over = F.element_at(limits, F.col("attribute") + 1)
        often = rows.groupBy("attribute", "hash").count().where(F.col("count") > over)
        found = rows.join(F.broadcast(often.select("attribute", "hash")), ["attribute", "hash"]) \
            .groupBy("attribute", "hash").agg(F.countDistinct("other").alias("others")) \
            .where(F.col("others") > over)
        return sorted(f"{row['attribute']}\t{row['hash']}" for row in found.collect())

    def keys(self, values, records, common, former, touched):
        """Blocking keys, until none is too large."""
        fresh, count = values, records
        if former:
            fresh = values.join(touched.where("is_there"), "id", "left_semi")
            count = touched.where("is_there").count()
        lines = fresh.select("value")
        table, _ = self.run("keys", lines, count, "keys", common)
        keys = self.store(self.go_on(self.split_keys(table), "keys-all", former, touched),
                          "keys-all")
        cut = self.too_large(keys)
        if former and cut != former["cut"]:
            raise Different("other blocking keys have become too large")
        refined, number = None, 0
        while cut:
            number += 1
            table, _ = self.run("keys", lines, count, f"keys-cut-{number}",
                                common + ["--cut-only", "--cut", self.send("cut", cut)])
            refined = self.go_on(self.split_keys(table), "keys-refined", former, touched)
            more = sorted(set(self.too_large(refined)) - set(cut))
            if former and (more or refined.where("key LIKE '%w'").limit(1).count()):
                raise Different("keys are too large even when they are cut")
            if not more:
                break
            cut += more
        if cut:
            refined = self.store(refined, "keys-refined")
            whole = self.spark.createDataFrame([(key,) for key in cut], "key STRING")
            keys = keys.join(F.broadcast(whole), "key", "left_anti").unionByName(refined)
        return keys, cut

    def go_on(self, fresh, name, former, touched):
        """Rows of records that are as they were, and fresh ones of the others."""
        if not former:
            return fresh
        return former["tables"](name).join(touched, "id", "left_anti").unionByName(fresh)

    def split_keys(self, table):
        columns = F.split("value", TAB)
        return table.select(columns[0].alias("key"), columns[1].alias("id"),
                            F.coalesce(F.get(columns, F.lit(2)) if hasattr(F, "get") else
                                       columns[2], F.lit("")).alias("order"))

    def too_large(self, keys):
        blocks = F.array(*[F.lit(most) for most in self.plan["blocks"]])
        rule = F.conv(F.substring("key", 1, 2), 16, 10).cast("int")
        return sorted(row["key"] for row in keys.where("NOT key LIKE '%w'").groupBy("key").count()
                      .where(F.col("count") > F.element_at(blocks, rule + 1)).collect())

    def score(self, values, keys, common, former, touched):
        """Values are joined to the keys that several records share; the key rows that are shuffled
        are hash and id alone. On a later night only blocks with a touched record are looked at."""
        shared = keys.groupBy("key").count().where("count > 1").select("key")
        if former:
            shared = shared.join(keys.join(touched, "id", "left_semi").select("key").distinct(),
                                 "key", "left_semi")
        blocks = keys.join(shared, "key").join(values.select("id", "rest"), "id")
        blocks = blocks.select("key", "order", F.concat_ws(TAB, "key", "order", "id", "rest")
                               .alias("value"))
        table, _ = self.run("score", self.grouped(blocks, "key", "order"), name="links",
                            arguments=common)
        columns = F.split("value", TAB)
        links = table.select("value", columns[0].alias("a"), columns[1].alias("b"),
                             columns[4].alias("joins"))
        if former:
            ids = touched.select("id")
            first, second = ids.withColumnRenamed("id", "a"), ids.withColumnRenamed("id", "b")
            fresh = links.join(first, "a", "left_semi").unionByName(
                links.join(first, "a", "left_anti").join(second, "b", "left_semi"))
            former_links = former["tables"]("links-all")
            links = former_links.join(first, "a", "left_anti").join(
                second, "b", "left_anti").select(links.columns).unionByName(
                fresh.select(links.columns))
        return self.store(links, "links-all")

    def components(self, links, decisions):
        """A spanning forest of each partition, then one union-find of what is left."""
        joins = links.where("joins = '1'").select("value")
        forest, counts = self.run("components", joins, joins.count(), "forest", ["--forest"])
        lines = forest.select("value").coalesce(1)
        table, _ = self.run("components", lines, counts["rows"], "components", decisions)
        columns = F.split("value", TAB)
        return table.select(columns[0].alias("id"), columns[1].alias("component"))

    def cluster(self, values, links, components, common):
        records = values.join(components, "id").select(
            "component", F.lit(0).alias("rank"),
            F.concat_ws(TAB, "component", F.lit("V"), "id", "rest").alias("value"))
        joins = links.where("joins = '1'").join(
            components, links["a"] == components["id"]).select(
            "component", F.lit(1).alias("rank"),
            F.concat_ws(TAB, "component", F.lit("E"), "value").alias("value"))
        rows = records.unionByName(joins)
        table, _ = self.run("cluster", self.grouped(rows, "component", "rank"), name="clusters",
                            arguments=common)
        columns = F.split("value", TAB)
        return table.select(columns[0].alias("id"), columns[1].alias("cluster"))

    def assign(self, values, records, clusters, former):
        """Golden ids: one task, for numbers are issued in the order of all clusters."""
        ranks = {source["id"]: number for number, source in enumerate(self.plan["sources"])}
        rank = F.create_map(*[F.lit(item) for pair in ranks.items() for item in pair])
        age = rank[F.substring_index("id", " ", 1)].cast("long") * F.lit(10 ** 12) + \
            F.col("sequence").cast("long") + F.lit(former.get("age", 0))
        members = values.select("id", "content", age.alias("new_age")).join(clusters, "id", "left")
        if former:
            members = members.join(former["crosswalk"], "id", "left")
        else:
            members = members.select("*", *[F.lit(None).cast("string").alias(name) for name in
                                            ("number", "home", "age", "former_hash")])
        changed = ~F.col("content").eqNullSafe(F.col("former_hash"))
        members = members.select("id", F.concat_ws(
            TAB, "id", F.coalesce("cluster", "id"), F.coalesce("number", F.lit("0")),
            F.coalesce("home", F.lit("0")), F.coalesce("age", F.col("new_age").cast("string")),
            changed.cast("int").cast("string")).alias("value"))
        lines = members.repartition(1).sortWithinPartitions("id").select("value")
        arguments = ["--ids", former["ids"]] if former else []
        table, _ = self.run("assign", lines, records, "assigned", arguments)
        columns = F.split("value", TAB)
        return table, table.where("kind = 'G'").select(
            columns[1].alias("id"), columns[2].alias("golden"), columns[3].alias("number"),
            columns[4].alias("home"), columns[5].alias("age"), columns[6].alias("touched"))

    def contents(self, records, values):
        """Of each record the row that counts, and a hash of all that merging looks at."""
        columns = F.split("value", TAB, 5)
        rows = records.where(F.col("value").startswith(f"R\t{self.plan['matched']}\t")).select(
            "value", columns[2].alias("id"), columns[3].alias("sequence"),
            F.xxhash64(columns[4]).cast("string").alias("content"))
        return rows.join(values.select("id", "sequence"), ["id", "sequence"])

    def merge(self, contents, assigned, decisions, former):
        """Golden records, of later nights only those whose records have changed or moved."""
        sources = self.send("sources", [f"{source['id']}\t{source['trust']}"
                                        for source in self.plan["sources"]])
        members = assigned.select("id", "golden", "touched")
        only = former and former["decisions"] == self.words
        if only:
            members = members.where("touched = '1'")
        rows = contents.select("id", "value").join(members, "id").select(
            "golden", "id", F.concat_ws(TAB, "golden", "value").alias("value"))
        golden, _ = self.run("merge", self.grouped(rows, "golden", "id"), name="golden-lines",
                             arguments=["--sources", sources] + decisions)
        golden = golden.select("value", F.substring_index("value", TAB, 1).alias("golden"))
        if only:
            same = assigned.where("touched = '0'").select("golden").distinct()
            golden = former["tables"]("golden-all").join(same, "golden", "left_semi").select(
                golden.columns).unionByName(golden)
        golden = self.store(golden, "golden-all")
        if golden.count() != assigned.select("golden").distinct().count():
            raise Cut("stage merge: there are not as many golden records as golden ids")
        return golden

    # ---- all of it ----

    def tables(self, records, golden, assigned):
        """What others read: golden records, crosswalk, and all records by entity."""
        names = ["golden_id", "record_count", "source_count"] + self.plan["golden"]
        columns = F.split("value", TAB)
        out = {"customer": golden.select(*[plain(columns[i]).alias(name)
                                           for i, name in enumerate(names)]),
               "customer_source": assigned.select(
                   F.substring_index(plain(F.col("id")), " ", 1).alias("source"),
                   F.expr("substr(id, instr(id, ' ') + 1)").alias("source_key"),
                   F.col("golden").alias("golden_id"))}
        entities = F.create_map(*[item for entity, fields in self.plan["entities"].items()
                                  for item in (F.lit(entity), F.array(*map(F.lit, fields)))])
        rows = records.where("kind = 'R'").select(F.split("value", TAB).alias("c"))
        rows = rows.select(F.col("c")[1].alias("entity"), plain(F.col("c")[2]).alias("id"), F.col(
            "c")[4].alias("deleted"), F.map_from_arrays(
                entities[F.col("c")[1]], F.expr("slice(c, 8, size(c))")).alias("fields"))
        rows.write.mode("overwrite").partitionBy("entity").parquet(f"{self.folder}/tables/record")
        for name, table in out.items():
            table.write.mode("overwrite").parquet(f"{self.folder}/tables/{name}")
            if self.options.jdbc:
                self.publish(self.spark.read.parquet(f"{self.folder}/tables/{name}"), name)

    def publish(self, table, name):
        """A table to the database, and how many rows have arrived there."""
        url = self.options.jdbc
        table.write.jdbc(url, name, mode="overwrite")
        sent, arrived = table.count(), self.spark.read.jdbc(url, name).count()
        if sent != arrived:
            raise Cut(f"table {name}: {sent} rows were sent, {arrived} are in the database")
        print(f"cust360: {name}: {arrived} rows in the database", flush=True)

    def write_lines(self, assigned, golden):
        """Sorted as `cmp` wants them, for a comparison with a single machine."""
        os.makedirs(self.options.lines, exist_ok=True)
        width = len(self.plan["golden"]) + 3
        write_sorted(f"{self.options.lines}/crosswalk.txt", (
            f"{row['id']}\t{row['golden']}" for row in assigned.toLocalIterator()))
        write_sorted(f"{self.options.lines}/golden.txt", (
            TAB.join(row["value"].split(TAB)[:width]) for row in golden.toLocalIterator()))

    def former(self):
        """What the last night that was finished has left; nothing: there was none."""
        manifest = f"{self.options.state}/manifest.json"
        if not os.path.exists(manifest):
            return {}
        with open(manifest, encoding="utf-8") as file:
            former = json.load(file)
        folder = f"{self.options.state}/{former['folder']}"
        former["tables"] = lambda name: self.spark.read.parquet(f"{folder}/{name}")
        ids = former["tables"]("assigned").where("kind = 'I'").select("value")
        former["crosswalk"] = former["tables"]("crosswalk")
        former["ids"] = self.send("ids", (row["value"] for row in ids.toLocalIterator()))
        return former

    def finish(self, values, contents, assigned, dropped, cut):
        """The night counts from the moment at which its manifest has its name."""
        self.store(values.select("id", F.xxhash64("rest").alias("before")), "values")
        self.store(assigned.drop("touched", "golden").join(
            contents.select("id", F.col("content").alias("former_hash")), "id"), "crosswalk")
        age = assigned.agg(F.max(F.col("age").cast("long"))).collect()[0][0] or 0
        path = f"{self.options.state}/manifest.json"
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump({"night": self.options.night, "folder": os.path.basename(self.folder),
                       "hash": self.plan["hash"], "age": age + 1, "dropped": dropped, "cut": cut,
                       "records": values.count(), "decisions": self.words,
                       "stages": [{"name": name, "seconds": round(seconds, 1), "rows": rows}
                                  for name, seconds, rows in self.times]}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.rename(path + ".new", path)

    def links(self, values, count, dropped, former):
        """All links of the night: of later nights those that are new, and what was known. What all
        records together show must be as it was; else everything is looked at again."""
        common = ["--records", str(count), "--dropped", self.send("dropped", dropped)]
        try:
            if former and (former["hash"] != self.plan["hash"] or former["dropped"] != dropped):
                raise Different("the configuration, or what belongs to nobody, is another")
            if former and any((former["records"] <= most) != (count <= most)
                              for most in self.plan["blocks"]):
                raise Different("there are so many records now that another rule holds")
            touched = self.touched(values, former) if former else None
            keys, cut = self.keys(values, count, common, former, touched)
        except Different as different:
            print(f"cust360: all pairs are looked at: {different}", flush=True)
            former, touched = {}, None
            keys, cut = self.keys(values, count, common, former, touched)
        return self.score(values, keys, common + ["--cut", self.send("cut", cut)], former,
                          touched), common, cut

    def spend(self):
        options = self.options
        decisions, self.words = [], []
        if options.decisions:
            with open(options.decisions, encoding="utf-8") as file:
                self.words = file.read().splitlines()
            decisions = ["--decisions", self.send("decisions", self.words)]
        former = self.former()
        records = self.read()
        values, count, dropped = self.gather(records)
        links, common, cut = self.links(values, count, dropped, former)
        components = self.components(links, decisions)
        clusters = self.cluster(values, links, components, common + decisions)
        contents = self.contents(records, values)
        members = values.join(contents.select("id", "content"), "id")
        _, assigned = self.assign(members, count, clusters, former)
        same = former if former and former["hash"] == self.plan["hash"] else {}
        golden = self.merge(contents, assigned, decisions, same)
        self.tables(records, golden, assigned)
        if options.lines:
            self.write_lines(assigned, golden)
        self.finish(values, contents, assigned, dropped, cut)


def escaped(column):
    """A column as the protocol has it; what is not there is empty."""
    text = F.coalesce(column.cast("string"), F.lit(""))
    for byte, escape in (("\\\\", "\\\\\\\\"), ("\t", "\\\\t"), ("\n", "\\\\n"), ("\r", "\\\\r"),
                         ("\0", "\\\\x00")):
        text = F.regexp_replace(text, byte, escape)
    return text


def plain(column):
    """A column without the protocol's escapes, which are rare."""
    text = column
    for escape, byte in (("\\\\", "\x01"), ("\\t", "\t"), ("\\n", "\n"), ("\\r", "\r"),
                         ("\x01", "\\")):
        text = F.replace(text, F.lit(escape), F.lit(byte)) if hasattr(F, "replace") else text
    value = F.when(column == "", None).otherwise(column)
    return F.when(column.contains("\\"), text).otherwise(value)


def write_sorted(path, lines):
    with open(path, "wb") as file:
        file.writelines(sorted((line + "\n").encode() for line in lines))


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    add = parser.add_argument
    add("--program", required=True, help="cust360 on the driver's machine")
    add("--root", required=True, help="the folder that the bundle was made of")
    add("--project", required=True, help="the project file, below the root")
    add("--feeds", required=True, help="the sources' exports, where executors see them")
    add("--tables", help="JSON file of the sources whose rows Spark reads itself: "
        "source, table of its mapping, then path, format and options")
    add("--as-of", required=True, help="the day that counts as today")
    add("--state", required=True, help="folder of the nights' tables and the manifest")
    add("--scratch", required=True, help="folder for files that go to the executors")
    add("--night", type=int, default=1, help="its number")
    add("--partitions", type=int, default=8, help="of each shuffle")
    add("--decisions", help="stewards' words, as etl/stage/README.md has them")
    add("--lines", help="folder for crosswalk.txt and golden.txt, to compare")
    add("--jdbc", help="URL of a database that gets customer and customer_source")
    add("--transform", action="store_true", help="SQL TRANSFORM in place of the JVM's pipe")
    add("--wrap", default="", help="a command in front of the filters, for tests")
    return parser.parse_args()


def main():
    options = read_options()
    os.makedirs(options.scratch, exist_ok=True)
    os.makedirs(options.state, exist_ok=True)
    spark = SparkSession.builder.appName("cust360").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        Night(spark, options).spend()
    except (Cut, Wrong) as cut:
        print(f"cust360: error: {cut}", file=sys.stderr)
        return 1
    finally:
        spark.stop()
        shutil.rmtree(options.scratch, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
