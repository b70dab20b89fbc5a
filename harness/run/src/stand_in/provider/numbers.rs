//! The numbering service: it really numbers, and it refuses what collides.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::limits::Complaint;

/// Numbers that were issued, and where the sequence stands.
#[derive(Default)]
pub(super) struct Register {
    issued: BTreeSet<String>,
    sequence: u64,
}

/// First body of the sequence, so that issued numbers have no leading zeros.
const FIRST: u64 = 10_000_000_000_000;

impl Register {
    /// The number for a request: a new one, or the existing one that it names (処理区分 1 and 2).
    pub(super) fn answer(&mut self, body: &Map<String, Value>) -> Result<String, Complaint> {
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let given = text("atenabango");
        if text("nayosemotofuragu") == "1" && text("nayosesakiatenabango").is_empty() {
            return Err(correlation(
                "名寄せ元フラグが設定されている場合、名寄せ先宛名番号は設定必須です。",
            ));
        }
        match text("shorikubun") {
            "1" | "2" if given.is_empty() => Err(correlation(
                "処理区分が設定されている場合、宛名番号は設定必須です。",
            )),
            "1" | "2" if self.issued.contains(given) => Ok(given.to_owned()),
            "1" | "2" => Err(correlation("宛名番号は登録されていません。")),
            _ if self.issued.contains(given) => {
                Err(correlation("宛名番号は既に登録されています。"))
            }
            _ => Ok(self.issue()),
        }
    }

    fn issue(&mut self) -> String {
        loop {
            let body = format!("{}", FIRST + self.sequence);
            self.sequence += 1;
            // Bodies without a check digit are skipped: the text does not define one for remainder 1.
            if let Some(digit) = check_digit(&body) {
                let number = format!("{body}{digit}");
                self.issued.insert(number.clone());
                return number;
            }
        }
    }

    /// Where the sequence stands.
    pub(super) fn standing(&self) -> u64 {
        self.sequence
    }

    /// Puts the sequence where it stood.
    pub(super) fn set(&mut self, standing: u64) {
        self.sequence = standing;
    }

    /// Makes the sequence forget its last number.
    pub(super) fn step_back(&mut self) {
        self.sequence = self.sequence.saturating_sub(1);
    }
}

fn correlation(message: &str) -> Complaint {
    Complaint {
        code: "E0004",
        message: message.to_owned(),
    }
}

/// Check digit of 宛名番号, modulus 11 with weights 2 to 7 from the right (共通機能標準仕様書 2.1, footnotes); none for
/// remainder 1.
fn check_digit(body: &str) -> Option<u32> {
    let sum: u32 = body
        .bytes()
        .rev()
        .zip((2..=7).cycle())
        .map(|(byte, weight)| u32::from(byte.wrapping_sub(b'0')) * weight)
        .sum();
    match sum % 11 {
        0 => Some(0),
        1 => None,
        rest => Some(11 - rest),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ask(register: &mut Register, body: &Value) -> Result<String, Complaint> {
        register.answer(body.as_object().unwrap_or(&Map::new()))
    }

    #[test]
    fn check_digits_are_those_of_the_samples() {
        assert_eq!(check_digit("00000000000001"), Some(9));
        assert_eq!(check_digit("00000000000002"), Some(7));
        assert_eq!(check_digit("00000000000006"), None);
    }

    #[test]
    fn it_numbers_collides_and_rejects() {
        let mut register = Register::default();
        let new = json!({"shorikubun": "0"});
        let numbers: BTreeSet<_> = (0..100)
            .filter_map(|_| ask(&mut register, &new).ok())
            .collect();
        assert_eq!(numbers.len(), 100);
        assert!(numbers.iter().all(|n| n.len() == 15));
        let one = numbers.first().cloned().unwrap_or_default();
        assert_eq!(
            ask(
                &mut register,
                &json!({"shorikubun": "1", "atenabango": one})
            ),
            Ok(one.clone())
        );
        for refused in [
            json!({"shorikubun": "0", "atenabango": one}),
            json!({"shorikubun": "1"}),
            json!({"shorikubun": "2", "atenabango": "000000000000019"}),
        ] {
            assert_eq!(
                ask(&mut register, &refused).err().map(|c| c.code),
                Some("E0004")
            );
        }
    }
}
