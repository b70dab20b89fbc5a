//! `junit.xml` for continuous integration.
//!
//! One suite per linkage, one test case per case. `fail` is a failure; what could not be judged (`tool_error`,
//! `inconclusive`, `review`) is an error, because it says nothing against the product and must still not be green;
//! `not_run` and `not_applicable` are skipped with their reason. So `failures` always equals the number of nonconforming
//! cases. Preflight checks and findings about declarations have suites of their own: a run that stopped before its first
//! case is not green either. The exact verdict stands in `type` and in the attribute `status`; rules and the rest in
//! `system-out`, one `name=value` a line. Only elements and attributes that `junit-10.xsd` of the xUnit plug-in of Jenkins
//! knows are written: it refuses a file with any other.

use std::collections::BTreeMap;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use renkei_core::model::{Finding, Lang, Level, Verdict};
use renkei_core::record::{CaseResult, ResultDocument};

use crate::{Options, ReportError, text, view, visible, words};

/// The document as JUnit XML.
pub(crate) fn render(doc: &ResultDocument, lang: Lang) -> Result<Vec<u8>, ReportError> {
    let mut name = format!("{} {}", doc.tool.name, doc.run.id);
    if !doc.run.revealed.is_empty() {
        name.push_str(&format!(" {}", view::data_class(doc, lang)));
    }
    let mut report = Report::new(visible::line(&name));
    if !doc.preflight.is_empty() {
        report.add_test_suite(preflight(doc, lang));
    }
    if doc
        .findings
        .iter()
        .any(|finding| finding.case.is_empty() && finding.level == Level::Error)
    {
        report.add_test_suite(declarations(doc, lang));
    }
    let mut linkages: Vec<&str> = doc.cases.iter().map(|case| case.linkage.as_str()).collect();
    linkages.dedup();
    let mut seen: Vec<&str> = Vec::new();
    let numbered: Numbered<'_> = doc.findings.iter().map(|f| (&*f.id, f)).collect();
    for linkage in linkages {
        if !seen.contains(&linkage) {
            seen.push(linkage);
            report.add_test_suite(suite(doc, &numbered, linkage, lang));
        }
    }
    let xml = report
        .to_string()
        .map_err(|e| ReportError::Xml(e.to_string()))?;
    let mut xml = without_total_of_skipped(&xml);
    if !xml.ends_with('\n') {
        xml.push('\n');
    }
    Ok(xml.into_bytes())
}

/// The schema has `skipped` on each suite, not on all of them together.
fn without_total_of_skipped(xml: &str) -> String {
    let Some((before, rest)) = xml.split_once("<testsuites ") else {
        return xml.to_owned();
    };
    let (head, after) = rest.split_once('>').unwrap_or((rest, ""));
    let kept: Vec<&str> = head
        .split("\" ")
        .filter(|attribute| !attribute.starts_with("skipped="))
        .collect();
    format!("{before}<testsuites {}>{after}", kept.join("\" "))
}

/// What a program may want to know of a test case besides its outcome.
fn facts<'f>(
    made: &mut TestCase,
    verdict: Verdict,
    more: impl IntoIterator<Item = (&'f str, &'f str)>,
) {
    made.extra.insert("status".into(), verdict.as_str().into());
    let lines: Vec<String> = more
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    if !lines.is_empty() {
        made.set_system_out(lines.join("\n"));
    }
}

/// Findings by their numbers.
type Numbered<'a> = BTreeMap<&'a str, &'a Finding>;

fn suite(doc: &ResultDocument, numbered: &Numbered<'_>, linkage: &str, lang: Lang) -> TestSuite {
    let mut suite = TestSuite::new(visible::line(linkage));
    for case in doc.cases.iter().filter(|case| case.linkage == linkage) {
        let found: Vec<&Finding> = case
            .findings
            .iter()
            .filter_map(|id| numbered.get(id.as_str()).copied())
            .collect();
        let rules = rules_of(&found);
        let mut made = TestCase::new(
            format!(
                "{} {}",
                visible::line(&case.id),
                visible::line(case.title.get(lang))
            ),
            status(
                case.verdict,
                &summary_of(case, &rules, lang),
                &details(doc, &found, lang),
            ),
        );
        made.set_classname(format!(
            "{}.{}",
            visible::line(&case.linkage),
            visible::line(&case.method)
        ));
        made.set_time(Duration::from_millis(case.duration_ms));
        made.set_assertions(usize::try_from(case.checks).unwrap_or(usize::MAX));
        let required = if case.required { "true" } else { "false" };
        let rules = rules.into_iter().map(|rule| ("rule", rule));
        let told = [("required", required)].into_iter().chain(rules);
        facts(&mut made, case.verdict, told);
        suite.add_test_case(made);
    }
    suite
}

fn preflight(doc: &ResultDocument, lang: Lang) -> TestSuite {
    let mut suite = TestSuite::new("preflight");
    for row in &doc.preflight {
        let seen = visible::line(row.seen.get(lang));
        let fix = visible::line(row.fix.get(lang));
        let name = format!(
            "{} {}",
            visible::line(&row.id),
            visible::line(row.title.get(lang))
        );
        let mut made = TestCase::new(name, status(row.verdict, &seen, &fix));
        made.set_classname(format!("preflight.{}", visible::line(&row.party)));
        facts(&mut made, row.verdict, []);
        suite.add_test_case(made);
    }
    suite
}

fn declarations(doc: &ResultDocument, lang: Lang) -> TestSuite {
    let mut suite = TestSuite::new("declarations");
    for finding in doc
        .findings
        .iter()
        .filter(|f| f.case.is_empty() && f.level == Level::Error)
    {
        let message = visible::line(finding.message.get(lang));
        let name = format!("{} {}", visible::line(&finding.id), message);
        let mut made = TestCase::new(
            name,
            status(finding.effect, &message, &plain(doc, finding, lang)),
        );
        made.set_classname(format!("declarations.{}", finding.rule));
        facts(&mut made, finding.effect, [("rule", finding.rule.as_str())]);
        suite.add_test_case(made);
    }
    suite
}

fn status(verdict: Verdict, message: &str, description: &str) -> TestCaseStatus {
    let mut status = match verdict {
        Verdict::Pass => return TestCaseStatus::success(),
        Verdict::NotRun | Verdict::NotApplicable => TestCaseStatus::skipped(),
        Verdict::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::ToolError | Verdict::Inconclusive | Verdict::Review => {
            TestCaseStatus::non_success(NonSuccessKind::Error)
        }
    };
    status.set_type(verdict.as_str());
    status.set_message(message);
    if !description.is_empty() {
        status.set_description(description);
    }
    status
}

/// One line: the verdict's word and why.
fn summary_of(case: &CaseResult, rules: &[&str], lang: Lang) -> String {
    let word = words::of(lang, "verdict", case.verdict.as_str());
    let reason = view::reason(case, lang);
    [word, rules.join(" "), reason]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn rules_of<'a>(found: &[&'a Finding]) -> Vec<&'a str> {
    let mut rules: Vec<&str> = found.iter().map(|f| f.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

fn details(doc: &ResultDocument, found: &[&Finding], lang: Lang) -> String {
    found
        .iter()
        .map(|finding| plain(doc, finding, lang))
        .collect::<Vec<_>>()
        .join("\n")
}

fn plain(doc: &ResultDocument, finding: &Finding, lang: Lang) -> String {
    text::finding(doc, finding, lang, &Options::default())
}
