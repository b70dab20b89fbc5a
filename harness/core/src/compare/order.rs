//! Items that both specifications have, in another order.

use super::change::{Delta, Kind, Notes};
use super::item::Item;

/// Items that stand elsewhere among those that both have: all but the longest run that kept its order.
pub(super) fn order(old: &[Item], new: &[Item], both: &[(usize, usize)], notes: &mut Notes<'_>) {
    let mut groups: Vec<&str> = old.iter().map(|item| item.group.as_str()).collect();
    groups.dedup();
    for group in groups {
        let in_group = |a: &usize| old.get(*a).is_some_and(|item| item.group == group);
        let row: Vec<(usize, usize)> = both.iter().filter(|(a, _)| in_group(a)).copied().collect();
        let kept = longest_rising(&row.iter().map(|(_, b)| *b).collect::<Vec<_>>());
        let place = |list: &[Item], at: usize| {
            let before = list
                .iter()
                .take(at)
                .filter(|item| item.group == group)
                .count();
            Some((before + 1).to_string())
        };
        for (a, b) in row.iter().filter(|(_, b)| !kept.contains(b)) {
            if let Some(item) = old.get(*a) {
                let values = (place(old, *a), place(new, *b));
                notes.note(Kind::Order, Delta::Other, (&item.at, &item.name), values);
            }
        }
    }
}

/// The longest rising subsequence, the first of equally long ones.
fn longest_rising(numbers: &[usize]) -> Vec<usize> {
    let mut best: Vec<Vec<usize>> = Vec::new();
    for n in numbers {
        let mut run = best
            .iter()
            .filter(|run| run.last() < Some(n))
            .rev()
            .max_by_key(|run| run.len())
            .cloned()
            .unwrap_or_default();
        run.push(*n);
        best.push(run);
    }
    best.into_iter()
        .rev()
        .max_by_key(Vec::len)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_moved_is_out_of_order() {
        assert_eq!(longest_rising(&[0, 3, 1, 2]), [0, 1, 2]);
        assert_eq!(longest_rising(&[]), Vec::<usize>::new());
    }
}
