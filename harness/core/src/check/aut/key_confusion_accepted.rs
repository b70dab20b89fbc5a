use super::misused;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::CallView;
use crate::plan::Misuse;

/// AUT-015
pub(super) const RULE: Rule = Rule {
    code: "AUT-015",
    name: "key-confusion-accepted",
    source: include_str!("key_confusion_accepted.md"),
};

pub(super) fn check(view: &CallView<'_>, out: &mut Sink) {
    misused(view, Misuse::KeyConfusion, &RULE, out);
}
