//! ENC-009 double-encoding: see the page. A column decides, never a single value.

use crate::check::{Hit, Rule};
use crate::encoding::diagnosis::{Garble, GarbledColumn};
use crate::model::Location;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-009",
    name: "double-encoding",
    source: include_str!("double_encoding.md"),
};

/// The hit of a garbled column and the number of values it stands for; `field` is the place of the column.
pub fn check(field: Location, column: &GarbledColumn) -> Option<(Hit, u64)> {
    let found = column.verdict()?;
    let at = Location {
        record: found.first,
        ..field
    };
    let hit = Hit::new(&RULE, at).observed(format!("{} ×{}", name(found.kind), found.count));
    Some((super::with_confidence(hit, found.confidence), found.count))
}

/// What was misread as what, language-neutral.
fn name(kind: Garble) -> &'static str {
    match kind {
        Garble::Utf8AsCp932 => "utf-8 -> cp932",
        Garble::Utf8AsLatin => "utf-8 -> latin-1",
        Garble::SjisAsLatin => "cp932 -> latin-1",
        Garble::EucAsCp932 => "euc-jp -> cp932",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hit_counts_values() {
        let mut column = GarbledColumn::default();
        for (record, text) in
            (5..).zip(["螻ｱ蜿｣蛛･螟ｪ", "荳ｭ譚醍ｾ主調", "鬮俶ｩ九∪縺ｪ縺ｿ", "正しい"])
        {
            column.feed(record, text);
        }
        let seen = check(Location::default(), &column).map(|(h, n)| (h.observed, h.at.record, n));
        assert_eq!(seen, Some(("utf-8 -> cp932 ×3".to_owned(), Some(5), 3)));
    }
}
