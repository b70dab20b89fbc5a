use proptest::prelude::*;

use super::*;
use crate::encoding::{Dialect, Encoding, Repertoire, Target, encode, repertoire::List};
use crate::model::Confidence;

fn csv(rows: usize, encoding: Encoding) -> Vec<u8> {
    let names = [
        "山田太郎,ﾔﾏﾀﾞ ﾀﾛｳ,東京都千代田区一番町１－２",
        "鈴木花子,ｽｽﾞｷ ﾊﾅｺ,大阪府堺市中区深井",
        "佐々木じゅん,ｻｻｷ,北海道札幌市",
    ];
    let text: String = (0..rows)
        .map(|i| format!("{i:07},{},1990-01-02\r\n", names[i % 3]))
        .collect();
    encode(&text, Target::new(encoding)).expect("writable")
}

#[test]
fn files_are_classified() {
    for rows in [1, 3, 100] {
        for encoding in [
            Encoding::Utf8,
            Encoding::Cp932,
            Encoding::EucJp,
            Encoding::Iso2022Jp,
            Encoding::Utf16Le,
            Encoding::Utf16Be,
        ] {
            let census = Census::of(&csv(rows, encoding));
            assert_eq!(
                classify(&census),
                Observed::Clean(encoding),
                "{rows} rows of {encoding}"
            );
        }
    }
    assert_eq!(classify(&Census::of(b"")), Observed::Empty);
    assert_eq!(
        classify(&Census::of(b"0001,1990-01-02\r\n")),
        Observed::Ascii
    );
    let host: Vec<u8> = [&[0xF0_u8; 20][..], &[0x40; 10], &[0x0E, 0x45, 0x65, 0x0F]].concat();
    assert_eq!(classify(&Census::of(&host)), Observed::Host(HostCode::Ibm));
}

#[test]
fn what_is_declared_is_compared() {
    let utf8 = Census::of(&csv(3, Encoding::Utf8));
    let sjis = Census::of(&csv(3, Encoding::Cp932));
    let found = mismatch(Encoding::Cp932, &utf8).expect("differs");
    assert_eq!(
        (found.observed, found.at, found.confidence),
        (Observed::Clean(Encoding::Utf8), 8, Confidence::Certain)
    );
    let found = mismatch(Encoding::Utf8, &sjis).expect("differs");
    assert_eq!(
        (found.observed, found.confidence),
        (Observed::Clean(Encoding::Cp932), Confidence::Certain)
    );
    for (declared, census) in [
        (Encoding::Utf8, &utf8),
        (Encoding::Cp932, &sjis),
        (Encoding::ShiftJisX0208, &sjis),
        (Encoding::ShiftJis2004, &sjis),
    ] {
        assert_eq!(mismatch(declared, census), None, "{declared}");
    }
    assert!(mismatch(Encoding::EucJp, &sjis).is_some());
    assert!(mismatch(Encoding::JisX0201, &sjis).is_some());
    assert_eq!(mismatch(Encoding::Cp932, &Census::of(b"ASCII")), None);
}

/// One damaged place, or one value in another encoding, is not another encoding of the file.
#[test]
fn damage_is_not_a_mismatch() {
    let mut file = csv(3, Encoding::Utf8);
    file.splice(8..11, [0x8E, 0x52]);
    assert_eq!(mismatch(Encoding::Utf8, &Census::of(&file)), None);
    let mut file = csv(3, Encoding::Cp932);
    file.splice(8..10, [0x85, 0x9F]);
    assert_eq!(mismatch(Encoding::Cp932, &Census::of(&file)), None);
    assert_eq!(
        mismatch(Encoding::Utf8, &Census::of(b"1,abc\xB1\r\n")),
        None
    );
    // A Western file is well-formed Shift_JIS of rare kanji; that is no proof.
    let western = b"1,Ren\xE9e\r\n2,Jos\xE9x\r\n3,No\xEBlle\r\n";
    let found = mismatch(Encoding::Utf8, &Census::of(western));
    assert!(found.is_none_or(|m| m.confidence != Confidence::Certain));
}

#[test]
fn shift_jis_2004_is_told_from_cp932() {
    let text = "1,𠮟る\r\n2,\u{2460}\u{3BC3}\r\n3,俱樂部\u{525D}\u{5653}\r\n4,\u{555E}\u{4FE0}\u{9830}\r\n";
    let bytes = encode(text, Target::new(Encoding::ShiftJis2004)).expect("writable");
    let found = mismatch(Encoding::Cp932, &Census::of(&bytes)).expect("differs");
    assert_eq!(found.observed.encoding(), Some(Encoding::ShiftJis2004));
    assert_eq!(mismatch(Encoding::ShiftJis2004, &Census::of(&bytes)), None);
}

#[test]
fn foreign_records_become_ranges() {
    let record = |text: &str, encoding| encode(text, Target::new(encoding)).expect("writable");
    let sjis = record("3,佐藤一郎", Encoding::Cp932);
    assert_eq!(
        foreign_encoding(&sjis, Encoding::Utf8),
        Some(Encoding::Cp932)
    );
    assert_eq!(
        foreign_encoding(&record("3,佐藤一郎", Encoding::Utf8), Encoding::Cp932),
        Some(Encoding::Utf8)
    );
    assert_eq!(foreign_encoding(&sjis, Encoding::Cp932), None);
    // One value in another encoding, and plain damage, name nothing.
    let half = [record("山田,", Encoding::Utf8), sjis.clone()].concat();
    assert_eq!(foreign_encoding(&half, Encoding::Utf8), None);
    assert_eq!(foreign_encoding(b"1,\x88", Encoding::Utf8), None);
    let mut runs = Runs::default();
    for (n, foreign) in [(1, false), (2, true), (3, true), (4, false), (5, true)] {
        if foreign {
            runs.foreign(n, n * 10, Encoding::Cp932)
        } else {
            runs.declared()
        }
    }
    let ranges: Vec<(u64, u64, u64)> = runs
        .ranges()
        .iter()
        .map(|r| (r.first, r.last, r.at))
        .collect();
    assert_eq!(ranges, [(2, 3, 20), (5, 5, 50)]);
    let mut later = Runs::default();
    later.foreign(6, 60, Encoding::Cp932);
    runs.merge(&later);
    assert_eq!(
        runs.ranges().last().map(|r| (r.first, r.last)),
        Some((5, 6))
    );
}

#[test]
fn wrong_readings_are_undone() {
    let latin = |bytes: &[u8]| bytes.iter().map(|b| char::from(*b)).collect::<String>();
    let utf8 = latin("山田太郎".as_bytes());
    assert_eq!(
        undo(&utf8),
        Some((Garble::Utf8AsLatin, "山田太郎".to_owned()))
    );
    let sjis = encode("山田太郎", Target::new(Encoding::Cp932)).expect("writable");
    assert_eq!(
        undo(&latin(&sjis)),
        Some((Garble::SjisAsLatin, "山田太郎".to_owned()))
    );
    let euc = encode("ひろしさん江", Target::new(Encoding::EucJp)).expect("writable");
    let misread = crate::encoding::decode(&euc, Encoding::Cp932, Dialect::Ms).expect("readable");
    assert_eq!(
        undo(&misread),
        Some((Garble::EucAsCp932, "ひろしさん江".to_owned()))
    );
    for clean in ["山田太郎", "ﾔﾏﾀﾞ ﾀﾛｳ", "José García", "Müller", "ﾌｼﾞ､ﾔﾏ"]
    {
        assert_eq!(undo(clean), None, "{clean}");
    }
}

#[test]
fn a_column_decides() {
    let mut column = GarbledColumn::default();
    for (n, text) in ["螻ｱ蜿｣蛛･螟ｪ", "荳ｭ譚醍ｾ主調", "鬮俶ｩ九∪縺ｪ縺ｿ"]
        .into_iter()
        .enumerate()
    {
        column.feed(n as u64 + 1, text);
    }
    let verdict = column.verdict().expect("garbled");
    assert_eq!(
        (verdict.kind, verdict.count, verdict.first),
        (Garble::Utf8AsCp932, 3, Some(1))
    );
    let mut two = GarbledColumn::default();
    two.feed(1, "螻ｱ蜿｣蛛･螟ｪ");
    two.feed(2, "荳ｭ譚醍ｾ主調");
    assert_eq!(two.verdict(), None);
    let mut rare = column.clone();
    (4..20).for_each(|n| rare.feed(n, "山田太郎"));
    assert_eq!(rare.verdict(), None);
}

/// The form that looks at bytes first finds the same columns.
#[test]
fn columns_of_bytes_are_judged_alike() {
    let garbled = [
        "螻ｱ蜿｣蛛･螟ｪ",
        "荳ｭ譚醍ｾ主調",
        "鬮俶ｩ九∪縺ｪ縺ｿ",
        "莨願陸縺ｮ縺槭∩",
    ];
    let latin: Vec<String> = ["山田", "鈴木", "佐藤"]
        .iter()
        .map(|n| n.bytes().map(char::from).collect())
        .collect();
    let columns: Vec<Vec<&str>> = vec![
        garbled.to_vec(),
        latin.iter().map(String::as_str).collect(),
        vec!["山田太郎", "ﾔﾏﾀﾞ ﾀﾛｳ", "José", "１－２"],
    ];
    for values in columns {
        let mut plain = GarbledColumn::default();
        values.iter().for_each(|text| plain.feed(1, text));
        for encoding in [Encoding::Utf8, Encoding::Cp932, Encoding::Utf16Le] {
            let mut fast = GarbledColumn::default();
            for text in &values {
                let Ok(bytes) = encode(text, Target::new(encoding)) else {
                    continue;
                };
                fast.feed_bytes(1, &bytes, encoding);
            }
            if fast.cells == plain.cells {
                assert_eq!(fast.verdict(), plain.verdict(), "{values:?} in {encoding}");
            }
        }
    }
}

#[test]
fn traces_of_lost_characters() {
    assert_eq!(lost_runs("山\u{FFFD}\u{FFFD}田").first(), Some(&(3..9)));
    assert_eq!(lost_runs("鐃緒申鐃緒申x").first(), Some(&(0..18)));
    assert_eq!(lost_runs("ï¿½").first(), Some(&(0..6)));
    assert!(lost_runs("緒方 申一 ｿｽ").is_empty());
    let target = Target::new(Encoding::Cp932);
    let of = |text: &str| {
        references(text, target)
            .into_iter()
            .map(|r| (r.at, r.what, r.confidence))
            .collect::<Vec<_>>()
    };
    assert_eq!(of("a&#134071;b"), [(1..10, '𠮷', Confidence::Certain)]);
    assert_eq!(of("&#39640;"), [(0..8, '高', Confidence::Probable)]);
    assert_eq!(of("&#x20BB7;"), [(0..9, '𠮷', Confidence::Certain)]);
    assert_eq!(of("U+2363A様"), [(0..7, '\u{2363A}', Confidence::Probable)]);
    assert_eq!(of(r"\u5409"), [(0..6, '吉', Confidence::Probable)]);
    for clean in [
        "&amp;",
        "&#65;",
        "U+41",
        "AT&T",
        "&#134071",
        "Uターン",
        r"C:\users",
        "&#99999999;",
    ] {
        assert!(of(clean).is_empty(), "{clean}");
    }
    assert_eq!(
        marks("葛?城", ""),
        [Mark {
            at: 3,
            what: '?',
            after_ideograph: true
        }]
    );
    assert!(marks("山〓田", "〓").is_empty());
    assert_eq!(marks("山〓田■", "■").len(), 1);
}

#[test]
fn selectors_are_judged_by_policy() {
    let list = List::parse("l", b"id: l\nversion: 1\nU+845B U+E0100\n").expect("reads");
    let listed = Repertoire::compile("l", Dialect::Ms, &[list]).expect("compiles");
    let kinds = |text: &str, ivs: bool, listed: Option<&Repertoire>| -> Vec<SelectorFaultKind> {
        selectors(
            text,
            SelectorPolicy {
                ivs,
                svs: true,
                listed,
            },
        )
        .into_iter()
        .map(|f| f.kind)
        .collect()
    };
    assert_eq!(
        kinds("葛\u{E0100}", false, None),
        [SelectorFaultKind::Forbidden]
    );
    assert!(kinds("葛\u{E0100}々\u{E0100}𠮷\u{E0100}", true, None).is_empty());
    assert_eq!(
        kinds("\u{E0100}葛", true, None),
        [SelectorFaultKind::NoBase]
    );
    assert_eq!(
        kinds("あ\u{E0100}", true, None),
        [SelectorFaultKind::NoBase]
    );
    assert_eq!(
        kinds("葛\u{E0100}\u{E0101}", true, None),
        [SelectorFaultKind::Repeated]
    );
    assert!(kinds("葛\u{E0100}", true, Some(&listed)).is_empty());
    assert_eq!(
        kinds("葛\u{E0101}", true, Some(&listed)),
        [SelectorFaultKind::NotListed]
    );
}

/// NFC changes 22 kanji of CP932 and 75 of JIS X 0213 (counted again with CPython's unicodedata 14).
#[test]
fn nfc_sets_have_their_measured_sizes() {
    let count = |set: &str| {
        let set = Repertoire::compile(set, Dialect::Ms, &[])
            .expect("compiles")
            .summary();
        let chars = set
            .ranges
            .iter()
            .flat_map(|(a, b)| *a..=*b)
            .filter_map(char::from_u32);
        chars
            .filter(|c| not_nfc(&c.to_string()).iter().any(|f| f.compatibility))
            .count()
    };
    assert_eq!(count("cp932"), 22);
    assert_eq!(count("jisx0213:2004"), 75);
    assert!(not_nfc("か").is_empty());
    let apart = not_nfc("は\u{309A}と か\u{3099}");
    let parts: Vec<(usize, &str)> = apart
        .iter()
        .map(|f| (f.at.start, f.becomes.as_str()))
        .collect();
    assert_eq!(parts, [(0, "ぱ"), (10, "が")]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Feeding in pieces, and merging parts that begin at records, count the same.
    #[test]
    fn census_does_not_depend_on_chunks(cut in 0_usize..600, encoding in prop::sample::select(vec![Encoding::Utf8, Encoding::Cp932, Encoding::EucJp])) {
        let file = csv(6, encoding);
        let whole = Census::of(&file);
        let mut pieces = Census::default();
        for piece in file.chunks(cut % 37 + 1) {
            pieces.feed(piece);
        }
        pieces.finish();
        let border = file.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| i + 1).nth(cut % 6).unwrap_or(0);
        let mut first = Census::default();
        first.feed(&file[..border]);
        first.finish();
        let mut second = Census::at(border as u64);
        second.feed(&file[border..]);
        second.finish();
        first.merge(&second);
        for other in [pieces, first] {
            prop_assert_eq!(&whole.utf8, &other.utf8);
            prop_assert_eq!(&whole.sjis, &other.sjis);
            prop_assert_eq!(&whole.euc, &other.euc);
            prop_assert_eq!(whole.histogram, other.histogram);
            prop_assert_eq!(&whole.head, &other.head);
        }
    }

    /// Whatever the bytes are, nothing panics.
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..80), next in prop::collection::vec(any::<u8>(), 0..3)) {
        let census = Census::of(&bytes);
        for declared in Encoding::ALL {
            let _ = mismatch(declared, &census);
            let _ = foreign_encoding(&bytes, declared);
        }
        let _ = (unset_storage(&bytes), shift_codes(&bytes), cut_character(&bytes, &next));
    }

    /// Whatever the text is, nothing panics, and places are inside it.
    #[test]
    fn no_text_panics(text in "[\\PC&#x;U+0-9〓か\u{3099}葛\u{E0100}ｱｿｽ縺繧?\u{FFFD}]{0,24}", other in "\\PC{0,12}") {
        let target = Target::new(Encoding::Cp932);
        let _ = (undo(&text), undo_span(&text), marks(&text, ""), compare(&text, &other), compare(&other, &text));
        let _ = selectors(&text, SelectorPolicy { ivs: true, svs: false, listed: None });
        for range in lost_runs(&text).into_iter().chain(references(&text, target).into_iter().map(|r| r.at)).chain(not_nfc(&text).into_iter().map(|f| f.at)) {
            prop_assert!(text.get(range).is_some());
        }
        let mut mapping = MappingCensus::default();
        mapping.feed(&text);
    }

    /// The searching form counts as the plain one does.
    #[test]
    fn both_forms_of_the_mapping_census_agree(text in "[～〜－−∥‖―—￠¢￡£￢¬￤¦あ亜aé丑]{0,40}") {
        let (mut plain, mut fast) = (MappingCensus::default(), MappingCensus::default());
        plain.feed(&text);
        fast.feed_utf8(text.as_bytes());
        prop_assert_eq!(plain, fast);
    }

    /// The parts of a comparison put the two texts together again.
    #[test]
    fn a_comparison_accounts_for_both_texts(sent in "[髙橋一～〜か\u{3099}葛\u{E0100}𠮷ｶﾞ㈱é?]{0,8}", received in "[髙橋一～〜がガ葛𠮷?〓(株)e]{0,8}") {
        let (mut a, mut b) = (sent.clone(), String::new());
        for d in compare(&sent, &received).iter().rev() {
            a.replace_range(d.at..d.at + d.sent.len(), &d.received);
        }
        b.push_str(&received);
        prop_assert_eq!(a, b);
    }
}
