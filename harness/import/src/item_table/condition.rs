//! Conditions written as text, where they speak only of one item of the table and its values.

use renkei_core::spec::layout::Condition;

use crate::reading::one_line;

/// Words between two values.
const OR: [&str; 7] = ["または", "又は", "もしくは", "若しくは", "、", ",", "。"];

/// What a sentence says of an item's value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    /// It is one of the values.
    Among,
    /// It is none of them; that there is one is understood.
    NotAmong,
    /// There is one.
    Filled,
}

/// Reads `※※処理区分"1"、または"2"の場合は必須` as `shorikubun in ('1', '2')`, given names and machine names of the items and
/// the machine name of the item that the sentence stands beside. `None` when anything in the sentence is not understood: no
/// condition is better than a wrong one.
pub(crate) fn derive(text: &str, items: &[(String, String)], own: &str) -> Option<String> {
    let (_, after) = text.rsplit_once("※※")?;
    let line = one_line(after.lines().next()?);
    let (name, roman, rest) = subject(&line, items)?;
    if roman == own {
        return None; // of the thing itself in the world, not of its value in the record
    }
    let (mut values, mut rest) = quoted_values(rest);
    rest.retain(|c| !c.is_whitespace());
    if values.is_empty() {
        (values, rest) = bare_values(&rest);
    }
    for word in OR {
        rest = rest.replace(word, "");
    }
    let said = said(&rest, values.is_empty())?;
    // `1:新規` is the value and its meaning
    let values: Vec<&str> = values
        .iter()
        .map(|value| value.split(':').next().unwrap_or(value).trim())
        .collect();
    let plain = |v: &&str| !v.is_empty() && v.chars().all(|c| c.is_ascii_alphanumeric());
    if name.is_empty() || !values.iter().all(plain) {
        return None;
    }
    let among = match values.as_slice() {
        [one] => format!("{roman} = '{one}'"),
        many => {
            let list: Vec<String> = many.iter().map(|v| format!("'{v}'")).collect();
            format!("{roman} in ({})", list.join(", "))
        }
    };
    let condition = match said {
        Said::Among => among,
        Said::NotAmong => format!("not ({among}) and {roman} != ''"),
        Said::Filled => format!("{roman} != ''"),
    };
    // a machine name may be one that the condition language cannot hold
    let known = |name: &str| items.iter().position(|(_, roman)| roman == name);
    Condition::parse(&condition, &known).ok().map(|_| condition)
}

/// The item that a sentence begins with: its name, its machine name and the rest of the sentence.
fn subject<'a>(line: &'a str, items: &'a [(String, String)]) -> Option<(String, &'a str, &'a str)> {
    let bare = line.trim_start_matches(['「', '【', '『']);
    items
        .iter()
        .map(|(name, roman)| (one_line(name), roman.as_str()))
        .filter(|(name, _)| !name.is_empty() && bare.starts_with(name.as_str()))
        .max_by_key(|(name, _)| name.chars().count())
        .and_then(|(name, roman)| {
            let rest = bare.get(name.len()..)?;
            let rest = if bare.len() < line.len() {
                rest.strip_prefix(['」', '】', '』'])?
            } else {
                rest
            };
            Some((name, roman, rest))
        })
}

/// Values without quotes behind the particle: `が1又は2の場合`.
fn bare_values(rest: &str) -> (Vec<String>, String) {
    let mut left = rest.trim_start_matches(['が', 'は', 'の', ':', '=']);
    let mut values = Vec::new();
    loop {
        let end = left
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(left.len());
        let (value, after) = left.split_at(end);
        if value.is_empty() || value.len() > 8 {
            return (Vec::new(), rest.to_owned());
        }
        values.push(value.to_owned());
        match OR.iter().find_map(|word| after.strip_prefix(word)) {
            Some(next) => left = next.trim_start_matches('、'),
            None => return (values, after.to_owned()),
        }
    }
}

/// What remains of the sentence without its values; `None` when it is not wholly understood.
fn said(rest: &str, no_values: bool) -> Option<Said> {
    let strip = |text: &str, words: &[&str]| -> Option<String> {
        words
            .iter()
            .find_map(|word| text.strip_prefix(word))
            .map(str::to_owned)
    };
    let rest = rest
        .trim_start_matches(['が', 'は', 'の', ':', '='])
        .to_owned();
    let (said, rest) = if no_values {
        let filled = ["設定されている", "入力されている", "空でない", "空白でない"];
        (Said::Filled, strip(&rest, &filled)?)
    } else if let Some(rest) = strip(&rest, &["以外", "でない", "ではない"]) {
        (Said::NotAmong, rest)
    } else {
        let is = ["である", "に該当する"];
        (Said::Among, strip(&rest, &is).unwrap_or(rest))
    };
    let rest = rest.trim_start_matches('の');
    let rest = strip(rest, &["場合", "とき", "時"])?;
    let rest = rest.trim_start_matches(['に', 'は']);
    let rest = strip(rest, &["出力", "設定", "入力"]).unwrap_or_else(|| rest.to_owned());
    let rest = rest.trim_start_matches(['が', 'は']);
    matches!(rest, "必須" | "必須とする" | "必須となる" | "必須である").then_some(said)
}

/// Takes quoted values out of a text.
fn quoted_values(text: &str) -> (Vec<String>, String) {
    let (mut values, mut rest) = (Vec::new(), String::new());
    let mut open: Option<String> = None;
    for c in text.chars() {
        match (c, &mut open) {
            ('"' | '“' | '”' | '「' | '」', Some(value)) => {
                values.push(value.trim().to_owned());
                open = None;
            }
            ('"' | '“' | '”' | '「', None) => open = Some(String::new()),
            (c, Some(value)) => value.push(c),
            (c, None) => rest.push(c),
        }
    }
    if let Some(value) = open {
        rest.push_str(&value);
        rest.push('?');
    }
    (values, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_wholly_understood() {
        let items = [
            ("処理区分".to_owned(), "shorikubun".to_owned()),
            ("処理".to_owned(), "shori".to_owned()),
            ("代表宛名フラグ".to_owned(), "daihyo".to_owned()),
        ];
        let read = |text: &str| derive(text, &items, "own");
        assert_eq!(
            read("※※処理区分\"1\"、または\"2\"の場合は必須").as_deref(),
            Some("shorikubun in ('1', '2')")
        );
        assert_eq!(
            read("・説明\n※※代表宛名フラグが「１」の場合は出力必須").as_deref(),
            Some("daihyo = '1'")
        );
        for (text, condition) in [
            ("処理区分が1又は2の場合は必須", "shorikubun in ('1', '2')"),
            (
                "「処理区分」が「１：新規」の場合、出力必須",
                "shorikubun = '1'",
            ),
            (
                "処理区分が「1」以外の場合は必須。",
                "not (shorikubun = '1') and shorikubun != ''",
            ),
            (
                "処理区分\"1\"でない場合は必須",
                "not (shorikubun = '1') and shorikubun != ''",
            ),
            ("処理が設定されている場合は、設定必須とする", "shori != ''"),
            ("処理区分＝1のとき必須", "shorikubun = '1'"),
        ] {
            assert_eq!(read(&format!("※※{text}")).as_deref(), Some(condition));
        }
        assert_eq!(
            derive("※※処理が設定されている場合は必須", &items, "shori"),
            None
        );
        for text in [
            "※※氏名未定でない場合は必須",
            "※※処理区分が1桁の場合は必須",
            "※※処理区分が1以上の場合は必須",
            "※※処理区分が存在する場合は必須",
            "※※処理区分が1かつ代表宛名フラグが1の場合は必須",
            "※※処理区分が1で代表宛名フラグが1の場合は必須",
            "※※処理区分の場合は必須",
            "※※処理区分\"1\"の場合は必須ではない",
            "処理区分\"1\"の場合は必須",
            "※※処理区分\"1の場合は必須",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
