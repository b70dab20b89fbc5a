"""全銀 口座振替, request: the file that vendor B sends to the bank. 120 bytes a record and CRLF, JIS X 0201."""

from .layouts import zengin_kind
from .people import FAMILY, GIVEN, half_width, pick, shrink

GROUPS = [620, 540]
BANK = "9999"  # not a bank


def records():
    """The records, each with its newline: two groups of H, D…, T, and E at the end."""
    out, first = [], 1
    for group, count in enumerate(GROUPS):
        data = [debit(n) for n in range(first, first + count)]
        total = sum(int(record["hikiotoshi_kingaku"]) for record in data)
        out += [write("H", header(group)), *(write("D", record) for record in data)]
        out.append(write("T", {"data_kubun": "8", "goukei_kensu": str(count), "goukei_kingaku": str(total)}))
        first += count
    return [*out, write("E", {"data_kubun": "9"})]


def header(group):
    """The header of a group."""
    return {
        "data_kubun": "1", "shubetsu_code": "91", "code_kubun": "0", "itakusha_code": f"{12345 + group}",
        "itakusha_mei": pick(["ﾐﾎﾝｼ ｼﾐﾝｾﾞｲｶ", "ﾐﾎﾝｼ ｺｸﾎﾞｶ"], group), "hikiotoshi_bi": "1130",
        "torihiki_ginko_bango": BANK, "torihiki_ginko_mei": "ﾐﾎﾝ", "torihiki_shiten_bango": "1",
        "torihiki_shiten_mei": "ﾎﾝﾃﾝ", "yokin_shumoku": "1", "koza_bango": f"{100 + group}",
    }


def debit(n):
    """A data record by machine name."""
    family, given = pick(FAMILY, n * 5 + n // 29), pick(GIVEN, n * 3 + n // 19)
    name = "(ｶ)ﾐﾎﾝｼﾖｳｼﾞ" if n % 53 == 0 else half_width(f"{family[1]}　{given[1]}")
    return {
        "data_kubun": "2", "hikiotoshi_ginko_bango": BANK, "hikiotoshi_ginko_mei": "ﾐﾎﾝ",
        "hikiotoshi_shiten_bango": str(1 + n % 40), "hikiotoshi_shiten_mei": pick(["ﾎﾝﾃﾝ", "ｴｷﾏｴ", "ﾆｼｸﾞﾁ"], n),
        "yokin_shumoku": "2" if n % 53 == 0 else "1", "koza_bango": str(10000 + n * 37), "yokinsha_mei": shrink(name),
        "hikiotoshi_kingaku": str(1000 + n * 7919 % 90000 // 100 * 100), "shinki_code": "1" if n % 41 == 0 else "0",
        "kokyaku_bango": f"{20260000 + n:020d}", "furikae_kekka_code": "0",
    }


def write(kind, values):
    """A record: numbers right aligned with zeros, text left aligned with spaces."""
    out = b""
    for field in zengin_kind(kind):
        value = values.get(field["roman"], "").encode("shift_jis")
        width = int(field["width"])
        assert len(value) <= width, (field["name"], value)
        out += value.rjust(width, b"0") if field["type"] in ("9", "MMDD") else value.ljust(width)
    assert len(out) == 120, kind
    return out + b"\r\n"
