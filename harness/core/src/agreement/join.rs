//! Joins two profiles item by item with the standard. Never a silent default: every value knows where it comes from.

use super::{Answer, Profile};
use crate::model::Bilingual;
use crate::record::{AgreementRow, AgreementState};
use crate::spec::Item;

/// One item as settled between two sides for one linkage.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The item.
    pub item: Item,
    /// 連携ID.
    pub linkage: String,
    /// The pair, `a..b` (provider first).
    pub pair: String,
    /// How it stands.
    pub state: AgreementState,
    /// The provider's answer.
    pub provider: Option<Answer>,
    /// The consumer's answer.
    pub consumer: Option<Answer>,
    /// The value that holds.
    pub value: Option<String>,
    /// Values both sides allow, in the provider's order; more than one when the item is open.
    pub common: Vec<String>,
    /// Values that were answered although they are not allowed, with the side that did (`provider`, `consumer`).
    pub outside: Vec<(&'static str, String)>,
    /// Where the value comes from.
    pub basis: Bilingual,
}

/// The two sides of a linkage.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// 連携ID.
    pub linkage: &'a str,
    /// Party id of the provider (or sender) and its profile.
    pub provider: (&'a str, &'a Profile),
    /// Party id of the consumer (or receiver) and its profile.
    pub consumer: (&'a str, &'a Profile),
}

/// Joins the answers of two sides on every item that matters for `method` (`file` or `api`).
pub fn join(items: &[Item], sides: Sides<'_>, method: &str) -> Vec<Settled> {
    items
        .iter()
        .filter(|item| item.method == "both" || item.method == method)
        .map(|item| settle(item, sides))
        .collect()
}

fn settle(item: &Item, sides: Sides<'_>) -> Settled {
    let provider = sides.provider.1.answer(&item.id, sides.linkage).cloned();
    let consumer = sides.consumer.1.answer(&item.id, sides.linkage).cloned();
    let mut outside = Vec::new();
    for (side, answer) in [("provider", &provider), ("consumer", &consumer)] {
        let values = answer.iter().flat_map(|a| &a.values);
        let bad =
            values.filter(|v| !item.allowed.accepts(v) || !standard_accepts(&item.standard, v));
        outside.extend(bad.map(|v| (side, v.clone())));
    }
    let common: Vec<String> = match (&provider, &consumer) {
        (Some(a), Some(b)) => a
            .values
            .iter()
            .filter(|v| b.values.contains(v))
            .cloned()
            .collect(),
        _ => Vec::new(),
    };
    let mut settled = Settled {
        item: item.clone(),
        linkage: sides.linkage.to_owned(),
        pair: format!("{}..{}", sides.provider.0, sides.consumer.0),
        state: AgreementState::Silent,
        provider,
        consumer,
        value: None,
        common,
        outside,
        basis: Bilingual::default(),
    };
    decide(&mut settled);
    settled
}

fn decide(settled: &mut Settled) {
    let fixed = fixed_value(&settled.item.standard);
    let answers = (settled.provider.is_some(), settled.consumer.is_some());
    let (state, value, basis) = if !settled.outside.is_empty() {
        (
            AgreementState::Outside,
            None,
            Bilingual::new("許されない値が申告されました", "an answer is not allowed"),
        )
    } else if let Some(value) = fixed {
        let source = &settled.item.source;
        (
            AgreementState::Standard,
            Some(value.to_owned()),
            Bilingual::new(
                format!("標準が定める（{source}）"),
                format!("the standard decides ({source})"),
            ),
        )
    } else {
        match (answers, settled.common.as_slice()) {
            ((true, true), [value]) => (
                AgreementState::Agreed,
                Some(value.clone()),
                Bilingual::new("双方が認める唯一の値", "the only value both sides allow"),
            ),
            ((true, true), []) => (
                AgreementState::Conflict,
                None,
                Bilingual::new("共通の値がありません", "no value in common"),
            ),
            ((true, true), _) => (
                AgreementState::Open,
                None,
                Bilingual::new(
                    "共通の値が複数あり、人が選びます",
                    "several values in common; a person must pick",
                ),
            ),
            ((false, false), _) => (
                AgreementState::Silent,
                None,
                Bilingual::new("どちらも回答していません", "neither side answered"),
            ),
            _ => (
                AgreementState::OneSide,
                None,
                Bilingual::new("片側だけが回答しました", "only one side answered"),
            ),
        }
    };
    settled.state = state;
    settled.value = value;
    settled.basis = basis;
}

/// The one value that a standard fixes; limits (`<=600`) and choices (`a|b`) fix none.
fn fixed_value(standard: &str) -> Option<&str> {
    let limits = standard.starts_with("<=") || standard.starts_with(">=");
    (!standard.is_empty() && !limits && !standard.contains('|')).then_some(standard)
}

fn standard_accepts(standard: &str, value: &str) -> bool {
    let number = |text: &str| text.trim().parse::<i64>().ok();
    if let Some(limit) = standard.strip_prefix("<=") {
        return matches!((number(value), number(limit)), (Some(v), Some(l)) if v <= l);
    }
    if let Some(limit) = standard.strip_prefix(">=") {
        return matches!((number(value), number(limit)), (Some(v), Some(l)) if v >= l);
    }
    standard.is_empty() || standard.split('|').any(|v| v == value)
}

impl Settled {
    /// The row of the five-way comparison; what was observed is added by the judge.
    pub fn row(&self) -> AgreementRow {
        let told = |answer: &Option<Answer>| {
            answer
                .as_ref()
                .map_or(String::new(), |a| a.values.join(" | "))
        };
        let sources = [&self.provider, &self.consumer]
            .into_iter()
            .flatten()
            .map(|a| {
                if a.source.is_empty() {
                    a.place.clone()
                } else {
                    format!("{} ({})", a.place, a.source)
                }
            });
        AgreementRow {
            id: self.item.id.clone(),
            linkage: self.linkage.clone(),
            pair: self.pair.clone(),
            title: self.item.title.clone(),
            state: self.state,
            standard: self.item.standard.clone(),
            a: told(&self.provider),
            b: told(&self.consumer),
            agreed: self.value.clone().unwrap_or_default(),
            basis: self.basis.clone(),
            observed: String::new(),
            sources: sources.collect(),
        }
    }

    /// True when the item, as it stands, makes exchanging senseless.
    pub fn blocks(&self) -> bool {
        let unsettled = matches!(
            self.state,
            AgreementState::Conflict
                | AgreementState::Outside
                | AgreementState::OneSide
                | AgreementState::Silent
        );
        self.item.blocking && unsettled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Problems;
    use crate::spec::load_items;

    const ITEMS: &str = "\
id,kind,title_ja,title_en,question_ja,question_en,values,standard,standard_source,method,mandatory,blocking,setting,observe,rules,note
F03,設定,改行,Newline,,,crlf|lf,,,file,yes,no,newline,bytes,LAY-004,
A07,設定,有効期間,Lifetime,,,int,<=600,S,api,no,no,auth.token_lifetime_s,token,AUT-002,
A04,設定,alg,alg,,,HS256|RS256,HS256,S 2.2.5,both,no,no,,token,,
";

    fn profile(answers: &str) -> Profile {
        let text = format!(
            "schema = \"renkei.profile/v1\"\nname = {{ ja = \"社\", en = \"v\" }}\n\
             system = {{ kind = \"standard\", product = \"p\", version = \"1\" }}\n{answers}"
        );
        let mut problems = Problems::new();
        let profile = Profile::load("p.toml", text.as_bytes(), &mut problems);
        assert_eq!(problems, []);
        profile.expect("the profile is right")
    }

    fn answer(item: &str, values: &str) -> String {
        format!("[[answer]]\nitem = \"{item}\"\nvalues = {values}\n")
    }

    fn state(item: &str, a: Option<&str>, b: Option<&str>) -> (AgreementState, String) {
        let items = load_items("i.csv", ITEMS.as_bytes(), &mut Problems::new());
        let of =
            |values: Option<&str>| profile(&values.map(|v| answer(item, v)).unwrap_or_default());
        let (a, b) = (of(a), of(b));
        let sides = Sides {
            linkage: "L",
            provider: ("a", &a),
            consumer: ("b", &b),
        };
        let settled: Vec<_> = ["file", "api"]
            .iter()
            .flat_map(|m| join(&items, sides, m))
            .collect();
        let row = settled
            .iter()
            .find(|s| s.item.id == item)
            .expect("the item is in the catalogue")
            .row();
        (row.state, row.agreed)
    }

    #[test]
    fn the_states_of_an_item() {
        use AgreementState::{Agreed, Conflict, OneSide, Open, Outside, Silent, Standard};
        let both = |a, b| state("F03", Some(a), Some(b));
        assert_eq!(both("['crlf']", "['lf', 'crlf']"), (Agreed, "crlf".into()));
        assert_eq!(
            both("['crlf', 'lf']", "['lf', 'crlf']"),
            (Open, String::new())
        );
        assert_eq!(both("['crlf']", "['lf']"), (Conflict, String::new()));
        assert_eq!(both("['crlf']", "['cr']"), (Outside, String::new()));
        assert_eq!(state("F03", None, Some("['lf']")), (OneSide, String::new()));
        assert_eq!(state("F03", None, None), (Silent, String::new()));
        assert_eq!(state("A04", None, None), (Standard, "HS256".into()));
        assert_eq!(
            state("A04", Some("['RS256']"), None),
            (Outside, String::new())
        );
        assert_eq!(
            state("A07", Some("['300']"), Some("['300']")),
            (Agreed, "300".into())
        );
        assert_eq!(
            state("A07", Some("['900']"), Some("['900']")),
            (Outside, String::new())
        );
    }
}
