//! What must come back, by what the plan does to the call.

use crate::observe::CallView;
use crate::plan::Variation;

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
    let refusal = &view.api.rules.refusal;
    match view.case.variation {
        Variation::None => Expected::Success(view.operation.success()),
        Variation::NoToken => Expected::Refusal(refusal.no_token.clone()),
        Variation::ExpiredToken => Expected::Refusal(refusal.expired_token.clone()),
        Variation::WrongScope => Expected::Refusal(refusal.wrong_scope.clone()),
        Variation::MissingRequired => Expected::Refusal(refusal.missing_required.clone()),
        Variation::TooLong => Expected::Refusal(refusal.too_long.clone()),
    }
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
