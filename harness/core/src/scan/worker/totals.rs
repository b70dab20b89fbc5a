//! What goes beyond a record: counts, sums, keys, columns.

use std::ops::Range;

use super::{Chunk, Claim, Segment, Worker};
use crate::mask::Sensitivity;
use crate::scan::columns::weight;
use crate::scan::evidence::View;
use crate::scan::field::Position;
use crate::scan::number;
use crate::scan::tally::{Detail, Spot};
use crate::spec::layout::FieldType;

impl Worker<'_, '_> {
    /// Counts the values of a record that hold characters beyond ASCII, column by column.
    #[inline]
    pub(super) fn count_columns(
        &mut self,
        view: &View<'_>,
        kind: usize,
        place: &impl Fn(usize) -> Range<usize>,
    ) {
        let weight = weight(view.base + view.start as u64);
        let Some(of) = self.plan.kinds.get(kind).filter(|_| weight > 0) else {
            return;
        };
        for (index, field) in of.fields.iter().enumerate() {
            self.out
                .columns
                .count(field.subject, view.slice(&place(index)), weight);
        }
    }

    /// Counts the characters of a record that have doubles under another code point.
    pub(super) fn count_doubles(&mut self, chunk: &Chunk<'_>, record: Range<usize>) {
        let bytes = chunk.bytes.get(record).unwrap_or(&[]);
        self.out.columns.block(bytes, self.plan.settings.encoding);
    }

    /// Counts the record and adds its amounts to the segment.
    pub(super) fn count(
        &mut self,
        view: &View<'_>,
        position: Position,
        kind: usize,
        place: &impl Fn(usize) -> Range<usize>,
        sound: bool,
    ) {
        let plan = self.plan;
        let Some(of) = plan.kinds.get(kind) else {
            return;
        };
        self.segment(Some(kind), view.spot(position, &(view.start..view.end)));
        if of.counted.is_empty() && of.claimed.is_empty() {
            return;
        }
        let value = |index: usize| view.slice(&place(index));
        let amount = |index: usize| {
            let zoned = of
                .fields
                .get(index)
                .is_some_and(|f| f.kind == FieldType::Zoned);
            if zoned && !value(index).is_empty() {
                number::zoned(value(index))
            } else {
                number::integer(value(index))
            }
        };
        let Some(segment) = self.out.segments.last_mut() else {
            return;
        };
        for (plan, sum) in of.counted.iter().zip(&mut segment.sums) {
            if plan.when.as_ref().is_none_or(|when| when.holds(&value)) {
                let more = plan.field.map_or(Some(1), amount);
                sum.1 = sum.1.zip(more).and_then(|(a, b)| a.checked_add(b));
            } else if !sound && plan.when.is_some() {
                // The field that the condition looks at may be the broken one.
                sum.1 = None;
            }
        }
        for (total, field) in &of.claimed {
            let at = place(*field);
            let sensitivity = of
                .fields
                .get(*field)
                .map_or(Sensitivity::No, |f| f.sensitivity);
            let parts = plan.layout.totals.get(*total).and_then(|t| match &t.of {
                crate::spec::layout::TotalOf::Parts(parts) => {
                    parts.iter().try_fold(0i128, |sum, (plus, field)| {
                        let part = amount(*field)?;
                        sum.checked_add(if *plus { part } else { -part })
                    })
                }
                _ => None,
            });
            segment.claims.push(Claim {
                total: *total,
                stated: amount(*field),
                parts,
                spot: view.spot(position, &at),
                detail: Detail {
                    hex: view.hex(plan, &at, sensitivity, false),
                    ruler: Some(view.ruler(plan, &at, false)),
                    ..Detail::default()
                },
            });
        }
    }

    /// A record whose kind is known and whose fields are not: it counts, but sums with it cannot be told.
    pub(super) fn damaged(&mut self, kind: usize, spot: Spot) {
        self.segment(Some(kind), spot);
        self.out.orders.skip(self.plan, Some(kind));
        let Some(of) = self.plan.kinds.get(kind) else {
            return;
        };
        let Some(segment) = self.out.segments.last_mut() else {
            return;
        };
        for (plan, sum) in of.counted.iter().zip(&mut segment.sums) {
            sum.1 = match plan {
                p if p.field.is_none() && p.when.is_none() => sum.1.map(|n| n + 1),
                _ => None,
            };
        }
    }

    pub(super) fn segment(&mut self, kind: Option<usize>, spot: Spot) {
        match kind.map(|k| self.out.facts.records_by_kind.get_mut(k)) {
            Some(Some(count)) => count.1 += 1,
            Some(None) => {}
            None => self.out.orders.skip(self.plan, None),
        }
        if let Some(last) = self.out.segments.last_mut()
            && last.kind == kind
            && last.claims.is_empty()
            && kind.is_none_or(|k| {
                let of = self.plan.kinds.get(k);
                of.is_some_and(|of| of.claimed.is_empty()) && self.plan.may_follow(k, k)
            })
        {
            last.count += 1;
            return;
        }
        let counted = kind
            .and_then(|k| self.plan.kinds.get(k))
            .map_or(&[][..], |k| &k.counted);
        let sums = counted.iter().map(|c| (c.total, Some(0))).collect();
        self.out.segments.push(Segment {
            kind,
            count: 1,
            spot,
            sums,
            claims: Vec::new(),
        });
    }

    pub(super) fn remember_keys(
        &mut self,
        view: &View<'_>,
        position: Position,
        kind: usize,
        place: &impl Fn(usize) -> Range<usize>,
    ) {
        self.read += 1;
        let Some(of) = self.plan.kinds.get(kind) else {
            return;
        };
        for (key, fields) in &of.keys {
            let first = fields.first().map_or(view.start..view.end, |f| place(*f));
            if let Some(entries) = self.out.keys.get_mut(*key) {
                let parts = fields.iter().map(|f| view.slice(&place(*f)));
                entries.add(parts, view.spot(position, &first));
            }
        }
    }
}
