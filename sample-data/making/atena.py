"""住登外者宛名基本情報: the records of vendor A, in UTF-8 and as transcribed for a system on CP932."""

from . import digits
from .layouts import ATENA_NAMES
from .people import BUILDINGS, FAMILY, FOREIGN, GIVEN, HOUSES, PLACES, TOWNS, pick, shrink

RECORDS = 1200
RECORDS_CP932 = 1100
NUMBERS = digits.addressees(20260000001000, RECORDS)

# Values that single records need so that a defect can be seeded into them (record number from 1).
FIXED = {
    101: {"shimei": "佐々木　健太", "uji_nihonjin": "佐々木", "na_nihonjin": "健太", "shimei_yomigana": "ササキ　ケンタ"},
    120: {"shimei": "𠮷田　一郎", "uji_nihonjin": "𠮷田", "na_nihonjin": "一郎", "shimei_yomigana": "ヨシダ　イチロウ"},
    183: {"shimei_yomigana": "ナガタ　ジュンコ", "shimei": "永田　順子", "uji_nihonjin": "永田", "na_nihonjin": "順子"},
    260: {"shimei": "渡邉　圭", "uji_nihonjin": "渡邉", "na_nihonjin": "圭", "shimei_yomigana": "ワタナベ　ケイ"},
    275: {"jusho_katagaki": "", "jusho_katagaki_furigana": ""},
    357: {"seinengappi": "2023-02-28", "seinengappi_fushohyoki": ""},
    400: {"shimei": "小林　真理子", "uji_nihonjin": "小林", "na_nihonjin": "真理子", "shimei_yomigana": "コバヤシ　マリコ"},
    403: {"seibetsu": "1"},
    449: {"jusho_choaza": "架空台二丁目"},
    495: {"jusho_banchigohyoki": "７番１号"},
    540: {"jusho_katagaki": "例示寮３０５号", "jusho_katagaki_furigana": "レイジリョウ３０５ゴウ"},
    541: {"kojinbango": digits.FICTIONAL_INDIVIDUAL_NUMBERS[0]},
    542: {"kojinbango": digits.FICTIONAL_INDIVIDUAL_NUMBERS[1]},
    680: {"shimei": "髙橋　美咲", "uji_nihonjin": "髙橋", "na_nihonjin": "美咲", "shimei_yomigana": "タカハシ　ミサキ"},
    771: {"daihyoatenafuragu": "0", "nayosesakiatenabango": ""},
}


def record(n):
    """Record number n (from 1) as a dictionary by machine name."""
    values = dict.fromkeys(ATENA_NAMES, "")
    values.update(atenabango=NUMBERS[n - 1], **person(n), **place(n), **registration(n))
    values.update(FIXED.get(n, {}))
    if n in FIXED and "uji_nihonjin" in FIXED[n]:
        family, _, given = values["shimei_yomigana"].partition("　")
        values.update(uji_nihonjin_yomigana=family, na_nihonjin_yomigana=given, shimei_gaikokujinarufuabetto="")
        values.update(shimei_gaikokujinkanji="")
    return values


def person(n):
    """Name, kana, sex, date of birth."""
    if n % 23 == 0:
        latin, kanji, kana, sex = pick(FOREIGN, n // 23)
        who = {"shimei": latin, "shimei_gaikokujinarufuabetto": latin, "shimei_gaikokujinkanji": kanji}
        who.update(shimei_yomigana=kana, seibetsu=sex)
    else:
        family, given = pick(FAMILY, n * 5 + n // 29), pick(GIVEN, n * 3 + n // 19)
        who = {"shimei": f"{family[0]}　{given[0]}", "uji_nihonjin": family[0], "na_nihonjin": given[0]}
        who.update(shimei_yomigana=f"{family[1]}　{given[1]}", uji_nihonjin_yomigana=family[1])
        who.update(na_nihonjin_yomigana=given[1], seibetsu="0" if n % 97 == 0 else given[2])
    if n % 61 == 0:
        who["seinengappi_fushohyoki"] = "昭和○年頃"
    else:
        who["seinengappi"] = f"{1935 + n * 7 % 80}-{1 + n * 5 % 12:02d}-{1 + n * 11 % 28:02d}"
    return who


def place(n):
    """Address."""
    code, prefecture, municipality, post = pick(PLACES, n * 4 + n // 13)
    building, kana = pick(BUILDINGS, n + n // 7)
    return {
        "jusho_shikuchosonkodo": code, "jusho_choazakodo": "0000000", "jusho_todofuken": prefecture,
        "jusho_shikugunchosonmei": municipality, "jusho_choaza": pick(TOWNS, n + n // 5),
        "jusho_banchigohyoki": pick(HOUSES, n * 3), "jusho_katagaki": building, "jusho_katagaki_furigana": kana,
        "jusho_yubinbango": f"{post}8{n % 1000:03d}",
    }


def registration(n):
    """Who registered the addressee and when."""
    merged = n % 89 == 0
    local = n % 31 == 0
    return {
        "gyomuid": "" if local else pick(["010", "012", "020", "027", "023"], n),
        "dokujishisakushisutemunadoid": "A01" if local else "",
        "daihyoatenafuragu": "1" if merged else "0", "nayosesakiatenabango": NUMBERS[n - 2] if merged else "",
        "sosashaid": f"OP{1 + n % 12:04d}", "sosanengappi": f"2026-10-{1 + n % 28:02d}",
        "sosajikoku": f"{9 + n % 8:02d}:{n * 7 % 60:02d}" + ("" if n % 10 == 0 else f":{n * 13 % 60:02d}"),
    }


def utf8_records():
    """The file for vendor B, one element a record with its newline."""
    return [line(record(n)).encode("utf-8") for n in range(1, RECORDS + 1)]


def cp932_records():
    """The file for vendor C: the same persons, 𠮷 written as 吉, without variation selectors."""
    return [cp932(shrink(line(record(n)))) for n in range(1, RECORDS_CP932 + 1)]


def line(values):
    """A CSV record with CRLF. No value holds a comma or a quote, so none is quoted."""
    assert not any(set(value) & set(',"\r\n') for value in values.values())
    return ",".join(values[name] for name in ATENA_NAMES) + "\r\n"


def ibm_extensions():
    """Characters of FA40-FC4B with their bytes there: what Windows writes. Python's codec prefers ED40-EEFC."""
    table = {}
    for lead in (0xFA, 0xFB, 0xFC):
        for trail in [*range(0x40, 0x7F), *range(0x80, 0xFD)]:
            pair = bytes((lead, trail))
            try:
                character = pair.decode("cp932")
            except UnicodeDecodeError:
                continue
            if character.encode("cp932")[0] in (0xED, 0xEE):
                table[character] = pair
    return table


IBM = ibm_extensions()


def cp932(text):
    """Text in CP932 as Windows writes it."""
    return b"".join(IBM.get(c) or c.encode("cp932") for c in text)
