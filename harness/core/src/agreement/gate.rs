//! May these two connect? Yes, no, or not yet, with every reason.

use serde::Serialize;

use super::Settled;
use super::tested::{self, Now, Tested};
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
    /// `conflict`, `outside`, `contradiction`, `open`, `unanswered`, `stale_record`, `never_tested`, `other_version`,
    /// `other_agreement`, `other_pack`, `failed`, `waived`, `incomplete`, `stand_in`.
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
        AgreementState::Silent | AgreementState::OneSide if settled.item.mandatory => (
            "unanswered",
            Answer::NotYet,
            "必須の項目に回答がありません",
            "a mandatory item is not answered",
        ),
        _ => return None,
    };
    let title = &settled.item.title;
    let scope = if settled.linkage.is_empty() {
        String::new()
    } else {
        format!("{} ", settled.linkage)
    };
    let id = &settled.item.id;
    Some(Reason {
        kind,
        about: id.clone(),
        answer,
        text: Bilingual::new(
            format!("{scope}{id} {}: {ja}", title.ja),
            format!("{scope}{id} {}: {en}", title.en),
        ),
    })
}

fn stale(settled: &Settled) -> Option<Reason> {
    let value = settled.overruled.as_ref()?;
    let id = &settled.item.id;
    Some(Reason {
        kind: "stale_record",
        about: id.clone(),
        answer: Answer::NotYet,
        text: Bilingual::new(
            format!(
                "{id} {}: 合意設定書の値 {value} は今の申告と合いません",
                settled.item.title.ja
            ),
            format!(
                "{id} {}: the negotiated record says {value}, the declarations no longer allow it",
                settled.item.title.en
            ),
        ),
    })
}
