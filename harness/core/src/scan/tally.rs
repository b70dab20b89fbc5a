//! Counts hits by rule and field and keeps the first places. What people read is made for the first hit only, so that a file
//! with an error in every field costs little more than a clean one.

use std::collections::BTreeMap;

use super::checks::Check;
use crate::check::MAX_SAMPLES;
use crate::model::{Cause, Ruler};

/// A place in the file. In a chunk, record and line count from the chunk's start until the merge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spot {
    /// 1-based record, 0 for the header row; `None` for the file as a whole.
    pub(super) record: Option<u64>,
    /// 1-based line; `None` where there are no lines.
    pub(super) line: Option<u64>,
    /// 0-based offset in the file.
    pub(super) at: u64,
    /// Length in bytes.
    pub(super) length: u64,
    /// 0-based offset in the record.
    pub(super) in_record: u64,
}

impl Spot {
    pub(super) fn shifted(mut self, records: u64, lines: u64) -> Self {
        // The header row is record 0 of the file, and nothing shifts it.
        self.record = self.record.map(|r| if r == 0 { 0 } else { r + records });
        self.line = self.line.map(|l| l + lines);
        self
    }
}

/// What people read about the first hit; everything in it has passed the mask.
#[derive(Clone, Debug, Default)]
pub(super) struct Detail {
    pub(super) expected: String,
    pub(super) observed: String,
    pub(super) args: Vec<(&'static str, String)>,
    pub(super) hex: String,
    pub(super) ruler: Option<Ruler>,
    pub(super) cause: Option<Cause>,
    /// Hits that were folded into this one, and how many of each.
    pub(super) explains: Vec<(Check, u64)>,
}

/// Equal hits.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) check: Check,
    pub(super) subject: u32,
    pub(super) count: u64,
    pub(super) spots: Vec<Spot>,
    /// How many places are kept: fewer than [`MAX_SAMPLES`] where chunks before kept some.
    room: usize,
    pub(super) detail: Detail,
}

impl Slot {
    /// Counts a further hit; its place is asked only as long as places are kept.
    fn again(&mut self, spot: impl FnOnce() -> Spot) {
        self.count += 1;
        if self.spots.len() < self.room {
            self.spots.push(spot());
        }
    }
}

/// One hit, for `--occurrences`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Occurrence {
    pub(super) check: Check,
    pub(super) subject: u32,
    pub(super) spot: Spot,
}

/// Hits of a chunk or of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    subjects: usize,
    index: Vec<u32>,
    pub(super) slots: Vec<Slot>,
    /// Every hit, when they are wanted.
    pub(super) occurrences: Option<Vec<Occurrence>>,
    /// Counts only: used to try how well a record fits.
    pub(super) dry: bool,
    /// Number of hits, dry ones included.
    pub(super) hits: u64,
}

const NONE: u32 = u32::MAX;

impl Tally {
    /// An empty tally over `subjects` subjects.
    pub(super) fn new(subjects: usize, occurrences: bool) -> Self {
        Self {
            subjects,
            index: vec![NONE; subjects * Check::ALL.len()],
            slots: Vec::new(),
            occurrences: occurrences.then(Vec::new),
            dry: false,
            hits: 0,
        }
    }

    /// The tally of the chunk that follows, for whoever scans one chunk after another: what people read of a kind of hit is
    /// known already, so the next one of it is counted only.
    pub(super) fn following(&self) -> Self {
        let known = |slot: &Slot| Slot {
            count: 0,
            spots: Vec::new(),
            room: slot.room.saturating_sub(slot.spots.len()),
            detail: Detail::default(),
            ..*slot
        };
        Self {
            subjects: self.subjects,
            index: self.index.clone(),
            slots: self.slots.iter().map(known).collect(),
            occurrences: self.occurrences.is_some().then(Vec::new),
            dry: false,
            hits: 0,
        }
    }

    /// A tally that only counts.
    pub(super) fn trial() -> Self {
        Self {
            dry: true,
            ..Self::default()
        }
    }

    /// Adds a hit; `detail` is asked only for the first of its kind.
    pub(super) fn hit(
        &mut self,
        check: Check,
        subject: u32,
        spot: Spot,
        detail: impl FnOnce() -> Detail,
    ) {
        self.hits += 1;
        if self.dry {
            return;
        }
        if let Some(all) = &mut self.occurrences {
            all.push(Occurrence {
                check,
                subject,
                spot,
            });
        }
        match self.slot(check, subject) {
            Some(slot) => slot.again(|| spot),
            None => {
                let slot = Slot {
                    check,
                    subject,
                    count: 1,
                    spots: vec![spot],
                    room: MAX_SAMPLES,
                    detail: detail(),
                };
                self.add(slot);
            }
        }
    }

    /// Adds a hit if one of its kind was told before; says whether it was.
    #[inline]
    pub(super) fn again(
        &mut self,
        check: Check,
        subject: u32,
        spot: impl FnOnce() -> Spot,
    ) -> bool {
        if self.dry || self.occurrences.is_some() {
            let known = self.knows(check, subject);
            if known {
                self.hit(check, subject, spot(), Detail::default);
            }
            return known;
        }
        let Some(slot) = self.slot(check, subject) else {
            return false;
        };
        slot.again(spot);
        self.hits += 1;
        true
    }

    /// True when such a hit was told before.
    pub(super) fn knows(&self, check: Check, subject: u32) -> bool {
        self.index
            .get(self.at(check, subject))
            .is_some_and(|slot| *slot != NONE)
    }

    /// Adds a hit that stands for `count` values, none when it is 0. Among occurrences it is one: the place of the first.
    pub(super) fn hit_many(
        &mut self,
        check: Check,
        subject: u32,
        spot: Spot,
        count: u64,
        detail: Detail,
    ) {
        if count == 0 {
            return;
        }
        self.hit(check, subject, spot, || detail);
        if let Some(slot) = self.slot(check, subject) {
            slot.count += count - 1;
        }
    }

    /// Counts further hits of a kind that was told before.
    pub(super) fn count_more(&mut self, check: Check, subject: u32, count: u64) {
        self.hits += count;
        if let Some(slot) = self.slot(check, subject) {
            slot.count += count;
        }
    }

    /// Adds the hits of the next chunk, which follows `records` records and `lines` lines.
    pub(super) fn merge(&mut self, chunk: Self, records: u64, lines: u64) {
        self.hits += chunk.hits;
        for mut slot in chunk.slots.into_iter().filter(|slot| slot.count > 0) {
            for spot in &mut slot.spots {
                *spot = spot.shifted(records, lines);
            }
            match self.slot(slot.check, slot.subject) {
                Some(known) => {
                    known.count += slot.count;
                    let room = MAX_SAMPLES.saturating_sub(known.spots.len());
                    known.spots.extend(slot.spots.into_iter().take(room));
                }
                None => self.add(slot),
            }
        }
        if let (Some(all), Some(more)) = (&mut self.occurrences, chunk.occurrences) {
            all.extend(more.into_iter().map(|o| Occurrence {
                spot: o.spot.shifted(records, lines),
                ..o
            }));
        }
    }

    /// Drops what follows from one cause; returns what that was and how often.
    pub(super) fn drop_consequences(
        &mut self,
        follows: impl Fn(Check) -> bool,
    ) -> Vec<(Check, u64)> {
        let mut dropped: BTreeMap<Check, u64> = BTreeMap::new();
        for slot in self.slots.iter().filter(|slot| follows(slot.check)) {
            *dropped.entry(slot.check).or_default() += slot.count;
            for (check, count) in &slot.detail.explains {
                *dropped.entry(*check).or_default() += count;
            }
        }
        if let Some(all) = &mut self.occurrences {
            all.retain(|o| !follows(o.check));
        }
        self.slots.retain(|slot| !follows(slot.check));
        self.reindex();
        dropped.into_iter().collect()
    }

    /// The same for one subject: a column.
    pub(super) fn drop_of(
        &mut self,
        subject: u32,
        follows: impl Fn(Check) -> bool,
    ) -> Vec<(Check, u64)> {
        let (of_it, rest): (Vec<Slot>, Vec<Slot>) = std::mem::take(&mut self.slots)
            .into_iter()
            .partition(|slot| slot.subject == subject);
        self.slots = of_it;
        let elsewhere = self.occurrences.take();
        let dropped = self.drop_consequences(follows);
        self.occurrences = elsewhere;
        self.slots.extend(rest);
        self.reindex();
        dropped
    }

    fn reindex(&mut self) {
        self.index.fill(NONE);
        for (at, slot) in (0u32..).zip(&self.slots) {
            let place = slot.check as usize * self.subjects + slot.subject as usize;
            if let Some(index) = self.index.get_mut(place) {
                *index = at;
            }
        }
    }

    fn at(&self, check: Check, subject: u32) -> usize {
        check as usize * self.subjects + subject as usize
    }

    fn slot(&mut self, check: Check, subject: u32) -> Option<&mut Slot> {
        let slot = *self.index.get(self.at(check, subject))?;
        self.slots.get_mut(slot as usize)
    }

    fn add(&mut self, slot: Slot) {
        let at = self.at(slot.check, slot.subject);
        if let Some(index) = self.index.get_mut(at) {
            *index = u32::try_from(self.slots.len()).unwrap_or(NONE);
        }
        self.slots.push(slot);
    }
}
