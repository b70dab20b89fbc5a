//! What must come back, by what the plan does to the call.

use crate::observe::CallView;
use crate::plan::{Misuse, Variation};
use crate::spec::Statuses;

/// What must come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// A documented success; as people read it.
    Success(Vec<String>),
    /// A refusal with one of these statuses.
    Refusal(Vec<u16>),
}

/// What must come back for a call.
pub(super) fn of(view: &CallView<'_>) -> Expected {
    if view.case.variation == Variation::None {
        return Expected::Success(view.operation.success());
    }
    let (told, usual) = refusal(view);
    if !told.is_empty() {
        let mut statuses = told.clone();
        if elsewhere(view.case.variation) && !statuses.contains(&400) {
            statuses.push(400);
        }
        return Expected::Refusal(statuses);
    }
    let mut statuses = usual.to_vec();
    if view.case.variation.is_of_body() {
        // The document names its own ways of refusing; what is about tokens and times is no answer to a body.
        let others = [401, 403, 407, 408, 429];
        let documented = view.operation.responses.iter().map(|r| r.statuses);
        statuses.extend(documented.filter_map(|s| match s {
            Statuses::One(status @ 400..=499) if !others.contains(&status) => Some(status),
            _ => None,
        }));
        statuses.sort_unstable();
        statuses.dedup();
    }
    Expected::Refusal(statuses)
}

/// True when the pack itself says with which statuses the call of the case is refused.
pub(super) fn is_told(view: &CallView<'_>) -> bool {
    !refusal(view).0.is_empty()
}

/// The pack's statuses, and the usual ones for packs that say nothing: RFC 6750 3.1 (401 invalid_token, 403
/// insufficient_scope), RFC 9110 15.5.1 (400), 15.5.16 (415) and 15.5.21 (422).
fn refusal<'v>(view: &'v CallView<'_>) -> (&'v Vec<u16>, &'static [u16]) {
    let rules = &view.api.rules.refusal;
    match view.case.variation {
        Variation::None | Variation::NoToken => (&rules.no_token, &[401]),
        Variation::ExpiredToken => (&rules.expired_token, &[401]),
        Variation::WrongScope | Variation::Misuse(Misuse::ForeignToken) => {
            (&rules.wrong_scope, &[401, 403])
        }
        Variation::Misuse(Misuse::TokenInQuery | Misuse::TokenInBody | Misuse::TwoMethods) => {
            (&rules.no_token, &[400, 401])
        }
        Variation::Misuse(_) => (&rules.expired_token, &[401]),
        Variation::MissingRequired => (&rules.missing_required, &[400, 422]),
        Variation::TooLong => (&rules.too_long, &[400, 422]),
        Variation::BrokenJson | Variation::DuplicateKey | Variation::InvalidUtf8 => {
            (&rules.malformed, &[400, 422])
        }
        Variation::WrongContentType | Variation::WrongCharset => {
            (&rules.wrong_media_type, &[400, 415, 422])
        }
        _ => (&rules.invalid_value, &[400, 422]),
    }
}

/// A token in another place than the header may also be an item that the request must not have, or two methods at once
/// (RFC 6750 3.1, invalid_request).
fn elsewhere(variation: Variation) -> bool {
    matches!(
        variation,
        Variation::Misuse(Misuse::TokenInQuery | Misuse::TokenInBody | Misuse::TwoMethods)
    )
}

impl Expected {
    /// In neutral notation: `200`, `401 | 403`.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Success(words) if words.is_empty() => "2XX".to_owned(),
            Self::Success(words) => words.join(" | "),
            Self::Refusal(statuses) => {
                let words: Vec<String> = statuses.iter().map(u16::to_string).collect();
                words.join(" | ")
            }
        }
    }

    /// True when the call must be refused and this status does so.
    pub(super) fn refuses_with(&self, status: u16) -> bool {
        matches!(self, Self::Refusal(statuses) if statuses.contains(&status))
    }
}
