//! Hits about a call and places in its bodies.

use super::shape;
use crate::check::rule::Rule;
use crate::check::sink::Hit;
use crate::mask::wire;
use crate::model::{Bilingual, Cause, Location};
use crate::observe::{CallView, Json};
use crate::plan::Variation;

/// Longest pointer shown, in characters: names in a body are the sender's and may be of any length.
const LONGEST_POINTER: usize = 200;

/// A hit about a call, with what its message may name; the cause is the page's.
pub(super) fn hit(view: &CallView<'_>, rule: &'static Rule, at: Location) -> Hit {
    let status = view.response.as_ref().map(|r| r.http.status.to_string());
    let (ja, en) = names(view, at.pointer.as_deref().unwrap_or_default());
    Hit::new(rule, at)
        .arg("place_ja", ja)
        .arg("place", en)
        .arg("request", sent_digest(view))
        .arg("status", status.unwrap_or_default())
        .arg("operation", view.operation.id.clone())
        .arg("note", view.note().to_owned())
        .arg("variation", view.case.variation.as_str())
        .arg("variation_ja", variation_ja(view.case.variation))
}

/// A JSON Pointer with the names that the pack gives the item.
fn names(view: &CallView<'_>, pointer: &str) -> (String, String) {
    match view.api.rules.property_at(pointer) {
        _ if pointer.is_empty() => ("本文".to_owned(), "the body".to_owned()),
        Some(item) if item.en.is_empty() => {
            let both = format!("{}（{pointer}）", item.ja);
            (both.clone(), both)
        }
        Some(item) => (
            format!("{}（{pointer}）", item.ja),
            format!("{} ({pointer})", item.en),
        ),
        None => (pointer.to_owned(), pointer.to_owned()),
    }
}

/// A hit about the answer, whose proof says what is known of the request that it answers.
pub(super) fn answer(view: &CallView<'_>, rule: &'static Rule, at: Location) -> Hit {
    let head = &rule.page().head;
    hit(view, rule, at).cause(Cause {
        kind: head.cause,
        confidence: head.confidence,
        proof: proof(view),
    })
}

/// What was proven about the request before its answer is judged.
fn proof(view: &CallView<'_>) -> Bilingual {
    let digest = sent_digest(view);
    let target = &view.case.target;
    match view.case.variation {
        Variation::None if view.request_conforms == Some(false) => Bilingual::new(
            "要求そのものも仕様書に合いませんが、応答の様式は要求の正誤によりません。応答は受け取ったバイト列のままで調べました",
            "the request is not as documented either, but the form of an answer does not depend on that; it was examined byte for byte as received",
        ),
        Variation::None if view.http.request.body.is_none() => Bilingual::new(
            "要求に本文はなく、応答は受け取ったバイト列のままで調べました",
            "the request has no body; the answer was examined byte for byte as received",
        ),
        Variation::None => Bilingual::new(
            format!(
                "送った要求（SHA-256 {digest}…）は仕様の様式に合うことを確かめてあります。応答は受け取ったバイト列のままで調べました"
            ),
            format!(
                "the request that was sent (SHA-256 {digest}…) was checked to fit the specification; the answer was examined byte for byte as received"
            ),
        ),
        variation if variation.is_of_message() => Bilingual::new(
            format!(
                "送った要求（SHA-256 {digest}…）の誤りは「{}」の1点だけであることを確かめてあります。応答は受け取ったバイト列のままで調べました",
                variation_ja(variation)
            ),
            format!(
                "the request that was sent (SHA-256 {digest}…) was checked to have one defect ({}) and no other; the answer was examined byte for byte as received",
                variation.as_str()
            ),
        ),
        Variation::NoToken => Bilingual::new(
            "認可ヘッダのない要求への応答を、受け取ったバイト列のままで調べました",
            "it is the answer to a request without Authorization header, examined byte for byte as received",
        ),
        Variation::ExpiredToken => Bilingual::new(
            "有効期間の過ぎたトークンによる要求への応答を、受け取ったバイト列のままで調べました",
            "it is the answer to a request with a token after its lifetime, examined byte for byte as received",
        ),
        Variation::Misuse(misuse) => Bilingual::new(
            format!(
                "{}による要求への応答を、受け取ったバイト列のままで調べました",
                misuse.ja()
            ),
            format!(
                "it is the answer to a request with a misused token ({}), examined byte for byte as received",
                misuse.as_str()
            ),
        ),
        Variation::WrongScope => Bilingual::new(
            "別の権限のトークンによる要求への応答を、受け取ったバイト列のままで調べました",
            "it is the answer to a request with a token of another scope, examined byte for byte as received",
        ),
        _ => Bilingual::new(
            format!(
                "送った要求（SHA-256 {digest}…）の誤りは {target} の1点だけであることを確かめてあります。応答は受け取ったバイト列のままで調べました"
            ),
            format!(
                "the request that was sent (SHA-256 {digest}…) was checked to be wrong at {target} and nowhere else; the answer was examined byte for byte as received"
            ),
        ),
    }
}

fn sent_digest<'v>(view: &'v CallView<'_>) -> &'v str {
    let sent = view.http.request.body.as_ref();
    sent.and_then(|b| b.sha256.get(..12)).unwrap_or("-")
}

fn variation_ja(variation: Variation) -> &'static str {
    match variation {
        Variation::None => "正しい要求",
        Variation::NoToken => "トークンなし",
        Variation::ExpiredToken => "期限切れのトークン",
        Variation::WrongScope => "権限の違うトークン",
        Variation::MissingRequired => "必須項目の欠落",
        Variation::TooLong => "桁あふれ",
        Variation::TooShort => "桁不足",
        Variation::NullForbidden => "認められないnull",
        Variation::WrongType => "型の違い",
        Variation::NotInList => "列挙にない値",
        Variation::PatternBroken => "形式の違い",
        Variation::FormatBroken => "実在しない日付など",
        Variation::TooLarge => "上限超え",
        Variation::TooSmall => "下限未満",
        Variation::ExtraProperty => "認められない項目の追加",
        Variation::WrongContentType => "媒体型の違い",
        Variation::WrongCharset => "文字コードの宣言の違い",
        Variation::BrokenJson => "途中で終わるJSON",
        Variation::DuplicateKey => "項目名の重複",
        Variation::InvalidUtf8 => "UTF-8ではないバイト",
        Variation::Misuse(misuse) => misuse.ja(),
    }
}

/// A value in the response body. What is not there stands where its parent stands.
pub(super) fn in_body(view: &CallView<'_>, json: &Json, pointer: &str) -> Location {
    let mut near = pointer;
    let span = loop {
        match (json.span(near), near.rsplit_once('/')) {
            (Some(span), _) => break Some(span),
            (None, Some((parent, _))) => near = parent,
            (None, None) => break None,
        }
    };
    let exact = near == pointer;
    Location {
        pointer: named(&seen(view, pointer)),
        byte_offset: span.map(|s| s.offset as u64),
        byte_length: span.filter(|_| exact).map(|s| s.length as u64),
        ..view.place()
    }
}

/// A stretch of the response body by its bytes.
pub(super) fn at_bytes(
    view: &CallView<'_>,
    pointer: &str,
    offset: usize,
    length: usize,
) -> Location {
    Location {
        pointer: named(&seen(view, pointer)),
        byte_offset: Some(offset as u64),
        byte_length: (length > 0).then_some(length as u64),
        ..view.place()
    }
}

/// A pointer as people may see it: names of members that the document of the API does not know may be anything.
pub(super) fn seen(view: &CallView<'_>, pointer: &str) -> String {
    wire::pointer(pointer, |step| is_documented(&view.api.document, step))
}

/// True when some schema of the document has a property of this name.
fn is_documented(document: &serde_json::Value, name: &str) -> bool {
    match document {
        serde_json::Value::Object(members) => {
            let named = |key: &str| members.get(key).and_then(|v| v.get(name)).is_some();
            named("properties") || members.values().any(|v| is_documented(v, name))
        }
        serde_json::Value::Array(items) => items.iter().any(|v| is_documented(v, name)),
        _ => false,
    }
}

/// The whole body has no pointer that people could read.
fn named(pointer: &str) -> Option<String> {
    (!pointer.is_empty()).then(|| shape::cut(pointer, LONGEST_POINTER))
}

/// A header.
pub(super) fn header(view: &CallView<'_>, name: &str) -> Location {
    Location {
        pointer: Some(format!("header:{}", wire::name(name))),
        ..view.place()
    }
}

/// A JSON Pointer with `*` for indexes: equal for all elements of an array.
pub(super) fn generic(pointer: &str) -> String {
    let is_index = |step: &str| !step.is_empty() && step.bytes().all(|b| b.is_ascii_digit());
    let steps = pointer
        .split('/')
        .map(|s| if is_index(s) { "*" } else { s });
    shape::cut(&steps.collect::<Vec<_>>().join("/"), LONGEST_POINTER)
}
