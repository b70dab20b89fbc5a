"""Looks over the clean data with a few lines of its own, so that a slip of the generator is not taken for conformity."""

import datetime
import unicodedata

from . import digits
from .layouts import ATENA, kind_of, zengin_kind

ZENGIN_CHARACTERS = set(" ()-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZｦｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ")


def atena(data, encoding):
    """住登外者宛名基本情報."""
    seen = set()
    for record in data.decode(encoding).split("\r\n")[:-1]:
        values = dict(zip((f["roman"] for f in ATENA), record.split(","), strict=True))
        assert values["atenabango"] not in seen
        seen.add(values["atenabango"])
        for field in ATENA:
            value(field, values[field["roman"]])
        assert values["daihyoatenafuragu"] == "0" or values["nayosesakiatenabango"]


def value(field, text):
    """One value against its field."""
    if not text:
        assert field["output"] != "required", field["name"]
        return
    assert len(text) <= int(field["length"]), (field["name"], text)
    kind = field["type"]
    if kind == "DATE":
        datetime.date.fromisoformat(text)
    elif kind == "TIME":
        datetime.time.fromisoformat(text)
    elif kind == "N":
        assert all(unicodedata.east_asian_width(c) in "FWA" for c in text), text
        assert unicodedata.normalize("NFC", text) == text, text
    else:
        assert text.isascii() and text.isprintable(), text
    right = {"atenabango": lambda t: digits.addressee(t[:-1]) == t[-1], "kojinbango": digits.individual, "dantaicode": digits.municipality}
    assert right.get(field["format"], lambda _: True)(text), (field["name"], text)


def zengin(data):
    """全銀 口座振替."""
    count = total = 0
    for record in data.split(b"\r\n")[:-1]:
        assert len(record) == 120
        kind = kind_of(record)
        cell = {}
        for field in zengin_kind(kind):
            start, width = int(field["start"]) - 1, int(field["width"])
            cell[field["roman"]] = record[start : start + width].decode("shift_jis")
            assert set(cell[field["roman"]]) <= ZENGIN_CHARACTERS, record
            assert field["type"] != "9" or cell[field["roman"]].isdigit(), record
        if kind == "D":
            count, total = count + 1, total + int(cell["hikiotoshi_kingaku"])
        if kind == "T":
            assert (count, total) == (int(cell["goukei_kensu"]), int(cell["goukei_kingaku"]))
            count = total = 0
