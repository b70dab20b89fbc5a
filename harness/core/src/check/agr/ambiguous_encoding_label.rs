use super::hit;
use crate::agreement::Settled;
use crate::check::rule::Rule;
use crate::check::sink::Sink;

/// AGR-005
pub(super) const RULE: Rule = Rule {
    code: "AGR-005",
    name: "ambiguous-encoding-label",
    source: include_str!("ambiguous_encoding_label.md"),
};

/// Labels that stand for several encodings, which differ in what they hold and in how some positions map to Unicode.
const AMBIGUOUS: &[&str] = &[
    "shift_jis",
    "shift-jis",
    "shiftjis",
    "sjis",
    "x-sjis",
    "ms_kanji",
];

/// True when a value is a bare Shift_JIS label for the item that decides the encoding.
pub(super) fn is_ambiguous(settled: &Settled, value: &str) -> bool {
    let encoding = settled.item.setting == "encoding";
    encoding
        && AMBIGUOUS
            .iter()
            .any(|label| value.trim().eq_ignore_ascii_case(label))
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
