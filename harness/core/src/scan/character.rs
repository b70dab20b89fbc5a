//! What may be wrong with one character in one field. The fast tables and the slow walk both ask here, so they agree.

use super::checks::Check;
use crate::encoding::class::Class;
use crate::encoding::{
    Duplicates, Encoding, FaultKind, Repertoire, ScalarClass, Target, encode, is_half_width,
    scalar_class,
};
use unicode_normalization::{IsNormalized, is_nfc_quick};

/// Width that a field's characters must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// Half-width: ASCII and half-width kana.
    Half,
    /// Full-width.
    Full,
    /// Not judged here: numbers and dates have their own rules.
    Any,
}

/// What a field's characters are judged by. Fields with equal profiles share a table.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    pub(super) width: Width,
    pub(super) repertoire: Option<Repertoire>,
    /// Expression of the repertoire, empty for none; two profiles are equal when their expressions are.
    pub(super) expression: String,
    pub(super) ivs: bool,
    /// The sequences that are allowed, where a list says so.
    pub(super) collection: Option<Repertoire>,
    pub(super) svs: bool,
    /// Private-use characters that are agreed, where a list says so.
    pub(super) gaiji: Option<Repertoire>,
    /// The form that a CP932 character with several must take.
    pub(super) duplicates: Option<Duplicates>,
    pub(super) private_use: bool,
    pub(super) private_planes: bool,
    pub(super) nfc_stable: bool,
    /// The file is in a Unicode encoding: a compatibility ideograph is the writer's choice, not a position of a table.
    pub(super) unicode: bool,
    /// Marks that look like a lost character and are not agreed; empty outside names.
    pub(super) marks: String,
    /// Newlines are judged by the cutter, which knows about quotes; in fixed records they are faults here.
    pub(super) newline: bool,
    /// Filler: only undecodable bytes matter.
    pub(super) filler: bool,
}

impl Profile {
    pub(super) fn same_as(&self, other: &Self) -> bool {
        self.width == other.width
            && self.duplicates == other.duplicates
            && self.expression == other.expression
            && self.marks == other.marks
            && self.filler == other.filler
    }

    /// The rule that `c` breaks, if any.
    pub(super) fn fault(&self, c: char) -> Option<Check> {
        let class = scalar_class(c);
        if self.filler {
            return None;
        }
        match class {
            ScalarClass::Control if matches!(c, '\r' | '\n') => {
                return (!self.newline).then_some(Check::NewlineInField);
            }
            ScalarClass::Control if c == '\0' => return Some(Check::LowValue),
            ScalarClass::Control if matches!(c, '\u{E}' | '\u{F}') => {
                return Some(Check::ShiftCode);
            }
            ScalarClass::Control | ScalarClass::Format | ScalarClass::Noncharacter => {
                return Some(Check::Control);
            }
            ScalarClass::Replacement => return Some(Check::Replacement),
            ScalarClass::Svs => return (!self.svs).then_some(Check::VariationSelector),
            ScalarClass::Ivs => return (!self.ivs).then_some(Check::VariationSelector),
            _ if class.is_private() => {
                if let Some(agreed) = &self.gaiji {
                    return (!agreed.contains(c)).then_some(Check::PrivateUse);
                }
                let agreed = self.private_planes && class == ScalarClass::PrivatePlane;
                if agreed {
                    return None;
                }
                if !self.private_use {
                    return Some(Check::PrivateUse);
                }
                return self.outside(c);
            }
            ScalarClass::KanaMark | ScalarClass::Combining => return None,
            _ => {}
        }
        match self.width {
            Width::Half if !is_half_width(c) => return Some(Check::WrongClass),
            Width::Full if is_narrow(c) && self.marks.contains(c) => {
                return Some(Check::SubstituteInFull);
            }
            Width::Full if is_narrow(c) => return Some(Check::WrongClass),
            _ => {}
        }
        if !self.marks.is_empty() && self.marks.contains(c) {
            return Some(Check::SubstitutionMark);
        }
        if self.nfc_stable
            && self.unicode
            && c >= '\u{80}'
            && is_nfc_quick(std::iter::once(c)) == IsNormalized::No
        {
            return Some(Check::NotNormalised);
        }
        self.outside(c)
    }

    fn outside(&self, c: char) -> Option<Check> {
        let inside = self.repertoire.as_ref().is_none_or(|r| r.contains(c));
        (!inside).then_some(Check::OutsideRepertoire)
    }

    /// True when these bytes of CP932 are another form of `c` than the agreed one.
    pub(super) fn is_other_form(&self, c: char, bytes: &[u8]) -> bool {
        self.duplicates.is_some_and(|form| {
            let target = Target::new(Encoding::Cp932).duplicates(form);
            let agreed = encode(c.encode_utf8(&mut [0; 4]), target);
            agreed.is_ok_and(|agreed| agreed != bytes)
        })
    }

    /// True when `mark` may follow `base`: as a sequence of the repertoire, or where no repertoire is declared.
    pub(super) fn allows_sequence(&self, base: char, mark: char) -> bool {
        self.repertoire
            .as_ref()
            .is_none_or(|r| r.contains_sequence(base, mark) || r.contains(mark))
    }
}

/// True for what is not full-width: half-width characters and Latin letters with marks.
fn is_narrow(c: char) -> bool {
    let latin = matches!(c, '\u{80}'..='\u{24F}');
    is_half_width(c) || (latin && unicode_width::UnicodeWidthChar::width_cjk(c) != Some(2))
}

/// The rule that an undecodable unit breaks. `at_end`: nothing follows it in its field.
pub(super) fn fault_of_unit(
    kind: FaultKind,
    bytes: &[u8],
    at_end: bool,
    private_use: bool,
) -> Check {
    match kind {
        FaultKind::TruncatedLead | FaultKind::Truncated if at_end => Check::CutAtBorder,
        FaultKind::Cp932Only(Class::Udc) if !private_use => Check::PrivateUse,
        FaultKind::Cp932Only(_) => Check::OutsideRepertoire,
        FaultKind::Unassigned { .. } if bytes == b"\xFC\xFC" => Check::SubstitutionPair,
        FaultKind::ReservedByte | FaultKind::InvalidByte if bytes == b"\xFF" => Check::LowValue,
        _ => Check::IllegalBytes,
    }
}
