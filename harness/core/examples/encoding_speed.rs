//! How fast the encoding room is beside encoding_rs on the same bytes in the same run:
//! `cargo run --release -p renkei-core --example encoding_speed`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement needs a clock and prints its result"
)]

use std::hint::black_box;
use std::time::Instant;

use renkei_core::encoding::class::Class;
use renkei_core::encoding::diagnosis::Census;
use renkei_core::encoding::{
    Dialect, Encoding, Repertoire, Target, count_classes, encode, scalar_table, units,
};

const RUNS: usize = 9;
const BYTES: usize = 16 << 20;

/// Best time of several runs, in MB/s (10^6 bytes a second).
fn speed(bytes: usize, mut work: impl FnMut()) -> f64 {
    let best = (0..RUNS).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    });
    bytes as f64 / 1e6 / best.fold(f64::INFINITY, f64::min)
}

fn csv() -> String {
    let names = ["山田　太郎", "鈴木　花子", "佐々木　じゅん", "髙橋　一郎"];
    let kana = ["ﾔﾏﾀﾞ ﾀﾛｳ", "ｽｽﾞｷ ﾊﾅｺ", "ｻｻｷ ｼﾞｭﾝ", "ﾀｶﾊｼ ｲﾁﾛｳ"];
    let mut text = String::new();
    for n in 0_usize.. {
        let (name, kana) = (names[n % 4], kana[n % 4]);
        text.push_str(&format!(
            "{n:015},{:012},{name},{kana},1990-01-{:02},1,0000000,東京都千代田区一番町{}－{},,,0001,2024-04-01T00:00:00,\"\",9,131016\r\n",
            n * 7919,
            n % 28 + 1,
            n % 31,
            n % 17,
        ));
        if text.len() > BYTES {
            return text;
        }
    }
    text
}

fn row(name: &str, speed: f64, yardstick: f64) {
    println!("{name:<52} {speed:>9.0} MB/s  {:>6.2}x", speed / yardstick);
}

fn cp932(text: &str) {
    let Ok(bytes) = encode(text, Target::new(Encoding::Cp932)) else {
        return;
    };
    let mut out = vec![0_u8; bytes.len() * 3 + 16];
    let decode = speed(bytes.len(), || {
        let mut decoder = encoding_rs::SHIFT_JIS.new_decoder_without_bom_handling();
        let _ = black_box(decoder.decode_to_utf8_without_replacement(&bytes, &mut out, true));
    });
    let Ok(set) = Repertoire::compile("cp932", Dialect::Ms, &[]) else {
        return;
    };
    let set = set.bytes(Encoding::Cp932, Dialect::Ms);
    println!("CP932 CSV, {} bytes", bytes.len());
    row(
        "encoding_rs decode, preallocated (yardstick)",
        decode,
        decode,
    );
    let s = speed(bytes.len(), || {
        let _ = black_box(count_classes(&bytes, Class::CP932));
    });
    row("count_classes: validity, classes", s, decode);
    let s = speed(bytes.len(), || {
        black_box(units_by_table(&bytes, |a, b| set.pair(a, b)));
    });
    row("ByteRepertoire over every pair", s, decode);
    let s = speed(bytes.len(), || drop(black_box(Census::of(&bytes))));
    row("Census: histogram and three automata", s, decode);
    let s = speed(bytes.len(), || {
        black_box(units(&bytes, Encoding::Cp932, Dialect::Ms).count());
    });
    row("units: strict decoding with reasons", s, decode);
}

fn units_by_table(bytes: &[u8], pair: impl Fn(u8, u8) -> bool) -> u64 {
    let (mut outside, mut at) = (0, 0);
    while let [a, rest @ ..] = bytes.get(at..).unwrap_or(&[]) {
        match rest {
            [b, ..] if renkei_core::encoding::class::is_lead(*a) => {
                outside += u64::from(!pair(*a, *b));
                at += 2;
            }
            _ => at += 1,
        }
    }
    outside
}

fn utf8(text: &str) {
    let bytes = text.as_bytes();
    let mut out = vec![0_u16; bytes.len() + 16];
    let decode = speed(bytes.len(), || {
        let mut decoder = encoding_rs::UTF_8.new_decoder_without_bom_handling();
        let _ = black_box(decoder.decode_to_utf16_without_replacement(bytes, &mut out, true));
    });
    let Ok(set) = Repertoire::compile("jisx0213 | ascii | jisx0201-kana", Dialect::Ms, &[]) else {
        return;
    };
    println!("UTF-8 CSV, {} bytes", bytes.len());
    row("encoding_rs decode to UTF-16 (yardstick)", decode, decode);
    let s = speed(bytes.len(), || {
        let _ = black_box(simdutf8::compat::from_utf8(bytes));
    });
    row("simdutf8 validity", s, decode);
    let s = speed(bytes.len(), || {
        let table = scalar_table();
        let mut counts = [0_u64; 32];
        for c in text.chars().filter(|c| !c.is_ascii()) {
            counts[table.class(c) as usize] += 1;
        }
        black_box(counts);
    });
    row("ScalarTable::class of every non-ASCII character", s, decode);
    let s = speed(bytes.len(), || {
        black_box(
            text.chars()
                .filter(|c| !c.is_ascii() && !set.contains(*c))
                .count(),
        );
    });
    row(
        "Repertoire::contains of every non-ASCII character",
        s,
        decode,
    );
    let s = speed(bytes.len(), || drop(black_box(Census::of(bytes))));
    row("Census: histogram and three automata", s, decode);
}

fn main() {
    let text = csv();
    cp932(&text);
    utf8(&text);
}
