//! Which items of two specifications are the same one: by machine name, by item id, else by similar names.
//!
//! Measure: both names are cut at `_`; where the parts are equally many, the similarity is the mean of the parts'
//! (1 - edit distance / longer length), and 0 when any two parts have less than [`LEAST_PART`] in common or digits
//! differ; else that of the whole. Words of `words.csv` that mean the same are equal. The score of two items is the
//! mean over machine name and item name, or [`SAME_NAME`] at least when one of the two names is equal.

use super::item::Item;

/// Scores from here on make two items of the same data type one renamed item.
pub const THRESHOLD: f64 = 0.70;
/// Items of different data types need this score.
pub const THRESHOLD_OTHER_TYPE: f64 = 0.90;
/// Score of items with one equal name.
const SAME_NAME: f64 = 0.95;
/// Parts of names that have less in common are different words.
const LEAST_PART: f64 = 0.34;

/// How items of two specifications belong together; indices into both lists.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// Same machine name.
    pub(super) same: Vec<(usize, usize)>,
    /// Another machine name, and the score.
    pub(super) renamed: Vec<(usize, usize, f64)>,
    /// Only in the old one.
    pub(super) removed: Vec<usize>,
    /// Only in the new one.
    pub(super) added: Vec<usize>,
}

/// Pairs items one to one, the best scores first; ties go to the items that stand closest, then to the first.
pub(super) fn pair(old: &[Item], new: &[Item]) -> Pairs {
    let mut pairs = Pairs::default();
    let (mut old_left, mut new_left) = (vec![true; old.len()], vec![true; new.len()]);
    let mut take = |a: usize, b: usize| {
        let free = old_left.get(a) == Some(&true) && new_left.get(b) == Some(&true);
        if free {
            for (left, at) in [(&mut old_left, a), (&mut new_left, b)] {
                if let Some(flag) = left.get_mut(at) {
                    *flag = false;
                }
            }
        }
        free
    };
    for (a, item) in old.iter().enumerate() {
        let twin = |other: &Item| other.group == item.group && other.roman == item.roman;
        if let Some(b) = new.iter().position(twin)
            && take(a, b)
        {
            pairs.same.push((a, b));
        }
    }
    let mut candidates: Vec<(usize, usize, f64)> = Vec::new();
    for (a, item) in old.iter().enumerate() {
        for (b, other) in new.iter().enumerate() {
            let score = score(item, other);
            if score > 0.0 {
                candidates.push((a, b, score));
            }
        }
    }
    candidates.sort_by(|x, y| {
        y.2.total_cmp(&x.2)
            .then(x.0.abs_diff(x.1).cmp(&y.0.abs_diff(y.1)))
            .then((x.0, x.1).cmp(&(y.0, y.1)))
    });
    for (a, b, score) in candidates {
        if take(a, b) {
            pairs.renamed.push((a, b, score));
        }
    }
    let rest = |left: &[bool]| {
        (0..left.len())
            .filter(|at| left.get(*at) == Some(&true))
            .collect()
    };
    pairs.removed = rest(&old_left);
    pairs.added = rest(&new_left);
    pairs
}

/// The score of two items, 0 when they are not one.
fn score(a: &Item, b: &Item) -> f64 {
    if a.group != b.group || a.is_filler() != b.is_filler() {
        return 0.0;
    }
    if !a.item_id.is_empty() && a.item_id == b.item_id && !a.same_type(b) {
        return 0.0;
    }
    let roman = similarity(&canonical(&a.roman, "roman"), &canonical(&b.roman, "roman"));
    let names = (!a.name.is_empty() && !b.name.is_empty())
        .then(|| similarity(&canonical(&a.name, "name"), &canonical(&b.name, "name")));
    let mean = names.map_or(roman, |name| f64::midpoint(roman, name));
    let equal = roman >= 1.0 || names.is_some_and(|name| name >= 1.0);
    let score = if equal { mean.max(SAME_NAME) } else { mean };
    let threshold = if a.same_type(b) {
        THRESHOLD
    } else {
        THRESHOLD_OTHER_TYPE
    };
    if score >= threshold { score } else { 0.0 }
}

/// Two names from 0 (nothing in common) to 1 (equal).
fn similarity(a: &str, b: &str) -> f64 {
    if a == b {
        return 1.0;
    }
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    if digits(a) != digits(b) {
        return 0.0;
    }
    let parts = |text: &str| {
        text.split(['_', '＿'])
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (left, right) = (parts(a), parts(b));
    if left.len() != right.len() || left.len() < 2 {
        return ratio(a, b);
    }
    let ratios: Vec<f64> = left.iter().zip(&right).map(|(x, y)| ratio(x, y)).collect();
    if ratios.iter().any(|r| *r < LEAST_PART) {
        return 0.0;
    }
    let count = u32::try_from(ratios.len()).unwrap_or(u32::MAX);
    ratios.iter().sum::<f64>() / f64::from(count)
}

/// 1 - edit distance / longer length, in characters.
fn ratio(a: &str, b: &str) -> f64 {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.chars().take(200).collect(), b.chars().take(200).collect());
    let longer = u32::try_from(a.len().max(b.len())).unwrap_or(u32::MAX);
    if longer == 0 {
        return 1.0;
    }
    1.0 - f64::from(distance(&a, &b)) / f64::from(longer)
}

/// Levenshtein's edit distance.
fn distance(a: &[char], b: &[char]) -> u32 {
    let mut row: Vec<u32> = (0..).take(b.len() + 1).collect();
    for (i, x) in (1u32..).zip(a) {
        let mut diagonal = i - 1;
        let mut left = i;
        if let Some(first) = row.first_mut() {
            *first = i;
        }
        for (cell, y) in row.iter_mut().skip(1).zip(b) {
            let best = (*cell + 1).min(left + 1).min(diagonal + u32::from(x != y));
            diagonal = *cell;
            *cell = best;
            left = best;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// A name in which every word of a group of `words.csv` is the group's first one.
pub(super) fn canonical(text: &str, kind: &str) -> String {
    let mut out = text.to_lowercase();
    let groups = include_str!("words.csv").lines().skip(1);
    for words in groups.filter_map(|line| line.strip_prefix(kind)?.strip_prefix(',')) {
        let mut words: Vec<&str> = words.split('|').collect();
        let Some(first) = words.first().copied() else {
            continue;
        };
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        // A mark that no name holds keeps one replacement from being replaced again.
        for word in &words {
            out = out.replace(*word, "\u{1}");
        }
        out = out.replace('\u{1}', first);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(roman: &str, name: &str, kind: &str) -> Item {
        Item {
            roman: roman.to_owned(),
            name: name.to_owned(),
            kind: kind.to_owned(),
            ..Item::default()
        }
    }

    #[test]
    fn renamed_items_are_found_and_others_are_left_alone() {
        let old = [
            item("shimei_yomigana", "氏名_読み仮名", "N"),
            item(
                "shimei_gaikokujinarufuabetto",
                "氏名_外国人アルファベット",
                "N",
            ),
            item("dokujishisakushisutemunadoid", "独自施策システム等ID", "X"),
            item("daihyoatenafuragu", "代表宛名フラグ", "9"),
            item("uji_nihonjin", "氏_日本人", "N"),
            item("seinengappi_fushohyoki", "生年月日_不詳表記", "N"),
            item("jusho1", "住所1", "N"),
            item("denwa_bango", "電話番号", "X"),
        ];
        let new = [
            item("na_nihonjin", "名_日本人", "N"),
            item("seinengappi_fushofuragu", "生年月日_不詳フラグ", "X"),
            item("nayosemotofuragu", "名寄せ元フラグ", "X"),
            item("jusho2", "住所2", "N"),
            item("dokujishisakushisutemutoid", "独自施策システム等ID", "X"),
            item("shimei_furigana", "氏名_フリガナ", "N"),
            item("shimei_gaikokujinromaji", "氏名_外国人ローマ字", "N"),
            item("denwabango", "電話番号", "X"),
        ];
        let pairs = pair(&old, &new);
        let mut found: Vec<_> = pairs.renamed.iter().map(|(a, b, _)| (*a, *b)).collect();
        found.sort_unstable();
        assert_eq!(found, [(0, 5), (1, 6), (2, 4), (7, 7)]);
        assert_eq!(
            (pairs.removed, pairs.added),
            (vec![3, 4, 5, 6], vec![0, 1, 2, 3])
        );
    }

    #[test]
    fn the_measure() {
        assert!((similarity("abcd", "abxd") - 0.75).abs() < 1e-9);
        assert!(similarity("uji_nihonjin", "na_nihonjin") < 1e-9);
        assert_eq!(
            canonical("氏名_フリガナ", "name"),
            canonical("氏名_読み仮名", "name")
        );
        assert_eq!(canonical("tsusho_furigana", "roman"), "tsusho_yomigana");
    }
}
