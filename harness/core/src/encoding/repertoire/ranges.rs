//! Sets of scalar values as sorted ranges: the form in which sets are combined.

/// Sorted, disjoint, non-adjacent ranges of scalar values, both ends included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ranges(Vec<(u32, u32)>);

impl Ranges {
    /// From ranges in any order, overlapping or not.
    pub(super) fn of(ranges: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let mut all: Vec<(u32, u32)> = ranges.into_iter().filter(|(a, b)| a <= b).collect();
        all.sort_unstable();
        let mut out: Vec<(u32, u32)> = Vec::with_capacity(all.len());
        for (start, end) in all {
            match out.last_mut() {
                Some(last) if start <= last.1.saturating_add(1) => last.1 = last.1.max(end),
                _ => out.push((start, end)),
            }
        }
        Self(out)
    }

    /// From single characters.
    pub(super) fn of_chars(chars: impl IntoIterator<Item = char>) -> Self {
        Self::of(chars.into_iter().map(|c| (u32::from(c), u32::from(c))))
    }

    pub(super) fn as_slice(&self) -> &[(u32, u32)] {
        &self.0
    }

    pub(super) fn union(&self, other: &Self) -> Self {
        Self::of(self.0.iter().chain(&other.0).copied())
    }

    pub(super) fn intersection(&self, other: &Self) -> Self {
        let (mut a, mut b, mut out) = (0, 0, Vec::new());
        while let (Some(x), Some(y)) = (self.0.get(a), other.0.get(b)) {
            let (start, end) = (x.0.max(y.0), x.1.min(y.1));
            if start <= end {
                out.push((start, end));
            }
            if x.1 < y.1 { a += 1 } else { b += 1 }
        }
        Self(out)
    }

    pub(super) fn difference(&self, other: &Self) -> Self {
        self.intersection(&other.complement())
    }

    fn complement(&self) -> Self {
        let mut out = Vec::with_capacity(self.0.len() + 1);
        let mut next = 0;
        for (start, end) in &self.0 {
            if next < *start {
                out.push((next, start - 1));
            }
            next = end + 1;
        }
        if next <= 0x10_FFFF {
            out.push((next, 0x10_FFFF));
        }
        Self(out)
    }

    /// Number of values; surrogates never are in a set.
    pub(super) fn len(&self) -> u64 {
        self.0.iter().map(|(a, b)| u64::from(b - a) + 1).sum()
    }

    pub(super) fn contains(&self, value: u32) -> bool {
        let after = self.0.partition_point(|(start, _)| *start <= value);
        after
            .checked_sub(1)
            .and_then(|at| self.0.get(at))
            .is_some_and(|(_, end)| value <= *end)
    }

    pub(super) fn chars(&self) -> impl Iterator<Item = char> + '_ {
        self.0
            .iter()
            .flat_map(|(a, b)| *a..=*b)
            .filter_map(char::from_u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn small() -> impl Strategy<Value = Vec<(u32, u32)>> {
        prop::collection::vec((0_u32..60, 0_u32..8).prop_map(|(a, n)| (a, a + n)), 0..6)
    }

    proptest! {
        #[test]
        fn algebra_is_that_of_sets(a in small(), b in small()) {
            let has = |r: &[(u32, u32)], v: u32| r.iter().any(|(s, e)| (*s..=*e).contains(&v));
            let (x, y) = (Ranges::of(a.clone()), Ranges::of(b.clone()));
            for v in 0..80 {
                prop_assert_eq!(x.union(&y).contains(v), has(&a, v) || has(&b, v));
                prop_assert_eq!(x.intersection(&y).contains(v), has(&a, v) && has(&b, v));
                prop_assert_eq!(x.difference(&y).contains(v), has(&a, v) && !has(&b, v));
            }
        }
    }
}
