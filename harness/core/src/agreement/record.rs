//! 合意設定書: what two sides settled, as a document with versions. Read back, it decides what the profiles leave open.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::{Settled, expect_schema};
use crate::model::{Bilingual, Problem, Problems};
use crate::record::AgreementState;
use crate::spec::read_toml_bytes;

/// Schema of the document.
pub const SCHEMA: &str = "renkei.agreement/v1";

/// A negotiated record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Negotiated {
    /// Name for messages.
    pub file: String,
    /// 1 for the first, one more for each that follows.
    pub version: u32,
    /// Day it was made, `2026-11-10`.
    pub on: String,
    /// The pair, `a..b`.
    pub pair: String,
    /// Products and versions it was made between: provider, consumer.
    pub products: [String; 2],
    /// What was settled.
    pub decisions: Vec<Decision>,
}

/// One item as it was settled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Item id.
    pub item: String,
    /// The value.
    pub value: String,
    /// Only for this linkage; empty: for all of the pair.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub linkage: String,
    /// Only for this exchange (case id).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub exchange: String,
    /// Who decided (a code, not a name); empty when nobody had to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// When.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub on: String,
    /// Why, or where it comes from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    schema: Spanned<String>,
    version: u32,
    #[serde(default)]
    on: String,
    #[serde(default)]
    pair: String,
    #[serde(default)]
    provider: String,
    #[serde(default)]
    consumer: String,
    #[serde(default)]
    agreed: Vec<Spanned<Decision>>,
}

impl Negotiated {
    /// Reads a record; every mistake becomes a problem.
    pub fn load(file: &str, bytes: &[u8], problems: &mut Problems) -> Option<Self> {
        let (raw, text) = read_toml_bytes::<Raw>(file, bytes, problems)?;
        expect_schema(file, &text, &raw.schema, SCHEMA, problems);
        let mut decisions: Vec<Decision> = Vec::new();
        for raw in raw.agreed {
            let at = raw.span().start;
            let decision = raw.into_inner();
            let scope = |d: &Decision| (d.item.clone(), d.linkage.clone(), d.exchange.clone());
            if decisions.iter().any(|d| scope(d) == scope(&decision)) {
                let message = Bilingual::new(
                    format!("項目 {} が2回決まっています", decision.item),
                    format!("item {} is settled twice", decision.item),
                );
                let help = Bilingual::new("1つにしてください", "keep one of them");
                problems.push(Problem::at_byte(file, &text, at, message, help));
            }
            decisions.push(decision);
        }
        Some(Self {
            file: file.to_owned(),
            version: raw.version,
            on: raw.on,
            pair: raw.pair,
            products: [raw.provider, raw.consumer],
            decisions,
        })
    }

    /// What was decided about an item: for the exchange, else for the linkage, else for the pair.
    pub fn decision(&self, item: &str, linkage: &str, exchange: &str) -> Option<&Decision> {
        let of = |linkage: &str, exchange: &str| {
            self.decisions
                .iter()
                .find(|d| d.item == item && d.linkage == linkage && d.exchange == exchange)
        };
        let own = (!exchange.is_empty())
            .then(|| of(linkage, exchange).or_else(|| of("", exchange)))
            .flatten();
        own.or_else(|| of(linkage, "")).or_else(|| of("", ""))
    }

    /// The record that follows `last` from what is settled now. Items without a value are not in it: they are open.
    pub fn of(settled: &[Settled], last: Option<&Self>, on: &str, products: [String; 2]) -> Self {
        let decision = |s: &Settled| {
            let value = s.value.clone()?;
            let kept = last.and_then(|l| l.decision(&s.item.id, &s.linkage, &s.exchange));
            let kept = kept.filter(|k| k.value == value && !k.by.is_empty());
            Some(Decision {
                item: s.item.id.clone(),
                value,
                linkage: s.linkage.clone(),
                exchange: s.exchange.clone(),
                by: kept.map_or(String::new(), |k| k.by.clone()),
                on: kept.map_or(String::new(), |k| k.on.clone()),
                reason: kept.map_or_else(|| s.basis.ja.clone(), |k| k.reason.clone()),
            })
        };
        let sound =
            |s: &&Settled| matches!(s.state, AgreementState::Agreed | AgreementState::Standard);
        Self {
            file: String::new(),
            version: last.map_or(1, |l| l.version.saturating_add(1)),
            on: on.to_owned(),
            pair: settled.first().map_or(String::new(), |s| s.pair.clone()),
            products,
            decisions: settled.iter().filter(sound).filter_map(decision).collect(),
        }
    }

    /// What changed since `last`: item, linkage, value then, value now; empty values where there was or is none.
    pub fn changes(&self, last: &Self) -> Vec<Change> {
        // What was settled for all holds for each linkage, too.
        let value = |record: &Self, d: &Decision| {
            let decided = record.decision(&d.item, &d.linkage, &d.exchange);
            decided.map_or(String::new(), |o| o.value.clone())
        };
        // A decision for all that is now one for each linkage has not gone.
        let refined = |d: &Decision| {
            let within = |own: &str, of: &str| of.is_empty() || own == of;
            self.decisions.iter().any(|o| {
                o.item == d.item
                    && within(&o.linkage, &d.linkage)
                    && within(&o.exchange, &d.exchange)
            })
        };
        let gone = last
            .decisions
            .iter()
            .filter(|d| value(self, d).is_empty() && !refined(d));
        self.decisions
            .iter()
            .chain(gone)
            .map(|d| Change {
                item: d.item.clone(),
                linkage: d.linkage.clone(),
                exchange: d.exchange.clone(),
                then: value(last, d),
                now: value(self, d),
            })
            .filter(|change| change.then != change.now)
            .collect()
    }

    /// The document as TOML.
    pub fn to_toml(&self) -> String {
        let text = |value: &str| toml::Value::String(value.to_owned()).to_string();
        let mut out = format!(
            "# 合意設定書。人が決めた項目には by と on を書く。次の版は `renkei agree A B --agreed この文書` で作る。\n\
             schema = {}\nversion = {}\non = {}\npair = {}\nprovider = {}\nconsumer = {}\n",
            text(SCHEMA),
            self.version,
            text(&self.on),
            text(&self.pair),
            text(&self.products[0]),
            text(&self.products[1]),
        );
        for decision in &self.decisions {
            let keys = [
                ("item", &decision.item),
                ("value", &decision.value),
                ("linkage", &decision.linkage),
                ("exchange", &decision.exchange),
                ("by", &decision.by),
                ("on", &decision.on),
                ("reason", &decision.reason),
            ];
            out.push_str("\n[[agreed]]\n");
            for (key, value) in keys.into_iter().filter(|(_, value)| !value.is_empty()) {
                let _ = writeln!(out, "{key} = {}", text(value));
            }
        }
        out
    }
}

/// One difference between two versions of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Item id.
    pub item: String,
    /// 連携ID.
    pub linkage: String,
    /// Case id, where it was settled for one exchange alone.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub exchange: String,
    /// Value in the last version; empty when it was not settled.
    pub then: String,
    /// Value now; empty when it is no longer settled.
    pub now: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let decision = Decision {
            item: "F01".into(),
            value: "utf-8\"\\\n日本".into(),
            by: "担当者-01".into(),
            on: "2026-11-10".into(),
            reason: "協議録 3".into(),
            ..Decision::default()
        };
        let record = Negotiated {
            version: 2,
            on: "2026-11-11".into(),
            pair: "a..b".into(),
            products: ["住登外ONE 5.1".into(), "税 3".into()],
            decisions: vec![
                decision.clone(),
                Decision {
                    item: "F03".into(),
                    value: "crlf".into(),
                    linkage: "L-01".into(),
                    ..Decision::default()
                },
            ],
            file: "r.toml".into(),
        };
        let mut problems = Problems::new();
        let read = Negotiated::load("r.toml", record.to_toml().as_bytes(), &mut problems);
        assert_eq!(problems, []);
        assert_eq!(read.as_ref(), Some(&record));
        let before = Negotiated {
            decisions: vec![Decision {
                value: "cp932".into(),
                ..decision
            }],
            ..record.clone()
        };
        let told = |c: &Change| format!("{} {} {:?} {:?}", c.item, c.linkage, c.then, c.now);
        let changes: Vec<String> = record.changes(&before).iter().map(told).collect();
        assert_eq!(
            changes,
            [
                "F01  \"cp932\" \"utf-8\\\"\\\\\\n日本\"",
                "F03 L-01 \"\" \"crlf\""
            ]
        );
    }
}
