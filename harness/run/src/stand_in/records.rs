use serde::{Deserialize, Serialize};

/// How the records of a file are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordForm {
    /// Records end with a newline (CR LF, LF or CR); newlines inside double quotes do not count. Bytes below 0x40 are
    /// never part of a longer character in UTF-8 or the Shift_JIS family, so counting bytes is safe.
    Lines {
        /// The first line holds column names and is not a record.
        header_row: bool,
        /// Records before the first data record, such as a header record.
        lead: u64,
    },
    /// Records have a fixed length.
    Fixed {
        /// Length of a record in bytes, its newline included.
        bytes: u64,
        /// Records before the first data record.
        lead: u64,
    },
}

const EOF_MARK: u8 = 0x1A;

impl RecordForm {
    /// Number of records, header and trailer records included, a row of column names excluded.
    pub fn count(self, content: &[u8]) -> u64 {
        let content = content.strip_suffix(&[EOF_MARK]).unwrap_or(content);
        match self {
            Self::Lines { header_row, .. } => lines(content).saturating_sub(u64::from(header_row)),
            Self::Fixed { bytes, .. } => (content.len() as u64).div_ceil(bytes.max(1)),
        }
    }

    /// 1-based number of the `n`th data record.
    pub fn data_record(self, n: u64) -> u64 {
        match self {
            Self::Lines { lead, .. } | Self::Fixed { lead, .. } => lead + n,
        }
    }
}

fn lines(content: &[u8]) -> u64 {
    let mut count = 0;
    let mut quoted = false;
    let mut open = false;
    let mut previous = 0;
    for &byte in content {
        let ends = !quoted && (byte == b'\r' || (byte == b'\n' && previous != b'\r'));
        match byte {
            b'"' => quoted = !quoted,
            _ if ends => count += 1,
            _ => {}
        }
        open = quoted || !matches!(byte, b'\r' | b'\n');
        previous = if quoted { 0 } else { byte };
    }
    count + u64::from(open)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: RecordForm = RecordForm::Lines {
        header_row: false,
        lead: 0,
    };

    #[test]
    fn lines_are_counted_whatever_their_newline() {
        for (text, expected) in [
            ("", 0),
            ("a", 1),
            ("a\r\n", 1),
            ("a\nb", 2),
            ("a\rb\r", 2),
            ("a,\"x\r\ny\"\r\nb\r\n", 2),
            ("\"a\"\"\"\n\"b\n", 2),
            ("a\n\u{1a}", 1),
        ] {
            assert_eq!(ROWS.count(text.as_bytes()), expected, "{text:?}");
        }
        let named = RecordForm::Lines {
            header_row: true,
            lead: 0,
        };
        assert_eq!(named.count(b"id\r\n1\r\n2\r\n"), 2);
    }

    #[test]
    fn fixed_records_are_counted_by_length() {
        let zengin = RecordForm::Fixed {
            bytes: 120,
            lead: 1,
        };
        assert_eq!(zengin.count(&[b'0'; 360]), 3);
        assert_eq!(zengin.count(&[b'0'; 361]), 4);
        assert_eq!(zengin.data_record(10), 11);
    }
}
