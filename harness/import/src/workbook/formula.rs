//! Formulas whose result was not saved, as far as they only join cells and texts: `=API概要!$C$10&"_R01"`. Programs that
//! write workbooks without computing them leave such cells; nothing else is computed here.

use super::{At, MAX_CELL_TEXT, MAX_TEXT, Sheet, Value};

/// Rounds in which formulas that lean on each other are followed.
const ROUNDS: usize = 8;

/// Gives every such cell its text and marks it [`super::Cell::recalculated`].
pub(super) fn join_texts(sheets: &mut [Sheet]) {
    let mut left = MAX_TEXT;
    for _ in 0..ROUNDS {
        let mut found: Vec<(usize, At, String)> = Vec::new();
        for (index, sheet) in sheets.iter().enumerate() {
            for (at, formula) in &sheet.formulas {
                if let Some(text) = text_of(formula, sheet, sheets)
                    && let Some(after) = left.checked_sub(text.len())
                {
                    left = after;
                    found.push((index, *at, text));
                }
            }
        }
        if found.is_empty() {
            return;
        }
        for (index, at, text) in found {
            let Some(sheet) = sheets.get_mut(index) else {
                continue;
            };
            sheet.formulas.remove(&at);
            if let Some(cell) = sheet.cells.get_mut(&at) {
                cell.value = Value::Text(text.clone());
                cell.shown = text;
                cell.recalculated = true;
            }
        }
    }
}

/// The text of a formula; `None` for every formula that is more than joined cells and texts, or leans on one.
fn text_of(formula: &str, own: &Sheet, sheets: &[Sheet]) -> Option<String> {
    let mut rest = formula.trim().trim_start_matches('=').trim_start();
    let mut out = String::new();
    loop {
        let (part, after) = if let Some(quoted) = rest.strip_prefix('"') {
            literal(quoted)?
        } else {
            reference(rest, own, sheets)?
        };
        out.push_str(&part);
        if out.len() > MAX_CELL_TEXT {
            return None;
        }
        rest = after.trim_start();
        match rest.strip_prefix('&') {
            Some(next) => rest = next.trim_start(),
            None => break,
        }
    }
    (rest.is_empty() && !out.is_empty()).then_some(out)
}

/// A text behind its opening quote, and what follows it; a doubled quote stands for one.
fn literal(quoted: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut rest = quoted;
    loop {
        let (text, after) = rest.split_once('"')?;
        out.push_str(text);
        match after.strip_prefix('"') {
            Some(more) => {
                out.push('"');
                rest = more;
            }
            None => return Some((out, after)),
        }
    }
}

/// What the cell of a reference shows, and what follows the reference.
fn reference<'a>(text: &'a str, own: &Sheet, sheets: &[Sheet]) -> Option<(String, &'a str)> {
    let end = text.find('&').unwrap_or(text.len());
    let (name, address, after) = match text.strip_prefix('\'') {
        Some(quoted) => {
            let (name, rest) = quoted.split_once("'!")?;
            let end = rest.find('&').unwrap_or(rest.len());
            let (address, after) = rest.split_at(end);
            (Some(name.replace("''", "'")), address, after)
        }
        None => {
            let (whole, after) = text.split_at(end);
            match whole.split_once('!') {
                Some((name, address)) => (Some(name.to_owned()), address, after),
                None => (None, whole, after),
            }
        }
    };
    let at = At::parse(address.trim())?;
    let sheet = match &name {
        Some(name) => sheets.iter().find(|sheet| sheet.name == *name)?,
        None => own,
    };
    match sheet.cell(at) {
        None => Some((String::new(), after)),
        Some(cell) if cell.uncomputed() || cell.error().is_some() => None,
        Some(cell) => Some((cell.shown.clone(), after)),
    }
}
