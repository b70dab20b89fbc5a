//! ENC-008 mixed-encodings: see the page. One hit for each other encoding, with the ranges of its records.

use std::collections::BTreeMap;

use crate::check::{Hit, Rule};
use crate::encoding::Encoding;
use crate::encoding::diagnosis::Run;
use crate::model::Location;

/// The rule.
pub const RULE: Rule = Rule {
    code: "ENC-008",
    name: "mixed-encodings",
    source: include_str!("mixed_encodings.md"),
};

/// Ranges that are written out; the count of the rest follows.
const SHOWN: usize = 5;

/// One hit for each other encoding of a file, with the number of records that showed it.
pub fn check(file: &Location, declared: Encoding, runs: &[Run]) -> Vec<(Hit, u64)> {
    let mut by_encoding: BTreeMap<Encoding, Vec<&Run>> = BTreeMap::new();
    for run in runs {
        by_encoding.entry(run.encoding).or_default().push(run);
    }
    let hits = by_encoding.into_iter().filter_map(|(encoding, runs)| {
        let first = runs.first()?;
        let at = Location {
            record: Some(first.first),
            byte_offset: Some(first.at),
            ..file.clone()
        };
        let hit = Hit::new(&RULE, at)
            .expected(declared.name())
            .observed(format!("{encoding} {}", ranges(&runs)))
            .key(encoding.name());
        Some((hit, runs.iter().map(|run| run.records).sum()))
    });
    hits.collect()
}

fn ranges(runs: &[&Run]) -> String {
    let shown = runs
        .iter()
        .take(SHOWN)
        .map(|run| match run.first == run.last {
            true => format!("#{}", run.first),
            false => format!("#{}-{}", run.first, run.last),
        });
    let mut text = shown.collect::<Vec<_>>().join(" ");
    if runs.len() > SHOWN {
        text.push_str(&format!(" +{}", runs.len() - SHOWN));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_listed_by_encoding() {
        let run = |encoding, first, last| Run {
            encoding,
            first,
            last,
            at: first * 10,
            records: last - first + 1,
        };
        let runs = [
            run(Encoding::Cp932, 3, 5),
            run(Encoding::EucJp, 7, 7),
            run(Encoding::Cp932, 9, 9),
        ];
        let hits = check(&Location::file("a"), Encoding::Utf8, &runs);
        let seen: Vec<_> = hits
            .iter()
            .map(|(h, n)| (h.observed.as_str(), h.at.record, *n))
            .collect();
        assert_eq!(
            seen,
            [("cp932 #3-5 #9", Some(3), 4), ("euc-jp #7", Some(7), 1)]
        );
    }
}
