use renkei_core::spec::{Api, Pack};
use serde_json::{Value, json};

/// An API as OpenAPI 3.0: the pack's document, with where it comes from and what OpenAPI cannot say below `x-renkei`
/// (OpenAPI allows no other prefix).
pub fn openapi(pack: &Pack, api: &Api) -> Value {
    let mut document = api.document.clone();
    let rules = &api.rules;
    let errors = rules
        .error
        .iter()
        .map(|e| json!({ "code": e.code, "message": e.message, "source": e.source }));
    let conditions = rules
        .correlation
        .iter()
        .map(|c| json!({ "when": c.when, "require": c.require, "source": c.source }));
    let facts = json!({
        "pack": format!("{}@{}", pack.head.id, pack.head.version),
        "api": rules.id,
        "source": pack.head.source,
        "errors": errors.collect::<Vec<_>>(),
        "correlations": conditions.collect::<Vec<_>>(),
        "answer_guide_s": rules.time.answer_guide_s,
    });
    if let Some(object) = document.as_object_mut() {
        object.insert("x-renkei".to_owned(), facts);
    }
    document
}
