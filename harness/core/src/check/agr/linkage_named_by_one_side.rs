use super::hit;
use crate::agreement::Settled;
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// AGR-010
pub(super) const RULE: Rule = Rule {
    code: "AGR-010",
    name: "linkage-named-by-one-side",
    source: include_str!("linkage_named_by_one_side.md"),
};

/// Each linkage that one side alone names, once, at its first answer.
pub(super) fn check(items: &[Settled], out: &mut Sink) {
    let mut told: Vec<&str> = Vec::new();
    for (settled, side) in items.iter().filter_map(|s| Some((s, s.named_by?))) {
        if told.contains(&settled.linkage.as_str()) {
            continue;
        }
        told.push(&settled.linkage);
        let of_linkage = items.iter().filter(|s| s.linkage == settled.linkage);
        let ids: Vec<&str> = of_linkage.map(|s| s.item.id.as_str()).collect();
        let (answer, words) = match side {
            "provider" => (
                &settled.provider,
                ("提供側", "provider", "利用側", "consumer"),
            ),
            _ => (
                &settled.consumer,
                ("利用側", "consumer", "提供側", "provider"),
            ),
        };
        let mut hit = hit(&RULE, settled, answer.as_ref())
            .expected("-")
            .observed(settled.linkage.clone())
            .arg("ids", ids.join(", "))
            .arg("naming_ja", words.0)
            .arg("naming", words.1)
            .arg("silent_ja", words.2)
            .arg("silent", words.3);
        // About the linkage, not about one of its items.
        hit.at.item = None;
        out.push(hit);
    }
}
