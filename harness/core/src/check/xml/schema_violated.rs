//! XML-002 schema-violated: see the page.

use std::collections::BTreeMap;

use super::{Origin, hit};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::mask::{Sensitivity, wire};
use crate::model::{Bilingual, Location};
use crate::observe::XmlView;
use crate::spec::xml::{Breach, Read};

/// XML-002
pub(super) const RULE: Rule = Rule {
    code: "XML-002",
    name: "schema-violated",
    source: include_str!("schema_violated.md"),
};

pub(super) fn check(view: &XmlView<'_>, read: &Read, origin: &Origin, out: &mut Sink) {
    let mut order: Vec<(&Breach, Vec<Location>)> = Vec::new();
    let mut known: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for breach in &read.breaches {
        let key = (
            breach.generic.as_str(),
            breach.constraint,
            breach.expected.as_str(),
        );
        let at = place(view, breach, origin);
        match known.get(&key).and_then(|at| order.get_mut(*at)) {
            Some((_, places)) => places.push(at),
            None => {
                known.insert(key, order.len());
                order.push((breach, vec![at]));
            }
        }
    }
    for (breach, places) in order {
        let Some((first, more)) = places.split_first() else {
            continue;
        };
        let what = words(breach.constraint);
        let hit = hit(&RULE, origin, first.clone())
            .expected(breach.expected.clone())
            .observed(observed(view, breach, origin))
            .arg("path", path(breach))
            .arg("schema", view.message.schema_file.clone())
            .arg("constraint", breach.constraint)
            .arg("what_ja", what.ja)
            .arg("what", what.en)
            .key(format!("{}|{}", breach.constraint, breach.expected));
        out.push_many(hit, places.len() as u64, more);
    }
}

/// The path as people may see it: the name of an attribute that the schema does not know may be a value in the wrong place.
fn path(breach: &Breach) -> String {
    match breach.path.rsplit_once("/@") {
        Some((element, name)) if breach.constraint.starts_with("cvc-complex-type.3.2") => {
            format!("{element}/@{}", wire::name(name))
        }
        _ => breach.path.clone(),
    }
}

fn place(view: &XmlView<'_>, breach: &Breach, origin: &Origin) -> Location {
    let at = match breach.at {
        Some(at) => view.place(&origin.at, at),
        None => origin.at.clone(),
    };
    Location {
        xpath: Some(path(breach)),
        ..at
    }
}

/// What the message says of the element or attribute at a path.
fn kind(view: &XmlView<'_>, path: &str) -> Sensitivity {
    let last = path.rsplit('/').next().unwrap_or_default();
    let name = last
        .trim_start_matches('@')
        .split('[')
        .next()
        .unwrap_or_default();
    let local = name.rsplit(':').next().unwrap_or_default();
    let told = view.message.sensitive.get(local).copied();
    told.unwrap_or(Sensitivity::Personal)
}

/// What is there, the value by the classes of its characters.
fn observed(view: &XmlView<'_>, breach: &Breach, origin: &Origin) -> String {
    let value = breach.value.as_deref().map(|value| {
        let shown = origin.mask.text(value, Sensitivity::Personal);
        let name = origin.mask.number_of_text(value, kind(view, &breach.path));
        format!("{name}\"{shown}\"")
    });
    // A name that somebody made up may be a value in the wrong place; names in Japanese are shown by their classes.
    let of_names = breach.constraint.starts_with("cvc-complex-type");
    let word = |word: &str| match word.is_ascii() {
        true if of_names && !word.bytes().all(|b| b.is_ascii_digit()) => wire::name(word),
        true => word.to_owned(),
        false => origin.mask.text(word, Sensitivity::Personal).to_string(),
    };
    let words: Vec<String> = breach.observed.split(' ').map(word).collect();
    let parts = [words.join(" "), value.unwrap_or_default()];
    let parts: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    if parts.is_empty() {
        "not so".to_owned()
    } else {
        parts.join(" ")
    }
}

/// What a constraint of XML Schema is about.
fn words(constraint: &str) -> Bilingual {
    let (ja, en) = match constraint {
        c if c.starts_with("cvc-complex-type.2.4") => {
            ("要素の並びと回数", "order and number of elements")
        }
        c if c.starts_with("cvc-complex-type.2") => ("要素の中身", "content of the element"),
        c if c.starts_with("cvc-complex-type.3") || c.starts_with("cvc-complex-type.4") => {
            ("属性", "attributes")
        }
        "cvc-maxLength-valid" | "cvc-minLength-valid" | "cvc-length-valid" => ("長さ", "length"),
        "cvc-pattern-valid" => ("書き方（pattern）", "pattern"),
        "cvc-enumeration-valid" => ("値の一覧", "list of values"),
        "cvc-totalDigits-valid" | "cvc-fractionDigits-valid" => ("桁数", "number of digits"),
        c if c.contains("Inclusive") || c.contains("Exclusive") => ("値の範囲", "range of values"),
        c if c.starts_with("cvc-identity-constraint") || c.starts_with("cvc-id") => {
            ("キー", "keys")
        }
        c if c.starts_with("cvc-assertion") => ("条件（assert）", "condition (assert)"),
        "cvc-elt.1" => ("要素の宣言", "declaration of the element"),
        _ => ("データ型", "data type"),
    };
    Bilingual::new(ja, en)
}
