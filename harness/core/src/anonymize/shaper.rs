//! A value becomes another of its shape: as long, of the same classes of characters, the same in the eyes of the checks.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::alphabet::Alphabet;
use super::day;
use super::permute::permute;
use super::pool::Pools;
use crate::encoding::repertoire::List;
use crate::encoding::{
    Duplicates, Repertoire, ScalarClass, Target, What, encode, scalar_class, units,
};
use crate::mask::Key;
use crate::model::Bilingual;
use crate::spec::layout::digits::{addressee_number, corporate_number, individual_number};
use crate::spec::layout::{Field, FieldType, FileSettings, Format};

/// How often a value is permuted until it has what the checks look at (a check digit, a pattern).
const STEPS: usize = 3_000;

/// What is known of a value beside its bytes.
#[derive(Clone, Copy)]
pub(super) struct Traits<'a> {
    /// The form that is declared for it.
    pub(super) format: &'a Format,
    /// The repertoire that is declared for it; empty: that of the file.
    pub(super) repertoire: &'a str,
}

impl Traits<'_> {
    /// Nothing is known.
    pub(super) const NONE: Self = Self {
        format: &Format::None,
        repertoire: "",
    };
}

impl<'a> Traits<'a> {
    pub(super) fn of(field: Option<&'a Field>) -> Self {
        field.map_or(Traits::NONE, |field| Self {
            format: &field.format,
            repertoire: &field.repertoire,
        })
    }
}

/// Replaces text of one encoding under one key.
pub(super) struct Shaper<'a> {
    key: Key,
    settings: &'a FileSettings,
    /// By the expression of the repertoire.
    pools: HashMap<String, Pools>,
}

/// A character that is replaced: where its bytes are, what may stand there, which of them does.
struct Symbol {
    at: Range<usize>,
    pool: Rc<Vec<char>>,
    /// Characters of the pool that are left out: the first digit of a number is not 0.
    from: usize,
    index: u32,
    form: Duplicates,
}

impl<'a> Shaper<'a> {
    /// `repertoires`: what values may declare.
    pub(super) fn new<'r>(
        key: Key,
        settings: &'a FileSettings,
        lists: &[List],
        repertoires: impl Iterator<Item = &'r str>,
    ) -> Result<Self, Bilingual>
    where
        'a: 'r,
    {
        let target = Target::new(settings.encoding).dialect(settings.dialect);
        let mut pools = HashMap::new();
        for expression in repertoires.chain([settings.repertoire.as_str(), ""]) {
            if pools.contains_key(expression) {
                continue;
            }
            let repertoire = (!expression.is_empty())
                .then(|| Repertoire::compile(expression, settings.dialect, lists));
            let repertoire = repertoire.transpose().map_err(|_| {
                Bilingual::new(
                    format!("文字集合「{expression}」を読めません"),
                    format!("repertoire `{expression}` cannot be read"),
                )
            })?;
            pools.insert(expression.to_owned(), Pools::new(target, repertoire));
        }
        Ok(Self {
            key,
            settings,
            pools,
        })
    }

    /// The day of a person, moved back; nothing when the bytes do not have the form of the type.
    pub(super) fn day(&self, kind: FieldType, unknown: bool, old: &[u8]) -> Option<Vec<u8>> {
        let settings = self.settings;
        let text = crate::encoding::decode(old, settings.encoding, settings.dialect).ok()?;
        let value = text.trim_matches(['"', ' ']);
        let moved = day::moved(self.key, kind, unknown, value)?;
        let target = Target::new(settings.encoding).dialect(settings.dialect);
        let new = encode(&text.replacen(value, &moved, 1), target).ok()?;
        (new.len() == old.len()).then_some(new)
    }

    /// The bytes that stand for `old`; as many. `ascii`: ASCII characters are replaced, too.
    pub(super) fn text(&self, traits: Traits<'_>, old: &[u8], ascii: bool) -> Vec<u8> {
        let settings = self.settings;
        let expression = match traits.repertoire {
            "" => settings.repertoire.as_str(),
            own => own,
        };
        let Some(pools) = self.pools.get(expression) else {
            return vec![b'?'; old.len()];
        };
        let mut new = old.to_vec();
        let plain = self.digits(old);
        // Filled with 0 or 9: no value.
        let filled = plain
            .as_ref()
            .is_some_and(|d| d.iter().all(|b| *b == b'0') || all_nines(d));
        if !filled {
            let mut symbols = self.symbols(pools, old, ascii, plain.is_some());
            narrow(traits.format, old, &mut symbols);
            self.walk(traits.format, &symbols, plain.as_deref(), &mut new);
        }
        self.faults(old, &mut new);
        new
    }

    fn symbols(&self, pools: &Pools, old: &[u8], ascii: bool, numeric: bool) -> Vec<Symbol> {
        let settings = self.settings;
        let all: Vec<_> = units(old, settings.encoding, settings.dialect).collect();
        let mut leading = numeric;
        let mut symbols = Vec::new();
        for (at, unit) in all.iter().enumerate() {
            let What::Char(c) = unit.what else { continue };
            // Whether a number begins with 0 stays, so that both sorts of numbers go on among themselves. Keeping every
            // leading 0 would leave short numbers too few to become.
            let first = leading && c.is_ascii_digit();
            let zero = first && c == '0';
            leading = leading && !first;
            let next = all.get(at + 1).map(|u| u.what);
            if zero || (!ascii && c.is_ascii()) || self.is_listed(c, next) {
                continue;
            }
            let bytes = old.get(unit.bytes.clone()).unwrap_or_default();
            let (Some(form), Some((pool, index))) = (self.form(c, bytes), pools.of(c)) else {
                continue;
            };
            // A number keeps its length: its first digit is not 0.
            let from = usize::from(first && pool.first() == Some(&'0'));
            symbols.push(Symbol {
                at: unit.bytes.clone(),
                pool,
                from,
                index: u32::try_from(index.saturating_sub(from)).unwrap_or(0),
                form,
            });
        }
        symbols
    }

    /// The digits of a value that is nothing but ASCII digits.
    fn digits(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let settings = self.settings;
        if settings.encoding.is_splittable_on_bytes() {
            return plain_digits(bytes);
        }
        let text = crate::encoding::decode(bytes, settings.encoding, settings.dialect).ok()?;
        plain_digits(text.as_bytes())
    }

    /// Characters that the checks look up one by one: 外字 and sequences of a list stay.
    fn is_listed(&self, c: char, next: Option<What>) -> bool {
        let private = matches!(scalar_class(c), ScalarClass::Udc | ScalarClass::PrivateBmp);
        let selected = matches!(next, Some(What::Char(n)) if scalar_class(n) == ScalarClass::Ivs);
        (private && !self.settings.private_use_list.is_empty())
            || (selected && !self.settings.ivs_list.is_empty())
    }

    /// The form of duplicates in which the character stands there.
    fn form(&self, c: char, bytes: &[u8]) -> Option<Duplicates> {
        [
            Duplicates::Windows,
            Duplicates::NecSelected,
            Duplicates::Ibm,
        ]
        .into_iter()
        .find(|form| self.written(c, *form).as_deref() == Some(bytes))
    }

    fn written(&self, c: char, form: Duplicates) -> Option<Vec<u8>> {
        let settings = self.settings;
        let target = Target::new(settings.encoding).dialect(settings.dialect);
        let mut buffer = [0; 4];
        encode(c.encode_utf8(&mut buffer), target.duplicates(form)).ok()
    }

    /// Permutes until the value is what it was in the eyes of the checks. Going on from a value always ends at one of its
    /// kind, since the value itself is of that kind; so this is one-to-one, too.
    fn walk(&self, format: &Format, symbols: &[Symbol], plain: Option<&[u8]>, new: &mut [u8]) {
        let radices: Vec<u32> = symbols
            .iter()
            .map(|s| u32::try_from(s.pool.len() - s.from).unwrap_or(1))
            .collect();
        let mut indices: Vec<u32> = symbols.iter().map(|s| s.index).collect();
        let before = nature(format, plain, new);
        for _ in 0..STEPS {
            permute(self.key, "text", &mut indices, &radices);
            for (symbol, index) in symbols.iter().zip(&indices) {
                let drawn = symbol.pool.get(symbol.from + *index as usize);
                let bytes = drawn.and_then(|c| self.written(*c, symbol.form));
                let room = new.get_mut(symbol.at.clone());
                if let (Some(bytes), Some(room)) = (bytes, room)
                    && bytes.len() == room.len()
                {
                    room.copy_from_slice(&bytes);
                }
            }
            let digits = plain.and_then(|_| self.digits(new));
            if nature(format, digits.as_deref(), new) == before {
                return;
            }
        }
    }

    /// Bytes that are no character may be a name in another encoding: several of them are replaced by bytes of the same
    /// kind; where that would change what the others are, by a byte that occurs nowhere.
    fn faults(&self, old: &[u8], new: &mut [u8]) {
        let settings = self.settings;
        let shape = |bytes: &[u8]| -> Vec<(Range<usize>, bool)> {
            units(bytes, settings.encoding, settings.dialect)
                .map(|u| (u.bytes, matches!(u.what, What::Fault(_))))
                .collect()
        };
        let before = shape(old);
        let at: Vec<usize> = before
            .iter()
            .filter(|(_, fault)| *fault)
            .flat_map(|(bytes, _)| bytes.clone())
            .filter(|at| old.get(*at).is_some_and(|b| !b.is_ascii()))
            .collect();
        if at.len() < 2 {
            return;
        }
        let kept = new.to_vec();
        for round in 0u8..32 {
            let digest = self.key.digest(&[b"bytes", &[round], old]);
            for (n, at) in at.iter().enumerate() {
                let drawn = digest.get(n % 32).copied().unwrap_or(0);
                if let (Some(room), Some(byte)) = (new.get_mut(*at), kept.get(*at)) {
                    *room = of_group(*byte, drawn);
                }
            }
            if shape(new) == before {
                return;
            }
        }
        for at in at {
            if let Some(room) = new.get_mut(at) {
                *room = 0xFF;
            }
        }
    }
}

/// Where a value fits its pattern, characters that the pattern knows nowhere are left out.
fn narrow(format: &Format, old: &[u8], symbols: &mut [Symbol]) {
    let Format::Regex(regex, expression) = format else {
        return;
    };
    let text = std::str::from_utf8(old).unwrap_or_default();
    let fits = regex.is_match(text.trim_matches(['"', ' ']));
    let Some(alphabet) = Alphabet::of(expression).filter(|_| fits) else {
        return;
    };
    for symbol in symbols {
        let now = symbol
            .pool
            .get(symbol.from + symbol.index as usize)
            .copied();
        let known = symbol.pool.iter().skip(symbol.from).copied();
        let known: Vec<char> = known.filter(|c| alphabet.contains(*c)).collect();
        if let Some(at) = known.iter().position(|c| Some(*c) == now) {
            symbol.index = u32::try_from(at).unwrap_or(0);
            symbol.from = 0;
            symbol.pool = Rc::new(known);
        }
    }
}

/// Another byte of the same part of the code: continuation and lead bytes of UTF-8, lead bytes of Shift_JIS.
fn of_group(byte: u8, drawn: u8) -> u8 {
    let (first, last) = match byte {
        0x81..=0x9F => (0x81, 0x9F),
        0xA1..=0xBF => (0xA1, 0xBF),
        0xC2..=0xDF => (0xC2, 0xDF),
        0xE1..=0xEC => (0xE1, 0xEC),
        0xF0..=0xF3 => (0xF0, 0xF3),
        0xF5..=0xFF => (0xF5, 0xFF),
        other => (other, other),
    };
    let turned = (u16::from(byte - first) + u16::from(drawn)) % (u16::from(last - first) + 1);
    first + u8::try_from(turned).unwrap_or(0)
}

/// The digits of a value that is nothing but ASCII digits, quotes and padding aside.
fn plain_digits(bytes: &[u8]) -> Option<Vec<u8>> {
    let inner = bytes.strip_prefix(b"\"").unwrap_or(bytes);
    let inner = inner.strip_suffix(b"\"").unwrap_or(inner).trim_ascii();
    (!inner.is_empty() && inner.iter().all(u8::is_ascii_digit)).then(|| inner.to_vec())
}

fn all_nines(digits: &[u8]) -> bool {
    digits.len() > 1 && digits.iter().all(|b| *b == b'9')
}

/// What the checks see in a value beside its characters: the state of its check digits (of every number that it could be, so
/// that a number gets the same replacement in fields that declare it and in those that do not) and its pattern.
fn nature(format: &Format, digits: Option<&[u8]>, bytes: &[u8]) -> (u8, u8, u8, bool, bool) {
    use crate::spec::layout::digits::Digit;
    let state = |digit: Digit| match digit {
        Digit::Right => 1,
        Digit::Wrong(_) => 2,
        Digit::Undefined => 3,
        Digit::NotANumber => 0,
    };
    let number = digits.unwrap_or_default();
    let addressee = number.len() >= 5 || matches!(format, Format::AddresseeNumber);
    let pattern = match format {
        Format::Regex(regex, _) => std::str::from_utf8(bytes)
            .is_ok_and(|text| regex.is_match(text.trim_matches(['"', ' ']))),
        _ => false,
    };
    (
        state(individual_number(number)),
        if addressee {
            state(addressee_number(number))
        } else {
            0
        },
        state(corporate_number(number)),
        pattern,
        all_nines(number) || number.iter().all(|b| *b == b'0'),
    )
}
