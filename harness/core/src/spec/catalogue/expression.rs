//! Conditions over answers: the condition language, with item ids and facts about the pair as names.

use std::cell::RefCell;
use std::cmp::Ordering;

use crate::model::Bilingual;
use crate::spec::layout::{Comparison, Condition, Operand};

/// Facts about the pair that conditions may name, beside item ids (`F01`).
/// `method` is file or api; `form` is fixed or delimited; kinds and sites are those of the profiles.
pub const CONTEXT: &[&str] = &[
    "method",
    "form",
    "provider_kind",
    "consumer_kind",
    "provider_site",
    "consumer_site",
];

/// A condition whose names are item ids and facts about the pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    condition: Condition,
    names: Vec<String>,
    /// As written.
    pub text: String,
}

impl Expression {
    /// Reads a condition.
    ///
    /// # Errors
    /// What is wrong, and the byte of `text` where.
    pub fn parse(text: &str) -> Result<Self, (Bilingual, usize)> {
        let names = RefCell::new(Vec::<String>::new());
        let resolve = |name: &str| {
            if !is_name(name) {
                return None;
            }
            let mut names = names.borrow_mut();
            Some(names.iter().position(|n| n == name).unwrap_or_else(|| {
                names.push(name.to_owned());
                names.len() - 1
            }))
        };
        let condition = Condition::parse(text, &resolve)?;
        Ok(Self {
            condition,
            names: names.into_inner(),
            text: text.to_owned(),
        })
    }

    /// The names it looks at, in the order of writing.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// True when it looks at no item: it can be judged before anything is settled.
    pub fn is_about_the_pair(&self) -> bool {
        self.names.iter().all(|n| CONTEXT.contains(&n.as_str()))
    }

    /// Whether it holds; `value` gives `None` for what is not known. `None` when that matters.
    pub fn holds<'v>(&self, value: &dyn Fn(&str) -> Option<&'v str>) -> Option<bool> {
        let values: Vec<Option<&str>> = self.names.iter().map(|name| value(name)).collect();
        holds(&self.condition, &values)
    }
}

fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    let item = word.len() == 3
        && letters.next().is_some_and(|c| c.is_ascii_uppercase())
        && letters.all(|c| c.is_ascii_digit());
    item || CONTEXT.contains(&word)
}

/// Three-valued logic: what is not known matters only when the rest does not decide.
fn holds(condition: &Condition, values: &[Option<&str>]) -> Option<bool> {
    let value = |index: usize| values.get(index).copied().flatten();
    match condition {
        Condition::Compare(name, op, Operand::Value(wanted)) => {
            Some(fits(*op, compare(value(*name)?, wanted)))
        }
        Condition::Compare(name, op, Operand::Field(other)) => {
            Some(fits(*op, compare(value(*name)?, value(*other)?)))
        }
        Condition::In(name, wanted) => {
            let value = value(*name)?;
            Some(wanted.iter().any(|w| compare(value, w) == Ordering::Equal))
        }
        Condition::All(parts) => all(parts, values),
        Condition::Any(parts) => any(parts, values),
        Condition::Not(inner) => holds(inner, values).map(|held| !held),
    }
}

fn all(parts: &[Condition], values: &[Option<&str>]) -> Option<bool> {
    let mut unknown = false;
    for part in parts {
        match holds(part, values) {
            Some(false) => return Some(false),
            Some(true) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(true)
}

fn any(parts: &[Condition], values: &[Option<&str>]) -> Option<bool> {
    let mut unknown = false;
    for part in parts {
        match holds(part, values) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(false)
}

/// As numbers when both are, else as text without regard to the case of Latin letters (`MJ+` is `mj+`).
fn compare(a: &str, b: &str) -> Ordering {
    match (a.trim().parse::<i64>(), b.trim().parse::<i64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        _ => a
            .trim()
            .to_ascii_lowercase()
            .cmp(&b.trim().to_ascii_lowercase()),
    }
}

fn fits(op: Comparison, order: Ordering) -> bool {
    match op {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(text: &str, known: &[(&str, &'static str)]) -> Option<bool> {
        let expression = Expression::parse(text).expect("the condition is right");
        expression.holds(&|name| known.iter().find(|(n, _)| *n == name).map(|(_, v)| *v))
    }

    #[test]
    fn what_is_not_known_decides_nothing() {
        let known = [("F01", "cp932"), ("form", "fixed")];
        assert_eq!(held("F01 = CP932 and form = fixed", &known), Some(true));
        assert_eq!(held("F01 = utf-8 and C01 = x", &known), Some(false));
        assert_eq!(held("F01 = cp932 and C01 = x", &known), None);
        assert_eq!(held("F01 = cp932 or C01 = x", &known), Some(true));
        assert_eq!(held("not C01 = x", &known), None);
        assert_eq!(held("F01 in (utf-8, cp932)", &known), Some(true));
        assert_eq!(held("A07 <= 600", &[("A07", "599")]), Some(true));
    }

    #[test]
    fn names_are_items_and_facts_about_the_pair() {
        let names = |text| Expression::parse(text).map(|e| e.names().to_vec());
        assert_eq!(
            names("F01 = utf-8 or form = F03").ok(),
            Some(vec!["F01".into(), "form".into(), "F03".into()])
        );
        assert_eq!(names("encoding = utf-8").err().map(|(_, at)| at), Some(0));
        let about = |text| Expression::parse(text).map(|e| e.is_about_the_pair());
        assert_eq!(about("provider_kind = local").ok(), Some(true));
        assert_eq!(about("F01 = utf-8").ok(), Some(false));
    }
}
