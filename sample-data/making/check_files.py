"""Short files for `renkei check`, as README and docs show them."""

from . import atena, zengin
from .layouts import csv_span, fixed_span


def files():
    """Path to content."""
    rows = [atena.line(atena.record(n)).encode() for n in (2, 6, 8, 11, 23, 89)]
    data = [zengin.debit(n) for n in range(1, 6)]
    total = sum(int(record["hikiotoshi_kingaku"]) for record in data)
    bank = [zengin.write("H", zengin.header(0)), *(zengin.write("D", record) for record in data)]
    bank.append(zengin.write("T", {"data_kubun": "8", "goukei_kensu": "5", "goukei_kingaku": str(total)}))
    bank.append(zengin.write("E", {"data_kubun": "9"}))
    return {
        "check/atena-ok.csv": b"".join(rows),
        "check/atena-3-defects.csv": b"".join(atena_defects(rows)),
        "check/furikae-ok.dat": b"".join(bank),
        "check/furikae-3-defects.dat": b"".join(bank_defects(bank)),
    }


def atena_defects(rows):
    """VAL-006 in record 2, VAL-001 in record 4, LAY-002 in record 5."""
    rows = list(rows)
    rows[1] = change(rows[1], csv_span(rows[1], "seinengappi"), b"2023-02-29")
    rows[3] = change(rows[3], csv_span(rows[3], "sosashaid"), b"")
    start, _ = csv_span(rows[4], "jusho_katagaki_furigana")
    rows[4] = change(rows[4], (start - 1, start), b"")
    return rows


def bank_defects(rows):
    """LAY-013 in record 3, ENC-003 in record 5, XRF-004 in record 7."""
    rows = list(rows)
    start, end = fixed_span(rows[2], "koza_bango")
    rows[2] = change(rows[2], (start, end), rows[2][start:end].lstrip(b"0").rjust(end - start))
    start, end = fixed_span(rows[4], "yokinsha_mei")
    rows[4] = change(rows[4], (start, end), "ﾐﾎﾝ ｼｮｳｺ".encode("shift_jis").ljust(end - start))
    start, end = fixed_span(rows[6], "goukei_kingaku")
    rows[6] = change(rows[6], (start, end), f"{int(rows[6][start:end]) + 1000:0{end - start}d}".encode())
    return rows


def change(record, span, value):
    """A record with one part replaced."""
    return record[: span[0]] + value + record[span[1] :]
