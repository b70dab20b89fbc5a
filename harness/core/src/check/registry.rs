//! The one table of rules. A new rule is one file with its page, one `mod` line in its area and one line here.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::page::{Head, Page};
use super::rule::{Retired, Rule};
use crate::model::{Bilingual, CauseKind, Confidence, Level, Verdict};

/// Every rule, area by area, in the order of codes.
pub const RULES: &[&[&Rule]] = &[
    super::agr::RULES,
    super::api::RULES,
    super::aut::RULES,
    super::enc::RULES,
    super::fil::RULES,
    super::lay::RULES,
    super::net::RULES,
    super::rec::RULES,
    super::seq::RULES,
    super::spc::RULES,
    super::val::RULES,
    super::xml::RULES,
    super::xrf::RULES,
];

/// Codes that are never used again.
pub const RETIRED: &[Retired] = &[];

/// All rules as one sequence.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().flat_map(|area| area.iter().copied())
}

/// The rule with a code, `ENC-003`; case does not matter.
pub fn rule(code: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.code.eq_ignore_ascii_case(code))
}

static PAGES: LazyLock<BTreeMap<&'static str, Page>> = LazyLock::new(|| {
    rules()
        .filter_map(|rule| Some((rule.code, Page::parse(rule.source).ok()?)))
        .collect()
});

static EMPTY: LazyLock<Page> = LazyLock::new(|| Page {
    head: Head {
        title: Bilingual::default(),
        level: Level::Error,
        effect: Verdict::Review,
        cause: CauseKind::Tool,
        confidence: Confidence::Certain,
        proof: Bilingual::default(),
        since: String::new(),
        status: String::new(),
        message: Bilingual::default(),
        fix: Bilingual::default(),
        source: String::new(),
    },
    body: String::new(),
    examples: Vec::new(),
});

pub(super) fn page_of(code: &str) -> &'static Page {
    PAGES.get(code).unwrap_or(&EMPTY)
}
