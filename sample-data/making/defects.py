"""The seeded defects: one a record, each removable on its own."""

import dataclasses
import unicodedata

from . import atena, parties, zengin
from .layouts import csv_span, fixed_span, kind_of

CSV = "vendor-a/outbox/jutogai_131016_20261101_001.csv"
SJIS = "vendor-a/outbox/jutogai_131016_20261101_002.csv"
BANK = "vendor-b/outbox/furikae_131016_20261130.dat"


@dataclasses.dataclass
class Patch:
    """A replacement in a clean file."""

    at: int  # byte offset in the clean file
    clean: bytes
    seeded: bytes


@dataclasses.dataclass
class Seed:
    """A defect and the finding that it must raise."""

    id: str
    rule: str
    ja: str
    en: str
    file: str
    cases: tuple[str, ...] = ("",)  # one finding in each
    record: int | None = None
    field: str = ""
    patch: Patch | None = None
    places: int = 0  # offset of the finding from the start of the patch, in bytes of the seeded file
    text: tuple[str, str] = ("", "")  # (seeded, clean) for text patches
    extra: dict = dataclasses.field(default_factory=dict)
    count: int = 1  # places of each finding


def clean_files():
    """Clean data files by path, as lists of records."""
    return {CSV: atena.utf8_records(), SJIS: atena.cp932_records(), BANK: zengin.records()}


class Planter:
    """Plants defects into one file."""

    def __init__(self, file, case, records, span):
        self.file, self.case, self.records, self.span = file, case, records, span
        self.seeds = []
        self.used = set()

    def start(self, number):
        """Byte offset of a record (from 1) in the clean file."""
        return sum(len(record) for record in self.records[: number - 1])

    def value(self, number, name):
        """The clean bytes of a field."""
        start, end = self.span(self.records[number - 1], name)
        return self.records[number - 1][start:end]

    def plant(self, seed, rule, ja, en, number, name, change, places=0):
        """Changes a field of a record; `change` takes the clean bytes and gives the seeded ones."""
        start, _ = self.span(self.records[number - 1], name)
        clean = self.value(number, name)
        seeded = change(clean)
        assert seeded != clean, seed
        self.add(seed, rule, ja, en, number, name, Patch(self.start(number) + start, clean, seeded), places)

    def add(self, seed, rule, ja, en, number, name, patch, places=0):
        """Adds a defect with a patch of its own; `number` None for the file as a whole."""
        assert number not in self.used, (seed, number)
        self.used.add(number)
        if name and self.span is fixed_span:
            name = f"{kind_of(self.records[number - 1])}.{name}"  # layouts with several kinds name the kind, too
        self.seeds.append(Seed(seed, rule, ja, en, self.file, (self.case,), number, name, patch, places))


def to(text, encoding="utf-8"):
    """A change into a fixed value."""
    return lambda _: text.encode(encoding)


def swap(old, new, encoding="utf-8"):
    """A change of one part of the value."""
    def change(clean):
        assert clean.count(old.encode(encoding)) >= 1, (old, clean)
        return clean.replace(old.encode(encoding), new.encode(encoding), 1)
    return change


def last_digit(clean):
    """Another last digit: never the right check digit."""
    return clean[:-1] + str((int(clean[-1:]) + 1) % 10).encode()


def one_more(clean):
    """A zero-filled number, one higher."""
    return f"{int(clean) + 1:0{len(clean)}d}".encode()


def csv_defects(records):
    """C-001: encoding, layout and values of the UTF-8 file."""
    p = Planter(CSV, "C-001", records, csv_span)
    p.add("S-01", "ENC-002", "先頭にBOMがある", "a BOM at the start", None, "", Patch(0, b"", b"\xef\xbb\xbf"))
    p.plant("S-02", "ENC-001", "UTF-8のファイルに、CP932のバイトのまま氏名を継ぎ足した", "a name in CP932 bytes inside the UTF-8 file",
            101, "shimei", lambda clean: clean.decode().encode("cp932"))
    p.plant("S-03", "ENC-005", "氏名に置換文字U+FFFDが残る", "U+FFFD left in a name",
            147, "shimei", lambda clean: clean[:-3] + "\ufffd".encode(), places=len(p.value(147, "shimei")) - 3)
    p.plant("S-04", "ENC-011", "読み仮名の濁点が分解されている（NFD）", "kana in decomposed form (NFD)",
            183, "shimei_yomigana", lambda clean: unicodedata.normalize("NFD", clean.decode()).encode(),
            places=len("ナ".encode()))  # the first kana has no dakuten
    end = p.start(230)
    p.add("S-05", "LAY-004", "1レコードだけ改行がLF", "one record ends with LF", 229, "", Patch(end - 2, b"\r\n", b"\n"))
    start, _ = csv_span(records[274], "jusho_katagaki_furigana")
    lay = Patch(p.start(275) + start, b",", b"")
    p.add("S-06", "LAY-002", "項目が28個しかない", "28 fields instead of 29", 275, "", lay, p.start(275) - lay.at)
    p.plant("S-07", "VAL-001", "操作者IDがない", "no operator", 311, "sosashaid", to(""))
    p.plant("S-08", "VAL-006", "2023年2月29日は存在しない", "29 February 2023 does not exist",
            357, "seinengappi", to("2023-02-29"))
    p.plant("S-09", "VAL-008", "性別が9", "sex is 9", 403, "seibetsu", to("9"))
    p.plant("S-10", "VAL-003", "住所_町字が19文字", "town of 19 characters",
            449, "jusho_choaza", to("架空台二丁目字例示小字見本通り西五条上"))
    p.plant("S-11", "VAL-004", "全角の項目に半角数字", "half-width digits in a full-width field",
            495, "jusho_banchigohyoki", to("7番1号"))
    p.plant("S-12", "VAL-009", "個人番号の検査数字が違う", "wrong check digit of an individual number",
            541, "kojinbango", last_digit)
    p.plant("S-13", "XRF-001", "宛名番号がレコード587と重なる", "the addressee number of record 587 again",
            633, "atenabango", lambda _: p.value(587, "atenabango"))
    p.plant("S-14", "VAL-011", "市区町村コードの検査数字が違う", "wrong check digit of a municipality code",
            679, "jusho_shikuchosonkodo", last_digit)
    p.plant("S-15", "VAL-010", "宛名番号の検査数字が違う", "wrong check digit of an addressee number",
            725, "atenabango", last_digit)
    p.plant("S-16", "VAL-002", "非代表宛名なのに名寄せ先宛名番号がない", "merged, but no number merged into",
            771, "daihyoatenafuragu", to("1"))
    p.seeds[-1].field = "nayosesakiatenabango"
    flag, _ = csv_span(records[770], "daihyoatenafuragu")
    target, _ = csv_span(records[770], "nayosesakiatenabango")
    p.seeds[-1].places = target - flag
    p.plant("S-17", "VAL-007", "操作時刻が25時", "hour 25", 817, "sosajikoku", lambda clean: b"25" + clean[2:])
    return p.seeds


def sjis_defects(records):
    """C-002: what goes wrong on the way into CP932."""
    p = Planter(SJIS, "C-002", records, csv_span)
    p.plant("S-21", "ENC-020", "𠮷が変換できず?になった", "𠮷 became ? on conversion",
            120, "shimei", swap("吉", "?", "cp932"))
    p.plant("S-22", "ENC-004", "外字（F040）がある", "a user-defined character (F040)",
            260, "shimei", lambda clean: b"\xf0\x40" + clean[2:])
    clean = p.value(400, "shimei")
    p.plant("S-23", "ENC-014", "氏名の最後の文字が2バイト目を失っている", "the last character of a name lost its second byte",
            400, "shimei", lambda clean: clean[:-1], places=len(clean) - 2)
    p.plant("S-24", "ENC-003", "合意した範囲にない文字（①）", "a character outside the agreed repertoire (①)",
            540, "jusho_katagaki", swap("号", "①", "cp932"), places=len(p.value(540, "jusho_katagaki")) - 2)
    p.plant("S-25", "ENC-016", "変換器が置いたFC FCがある", "FC FC left by a converter",
            680, "shimei", lambda clean: b"\xfc\xfc" + clean[2:])
    size = sum(len(record) for record in records)
    p.add("S-26", "LAY-005", "最後のレコードの後に改行がない", "no newline after the last record",
          len(records), "", Patch(size - 2, b"\r\n", b""))
    return p.seeds


def bank_defects(records):
    """C-003: record length, padding, totals of the 120-byte file."""
    p = Planter(BANK, "C-003", records, fixed_span)
    first_trailer = 1 + zengin.GROUPS[0] + 1
    p.plant("S-31", "VAL-013", "種別コードが21（総合振込）", "kind 21 (credit transfer)",
            1, "shubetsu_code", to("21"))
    p.plant("S-32", "ENC-003", "預金者名に小書きの仮名", "small kana in a name", 65, "yokinsha_mei", small_kana)
    p.seeds[-1].places = p.seeds[-1].patch.seeded.index("ｼｮ".encode("shift_jis")) + 1
    p.plant("S-33", "LAY-013", "口座番号が空白で埋められている", "account number padded with spaces",
            150, "koza_bango", lambda clean: clean.lstrip(b"0").rjust(len(clean)))
    p.plant("S-34", "VAL-005", "口座番号に英字", "a letter in an account number",
            240, "koza_bango", lambda clean: clean[:-1] + b"O")
    cut = Patch(p.start(331) - 3, b" ", b"")
    p.add("S-35", "LAY-001", "1レコードが119バイト", "a record of 119 bytes", 330, "", cut, p.start(330) - cut.at)
    p.plant("S-36", "XRF-003", "合計件数が1件多い", "one record too many in the trailer",
            first_trailer, "goukei_kensu", one_more)
    p.plant("S-37", "VAL-006", "引落日が11月31日", "31 November", first_trailer + 1, "hikiotoshi_bi", to("1131"))
    p.plant("S-38", "XRF-004", "合計金額が1円違う", "the total is off by one yen",
            len(records) - 1, "goukei_kingaku", one_more)
    size = sum(len(record) for record in records)
    p.add("S-39", "LAY-006", "末尾に0x1Aがある", "0x1A at the end", None, "", Patch(size, b"", b"\x1a"))
    return p.seeds


def small_kana(clean):
    """ｼﾖ as ｼｮ; the record is chosen so that it has one."""
    old, new = "ｼﾖ".encode("shift_jis"), "ｼｮ".encode("shift_jis")
    assert clean.count(old) == 1, clean
    return clean.replace(old, new)


def text_defects():
    """Agreement, receivers, API, authentication: lines of the profiles and of the plan."""
    def line(seed, rule, ja, en, stand_in, word, *cases):
        text, extra = (f'    "{word}",\n', ""), {"misbehaviour": word, "stand_in": stand_in}
        return Seed(seed, rule, ja, en, "plan.toml", cases, text=text, extra=extra)
    all_calls = ["C-101", "C-102", "C-103", "C-104", "C-105", "C-106"]
    return [
        Seed("S-41", "AGR-002", "B社がX10（順序・再送・冪等性）に答えていない", "vendor B gave no answer to X10", "vendor-b/profile.toml",
             text=parties.SILENT, extra={"item": "X10"}),
        Seed("S-42", "AGR-001", "X11（一部の誤り）の申告が食い違う", "the answers to X11 differ", "vendor-b/profile.toml",
             text=parties.CONFLICT, extra={"item": "X11"}),
        line("S-51", "REC-003", "B社が正しいレコードを拒む", "vendor B rejects a conforming record",
             "b-receiver", "reject-conforming", "C-001"),
        line("S-52", "REC-001", "C社が違うバイトを格納する", "vendor C stores other bytes",
             "c-receiver", "store-other-bytes", "C-002"),
        line("S-61", "API-003", "応答の媒体型にcharsetがない", "no charset in the media type of the answers",
             "a-api", "charset-missing", *all_calls),
        line("S-62", "API-012", "操作者IDのない要求を受け付ける", "a request without operator is accepted",
             "a-api", "required-not-checked", "C-105"),
        line("S-63", "API-006", "桁あふれのエラーコードがE0003でない", "the over-long item is not answered with E0003",
             "a-api", "error-code-wrong", "C-106"),
        # Only the client `main`: the client of the expired-token case keeps its two seconds. One token endpoint, so one
        # finding, in the first case that shows it; two tokens were fetched (the API's scope, the wrong scope).
        Seed("S-71", "AUT-002", "トークンの有効期間が3600秒", "tokens live for 3600 s", "plan.toml", ("C-101",), count=2,
             text=parties.LIFETIME),
        line("S-72", "AUT-005", "期限切れのトークンを受け付ける", "an expired token is accepted", "a-api", "expiry-ignored", "C-103"),
        line("S-73", "AUT-006", "スコープの違うトークンを受け付ける", "a token with another scope is accepted",
             "a-api", "scope-ignored", "C-104"),
    ]
