//! The quick way: records that are proven sound.

use super::{Chunk, Worker};
use crate::encoding::Encoding;
use crate::scan::diagnose::LikeUtf8;
use crate::scan::evidence::View;
use crate::scan::quick::{Quick, Seen, Sound};

impl Worker<'_, '_> {
    /// True when bytes that are declared to be in another encoding are valid UTF-8 with characters beyond ASCII: then every
    /// record is looked at closely.
    pub(super) fn may_be_utf8(&self, body: &[u8]) -> bool {
        if self.plan.settings.encoding == Encoding::Utf8 || body.is_ascii() {
            return false;
        }
        match simdutf8::compat::from_utf8(body) {
            Ok(_) => true,
            // A chunk may end inside a character.
            Err(error) => error.error_len().is_none(),
        }
    }

    /// Proves the record at `at` sound and takes it; `None`: the slow path must look at it.
    #[inline]
    pub(super) fn prove(&mut self, quick: &Quick, chunk: &Chunk<'_>, at: usize) -> Option<usize> {
        let mut seen = std::mem::take(&mut self.seen);
        let sound = self.proven(quick, chunk, at, &mut seen);
        let taken = sound.filter(|sound| self.take(chunk, at, sound, &seen));
        self.seen = seen;
        taken.map(|sound| sound.next)
    }

    #[inline]
    pub(super) fn proven(
        &mut self,
        quick: &Quick,
        chunk: &Chunk<'_>,
        at: usize,
        seen: &mut Seen,
    ) -> Option<Sound> {
        if self.plan.record_length == 0 {
            return quick.delimited(chunk.bytes, at, seen);
        }
        if self.plan.has_lines() {
            return quick.fixed(chunk.bytes, at, seen);
        }
        // Without newlines a record is proven only when the next one stands where it must: a lost byte may hide in filler.
        let sound = match self.ahead.take() {
            Some((place, sound)) if place == at => {
                std::mem::swap(seen, &mut self.seen_ahead);
                sound
            }
            _ => quick.fixed(chunk.bytes, at, seen)?,
        };
        let next = quick.fixed(chunk.bytes, sound.next, &mut self.seen_ahead)?;
        let follows = self.plan.may_follow(sound.kind, next.kind);
        self.ahead = Some((sound.next, next));
        follows.then_some(sound)
    }

    /// Takes a sound record; false when something across its fields needs the slow path.
    #[inline]
    pub(super) fn take(
        &mut self,
        chunk: &Chunk<'_>,
        start: usize,
        sound: &Sound,
        seen: &Seen,
    ) -> bool {
        let plan = self.plan;
        let Some(kind) = plan.kinds.get(sound.kind) else {
            return false;
        };
        // A record that states totals shows its surroundings when they are wrong.
        if !kind.claimed.is_empty() {
            return false;
        }
        let doubtful = !seen.doubts.is_empty();
        let record = chunk.bytes.get(start..sound.end).unwrap_or(&[]);
        let mut like = LikeUtf8::No;
        if doubtful {
            like = LikeUtf8::of(record, plan.settings.encoding);
            if like == LikeUtf8::Surely || !self.legible(chunk, start, sound, seen) {
                return false;
            }
        }
        let place = |index: usize| seen.spans.get(index).map_or(0..0, |span| span.range());
        let value = |index: usize| chunk.bytes.get(place(index)).unwrap_or(&[]);
        if kind.has_conditions {
            for (field, span) in kind
                .fields
                .iter()
                .zip(&seen.spans)
                .filter(|(_, span)| span.from == span.to)
            {
                let _ = span;
                if field
                    .condition
                    .as_ref()
                    .is_some_and(|condition| condition.holds(&value))
                {
                    return false;
                }
            }
        }
        for rule in &kind.rules {
            if rule.when.as_ref().is_none_or(|when| when.holds(&value)) && !rule.then.holds(&value)
            {
                return false;
            }
        }
        let position = self.position();
        let view = View {
            bytes: chunk.bytes,
            base: chunk.base,
            start,
            end: sound.end,
            cells: &[],
            kind: Some(sound.kind),
        };
        self.records += 1;
        self.out.facts.quoted_fields += sound.quoted;
        self.ending(&view, position, sound.ending, sound.next, chunk);
        self.out.lines += u64::from(sound.ending.len() > 0);
        let proven = if doubtful {
            self.doubted(&view, position, seen, like)
        } else {
            if !self.declared_seen && !view.slice(&(start..sound.end)).is_ascii() {
                self.declared_seen = true;
                self.out.diagnosis.declared();
            }
            true
        };
        if !plan.orders.is_empty() {
            let (out, record) = (&mut self.out, (&view, position, sound.kind));
            out.orders
                .follow(plan, record, &value, &place, &mut out.tally);
        }
        if sound.doubles {
            self.count_doubles(chunk, start..sound.next);
        }
        self.count_columns(&view, sound.kind, &place);
        self.count(&view, position, sound.kind, &place, proven);
        if !kind.keys.is_empty() {
            self.remember_keys(&view, position, sound.kind, &place);
        }
        true
    }
}
