//! Request bodies as the plan wants them: as they are, or with exactly one defect.

use renkei_core::model::Bilingual;
use renkei_core::plan::{ApiCase, Variation};
use serde_json::Value;

use crate::openapi::Api;

/// Why a body cannot be made, and how to fix the plan.
pub(crate) type Refusal = Box<(Bilingual, Bilingual)>;

/// The body a case sends. A defect is only made if the API's own schema says that it is one.
pub(crate) fn body(api: &Api, case: &ApiCase, bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let schema = api
        .operation(&case.operation)
        .ok_or_else(|| no_operation(api, case))?;
    match case.variation {
        Variation::None | Variation::NoToken | Variation::ExpiredToken | Variation::WrongScope => {
            Ok(bytes.to_vec())
        }
        Variation::MissingRequired | Variation::TooLong => {
            let schema = api.request_schema(schema).ok_or_else(|| {
                refusal(
                    "OpenAPIにリクエストの本文の定義がありません",
                    "the OpenAPI document does not describe the request body",
                    case,
                )
            })?;
            let mut value: Value = serde_json::from_slice(bytes).map_err(|e| {
                refusal(
                    &format!("本文がJSONではありません（{e}）"),
                    &format!("the body is not JSON ({e})"),
                    case,
                )
            })?;
            if case.variation == Variation::MissingRequired {
                remove(api, schema, case, &mut value)?;
            } else {
                lengthen(api, schema, case, &mut value)?;
            }
            Ok(value.to_string().into_bytes())
        }
    }
}

fn refusal(ja: &str, en: &str, case: &ApiCase) -> Refusal {
    let target = &case.target;
    Box::new((
        Bilingual::new(ja, en),
        Bilingual::new(
            format!("計画の body、target（いま \"{target}\"）、variation を確かめてください"),
            format!("check body, target (now \"{target}\") and variation in the plan"),
        ),
    ))
}

fn no_operation(api: &Api, case: &ApiCase) -> Refusal {
    let known: Vec<&str> = api.operations().map(|op| op.id).collect();
    let known = known.join(", ");
    Box::new((
        Bilingual::new(
            format!("API {} に操作 {} がありません", case.api, case.operation),
            format!("API {} has no operation {}", case.api, case.operation),
        ),
        Bilingual::new(format!("あるもの: {known}"), format!("there are: {known}")),
    ))
}

fn remove(api: &Api, schema: &Value, case: &ApiCase, value: &mut Value) -> Result<(), Refusal> {
    let (parent, last) = case.target.rsplit_once('/').unwrap_or_default();
    let name = last.replace("~1", "/").replace("~0", "~");
    let required = api
        .schema_at(schema, parent)
        .and_then(|s| s.get("required"))
        .and_then(Value::as_array)
        .is_some_and(|list| list.iter().any(|r| r == name.as_str()));
    if !required {
        return Err(refusal(
            "target はOpenAPIの必須項目ではありません",
            "target is not a mandatory item of the OpenAPI document",
            case,
        ));
    }
    let members = value.pointer_mut(parent).and_then(Value::as_object_mut);
    // `shift_remove` keeps the order of the others: only one thing may differ.
    match members.and_then(|m| m.shift_remove(&name)) {
        Some(_) => Ok(()),
        None => Err(refusal(
            "本文に target の項目がありません",
            "the body has no item at target",
            case,
        )),
    }
}

fn lengthen(api: &Api, schema: &Value, case: &ApiCase, value: &mut Value) -> Result<(), Refusal> {
    let longest = api
        .schema_at(schema, &case.target)
        .and_then(|s| s.get("maxLength"))
        .and_then(Value::as_u64)
        .and_then(|n| usize::try_from(n).ok());
    let Some(longest) = longest else {
        return Err(refusal(
            "OpenAPIに target の maxLength がありません",
            "the OpenAPI document gives no maxLength for target",
            case,
        ));
    };
    let place = value.pointer_mut(&case.target);
    let Some(Value::String(text)) = place else {
        return Err(refusal(
            "本文の target は文字列ではありません",
            "the item at target of the body is not a string",
            case,
        ));
    };
    *text = longer(text, longest + 1);
    Ok(())
}

/// The text repeated up to `chars` characters: the kinds of its characters stay, only the length is wrong.
fn longer(text: &str, chars: usize) -> String {
    let pattern = if text.is_empty() { "1" } else { text };
    pattern
        .chars()
        .cycle()
        .take(chars.max(text.chars().count()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::tests::numbering;

    fn case(variation: Variation, target: &str) -> ApiCase {
        ApiCase {
            api: "p/a".to_owned(),
            operation: "jutogaishaatenabangofuban".to_owned(),
            client: "main".to_owned(),
            body: String::new(),
            variation,
            target: target.to_owned(),
            scope: String::new(),
            wait_s: 1,
        }
    }

    fn made(variation: Variation, target: &str) -> Result<String, String> {
        let bytes = r#"{ "shikuchosonkodo": "131016", "shimei": "髙𠮷", "n": 1 }"#.as_bytes();
        body(&numbering(), &case(variation, target), bytes)
            .map(|b| String::from_utf8(b).unwrap_or_default())
            .map_err(|e| e.0.en)
    }

    #[test]
    fn exactly_one_thing_differs() {
        assert!(
            made(Variation::NoToken, "").is_ok_and(|b| b.starts_with("{ \"")),
            "untouched"
        );
        assert_eq!(
            made(Variation::MissingRequired, "/shikuchosonkodo").as_deref(),
            Ok(r#"{"shimei":"髙𠮷","n":1}"#)
        );
        assert_eq!(
            made(Variation::TooLong, "/shikuchosonkodo").as_deref(),
            Ok(r#"{"shikuchosonkodo":"1310161","shimei":"髙𠮷","n":1}"#)
        );
        let name = made(Variation::TooLong, "/shimei").unwrap_or_default();
        assert_eq!(name.matches(['髙', '𠮷']).count(), 101);
    }

    #[test]
    fn a_defect_that_is_none_is_refused() {
        for (variation, target, words) in [
            (
                Variation::MissingRequired,
                "/shimei",
                "not a mandatory item",
            ),
            (Variation::MissingRequired, "/sosashaid", "has no item"),
            (Variation::TooLong, "/n", "no maxLength"),
            (Variation::TooLong, "/sosashaid", "not a string"),
            (Variation::TooLong, "", "no maxLength"),
        ] {
            let error = made(variation, target).err().unwrap_or_default();
            assert!(error.contains(words), "{target}: {error}");
        }
    }
}
