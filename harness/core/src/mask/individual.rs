//! 個人番号: twelve digits whose check digit fits.

/// The check digit that belongs to the first eleven digits of a 個人番号. Weights from the right 2 3 4 5 6 7 2 3 4 5 6,
/// remainder of 11 at most 1 → 0 (ministerial ordinance 85 of 2014, article 5; RECALLED, holds for the official sample).
/// `None` when `body` is not eleven digits.
pub fn individual_check_digit(body: &[u8]) -> Option<u8> {
    if body.len() != 11 || !body.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let weights = (2..=7).chain(2..=6);
    let sum: u32 = body
        .iter()
        .rev()
        .zip(weights)
        .map(|(d, w)| u32::from(d - b'0') * w)
        .sum();
    match sum % 11 {
        0 | 1 => Some(0),
        remainder => u8::try_from(11 - remainder).ok(),
    }
}

/// True when the text holds twelve digits in a row, no more, with the right check digit. Full-width digits count as well.
pub fn has_individual_number(text: &str) -> bool {
    let digits: Vec<u8> = text
        .chars()
        .map(|c| match c {
            '0'..='9' => c as u8,
            '０'..='９' => u8::try_from(u32::from(c) - 0xFF10).map_or(0, |d| d + b'0'),
            _ => b' ',
        })
        .collect();
    in_bytes(&digits)
}

/// The same for raw bytes.
pub(super) fn in_bytes(bytes: &[u8]) -> bool {
    bytes
        .split(|b| !b.is_ascii_digit())
        .filter(|run| run.len() == 12)
        .any(|run| {
            run.split_last()
                .is_some_and(|(last, body)| individual_check_digit(body) == Some(last - b'0'))
        })
}
