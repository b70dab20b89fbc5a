//! Where checks put what they saw. Folding, counting and the policy of levels are done here, once, for every check.

use std::collections::BTreeMap;

use crate::model::{Bilingual, Cause, Finding, Level, Location, Ruler};

use super::rule::Rule;
use super::wording::Wording;

/// How many places of one finding are kept in `samples`; the count stays exact.
pub const MAX_SAMPLES: usize = 20;

/// One place where a rule did not hold. Everything textual in it has passed the mask.
#[derive(Debug)]
pub struct Hit {
    /// The rule.
    pub rule: &'static Rule,
    /// The place.
    pub at: Location,
    /// What was expected, in neutral notation.
    pub expected: String,
    /// What was observed, masked.
    pub observed: String,
    /// Values for the placeholders of the rule's message besides `expected`, `observed`, `field`, `item`.
    pub args: Vec<(&'static str, String)>,
    /// A better proposal than the page's, if the check has one.
    pub cause: Option<Cause>,
    /// Requirements broken.
    pub requirements: Vec<String>,
    /// Offending bytes as hex.
    pub hex: String,
    /// Surroundings of the place; only the first hit of a finding keeps it.
    pub ruler: Option<Ruler>,
    /// Separates findings of one rule that have no field or pointer of their own.
    pub key: String,
    /// Consequences that are folded into this hit.
    pub explains: Vec<Bilingual>,
}

impl Hit {
    /// A hit of `rule` at a place; the other parts are set with struct update or the methods below.
    pub fn new(rule: &'static Rule, at: Location) -> Self {
        Self {
            rule,
            at,
            expected: String::new(),
            observed: String::new(),
            args: Vec::new(),
            cause: None,
            requirements: Vec::new(),
            hex: String::new(),
            ruler: None,
            key: String::new(),
            explains: Vec::new(),
        }
    }

    /// Sets what was expected.
    #[must_use]
    pub fn expected(mut self, value: impl Into<String>) -> Self {
        self.expected = value.into();
        self
    }

    /// Sets what was observed; the value has passed the mask.
    #[must_use]
    pub fn observed(mut self, value: impl Into<String>) -> Self {
        self.observed = value.into();
        self
    }

    /// Adds a value for a placeholder of the rule's message.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// Fills `{what}` of the rule's words, in both languages.
    #[must_use]
    pub fn what(self, what: &Bilingual) -> Self {
        self.arg("what_ja", &what.ja).arg("what", &what.en)
    }

    /// Proposes a cause.
    #[must_use]
    pub fn cause(mut self, cause: Cause) -> Self {
        self.cause = Some(cause);
        self
    }

    /// Separates findings that share rule and place.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = key.into();
        self
    }

    /// Names a requirement that is broken.
    #[must_use]
    pub fn requirement(mut self, id: impl Into<String>) -> Self {
        self.requirements.push(id.into());
        self
    }
}

/// Levels that a pack or an agreement sets instead of a rule's own.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// By rule code.
    pub levels: BTreeMap<String, Level>,
}

impl Policy {
    /// The level of a rule under this policy.
    pub fn level_of(&self, rule: &Rule) -> Level {
        self.levels
            .get(rule.code)
            .copied()
            .unwrap_or(rule.page().head.level)
    }
}

/// Collects hits and folds equal ones. The order of findings is the order of their first hit.
#[derive(Debug, Default)]
pub struct Sink {
    policy: Policy,
    folded: Vec<Finding>,
    index: BTreeMap<(String, String), usize>,
}

impl Sink {
    /// An empty sink under a policy.
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            ..Self::default()
        }
    }

    /// Adds one hit.
    pub fn push(&mut self, hit: Hit) {
        self.push_many(hit, 1, &[]);
    }

    /// Adds a hit that stands for `count` equal ones; `more` are further places, in order, beside the hit's own.
    pub fn push_many(&mut self, hit: Hit, count: u64, more: &[Location]) {
        let level = self.policy.level_of(hit.rule);
        if level == Level::Off || count == 0 {
            return;
        }
        let kind = hit
            .cause
            .as_ref()
            .map_or(hit.rule.page().head.cause, |c| c.kind);
        let key = (
            hit.rule.code.to_owned(),
            format!("{}|{}|{}", hit.at.stable_part(), kind.as_str(), hit.key),
        );
        if let Some(finding) = self.index.get(&key).and_then(|at| self.folded.get_mut(*at)) {
            finding.count += count;
            let room = MAX_SAMPLES.saturating_sub(finding.samples.len());
            finding
                .samples
                .extend(std::iter::once(&hit.at).chain(more).take(room).cloned());
            return;
        }
        self.index.insert(key, self.folded.len());
        self.folded.push(finding(hit, level, count, more));
    }

    /// How many hits were taken, folded ones counted singly.
    pub(crate) fn len(&self) -> u64 {
        self.folded.iter().map(|finding| finding.count).sum()
    }

    /// The folded findings in the order of their first hit, without ids and fingerprints (the judge gives those).
    pub fn into_findings(self) -> Vec<Finding> {
        self.folded
    }
}

fn finding(hit: Hit, level: Level, count: u64, more: &[Location]) -> Finding {
    let head = &hit.rule.page().head;
    let wording = Wording::of(&hit);
    let cause = hit.cause.clone().unwrap_or_else(|| Cause {
        kind: head.cause,
        confidence: head.confidence,
        proof: wording.fill(&head.proof),
    });
    let (message, fix) = (wording.fill(&head.message), wording.fill(&head.fix));
    let samples = std::iter::once(&hit.at)
        .chain(more)
        .take(MAX_SAMPLES)
        .cloned()
        .collect();
    Finding {
        id: String::new(),
        rule: hit.rule.code.to_owned(),
        level,
        effect: head.effect,
        case: String::new(),
        cause,
        message,
        fix,
        requirements: hit.requirements,
        location: hit.at,
        expected: hit.expected,
        observed: hit.observed,
        hex: hit.hex,
        ruler: hit.ruler,
        explains: hit.explains,
        count,
        samples,
        fingerprint: hit.key,
        baseline: None,
    }
}
