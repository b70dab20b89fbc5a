//! Runs every page's examples: proves, offline, that every rule fires on its failing examples and is silent on the others.

mod agreement;
#[cfg(test)]
mod explains;
mod http;
mod pack;
mod receipt;
mod sequence;
#[cfg(test)]
mod stress;
mod token;
mod transfer;
mod xml;

use std::collections::BTreeSet;
use std::fmt;

use crate::check::{Example, Policy, Rule, Sink, rules};
use crate::fileset::examples::{belong_together, check_set};
use crate::scan::examples::check_example;

/// What became of one example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The rule whose page it is on.
    pub code: &'static str,
    /// 1-based, over the examples of the page.
    pub number: usize,
    /// True for a failing example: the rule must fire.
    pub bad: bool,
    /// Codes that must be raised.
    pub expected: BTreeSet<String>,
    /// Codes that may be raised besides.
    pub also: BTreeSet<String>,
    /// Codes that were raised.
    pub raised: BTreeSet<String>,
    /// Why the example could not be run; empty when it was.
    pub defect: String,
}

impl Outcome {
    /// True when exactly what must be raised was raised.
    pub fn holds(&self) -> bool {
        let allowed = |code: &String| self.expected.contains(code) || self.also.contains(code);
        self.defect.is_empty()
            && self.expected.is_subset(&self.raised)
            && self.raised.iter().all(allowed)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.bad { "bad" } else { "good" };
        let list = |codes: &BTreeSet<String>| codes.iter().cloned().collect::<Vec<_>>().join(" ");
        let (code, number) = (self.code, self.number);
        write!(
            f,
            "{code} example {number} ({kind}): expected [{}], raised [{}]",
            list(&self.expected),
            list(&self.raised)
        )?;
        if self.defect.is_empty() {
            Ok(())
        } else {
            write!(f, "; {}", self.defect)
        }
    }
}

/// Runs the examples of all registered rules, in the order of codes.
pub fn run() -> Vec<Outcome> {
    rules().flat_map(of_rule).collect()
}

fn of_rule(rule: &'static Rule) -> Vec<Outcome> {
    let examples = &rule.page().examples;
    let judged = examples
        .iter()
        .enumerate()
        .filter(|(_, e)| e.kind == "bad" || e.kind == "good")
        // The first fence of a set stands for all of it.
        .filter(|(at, e)| {
            let before = examples.get(..*at).unwrap_or_default();
            !before.iter().any(|other| belong_together(other, e))
        });
    let outcomes = judged.enumerate().map(|(index, (at, example))| {
        let before = examples.get(..at).unwrap_or_default();
        outcome(rule, index + 1, example, raised(rule, example, before))
    });
    outcomes.collect()
}

fn outcome(
    rule: &'static Rule,
    number: usize,
    example: &Example,
    raised: Result<BTreeSet<String>, String>,
) -> Outcome {
    let bad = example.kind == "bad";
    let also = example.attribute("also").unwrap_or("");
    let (raised, defect) = match raised {
        Ok(raised) => (raised, String::new()),
        Err(defect) => (BTreeSet::new(), defect),
    };
    Outcome {
        code: rule.code,
        number,
        bad,
        expected: bad.then(|| rule.code.to_owned()).into_iter().collect(),
        also: also
            .split(',')
            .filter(|c| !c.is_empty())
            .map(str::to_owned)
            .collect(),
        raised,
        defect,
    }
}

/// The codes that an example raises.
///
/// # Errors
/// The example cannot be run.
fn raised(rule: &Rule, example: &Example, before: &[Example]) -> Result<BTreeSet<String>, String> {
    let mut out = Sink::new(Policy::default());
    let done = match rule.code.get(..3).unwrap_or_default() {
        "AGR" => agreement::examine(example, &mut out),
        "REC" => receipt::examine(example, &mut out),
        "SPC" => return Ok(pack::examine(example, before)?.into_iter().collect()),
        _ if example.attribute("file").is_some() => {
            let findings = check_set(example, &rule.page().examples)?;
            return Ok(findings.into_iter().map(|f| f.rule).collect());
        }
        "FIL" if example.text.starts_with('{') => transfer::examine(example, &mut out),
        "AUT" if !example.text.starts_with('>') => token::examine(example, &mut out),
        "API" | "AUT" | "NET" => http::examine(example, &mut out),
        "SEQ" => sequence::examine(example, &mut out),
        "XML" => xml::examine(example).map(|told| out = told),
        _ => {
            // Files.
            let findings = check_example(example, before)?;
            return Ok(findings.into_iter().map(|f| f.rule).collect());
        }
    };
    let codes = |()| out.into_findings().into_iter().map(|f| f.rule).collect();
    done.map(codes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Page;

    #[test]
    fn every_example_raises_exactly_its_rule() {
        let outcomes = run();
        let wrong: Vec<_> = outcomes.iter().filter(|o| !o.holds()).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(outcomes.len() > 80, "only {} examples ran", outcomes.len());
    }

    #[test]
    fn every_page_of_these_areas_has_both_kinds_of_examples() {
        let outcomes = run();
        for rule in rules().filter(|r| {
            ["AGR", "API", "AUT", "NET", "REC", "SEQ", "XML"]
                .iter()
                .any(|a| r.code.starts_with(a))
        }) {
            let page = Page::parse(rule.source).map_err(|e| format!("{}: {e}", rule.code));
            let page = page.expect("the page can be read");
            for section in ["概要", "何を見るか", "なぜ", "直し方", "English"] {
                assert!(!page.section(section).is_empty(), "{} {section}", rule.code);
            }
            for bad in [true, false] {
                let found = outcomes.iter().any(|o| o.code == rule.code && o.bad == bad);
                assert!(found, "{} has no example with bad = {bad}", rule.code);
            }
        }
    }

    #[test]
    fn findings_leave_no_placeholder_open() {
        for rule in rules() {
            for example in &rule.page().examples {
                let mut out = Sink::new(Policy::default());
                let area = rule.code.get(..3).unwrap_or_default();
                let ran = match area {
                    "AGR" => agreement::examine(example, &mut out),
                    "REC" => receipt::examine(example, &mut out),
                    "AUT" if !example.text.starts_with('>') => token::examine(example, &mut out),
                    "API" | "AUT" | "NET" => http::examine(example, &mut out),
                    "SEQ" => sequence::examine(example, &mut out),
                    "XML" if matches!(example.kind.as_str(), "bad" | "good") => {
                        xml::examine(example).map(|told| out = told)
                    }
                    _ => continue,
                };
                assert_eq!(ran, Ok(()), "{}", rule.code);
                for finding in out.into_findings() {
                    for text in [&finding.message, &finding.fix, &finding.cause.proof] {
                        let open = text.ja.contains('{') || text.en.contains('{');
                        assert!(
                            !open || finding.expected.contains('{'),
                            "{}: {text:?}",
                            finding.rule
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_wrong_example_does_not_hold() {
        let outcome = |raised: &[&str], bad| Outcome {
            code: "API-001",
            number: 1,
            bad,
            expected: bad.then(|| "API-001".to_owned()).into_iter().collect(),
            also: BTreeSet::from(["API-003".to_owned()]),
            raised: raised.iter().map(|r| (*r).to_owned()).collect(),
            defect: String::new(),
        };
        assert!(outcome(&["API-001", "API-003"], true).holds());
        assert!(!outcome(&["API-003"], true).holds());
        assert!(!outcome(&["API-001", "API-002"], true).holds());
        assert!(outcome(&[], false).holds() && !outcome(&["API-001"], false).holds());
    }
}
