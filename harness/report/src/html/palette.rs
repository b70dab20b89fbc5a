//! Colours of the page: values of the Digital Agency's design tokens (npm `@digital-go-jp/design-tokens` 1.1.9, MIT).
//! The style sheet names them only as custom properties, so that the tests below prove every contrast it uses.

/// Token and value.
pub(super) const COLOURS: [(&str, &str); 37] = [
    ("white", "#ffffff"),
    ("black", "#000000"),
    ("blue-50", "#e8f1fe"),
    ("blue-100", "#d9e6ff"),
    ("blue-200", "#c5d7fb"),
    ("blue-700", "#264af4"),
    ("blue-800", "#0031d8"),
    ("blue-900", "#0017c1"),
    ("blue-1000", "#00118f"),
    ("green-50", "#e6f5ec"),
    ("green-800", "#197a4b"),
    ("green-900", "#115a36"),
    ("red-50", "#fdeeee"),
    ("red-100", "#ffdada"),
    ("red-900", "#ce0000"),
    ("red-1000", "#a90000"),
    ("yellow-50", "#fbf5e0"),
    ("yellow-300", "#ffd43d"),
    ("yellow-1000", "#806300"),
    ("yellow-1100", "#6e5600"),
    ("orange-50", "#ffeee2"),
    ("orange-900", "#ac3e00"),
    ("orange-1000", "#8b3200"),
    ("purple-50", "#f1eafa"),
    ("purple-800", "#5c10be"),
    ("magenta-50", "#f3e5f4"),
    ("magenta-800", "#aa00aa"),
    ("gray-50", "#f2f2f2"),
    ("gray-100", "#e6e6e6"),
    ("gray-200", "#cccccc"),
    ("gray-420", "#949494"),
    ("gray-536", "#767676"),
    ("gray-600", "#666666"),
    ("gray-700", "#4d4d4d"),
    ("gray-800", "#333333"),
    ("gray-900", "#1a1a1a"),
    ("panel", "#f8f8fb"),
];

/// `:root{--rk-blue-50:#e8f1fe;…}`.
pub(super) fn custom_properties() -> String {
    let list: String = COLOURS
        .iter()
        .map(|(name, value)| format!("--rk-{name}:{value};"))
        .collect();
    format!(":root{{{list}}}")
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    reason = "a test stops where the style sheet is not as expected"
)]
mod tests {
    use super::COLOURS;

    const STYLE: &str = include_str!("style.css");

    fn value(name: &str) -> [f64; 3] {
        let (_, hex) = COLOURS
            .iter()
            .find(|(n, _)| *n == name)
            .unwrap_or_else(|| panic!("no colour {name}"));
        let part = |at: usize| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
        [part(1), part(3), part(5)]
    }

    /// Relative luminance, WCAG 2.2.
    fn luminance(name: &str) -> f64 {
        let linear = value(name).map(|c| {
            let c = c / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn the_formula_gives_the_published_ratios() {
        for (a, b, ratio) in [
            ("black", "white", 21.0),
            ("green-800", "white", 5.35),
            ("red-1000", "red-50", 6.94),
        ] {
            assert!(
                (contrast(a, b) - ratio).abs() < 0.01,
                "{a} on {b}: {}",
                contrast(a, b)
            );
        }
    }

    /// Rules of the style sheet: selector and declarations.
    fn rules() -> Vec<(String, Vec<(String, String)>)> {
        let mut plain = STYLE.to_owned();
        while let Some((before, rest)) = plain.split_once("/*") {
            plain = format!("{before}{}", rest.split_once("*/").unwrap().1);
        }
        plain
            .split('}')
            .filter_map(|block| block.rsplit_once('{'))
            .map(|(selector, body)| {
                let declarations = body.split(';').filter_map(|d| d.split_once(':'));
                let declarations = declarations
                    .map(|(k, v)| (k.trim().to_owned(), v.trim().to_owned()))
                    .collect();
                (
                    selector.rsplit('{').next().unwrap().trim().to_owned(),
                    declarations,
                )
            })
            .collect()
    }

    fn colour(text: &str) -> Option<&str> {
        text.split_once("var(--rk-")
            .and_then(|(_, rest)| rest.split_once(')'))
            .map(|(name, _)| name)
    }

    /// Text has 4.5:1 against the background of its own rule, or against every background that panels use.
    #[test]
    fn every_text_colour_has_enough_contrast() {
        let mut proven = 0;
        for (selector, declarations) in rules() {
            let of = |keys: &[&str]| {
                declarations
                    .iter()
                    .find(|(k, _)| keys.contains(&k.as_str()))
                    .map(|(_, v)| v.as_str())
            };
            let Some(text) = of(&["color"]).and_then(colour) else {
                continue;
            };
            let own = of(&["background", "background-color"]).and_then(colour);
            for ground in own.map_or(vec!["white", "gray-50", "panel"], |own| vec![own]) {
                let ratio = contrast(text, ground);
                assert!(ratio >= 4.5, "{selector}: {text} on {ground} is {ratio:.2}");
                proven += 1;
            }
        }
        assert!(
            proven > 30,
            "only {proven} pairs were found in the style sheet"
        );
    }

    /// Parts of drawings have 3:1 against the page, or an edge that has; text in them has 4.5:1. axe does not see SVG.
    #[test]
    fn drawings_can_be_seen_and_read() {
        let mut proven = 0;
        for (selector, declarations) in rules() {
            let of = |key: &str| {
                declarations
                    .iter()
                    .find(|(k, _)| k == key)
                    .and_then(|(_, v)| colour(v))
            };
            // Lines over a coloured bar are judged against the bars.
            let over = selector.contains("rk-w-over");
            let bars = ["gray-536", "green-800", "yellow-1000", "red-900"];
            let grounds = if over { bars.as_slice() } else { &["white"] };
            let least = if selector.contains("text") { 4.5 } else { 3.0 };
            let drawn: Vec<&str> = [of("fill"), of("stroke")].into_iter().flatten().collect();
            for ground in grounds.iter().filter(|_| !drawn.is_empty()) {
                let best = drawn
                    .iter()
                    .map(|c| contrast(c, ground))
                    .fold(0.0, f64::max);
                assert!(
                    best >= least,
                    "{selector}: {drawn:?} on {ground} is {best:.2}"
                );
                proven += 1;
            }
        }
        assert!(
            proven >= 15,
            "only {proven} drawings were found in the style sheet"
        );
    }

    /// Borders that carry meaning have 3:1 against white.
    #[test]
    fn edges_of_verdicts_can_be_seen() {
        let mut proven = 0;
        for (selector, declarations) in rules()
            .into_iter()
            .filter(|(s, _)| s.contains("rk-v-") || s.contains("rk-edge-"))
        {
            for (key, text) in declarations.iter().filter(|(k, _)| k.starts_with("border")) {
                let Some(edge) = colour(text) else { continue };
                assert!(contrast(edge, "white") >= 3.0, "{selector} {key}: {edge}");
                proven += 1;
            }
        }
        assert!(proven >= 9, "only {proven} edges were found");
    }

    #[test]
    fn the_style_sheet_names_colours_only_by_token() {
        for (selector, declarations) in rules() {
            for (key, text) in declarations {
                assert!(
                    !text.contains('#') && !text.contains("rgb"),
                    "{selector} {key}: {text}"
                );
                let mut rest = text.as_str();
                while let Some((_, after)) = rest.split_once("var(--rk-") {
                    let (name, tail) = after.split_once(')').unwrap();
                    value(name);
                    rest = tail;
                }
            }
        }
    }
}
