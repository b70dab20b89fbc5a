use super::*;
use crate::encoding::encode::Target;
use crate::encoding::{decode, encode};

fn set(expression: &str) -> Repertoire {
    Repertoire::compile(expression, Dialect::Ms, &[]).expect("compiles")
}

/// Sizes of the measured table (Unicode counts).
#[test]
fn sizes_are_those_measured() {
    let expected = [
        ("ascii", 95),
        ("jisx0201-roman", 95),
        ("jisx0201-kana", 63),
        ("jisx0208", 6_879),
        ("jisx0208-nonkanji", 524),
        ("jisx0208-level1", 2_965),
        ("jisx0208-level2", 3_390),
        ("nec13", 83),
        ("nec13 - jisx0208", 74),
        ("ibm-ext", 388),
        ("nec-ibm", 374),
        ("(nec13 | nec-ibm | ibm-ext) - jisx0208", 447),
        ("cp932-no-ext", 6_879 + 95 + 63),
        ("cp932", 7_326 + 95 + 63),
        ("cp932-udc", 1_880),
        ("jisx0213:2004", 11_233 - 25),
        ("jisx0213:2000", 11_223 - 25),
        ("jisx0212", 6_067),
        ("zengin", 89),
    ];
    for (expression, size) in expected {
        assert_eq!(set(expression).summary().characters, size, "{expression}");
    }
    assert_eq!(set("jisx0213:2004").summary().sequences, 25);
}

/// 361 of the 447 new characters of CP932 are in JIS X 0213; 86 are not, 84 kanji among them, 髙 too.
#[test]
fn what_cp932_has_and_x0213_has_not() {
    let lost = set("(nec13 | nec-ibm | ibm-ext) - jisx0208 - jisx0213:2004");
    assert_eq!(lost.summary().characters, 86);
    let kanji = lost
        .ranges
        .chars()
        .filter(|c| crate::encoding::scalar::is_han(u32::from(*c)))
        .count();
    assert_eq!(kanji, 84);
    assert!(lost.contains('髙') && !lost.contains('﨑'));
}

#[test]
fn the_zengin_set_has_no_small_kana() {
    let zengin = set("zengin");
    assert!("ｱｶﾞﾟｦﾝ 0-9.()Z".chars().all(|c| zengin.contains(c)));
    assert!("ｧｯｰ､｡･az,".chars().all(|c| !zengin.contains(c)));
}

#[test]
fn the_dialect_decides_the_wave_dash() {
    let jis = Repertoire::compile("jisx0208", Dialect::Jis, &[]).expect("compiles");
    assert!(jis.contains('〜') && !jis.contains('～'));
    assert!(set("jisx0208").contains('～') && !set("jisx0208").contains('〜'));
}

#[test]
fn faults_name_the_place() {
    let at = |text| {
        Repertoire::compile(text, Dialect::Ms, &[])
            .expect_err("faulty")
            .at
    };
    assert_eq!(at("ascii | mj-plus"), 8);
    assert_eq!(at("(ascii"), 6);
    assert_eq!(at("ascii cp932"), 6);
    assert_eq!(at(""), 0);
    assert_eq!(at("U+12"), 0);
    assert!(Repertoire::compile(&"(".repeat(10_000), Dialect::Ms, &[]).is_err());
}

#[test]
fn sequences_come_from_lists() {
    let list =
        List::parse("l", b"id: gaiji-a\nversion: 1\nU+845B U+E0100\nU+E000\n").expect("reads");
    let lists = [list];
    let with = Repertoire::compile("jisx0208 | gaiji-a", Dialect::Ms, &lists).expect("compiles");
    assert_eq!(with.lists(), lists);
    let outside: Vec<String> = with
        .check("葛\u{E0100}葛\u{E0101}葛\u{E000}A")
        .map(|o| o.what)
        .collect();
    assert_eq!(outside, ["葛\u{E0101}", "A"]);
    let diff = with.diff(&set("jisx0208"));
    assert_eq!(diff.only_first.summary().characters, 1);
    assert_eq!(
        (
            diff.only_first.summary().sequences,
            diff.only_second.summary().characters,
            diff.common
        ),
        (1, 0, 6_879)
    );
}

/// The byte form and the character form of a set agree on every position.
#[test]
fn bytes_and_characters_agree() {
    for (encoding, expression) in [
        (Encoding::Cp932, "jisx0208-level1 | nec13"),
        (Encoding::ShiftJis2004, "jisx0213"),
    ] {
        let set = set(expression);
        let bytes = set.bytes(encoding, Dialect::Ms);
        for pair in 0x8140..=0xFCFC_u16 {
            let [a, b] = pair.to_be_bytes();
            let Ok(text) = decode(&[a, b], encoding, Dialect::Ms) else {
                continue;
            };
            if text.chars().count() == 1
                || encode(&text, Target::new(encoding)).is_ok_and(|e| e == [a, b])
            {
                assert_eq!(
                    bytes.pair(a, b),
                    set.check(&text).next().is_none(),
                    "{pair:04X} {text}"
                );
            }
        }
        assert!(!bytes.single(b'A'));
    }
}

/// The guide names every set, with the size it has.
#[test]
fn the_guide_is_complete() {
    let guide = include_str!("../../../../../docs/encodings.md");
    for (names, _) in catalogue() {
        let name = names.first().expect("a set has a name");
        assert!(
            guide.contains(&format!("`{name}`")),
            "{name} is not in docs/encodings.md"
        );
    }
    for (expression, size) in [
        ("cp932", 7_484),
        ("cp932-no-ext", 7_037),
        ("jisx0201", 158),
        ("full-kana", 178),
    ] {
        assert_eq!(set(expression).summary().characters, size, "{expression}");
    }
    let sizes = ["hiragana", "katakana", "full-katakana"].map(|s| set(s).summary().characters);
    assert_eq!(sizes, [83, 86, 91]);
}
