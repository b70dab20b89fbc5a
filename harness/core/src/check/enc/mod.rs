//! ENC: encoding, repertoire, marks of lost characters.

use super::rule::Rule;
use super::sink::Hit;
use crate::model::{Cause, Confidence};

pub mod bom_not_as_agreed;
pub mod character_cut_at_field_border;
pub mod character_outside_repertoire;
pub mod character_reference_in_data;
pub mod control_character;
pub mod dakuten_split;
pub mod double_encoding;
pub mod duplicate_form_not_as_agreed;
pub mod encoding_not_as_declared;
pub mod illegal_byte_sequence;
pub mod low_or_high_value;
pub mod mapping_dialects_mixed;
pub mod mixed_encodings;
pub mod not_normalised;
pub mod private_use_character;
pub mod replacement_character;
pub mod shift_code_left_over;
pub mod substitute_in_full_width_field;
pub mod substitution_byte_pair;
pub mod suspicious_substitution_mark;
pub mod variation_selector_not_allowed;

/// Rules of the area, in the order of codes.
pub const RULES: &[&Rule] = &[
    &illegal_byte_sequence::RULE,
    &bom_not_as_agreed::RULE,
    &character_outside_repertoire::RULE,
    &private_use_character::RULE,
    &replacement_character::RULE,
    &suspicious_substitution_mark::RULE,
    &encoding_not_as_declared::RULE,
    &mixed_encodings::RULE,
    &double_encoding::RULE,
    &variation_selector_not_allowed::RULE,
    &not_normalised::RULE,
    &control_character::RULE,
    &character_reference_in_data::RULE,
    &character_cut_at_field_border::RULE,
    &dakuten_split::RULE,
    &substitution_byte_pair::RULE,
    &shift_code_left_over::RULE,
    &mapping_dialects_mixed::RULE,
    &low_or_high_value::RULE,
    &substitute_in_full_width_field::RULE,
    &duplicate_form_not_as_agreed::RULE,
];

/// The page's cause with the confidence that the evidence allows.
fn with_confidence(hit: Hit, confidence: Confidence) -> Hit {
    let head = &hit.rule.page().head;
    let args = [
        ("expected", hit.expected.as_str()),
        ("observed", hit.observed.as_str()),
    ];
    let cause = Cause {
        kind: head.cause,
        confidence,
        proof: head.proof.fill(&args),
    };
    hit.cause(cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Page;

    /// Every page parses, is bilingual, and has its layout, a failing and a passing example.
    #[test]
    fn pages_are_complete() {
        for (number, rule) in (1..).zip(RULES) {
            assert_eq!(rule.code, format!("ENC-{number:03}"));
            let page = Page::parse(rule.source).unwrap_or_else(|e| panic!("{}: {e}", rule.code));
            for text in [
                &page.head.title,
                &page.head.proof,
                &page.head.message,
                &page.head.fix,
            ] {
                assert!(!text.ja.is_empty() && !text.en.is_empty(), "{}", rule.code);
            }
            let names = |text: &str| -> Vec<String> {
                let mut all: Vec<String> = text
                    .split('{')
                    .skip(1)
                    .filter_map(|rest| rest.split_once('}'))
                    .map(|(name, _)| name.to_owned())
                    .collect();
                all.sort();
                all
            };
            let message = &page.head.message;
            assert_eq!(names(&message.ja), names(&message.en), "{}", rule.code);
            for section in ["概要", "何を見るか", "なぜ", "直し方", "English"] {
                assert!(!page.section(section).is_empty(), "{} {section}", rule.code);
            }
            for kind in ["layout", "fields", "bad", "good"] {
                assert!(
                    page.examples.iter().any(|e| e.kind == kind),
                    "{} {kind}",
                    rule.code
                );
            }
        }
    }
}
