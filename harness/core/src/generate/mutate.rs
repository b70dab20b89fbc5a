//! One-defect variants of a conforming file, each with the rule it must trigger.

mod value;

use super::{Record, condition, file};
use crate::encoding::{Encoding, Target};
use crate::model::{Bilingual, Level};
use crate::spec::layout::{
    CodeList, Field, FieldType, FileSettings, Form, Kind, Layout, Newline, Output, Place, Presence,
    TotalOf,
};
use std::collections::BTreeMap;

/// A file with one defect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// The rule it must trigger.
    pub rule: &'static str,
    /// What was done, in words of a file name: `shimei-too-long`.
    pub what: String,
    /// Rules that the same defect may trigger as well.
    pub also: &'static [&'static str],
    /// The file.
    pub bytes: Vec<u8>,
}

/// All variants that the layout knows a defect for. The file must conform.
///
/// # Errors
/// It cannot be read as the layout says.
pub fn mutate(
    layout: &Layout,
    settings: &FileSettings,
    code_lists: &BTreeMap<String, CodeList>,
    bytes: &[u8],
) -> Result<Vec<Mutant>, Bilingual> {
    let records = file::read(layout, settings, bytes)?;
    let mut work = Work {
        layout,
        settings,
        code_lists,
        records,
        original: bytes,
        made: Vec::new(),
    };
    work.outer();
    for kind in 0..layout.kinds.len() {
        work.kind(kind);
    }
    work.across();
    let off = |m: &Mutant| layout.levels.get(m.rule) == Some(&Level::Off);
    work.made.retain(|m| !off(m));
    Ok(work.made)
}

struct Work<'a> {
    layout: &'a Layout,
    settings: &'a FileSettings,
    code_lists: &'a BTreeMap<String, CodeList>,
    records: Vec<Record>,
    original: &'a [u8],
    made: Vec<Mutant>,
}

impl Work<'_> {
    fn push(&mut self, rule: &'static str, what: impl Into<String>, bytes: Vec<u8>) {
        self.push_with(rule, what, &[], bytes);
    }

    fn push_with(
        &mut self,
        rule: &'static str,
        what: impl Into<String>,
        also: &'static [&'static str],
        bytes: Vec<u8>,
    ) {
        if bytes != self.original {
            self.made.push(Mutant {
                rule,
                what: what.into(),
                also,
                bytes,
            });
        }
    }

    fn target(&self) -> Target {
        Target::new(self.settings.encoding).dialect(self.settings.dialect)
    }

    /// Writes records, or nothing when a value cannot be written.
    fn written(&self, records: &[Record]) -> Option<Vec<u8>> {
        file::write(self.layout, self.settings, records).ok()
    }

    /// The file with one value changed.
    fn with_value(&self, record: usize, field: usize, value: &str) -> Option<Vec<u8>> {
        let mut records = self.records.clone();
        *records.get_mut(record)?.values.get_mut(field)? = value.to_owned();
        self.written(&records)
    }

    /// The file with the line of one record changed.
    fn with_line(&self, at: usize, change: impl FnOnce(&mut Vec<u8>)) -> Option<Vec<u8>> {
        let mut lines = file::lines(self.layout, self.settings, &self.records).ok()?;
        let at = at + lines.len().saturating_sub(self.records.len());
        change(lines.get_mut(at)?);
        Some(file::join(self.settings, &lines))
    }

    /// Defects of the file as a whole.
    fn outer(&mut self) {
        let newline = match self.settings.newline {
            Newline::Any => Vec::new(),
            _ => file::newline(self.settings),
        };
        let unit = file::mark("0", self.settings).len();
        let bytes = self.original.to_vec();
        if self.settings.encoding == Encoding::Utf8 && self.settings.bom == Presence::Forbid {
            self.push(
                "ENC-002",
                "bom",
                [b"\xEF\xBB\xBF".as_slice(), &bytes].concat(),
            );
        }
        if !newline.is_empty() && self.settings.final_newline == Presence::Require {
            if let Some(cut) = bytes.strip_suffix(newline.as_slice()) {
                self.push("LAY-005", "no-final-newline", cut.to_vec());
            }
            let other = match self.settings.newline {
                Newline::Lf => "\r\n",
                _ => "\n",
            };
            let starts = |at: &usize| bytes.get(*at..).is_some_and(|b| b.starts_with(&newline));
            if self.records.len() > 1
                && let Some(at) = (0..bytes.len()).step_by(unit).find(starts)
            {
                let mut changed = bytes.clone();
                let other = file::mark(other, self.settings);
                changed.splice(at..at + newline.len(), other);
                self.push("LAY-004", "other-newline", changed);
            }
        }
        if self.settings.eof_mark == Presence::Forbid {
            self.push(
                "LAY-006",
                "eof-mark",
                [bytes, file::mark("\u{1A}", self.settings)].concat(),
            );
        }
        let last = self.records.len().saturating_sub(1);
        match self.layout.form {
            Form::Delimited => {
                let delimiter = char::from(self.settings.delimiter).to_string();
                let delimiter = file::mark(&delimiter, self.settings);
                if let Some(bytes) = self.with_line(last, |line| line.extend(delimiter)) {
                    self.push("LAY-002", "one-field-more", bytes);
                }
            }
            Form::Fixed { .. } if !newline.is_empty() => {
                if !file::Places::of(self.layout, self.settings).are_plain_bytes() {
                    return; // the last byte is not a position
                }
                if let Some(bytes) = self.with_line(last, |line| {
                    line.pop();
                }) {
                    self.push("LAY-001", "one-byte-short", bytes);
                }
            }
            Form::Fixed { .. } => {}
        }
    }

    /// Defects of records of one kind, in the first record of the kind that has a value to break.
    fn kind(&mut self, kind: usize) {
        let Some(of) = self.layout.kinds.get(kind) else {
            return;
        };
        for (index, field) in of.fields.iter().enumerate() {
            let left_out = field.kind == FieldType::Dummy || field.when.is_some();
            if left_out || is_discriminator(of, index, field) {
                continue;
            }
            let has_value =
                |r: &Record| r.kind == kind && r.values.get(index).is_some_and(|v| !v.is_empty());
            let Some(at) = self.records.iter().position(has_value) else {
                continue;
            };
            let bound = self.is_bound(kind, index);
            self.presence(kind, index, at, bound);
            self.form(index, at, field, bound);
        }
        self.unknown(kind);
    }

    /// True when another rule looks at the field: its defects would have two names.
    fn is_bound(&self, kind: usize, field: usize) -> bool {
        let totals = self.layout.totals.iter().any(|t| {
            (t.kind == kind && t.field == field)
                || t.when.as_ref().is_some_and(|w| counted(&t.of) == Some(kind) && w.fields().contains(&field))
                || matches!(&t.of, TotalOf::Sum(k, f) if (*k, *f) == (kind, field))
                || matches!(&t.of, TotalOf::Parts(parts) if t.kind == kind && parts.iter().any(|(_, f)| *f == field))
        });
        let rules = self.layout.rules.iter().any(|r| {
            r.kind == kind
                && (r.then.fields().contains(&field)
                    || r.when.as_ref().is_some_and(|w| w.fields().contains(&field)))
        });
        let fields = self.layout.kinds.get(kind).map_or(&[][..], |k| &k.fields);
        let conditions = fields.iter().any(|f| f.when.as_ref().is_some_and(|w| w.fields().contains(&field))) || fields.iter().any(|f| matches!(&f.output, Output::Conditional(Some(when), _) if when.fields().contains(&field)));
        let orders = self.layout.orders.iter().any(|order| {
            let of_kind = order.fields.get(kind).and_then(Option::as_ref);
            of_kind.is_some_and(|fields| fields.contains(&field))
        });
        totals || rules || conditions || orders
    }

    fn presence(&mut self, kind: usize, index: usize, at: usize, bound: bool) {
        let field = self
            .layout
            .kinds
            .get(kind)
            .and_then(|k| k.fields.get(index));
        let Some(field) = field.filter(|_| !bound) else {
            return;
        };
        match &field.output {
            Output::Required => {
                if let Some(bytes) = self.with_value(at, index, "") {
                    self.push("VAL-001", format!("{}-missing", field.roman), bytes);
                }
            }
            Output::Conditional(Some(when), _) => {
                let needed = |r: &Record| r.kind == kind && condition::holds(when, &r.values);
                let at = self.records.iter().position(needed);
                if let Some(bytes) = at.and_then(|at| self.with_value(at, index, "")) {
                    self.push("VAL-002", format!("{}-missing", field.roman), bytes);
                }
            }
            _ => {}
        }
    }

    /// A record of a kind that does not exist.
    fn unknown(&mut self, kind: usize) {
        let Some(known) = self
            .layout
            .kinds
            .get(kind)
            .and_then(|k| k.discriminator.as_ref())
        else {
            return;
        };
        let values: Vec<&str> = self
            .layout
            .kinds
            .iter()
            .filter_map(|k| Some(k.discriminator.as_ref()?.value.as_str()))
            .collect();
        let other = (0..=9u8)
            .map(|d| char::from(b'0' + d).to_string().repeat(known.value.len()))
            .find(|v| !values.contains(&v.as_str()));
        // One more record, of a kind that repeats or not: what counts records must not see it.
        let (Some(at), Some(other)) = (self.records.iter().position(|r| r.kind == kind), other)
        else {
            return;
        };
        let line = self
            .records
            .get(at)
            .and_then(|r| file::line(self.layout, self.settings, r).ok());
        let plain = file::Places::of(self.layout, self.settings).are_plain_bytes();
        if self.settings.newline == Newline::None || !plain {
            // Without newlines the engine looks for the next record that it knows and tells of length and order instead.
            return;
        }
        let place = match (known.place, self.layout.form) {
            (Place::Byte(at), Form::Fixed { .. }) => at,
            (Place::Field(field), Form::Fixed { .. }) => self
                .layout
                .kinds
                .get(kind)
                .and_then(|k| k.fields.get(field))
                .map_or(0, |f| f.start),
            _ => return,
        };
        let Some(mut line) = line else {
            return;
        };
        if let Some(room) = line.get_mut(place..place + other.len()) {
            room.copy_from_slice(other.as_bytes());
        }
        let lines: Option<Vec<Vec<u8>>> = self
            .records
            .iter()
            .map(|r| file::line(self.layout, self.settings, r).ok())
            .collect();
        if let Some(mut lines) = lines {
            lines.insert(at + 1, line);
            let bytes = file::join(self.settings, &lines);
            let id = self.layout.kinds.get(kind).map_or("", |k| k.id.as_str());
            self.push("LAY-007", format!("unknown-kind-after-{id}"), bytes);
        }
    }

    /// Defects across records: keys, totals, order, conditions.
    fn across(&mut self) {
        for unique in &self.layout.unique {
            let of_kind: Vec<usize> = (0..self.records.len())
                .filter(|at| self.records.get(*at).is_some_and(|r| r.kind == unique.kind))
                .collect();
            let (Some(first), Some(last)) = (of_kind.first(), of_kind.last()) else {
                continue;
            };
            let mut records = self.records.clone();
            let Some(source) = records.get(*first).cloned().filter(|_| first != last) else {
                continue;
            };
            for field in &unique.fields {
                if let (Some(record), Some(value)) =
                    (records.get_mut(*last), source.values.get(*field))
                    && let Some(slot) = record.values.get_mut(*field)
                {
                    slot.clone_from(value);
                }
            }
            if let Some(bytes) = self.written(&records) {
                self.push("XRF-001", "duplicate-key", bytes);
            }
        }
        for total in &self.layout.totals {
            let Some(at) = self.records.iter().position(|r| r.kind == total.kind) else {
                continue;
            };
            let value = self
                .records
                .get(at)
                .and_then(|r| r.values.get(total.field))
                .and_then(|v| v.parse::<i128>().ok());
            let changed = value.map(|v| (v + 1).to_string());
            let name = self
                .layout
                .kinds
                .get(total.kind)
                .and_then(|k| k.fields.get(total.field))
                .map_or("", |f| f.roman.as_str());
            let rule = match total.of {
                TotalOf::Count(_) => "XRF-003",
                TotalOf::Sum(..) => "XRF-004",
                TotalOf::Parts(_) => continue,
            };
            if let Some(bytes) = changed.and_then(|v| self.with_value(at, total.field, &v)) {
                self.push_with(rule, format!("{name}-plus-1"), &["XRF-005"], bytes);
            }
        }
        if let Some(sequence) = &self.layout.sequence {
            let mut records = self.records.clone();
            if let Some(last) = records.pop() {
                let still_whole = records
                    .iter()
                    .try_fold(sequence.start(), |at, r| sequence.step(at, r.kind))
                    .is_some_and(|at| sequence.may_end(at));
                let totalled = self
                    .layout
                    .totals
                    .iter()
                    .any(|t| t.kind == last.kind || counted(&t.of) == Some(last.kind));
                if !still_whole
                    && !totalled
                    && let Some(bytes) = self.written(&records)
                {
                    self.push("LAY-008", "last-record-missing", bytes);
                }
            }
        }
    }
}

fn counted(of: &TotalOf) -> Option<usize> {
    match of {
        TotalOf::Count(kind) | TotalOf::Sum(kind, _) => Some(*kind),
        TotalOf::Parts(_) => None,
    }
}

fn is_discriminator(kind: &Kind, index: usize, field: &Field) -> bool {
    kind.discriminator
        .as_ref()
        .is_some_and(|known| match known.place {
            Place::Field(at) => at == index,
            Place::Byte(at) => (field.start..field.start + field.width.max(1)).contains(&at),
        })
}
