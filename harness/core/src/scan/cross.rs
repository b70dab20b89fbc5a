//! What goes across records: their order and the control totals of trailers and headers.

use super::checks::Check;
use super::plan::{FILE, Plan};
use super::tally::{Detail, Spot, Tally};
use super::worker::{Claim, Segment};
use crate::spec::layout::{Standing, TotalOf};

/// Follows the records of a file from the first to the last.
pub(super) struct Cross<'p, 'j> {
    plan: &'p Plan<'j>,
    standing: Option<Standing>,
    /// The last record had no known kind: what follows from that is not told again.
    unknown_last: bool,
    totals: Vec<Running>,
}

/// A total as it grows.
struct Running {
    /// `None` when a summand could not be read.
    sum: Option<i128>,
    /// A total that was stated before what it counts.
    claim: Option<Claim>,
    /// It is stated before what it counts.
    ahead: bool,
}

impl<'p, 'j> Cross<'p, 'j> {
    pub(super) fn new(plan: &'p Plan<'j>) -> Self {
        let sequence = plan.layout.sequence.as_ref();
        let totals = plan.layout.totals.iter().map(|total| {
            let counted = match total.of {
                TotalOf::Count(kind) | TotalOf::Sum(kind, _) => Some(kind),
                TotalOf::Parts(_) => None,
            };
            let ahead = counted
                .zip(sequence)
                .is_some_and(|(counted, s)| s.comes_before(total.kind, counted));
            Running {
                sum: Some(0),
                claim: None,
                ahead,
            }
        });
        Self {
            plan,
            standing: sequence.map(|s| s.start()),
            unknown_last: false,
            totals: totals.collect(),
        }
    }

    /// Takes the records of the next chunk, whose spots count from the start of the file.
    pub(super) fn segments(&mut self, segments: Vec<Segment>, tally: &mut Tally) {
        for segment in segments {
            let Some(kind) = segment.kind else {
                self.unknown_last = true;
                self.spoil();
                continue;
            };
            self.order(kind, &segment, tally);
            self.unknown_last = false;
            self.open_groups(kind, tally);
            for (total, sum) in &segment.sums {
                if let Some(running) = self.totals.get_mut(*total) {
                    running.sum = running.sum.zip(*sum).and_then(|(a, b)| a.checked_add(b));
                }
            }
            self.claims(segment.claims, tally);
        }
    }

    /// The file ended behind the record at `spot`.
    pub(super) fn end(&mut self, spot: Spot, tally: &mut Tally) {
        for at in 0..self.totals.len() {
            self.settle(at, tally);
        }
        let Some((sequence, standing)) = self.plan.layout.sequence.as_ref().zip(self.standing)
        else {
            return;
        };
        if !sequence.may_end(standing) && !self.unknown_last {
            let expected = self.names(&sequence.expected(standing));
            let detail = || Detail {
                expected,
                observed: "EOF".to_owned(),
                ..Detail::default()
            };
            tally.hit(Check::RecordOrder, FILE, spot, detail);
        }
    }

    fn names(&self, kinds: &[usize]) -> String {
        let names: Vec<&str> = kinds
            .iter()
            .filter_map(|k| self.plan.layout.kinds.get(*k))
            .map(|k| k.id.as_str())
            .collect();
        names.join(" ")
    }

    fn order(&mut self, kind: usize, segment: &Segment, tally: &mut Tally) {
        let Some((sequence, mut standing)) = self.plan.layout.sequence.as_ref().zip(self.standing)
        else {
            return;
        };
        for nth in 0..segment.count {
            match sequence.step(standing, kind) {
                // A run that may go on for ever stands still.
                Some(next) if next == standing => break,
                Some(next) => standing = next,
                None => {
                    if !self.unknown_last {
                        let mut spot = segment.spot;
                        spot.record = spot.record.map(|r| r + nth);
                        if nth > 0 {
                            spot.line = spot.line.map(|l| l + nth);
                            let width = self.plan.record_length as u64;
                            spot.at += nth * (width + (segment.spot.length.max(width) - width));
                        }
                        let expected = self.names(&sequence.expected(standing));
                        let observed = self.names(&[kind]);
                        tally.hit(Check::RecordOrder, FILE, spot, || Detail {
                            expected,
                            observed,
                            ..Detail::default()
                        });
                    }
                    standing = sequence.resume(kind);
                }
            }
        }
        self.standing = Some(standing);
    }

    /// A record of unknown kind may have belonged to any total.
    fn spoil(&mut self) {
        for running in &mut self.totals {
            running.sum = None;
        }
    }

    /// A record that begins a group ends the one before.
    fn open_groups(&mut self, kind: usize, tally: &mut Tally) {
        let Some(sequence) = &self.plan.layout.sequence else {
            return;
        };
        for (at, total) in self.plan.layout.totals.iter().enumerate() {
            if sequence.group_starts(total.kind).contains(&kind) {
                self.settle(at, tally);
                if let Some(running) = self.totals.get_mut(at) {
                    running.sum = Some(0);
                }
            }
        }
    }

    fn claims(&mut self, claims: Vec<Claim>, tally: &mut Tally) {
        let mut wrong = false;
        for claim in claims {
            let Some(total) = self.plan.layout.totals.get(claim.total) else {
                continue;
            };
            if matches!(total.of, TotalOf::Parts(_)) {
                // When a part itself is wrong, the sum of the parts says nothing new.
                if !wrong
                    && let (Some(stated), Some(parts)) = (claim.stated, claim.parts)
                    && stated != parts
                {
                    self.tell(Check::TrailerParts, &claim, parts, tally);
                }
                continue;
            }
            let at = claim.total;
            let Some(running) = self.totals.get_mut(at) else {
                continue;
            };
            running.claim = Some(claim);
            if !running.ahead {
                wrong |= self.settle(at, tally);
                if let Some(running) = self.totals.get_mut(at) {
                    running.sum = Some(0);
                }
            }
        }
    }

    /// Compares what was stated with what was counted; true when they differ.
    fn settle(&mut self, at: usize, tally: &mut Tally) -> bool {
        let Some(running) = self.totals.get_mut(at) else {
            return false;
        };
        let (Some(claim), sum) = (running.claim.take(), running.sum) else {
            return false;
        };
        if running.ahead {
            running.sum = Some(0);
        }
        let (Some(stated), Some(sum)) = (claim.stated, sum) else {
            return false;
        };
        if stated == sum {
            return false;
        }
        let check = match self.plan.layout.totals.get(at).map(|t| &t.of) {
            Some(TotalOf::Sum(..)) => Check::TrailerAmount,
            _ => Check::TrailerCount,
        };
        self.tell(check, &claim, sum, tally);
        true
    }

    fn tell(&self, check: Check, claim: &Claim, counted: i128, tally: &mut Tally) {
        let subject = self.plan.totals_at + u32::try_from(claim.total).unwrap_or(0);
        let of = self
            .plan
            .layout
            .totals
            .get(claim.total)
            .map_or(String::new(), |t| t.text.clone());
        tally.hit(check, subject, claim.spot, || Detail {
            expected: counted.to_string(),
            observed: claim.stated.map_or(String::new(), |n| n.to_string()),
            args: vec![("of", of)],
            ..claim.detail.clone()
        });
    }
}
