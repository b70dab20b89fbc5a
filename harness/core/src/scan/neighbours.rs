//! Faults of characters: what the neighbours show about them, those of the field and those of the character.

use std::ops::Range;

use super::character::Width;
use super::checks::Check;
use super::evidence::View;
use super::plan::{FieldPlan, Plan};
use super::walk::CharFault;
use super::wide::utf8;
use crate::encoding::Encoding;
use crate::encoding::diagnosis::{Escape, cut_character, dakuten_split, escape};
use crate::model::{Bilingual, Confidence};

/// What the neighbour of a field shows about a fault at its border; empty when it shows nothing.
pub(super) fn hint(
    plan: &Plan<'_>,
    view: &View<'_>,
    field: &FieldPlan<'_>,
    (fault, value): (&CharFault, &Range<usize>),
) -> Bilingual {
    let found = match fault.check {
        Check::WrongClass | Check::IllegalBytes => escaped(plan, view, field, (fault, value)),
        Check::CutAtBorder => other_half(plan, view, field, value),
        Check::DakutenSplit => kana_before(plan, view, field, value),
        _ => None,
    };
    found.unwrap_or_default()
}

/// A 5C that belongs to a character was taken for a backslash.
fn escaped(
    plan: &Plan<'_>,
    view: &View<'_>,
    field: &FieldPlan<'_>,
    (fault, value): (&CharFault, &Range<usize>),
) -> Option<Bilingual> {
    let full = plan.profiles.get(field.profile)?.width == Width::Full;
    if !full || !plan.settings.encoding.is_shift_jis() {
        return None;
    }
    Some(match escape(view.slice(value), fault.at.start)? {
        Escape::Lost => Bilingual::new(
            "。2バイト目が5Cの文字（ダメ文字）から5Cが1つ取り除かれた形に一致する",
            "; it reads as full-width text once a 5C is put back as the second byte of a character",
        ),
        Escape::Doubled => Bilingual::new(
            "。2バイト目が5Cの文字（ダメ文字）の後に5Cがもう1つ付け加えられた形に一致する",
            "; it stands behind a character whose second byte is 5C, as if that had been escaped",
        ),
    })
}

fn index(plan: &Plan<'_>, view: &View<'_>, field: &FieldPlan<'_>) -> Option<usize> {
    let fields = &plan.kinds.get(view.kind?)?.fields;
    fields.iter().position(|f| f.subject == field.subject)
}

/// The next field begins with the other half of the character.
fn other_half(
    plan: &Plan<'_>,
    view: &View<'_>,
    field: &FieldPlan<'_>,
    value: &Range<usize>,
) -> Option<Bilingual> {
    let at = index(plan, view, field)?;
    let next = view.cells.get(at + 1..)?.iter().find(|c| !c.absent)?;
    let touching = plan.record_length > 0 && next.raw.start == value.end;
    if !touching || plan.settings.encoding != Encoding::Cp932 {
        return None;
    }
    cut_character(view.slice(value), view.slice(&next.raw))?;
    let place = view.cells.iter().position(|c| c == next)?;
    let name = plan.layout.field_name(view.kind?, place);
    let title = title(plan, view, place);
    Some(Bilingual::new(
        format!("。次の項目「{title}」の先頭のバイトと合わせると1文字になる"),
        format!("; with the first byte of {name} it makes one character"),
    ))
}

/// The field before is full and ends with the kana that the mark belongs to.
fn kana_before(
    plan: &Plan<'_>,
    view: &View<'_>,
    field: &FieldPlan<'_>,
    value: &Range<usize>,
) -> Option<Bilingual> {
    let at = index(plan, view, field)?;
    let (encoding, dialect) = (plan.settings.encoding, plan.settings.dialect);
    let text = |range: &Range<usize>| utf8(view.slice(range), encoding, dialect);
    let place = at.checked_sub(1)?;
    let before = view.cells.get(place)?;
    let raw = text(&before.raw);
    let words = std::str::from_utf8(&raw).ok()?;
    let limit = plan.kinds.get(view.kind?)?.fields.get(place)?.length;
    let full = match plan.record_length {
        0 => limit.is_some_and(|limit| words.chars().count() >= limit as usize),
        _ => !words.ends_with(' '),
    };
    let mine = text(value);
    let split = dakuten_split(std::str::from_utf8(&mine).ok()?, Some((words, full)))?;
    let name = plan.layout.field_name(view.kind?, place);
    let title = title(plan, view, place);
    (split == Confidence::Certain).then(|| {
        Bilingual::new(
            format!("。前の項目「{title}」が桁数いっぱいで、濁点の付くかなで終わっている"),
            format!("; {name} before it is full and ends with the kana that takes the mark"),
        )
    })
}

fn title(plan: &Plan<'_>, view: &View<'_>, index: usize) -> String {
    let kind = view.kind.and_then(|k| plan.layout.kinds.get(k));
    kind.and_then(|k| k.fields.get(index))
        .map_or(String::new(), |f| f.name.clone())
}
