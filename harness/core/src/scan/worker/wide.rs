//! What goes beyond a field in encodings that are compared as UTF-8: see [`crate::scan::wide`].

use std::borrow::Cow;
use std::ops::Range;

use super::Worker;
use crate::scan::columns::weight;
use crate::scan::evidence::{Cell, View};
use crate::scan::field::Position;
use crate::scan::tally::Detail;
use crate::scan::wide::utf8;

/// The values of a record as UTF-8.
#[derive(Debug, Default)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    places: Vec<Range<usize>>,
}

impl Texts {
    /// The text of a field.
    pub(super) fn get(&self, index: usize) -> Option<&[u8]> {
        self.bytes.get(self.places.get(index)?.clone())
    }

    fn place(&self, index: usize) -> Range<usize> {
        self.places.get(index).cloned().unwrap_or(0..0)
    }
}

impl Worker<'_, '_> {
    /// The values of a record as UTF-8; `None` where the bytes of the file can be compared.
    pub(super) fn texts(&self, view: &View<'_>, cells: &[Cell]) -> Option<Texts> {
        if !self.plan.wide {
            return None;
        }
        let (encoding, dialect) = (self.plan.settings.encoding, self.plan.settings.dialect);
        let mut texts = Texts::default();
        for cell in cells {
            let from = texts.bytes.len();
            if !cell.blank {
                texts
                    .bytes
                    .extend(utf8(view.slice(&cell.value), encoding, dialect));
            }
            texts.places.push(from..texts.bytes.len());
        }
        Some(texts)
    }

    /// The bytes by which a value is compared with a literal.
    pub(super) fn as_compared<'b>(&self, value: &'b [u8]) -> Cow<'b, [u8]> {
        let settings = self.plan.settings;
        if self.plan.wide {
            Cow::Owned(utf8(value, settings.encoding, settings.dialect))
        } else {
            Cow::Borrowed(value)
        }
    }

    /// True when a value is a literal.
    pub(super) fn reads_as(&self, value: &[u8], literal: &[u8]) -> bool {
        self.as_compared(value).as_ref() == literal
    }

    /// Counts, sums and keys of a record, from its texts; places are those of the file.
    pub(super) fn beyond(
        &mut self,
        view: &View<'_>,
        position: Position,
        kind: usize,
        (cells, texts): (&[Cell], &Texts),
        sound: bool,
    ) {
        let plan = self.plan;
        let Some(of) = plan.kinds.get(kind) else {
            return;
        };
        let real = |index: usize| {
            cells
                .get(index)
                .map_or(view.start..view.end, |c| c.value.clone())
        };
        let weight = weight(view.base + view.start as u64);
        for (index, field) in of.fields.iter().enumerate() {
            let (Some(text), spot) = (texts.get(index), view.spot(position, &real(index))) else {
                continue;
            };
            let utf8 = crate::encoding::Encoding::Utf8;
            self.out.columns.count(field.subject, text, weight);
            self.out.columns.look(field.subject, text, utf8, spot);
            self.out.columns.block(text, utf8);
        }
        let as_text = View {
            bytes: &texts.bytes,
            base: 0,
            start: 0,
            end: texts.bytes.len(),
            cells: &[],
            kind: view.kind,
        };
        let segments = self.out.segments.len();
        self.count(&as_text, position, kind, &|index| texts.place(index), sound);
        let fresh = self.out.segments.len() > segments;
        if let Some(segment) = self.out.segments.last_mut() {
            if fresh {
                segment.spot = view.spot(position, &(view.start..view.end));
            }
            for (claim, (_, field)) in segment.claims.iter_mut().zip(&of.claimed) {
                let at = real(*field);
                let sensitivity = of
                    .fields
                    .get(*field)
                    .map_or(crate::mask::Sensitivity::No, |f| f.sensitivity);
                claim.spot = view.spot(position, &at);
                claim.detail = Detail {
                    hex: view.hex(plan, &at, sensitivity, false),
                    ruler: Some(view.ruler(plan, &at, false)),
                    ..Detail::default()
                };
            }
        }
        self.read += 1;
        for (key, fields) in &of.keys {
            let first = fields.first().map_or(view.start..view.end, |f| real(*f));
            if let Some(entries) = self.out.keys.get_mut(*key) {
                let parts = fields.iter().map(|f| texts.get(*f).unwrap_or(&[]));
                entries.add(parts, view.spot(position, &first));
            }
        }
    }
}
