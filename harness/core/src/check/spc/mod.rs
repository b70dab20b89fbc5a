//! SPC: packs themselves. What the loader says under the code of a rule is told here, too, so that one list holds all.

mod accepted_reason_idle;
mod api_example_violates_schema;
mod code_validity_overlaps;
mod condition_never_holds;
mod duplicate_id;
mod fields_overlap_or_gap;
pub(crate) mod idle;
mod names_what_is_not_there;
mod pack_not_readable;
mod pattern_cannot_match;
mod provenance_missing;
mod reference_unresolved;
mod requirement_not_tested;
mod requirement_tested_by_idle_rule;
mod response_without_error_contract;
mod sample_fails_its_field;
mod sample_file_not_as_named;
mod unknown_code_list;
mod unknown_rule_named;
mod unreachable_record_kind;
mod widths_do_not_sum;

use super::rule::Rule;
use super::sink::{Hit, Sink};
use crate::model::{Bilingual, Finding, Location};
use crate::spec::layout::{Field, Form};
use crate::spec::{Accepted, Draft, Layout, Requirement};

/// Rules of the area, in the order of codes.
pub(super) const RULES: &[&Rule] = &[
    &pack_not_readable::RULE,
    &fields_overlap_or_gap::RULE,
    &widths_do_not_sum::RULE,
    &unknown_code_list::RULE,
    &duplicate_id::RULE,
    &unreachable_record_kind::RULE,
    &pattern_cannot_match::RULE,
    &sample_fails_its_field::RULE,
    &provenance_missing::RULE,
    &names_what_is_not_there::RULE,
    &condition_never_holds::RULE,
    &code_validity_overlaps::RULE,
    &requirement_not_tested::RULE,
    &unknown_rule_named::RULE,
    &api_example_violates_schema::RULE,
    &reference_unresolved::RULE,
    &response_without_error_contract::RULE,
    &sample_file_not_as_named::RULE,
    &accepted_reason_idle::RULE,
    &requirement_tested_by_idle_rule::RULE,
];

/// What the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The pack.
    pub draft: &'a Draft,
    /// Samples of fields that the engine refused.
    pub samples: &'a [SampleFault],
    /// Sample files that did not do as their names say.
    pub files: &'a [FileFault],
}

/// A field's sample that breaks a rule.
#[derive(Clone, Debug)]
pub struct SampleFault {
    /// Folder of the layout.
    pub layout: String,
    /// Kind and field.
    pub field: (usize, usize),
    /// The sample; packs hold invented values, so it may be shown.
    pub sample: String,
    /// Code of the rule.
    pub rule: String,
    /// What the rule says.
    pub message: Bilingual,
}

/// A sample file that does not do as its name says.
#[derive(Clone, Debug)]
pub struct FileFault {
    /// Path in the pack.
    pub file: String,
    /// Code that its name promises, empty for none.
    pub expected: String,
    /// Codes that were raised, separated by spaces.
    pub raised: String,
}

/// Judges a pack; a finding that the pack accepts is given back apart, with the reason.
pub fn examine(facts: &Facts<'_>) -> (Vec<Finding>, Vec<(Finding, Bilingual)>) {
    let mut out = Sink::default();
    pack_not_readable::check(facts, &mut out);
    fields_overlap_or_gap::check(facts, &mut out);
    widths_do_not_sum::check(facts, &mut out);
    unknown_code_list::check(facts, &mut out);
    duplicate_id::check(facts, &mut out);
    unreachable_record_kind::check(facts, &mut out);
    pattern_cannot_match::check(facts, &mut out);
    sample_fails_its_field::check(facts, &mut out);
    provenance_missing::check(facts, &mut out);
    names_what_is_not_there::check(facts, &mut out);
    condition_never_holds::check(facts, &mut out);
    code_validity_overlaps::check(facts, &mut out);
    requirement_not_tested::check(facts, &mut out);
    requirement_tested_by_idle_rule::check(facts, &mut out);
    unknown_rule_named::check(facts, &mut out);
    api_example_violates_schema::check(facts, &mut out);
    reference_unresolved::check(facts, &mut out);
    response_without_error_contract::check(facts, &mut out);
    sample_file_not_as_named::check(facts, &mut out);
    let accepted = &facts.draft.pack.head.accepted;
    let (mut left, mut stood_by) = (Vec::new(), Vec::new());
    let mut used = vec![false; accepted.len()];
    for finding in out.into_findings() {
        match accepted.iter().position(|a| accepts(a, &finding)) {
            Some(at) => {
                if let (Some(used), Some(a)) = (used.get_mut(at), accepted.get(at)) {
                    *used = true;
                    stood_by.push((finding, a.reason.clone()));
                }
            }
            None => left.push(finding),
        }
    }
    let mut idle = Sink::default();
    for (a, _) in accepted.iter().zip(&used).filter(|(_, used)| !**used) {
        accepted_reason_idle::tell(facts, a, &mut idle);
    }
    left.extend(idle.into_findings());
    (left, stood_by)
}

fn accepts(accepted: &Accepted, finding: &Finding) -> bool {
    let at = &finding.location;
    let file = at.file.as_deref().unwrap_or("");
    let names = [
        at.field.as_deref(),
        at.item.as_deref(),
        at.pointer.as_deref(),
        Some(finding.observed.as_str()),
    ];
    accepted.rule == finding.rule
        && (accepted.file.is_empty() || file.ends_with(&accepted.file))
        && (accepted.field.is_empty() || names.contains(&Some(accepted.field.as_str())))
}

/// Tells the loader's problems that bear a rule's code.
fn told(rule: &'static Rule, code: &str, facts: &Facts<'_>, out: &mut Sink) {
    for problem in facts.draft.problems.iter().filter(|p| p.rule == code) {
        let place = Place {
            file: problem.file.clone(),
            line: problem.line,
            column: problem.column,
            ..Place::default()
        };
        let key = problem.message.en.clone();
        out.push(
            place
                .hit(rule)
                .args_of(&problem.message, &problem.help)
                .key(key),
        );
    }
}

/// Every field of the pack with its place.
fn fields<'f>(facts: &Facts<'f>) -> Vec<(Place, &'f Field)> {
    let mut found = Vec::new();
    for (folder, layout) in &facts.draft.pack.layouts {
        for (kind, k) in layout.kinds.iter().enumerate() {
            for (index, field) in k.fields.iter().enumerate() {
                found.push((Place::of_field(facts, folder, layout, (kind, index)), field));
            }
        }
    }
    found
}

/// Where something stands in a pack.
#[derive(Clone, Debug, Default)]
struct Place {
    file: String,
    /// 1-based; 0: the whole file.
    line: usize,
    /// 1-based in characters; 0: the whole line.
    column: usize,
    field: Option<String>,
    field_no: Option<u32>,
    item: Option<String>,
    pointer: Option<String>,
    /// The layout is a fixed one.
    fixed: bool,
    /// Separates findings of the same field in different layouts.
    key: String,
}

impl Place {
    fn of_field(
        facts: &Facts<'_>,
        folder: &str,
        layout: &Layout,
        (kind, index): (usize, usize),
    ) -> Self {
        let field = layout.kinds.get(kind).and_then(|k| k.fields.get(index));
        Self {
            file: facts.draft.file(&format!("layouts/{folder}/fields.csv")),
            line: field.map_or(0, |f| f.line),
            field: Some(layout.field_name(kind, index)),
            field_no: field.map(|f| f.no).filter(|no| *no > 0),
            fixed: matches!(layout.form, Form::Fixed { .. }),
            key: folder.to_owned(),
            ..Self::default()
        }
    }

    fn of_requirement(facts: &Facts<'_>, requirement: &Requirement) -> Self {
        Self {
            file: facts.draft.file("requirements.csv"),
            line: requirement.line,
            item: Some(requirement.id.clone()),
            ..Self::default()
        }
    }

    /// Where `near` stands in a file, behind `after` where that is in it.
    fn near(facts: &Facts<'_>, file: &str, near: &str, after: &str, item: Option<String>) -> Self {
        let draft = facts.draft;
        let from = draft.text(file).find(after).unwrap_or(0);
        let (line, column) = draft.place(file, near, from).unwrap_or((0, 0));
        Self {
            file: draft.file(file),
            line,
            column,
            item,
            ..Self::default()
        }
    }

    /// The line behind: for places found by the newline before them.
    fn next_line(mut self) -> Self {
        if self.line > 0 {
            self.line += 1;
            self.column = 1;
        }
        self
    }

    /// A place in an API document, found by the steps of its JSON Pointer one after the other.
    fn at_pointer(facts: &Facts<'_>, file: &str, pointer: &str) -> Self {
        let text = facts.draft.text(file);
        let mut from = 0;
        for step in pointer.split('/').skip(1) {
            let name = step.replace("~1", "/").replace("~0", "~");
            let found = text.get(from..).and_then(|rest| rest.find(&name));
            from += found.map_or(0, |at| at + name.len());
        }
        let before = text.get(..from).unwrap_or_default();
        Self {
            file: facts.draft.file(file),
            line: before.matches('\n').count() + 1,
            pointer: Some(pointer.to_owned()),
            ..Self::default()
        }
    }

    fn hit(&self, rule: &'static Rule) -> Hit {
        let number = |n: usize| Some(n as u64).filter(|n| *n > 0);
        let at = Location {
            file: Some(self.file.clone()),
            line: number(self.line),
            column: number(self.column),
            field: self.field.clone(),
            field_no: self.field_no,
            item: self.item.clone(),
            pointer: self.pointer.clone(),
            ..Location::default()
        };
        Hit::new(rule, at).key(self.key.clone())
    }
}

/// Hits that say what the loader says.
trait Told {
    /// Sets the arguments `problem` and `help` of the rule's texts.
    fn args_of(self, message: &Bilingual, help: &Bilingual) -> Self;
}

impl Told for Hit {
    fn args_of(self, message: &Bilingual, help: &Bilingual) -> Self {
        self.arg("problem_ja", message.ja.clone())
            .arg("problem", message.en.clone())
            .arg("help_ja", help.ja.clone())
            .arg("help", help.en.clone())
    }
}
