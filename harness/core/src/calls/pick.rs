//! Some of many, the same ones each time.

/// At most `most` of the items in their order; which ones depends on the seed alone.
pub(super) fn some<T>(items: Vec<T>, most: usize, seed: u64) -> Vec<T> {
    if items.len() <= most {
        return items;
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|at| mixed(seed.wrapping_add(*at as u64)));
    order.truncate(most);
    let chosen: std::collections::BTreeSet<usize> = order.into_iter().collect();
    let numbered = items.into_iter().enumerate();
    numbered
        .filter(|(at, _)| chosen.contains(at))
        .map(|(_, item)| item)
        .collect()
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): neighbours come out far apart.
fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::some;

    #[test]
    fn the_seed_alone_decides() {
        let all: Vec<u8> = (0..100).collect();
        let once = some(all.clone(), 10, 7);
        assert_eq!(once.len(), 10);
        assert!(once.is_sorted());
        assert_eq!(once, some(all.clone(), 10, 7));
        assert_ne!(once, some(all.clone(), 10, 8));
        assert_eq!(some(all.clone(), 100, 1), all);
    }
}
