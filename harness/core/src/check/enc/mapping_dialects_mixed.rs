//! ENC-018 mapping-dialects-mixed: see the page. Counted over a whole Unicode file.

use crate::check::{Hit, Rule};
use crate::encoding::diagnosis::MappingCensus;
use crate::model::Location;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-018",
    name: "mapping-dialects-mixed",
    source: include_str!("mapping_dialects_mixed.md"),
};

/// One hit for each symbol of which both code points occur, with the number of the rarer one.
pub fn check(file: &Location, census: &MappingCensus) -> Vec<(Hit, u64)> {
    let pairs = census.mixed().into_iter();
    let hit = |((ms, a), (jis, b)): ((char, u64), (char, u64))| {
        let code = |c: char| format!("U+{:04X}", u32::from(c));
        let observed = format!("{} ×{a}, {} ×{b}", code(ms), code(jis));
        (
            Hit::new(&RULE, file.clone())
                .observed(observed)
                .key(code(ms)),
            a.min(b),
        )
    };
    pairs.map(hit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_code_points_are_counted() {
        let mut census = MappingCensus::default();
        census.feed("一〜二三〜四五～六");
        let hits = check(&Location::file("a"), &census);
        let seen: Vec<_> = hits
            .iter()
            .map(|(h, n)| (h.observed.as_str(), *n))
            .collect();
        assert_eq!(seen, [("U+FF5E ×1, U+301C ×2", 1)]);
    }
}
