//! Rules that have nothing to do where a requirement says they judge it. Only what is certain is called idle: what an
//! agreement may still set (encoding, newline …), and rules that are not about layouts, never are.

use crate::model::{Bilingual, Level};
use crate::spec::layout::{Field, FieldType, Form, Format, OrderOf, Output, TotalOf, WidthClass};
use crate::spec::{Layout, Pack, Requirement};

/// Why a rule judges nothing in the scope of a requirement; `None` when it may judge something there.
pub(crate) fn reason(pack: &Pack, requirement: &Requirement, code: &str) -> Option<Bilingual> {
    let mut told = None;
    let everywhere = [String::new()];
    let scope = match requirement.scope.as_slice() {
        [] if pack.apis.is_empty() && pack.messages.is_empty() => &everywhere,
        some => some,
    };
    if scope.is_empty() {
        return None;
    }
    for place in scope {
        let (id, field) = place.split_once('/').unwrap_or((place, ""));
        let layouts: Vec<&Layout> = pack
            .layouts
            .iter()
            .filter(|(folder, _)| id.is_empty() || *folder == id)
            .map(|(_, layout)| layout)
            .collect();
        if layouts.is_empty() {
            return None; // an API, or a name that another rule tells
        }
        for layout in layouts {
            told = Some(of_place(pack, layout, field, code)?);
        }
    }
    told
}

fn of_place(pack: &Pack, layout: &Layout, name: &str, code: &str) -> Option<Bilingual> {
    if layout.levels.get(code) == Some(&Level::Off) {
        return Some(Bilingual::new(
            format!("様式 {} の [levels] で off", layout.id),
            format!("off under [levels] of layout {}", layout.id),
        ));
    }
    let mut fields = Vec::new();
    for (k, kind) in layout.kinds.iter().enumerate() {
        for (f, field) in kind.fields.iter().enumerate() {
            if name.is_empty() || name == field.roman || name == layout.field_name(k, f) {
                fields.push((k, f, field));
            }
        }
    }
    let idle = match code.split_once('-') {
        _ if fields.is_empty() => false,
        Some(("VAL", _)) => fields.iter().all(|(_, _, f)| value_is_idle(pack, f, code)),
        Some(("XRF", "001")) => {
            let keyed = |k: usize, f: usize| {
                let mut keys = layout.unique.iter();
                keys.any(|key| key.kind == k && key.fields.contains(&f))
            };
            !fields.iter().any(|(k, f, _)| keyed(*k, *f))
        }
        _ => layout_is_idle(layout, code),
    };
    idle.then(|| {
        let place = match name {
            "" => layout.id.clone(),
            name => format!("{}/{name}", layout.id),
        };
        Bilingual::new(
            format!("{place} に調べるものがない"),
            format!("it has nothing to judge in {place}"),
        )
    })
}

fn value_is_idle(pack: &Pack, field: &Field, code: &str) -> bool {
    let kind = field.kind;
    let is_text = matches!(kind, FieldType::X | FieldType::C | FieldType::N);
    match code {
        "VAL-001" => field.output != Output::Required,
        "VAL-002" => !matches!(field.output, Output::Conditional(Some(_), _)),
        "VAL-003" => field.length.is_none() && kind != FieldType::Decimal,
        "VAL-004" => !is_text || field.width_class == Some(WidthClass::Mixed),
        "VAL-005" => !kind.is_number(),
        "VAL-006" => !kind.is_date(),
        "VAL-007" => kind != FieldType::Time,
        "VAL-008" => {
            let list = pack.code_lists.get(&field.code);
            list.is_none_or(|list| list.open || list.values.is_empty())
        }
        "VAL-009" => !matches!(field.format, Format::IndividualNumber),
        "VAL-010" | "VAL-015" => !matches!(field.format, Format::AddresseeNumber),
        "VAL-011" => !matches!(field.format, Format::MunicipalityCode),
        "VAL-012" => !matches!(field.format, Format::Regex(..)),
        "VAL-013" => field.fixed_value.is_none(),
        "VAL-014" => !matches!(field.format, Format::CorporateNumber),
        _ => false,
    }
}

fn layout_is_idle(layout: &Layout, code: &str) -> bool {
    let total = |of: fn(&TotalOf) -> bool| layout.totals.iter().any(|total| of(&total.of));
    let order = |of: fn(&OrderOf) -> bool| layout.orders.iter().any(|order| of(&order.of));
    let delimited = layout.form == Form::Delimited;
    match code {
        "XRF-002" => layout.references.is_empty(),
        "XRF-003" => !total(|of| matches!(of, TotalOf::Count(_))),
        "XRF-004" => !total(|of| matches!(of, TotalOf::Sum(..))),
        "XRF-005" => !total(|of| !matches!(of, TotalOf::Count(_) | TotalOf::Sum(..))),
        "XRF-006" => layout.rules.is_empty(),
        "XRF-007" => !order(|of| matches!(of, OrderOf::Number(_))),
        "XRF-008" => !order(|of| matches!(of, OrderOf::Sorted(_))),
        "LAY-001" => delimited,
        "LAY-002" | "LAY-003" | "LAY-009" | "LAY-011" => !delimited,
        "LAY-007" => layout.kinds.iter().all(|kind| kind.discriminator.is_none()),
        "LAY-008" => layout.sequence.is_none(),
        _ => false,
    }
}
