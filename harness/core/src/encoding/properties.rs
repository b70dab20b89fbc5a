//! Properties of decoding and encoding, for every encoding: nothing panics, no byte is lost, what is written reads back,
//! and other decoders agree on what is valid.

use proptest::prelude::*;

use super::class::{Class, sjis};
use super::*;

fn encodings() -> impl Strategy<Value = Encoding> {
    prop::sample::select(Encoding::ALL.to_vec())
}

fn dialects() -> impl Strategy<Value = Dialect> {
    prop::sample::select(Dialect::ALL.to_vec())
}

/// Random bytes are seldom Japanese: half of them come from the ranges that matter.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let likely = prop::sample::select(
        b"\x1B$B(J@I,\r\n\x81\x82\x88\x8E\x8F\x9F\xA1\xB1\xE0\xEF\xF0\xFC\x80\xBF\xC3".to_vec(),
    );
    prop::collection::vec(prop_oneof![any::<u8>(), likely], 0..48)
}

/// Text in the repertoires that matter here.
fn text() -> impl Strategy<Value = String> {
    let some = prop_oneof![
        prop::char::range(' ', '~'),
        prop::char::range('\u{3041}', '\u{30FE}'),
        prop::char::range('\u{4E00}', '\u{9FA5}'),
        prop::char::range('\u{FF01}', '\u{FF9F}'),
        prop::sample::select(
            "～〜－−∥‖—―￠¢髙﨑①㈱ⅰ\u{E000}\u{E757}か\u{309A}ㇷ゚𠮟𠮷\\¥‾\n"
                .chars()
                .collect::<Vec<_>>()
        ),
    ];
    prop::collection::vec(some, 0..24).prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Units follow one another without gap or overlap (in ISO-2022-JP escape sequences stand between them), and the
    /// iterator ends.
    #[test]
    fn every_byte_belongs_to_one_unit(bytes in bytes(), encoding in encodings(), dialect in dialects()) {
        let mut at = 0;
        for unit in units(&bytes, encoding, dialect) {
            prop_assert!(unit.bytes.start >= at && unit.bytes.end <= bytes.len());
            if encoding != Encoding::Iso2022Jp {
                prop_assert_eq!(unit.bytes.start, at);
                prop_assert!(!unit.bytes.is_empty());
            }
            at = unit.bytes.end;
        }
        if encoding != Encoding::Iso2022Jp {
            prop_assert_eq!(at, bytes.len());
        }
    }

    /// What can be written reads back as the same text.
    #[test]
    fn what_is_written_reads_back(text in text(), encoding in encodings(), dialect in dialects()) {
        for duplicates in Duplicates::ALL {
            let target = Target { encoding, dialect, duplicates };
            match encode(&text, target) {
                Ok(bytes) => prop_assert_eq!(decode(&bytes, encoding, dialect), Ok(text.clone())),
                Err(fault) => prop_assert_eq!(text[fault.at..].chars().next(), Some(fault.what)),
            }
        }
    }

    /// What decodes can be written again, and the second reading is the first.
    #[test]
    fn what_is_read_can_be_written(bytes in bytes(), encoding in encodings(), dialect in dialects()) {
        if let Ok(text) = decode(&bytes, encoding, dialect) {
            let again = encode(&text, Target { encoding, dialect, duplicates: Duplicates::Windows });
            prop_assert_eq!(again.map(|b| decode(&b, encoding, dialect)), Ok(Ok(text)));
        }
    }

    /// The standard library and encoding_rs agree on what is valid.
    #[test]
    fn other_decoders_agree(bytes in bytes()) {
        let ours = |encoding| decode(&bytes, encoding, Dialect::Ms).ok();
        prop_assert_eq!(ours(Encoding::Utf8), std::str::from_utf8(&bytes).ok().map(str::to_owned));
        // 80 is a character for WHATWG, and ISO-2022-JP differs in escapes, so those are left out.
        if !bytes.contains(&0x80) {
            prop_assert_eq!(ours(Encoding::Cp932), theirs(encoding_rs::SHIFT_JIS, &bytes));
        }
        prop_assert_eq!(ours(Encoding::EucJp), theirs(encoding_rs::EUC_JP, &bytes));
        prop_assert_eq!(ours(Encoding::Utf16Le), theirs(encoding_rs::UTF_16LE, &bytes));
        prop_assert_eq!(ours(Encoding::Utf16Be), theirs(encoding_rs::UTF_16BE, &bytes));
        if let (Some(a), Some(b)) = (ours(Encoding::Iso2022Jp), theirs(encoding_rs::ISO_2022_JP, &bytes)) {
            prop_assert_eq!(a, b);
        }
    }

    /// Expressions are compiled or refused.
    #[test]
    fn repertoires_never_panic(expression in "[a-z0-9:|&() U+-]{0,40}") {
        let _ = Repertoire::compile(&expression, Dialect::Ms, &[]);
    }

    /// Lists from users are read or refused.
    #[test]
    fn lists_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = repertoire::List::parse("list", &bytes);
    }
}

fn theirs(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Option<String> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() * 3 + 16);
    let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    (result == encoding_rs::DecoderResult::InputEmpty).then_some(text)
}

/// No double-byte character has a byte below 40 in its trail: files can be split on bytes.
#[test]
fn delimiters_are_never_trail_bytes() {
    for (pair, class) in (0..=u16::MAX).zip(sjis().pair.iter()) {
        assert!(pair & 0xFF >= 0x40 || !(Class::NonKanji..=Class::X0213Only).contains(class));
    }
}
