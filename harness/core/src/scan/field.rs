//! Checks the value of one field, slowly and exactly: what a person reads about a fault comes from here. The quick path only
//! proves that there is nothing to say.

use std::ops::Range;

use super::character::Width;
use super::checks::Check;
use super::evidence::{Cell, MAX_SHOWN, View};
use super::plan::{FieldPlan, Plan};
use super::tally::{Detail, Spot, Tally};
use super::walk::{CharFault, Reading, Walk};
use crate::encoding::Duplicates;
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
    let value = view.slice(&cell.value);
    let wide = field.kind == FieldType::N;
    let length = if plan.measured || wide {
        // From the front: the second byte of a character and what follows it may look like a full-width space.
        let (encoding, dialect) = (plan.settings.encoding, plan.settings.dialect);
        super::wide::unpadded(value, encoding, dialect, wide)
    } else {
        value
            .iter()
            .rposition(|b| *b != b' ')
            .map_or(0, |at| at + 1)
    };
    cell.value.end = cell.value.start + length;
}
