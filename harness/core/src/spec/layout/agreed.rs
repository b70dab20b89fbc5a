//! A layout as two sides agreed to use it: what the agreement says of the form of values takes the place of what the layout
//! says, so that what was agreed is what is checked.

use std::collections::BTreeSet;

use regex::Regex;

use super::{Field, FieldType, Form, Format, Layout, NamePattern, Output, WidthClass};
use crate::mask::Sensitivity;

/// The value that holds for a setting of the agreement.
pub type Agreed<'a> = &'a dyn Fn(&str) -> Option<&'a str>;

/// Full-width text whose parts are separated by half-width spaces.
const HALF_WIDTH_SPACES: &str = "[^!-~｡-ﾟ]*";

impl Layout {
    /// The layout with the agreed forms of dates, numbers, names and numbers of persons, and the agreed file name. What cannot
    /// be had in this layout (a date form that does not fit the width of a fixed field) stays as the layout says.
    #[must_use]
    pub fn as_agreed(&self, agreed: Agreed<'_>) -> Self {
        let mut layout = self.clone();
        let pattern = agreed("transfer.name").filter(|name| name.contains('{'));
        if let Some(pattern) = pattern.and_then(|name| NamePattern::parse(name).ok()) {
            layout.name_pattern = Some(pattern);
        }
        let date = agreed("form.date").and_then(date_type);
        let date = date.filter(|_| one_form_of_dates(self));
        let fixed = matches!(self.form, Form::Fixed { .. });
        let marked = fields(self).any(|f| f.unknown_date);
        for field in layout.kinds.iter_mut().flat_map(|kind| &mut kind.fields) {
            if let Some((kind, length)) = date {
                date_as(field, kind, length, fixed);
            }
            if let Some(form) = agreed("form.unknown_date") {
                unknown_date_as(field, form, marked);
            }
            if let Some(form) = agreed("form.sign") {
                sign_as(field, form);
            }
            if let Some(form) = agreed("form.decimals") {
                decimals_as(field, form);
            }
            if let Some(form) = agreed("form.individual_number") {
                individual_number_as(field, form);
            }
            if agreed("form.name_separator") == Some("half-width-space") {
                separated_by_half_width(field);
            }
        }
        layout
    }
}

impl Field {
    /// True for a field that holds the whole name of a person; surname or given name alone have no parts.
    pub fn is_whole_name(&self) -> bool {
        let name = self.name.as_str();
        let part = name.contains("氏名_氏") || name.contains("氏名_名");
        let told = self.is_name_like && name.contains("氏名") && !part;
        told || self.sensitive == Sensitivity::Name
            && self.kind == FieldType::N
            && OF_PERSONS.iter().any(|end| name.ends_with(end))
            && !OF_FIRMS.iter().any(|end| name.ends_with(end))
    }
}

/// How fields with the name of a person are called beside 氏名 (children, 被保険者名, 世帯主名, 申請人名), and what ends alike
/// but may be a firm.
const OF_PERSONS: &[&str] = &["名前", "児童名", "生徒名", "者名", "主名", "人名"];
const OF_FIRMS: &[&str] = &["業者名", "事業主名", "法人名"];

fn fields(layout: &Layout) -> impl Iterator<Item = &Field> {
    layout.kinds.iter().flat_map(|kind| &kind.fields)
}

/// The type of field that holds an agreed form of dates, with its length in characters.
fn date_type(form: &str) -> Option<(FieldType, u32)> {
    Some(match form {
        "yyyy-mm-dd" => (FieldType::Date, 10),
        "yyyymmdd" => (FieldType::Ymd8, 8),
        "wareki-yymmdd" => (FieldType::Ymd6, 6),
        "era-code" => (FieldType::Wareki, 7),
        "mmdd" => (FieldType::Md, 4),
        _ => return None,
    })
}

/// One agreed form cannot hold for a layout that has days of several forms: there each field's own type decides.
fn one_form_of_dates(layout: &Layout) -> bool {
    let kinds: BTreeSet<&str> = fields(layout)
        .map(|f| f.kind)
        .filter(|kind| kind.is_date() && *kind != FieldType::Year)
        .map(FieldType::name)
        .collect();
    kinds.len() == 1
}

fn date_as(field: &mut Field, kind: FieldType, length: u32, fixed: bool) {
    let is_day = field.kind.is_date() && field.kind != FieldType::Year;
    if is_day && field.kind != kind && (!fixed || field.width == length as usize) {
        field.kind = kind;
        field.length = Some(length);
    }
}

/// `marked`: the layout itself says which days may be unknown; else any may.
fn unknown_date_as(field: &mut Field, form: &str, marked: bool) {
    if !field.kind.is_date() || field.kind == FieldType::Year || (marked && !field.unknown_date) {
        return;
    }
    match form {
        "empty" if marked => field.output = Output::Optional,
        "0000-00-00" | "partial" => field.unknown_date = true,
        _ => {}
    }
}

fn sign_as(field: &mut Field, form: &str) {
    match (field.kind, form) {
        (FieldType::Signed, "zoned") => field.kind = FieldType::Zoned,
        (FieldType::Zoned, "leading-minus" | "plus-minus") => field.kind = FieldType::Signed,
        _ => {}
    }
}

fn decimals_as(field: &mut Field, form: &str) {
    match (field.kind, form) {
        (FieldType::Decimal, "implied") if field.fraction > 0 => {
            field.kind = FieldType::Integer;
            field.length = field.length.map(|n| n.saturating_add(field.fraction));
            field.decimals = std::mem::take(&mut field.fraction);
        }
        (FieldType::Integer, "point") if field.decimals > 0 => {
            field.kind = FieldType::Decimal;
            field.length = field.length.map(|n| n.saturating_sub(field.decimals));
            field.fraction = std::mem::take(&mut field.decimals);
        }
        _ => {}
    }
}

fn individual_number_as(field: &mut Field, form: &str) {
    if !matches!(field.format, Format::IndividualNumber) {
        return;
    }
    match form {
        "mask" => {
            field.format = Format::None;
            field.kind = FieldType::X;
        }
        "exclude" => field.output = Output::Optional,
        _ => {}
    }
}

fn separated_by_half_width(field: &mut Field) {
    let free = matches!(field.format, Format::None);
    if field.is_whole_name() && field.kind == FieldType::N && free {
        field.width_class = Some(WidthClass::Mixed);
        if let Ok(pattern) = Regex::new(&format!("^(?:{HALF_WIDTH_SPACES})$")) {
            field.format = Format::Regex(Box::new(pattern), HALF_WIDTH_SPACES.to_owned());
        }
    }
}
