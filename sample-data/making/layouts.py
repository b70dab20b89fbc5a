"""Reads the fields of the layouts from specs/, so that the sample cannot drift from the packs."""

import csv
from pathlib import Path

SPECS = Path(__file__).resolve().parents[2] / "specs"


def fields(path):
    """The rows of a fields.csv."""
    with open(SPECS / path / "fields.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ATENA = fields("jutogai-031/2023-09-29/layouts/atena-kihon")
ATENA_NAMES = [field["roman"] for field in ATENA]
ZENGIN = fields("zengin/1/layouts/koza-furikae")


def zengin_kind(kind):
    """The fields of one record kind."""
    return [field for field in ZENGIN if field["kind"] == kind]


def csv_span(record, name):
    """0-based start and end of a field in a CSV record without quotes. Trail bytes of CP932 are never a comma."""
    index = ATENA_NAMES.index(name)
    parts = record.rstrip(b"\r\n").split(b",")
    start = sum(len(part) + 1 for part in parts[:index])
    return start, start + len(parts[index])


def kind_of(record):
    """The kind of a fixed-width record."""
    return {"1": "H", "2": "D", "8": "T", "9": "E"}[chr(record[0])]


def fixed_span(record, name):
    """0-based start and end of a field in a fixed-width record."""
    field = next(f for f in zengin_kind(kind_of(record)) if f["roman"] == name)
    start = int(field["start"]) - 1
    return start, start + int(field["width"])
