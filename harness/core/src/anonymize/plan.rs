//! What happens to each field. Where a layout says nothing, text counts as a person's and amounts and codes do not.

use crate::mask::Sensitivity;
use crate::spec::layout::{Field, FieldType, Format, Layout, OrderOf, Place, TotalOf};

/// What happens to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// It stays byte for byte: the user said so.
    Keep,
    /// A code of a list, a fixed value, a total or what adds up to one: it stays, as `Coded` does, where the record is
    /// doubtful, too.
    Structure,
    /// An amount, a day of processing: it stays, but characters that are not ASCII and in no code list are replaced,
    /// since a shifted record may put a name there.
    Coded,
    /// A day of a person: moved back.
    Day,
    /// Every letter, digit, kana and kanji is replaced by one of its class.
    Text,
}

/// The treatment of every field, by kind and field. `keep`: machine names of fields that stay.
pub fn treatments(layout: &Layout, keep: &[String]) -> Vec<Vec<Treatment>> {
    let of = |kind: usize, index: usize, field: &Field| {
        let full = layout.field_name(kind, index);
        if keep.iter().any(|k| *k == full || *k == field.roman) {
            Treatment::Keep
        } else if is_structure(layout, kind, index, field) {
            Treatment::Structure
        } else {
            by_type(field)
        }
    };
    layout
        .kinds
        .iter()
        .enumerate()
        .map(|(kind, known)| {
            let fields = known.fields.iter().enumerate();
            fields.map(|(at, field)| of(kind, at, field)).collect()
        })
        .collect()
}

fn by_type(field: &Field) -> Treatment {
    let declared = field.sensitive != Sensitivity::No;
    let numbered = matches!(
        field.format,
        Format::IndividualNumber | Format::AddresseeNumber | Format::CorporateNumber
    );
    match field.kind {
        FieldType::Dummy | FieldType::Time => Treatment::Coded,
        kind if kind.is_date() && declared => Treatment::Day,
        kind if kind.is_date() => Treatment::Coded,
        kind if kind.is_number() => {
            if declared || numbered || field.primary_key || field.foreign_key {
                Treatment::Text
            } else {
                Treatment::Coded
            }
        }
        _ => Treatment::Text,
    }
}

/// Fields that tell records apart or add up: codes, fixed values, control totals, record numbers.
fn is_structure(layout: &Layout, kind: usize, index: usize, field: &Field) -> bool {
    let discriminates = layout.kinds.get(kind).is_some_and(|k| {
        k.discriminator.as_ref().is_some_and(|d| match d.place {
            Place::Field(at) => at == index,
            Place::Byte(at) => {
                field.width > 0 && (field.start..field.start + field.width).contains(&at)
            }
        })
    });
    let totalled = layout.totals.iter().any(|total| {
        let summed = match &total.of {
            TotalOf::Sum(k, f) => (*k, *f) == (kind, index),
            TotalOf::Parts(parts) => total.kind == kind && parts.iter().any(|(_, f)| *f == index),
            TotalOf::Count(_) => false,
        };
        summed || (total.kind, total.field) == (kind, index)
    });
    let numbers = layout.orders.iter().any(|order| {
        let named = order.fields.get(kind).and_then(Option::as_ref);
        matches!(order.of, OrderOf::Number(_)) && named.is_some_and(|f| f.contains(&index))
    });
    let municipality = matches!(field.format, Format::MunicipalityCode);
    !field.code.is_empty()
        || field.fixed_value.is_some()
        || municipality
        || discriminates
        || totalled
        || numbers
}
