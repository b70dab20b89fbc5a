"""Fictional persons and addresses.

Names are combined by arithmetic from lists of common family and given names, so a person of the sample exists only by
accident. Municipalities and their codes are real, towns and houses in them are invented.
"""

import unicodedata

# (kanji, kana). The characters that matter: 髙 﨑 德 濵 栁 (not in JIS X 0208), 𠮷 (not in CP932, 4 bytes in UTF-8),
# 辻 and 葛 with a variation selector of the collection Moji_Joho (U+E0102).
FAMILY = [
    ("佐藤", "サトウ"), ("髙橋", "タカハシ"), ("鈴木", "スズキ"), ("山﨑", "ヤマザキ"), ("田中", "タナカ"),
    ("𠮷田", "ヨシダ"), ("伊藤", "イトウ"), ("辻\U000E0102", "ツジ"), ("渡邉", "ワタナベ"), ("中村", "ナカムラ"),
    ("葛\U000E0102西", "カサイ"), ("小林", "コバヤシ"), ("齋藤", "サイトウ"), ("加藤", "カトウ"), ("德永", "トクナガ"),
    ("吉川", "ヨシカワ"), ("山田", "ヤマダ"), ("濵口", "ハマグチ"), ("佐々木", "ササキ"), ("松本", "マツモト"),
    ("井上", "イノウエ"), ("木村", "キムラ"), ("栁澤", "ヤナギサワ"), ("長谷川", "ハセガワ"), ("五十嵐", "イガラシ"),
    ("能登", "ノト"), ("表", "オモテ"), ("曽根", "ソネ"), ("永島", "ナガシマ"),
]

# (kanji, kana, sex: 1 male, 2 female). ソ 表 能 十 予 end in 5C in Shift_JIS.
GIVEN = [
    ("一郎", "イチロウ", "1"), ("花子", "ハナコ", "2"), ("健太", "ケンタ", "1"), ("美咲", "ミサキ", "2"),
    ("十和", "トワ", "2"), ("翔", "ショウ", "1"), ("祐子", "ユウコ", "2"), ("大輔", "ダイスケ", "1"),
    ("ソノ", "ソノ", "2"), ("圭", "ケイ", "1"), ("順子", "ジュンコ", "2"), ("能成", "ヨシナリ", "1"),
    ("さくら", "サクラ", "2"), ("龍之介", "リュウノスケ", "1"), ("真理子", "マリコ", "2"), ("貴予", "タカヨ", "2"),
    ("匡", "タダシ", "1"), ("ひろし", "ヒロシ", "1"), ("瑞穂", "ミズホ", "2"),
]

# (Latin, kanji or nothing, kana, sex)
FOREIGN = [
    ("ＳＡＭＰＬＥ　ＡＬＩＣＥ", "", "サンプル　アリス", "2"),
    ("ＥＸＡＭＰＬＥ　ＢＯＢ　ＬＥＥ", "", "エグザンプル　ボブ　リー", "1"),
    ("ＺＨＡＮＧ　ＳＡＭＰＬＥ", "張　見本", "チャン　サンプル", "1"),
    ("ＫＩＭ　ＲＥＩＪＩ", "金　例示", "キム　レイジ", "2"),
]

# (code, prefecture, municipality, first three digits of a postal code)
PLACES = [
    ("131016", "東京都", "千代田区", "100"), ("131024", "東京都", "中央区", "103"), ("132012", "東京都", "八王子市", "192"),
    ("112089", "埼玉県", "所沢市", "359"), ("141038", "神奈川県", "横浜市西区", "220"), ("142042", "神奈川県", "鎌倉市", "248"),
    ("142077", "神奈川県", "茅ヶ崎市", "253"), ("143618", "神奈川県", "足柄上郡中井町", "259"),
    ("011011", "北海道", "札幌市中央区", "060"), ("231061", "愛知県", "名古屋市中区", "460"),
    ("261041", "京都府", "京都市中京区", "604"), ("271276", "大阪府", "大阪市北区", "530"),
    ("401323", "福岡県", "福岡市博多区", "812"),
]
TOWNS = ["見本町一丁目", "架空台二丁目", "例示が丘三丁目", "字仮ノ沢", "ためし野四丁目", "大字試作", "かりの町"]
HOUSES = ["１番６号", "１００８番地", "３番１２－４号", "２４番地の３", "７番１号"]
BUILDINGS = [
    ("", ""), ("見本ハイツ１０１号", "ミホンハイツ１０１ゴウ"), ("", ""),
    ("メゾン～みどり～２０３号", "メゾンミドリ２０３ゴウ"), ("コーポ架空Ａ－５号", "コーポカクウＡ－５ゴウ"), ("", ""),
    ("例示寮３０５号", "レイジリョウ３０５ゴウ"),
]

# How names are written towards a system on CP932 (agreed beforehand; variation selectors are dropped).
SHRINK = {"𠮷": "吉", "\U000E0102": ""}


def pick(values, n):
    """The n-th value, again and again."""
    return values[n % len(values)]


def shrink(text):
    """A text as it is written towards a system on CP932."""
    for character, substitute in SHRINK.items():
        text = text.replace(character, substitute)
    return text


SMALL = str.maketrans("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ")


def half_width(kana):
    """Full-width katakana as bank files write it: half width, no small kana, ﾞ and ﾟ apart, `-` for the long mark."""
    plain = unicodedata.normalize("NFD", kana.translate(SMALL))
    names = {"　": " ", "\u3099": "ﾞ", "\u309A": "ﾟ", "ー": "-"}
    for code in range(0xFF66, 0xFF9E):
        names.setdefault(unicodedata.normalize("NFKC", chr(code)), chr(code))
    return "".join(names[c] for c in plain)
