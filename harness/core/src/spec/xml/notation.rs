//! How rules of XML and constraints of a schema are put: a few words, content models, names of types.

use xsd_schema::compiler::inspect::{AuthoredKind, AuthoredNode};
use xsd_schema::xml::WellFormednessRule;

use crate::model::Bilingual;

/// What a rule of XML 1.0 is about.
pub(super) fn words(rule: WellFormednessRule) -> Bilingual {
    use WellFormednessRule as W;
    let (ja, en) = match rule {
        W::Document => (
            "最上位の要素が1つでないか、その外に文字があります",
            "not one root element, or text outside of it",
        ),
        W::Char => (
            "XMLに書けない文字（制御文字など）があります",
            "a character that XML does not allow",
        ),
        W::Name | W::QName => (
            "要素・属性の名前になれない文字があります",
            "a name that is none",
        ),
        W::AttributeValue => (
            "属性の値に < があります",
            "a < in the value of an attribute",
        ),
        W::CharData => ("文字の中に ]]> があります", "]]> in text"),
        W::Comment => ("コメントの中に -- があります", "-- in a comment"),
        W::ProcessingInstruction => (
            "処理命令の書き方が違います",
            "a wrong processing instruction",
        ),
        W::XmlDeclaration => (
            "XML宣言の場所か書き方が違います",
            "a misplaced or wrong XML declaration",
        ),
        W::DocumentTypeDeclaration => (
            "DOCTYPEの場所か書き方が違います",
            "a misplaced or wrong document type declaration",
        ),
        W::StartTag => (
            "タグの書き方が違います（属性の間の空白、引用符など）",
            "a wrong tag (spaces between attributes, quotes)",
        ),
        W::LegalCharacter => (
            "文字参照が、XMLに書ける文字を指していません",
            "a character reference to no character of XML",
        ),
        W::Reference => (
            "エスケープしていない & があります",
            "an & that is not escaped",
        ),
        W::AttributesUnique | W::UniqueAttSpec => ("同じ属性が2回あります", "an attribute twice"),
        W::PrefixDeclared | W::PrefixUndeclaring | W::ReservedPrefix => (
            "名前空間の接頭辞が宣言されていないか、宣言が正しくありません",
            "a namespace prefix that is not declared, or not rightly",
        ),
        W::EntityDeclared => (
            "定義されていない実体への参照があります",
            "a reference to an entity that is not declared",
        ),
        W::Encoding => (
            "文字として読めないバイトがあります",
            "bytes that are no character",
        ),
        W::Truncated => (
            "要素が閉じないまま終わっています",
            "the text ends inside an element",
        ),
        W::ElementTypeMatch => (
            "開始タグと終了タグが合いません",
            "start tag and end tag do not match",
        ),
        _ => ("XMLの文法に合いません", "not as the grammar of XML says"),
    };
    Bilingual::new(ja, en)
}

/// A content model: `a, b?, (c | d)*`; `outer`: without parentheses around the whole.
pub(super) fn node(at: &AuthoredNode, outer: bool) -> String {
    let inside = |separator: &str| {
        let parts: Vec<String> = at.children.iter().map(|child| node(child, false)).collect();
        parts.join(separator)
    };
    let often = match (at.min_occurs, at.max_occurs) {
        (1, Some(1)) => String::new(),
        (0, Some(1)) => "?".to_owned(),
        (0, None) => "*".to_owned(),
        (1, None) => "+".to_owned(),
        (min, None) => format!("{{{min},}}"),
        (min, Some(max)) if min == max => format!("{{{min}}}"),
        (min, Some(max)) => format!("{{{min},{max}}}"),
    };
    let text = match &at.kind {
        AuthoredKind::Element(term) => {
            let name = term.name.rsplit('}').next().unwrap_or(&term.name);
            return format!("{name}{often}");
        }
        AuthoredKind::Wildcard(_) => return format!("any{often}"),
        AuthoredKind::Sequence | AuthoredKind::GroupRef(_) => inside(", "),
        AuthoredKind::Choice => inside(" | "),
        AuthoredKind::All => inside(" & "),
    };
    if outer && often.is_empty() || text.is_empty() {
        text
    } else {
        format!("({text}){often}")
    }
}

/// The data type that a value is none of: `xs:date`.
pub(super) fn data_type(said: &str) -> String {
    let named = said
        .split_once("Invalid ")
        .and_then(|(_, rest)| rest.split_once(" value"))
        .map(|(name, _)| name)
        .or_else(|| said.rsplit_once("for type ").map(|(_, name)| name));
    match named {
        Some(name) if name.len() < 40 && !name.contains('\'') => {
            format!("xs:{}", name.trim_start_matches("xs:"))
        }
        _ => "a value of the type".to_owned(),
    }
}

/// What a key of the schema asks for, and what is there.
pub(super) fn key(constraint: &str) -> (&'static str, &'static str) {
    match constraint {
        "cvc-identity-constraint.4.3" | "cvc-id.1" => ("existing key", "no such key"),
        "cvc-identity-constraint.4.2.1" => ("whole key", "part of the key is missing"),
        _ => ("unique key", "the same key again"),
    }
}
