//! The header row: there or not, and with the names that were agreed.

use super::checks::Check;
use super::evidence::View;
use super::plan::{FILE, Plan};
use super::tally::{Detail, Spot};
use super::worker::{Report, header_names};
use crate::encoding::decode;
use crate::spec::layout::Header;

/// Judges the first row; true when it is a header row.
pub(super) fn judge(plan: &Plan<'_>, view: &View<'_>, out: &mut Report) -> bool {
    let settings = plan.settings;
    let value = |index: usize| {
        let cell = view.cells.get(index)?;
        decode(view.slice(&cell.value), settings.encoding, settings.dialect).ok()
    };
    let cells: Vec<Option<String>> = (0..view.cells.len()).map(value).collect();
    let matching = |names: &[String]| {
        let same = |(name, cell): (&String, &Option<String>)| {
            !name.is_empty() && cell.as_deref() == Some(name)
        };
        names.iter().zip(&cells).filter(|pair| same(*pair)).count()
    };
    let kinds = [Header::Names, Header::Roman, Header::Ids];
    let best = kinds
        .into_iter()
        .map(|kind| (matching(&header_names(plan, kind)), kind))
        .max_by_key(|(n, _)| *n);
    // One equal cell may be chance (a field named 1 …), half of the row is not.
    let looks_like = best
        .filter(|(n, _)| *n > 0 && *n * 2 >= cells.len())
        .map(|(_, kind)| kind);
    out.facts.header = looks_like.is_some();
    let names = header_names(plan, settings.header);
    let complete = matching(&names) == names.len() && cells.len() == names.len();
    let mut differs = None;
    let (is_header, expected, observed) = match (settings.header, looks_like) {
        (Header::None, None) => return false,
        (Header::None, Some(found)) => (true, "none".to_owned(), found.name().to_owned()),
        (_, _) if complete => return true,
        (agreed, None) if matching(&names) == 0 => {
            (false, agreed.name().to_owned(), "none".to_owned())
        }
        (agreed, Some(found)) if agreed != found && matching(&names) == 0 => {
            (true, agreed.name().to_owned(), found.name().to_owned())
        }
        (_, _) => {
            let at = (0..names.len().max(cells.len())).find(|at| {
                names.get(*at).map(String::as_str) != cells.get(*at).and_then(|c| c.as_deref())
            });
            let at = at.unwrap_or(0);
            differs = Some(at);
            let found = cells
                .get(at)
                .and_then(Clone::clone)
                .unwrap_or_else(|| "none".to_owned());
            let found = plan.mask.text(&found, crate::mask::Sensitivity::No);
            (
                true,
                format!(
                    "{}: {}",
                    at + 1,
                    names.get(at).map_or("none", String::as_str)
                ),
                format!("{}: {found}", at + 1),
            )
        }
    };
    // A name that differs is shown where it stands.
    let place = differs
        .and_then(|at| view.cells.get(at))
        .map_or(view.start..view.end, |cell| cell.value.clone());
    let subject = differs
        .and_then(|at| plan.kinds.first()?.fields.get(at))
        .map_or(FILE, |field| field.subject);
    let spot = Spot {
        record: Some(u64::from(!is_header)),
        line: Some(1),
        at: view.base + place.start as u64,
        length: place.len() as u64,
        in_record: (place.start - view.start) as u64,
    };
    out.tally.hit(Check::HeaderRow, subject, spot, || Detail {
        expected,
        observed,
        ..Detail::default()
    });
    is_header
}
