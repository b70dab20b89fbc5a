//! ENC-007 encoding-not-as-declared: see the page. The evidence is a census of the whole file.

use crate::check::{Hit, Rule};
use crate::encoding::Encoding;
use crate::encoding::diagnosis::{Census, mismatch};
use crate::model::Location;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-007",
    name: "encoding-not-as-declared",
    source: include_str!("encoding_not_as_declared.md"),
};

/// The one hit of a file that is not in the declared encoding; it stands for all faults of decoding, so those are not
/// reported beside it. `file` is the place of the file itself.
pub fn check(file: Location, declared: Encoding, census: &Census) -> Option<Hit> {
    let found = mismatch(declared, census)?;
    let at = Location {
        byte_offset: Some(found.at),
        ..file
    };
    let hit = Hit::new(&RULE, at)
        .expected(declared.name())
        .observed(found.observed.code());
    Some(super::with_confidence(hit, found.confidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Confidence;

    #[test]
    fn the_hit_names_both_encodings() {
        let census = Census::of("1,山田太郎\r\n".as_bytes());
        let hit = check(Location::file("a.csv"), Encoding::Cp932, &census);
        let seen = hit.map(|h| {
            (
                h.expected,
                h.observed,
                h.at.byte_offset,
                h.cause.map(|c| c.confidence),
            )
        });
        let wanted = (
            "cp932".to_owned(),
            "utf-8".to_owned(),
            Some(2),
            Some(Confidence::Certain),
        );
        assert_eq!(seen, Some(wanted));
        assert!(check(Location::file("a.csv"), Encoding::Utf8, &census).is_none());
    }
}
