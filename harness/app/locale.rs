//! Which language the terminal speaks. Reports are Japanese whatever the terminal says.

use renkei_core::model::Lang;

/// `--lang`, else `RENKEI_LANG`, `LC_ALL`, `LC_MESSAGES`, `LANG`; Windows without any of them speaks Japanese.
pub(crate) fn language(option: Option<Lang>, variable: impl Fn(&str) -> Option<String>) -> Lang {
    if let Some(lang) = option {
        return lang;
    }
    let set = ["RENKEI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()));
    match set {
        Some(value) if value.to_ascii_lowercase().starts_with("ja") => Lang::Ja,
        Some(_) => Lang::En,
        None if cfg!(windows) => Lang::Ja,
        None => Lang::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Lang {
        language(None, |name| {
            pairs
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| (*v).to_owned())
        })
    }

    #[test]
    fn the_first_variable_that_is_set_decides() {
        assert_eq!(of(&[("LANG", "ja_JP.UTF-8")]), Lang::Ja);
        assert_eq!(of(&[("LANG", "ja_JP.UTF-8"), ("LC_ALL", "C")]), Lang::En);
        assert_eq!(of(&[("RENKEI_LANG", "ja"), ("LC_ALL", "C")]), Lang::Ja);
        assert_eq!(language(Some(Lang::Ja), |_| None), Lang::Ja);
    }
}
