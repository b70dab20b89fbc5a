//! Checks the value of one field, slowly and exactly: what a person reads about a fault comes from here. The quick path only
//! proves that there is nothing to say.

use std::ops::Range;

use super::character::Width;
use super::checks::Check;
use super::date;
use super::evidence::{Cell, MAX_SHOWN, View};
use super::form::format_fault;
use super::number::zoned;
use super::plan::{FieldPlan, Plan};
use super::tally::{Detail, Spot, Tally};
use super::walk::{CharFault, Reading, Walk};
use crate::encoding::{Duplicates, Encoding};
use crate::mask::Sensitivity;
use crate::spec::layout::{Empty, FieldType, LengthUnit, Pad};

/// What a fault says beside its place.
#[derive(Default)]
pub(super) struct Say {
    pub(super) expected: String,
    pub(super) args: Vec<(&'static str, String)>,
    /// The bytes themselves are the fault and may be shown.
    pub(super) exposed: bool,
    /// Instead of the masked value.
    pub(super) observed: Option<String>,
}

/// Checks fields of records and tells the tally.
pub(super) struct FieldChecker<'p, 'j> {
    pub(super) plan: &'p Plan<'j>,
    pub(super) walk: Walk,
}

/// A record in the eyes of the checks: where it is, for spots.
#[derive(Clone, Copy)]
pub(super) struct Position {
    pub(super) record: u64,
    pub(super) line: Option<u64>,
}

impl View<'_> {
    /// The place of a range of the chunk.
    pub(super) fn spot(&self, position: Position, at: &Range<usize>) -> Spot {
        Spot {
            record: Some(position.record),
            line: position.line,
            at: self.base + at.start as u64,
            length: at.len() as u64,
            in_record: (at.start - self.start.min(at.start)) as u64,
        }
    }

    /// Tells the tally about a fault in a field.
    pub(super) fn tell(
        &self,
        plan: &Plan<'_>,
        tally: &mut Tally,
        position: Position,
        (check, subject): (Check, u32),
        (at, value, sensitivity): (&Range<usize>, &Range<usize>, Sensitivity),
        say: impl FnOnce() -> Say,
    ) {
        tally.hit(check, subject, self.spot(position, at), || {
            let say = say();
            let marked = if say.exposed {
                at.start.saturating_sub(value.start)..at.end.saturating_sub(value.start)
            } else {
                0..0
            };
            let bytes = self.slice(value);
            let (encoding, dialect) = (plan.settings.encoding, plan.settings.dialect);
            let mask = plan.mask;
            let sensitivity = self.seen_as(plan, value, sensitivity);
            let observed = match say.observed {
                Some(said) => mask.number(bytes, encoding, dialect, sensitivity) + &said,
                None => mask.bytes(bytes, encoding, dialect, sensitivity, &marked, MAX_SHOWN),
            };
            Detail {
                expected: say.expected,
                observed,
                args: say.args,
                hex: self.hex(plan, at, sensitivity, say.exposed),
                ruler: Some(self.ruler(plan, at, say.exposed)),
                ..Detail::default()
            }
        });
    }
}

impl FieldChecker<'_, '_> {
    /// Checks one field; `cell` is given its value without padding. Returns true when the value may be used further.
    pub(super) fn check(
        &mut self,
        view: &View<'_>,
        position: Position,
        kind: usize,
        index: usize,
        cell: &mut Cell,
        tally: &mut Tally,
    ) -> bool {
        let plan = self.plan;
        let Some(field) = plan.kinds.get(kind).and_then(|k| k.fields.get(index)) else {
            return false;
        };
        let Some(profile) = plan.profiles.get(field.profile) else {
            return false;
        };
        let fixed = plan.record_length > 0;
        if fixed {
            trim(plan, view, field, cell);
        }
        let raw = cell.value.clone();
        let before = tally.hits;
        let reading = Reading {
            encoding: plan.settings.encoding,
            dialect: plan.settings.dialect,
            doubled: cell.quoted,
            tables: plan.tables_of(field.profile),
        };
        self.walk.run(view.slice(&raw), profile, reading);
        if field.kind == FieldType::Dummy {
            self.tell_characters(view, position, field, &raw, tally);
            return tally.hits == before;
        }
        let spaces = plan.settings.empty == Empty::Spaces;
        let may_be_blank = (field.required || field.condition.is_some() || fixed || spaces)
            && self.walk.faults.is_empty();
        let is_blank = may_be_blank && {
            let text = self.walk.read_text(view.slice(&raw), reading);
            text.chars().all(|c| matches!(c, ' ' | '\u{3000}'))
        };
        if cell.value.is_empty() || is_blank {
            if field.required {
                let value = &cell.value;
                view.tell(
                    plan,
                    tally,
                    position,
                    (Check::RequiredMissing, field.subject),
                    (value, value, field.sensitivity),
                    || Say {
                        args: title(plan, field),
                        ..Say::default()
                    },
                );
            }
            // A blank value that a condition asks for is still told where it stands.
            if fixed || field.condition.is_none() {
                cell.value.end = cell.value.start;
            } else {
                cell.blank = true;
            }
            return tally.hits == before;
        }
        self.tell_characters(view, position, field, &raw, tally);
        if fixed && !self.padding(view, position, field, cell, tally) {
            return false;
        }
        let decodable = !self.walk.faults.iter().any(|f| f.kind.is_some());
        let too_long = decodable && !fixed && self.length(view, position, field, cell, tally);
        // A value that is too long cannot have the form of the field either.
        if self.walk.faults.is_empty() && !too_long {
            self.walk.read_text(view.slice(&raw), reading);
            self.value(view, position, field, cell, tally);
        }
        tally.hits == before
    }

    fn tell_characters(
        &self,
        view: &View<'_>,
        position: Position,
        field: &FieldPlan<'_>,
        value: &Range<usize>,
        tally: &mut Tally,
    ) {
        for fault in &self.walk.faults {
            // A number or date tells about its characters itself.
            if fault.check == Check::WrongClass && self.width(field) == Width::Any {
                continue;
            }
            let at = value.start + fault.at.start..value.start + fault.at.end;
            let say = || {
                let mut say = character_says(self.plan, field, fault);
                let about = (fault, value);
                let hint = super::neighbours::hint(self.plan, view, field, about);
                say.args.extend([("hint_ja", hint.ja), ("hint", hint.en)]);
                say
            };
            view.tell(
                self.plan,
                tally,
                position,
                (fault.check, field.subject),
                (&at, value, field.sensitivity),
                say,
            );
        }
    }

    fn width(&self, field: &FieldPlan<'_>) -> Width {
        self.plan
            .profiles
            .get(field.profile)
            .map_or(Width::Any, |p| p.width)
    }

    /// Padding of fixed fields; false when the value cannot be read because of it.
    fn padding(
        &mut self,
        view: &View<'_>,
        position: Position,
        field: &FieldPlan<'_>,
        cell: &Cell,
        tally: &mut Tally,
    ) -> bool {
        let compared;
        let whole = if self.plan.measured {
            let (encoding, dialect) = (self.plan.settings.encoding, self.plan.settings.dialect);
            compared = super::wide::utf8(view.slice(&cell.raw), encoding, dialect);
            &compared
        } else {
            view.slice(&cell.raw)
        };
        let (wrong, expected) = match field.pad {
            Pad::RightSpace => {
                let leading = whole.first() == Some(&b' ')
                    || whole.starts_with(b"\x81\x40")
                    || whole.starts_with("\u{3000}".as_bytes());
                (
                    leading && field.kind != FieldType::Zoned,
                    "left-aligned, filled with spaces",
                )
            }
            Pad::LeftZero => {
                let digits = whole.iter().all(|b| b.is_ascii_digit() || *b == b' ');
                (
                    digits && whole.contains(&b' '),
                    "right-aligned, filled with 0",
                )
            }
            Pad::None => (false, ""),
        };
        if wrong {
            view.tell(
                self.plan,
                tally,
                position,
                (Check::Padding, field.subject),
                (&cell.raw, &cell.raw, field.sensitivity),
                || Say {
                    expected: expected.to_owned(),
                    args: title(self.plan, field),
                    ..Say::default()
                },
            );
        }
        !wrong
    }

    fn length(
        &self,
        view: &View<'_>,
        position: Position,
        field: &FieldPlan<'_>,
        cell: &Cell,
        tally: &mut Tally,
    ) -> bool {
        let (Some(limit), false) = (field.length, is_number_or_date(field.kind)) else {
            return false;
        };
        let lengths = self.walk.lengths;
        let unit = self.plan.settings.length_unit;
        let length = match unit {
            LengthUnit::Chars => lengths.chars,
            LengthUnit::Graphemes => lengths.graphemes,
            LengthUnit::Utf16 => lengths.utf16,
            LengthUnit::Bytes => lengths.bytes,
        };
        if length <= limit {
            return false;
        }
        let others = [
            (LengthUnit::Chars, lengths.chars),
            (LengthUnit::Graphemes, lengths.graphemes),
            (LengthUnit::Utf16, lengths.utf16),
            (LengthUnit::Bytes, lengths.bytes),
        ];
        let fits = others
            .iter()
            .find(|(other, length)| *other != unit && *length <= limit);
        view.tell(
            self.plan,
            tally,
            position,
            (Check::TooLong, field.subject),
            (&cell.value, &cell.value, field.sensitivity),
            || {
                let mut observed = format!("{length} {}", word(unit));
                if let Some((other, length)) = fits {
                    observed.push_str(&format!(" ({length} {})", word(*other)));
                }
                Say {
                    expected: format!("{}{limit}", field.kind.name()),
                    observed: Some(observed),
                    args: title(self.plan, field),
                    ..Say::default()
                }
            },
        );
        true
    }

    fn value(
        &self,
        view: &View<'_>,
        position: Position,
        field: &FieldPlan<'_>,
        cell: &Cell,
        tally: &mut Tally,
    ) {
        let text = self.walk.text();
        let fault = type_fault(field, unsigned_plus(self.plan, field, text))
            .or_else(|| self.fixed_value(view, field, cell))
            .or_else(|| self.code(field, text))
            .or_else(|| format_fault(self.plan, field, text));
        if let Some((check, expected)) = fault {
            view.tell(
                self.plan,
                tally,
                position,
                (check, field.subject),
                (&cell.value, &cell.value, field.sensitivity),
                || Say {
                    expected,
                    args: title(self.plan, field),
                    observed: self.impossible_day(check, field, text),
                    ..Say::default()
                },
            );
        }
    }

    /// What is said of a masked day instead of its shape, which would hide why it is wrong.
    fn impossible_day(&self, check: Check, field: &FieldPlan<'_>, text: &str) -> Option<String> {
        let masked = field.sensitivity == Sensitivity::Personal && !self.plan.mask.reveals();
        if check != Check::InvalidDate || !masked {
            return None;
        }
        date::impossible_part(field.kind, text, field.unknown_date)
    }

    fn fixed_value(
        &self,
        view: &View<'_>,
        field: &FieldPlan<'_>,
        cell: &Cell,
    ) -> Option<(Check, String)> {
        let wanted = field.fixed_value.as_ref()?;
        let value = match self.plan.wide {
            true => self.walk.text().as_bytes(),
            false => view.slice(&cell.value),
        };
        let equal = if field.kind.is_number() {
            super::number::compare(value, wanted).is_eq()
        } else {
            value == wanted.as_slice()
        };
        let shown = |bytes: &[u8]| {
            bytes
                .iter()
                .map(|b| char::from(*b))
                .filter(char::is_ascii)
                .collect()
        };
        (!equal).then(|| (Check::FixedValue, shown(wanted)))
    }

    fn code(&self, field: &FieldPlan<'_>, text: &str) -> Option<(Check, String)> {
        let list = field.codes?;
        if list.allows(text, Some(self.plan.as_of)) {
            return None;
        }
        let mut values: Vec<&str> = list.values.keys().take(12).map(String::as_str).collect();
        if list.values.len() > values.len() {
            values.push("…");
        }
        Some((Check::NotInList, values.join(" ")))
    }
}

/// The unit's name in `specs/README.md`.
fn word(unit: LengthUnit) -> &'static str {
    match unit {
        LengthUnit::Chars => "chars",
        LengthUnit::Graphemes => "graphemes",
        LengthUnit::Utf16 => "utf16",
        LengthUnit::Bytes => "bytes",
    }
}

/// True for types whose form says how long a value is.
pub(super) fn is_number_or_date(kind: FieldType) -> bool {
    kind.is_number() || kind.is_date() || matches!(kind, FieldType::Time | FieldType::Blob)
}

pub(super) fn title(plan: &Plan<'_>, field: &FieldPlan<'_>) -> Vec<(&'static str, String)> {
    let title = plan
        .subjects
        .get(field.subject as usize)
        .map_or(String::new(), |s| s.title.clone());
    // Japanese messages call a field by its 項目名, as people do; the machine name stands in the place.
    if title.is_empty() {
        Vec::new()
    } else {
        vec![("field_ja", title)]
    }
}

fn character_says(plan: &Plan<'_>, field: &FieldPlan<'_>, fault: &CharFault) -> Say {
    let profile = plan.profiles.get(field.profile);
    let expected = match fault.check {
        Check::WrongClass => match profile.map(|p| p.width) {
            Some(Width::Full) => "N".to_owned(),
            _ => field.kind.name().to_owned(),
        },
        Check::OutsideRepertoire => match profile.map(|p| p.expression.as_str()) {
            Some("") | None => plan.settings.encoding.name().to_owned(),
            Some(expression) => expression.to_owned(),
        },
        Check::IllegalBytes | Check::CutAtBorder | Check::SubstitutionPair => {
            plan.settings.encoding.name().to_owned()
        }
        Check::VariationSelector => plan.settings.ivs_list.clone(),
        Check::PrivateUse => plan.settings.private_use_list.clone(),
        Check::DuplicateForm => match plan.settings.duplicates {
            Some(Duplicates::NecSelected) => "nec".to_owned(),
            Some(Duplicates::Ibm) => "ibm".to_owned(),
            _ => "windows".to_owned(),
        },
        Check::SubstitutionMark | Check::SubstituteInFull => {
            plan.settings.substitution_marks.clone()
        }
        _ => String::new(),
    };
    let mut args = title(plan, field);
    if let Some(kind) = fault.kind {
        let described = kind.describe();
        args.extend([("what_ja", described.ja), ("what_en", described.en)]);
    }
    Say {
        expected,
        args,
        exposed: fault.check != Check::DakutenSplit,
        observed: None,
    }
}

/// Cuts padding off the value of a fixed field.
fn trim(plan: &Plan<'_>, view: &View<'_>, field: &FieldPlan<'_>, cell: &mut Cell) {
    if field.pad != Pad::RightSpace || field.kind == FieldType::Dummy {
        return;
    }
    let mut value = cell.value.clone();
    if plan.measured {
        let (encoding, dialect) = (plan.settings.encoding, plan.settings.dialect);
        let wide = field.kind == FieldType::N;
        cell.value.end =
            value.start + super::wide::unpadded(view.slice(&value), encoding, dialect, wide);
        return;
    }
    let full: &[u8] = match plan.settings.encoding {
        Encoding::Utf8 => "\u{3000}".as_bytes(),
        Encoding::EucJp => b"\xA1\xA1",
        _ => b"\x81\x40",
    };
    loop {
        let bytes = view.slice(&value);
        if bytes.last() == Some(&b' ') {
            value.end -= 1;
        } else if field.kind == FieldType::N && bytes.ends_with(full) {
            value.end -= full.len();
        } else {
            break;
        }
    }
    cell.value = value;
}

/// The value without the `+` that was agreed to stand in front of it.
fn unsigned_plus<'t>(plan: &Plan<'_>, field: &FieldPlan<'_>, text: &'t str) -> &'t str {
    let may_have = plan.settings.plus_sign && field.kind == FieldType::Signed;
    let number = text.strip_prefix('+');
    number
        .filter(|n| may_have && !n.starts_with('-'))
        .unwrap_or(text)
}

/// What the type says about a value that is not empty.
fn type_fault(field: &FieldPlan<'_>, text: &str) -> Option<(Check, String)> {
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let fits = |t: &str, limit: Option<u32>| limit.is_none_or(|n| t.len() <= n as usize);
    let length = field.length.map_or(String::new(), |n| n.to_string());
    match field.kind {
        FieldType::Integer if !digits(text) => Some((Check::NotANumber, format!("9({length})"))),
        FieldType::Integer if field.width == 0 && !fits(text, field.length) => {
            Some((Check::TooLong, length))
        }
        FieldType::Signed => {
            let body = text.strip_prefix('-').unwrap_or(text);
            match (digits(body), fits(body, field.length)) {
                (false, _) => Some((Check::NotANumber, format!("S9({length})"))),
                (true, false) => Some((Check::TooLong, length)),
                _ => None,
            }
        }
        FieldType::Decimal => {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
            let form = format!("9({length})V9({})", field.fraction);
            if !digits(whole) || !digits(fraction) {
                return Some((Check::NotANumber, form));
            }
            let has_point = text.contains('.');
            let long = !fits(whole, field.length)
                || (has_point && fraction.len() > field.fraction as usize);
            long.then_some((Check::TooLong, form))
        }
        FieldType::Zoned if zoned(text.as_bytes()).is_none() => {
            Some((Check::NotANumber, "zoned decimal".to_owned()))
        }
        FieldType::Time if !date::is_valid(field.kind, text, false) => {
            Some((Check::InvalidTime, "HH:MM:SS".to_owned()))
        }
        kind if kind.is_date() && !date::is_valid(kind, text, field.unknown_date) => {
            let zero_filled = field.width > 0 && !field.required && text.bytes().all(|b| b == b'0');
            let form = if kind == FieldType::Date {
                "YYYY-MM-DD"
            } else {
                kind.name()
            };
            (!zero_filled).then(|| (Check::InvalidDate, form.to_owned()))
        }
        _ => None,
    }
}
