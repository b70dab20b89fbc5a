//! SPC-011 condition-never-holds: see the page.

use std::collections::BTreeMap;

use super::{Facts, Place};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::model::Bilingual;
use crate::spec::CodeList;
use crate::spec::layout::{Comparison, Condition, Field, Operand, Output, TotalOf};

/// SPC-011
pub(super) const RULE: Rule = Rule {
    code: "SPC-011",
    name: "condition-never-holds",
    source: include_str!("condition_never_holds.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    let lists = &facts.draft.pack.code_lists;
    let mut say = |place: Place, folder: &str, text: &str, reason: Bilingual| {
        out.push(
            place
                .hit(&RULE)
                .expected(text)
                .key(format!("{folder}|{text}"))
                .arg("reason_ja", reason.ja)
                .arg("reason", reason.en),
        );
    };
    for (folder, layout) in &facts.draft.pack.layouts {
        let fields = |kind: usize| layout.kinds.get(kind).map_or(&[][..], |k| &k.fields);
        for (kind, k) in layout.kinds.iter().enumerate() {
            for (index, field) in k.fields.iter().enumerate() {
                if let Output::Conditional(Some(when), text) = &field.output
                    && let Some(reason) = impossible(when, &k.fields, lists)
                {
                    say(
                        Place::of_field(facts, folder, layout, (kind, index)),
                        folder,
                        text,
                        reason,
                    );
                }
            }
        }
        let file = format!("layouts/{folder}/layout.toml");
        for rule in &layout.rules {
            for condition in rule.when.iter().chain([&rule.then]) {
                if let Some(reason) = impossible(condition, fields(rule.kind), lists) {
                    let place = Place::near(
                        facts,
                        &file,
                        &format!("id = \"{}\"", rule.id),
                        "[[rule]]",
                        Some(rule.id.clone()),
                    );
                    say(place, folder, &rule.text, reason);
                }
            }
        }
        for total in &layout.totals {
            let counted = match &total.of {
                TotalOf::Count(kind) | TotalOf::Sum(kind, _) => *kind,
                TotalOf::Parts(_) => total.kind,
            };
            if let Some(reason) = total
                .when
                .as_ref()
                .and_then(|w| impossible(w, fields(counted), lists))
            {
                let name = layout.field_name(total.kind, total.field);
                let roman = name.rsplit('.').next().unwrap_or(&name);
                let place = Place::near(
                    facts,
                    &file,
                    &format!("field = \"{roman}\""),
                    "[[total]]",
                    Some(name.clone()),
                );
                say(place, folder, &total.text, reason);
            }
        }
    }
}

type Lists = BTreeMap<String, CodeList>;

/// Why a condition cannot hold, where it can be proved.
fn impossible(condition: &Condition, fields: &[Field], lists: &Lists) -> Option<Bilingual> {
    match condition {
        Condition::Compare(field, Comparison::Equal, Operand::Value(value)) => {
            cannot_be(fields.get(*field)?, value, lists)
        }
        Condition::In(field, values) => {
            let reasons: Vec<_> = values
                .iter()
                .map(|v| cannot_be(fields.get(*field)?, v, lists))
                .collect();
            reasons
                .into_iter()
                .collect::<Option<Vec<_>>>()?
                .into_iter()
                .next()
        }
        Condition::Any(parts) => {
            let reasons: Option<Vec<_>> =
                parts.iter().map(|p| impossible(p, fields, lists)).collect();
            reasons?.into_iter().next()
        }
        Condition::All(parts) => parts
            .iter()
            .find_map(|p| impossible(p, fields, lists))
            .or_else(|| contradiction(parts, fields)),
        Condition::Compare(..) | Condition::Not(_) => None,
    }
}

/// Two parts that ask for different values of one field.
fn contradiction(parts: &[Condition], fields: &[Field]) -> Option<Bilingual> {
    let equal = |part: &Condition| match part {
        Condition::Compare(field, Comparison::Equal, Operand::Value(value)) => {
            Some((*field, value.clone()))
        }
        _ => None,
    };
    let wanted: Vec<(usize, String)> = parts.iter().filter_map(equal).collect();
    let clash = wanted.iter().enumerate().find_map(|(at, (field, value))| {
        let others = wanted.get(at + 1..)?;
        let other = others.iter().find(|(f, v)| f == field && !same(v, value))?;
        Some((*field, value.clone(), other.1.clone()))
    });
    let not = parts.iter().find_map(|part| match part {
        Condition::Compare(field, Comparison::NotEqual, Operand::Value(value)) => wanted
            .iter()
            .find(|(f, v)| f == field && same(v, value))
            .map(|(_, v)| (*field, v.clone(), format!("!= {v}"))),
        _ => None,
    });
    let (field, a, b) = clash.or(not)?;
    let name = &fields.get(field)?.roman;
    Some(Bilingual::new(
        format!("項目 {name} に「{a}」と「{b}」を同時に求めています"),
        format!("it asks {name} for `{a}` and `{b}` at once"),
    ))
}

/// Why a field cannot have a value.
fn cannot_be(field: &Field, value: &str, lists: &Lists) -> Option<Bilingual> {
    let name = &field.roman;
    if value.is_empty() {
        return (field.output == Output::Required).then(|| {
            Bilingual::new(
                format!("項目 {name} は必須で、空になりません"),
                format!("{name} is required and never empty"),
            )
        });
    }
    if let Some(fixed) = field.fixed_value.as_ref().filter(|f| !same(f, value)) {
        return Some(Bilingual::new(
            format!("項目 {name} の固定値は「{fixed}」です"),
            format!("{name} has the fixed value `{fixed}`"),
        ));
    }
    let list = lists
        .get(&field.code)
        .filter(|l| !l.open && !l.values.is_empty());
    if list.is_some_and(|l| !l.values.keys().any(|v| same(v, value))) {
        return Some(Bilingual::new(
            format!(
                "「{value}」は項目 {name} のコード一覧「{}」にありません",
                field.code
            ),
            format!("`{value}` is not in the code list {} of {name}", field.code),
        ));
    }
    // A character is at least one unit in every unit of length.
    let length = field.length? as usize;
    let too_long =
        !field.kind.is_number() && !field.kind.is_date() && value.chars().count() > length;
    too_long.then(|| {
        Bilingual::new(
            format!("「{value}」は項目 {name} の桁数{length}を超えます"),
            format!("`{value}` is longer than the {length} of {name}"),
        )
    })
}

/// Equal as text or as whole numbers, as conditions compare.
fn same(a: &str, b: &str) -> bool {
    a == b || matches!((a.parse::<i128>(), b.parse::<i128>()), (Ok(a), Ok(b)) if a == b)
}
