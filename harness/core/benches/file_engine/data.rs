//! Synthetic resident records, the same for the same seed. Fictional persons only.

use renkei_core::encoding::{Encoding, Target, encode};
use renkei_core::spec::layout::digits::{self, Digit};

/// `fields.csv` of the benchmark layout: 20 fields.
pub(crate) const FIELDS: &str = "\
no,name,roman,type,length,code,pk,output,format,sensitive
1,団体コード,dantai,X,6,,,required,dantaicode,
2,宛名番号,atenabango,X,15,,1,required,atenabango,number
3,世帯番号,setaibango,X,15,,,required,,number
4,履歴番号,rireki,9,4,,,required,,
5,氏名,shimei,N,100,,,required,,name
6,氏名カナ,kana,X,100,,,required,,kana
7,生年月日,seinengappi,DATE,10,,,required,,birth
8,性別,seibetsu,X,1,sex,,required,,
9,続柄,tsuzukigara,X,2,relation,,,,
10,郵便番号,yubin,X,7,,,,,address
11,市区町村コード,shikuchoson,X,6,,,,dantaicode,
12,住所,jusho,N,200,,,required,,address
13,方書,katagaki,N,100,,,,,address
14,異動日,idobi,DATE,10,,,required,,
15,異動事由,jiyu,X,2,reason,,required,,
16,本籍,honseki,N,200,,,,,address
17,電話番号,denwa,X,13,,,,,contact
18,更新時刻,jikoku,TIME,8,,,required,,
19,個人番号,kojinbango,X,12,,,,kojinbango,number
20,備考,biko,X,60,,,,,free
";

/// Widths in bytes of the same fields in fixed form.
const WIDTHS: [usize; 20] = [
    6, 15, 15, 4, 40, 40, 10, 1, 2, 7, 6, 100, 60, 10, 2, 100, 13, 8, 12, 60,
];

/// `fields.csv` of the fixed layout.
pub(crate) fn fixed_fields() -> (String, usize) {
    let mut out = String::new();
    let mut start = 1;
    for (line, text) in FIELDS.lines().enumerate() {
        if line == 0 {
            out.push_str(&format!("{text},start,width,pad\n"));
            continue;
        }
        let width = WIDTHS[line - 1];
        let pad = if line == 4 {
            "left-zero"
        } else {
            "right-space"
        };
        out.push_str(&format!("{text},{start},{width},{pad}\n"));
        start += width;
    }
    (out, start - 1)
}

/// A small generator of numbers (xorshift), so that data never change with a library.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % below
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.next(from.len())]
    }
}

const SEI: &[&str] = &[
    "佐藤",
    "鈴木",
    "髙橋",
    "田中",
    "渡邊",
    "伊藤",
    "能登",
    "申谷",
    "十河",
    "山﨑",
    "五十嵐",
    "表",
    "小野寺",
];
const MEI: &[&str] = &[
    "一郎",
    "花子",
    "暴",
    "圭",
    "美咲",
    "健太",
    "彌生",
    "さくら",
    "ソフィア",
    "拓",
];
const KANA: &[&str] = &["ｻﾄｳ", "ｽｽﾞｷ", "ﾀｶﾊｼ", "ﾀﾅｶ", "ﾜﾀﾅﾍﾞ", "ｲﾄｳ", "ﾉﾄ", "ﾔﾏｻﾞｷ"];
const KANA2: &[&str] = &["ｲﾁﾛｳ", "ﾊﾅｺ", "ｹｲ", "ﾐｻｷ", "ｹﾝﾀ", "ﾔﾖｲ", "ｻｸﾗ"];
const TOWN: &[&str] = &[
    "東京都千代田区霞が関一丁目見本地区",
    "神奈川県横浜市中区日本大通",
    "大阪府大阪市北区中之島",
    "北海道札幌市中央区北一条西二十丁目見本",
];
const HOUSE: &[&str] = &[
    "",
    "",
    "見本ハイツ１０１号",
    "コーポ表参道２０３",
    "サンプルマンション十一階",
];

fn with_digit(body: String, right: impl Fn(&[u8]) -> Digit) -> String {
    for digit in 0..10 {
        let whole = format!("{body}{digit}");
        if right(whole.as_bytes()) == Digit::Right {
            return whole;
        }
    }
    // Remainder 1: not defined; the next number is taken.
    let next: u64 = body.parse::<u64>().map_or(0, |n| n + 1);
    with_digit(format!("{next:0width$}", width = body.len()), right)
}

/// The values of record `n`.
pub(crate) fn record(n: usize, numbers: &mut Numbers) -> [String; 20] {
    let kanji_number = |numbers: &mut Numbers| {
        format!(
            "{}丁目{}番{}号",
            numbers.next(9) + 1,
            numbers.next(30) + 1,
            numbers.next(20) + 1
        )
    };
    let wide = |text: &str| -> String {
        text.chars()
            .map(|c| {
                if c.is_ascii_digit() {
                    char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c)
                } else {
                    c
                }
            })
            .collect()
    };
    let house = wide(&kanji_number(numbers));
    let day = |numbers: &mut Numbers| {
        format!(
            "{}-{:02}-{:02}",
            1930 + numbers.next(90),
            numbers.next(12) + 1,
            numbers.next(28) + 1
        )
    };
    let note = ["", "", "MEMO", "A,B", "\"X\" NO", "2024 UPDATE DONE"][numbers.next(6)].to_owned();
    [
        "131016".to_owned(),
        with_digit(format!("{:014}", n * 3), digits::addressee_number),
        format!("{:015}", n / 3),
        format!("{:04}", numbers.next(50) + 1),
        format!("{}　{}", numbers.pick(SEI), numbers.pick(MEI)),
        format!("{} {}", numbers.pick(KANA), numbers.pick(KANA2)),
        day(numbers),
        numbers.pick(&["1", "2"]).to_owned(),
        numbers.pick(&["02", "12", "21", "22"]).to_owned(),
        format!("{:07}", numbers.next(9_999_999)),
        "131016".to_owned(),
        format!("{}{house}", numbers.pick(TOWN)),
        numbers.pick(HOUSE).to_owned(),
        day(numbers),
        numbers.pick(&["10", "11", "20", "30"]).to_owned(),
        format!(
            "{}{}",
            numbers.pick(TOWN),
            wide(&format!("{}番地", numbers.next(900) + 1))
        ),
        format!("03-{:04}-{:04}", numbers.next(10_000), numbers.next(10_000)),
        format!(
            "{:02}:{:02}:{:02}",
            numbers.next(24),
            numbers.next(60),
            numbers.next(60)
        ),
        with_digit(
            format!("{:011}", numbers.next(99_999_999) * 7),
            digits::individual_number,
        ),
        note,
    ]
}

/// Delimited records. `broken`: every value gets a fault.
pub(crate) fn csv(records: usize, encoding: Encoding, broken: bool) -> Vec<u8> {
    let mut numbers = Numbers::new(7);
    let mut out = Vec::with_capacity(records * 380);
    let target = Target::new(encoding);
    for n in 0..records {
        let mut line = String::with_capacity(400);
        for (at, value) in record(n, &mut numbers).into_iter().enumerate() {
            if at > 0 {
                line.push(',');
            }
            let value = if broken {
                format!("{value}\u{1}")
            } else {
                value
            };
            if value.contains([',', '"']) {
                line.push_str(&format!("\"{}\"", value.replace('"', "\"\"")));
            } else {
                line.push_str(&value);
            }
        }
        line.push_str("\r\n");
        out.extend(encode(&line, target).unwrap_or_default());
    }
    out
}

/// Fixed records in CP932 with CRLF.
pub(crate) fn fixed(records: usize) -> Vec<u8> {
    let mut numbers = Numbers::new(7);
    let mut out = Vec::with_capacity(records * 520);
    for n in 0..records {
        for (at, (value, width)) in record(n, &mut numbers).into_iter().zip(WIDTHS).enumerate() {
            let mut bytes = encode(&value, Target::new(Encoding::Cp932)).unwrap_or_default();
            // Full-width fields are filled with full-width spaces, as they are in practice.
            while is_wide(at) && bytes.len() + 2 <= width {
                bytes.extend([0x81, 0x40]);
            }
            bytes.resize(width, b' ');
            out.extend(bytes);
        }
        out.extend_from_slice(b"\r\n");
    }
    out
}

fn is_wide(field: usize) -> bool {
    matches!(field, 4 | 11 | 12 | 15)
}
