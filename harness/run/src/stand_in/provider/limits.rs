//! Checks a request as a conforming provider would, by the limits of the API's own request schema. Error codes are those
//! of the API specification (レスポンス_API仕様): E0001 missing, E0002 characters, E0003 length, E0004 correlation.

use renkei_core::spec::Schema;
use serde_json::{Map, Value};

/// One entry of `errors` in a 400 answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    pub(super) code: &'static str,
    pub(super) message: String,
}

/// What is not looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Blind {
    pub(super) required: bool,
    pub(super) length: bool,
}

/// Everything wrong with a request body, in the order of the schema.
pub(super) fn check(schema: &Schema, body: &Map<String, Value>, blind: Blind) -> Vec<Complaint> {
    let mut found = Vec::new();
    let Some(root) = schema.at("") else {
        return found;
    };
    for name in schema.member_names(root) {
        let Some(member) = schema.member(root, name) else {
            continue;
        };
        let title = schema.word(member, "title").and_then(Value::as_str);
        let item = title.unwrap_or(name);
        let must = schema.needs(root, name);
        let nullable = schema.types(member).contains(&"null");
        match body.get(name) {
            None if must && !blind.required => found.push(missing(item)),
            Some(Value::Null) if must || !nullable => {
                if !blind.required {
                    found.push(missing(item));
                }
            }
            Some(Value::String(text)) if must && text.is_empty() && !blind.required => {
                found.push(missing(item));
            }
            None | Some(Value::Null) => {}
            Some(value) => found.extend(value_complaint(schema, member, item, value, blind)),
        }
    }
    found
}

fn missing(item: &str) -> Complaint {
    Complaint {
        code: "E0001",
        message: format!("{item}が設定されていません。"),
    }
}

fn value_complaint(
    schema: &Schema,
    member: &Value,
    item: &str,
    value: &Value,
    blind: Blind,
) -> Option<Complaint> {
    let wrong_characters = || Complaint {
        code: "E0002",
        message: format!("{item}は仕様で定めた文字で設定してください。"),
    };
    if schema.types(member).contains(&"string") && !value.is_string() {
        return Some(wrong_characters());
    }
    if let Value::String(text) = value {
        // An empty optional item is "not set" and has no length.
        if text.is_empty() {
            return None;
        }
        let chars = text.chars().count() as u64;
        let limit = |name: &str| schema.word(member, name).and_then(Value::as_u64);
        let longest = limit("maxLength");
        let outside = longest.is_some_and(|max| chars > max)
            || limit("minLength").is_some_and(|min| chars < min);
        if outside && !blind.length {
            let length = longest.unwrap_or_default();
            return Some(Complaint {
                code: "E0003",
                message: format!("{item}は{length}桁で設定してください。"),
            });
        }
    }
    let listed = schema
        .word(member, "enum")
        .and_then(Value::as_array)
        .is_none_or(|values| values.contains(value));
    (!listed).then(wrong_characters)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scene::numbering;

    fn codes(body: &Value, blind: Blind) -> Vec<&'static str> {
        let api = numbering();
        let op = api.operations.get("jutogaishaatenabangofuban");
        let schema = op.and_then(|op| op.request_schema());
        let (Some(schema), Some(body)) = (schema, body.as_object()) else {
            return vec!["no schema"];
        };
        check(schema, body, blind).iter().map(|c| c.code).collect()
    }

    #[test]
    fn each_defect_has_its_code() {
        let good = json!({"shorikubun":"0","shikuchosonkodo":"131016","nayosemotofuragu":"0","shimei":null,
            "sosashaid":"OP1","sosanengappi":"2026-10-01","sosajikoku":"09:00:00"});
        assert!(codes(&good, Blind::default()).is_empty());
        for (name, value, code) in [
            ("shorikubun", json!("3"), "E0002"),
            ("shikuchosonkodo", json!("1310167"), "E0003"),
            ("shikuchosonkodo", json!("13101"), "E0003"),
            ("shikuchosonkodo", json!(""), "E0001"),
            ("shikuchosonkodo", json!(null), "E0001"),
            ("sosashaid", json!(1), "E0002"),
            ("shimei", json!("髙".repeat(101)), "E0003"),
        ] {
            let mut bad = good.clone();
            bad[name] = value;
            assert_eq!(codes(&bad, Blind::default()), [code], "{name}");
        }
        let mut none = good.clone();
        none.as_object_mut().map(|m| m.remove("sosashaid"));
        assert_eq!(codes(&none, Blind::default()), ["E0001"]);
        let blind = Blind {
            required: true,
            length: true,
        };
        assert!(codes(&none, blind).is_empty());
    }
}
