//! Conditions written as text, where they speak only of one item of the table and its values.

use renkei_core::spec::layout::Condition;

use crate::reading::one_line;

/// Reads `※※処理区分"1"、または"2"の場合は必須` as `shorikubun in (1, 2)`, given names and machine names of the items.
/// `None` when anything in the sentence is not understood: no condition is better than a wrong one.
pub(crate) fn derive(text: &str, items: &[(String, String)]) -> Option<String> {
    let (_, after) = text.rsplit_once("※※")?;
    let line = one_line(after.lines().next()?);
    let (name, roman) = items
        .iter()
        .map(|(name, roman)| (one_line(name), roman))
        .filter(|(name, _)| !name.is_empty() && line.starts_with(name.as_str()))
        .max_by_key(|(name, _)| name.chars().count())?;
    let rest = line.get(name.len()..)?;
    let (values, rest) = quoted_values(rest);
    let rest: String = rest.chars().filter(|c| !c.is_whitespace()).collect();
    let rest = rest
        .replace("または", "")
        .replace("又は", "")
        .replace(['、', '。', ','], "");
    let said = matches!(
        rest.trim_start_matches(['が', 'は', 'の', ':']),
        "の場合は必須"
            | "の場合必須"
            | "の場合は出力必須"
            | "の場合出力必須"
            | "場合は必須"
            | "場合は出力必須"
            | "場合必須"
    );
    let plain = |v: &String| !v.is_empty() && v.chars().all(|c| c.is_ascii_alphanumeric());
    if !said || values.is_empty() || !values.iter().all(plain) {
        return None;
    }
    let condition = match values.as_slice() {
        [one] => format!("{roman} = '{one}'"),
        many => {
            let list: Vec<String> = many.iter().map(|v| format!("'{v}'")).collect();
            format!("{roman} in ({})", list.join(", "))
        }
    };
    // a machine name may be one that the condition language cannot hold
    let known = |name: &str| items.iter().position(|(_, roman)| roman == name);
    Condition::parse(&condition, &known).ok().map(|_| condition)
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
        let read = |text: &str| derive(text, &items);
        assert_eq!(
            read("※※処理区分\"1\"、または\"2\"の場合は必須").as_deref(),
            Some("shorikubun in ('1', '2')")
        );
        assert_eq!(
            read("・説明\n※※代表宛名フラグが「１」の場合は出力必須").as_deref(),
            Some("daihyo = '1'")
        );
        for text in [
            "※※氏名未定でない場合は必須",
            "※※処理区分\"1\"でない場合は必須",
            "※※処理区分の場合は必須",
            "※※処理区分\"1\"の場合は必須ではない",
            "処理区分\"1\"の場合は必須",
            "※※処理区分\"1の場合は必須",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
