//! What single cells say: marks, lengths, types, "nothing".

use unicode_normalization::UnicodeNormalization;

/// NFKC, trimmed, line breaks and the spaces around them gone.
pub(crate) fn one_line(text: &str) -> String {
    text.nfkc()
        .collect::<String>()
        .lines()
        .map(str::trim)
        .collect::<String>()
}

/// Like [`one_line`], but characters stay as they are (full-width names keep their width).
pub(crate) fn joined(text: &str) -> String {
    text.lines().map(str::trim).collect::<String>()
}

/// Texts with which people fill a cell that holds nothing.
pub(crate) fn is_nothing(text: &str) -> bool {
    let text = one_line(text);
    matches!(
        text.as_str(),
        "" | "-"
            | "--"
            | "―"
            | "—"
            | "–"
            | "‐"
            | "−"
            | "ー"
            | "─"
            | "/"
            | "なし"
            | "無し"
            | "無"
            | "該当なし"
            | "対象外"
            | "n/a"
            | "N/A"
            | "NA"
    )
}

/// A cell that is either marked or not; `None` when it says something else.
pub(crate) fn mark(text: &str) -> Option<bool> {
    let text = one_line(text);
    if is_nothing(&text) {
        return Some(false);
    }
    match text.as_str() {
        "○" | "〇" | "◯" | "●" | "◎" | "O" | "o" | "✓" | "✔" | "1" | "Y" | "y" | "Yes" | "yes"
        | "YES" | "有" | "必須" | "TRUE" | "true" | "PK" | "FK" => Some(true),
        "0" | "N" | "No" | "no" | "NO" | "×" | "✕" | "x" | "X" | "FALSE" | "false" | "任意" => {
            Some(false)
        }
        _ => None,
    }
}

/// A length as the standard writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    /// No length is stated.
    None,
    /// So many characters, or `n,m`.
    Stated(String),
}

/// Reads `15`, `15桁`, `5,2`, `(5,2)`, `5.2`; `None` for anything else.
pub(crate) fn length(text: &str) -> Option<Length> {
    let text = one_line(text);
    if is_nothing(&text) {
        return Some(Length::None);
    }
    let bare: String = text
        .trim_matches(|c| matches!(c, '(' | ')'))
        .trim_end_matches("文字")
        .trim_end_matches("桁")
        .trim_end_matches("バイト")
        .replace([' ', '、'], "")
        .replace('.', ",");
    let number = |part: &str| part.parse::<u32>().ok();
    match bare.split_once(',') {
        None => number(&bare)
            .filter(|n| *n > 0)
            .map(|n| Length::Stated(n.to_string())),
        Some((whole, fraction)) if fraction.len() == 3 && !whole.is_empty() => {
            // 1,000 is a thousand; 12,345 has no meaning as digits before and after the point either
            let all = format!("{whole}{fraction}");
            number(&all).map(|n| Length::Stated(n.to_string()))
        }
        Some((whole, fraction)) => match (number(whole), number(fraction)) {
            (Some(n), Some(0)) if n > 0 => Some(Length::Stated(n.to_string())),
            (Some(n), Some(m)) if n > 0 => Some(Length::Stated(format!("{n},{m}"))),
            _ => None,
        },
    }
}

/// One of the nine types of the standard, in the spelling of a pack.
pub(crate) fn data_type(text: &str) -> Option<&'static str> {
    match one_line(text).to_ascii_uppercase().as_str() {
        "X" => Some("X"),
        "N" => Some("N"),
        "9" => Some("9"),
        "9V" => Some("9V"),
        "S9" => Some("S9"),
        "BLOB" => Some("BLOB"),
        "YEAR" => Some("YEAR"),
        "DATE" => Some("DATE"),
        "TIME" => Some("TIME"),
        _ => None,
    }
}

/// How a value is masked, by what the item is called. Rather too much than too little: a mask hides, it judges nothing.
pub(crate) fn sensitivity(name: &str, data_type: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let is_date = matches!(data_type, "DATE" | "YEAR" | "TIME");
    if has(&["生年月日"]) {
        return "birth";
    }
    if is_date
        || has(&[
            "フラグ",
            "区分",
            "業務ID",
            "システム等ID",
            "市区町村コード",
            "団体コード",
        ])
    {
        return "";
    }
    let place = has(&[
        "住所",
        "方書",
        "番地",
        "町字",
        "居所",
        "本籍",
        "郵便番号",
        "所在地",
        "送付先",
    ]);
    if !place && has(&["フリガナ", "ふりがな", "読み仮名", "カナ", "かな"]) {
        return "kana";
    }
    let person = has(&[
        "氏名",
        "名称",
        "通称",
        "氏_",
        "名_",
        "世帯主",
        "旧氏",
        "名義",
        "姓",
        "筆頭者",
    ]);
    if place {
        "address"
    } else if person || name == "氏" || name == "名" {
        "name"
    } else if has(&["電話", "メール", "ファクシミリ", "FAX", "連絡先"]) {
        "contact"
    } else if has(&["番号", "操作者", "識別", "口座", "記号"]) {
        "number"
    } else if has(&["備考", "メモ", "特記", "理由", "内容", "事由"]) && data_type == "N"
    {
        "free"
    } else {
        ""
    }
}

/// The check that a law or the text beside the item lays down, by name, type and length.
pub(crate) fn format(name: &str, data_type: &str, length: &str, text: &str) -> &'static str {
    let digits = matches!(data_type, "X" | "9");
    if digits && length == "12" && name.ends_with("個人番号") {
        "kojinbango"
    } else if digits && length == "13" && name.ends_with("法人番号") {
        "hojinbango"
    } else if digits && length == "6" && text.contains("全国地方公共団体コード") {
        "dantaicode"
    } else {
        ""
    }
}

/// The values of a sample cell, one a line: `・指定都市：横浜市西区` gives `横浜市西区`.
pub(crate) fn samples(text: &str) -> Vec<String> {
    let value = |line: &str| {
        let line = line.trim();
        let labelled = line.strip_prefix('・').and_then(|l| l.split_once('：'));
        labelled.map_or(line, |(_, value)| value.trim()).to_owned()
    };
    let lines = text.lines().map(value);
    lines.filter(|line| !line.is_empty()).collect()
}

/// An id for folders and URLs out of a title: letters and digits of any script, the rest becomes `-`.
pub(crate) fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in one_line(text).chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.trim_end_matches('-').chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        let stated = |text: &str| Some(Length::Stated(text.to_owned()));
        for (text, expected) in [
            ("15", stated("15")),
            ("１５桁", stated("15")),
            ("5,2", stated("5,2")),
            ("（５，２）", stated("5,2")),
            ("1,000", stated("1000")),
            ("－", Some(Length::None)),
            ("", Some(Length::None)),
            ("可変", None),
            ("0", None),
            ("-5", None),
        ] {
            assert_eq!(length(text), expected, "{text}");
        }
    }

    #[test]
    fn marks_and_types() {
        assert_eq!(mark("〇"), Some(true));
        assert_eq!(mark(" － "), Some(false));
        assert_eq!(mark("要確認"), None);
        assert_eq!(data_type("Ｎ"), Some("N"));
        assert_eq!(data_type("ＤＡＴＥ"), Some("DATE"));
        assert_eq!(data_type("文字列"), None);
    }

    #[test]
    fn masks_by_name() {
        for (name, kind, mask) in [
            ("氏名_読み仮名", "N", "kana"),
            ("氏_日本人", "N", "name"),
            ("生年月日_不詳表記", "N", "birth"),
            ("住所_方書_フリガナ", "N", "address"),
            ("宛名番号", "X", "number"),
            ("操作年月日", "DATE", ""),
            ("性別", "X", ""),
        ] {
            assert_eq!(sensitivity(name, kind), mask, "{name}");
        }
    }

    #[test]
    fn samples_of_several_lines() {
        let text = "・特別区：千代田区\n・指定都市：横浜市西区\n";
        assert_eq!(samples(text), ["千代田区", "横浜市西区"]);
        assert_eq!(
            samples("１００８番地\n１番６号"),
            ["１００８番地", "１番６号"]
        );
        assert!(samples(" \n").is_empty());
    }

    #[test]
    fn slugs() {
        assert_eq!(slug("Jutogai_Item (v2).xlsx"), "jutogai-item-v2-xlsx");
        assert_eq!(slug("住登外者宛名／基本情報"), "住登外者宛名-基本情報");
        assert_eq!(slug("../.."), "");
    }
}
