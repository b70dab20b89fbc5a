//! The quick path: proves that a record has nothing wrong, in one pass over its bytes and without decoding. Whatever it
//! cannot prove goes to the slow path, so it decides how fast a check is and never what it finds.
//!
//! One table look-up says whether a character may stand in a field: bit *n* of an entry belongs to profile *n* of the plan,
//! and was set by asking the same function that the slow path asks.

mod doubt;
mod fixed;
mod table;
mod value;

use super::character::Width;
use super::ending::Ending;
use super::plan::Plan;
use crate::spec::layout::{Empty, FieldType, Newline, Quoting};
pub(super) use doubt::Doubt;
pub(super) use table::Tables;
pub(super) use value::Values;

/// What is checked in a field on the quick path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Text of a profile, at most `most` units long.
    Text,
    /// The same of full-width characters.
    FullText,
    /// Digits only, at most `most`.
    Digits,
    /// YYYY-MM-DD.
    Date,
    /// HH:MM:SS.
    Time,
    /// MMDD, YYMMDD, YYYYMMDD and other short forms: read as text, then judged.
    Short,
    /// Filler.
    Filler,
    /// Never proven.
    Slow,
}

/// A field.
#[derive(Clone, Debug)]
struct Field {
    form: Form,
    bit: u8,
    most: u32,
    /// Whether that is a fault of its own: numbers and dates that are too long have the wrong form.
    long_is_told: bool,
    /// Lengths are counted in bytes.
    in_bytes: bool,
    required: bool,
    conditional: bool,
    start: usize,
    width: usize,
    right_space: bool,
    kind: FieldType,
    values: Values,
    /// What was read of a value holds no wrong character.
    resumes: bool,
    /// Bytes of a value that `values` prove by themselves: a number with a check digit, a code of a list; 0: none.
    alone: usize,
}

/// A record kind.
#[derive(Clone, Debug)]
struct Kind {
    fields: Vec<Field>,
    start: usize,
    mark: Vec<u8>,
}

/// The compiled quick path of a plan.
pub(super) struct Quick {
    tables: Tables,
    kinds: Vec<Kind>,
    delimiter: u8,
    /// First byte of a newline.
    line_end: u8,
    newline: Newline,
    may_quote: bool,
    must_quote: bool,
    empty_is_plain: bool,
    length: usize,
    /// Bytes that an unquoted value goes on with, where its end can be told without proving it.
    plain: Option<Box<[u8; 256]>>,
}

/// Where a value stands in the chunk, without quotes and padding.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span {
    pub(super) from: u32,
    pub(super) to: u32,
}

impl Span {
    #[inline]
    fn new(from: usize, to: usize) -> Self {
        // A chunk is far smaller than 4 GiB; the slow path would take what is not.
        Self {
            from: from as u32,
            to: to as u32,
        }
    }

    /// As a range.
    #[inline]
    pub(super) fn range(self) -> std::ops::Range<usize> {
        self.from as usize..self.to as usize
    }
}

/// What the quick path saw of the fields of a record.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// The values.
    pub(super) spans: Vec<Span>,
    /// Fields that were not proven, in order; only where they stand is certain.
    pub(super) doubts: Vec<Doubt>,
}

impl Seen {
    /// Room for `fields` fields.
    pub(super) fn of(fields: usize) -> Self {
        Self {
            spans: vec![Span::default(); fields],
            doubts: Vec::new(),
        }
    }
}

/// A record that was proven sound, but for the fields in doubt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sound {
    pub(super) kind: usize,
    pub(super) end: usize,
    pub(super) next: usize,
    pub(super) ending: Ending,
    pub(super) quoted: u64,
    /// It holds a character that has a double under another code point.
    pub(super) doubles: bool,
}

impl Quick {
    /// Compiles the quick path; `None` where every record takes the slow one.
    pub(super) fn new(plan: &Plan<'_>) -> Option<Self> {
        let settings = plan.settings;
        let tables = Tables::new(plan)?;
        let fixed = plan.record_length > 0;
        if !fixed && plan.kinds.len() > 1 {
            return None;
        }
        let (may_quote, must_quote) = match settings.quoting {
            Quoting::Any => (true, false),
            Quoting::Always => (true, true),
            Quoting::Never => (false, false),
            Quoting::Minimal | Quoting::Kokuho => return None,
        };
        if !fixed && settings.newline == Newline::Any {
            return None;
        }
        let kinds = plan.kinds.iter().map(|kind| {
            let start = match kind.place {
                Some(crate::spec::layout::Place::Byte(at)) => at,
                _ => 0,
            };
            let by_byte = !matches!(kind.place, Some(crate::spec::layout::Place::Field(_)));
            let fields = kind
                .fields
                .iter()
                .map(|field| Field::new(plan, &tables, field, fixed))
                .collect();
            by_byte.then(|| Kind {
                fields,
                start,
                mark: kind.value.clone(),
            })
        });
        let kinds = kinds.collect::<Option<Vec<_>>>()?;
        Some(Self {
            tables,
            kinds,
            delimiter: settings.delimiter,
            line_end: match settings.newline {
                Newline::Lf => b'\n',
                _ => b'\r',
            },
            newline: settings.newline,
            may_quote,
            must_quote,
            empty_is_plain: settings.empty == Empty::Empty
                || (!fixed && settings.empty == Empty::Spaces),
            length: plan.record_length,
            plain: doubt::plain(plan).filter(|_| !must_quote),
        })
    }

    /// The tables of characters with the bit of a profile.
    pub(super) fn tables_of(&self, profile: usize) -> Option<(&Tables, u8)> {
        (profile < table::MAX_PROFILES).then(|| (&self.tables, 1 << profile))
    }

    /// Proves the delimited record at `start`; `fields` get its values, as the slow path would see them.
    #[inline]
    pub(super) fn delimited(&self, bytes: &[u8], start: usize, fields: &mut Seen) -> Option<Sound> {
        let kind = self.kinds.first()?;
        if bytes.len() > u32::MAX as usize {
            return None;
        }
        fields.doubts.clear();
        let mut at = start;
        let (mut quoted, mut seen) = (0, 0);
        let last = kind.fields.len().checked_sub(1)?;
        for (index, field) in kind.fields.iter().enumerate() {
            let stop = if index == last {
                self.line_end
            } else {
                self.delimiter
            };
            let end = match self.field(bytes, at, field, &mut seen) {
                Some((from, to, end)) if bytes.get(end) == Some(&stop) => {
                    quoted += u64::from(to < end);
                    if let Some(span) = fields.spans.get_mut(index) {
                        *span = Span::new(from, to);
                    }
                    end
                }
                read => {
                    let reached = read.map_or(at, |(_, _, end)| end);
                    let end = self.doubt(bytes, at..reached, index, field, fields)?;
                    let span = fields.spans.get(index);
                    quoted += u64::from(span.is_some_and(|span| span.range().end < end));
                    if index != last && *bytes.get(end)? != stop {
                        return None;
                    }
                    end
                }
            };
            if index == last {
                return self.ending(bytes, end, start).map(|(next, ending)| Sound {
                    kind: 0,
                    end,
                    next,
                    ending,
                    quoted,
                    doubles: table::has_doubles(seen) || !fields.doubts.is_empty(),
                });
            }
            at = end + 1;
        }
        None
    }

    /// Proves the field at `at`: where its value begins and ends, and where the field ends.
    #[inline(always)]
    fn field(
        &self,
        bytes: &[u8],
        at: usize,
        field: &Field,
        seen: &mut u8,
    ) -> Option<(usize, usize, usize)> {
        let first = *bytes.get(at)?;
        let (from, to, end) = if first == b'"' && self.may_quote {
            let end = self.quoted(bytes, at + 1, field, seen)?;
            (at + 1, end, end + 1)
        } else if self.must_quote && first != self.delimiter && !matches!(first, b'\r' | b'\n') {
            return None;
        } else if let Some(end) = self.alone(bytes, at, field) {
            return Some((at, end, end));
        } else {
            let end = self.value(bytes, at, field, seen)?;
            (at, end, end)
        };
        let sound = if from == to {
            !field.required && self.empty_is_plain
        } else {
            field.values.is_none() || field.values.accept(field.kind, bytes.get(from..to)?)
        };
        sound.then_some((from, to, end))
    }

    /// The newline at `end`, if it is the one that was agreed, and where the next record begins.
    #[inline]
    fn ending(&self, bytes: &[u8], end: usize, start: usize) -> Option<(usize, Ending)> {
        if end == start {
            // An empty line: the slow path says what it is.
            return None;
        }
        match (bytes.get(end)?, self.newline) {
            (b'\r', Newline::Crlf) if bytes.get(end + 1) == Some(&b'\n') => {
                Some((end + 2, Ending::Crlf))
            }
            (b'\n', Newline::Lf) => Some((end + 1, Ending::Lf)),
            (b'\r', Newline::Cr) if *bytes.get(end + 1)? != b'\n' => Some((end + 1, Ending::Cr)),
            _ => None,
        }
    }

    /// End of an unquoted value that needs no look at its characters: its check digit is right, or its list has it.
    #[inline]
    fn alone(&self, bytes: &[u8], at: usize, field: &Field) -> Option<usize> {
        if field.alone == 0 {
            return None;
        }
        let end = at + field.alone;
        let [value @ .., next] = bytes.get(at..=end)? else {
            return None;
        };
        let ends = *next == self.delimiter || matches!(next, b'\r' | b'\n');
        (ends && field.values.accept(field.kind, value)).then_some(end)
    }

    /// End of an unquoted value that is sound in `field`.
    #[inline]
    fn value(&self, bytes: &[u8], at: usize, field: &Field, seen: &mut u8) -> Option<usize> {
        match field.form {
            Form::FullText => self.tables.full(bytes, at, field.bit, field.limit(), seen),
            Form::Text => self.tables.text(bytes, at, field.bit, field.limit(), seen),
            Form::Digits => digits(bytes, at, field.most),
            Form::Date if bytes.get(at) == Some(&self.delimiter) => Some(at),
            Form::Time if bytes.get(at) == Some(&self.delimiter) => Some(at),
            Form::Date => value::date(bytes.get(at..at + 10)?).then_some(at + 10),
            Form::Time => value::time(bytes.get(at..at + 8)?).then_some(at + 8),
            Form::Short | Form::Filler => {
                Some(at).filter(|at| bytes.get(*at) == Some(&self.delimiter))
            }
            Form::Slow => None,
        }
    }

    /// The closing quote of a quoted value that is sound in `field`.
    fn quoted(&self, bytes: &[u8], at: usize, field: &Field, seen: &mut u8) -> Option<usize> {
        let end = match field.form {
            Form::Text | Form::FullText => {
                let (bit, limit) = (field.bit, field.limit());
                return self
                    .tables
                    .quoted(bytes, at, bit, limit, self.delimiter, seen);
            }
            Form::Digits => digits(bytes, at, field.most)?,
            Form::Date if bytes.get(at) != Some(&b'"') => {
                value::date(bytes.get(at..at + 10)?).then_some(at + 10)?
            }
            Form::Time if bytes.get(at) != Some(&b'"') => {
                value::time(bytes.get(at..at + 8)?).then_some(at + 8)?
            }
            Form::Date | Form::Time | Form::Short | Form::Filler => at,
            Form::Slow => return None,
        };
        let closed = bytes.get(end) == Some(&b'"') && *bytes.get(end + 1)? != b'"';
        closed.then_some(end)
    }
}

#[inline]
fn digits(bytes: &[u8], at: usize, most: u32) -> Option<usize> {
    let mut end = at;
    while bytes.get(end)?.is_ascii_digit() {
        end += 1;
    }
    (end - at <= most as usize).then_some(end)
}

impl Field {
    fn new(
        plan: &Plan<'_>,
        tables: &Tables,
        field: &super::plan::FieldPlan<'_>,
        fixed: bool,
    ) -> Self {
        use crate::spec::layout::{LengthUnit, Pad};
        let unit = plan.settings.length_unit;
        let width = plan.profiles.get(field.profile).map(|p| p.width);
        let text = match width {
            Some(Width::Full) => Form::FullText,
            _ => Form::Text,
        };
        let form = match field.kind {
            _ if field.when.is_some() => Form::Slow,
            FieldType::X | FieldType::C | FieldType::N if field.profile < table::MAX_PROFILES => {
                text
            }
            FieldType::Integer => Form::Digits,
            FieldType::Date => Form::Date,
            FieldType::Time => Form::Time,
            FieldType::Dummy if fixed => Form::Filler,
            FieldType::Md
            | FieldType::Ymd6
            | FieldType::Ymd8
            | FieldType::Wareki
            | FieldType::Year
                if fixed =>
            {
                Form::Short
            }
            _ => Form::Slow,
        };
        let values = Values::new(plan, field);
        let bit = if field.profile < table::MAX_PROFILES {
            1 << field.profile
        } else {
            0
        };
        let most = field.length.filter(|_| !fixed).unwrap_or(u32::MAX / 2);
        let alone = values
            .alone(|byte| tables.takes(byte, bit))
            .filter(|length| form == Form::Text && *length <= most as usize);
        Self {
            form,
            bit,
            most,
            long_is_told: !super::field::is_number_or_date(field.kind),
            in_bytes: unit == LengthUnit::Bytes,
            required: field.required,
            conditional: field.condition.is_some(),
            start: field.start,
            width: field.width,
            right_space: field.pad == Pad::RightSpace,
            kind: field.kind,
            values,
            resumes: match form {
                Form::Text | Form::FullText => true,
                Form::Digits | Form::Date | Form::Time => tables.takes_numbers(bit),
                Form::Short | Form::Filler | Form::Slow => false,
            },
            alone: alone.unwrap_or(0),
        }
    }

    #[inline]
    fn limit(&self) -> table::Limit {
        table::Limit {
            most: self.most,
            in_bytes: self.in_bytes,
            required: self.required || self.conditional,
        }
    }
}
