#!/usr/bin/env python3
"""Peers beside renkei on the file of the bench: CPU seconds, peak memory, and what each reports.

    cargo bench -p renkei-core --bench file_engine -- 300000 write /tmp/peers
    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install polars duckdb frictionless
    /tmp/venv/bin/python harness/core/benches/peers.py /tmp/peers

`write` leaves clean.cp932.csv, clean.utf8.csv and renkei.txt (renkei's own CPU seconds on both). Peers cannot say everything
that the layout says: each gets types, required values, lengths in characters, code lists, classes and uniqueness; check
digits, lengths in bytes and the repertoire are left out. One thread each.
"""
import os
import sys
import time
from importlib.metadata import version

FIELDS = ("dantai atenabango setaibango rireki shimei kana seinengappi seibetsu tsuzukigara yubin shikuchoson jusho katagaki "
          "idobi jiyu honseki denwa jikoku kojinbango biko").split()
REQUIRED = set("dantai atenabango setaibango shimei kana seinengappi seibetsu jusho idobi jiyu jikoku".split())
LENGTH = dict(zip(FIELDS, (6, 15, 15, 4, 100, 100, 10, 1, 2, 7, 6, 200, 100, 10, 2, 200, 13, 8, 12, 60)))
CODES = {"seibetsu": ["0", "1", "2"], "tsuzukigara": ["02", "11", "12", "20", "21", "22", "31"],
         "jiyu": ["10", "11", "20", "30", "40"]}
FULL = "^[^\\x00-\\x7F\uff61-\uff9f]*$"
HALF = "^[\\x20-\\x7E\uff61-\uff9f]*$"
DATE = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"


def pattern(field):
    if field in ("seinengappi", "idobi"):
        return DATE
    if field == "jikoku":
        return TIME
    if field == "rireki":
        return "^[0-9]*$"
    return FULL if field in ("shimei", "jusho", "katagaki", "honseki") else HALF


def polars(folder):
    import polars as pl
    frame = pl.scan_csv(f"{folder}/clean.utf8.csv", has_header=False, new_columns=FIELDS, infer_schema=False)
    faults = []
    for name in FIELDS:
        column = pl.col(name)
        fault = (column.str.len_chars() > LENGTH[name]) | ~column.str.contains(pattern(name))
        if name in CODES:
            fault |= ~column.is_in(CODES[name])
        if name in ("seinengappi", "idobi"):
            fault |= column.str.to_date("%Y-%m-%d", strict=False).is_null()
        fault = fault.fill_null(name in REQUIRED)
        faults.append(fault.sum().alias(name))
    faults.append(pl.col("atenabango").is_duplicated().sum().alias("unique"))
    return sum(frame.select(faults).collect().row(0))


def duckdb(folder):
    import duckdb as db
    columns = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in FIELDS) + "}"
    faults = []
    for name in FIELDS:
        fault = f"length({name}) > {LENGTH[name]} or not regexp_matches({name}, '{pattern(name)}')"
        if name in CODES:
            fault += f" or {name} not in ({', '.join(repr(c) for c in CODES[name])})"
        if name in ("seinengappi", "idobi"):
            fault += f" or try_cast({name} as date) is null"
        missing = "true" if name in REQUIRED else "false"
        faults.append(f"count(*) filter (where coalesce({fault}, {missing}))")
    faults.append("count(*) - count(distinct atenabango)")
    db.execute("set threads to 1")
    return sum(db.execute(f"select {', '.join(faults)} from read_csv('{folder}/clean.utf8.csv', header=false, "
                          f"auto_detect=false, delim=',', quote='\"', escape='\"', columns={columns})").fetchone())


def frictionless(folder):
    from frictionless import Dialect, Resource, Schema
    fields = []
    for name in FIELDS:
        constraints = {"maxLength": LENGTH[name], "pattern": pattern(name)}
        if name in REQUIRED:
            constraints["required"] = True
        if name in CODES:
            constraints["enum"] = CODES[name]
        if name == "atenabango":
            constraints["unique"] = True
        kind = "date" if name in ("seinengappi", "idobi") else "string"
        if kind == "date":
            constraints = {k: v for k, v in constraints.items() if k == "required"}
        fields.append({"name": name, "type": kind, "constraints": constraints})
    os.chdir(folder)
    resource_ = Resource(path="clean.cp932.csv", encoding="cp932", dialect=Dialect(header=False),
                         schema=Schema.from_descriptor({"fields": fields}))
    return resource_.validate().stats["errors"]


def measured(peer, folder):
    """CPU seconds, wall seconds, peak MiB and findings of a peer in a process of its own."""
    read, write = os.pipe()
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        os.write(write, str(peer(folder)).encode())
        os._exit(0)
    os.close(write)
    found = os.read(read, 64).decode()
    _, status, used = os.wait4(child, 0)
    if status or not found:
        sys.exit(f"{peer.__name__} failed")
    return used.ru_utime + used.ru_stime, time.monotonic() - start, used.ru_maxrss / 1024, found


def main():
    folder = sys.argv[1]
    os.environ["POLARS_MAX_THREADS"] = "1"
    print(open(f"{folder}/renkei.txt", encoding="utf-8").read(), end="")
    for peer in (polars, duckdb, frictionless):
        cpu, wall, peak, found = measured(peer, folder)
        name = f"{peer.__name__} {version(peer.__name__)}"
        print(f"{name:<24} {cpu:7.2f} CPU s {wall:7.2f} s wall {peak:6.0f} MiB  {found} findings")


if __name__ == "__main__":
    main()
