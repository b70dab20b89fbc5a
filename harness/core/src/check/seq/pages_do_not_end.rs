use super::{Told, next_page_on_other_host};
use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::plan::Pages;

/// SEQ-003
pub(super) const RULE: Rule = Rule {
    code: "SEQ-003",
    name: "pages-do-not-end",
    source: include_str!("pages_do_not_end.md"),
};

/// The last page that was asked for names one that came before, or there are more pages than the plan allows.
pub(super) fn check(told: &[Told], pages: &Pages, out: &mut Sink) {
    let Some((last, before)) = told.split_last() else {
        return;
    };
    let Some(next) = &last.next else { return };
    if next_page_on_other_host::other(last).is_some() {
        return; // SEQ-005
    }
    let again = before.iter().any(|page| page.next.as_ref() == Some(next))
        || last.url.ends_with(next.as_str());
    let observed = match again {
        true => "a page that came before",
        false if told.len() >= pages.most => "more pages than the plan allows",
        false => return, // the run ended for another reason, which has its own finding
    };
    out.push(
        Hit::new(&RULE, last.at.clone())
            .expected("an end")
            .observed(observed)
            .arg("pages", told.len().to_string())
            .key(observed),
    );
}
