//! May these two connect? Yes, no, or not yet, with every reason.

use serde::Serialize;

use super::tested::{self, Now, Tested};
use super::{Settled, scope_words};
use crate::model::Bilingual;
use crate::record::AgreementState;

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Nothing stands against it.
    Yes,
    /// Something is still to be settled or to be tested.
    NotYet,
    /// They cannot, or the test failed.
    No,
}

/// The answer with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gate {
    /// The answer: the worst of the reasons'.
    pub answer: Answer,
    /// Reasons against it, and conditions under which the answer is yes.
    pub reasons: Vec<Reason>,
}

/// One reason against connecting, or one condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// `conflict`, `outside`, `contradiction`, `open`, `unanswered`, `one_side_linkage`, `expired`, `stale_record`,
    /// `never_tested`, `other_version`, `other_agreement`, `other_pack`, `failed`, `waived`, `incomplete`, `stand_in`.
    pub kind: &'static str,
    /// Item id or run id; empty when it is about the pair.
    pub about: String,
    /// What it leads to: no, not yet, or yes under this condition.
    pub answer: Answer,
    /// In words.
    pub text: Bilingual,
}

/// Judges whether two systems may connect: what they settled, and the latest run of the two.
pub fn gate(settled: &[Settled], runs: &[Tested], now: &Now<'_>) -> Gate {
    let mut reasons: Vec<Reason> = settled.iter().filter_map(of_item).collect();
    reasons.extend(linkages_of_one_side(settled));
    reasons.extend(settled.iter().filter_map(|s| expired(s, now.day)));
    reasons.extend(settled.iter().filter_map(stale));
    reasons.extend(tested::of_runs(settled, runs, now));
    let answer = reasons
        .iter()
        .map(|r| r.answer)
        .max()
        .unwrap_or(Answer::Yes);
    Gate { answer, reasons }
}

fn of_item(settled: &Settled) -> Option<Reason> {
    let (kind, answer, ja, en) = match settled.state {
        AgreementState::Conflict => (
            "conflict",
            Answer::No,
            "共通の値がありません",
            "no value in common",
        ),
        AgreementState::Outside => (
            "outside",
            Answer::No,
            "許されない値が申告されています",
            "an answer is not allowed",
        ),
        AgreementState::Contradiction => (
            "contradiction",
            Answer::No,
            "ほかの項目の回答と両立しません",
            "excluded by another answer",
        ),
        AgreementState::Open => (
            "open",
            Answer::NotYet,
            "値が決まっていません",
            "the value is open",
        ),
        AgreementState::Silent | AgreementState::OneSide
            if settled.item.mandatory && settled.named_by.is_none() =>
        {
            (
                "unanswered",
                Answer::NotYet,
                "必須の項目に回答がありません",
                "a mandatory item is not answered",
            )
        }
        _ => return None,
    };
    Some(Reason {
        kind,
        about: settled.item.id.clone(),
        answer,
        text: of_scope(settled, ja, en),
    })
}

/// What is said of an item, behind the linkage and the exchange that it is said of.
pub(super) fn of_scope(settled: &Settled, ja: &str, en: &str) -> Bilingual {
    let scope = scope_words(&settled.linkage, &settled.exchange)
        .map_or_else(Bilingual::default, |s| {
            Bilingual::new(format!("{} ", s.ja), format!("{} ", s.en))
        });
    let (id, title) = (&settled.item.id, &settled.item.title);
    Bilingual::new(
        format!("{}{id} {}: {ja}", scope.ja, title.ja),
        format!("{}{id} {}: {en}", scope.en, title.en),
    )
}

/// Each linkage that one side alone names, once.
fn linkages_of_one_side(settled: &[Settled]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for (one, side) in settled.iter().filter_map(|s| Some((s, s.named_by?))) {
        let linkage = &one.linkage;
        if reasons.iter().any(|r| r.about == *linkage) {
            continue;
        }
        let (ja, en) = match side {
            "provider" => ("提供側だけが挙げ、利用側", "the provider, not the consumer"),
            _ => ("利用側だけが挙げ、提供側", "the consumer, not the provider"),
        };
        reasons.push(Reason {
            kind: "one_side_linkage",
            about: linkage.clone(),
            answer: Answer::NotYet,
            text: Bilingual::new(
                format!("連携{linkage}は{ja}の申告にありません（ほかの相手との連携なら --linkage で問う連携を選びます）"),
                format!("linkage {linkage} is named by {en} (if it is with another partner, ask about one linkage by --linkage)"),
            ),
        });
    }
    reasons
}

/// An agreed last day that lies before the day of connecting.
fn expired(settled: &Settled, day: &str) -> Option<Reason> {
    let last = settled.value.as_ref().filter(|_| settled.item.mandatory)?;
    if settled.item.observe != LAST_DAY || last.as_str() >= day {
        return None;
    }
    Some(Reason {
        kind: "expired",
        about: settled.item.id.clone(),
        answer: Answer::No,
        text: of_scope(
            settled,
            &format!("期限 {last} は {day} には過ぎています"),
            &format!("the last day {last} lies before {day}"),
        ),
    })
}

/// What the catalogue says of an item (`observe`) whose value is a last day, such as that of an API key.
const LAST_DAY: &str = "期限";

fn stale(settled: &Settled) -> Option<Reason> {
    let value = settled.overruled.as_ref()?;
    Some(Reason {
        kind: "stale_record",
        about: settled.item.id.clone(),
        answer: Answer::NotYet,
        text: of_scope(
            settled,
            &format!("合意設定書の値 {value} は今の申告と合いません"),
            &format!("the negotiated record says {value}, the declarations no longer allow it"),
        ),
    })
}
