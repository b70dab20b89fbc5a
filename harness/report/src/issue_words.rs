//! Words of the register on a page and in a terminal: what the machine drafted and the codes of its tables in the page's language, what
//! people wrote as they wrote it.

use renkei_core::issue::{Agreed, Issue, Priority, drafted_impacts};
use renkei_core::model::{Bilingual, CauseKind, Lang};

use crate::words;

/// 優先度.
pub fn priority(priority: Priority, lang: Lang) -> String {
    let english = match priority {
        Priority::High => "high",
        Priority::Middle => "middle",
        Priority::Low => "low",
    };
    Bilingual::new(priority.word(), english)
        .get(lang)
        .to_owned()
}

/// 課題内容: what a person wrote; the machine's sentence in English where it still stands.
pub fn description(issue: &Issue, lang: Lang) -> String {
    match &issue.machine {
        Some(machine) if lang == Lang::En && issue.human.description == machine.message.ja => {
            machine.message.en.clone()
        }
        _ => issue.human.description.clone(),
    }
}

/// 影響: the machine's draft where it still stands.
pub fn impact(issue: &Issue, lang: Lang) -> String {
    let own = &issue.human.impact;
    let machine = issue.machine.as_ref().filter(|_| lang == Lang::En);
    let drafted = machine.map(drafted_impacts).unwrap_or_default();
    drafted
        .into_iter()
        .find(|draft| draft.ja == *own)
        .map_or_else(|| own.clone(), |draft| draft.en)
}

/// 責任区分 of the register's code table; what is none of its words stays.
pub fn side(word: &str, lang: Lang) -> String {
    let known = CauseKind::ALL
        .into_iter()
        .filter_map(|kind| words::both(&format!("cause.{}", kind.as_str())))
        .find(|both| both.ja == word);
    known.map_or_else(|| word.to_owned(), |both| both.get(lang).to_owned())
}

/// 責任区分 with 責任区分の確定.
pub fn side_and_how(word: &str, how: Agreed, lang: Lang) -> String {
    let english = match how {
        Agreed::Proposed => "proposed",
        Agreed::Both => "both sides agree",
        Agreed::Ruled => "ruled",
        Agreed::Disputed => "not agreed",
    };
    let side = side(word, lang);
    Bilingual::new(
        format!("{side}（{}）", how.word()),
        format!("{side} ({english})"),
    )
    .get(lang)
    .to_owned()
}
