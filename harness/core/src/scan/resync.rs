//! Where a fixed-width record without newline ends when it, or the one behind it, is broken. A record with a wrong value must
//! not be taken for one with a wrong length: then every record behind it would be told to be out of order.

use std::ops::Range;

/// What stands at an offset, read as a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// Its kind, when it is known.
    pub(super) kind: Option<usize>,
    /// The kind is known and all fields are sound.
    pub(super) sound: bool,
}

/// How the bytes around a record are looked at.
pub(super) trait Around {
    /// What stands at an offset.
    fn look(&mut self, at: usize) -> Look;
    /// True when a record of the second kind may follow one of the first (`None`: not known).
    fn follows(&self, before: Option<usize>, kind: usize) -> bool;
}

/// A record that lost or gained more bytes than this is not looked for.
pub(super) const MAX_SHIFT: usize = 8;

/// End of the record at `record.start`, whose right end is `record.end`; `all` is the end of the file, when it is near.
pub(super) fn end(record: Range<usize>, all: usize, around: &mut dyn Around) -> usize {
    let length = record.len();
    let (start, end) = (record.start, record.end);
    let here = around.look(start).kind;
    let next = around.look(end);
    let fits = |look: Look, around: &dyn Around, before: Option<usize>| {
        look.sound && look.kind.is_some_and(|kind| around.follows(before, kind))
    };
    if fits(next, around, here) {
        return end;
    }
    // The next record is broken in its values only: the one behind it stands in its place.
    let after = around.look(end + length);
    if end + length == all || (next.kind.is_some() && fits(after, around, next.kind)) {
        return end;
    }
    let places = || (1..=MAX_SHIFT).flat_map(|n| [end.checked_sub(n), end.checked_add(n)]);
    let candidates = || places().flatten().filter(|at| *at > start && *at < all);
    for at in candidates() {
        let look = around.look(at);
        if fits(look, around, here) {
            let behind = around.look(at + length);
            if at + length == all || fits(behind, around, look.kind) {
                return at;
            }
        }
    }
    if fits(after, around, None) {
        return end;
    }
    let may_stand = |at: usize, around: &mut dyn Around| {
        let kind = around.look(at).kind;
        kind.is_some_and(|kind| around.follows(here, kind))
    };
    // Several broken records in a row: their kinds are all that is left.
    if may_stand(end, around) {
        return end;
    }
    if here.is_some()
        && let Some(at) = candidates().find(|at| fits(around.look(*at), around, here))
    {
        return at;
    }
    end
}
