//! Counts over raw bytes from which the encoding of a whole file can be told: one histogram and three automata
//! (UTF-8, Shift_JIS, EUC-JP), fed chunk by chunk.
//!
//! Feeding costs more than checking a declared encoding does. A file that reads without fault as declared needs only its
//! first part fed; one with faults is fed whole.

use crate::encoding::class::{Class, is_lead, is_trail, sjis};

/// What one automaton saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Characters of two or more bytes.
    pub wide: u64,
    /// Of these, for UTF-8: characters of three bytes in the blocks of Japanese text; else 0.
    pub japanese: u64,
    /// Of these, for Shift_JIS and EUC-JP: rows 1–47, where nearly all characters of real text are; else 0.
    pub common: u64,
    /// Half-width kana (Shift_JIS single bytes; EUC-JP after SS2).
    pub kana: u64,
    /// Faulty units.
    pub faults: u64,
    /// Of the faults, for Shift_JIS: positions that only Shift_JIS-2004 assigns.
    pub x0213: u64,
    /// 0-based offset of the first wide character.
    pub first_wide: Option<u64>,
    /// 0-based offset of the first fault.
    pub first_fault: Option<u64>,
}

impl Tally {
    /// True when nothing contradicts the encoding and something speaks for it.
    pub fn is_clean(&self) -> bool {
        self.faults == 0 && self.wide + self.kana > 0
    }

    /// Faults per non-ASCII unit, 0.0 to 1.0.
    pub fn fault_rate(&self) -> f64 {
        let units = self.wide + self.kana + self.faults;
        if units == 0 {
            0.0
        } else {
            self.faults as f64 / units as f64
        }
    }

    fn wide(&mut self, at: u64) {
        self.wide += 1;
        self.first_wide.get_or_insert(at);
    }

    fn fault(&mut self, at: u64) {
        self.faults += 1;
        self.first_fault.get_or_insert(at);
    }

    fn merge(&mut self, other: &Self) {
        self.wide += other.wide;
        self.japanese += other.japanese;
        self.common += other.common;
        self.kana += other.kana;
        self.faults += other.faults;
        self.x0213 += other.x0213;
        self.first_wide = earlier(self.first_wide, other.first_wide);
        self.first_fault = earlier(self.first_fault, other.first_fault);
    }
}

fn earlier(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Escape sequences of ISO-2022-JP: `1B 24 40`, `1B 24 42`, `1B 24 28`, `1B 28 42`, `1B 28 49`, `1B 28 4A`.
const ESCAPES: [[u8; 2]; 6] = [*b"$@", *b"$B", *b"$(", *b"(B", *b"(I", *b"(J"];

/// Counts over the bytes of a file.
#[derive(Clone, Debug)]
pub struct Census {
    /// How often each byte occurs.
    pub histogram: [u64; 256],
    /// NUL bytes at even offsets and at odd offsets of the file.
    pub nul_parity: [u64; 2],
    /// Escape sequences of ISO-2022-JP.
    pub escapes: u64,
    /// The first four bytes of the file, as many as there are.
    pub head: Vec<u8>,
    /// What the UTF-8 automaton saw.
    pub utf8: Tally,
    /// What the Shift_JIS automaton saw (CP932).
    pub sjis: Tally,
    /// What the EUC-JP automaton saw.
    pub euc: Tally,
    offset: u64,
    recent: [u8; 2],
    utf8_state: Utf8State,
    lead: Option<u8>,
    euc_state: Vec<u8>,
}

/// Bytes of an unfinished UTF-8 character.
#[derive(Clone, Debug, Default)]
struct Utf8State {
    bytes: [u8; 4],
    have: usize,
    need: usize,
}

impl Default for Census {
    fn default() -> Self {
        Self::at(0)
    }
}

impl Census {
    /// An empty census of the part of a file that starts at `offset` (0-based bytes). A part other than the first starts at
    /// the beginning of a record.
    pub fn at(offset: u64) -> Self {
        Self {
            histogram: [0; 256],
            nul_parity: [0; 2],
            escapes: 0,
            head: Vec::new(),
            utf8: Tally::default(),
            sjis: Tally::default(),
            euc: Tally::default(),
            offset,
            recent: [0; 2],
            utf8_state: Utf8State::default(),
            lead: None,
            euc_state: Vec::new(),
        }
    }

    /// A census of whole bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut census = Self::default();
        census.feed(bytes);
        census.finish();
        census
    }

    /// Number of bytes fed.
    pub fn len(&self) -> u64 {
        self.histogram.iter().sum()
    }

    /// True when nothing was fed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Counts the next bytes; a character may go on in the next call.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.offset < 4 {
            let missing = 4_usize.saturating_sub(self.head.len());
            self.head.extend(bytes.iter().take(missing));
        }
        for byte in bytes {
            self.byte(*byte);
        }
    }

    fn byte(&mut self, byte: u8) {
        let at = self.offset;
        self.offset += 1;
        self.histogram[usize::from(byte)] += 1;
        if byte == 0 {
            self.nul_parity[usize::from(at & 1 == 1)] += 1;
        }
        if self.recent[0] == 0x1B && ESCAPES.contains(&[self.recent[1], byte]) {
            self.escapes += 1;
        }
        self.recent = [self.recent[1], byte];
        if byte < 0x80
            && self.lead.is_none()
            && self.utf8_state.need == 0
            && self.euc_state.is_empty()
        {
            return;
        }
        self.utf8(byte, at);
        self.sjis(byte, at);
        self.euc(byte, at);
    }

    fn utf8(&mut self, byte: u8, at: u64) {
        let state = &mut self.utf8_state;
        if state.need > 0 {
            let start = at - state.have as u64;
            if byte & 0xC0 == 0x80 {
                state.bytes[state.have & 3] = byte;
                state.have += 1;
                if state.have == state.need {
                    let text = std::str::from_utf8(&state.bytes[..state.need]);
                    match text.ok().and_then(|t| t.chars().next()) {
                        Some(c) => {
                            self.utf8.wide(start);
                            self.utf8.japanese += u64::from(is_japanese(c));
                        }
                        None => self.utf8.fault(start),
                    }
                    state.need = 0;
                }
                return;
            }
            state.need = 0;
            self.utf8.fault(start);
        }
        let need = match byte {
            0x00..=0x7F => return,
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => return self.utf8.fault(at),
        };
        self.utf8_state = Utf8State {
            bytes: [byte, 0, 0, 0],
            have: 1,
            need,
        };
    }

    fn sjis(&mut self, byte: u8, at: u64) {
        if let Some(lead) = self.lead.take() {
            let class = sjis().pair(lead, byte);
            if Class::CP932 & class.bit() != 0 {
                self.sjis.wide(at - 1);
                self.sjis.common += u64::from(matches!(class, Class::NonKanji | Class::Level1));
                return;
            }
            self.sjis.fault(at - 1);
            self.sjis.x0213 += u64::from(class == Class::X0213Only);
            if is_trail(byte) || byte >= 0x80 {
                return;
            }
        }
        match byte {
            0xA1..=0xDF => self.sjis.kana += 1,
            _ if is_lead(byte) => self.lead = Some(byte),
            0x80.. => self.sjis.fault(at),
            _ => {}
        }
    }

    fn euc(&mut self, byte: u8, at: u64) {
        let start = at - self.euc_state.len() as u64;
        match (&self.euc_state[..], byte) {
            ([], 0x00..=0x7F) => {}
            ([], 0x8E | 0x8F | 0xA1..=0xFE) => self.euc_state.push(byte),
            ([0x8E], 0xA1..=0xDF) => {
                self.euc.kana += 1;
                self.euc_state.clear();
            }
            ([0x8F], 0xA1..=0xFE) => self.euc_state.push(byte),
            ([0x8F, _] | [0xA1..=0xFE], 0xA1..=0xFE) => {
                self.euc.wide(start);
                self.euc.common += u64::from(matches!(self.euc_state[..], [0xA1..=0xCF]));
                self.euc_state.clear();
            }
            ([], _) => self.euc.fault(at),
            _ => {
                self.euc.fault(start);
                self.euc_state.clear();
            }
        }
    }

    /// Tells that the bytes end here: an unfinished character is a fault.
    pub fn finish(&mut self) {
        let at = self.offset;
        if self.utf8_state.need > 0 {
            self.utf8.fault(at - self.utf8_state.have as u64);
            self.utf8_state.need = 0;
        }
        if self.lead.take().is_some() {
            self.sjis.fault(at - 1);
        }
        if !self.euc_state.is_empty() {
            self.euc.fault(at - self.euc_state.len() as u64);
            self.euc_state.clear();
        }
    }

    /// Adds the census of a later part; both are finished.
    pub fn merge(&mut self, later: &Self) {
        for (mine, theirs) in self.histogram.iter_mut().zip(later.histogram) {
            *mine += theirs;
        }
        self.nul_parity[0] += later.nul_parity[0];
        self.nul_parity[1] += later.nul_parity[1];
        self.escapes += later.escapes;
        self.utf8.merge(&later.utf8);
        self.sjis.merge(&later.sjis);
        self.euc.merge(&later.euc);
        self.offset = self.offset.max(later.offset);
    }

    /// How often bytes of a range occur.
    pub(super) fn count(&self, range: std::ops::RangeInclusive<u8>) -> u64 {
        range.map(|byte| self.histogram[usize::from(byte)]).sum()
    }
}

/// Kana, ideographs, full-width forms and CJK punctuation: what three UTF-8 bytes of Japanese text stand for.
pub(super) fn is_japanese(c: char) -> bool {
    matches!(u32::from(c), 0x3000..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0xFF01..=0xFFE6 | 0x2_0000..=0x3_FFFF)
}
