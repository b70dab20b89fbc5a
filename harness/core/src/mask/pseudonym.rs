//! A number that stands for a name: equal names get equal numbers throughout a project, and nobody without the key can
//! tell whose number it is.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::{Key, Sensitivity};

/// Numbers have six digits; where those run out, more.
const NUMBERS: u32 = 1_000_000;

/// The numbers of a project. What is kept of a name is a keyed digest.
pub struct Pseudonyms {
    key: Key,
    /// By digest, hex.
    known: Mutex<BTreeMap<String, u32>>,
}

impl std::fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pseudonyms(..)")
    }
}

impl Pseudonyms {
    /// Numbers under a key; `table` is what [`Pseudonyms::table`] gave before. Lines that are none are left out.
    pub fn new(key: Key, table: &str) -> Self {
        let line = |line: &str| {
            let (digest, number) = line.split_once('\t')?;
            let whole = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit());
            whole.then_some((digest.to_owned(), number.trim().parse().ok()?))
        };
        Self {
            key,
            known: Mutex::new(table.lines().filter_map(line).collect()),
        }
    }

    /// The table to be kept: keyed digest, tab, number; one a line.
    pub fn table(&self) -> String {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .iter()
            .map(|(digest, number)| format!("{digest}\t{number}\n"))
            .collect()
    }

    /// What stands for a value: `人-000123` for a name, `カナ-000123` for a reading; nothing for values of other kinds.
    /// Spaces around the value, the kind and number of spaces in it, and how it is encoded make no difference.
    pub fn of(&self, sensitivity: Sensitivity, text: &str) -> Option<String> {
        let prefix = match sensitivity {
            Sensitivity::Name => "人",
            Sensitivity::Kana => "カナ",
            _ => return None,
        };
        let words: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || c == '"')
            .filter(|word| !word.is_empty())
            .collect();
        if words.is_empty() {
            return None;
        }
        let value = words.join(" ");
        let digest = self.key.digest(&[prefix.as_bytes(), value.as_bytes()]);
        let name: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let number = match known.get(&name) {
            Some(number) => *number,
            None => {
                let drawn = digest
                    .first_chunk::<4>()
                    .map_or(0, |b| u32::from_be_bytes(*b));
                let taken: std::collections::BTreeSet<u32> = known.values().copied().collect();
                let mut number = drawn % NUMBERS;
                while taken.contains(&number) {
                    number = number.wrapping_add(1);
                }
                known.insert(name, number);
                number
            }
        };
        Some(format!("{prefix}-{number:06}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_number_and_another_project_gives_another() {
        let one = Pseudonyms::new(Key::new([1; 32]), "");
        let of = |book: &Pseudonyms, text| book.of(Sensitivity::Name, text).unwrap_or_default();
        let first = of(&one, "山田　太郎");
        assert!(
            first.starts_with("人-") && first.chars().count() == 8,
            "{first}"
        );
        assert_eq!(first, of(&one, "\"山田 太郎\"　　"));
        assert_ne!(first, of(&one, "山田　花子"));
        assert!(!one.table().contains("山田"));
        let again = Pseudonyms::new(Key::new([1; 32]), &one.table());
        assert_eq!(first, of(&again, "山田　太郎"));
        let other = Pseudonyms::new(Key::new([2; 32]), "");
        assert_ne!(first, of(&other, "山田　太郎"));
        assert_eq!(one.of(Sensitivity::Personal, "山田"), None);
        assert_eq!(one.of(Sensitivity::Name, "　 "), None);
        assert_eq!(format!("{one:?}"), "Pseudonyms(..)");
    }

    #[test]
    fn two_names_never_share_a_number() {
        let key = Key::new([3; 32]);
        let alone = Pseudonyms::new(key, "");
        let number = |text: String| text.rsplit('-').next().unwrap_or_default().to_owned();
        let taken = number(alone.of(Sensitivity::Name, "甲").unwrap_or_default());
        let table = format!("{}\t{}\n", "0".repeat(64), taken.trim_start_matches('0'));
        let book = Pseudonyms::new(key, &table);
        assert_ne!(
            number(book.of(Sensitivity::Name, "甲").unwrap_or_default()),
            taken
        );
    }
}
