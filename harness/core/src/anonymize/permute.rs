//! A permutation of symbol strings that keeps length and alphabets: an unbalanced Feistel network whose halves are added
//! position by position, after the idea of format-preserving encryption (NIST SP 800-38G; this is not FF1).

use crate::mask::Key;

/// Rounds; each half is changed five times.
const ROUNDS: u8 = 10;

/// Replaces symbols, each below the radix at its place; the same symbols and radices become the same again. One-to-one for
/// each list of radices.
pub(super) fn permute(key: Key, domain: &str, symbols: &mut [u32], radices: &[u32]) {
    let middle = symbols.len() / 2;
    for round in 0..ROUNDS {
        let (left, right) = symbols.split_at_mut(middle);
        let (left_radices, right_radices) = radices.split_at(middle.min(radices.len()));
        if round % 2 == 0 {
            add(key, (domain, round), left, right, right_radices);
        } else {
            add(key, (domain, round), right, left, left_radices);
        }
    }
}

fn add(key: Key, (domain, round): (&str, u8), from: &[u32], to: &mut [u32], radices: &[u32]) {
    let seen: Vec<u8> = from.iter().flat_map(|s| s.to_be_bytes()).collect();
    let length = (to.len() as u64).to_be_bytes();
    let pairs: Vec<(&mut u32, &u32)> = to.iter_mut().zip(radices).collect();
    let mut stream = Vec::new();
    for (at, (symbol, radix)) in pairs.into_iter().enumerate() {
        if at % 4 == 0 {
            let block = (at as u64).to_be_bytes();
            stream = key
                .digest(&[domain.as_bytes(), &[round], &length, &block, &seen])
                .to_vec();
        }
        let drawn = stream
            .get(at % 4 * 8..at % 4 * 8 + 8)
            .and_then(|bytes| <[u8; 8]>::try_from(bytes).ok())
            .map_or(0, u64::from_be_bytes);
        let radix = u64::from((*radix).max(1));
        *symbol = u32::try_from((u64::from(*symbol) + drawn % radix) % radix).unwrap_or(*symbol);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_to_one_and_hangs_on_the_key() {
        let radices = [10, 9, 7];
        let all = |key: u8| {
            let mut seen = Vec::new();
            for n in 0..630u32 {
                let mut symbols = [n % 10, n / 10 % 9, n / 90];
                permute(Key::new([key; 32]), "d", &mut symbols, &radices);
                assert!(symbols.iter().zip(radices).all(|(s, r)| *s < r));
                seen.push(symbols);
            }
            seen
        };
        let mut first = all(1);
        assert_ne!(first, all(2));
        first.sort_unstable();
        first.dedup();
        assert_eq!(first.len(), 630);
    }
}
