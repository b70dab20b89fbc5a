//! Repertoires as what they are: sets of characters. Compared by what they hold, and with what encodings can carry.

use super::contradiction::{Excluding, Values};
use super::{Settled, Sides};
use crate::encoding::repertoire::{Bounds, List};
use crate::encoding::{Dialect, Encoding};
use crate::model::Bilingual;
use crate::record::AgreementState;
use crate::spec::{Catalogue, Item};

/// Setting of the items whose answers are set expressions.
const REPERTOIRE: &str = "repertoire";

/// True for an item that is answered by set expressions.
pub(super) fn is_set(item: &Item) -> bool {
    item.setting == REPERTOIRE
}

/// Whether two set expressions mean the same; `None` where that hangs on lists that nobody supplied. Text that is no set
/// expression is compared as text.
pub(super) fn same(a: &str, b: &str, lists: &[List]) -> Option<bool> {
    let (a_set, b_set) = (bounds(a, lists), bounds(b, lists));
    match (a_set, b_set) {
        _ if a == b => Some(true),
        (Some(a), Some(b)) => a.same(&b),
        _ => Some(false),
    }
}

fn bounds(expression: &str, lists: &[List]) -> Option<Bounds> {
    Bounds::of(expression, Dialect::Ms, lists).ok()
}

/// The item of a setting in the catalogue.
fn id_of<'c>(catalogue: &'c Catalogue, setting: &str) -> Option<&'c str> {
    let item = catalogue.items.iter().find(|i| i.setting == setting)?;
    Some(&item.id)
}

/// What sets exclude: an encoding that cannot carry them, variation selectors that they do not hold.
pub(super) fn excluding(catalogue: &Catalogue) -> Vec<Excluding<'_>> {
    let mut all = Vec::new();
    let Some(set) = id_of(catalogue, REPERTOIRE) else {
        return all;
    };
    let lists = catalogue.lists.as_slice();
    if let Some(encoding) = id_of(catalogue, "encoding") {
        all.push(Excluding {
            id: "SET-ENCODING",
            names: vec![set, encoding],
            broken: Box::new(move |value: Values<'_>| {
                carried(value(set), value(encoding), lists) == Some(false)
            }),
            message: Bilingual::new(
                "この文字コードは、文字の範囲のすべての文字は持たない",
                "this encoding does not hold all characters of the repertoire",
            ),
            source: "文字集合の定義",
        });
    }
    if let Some(ivs) = id_of(catalogue, "ivs") {
        all.push(Excluding {
            id: "SET-IVS",
            names: vec![ivs, set],
            broken: Box::new(move |value: Values<'_>| {
                let set = value(set).and_then(|s| bounds(s, lists));
                value(ivs) == Some("allow")
                    && set.is_some_and(|s| {
                        s.holds_some_of('\u{E0100}', '\u{E01EF}') == Some(false)
                            && s.holds_some_of('\u{FE00}', '\u{FE0F}') == Some(false)
                    })
            }),
            message: Bilingual::new(
                "この文字の範囲に異体字セレクタは含まれない",
                "this repertoire holds no variation selectors",
            ),
            source: "文字集合の定義",
        });
    }
    all
}

/// Whether an encoding carries a set; `None` where that hangs on lists that nobody supplied, or where one of them is no set
/// or no encoding.
fn carried(set: Option<&str>, encoding: Option<&str>, lists: &[List]) -> Option<bool> {
    let encoding = Encoding::parse(encoding?).ok()?;
    let unicode = matches!(
        encoding,
        Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be
    );
    if unicode {
        return Some(true);
    }
    Bounds::carried(set?, encoding, lists).ok()?
}

/// Opens what is settled in words although nobody can tell whether it can be done: a person must say so, in the record.
pub(super) fn ask(catalogue: &Catalogue, sides: Sides<'_>, settled: &mut [Settled]) {
    let value = |settled: &[Settled], setting: &str| -> Option<String> {
        settled
            .iter()
            .find(|s| s.item.setting == setting)?
            .value
            .clone()
    };
    let encoding = value(settled, "encoding");
    let decided = |s: &Settled| {
        let record = sides.negotiated;
        record.is_some_and(|r| {
            r.decision(&s.item.id, sides.linkage, sides.exchange)
                .is_some()
        })
    };
    for one in settled.iter_mut().filter(|s| is_set(&s.item)) {
        let Some(set) = one
            .value
            .clone()
            .filter(|_| one.state == AgreementState::Agreed)
        else {
            continue;
        };
        if decided(one) {
            continue;
        }
        let read = Bounds::of(&set, Dialect::Ms, &catalogue.lists);
        let basis = match (read, &encoding) {
            (Err(fault), _) => Bilingual::new(
                format!("集合の式として読めません（{}）", fault.message.ja),
                format!("not a set expression ({})", fault.message.en),
            ),
            (Ok(read), Some(encoding)) => {
                if carried(Some(&set), Some(encoding), &catalogue.lists).is_some() {
                    continue;
                }
                let names = read.unknown.join(", ");
                Bilingual::new(
                    format!(
                        "一覧 {names} の文字を {encoding} で表せるか分からないため、人が確かめます"
                    ),
                    format!(
                        "whether {encoding} holds the characters of {names} is not known; a person must confirm"
                    ),
                )
            }
            (Ok(_), None) => continue,
        };
        one.state = AgreementState::Open;
        one.value = None;
        one.common = vec![set];
        one.basis = basis;
    }
}
