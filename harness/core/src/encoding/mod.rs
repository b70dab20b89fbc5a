//! The encoding room: what bytes mean under an encoding that somebody *declared*.
//!
//! Nothing here guesses on the way to a verdict, replaces a character, or looks for a BOM. Its doors:
//!
//! **Names.** [`Encoding::parse`] has its own alias table; a bare `Shift_JIS` is a fault of its own.
//! ```
//! use renkei_core::encoding::{Encoding, LabelFault};
//! assert_eq!(Encoding::parse("Windows-31J"), Ok(Encoding::Cp932));
//! assert!(matches!(Encoding::parse("Shift_JIS"), Err(LabelFault::Ambiguous(_))));
//! ```
//!
//! **Classes.** One look-up says what a byte, a pair or a character is; nothing is decoded on the hot path.
//! ```
//! use renkei_core::encoding::class::{Class, sjis};
//! use renkei_core::encoding::{ScalarClass, scalar_class};
//! let table = sjis();
//! assert_eq!(table.single[usize::from(b'A')], Class::Roman);
//! assert_eq!(table.single[0x88], Class::Lead);
//! assert_eq!(table.pair(0x88, 0x9F), Class::Level1);
//! assert!(Class::CP932 & table.pair(0xFB, 0xFC).bit() != 0); // 髙
//! assert!(Class::X0208 & table.pair(0xFB, 0xFC).bit() == 0);
//! assert_eq!(scalar_class('髙'), ScalarClass::IbmExt);
//! ```
//!
//! **Decoding.** Every byte belongs to exactly one [`Unit`]; a unit that is no character says why.
//! ```
//! use renkei_core::encoding::{decode, units, Dialect, Encoding, FaultKind, What};
//! assert_eq!(decode(b"\x82\xA0,\x83\x5C", Encoding::Cp932, Dialect::Ms).as_deref(), Ok("あ,ソ"));
//! let found: Vec<_> = units(b"\x82,\x85\x40", Encoding::Cp932, Dialect::Ms).map(|u| (u.bytes, u.what)).collect();
//! assert_eq!(found, [
//!     (0..1, What::Fault(FaultKind::IllegalTrail)),
//!     (1..2, What::Char(',')),
//!     (2..4, What::Fault(FaultKind::X0213Only { row: 9, cell: 1 })),
//! ]);
//! ```
//!
//! **Encoding.** Strict as well: the character that cannot be written is the error.
//! ```
//! use renkei_core::encoding::{encode, Dialect, Duplicates, Encoding, Target, Unwritable};
//! let python = Target::new(Encoding::Cp932).duplicates(Duplicates::NecSelected);
//! assert_eq!(encode("髙", python), Ok(vec![0xEE, 0xE0]));
//! assert_eq!(encode("吉𠮷", Target::new(Encoding::Cp932)), Err(Unwritable { at: 3, what: '𠮷' }));
//! ```
//!
//! **Repertoires** ([`repertoire`]): named sets, expressions over them, lists from users; a set can be asked by character, by
//! byte ([`Repertoire::bytes`]), shown, checked against text and compared with another one.
//! ```
//! use renkei_core::encoding::{Dialect, Encoding, Repertoire};
//! let set = Repertoire::compile("cp932-no-ext | U+9AD9", Dialect::Ms, &[]).unwrap();
//! assert!(set.contains('髙') && !set.contains('①'));
//! assert!(set.bytes(Encoding::Cp932, Dialect::Ms).pair(0xFB, 0xFC));
//! assert_eq!(set.check("髙①").next().map(|o| o.what), Some("①".to_owned()));
//! ```
//!
//! **Diagnosis** ([`diagnosis`]): what a file, a column, a value went through, with a confidence.
//! **Fingerprints** ([`fingerprint`], [`make_probe`], [`read_probe`]): which converter wrote this.

pub mod class;
mod codes;
mod decode;
pub mod diagnosis;
mod dialect;
mod encode;
pub mod fingerprint;
mod label;
#[cfg(test)]
mod oracle;
mod probe;
#[cfg(test)]
mod properties;
pub mod repertoire;
mod scalar;
mod scan;

pub use codes::Code;
pub use decode::{FaultKind, Unit, Units, What, decode, units};
pub use dialect::{Dialect, Duplicates};
pub use encode::{Target, Unwritable, canonical_pair, encode};
pub use label::{Encoding, LabelFault};
pub use probe::{ProbeReading, make_probe, read_probe};
pub use repertoire::Repertoire;
pub use scalar::{ScalarClass, ScalarTable, is_half_width, scalar_class, scalar_table};
pub use scan::{ClassCounts, count_classes};
