//! SEQ: what several exchanges show together. Each call is judged by itself before; here only answers of success count.

mod awaited_call_missing;
mod expectation_not_held;
mod item_on_two_pages;
mod next_page_on_other_host;
mod number_given_twice;
mod pages_do_not_end;
mod repeated_request_answered_differently;
mod step_not_confirmed;

use super::rule::Rule;
use super::sink::Sink;
use crate::calls::{next_page, text, values};
use crate::model::Location;
use crate::observe::CallView;
use crate::plan::Pages;

pub use awaited_call_missing::check as awaited_call_missing;
pub use expectation_not_held::check as expectation_not_held;
pub use step_not_confirmed::check as step_not_confirmed;

/// Rules of the area, in the order of codes.
pub(super) const RULES: &[&Rule] = &[
    &number_given_twice::RULE,
    &repeated_request_answered_differently::RULE,
    &pages_do_not_end::RULE,
    &item_on_two_pages::RULE,
    &next_page_on_other_host::RULE,
    &expectation_not_held::RULE,
    &awaited_call_missing::RULE,
    &step_not_confirmed::RULE,
];

/// What one answer says that is compared with others.
#[derive(Clone, Debug)]
pub struct Told {
    /// The exchange.
    at: Location,
    /// Where the values stand.
    pointer: String,
    /// The values, as text.
    values: Vec<String>,
    /// Where the next page is.
    next: Option<String>,
    /// URL of the request.
    url: String,
}

impl Told {
    /// The values at a JSON Pointer (`*` for every element) of a successful answer.
    pub fn of(view: &CallView<'_>, pointer: &str) -> Option<Self> {
        let response = view.response.as_ref().filter(|r| r.succeeded())?;
        let found = response.json().map(|json| values(&json.value, pointer));
        Some(Self {
            at: view.place(),
            pointer: pointer.to_owned(),
            values: found.unwrap_or_default().into_iter().map(text).collect(),
            next: None,
            url: view.http.request.url.clone(),
        })
    }

    /// The items of a page and where the next one is.
    pub fn of_page(view: &CallView<'_>, pages: &Pages) -> Option<Self> {
        let pointer = match pages.items.as_str() {
            "" => return Self::of(view, "/-").map(|told| told.with_next(view, pages)),
            items => format!("{items}/*{}", pages.id),
        };
        Self::of(view, &pointer).map(|told| told.with_next(view, pages))
    }

    fn with_next(mut self, view: &CallView<'_>, pages: &Pages) -> Self {
        if let Some(response) = &view.response {
            let body = response.json().map(|json| &json.value);
            self.next = next_page(pages, &response.http.headers, body);
        }
        self
    }

    fn place(&self) -> Location {
        Location {
            pointer: Some(self.pointer.clone()),
            ..self.at.clone()
        }
    }

    fn log(&self) -> &str {
        self.at.log.as_deref().unwrap_or_default()
    }
}

/// Calls made at the same time, whose answers must not share a value.
pub fn examine_parallel(told: &[Told], out: &mut Sink) {
    number_given_twice::check(told, out);
}

/// One call made several times, whose answers must be the same.
pub fn examine_repeat(told: &[Told], out: &mut Sink) {
    repeated_request_answered_differently::check(told, out);
}

/// Pages of one answer, in order; at most `most` were asked for.
pub fn examine_pages(told: &[Told], pages: &Pages, out: &mut Sink) {
    next_page_on_other_host::check(told, pages, out);
    pages_do_not_end::check(told, pages, out);
    item_on_two_pages::check(told, out);
}
