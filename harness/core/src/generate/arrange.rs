//! Orders that records keep: sorted records, numbered records, in the file or in every group of its sequence.

use std::cmp::Ordering;
use std::ops::Range;

use super::{Record, Wish};
use crate::encoding::{Encoding, Target, encode};
use crate::spec::layout::{Layout, Order, OrderOf};

/// Brings records of one kind into the orders that the layout asks for. Records change places with others of their kind
/// only, so that the sequence of kinds stays; within a group where the order is that of a group.
pub(super) fn sort(wish: &Wish<'_>, records: &mut [Record]) {
    for order in &wish.layout.orders {
        let OrderOf::Sorted(descending) = &order.of else {
            continue;
        };
        for (kind, fields) in order.fields.iter().enumerate() {
            let Some(fields) = fields else { continue };
            for segment in segments(wish.layout, order, kind, records) {
                let by = By {
                    wish,
                    fields,
                    descending,
                };
                by.sort(kind, segment, records);
            }
        }
    }
}

/// Numbers the records.
pub(super) fn number(layout: &Layout, records: &mut [Record]) {
    for order in &layout.orders {
        let OrderOf::Number(from) = order.of else {
            continue;
        };
        let kind = order.fields.iter().position(Option::is_some).unwrap_or(0);
        for segment in segments(layout, order, kind, records) {
            let mut next = from;
            for record in records.get_mut(segment).unwrap_or_default() {
                let field = order.fields.get(record.kind).and_then(Option::as_ref);
                let value = field
                    .and_then(|fields| fields.first())
                    .and_then(|field| record.values.get_mut(*field));
                if let Some(value) = value {
                    *value = next.to_string();
                    next = next.saturating_add(1);
                }
            }
        }
    }
}

/// The parts of the file that an order goes over: all of it, or the groups that hold records of a kind.
fn segments(layout: &Layout, order: &Order, kind: usize, records: &[Record]) -> Vec<Range<usize>> {
    let starts = layout
        .sequence
        .as_ref()
        .filter(|_| order.by_group)
        .map_or(&[][..], |sequence| sequence.group_starts(kind));
    let mut from = 0;
    let mut found = Vec::new();
    for (at, record) in records.iter().enumerate() {
        if at > from && starts.contains(&record.kind) {
            found.push(from..at);
            from = at;
        }
    }
    found.push(from..records.len());
    found
}

/// How records of a kind are sorted.
struct By<'a> {
    wish: &'a Wish<'a>,
    fields: &'a [usize],
    descending: &'a [bool],
}

impl By<'_> {
    fn sort(&self, kind: usize, segment: Range<usize>, records: &mut [Record]) {
        let places: Vec<usize> = segment
            .filter(|at| records.get(*at).is_some_and(|r| r.kind == kind))
            .collect();
        let mut sorted: Vec<Record> = places
            .iter()
            .filter_map(|at| records.get(*at).cloned())
            .collect();
        // A column of numbers is in the order of numbers, any other in that of its bytes: one order for the whole column.
        let numeric: Vec<bool> = self
            .fields
            .iter()
            .map(|field| sorted.iter().all(|r| is_number(value(r, *field))))
            .collect();
        sorted.sort_by(|a, b| self.compare(a, b, &numeric));
        for (at, record) in places.into_iter().zip(sorted) {
            if let Some(slot) = records.get_mut(at) {
                *slot = record;
            }
        }
    }

    fn compare(&self, a: &Record, b: &Record, numeric: &[bool]) -> Ordering {
        let columns = self.fields.iter().zip(self.descending).zip(numeric);
        columns.fold(Ordering::Equal, |so_far, ((field, down), numeric)| {
            let (x, y) = (value(a, *field), value(b, *field));
            let next = if *numeric {
                numbers(x, y)
            } else {
                self.bytes(x).cmp(&self.bytes(y))
            };
            so_far.then(if *down { next.reverse() } else { next })
        })
    }

    /// The value as it is compared: in the encoding of the file; in UTF-8 where that has wide units or shifts.
    fn bytes(&self, text: &str) -> Vec<u8> {
        let settings = self.wish.settings;
        let encoding = match settings.encoding {
            wide if !wide.is_splittable_on_bytes() => Encoding::Utf8,
            narrow => narrow,
        };
        let target = Target::new(encoding).dialect(settings.dialect);
        encode(text, target).unwrap_or_else(|_| text.as_bytes().to_vec())
    }
}

fn value(record: &Record, field: usize) -> &str {
    record.values.get(field).map_or("", String::as_str)
}

/// Two numbers, by their digits: no length is too long.
fn numbers(a: &str, b: &str) -> Ordering {
    let parts = |text: &str| {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let whole = whole.trim_start_matches('0').to_owned();
        let fraction = fraction.trim_end_matches('0').to_owned();
        let zero = whole.is_empty() && fraction.is_empty();
        (text.starts_with('-') && !zero, whole.len(), whole, fraction)
    };
    let (a, b) = (parts(a), parts(b));
    match (a.0, b.0) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => a.cmp(&b),
        (true, true) => b.cmp(&a),
    }
}

/// A number as sorting takes one: digits with an optional sign and point.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    !whole.is_empty() && all(whole) && all(fraction)
}
