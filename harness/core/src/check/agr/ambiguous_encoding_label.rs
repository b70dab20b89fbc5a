use super::hit;
use crate::agreement::Settled;
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::encoding::{Encoding, LabelFault};

/// AGR-005
pub(super) const RULE: Rule = Rule {
    code: "AGR-005",
    name: "ambiguous-encoding-label",
    source: include_str!("ambiguous_encoding_label.md"),
};

/// A label of the Internet's registry that products read as CP932 or as plain Shift_JIS.
const MS_KANJI: &str = "ms_kanji";

/// True when a value is a bare Shift_JIS label for the item that decides the encoding.
pub(super) fn is_ambiguous(settled: &Settled, value: &str) -> bool {
    settled.item.setting == "encoding"
        && (value.trim().eq_ignore_ascii_case(MS_KANJI)
            || matches!(Encoding::parse(value), Err(LabelFault::Ambiguous(_))))
}

pub(super) fn check(settled: &Settled, out: &mut Sink) {
    let answers = [
        ("provider", "提供側", &settled.provider),
        ("consumer", "利用側", &settled.consumer),
    ];
    for (side, side_ja, answer) in answers {
        let values = answer.iter().flat_map(|a| &a.values);
        for value in values.filter(|v| is_ambiguous(settled, v)) {
            let mut hit = hit(&RULE, settled, answer.as_ref())
                .expected("cp932 | shift_jis-x0208 | shift_jis-2004")
                .observed(value.clone())
                .arg("side", side)
                .arg("side_ja", side_ja);
            hit.key = format!("{}|{side}", hit.key);
            out.push(hit);
        }
    }
}
