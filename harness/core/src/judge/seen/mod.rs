//! What an exchange showed of each agreement item. Only what bytes, names, times, handshakes or tokens prove; what they
//! leave open is not claimed, and [`reason`] says why.

mod api;
mod beside;
#[cfg(test)]
mod call_tests;
#[cfg(test)]
mod deviation_tests;
mod file;
mod forms;
mod json;
mod sample;
#[cfg(test)]
mod tests;
mod whole;

use crate::agreement::Terms;
use crate::model::{Bilingual, CauseKind};
use crate::spec::{Allowed, Item};

pub(super) use api::{Call, of_call};
pub(super) use beside::Beside;
pub(super) use file::{Arrived, BOUND, compression_of, of_file};

/// What an exchange showed of one setting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The setting, as items of the catalogue name it: `newline`, `form.date`.
    pub setting: &'static str,
    /// The value in the words of the item, or what people are shown of it; several are separated by ` | `.
    pub value: String,
    /// It is not what was agreed.
    pub deviates: bool,
    /// Rules that tell the same fact: of the same field, where there is one.
    pub judged_by: &'static [&'static str],
    /// A rule of its own compares the setting with the agreement, always.
    pub elsewhere: bool,
    /// 1-based record of the first place that deviates.
    pub record: Option<u64>,
    /// Field of that place, as locations name it.
    pub field: Option<String>,
    /// Further fields that deviate in the same way.
    pub further: Vec<String>,
    /// The side it speaks of; `None`: as the rule proposes.
    pub cause: Option<CauseKind>,
}

/// Collects what is seen in one case, beside what was agreed for it.
pub(super) struct Look<'a> {
    terms: Terms<'a>,
    seen: Vec<Seen>,
}

impl<'a> Look<'a> {
    fn new(terms: Terms<'a>) -> Self {
        Self {
            terms,
            seen: Vec::new(),
        }
    }

    /// The agreed value of a setting.
    fn agreed(&self, setting: &str) -> Option<&'a str> {
        self.terms.agreed(setting)
    }

    /// True when something else was agreed than one of `fits`.
    fn deviates(&self, setting: &str, fits: &[&str]) -> bool {
        self.agreed(setting)
            .is_some_and(|agreed| !fits.contains(&agreed))
    }

    /// Notes a value that a rule of its own judges.
    fn told_elsewhere(&mut self, setting: &'static str, value: impl Into<String>) {
        self.add(Seen {
            setting,
            value: value.into(),
            elsewhere: true,
            ..Seen::default()
        });
    }

    /// Notes a value that is as agreed when the agreement is one of `fits`.
    fn note(
        &mut self,
        setting: &'static str,
        value: impl Into<String>,
        fits: &[&str],
        judged_by: &'static [&'static str],
    ) {
        let seen = Seen {
            setting,
            value: value.into(),
            deviates: self.deviates(setting, fits),
            judged_by,
            ..Seen::default()
        };
        self.add(seen);
    }

    /// Adds what was seen; a setting seen several times keeps its values, and its first place that deviates.
    fn add(&mut self, seen: Seen) {
        let Some(known) = self.seen.iter_mut().find(|s| s.setting == seen.setting) else {
            self.seen.push(seen);
            return;
        };
        if !known.value.split(" | ").any(|v| v == seen.value) {
            known.value = format!("{} | {}", known.value, seen.value);
        }
        if seen.deviates && known.deviates {
            let new = |field: &String| {
                known.field.as_ref() != Some(field) && !known.further.contains(field)
            };
            let field = seen.field.filter(new);
            known.further.extend(field);
        } else if seen.deviates {
            let value = std::mem::take(&mut known.value);
            *known = Seen { value, ..seen };
        }
    }
}

/// Setting that only exchanges between the real systems show.
pub const RETRIES: &str = "api.retries";

/// Why nothing was seen of an item. `ran`: an exchange of its kind was judged.
pub(super) fn reason(item: &Item, ran: bool) -> Bilingual {
    if !ran {
        return Bilingual::new(
            "この種類の交換を行っていません",
            "no exchange of this kind was made",
        );
    }
    if item.setting.is_empty() {
        return match item.allowed {
            Allowed::Text => Bilingual::new(
                "自由記述の項目で、交換の記録とは比べられません",
                "answered in free text; a record of exchanges cannot be compared with it",
            ),
            _ => Bilingual::new("交換の外からは見えません", "cannot be seen from outside"),
        };
    }
    if item.setting == RETRIES {
        return Bilingual::new(
            "呼出しは renkei が行い、利用側の再試行は起きません。実物どうしを中継（renkei relay）すると分かります",
            "renkei made the calls, so the consumer retried nothing; a relay between the real systems shows it",
        );
    }
    Bilingual::new(
        "交換したデータに、この項目が分かる値がありませんでした",
        "the data exchanged held nothing that shows it",
    )
}
