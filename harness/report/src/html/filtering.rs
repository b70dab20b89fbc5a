//! The filter without a script: rules of the style sheet that follow the choices. Names and positions of choices alone go
//! into the rules, never a value of a document.

use std::fmt::Write as _;

/// Class of a choice, and of every item that has its value.
pub(crate) fn class(field: &str, choice: usize) -> String {
    format!("f-{field}-{choice}")
}

/// Rules for fields of `(name, number of choices)`: what does not have the chosen value disappears, and so does a group
/// with nothing left in it.
pub(crate) fn style<'f>(fields: impl IntoIterator<Item = (&'f str, usize)>) -> String {
    let mut out = String::new();
    for (name, choices) in fields {
        for choice in 0..choices {
            let class = class(name, choice);
            let chosen = format!("body:has(option.{class}:checked)");
            let _ = writeln!(
                out,
                "{chosen} [data-item]:not(.{class}),{chosen} [data-group]:not(:has(.{class})){{display:none}}"
            );
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_choice_hides_the_rest() {
        let rules = style([("verdict", 2), ("rule", 0)]);
        assert_eq!(rules.lines().count(), 2);
        assert!(rules.contains("option.f-verdict-1:checked) [data-item]:not(.f-verdict-1)"));
    }
}
