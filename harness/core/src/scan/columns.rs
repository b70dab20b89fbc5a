//! What shows only over a whole column or the whole file: values that were converted twice, one symbol under two code points.

use super::checks::Check;
use super::plan::{FILE, Plan};
use super::tally::{Detail, Spot, Tally};
use crate::check::enc;
use crate::encoding::Encoding;
use crate::encoding::diagnosis::{Garble, GarbledColumn, MappingCensus};
use crate::model::Location;

/// Up to this offset every value of a column is counted, after it the values of one record in [`ONE_IN`]. Which ones depends
/// on the record's offset in the file alone, so that chunks do not matter.
const COUNTED: u64 = 1 << 16;
const ONE_IN: u64 = 16;

/// What columns and the file showed.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    /// By subject; made when a column holds something.
    garbled: Vec<GarbledColumn>,
    firsts: Vec<[Option<Spot>; Garble::ALL.len()]>,
    mapping: MappingCensus,
}

/// How many records the record at an offset stands for when values are counted; 0: it is not counted.
pub(super) fn weight(at: u64) -> u64 {
    if at < COUNTED {
        return 1;
    }
    // Fibonacci hashing: records of equal length must not fall into step with the choice.
    let chosen = at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 60 == 0;
    if chosen { ONE_IN } else { 0 }
}

impl Columns {
    fn grow(&mut self, subject: u32) {
        let needed = subject as usize + 1;
        if self.garbled.len() < needed {
            self.garbled.resize(needed, GarbledColumn::default());
            self.firsts.resize(needed, Default::default());
        }
    }

    /// Counts a value that holds characters beyond ASCII, for as many as its record stands for.
    #[inline]
    pub(super) fn count(&mut self, subject: u32, value: &[u8], weight: u64) {
        if value.is_ascii() {
            return;
        }
        self.grow(subject);
        if let Some(column) = self.garbled.get_mut(subject as usize) {
            column.cells += weight;
        }
    }

    /// Looks at a value.
    pub(super) fn look(&mut self, subject: u32, value: &[u8], encoding: Encoding, spot: Spot) {
        if value.is_ascii() {
            return;
        }
        self.grow(subject);
        let at = subject as usize;
        let (Some(column), Some(firsts)) = (self.garbled.get_mut(at), self.firsts.get_mut(at))
        else {
            return;
        };
        column.look_bytes(spot.record.unwrap_or(0), value, encoding);
        for (first, seen) in firsts.iter_mut().zip(column.first) {
            if first.is_none() && seen.is_some() {
                *first = Some(spot);
            }
        }
    }

    /// Looks at whole records of a file.
    pub(super) fn block(&mut self, records: &[u8], encoding: Encoding) {
        if encoding == Encoding::Utf8 {
            self.mapping.feed_utf8(records);
        }
    }

    /// Adds what the next chunk showed, which follows `records` records and `lines` lines.
    pub(super) fn merge(&mut self, later: &Self, records: u64, lines: u64) {
        for ((subject, column), firsts) in (0_u32..).zip(&later.garbled).zip(&later.firsts) {
            self.grow(subject);
            let at = subject as usize;
            if let (Some(mine), Some(known)) = (self.garbled.get_mut(at), self.firsts.get_mut(at)) {
                mine.merge(column);
                for (known, first) in known.iter_mut().zip(firsts) {
                    *known = known.or(first.map(|spot| spot.shifted(records, lines)));
                }
            }
        }
        self.mapping.merge(&later.mapping);
    }

    /// Draws the conclusions.
    pub(super) fn conclude(&self, plan: &Plan<'_>, tally: &mut Tally) {
        for ((subject, column), firsts) in (0_u32..).zip(&self.garbled).zip(&self.firsts) {
            let Some(verdict) = column.verdict() else {
                continue;
            };
            let Some((hit, count)) = enc::double_encoding::check(Location::default(), column)
            else {
                continue;
            };
            let spot = firsts
                .get(verdict.kind as usize)
                .copied()
                .flatten()
                .unwrap_or_default();
            let observed = hit.observed;
            // Text that was read in the wrong encoding breaks the rules for characters and lengths on its own.
            let explains = tally.drop_of(subject, |check| check.is_about_text());
            let detail = Detail {
                observed,
                explains,
                cause: hit.cause,
                ..Detail::default()
            };
            tally.hit_many(Check::DoubleEncoding, subject, spot, count, detail);
        }
        let hits =
            enc::mapping_dialects_mixed::check(&Location::file(plan.file_name), &self.mapping);
        let count = hits.iter().map(|(_, count)| count).sum();
        let observed: Vec<String> = hits.into_iter().map(|(hit, _)| hit.observed).collect();
        let detail = Detail {
            observed: observed.join("; "),
            ..Detail::default()
        };
        tally.hit_many(Check::MappingsMixed, FILE, Spot::default(), count, detail);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{layout, scanned};
    use super::*;

    const LAYOUT: &str = "form = \"delimited\"\n[file]\nencoding = \"utf-8\"\nnewline = \"lf\"\n";
    const FIELDS: &str = "no,name,roman,type,sensitive\n1,番号,bango,9,\n2,氏名,shimei,N,name\n";
    const GARBLED: [&str; 3] = ["螻ｱ蜿｣蛛･螟ｪ", "荳ｭ譚醍ｾ主調", "鬮俶ｩ九∪縺ｪ縺ｿ"];

    /// A file of which every `one_in`th record is garbled, and how many those are.
    fn file(records: usize, one_in: usize) -> (String, u64) {
        let mut text = String::new();
        let mut garbled = 0;
        for n in 0..records {
            let bad = n % one_in == 0;
            garbled += u64::from(bad);
            let name = if bad {
                GARBLED[n % 3]
            } else {
                "山田　太郎"
            };
            text.push_str(&format!("{n},{name}\n"));
        }
        (text, garbled)
    }

    /// A garbled column is one finding with the same count, whatever the chunks; a few garbled values are none.
    #[test]
    fn columns_are_judged_as_a_whole() {
        let layout = layout(LAYOUT, FIELDS);
        let (text, garbled) = file(6_000, 2);
        let mut seen = Vec::new();
        for chunk in [777, 4_096, 1 << 20] {
            let (findings, ..) = scanned(&layout, text.as_bytes(), chunk, 2);
            let found = findings.iter().find(|f| f.rule == "ENC-009");
            seen.push(found.map(|f| (f.count, f.location.record, f.observed.clone())));
        }
        assert_eq!(
            seen[0],
            Some((garbled, Some(1), format!("utf-8 -> cp932 ×{garbled}")))
        );
        assert!(seen.iter().all(|s| *s == seen[0]), "{seen:?}");
        let (text, _) = file(6_000, 10);
        let (findings, ..) = scanned(&layout, text.as_bytes(), 1 << 20, 1);
        assert!(findings.iter().all(|f| f.rule != "ENC-009"));
    }

    /// About one record in sixteen is counted, whatever their length.
    #[test]
    fn the_choice_of_records_is_even() {
        for length in [120_u64, 122, 256, 291] {
            let chosen = (0..100_000)
                .filter(|n| weight(COUNTED + n * length) > 0)
                .count();
            assert!((5_000..7_500).contains(&chosen), "{length}: {chosen}");
        }
        assert_eq!(weight(0), 1);
    }
}
