//! One cause instead of a thousand findings: a file, or records of it, in another encoding than the declared one.

use super::checks::Check;
use super::facts::FileFacts;
use super::plan::{FILE, Plan};
use super::tally::{Detail, Slot, Spot, Tally};
use crate::check::enc;
use crate::encoding::class::{Class, sjis};
use crate::encoding::diagnosis::{Census, Observed, Runs, mismatch};
use crate::encoding::{Dialect, Encoding, What, units};
use crate::model::{Cause, Confidence, Location};
use crate::spec::layout::{Header, Quoting};

/// Encodings that are tried when the declared one does not fit. Not JIS X 0201: it fits almost anything.
const CANDIDATES: [Encoding; 3] = [Encoding::Utf8, Encoding::Cp932, Encoding::EucJp];

/// What speaks for and against the declared encoding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Diagnosis {
    /// Records that only the declared encoding reads.
    declared: u64,
    /// Records that the declared encoding does not read and this candidate does.
    foreign: [u64; CANDIDATES.len()],
    /// Records that both read.
    both: [u64; CANDIDATES.len()],
    /// Records that no encoding reads.
    neither: u64,
    /// Ranges of foreign records.
    runs: Runs,
    /// The foreign record that was seen last.
    last_foreign: u64,
}

/// How a record reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// As declared, or there is nothing to tell.
    Declared,
    /// In another encoding, from its first to its last byte.
    Foreign(usize),
    /// In no encoding.
    Broken,
}

impl Reading {
    /// The encoding a foreign record is in.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Foreign(at) => CANDIDATES.get(at).map_or("", |e| e.name()),
            _ => "",
        }
    }
}

/// Characters of Japanese text (kana, kanji, full-width) in `bytes`; 0 where they do not read without fault or hold as many
/// others beyond ASCII.
fn japanese(bytes: &[u8], encoding: Encoding) -> u32 {
    let (mut wide, mut narrow) = (0u32, 0u32);
    for unit in units(bytes, encoding, Dialect::Ms) {
        match unit.what {
            What::Char(c) if c.is_ascii() => {}
            What::Char(c) => {
                let japanese = matches!(c, '\u{3000}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF5E}');
                if japanese {
                    wide += 1;
                } else {
                    narrow += 1;
                }
            }
            What::Pair(..) => narrow += 1,
            What::Fault(_) => return 0,
        }
    }
    if wide > narrow { wide } else { 0 }
}

/// How much a record that the declared encoding reads looks like UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LikeUtf8 {
    No,
    /// By chance, or not.
    Maybe,
    Surely,
}

/// So many Japanese characters are UTF-8 for certain, whatever they read as in Shift_JIS or EUC-JP: each takes a rare kanji
/// and a byte that fits behind it, and none may fail.
const NO_CHANCE: u32 = 4;

impl LikeUtf8 {
    pub(super) fn of(bytes: &[u8], declared: Encoding) -> Self {
        if declared == Encoding::Utf8 || simdutf8::basic::from_utf8(bytes).is_err() {
            return Self::No;
        }
        match japanese(bytes, Encoding::Utf8) {
            0 => Self::No,
            1..NO_CHANCE => Self::Maybe,
            NO_CHANCE.. => Self::Surely,
        }
    }
}

/// True when the bytes certainly read without fault; false says nothing.
pub(super) fn surely_reads(bytes: &[u8], encoding: Encoding) -> bool {
    match encoding {
        Encoding::Utf8 => simdutf8::basic::from_utf8(bytes).is_ok(),
        Encoding::Cp932 => {
            let table = sjis();
            let mut at = 0;
            while let Some(byte) = bytes.get(at) {
                let ahead = bytes.get(at..at + 8).and_then(|e| e.try_into().ok());
                if ahead.is_some_and(|e| u64::from_le_bytes(e) & 0x8080_8080_8080_8080 == 0) {
                    at += 8;
                    continue;
                }
                at += match table.single[usize::from(*byte)] {
                    Class::Lead => match bytes.get(at + 1).map(|trail| table.pair(*byte, *trail)) {
                        Some(class) if Class::CP932 & class.bit() != 0 => 2,
                        _ => return false,
                    },
                    Class::Reserved => return false,
                    _ => 1,
                };
            }
            true
        }
        _ => false,
    }
}

impl Diagnosis {
    /// Adds what a later chunk showed, which follows `records` records.
    pub(super) fn merge(&mut self, other: &Self, records: u64) {
        self.runs.merge(&other.runs.behind(records));
        self.declared += other.declared;
        self.neither += other.neither;
        for (mine, more) in self.foreign.iter_mut().zip(other.foreign) {
            *mine += more;
        }
        for (mine, more) in self.both.iter_mut().zip(other.both) {
            *mine += more;
        }
    }

    /// Remembers where a foreign record stands.
    pub(super) fn place(&mut self, reading: Reading, record: u64, at: u64) {
        let Reading::Foreign(encoding) = reading else {
            return;
        };
        if record != self.last_foreign + 1 {
            self.runs.declared();
        }
        self.last_foreign = record;
        if let Some(encoding) = CANDIDATES.get(encoding) {
            self.runs.foreign(record, at, *encoding);
        }
    }

    /// A record that only the declared encoding reads.
    pub(super) fn declared(&mut self) {
        self.declared += 1;
    }

    /// Looks at a record. `faulty`: the declared encoding does not read it.
    pub(super) fn record(&mut self, bytes: &[u8], declared: Encoding, faulty: bool) -> Reading {
        if bytes.is_ascii() {
            return Reading::Declared;
        }
        if !faulty {
            return self.read(LikeUtf8::of(bytes, declared));
        }
        let fits = |at: &usize| {
            CANDIDATES.get(*at).is_some_and(|c| {
                *c != declared
                    && !(c.is_shift_jis() && declared.is_shift_jis())
                    && japanese(bytes, *c) > 0
            })
        };
        let Some(at) = (0..CANDIDATES.len()).find(fits) else {
            self.neither += 1;
            return Reading::Broken;
        };
        if let Some(count) = self.foreign.get_mut(at) {
            *count += 1;
        }
        Reading::Foreign(at)
    }

    /// Counts a record that the declared encoding reads. EUC and Shift_JIS are each other's by chance too often to tell.
    pub(super) fn read(&mut self, like: LikeUtf8) -> Reading {
        match like {
            LikeUtf8::No => self.declared += 1,
            LikeUtf8::Maybe => self.both[0] += 1,
            LikeUtf8::Surely => {
                self.foreign[0] += 1;
                return Reading::Foreign(0);
            }
        }
        Reading::Declared
    }

    /// Draws the conclusion for the whole file.
    pub(super) fn conclude(&self, plan: &Plan<'_>, tally: &mut Tally, facts: &mut FileFacts) {
        let candidates = || self.foreign.iter().zip(self.both).enumerate();
        let Some((at, (foreign, both))) = candidates()
            .max_by_key(|(_, (f, b))| **f + *b)
            .filter(|(_, (f, b))| **f + *b > 0)
        else {
            return;
        };
        let (foreign, both) = (*foreign, both);
        let others: u64 = self.foreign.iter().sum::<u64>() - foreign;
        let name = CANDIDATES.get(at).map_or("", |e| e.name());
        facts.looks_like = candidates()
            .filter(|(_, (f, b))| **f + *b > 0)
            .filter_map(|(at, _)| CANDIDATES.get(at))
            .map(|e| e.name())
            .collect();
        let whole = self.declared == 0 && self.neither == 0 && others == 0;
        if !whole {
            let file = Location::file(plan.file_name);
            let ranges = self.runs.ranges();
            let hits = enc::mixed_encodings::check(&file, plan.settings.encoding, ranges);
            let told: Vec<String> = hits.into_iter().map(|(hit, _)| hit.observed).collect();
            let of = |s: &&mut Slot| s.check == Check::MixedEncodings;
            if let Some(slot) = tally.slots.iter_mut().find(of) {
                slot.detail.observed = told.join("; ");
            }
        } else {
            let slot = tally
                .slots
                .iter()
                .find(|s| s.check == Check::MixedEncodings);
            let spot = slot.and_then(|s| s.spots.first().copied());
            let ruler = slot.and_then(|s| s.detail.ruler.clone());
            let hex = slot.map_or(String::new(), |s| s.detail.hex.clone());
            let explains = tally.drop_consequences(|check| rests_on_text(plan, check));
            let detail = Detail {
                expected: plan.settings.encoding.name().to_owned(),
                observed: name.to_owned(),
                args: vec![("records", (foreign + both).to_string())],
                explains,
                ruler,
                hex,
                ..Detail::default()
            };
            tally.hit(
                Check::WrongEncoding,
                FILE,
                Spot {
                    length: 0,
                    ..spot.unwrap_or_default()
                },
                || detail,
            );
        }
    }
}

/// True for what follows from bytes that are read in a wrong encoding: also names in a header row, and quotes where characters
/// decide about them.
fn rests_on_text(plan: &Plan<'_>, check: Check) -> bool {
    let settings = plan.settings;
    check.is_about_text()
        || (check == Check::HeaderRow && settings.header == Header::Names)
        || (check == Check::Quoting && settings.quoting == Quoting::Kokuho)
}

/// Draws the conclusion from counts over the whole file: it is in another encoding, and everything else follows from that.
pub(super) fn whole_file(
    plan: &Plan<'_>,
    census: &Census,
    tally: &mut Tally,
    facts: &mut FileFacts,
) {
    let declared = plan.settings.encoding;
    let Some(found) = mismatch(declared, census).filter(|f| f.confidence != Confidence::Possible)
    else {
        return;
    };
    let observed = found.observed.encoding();
    let same_bytes =
        observed.is_some_and(|e| e.is_splittable_on_bytes() && declared.is_splittable_on_bytes());
    let bom_of_it = facts
        .bom
        .is_some_and(|bom| observed.is_some_and(|e| e.name() == bom));
    let known = |s: &&Slot| matches!(s.check, Check::WrongEncoding | Check::MixedEncodings);
    let ruler = tally
        .slots
        .iter()
        .find(known)
        .and_then(|s| s.detail.ruler.clone());
    let mut explains = tally.drop_consequences(|check| match check {
        Check::FileName | Check::EmptyFile => false,
        Check::Bom => bom_of_it,
        Check::WrongEncoding => true,
        check => !same_bytes || rests_on_text(plan, check),
    });
    explains.retain(|(check, _)| *check != Check::WrongEncoding);
    if !facts.looks_like.contains(&found.observed.code().as_str())
        && let Some(encoding) = observed
    {
        facts.looks_like.push(encoding.name());
    }
    let cause = Plan::rule_of(Check::WrongEncoding).map(|rule| {
        let head = &rule.page().head;
        Cause {
            kind: head.cause,
            confidence: found.confidence,
            proof: head.proof.clone(),
        }
    });
    let spot = Spot {
        at: found.at,
        ..Spot::default()
    };
    let damaged = matches!(found.observed, Observed::Damaged(_));
    let records = if damaged {
        String::new()
    } else {
        facts.records.to_string()
    };
    tally.hit(Check::WrongEncoding, FILE, spot, || Detail {
        expected: declared.name().to_owned(),
        observed: found.observed.code(),
        args: vec![("records", records)],
        cause,
        ruler,
        explains,
        ..Detail::default()
    });
}
