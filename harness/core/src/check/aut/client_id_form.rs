use super::hit;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::observe::TokenView;

/// AUT-009
pub(super) const RULE: Rule = Rule {
    code: "AUT-009",
    name: "client-id-form",
    source: include_str!("client_id_form.md"),
};

/// The whole `client_id` against the expression of the pack. The id itself is not shown.
pub(super) fn check(view: &TokenView<'_>, out: &mut Sink) {
    let form = &view.rules.client_id;
    if form.is_empty() {
        return;
    }
    let whole = serde_json::json!({ "pattern": format!("^(?:{form})$") });
    let fits = jsonschema::options().offline().build(&whole);
    // An expression that cannot be compiled is a problem of the pack, told when it is loaded.
    if fits.is_ok_and(|v| !v.is_valid(&serde_json::Value::from(view.client_id))) {
        let length = view.client_id.chars().count();
        let hit = hit(view, &RULE).expected(form.clone());
        out.push(hit.observed(format!("string({length})")));
    }
}
