//! Which record kinds follow each other: a walk through the sequence of the layout with as many data records as asked for.

use super::random::Random;
use crate::spec::layout::{Layout, Sequence, Standing};

/// Steps that a way to some kind may have; sequences hold at most 64 places.
const FAR: usize = 130;

/// The kinds of a file with about `records` records of the kind that repeats. `None` when the sequence cannot be walked.
pub(super) fn kinds(layout: &Layout, records: usize, random: &mut Random) -> Option<Vec<usize>> {
    let Some(sequence) = &layout.sequence else {
        let count = layout.kinds.len();
        return Some((0..records).map(|_| random.below(count)).collect());
    };
    let all: Vec<usize> = (0..layout.kinds.len()).collect();
    let bulk = all.iter().copied().find(|kind| repeats(sequence, *kind));
    let (mut at, mut made, mut out) = (sequence.start(), 0, Vec::new());
    while let Some(kind) = bulk.filter(|_| made < records) {
        let groups = made > 0 && random.chance(1, 16);
        let next = if !groups && sequence.step(at, kind).is_some() {
            vec![kind]
        } else {
            let others: Vec<usize> = sequence
                .expected(at)
                .into_iter()
                .filter(|k| *k != kind)
                .collect();
            let way = others.iter().find_map(|other| {
                let there = sequence.step(at, *other)?;
                let rest = way(sequence, there, &|at| sequence.step(at, kind).is_some())?;
                Some(std::iter::once(*other).chain(rest).collect())
            });
            match way {
                Some(way) => way,
                None if sequence.step(at, kind).is_some() => vec![kind],
                None => return None,
            }
        };
        for kind in next {
            at = sequence.step(at, kind)?;
            made += usize::from(Some(kind) == bulk);
            out.push(kind);
        }
    }
    out.extend(way(sequence, at, &|at| sequence.may_end(at))?);
    Some(out)
}

/// True when a record of the kind may follow one of its own.
fn repeats(sequence: &Sequence, kind: usize) -> bool {
    sequence.step(sequence.resume(kind), kind).is_some()
        && way(sequence, sequence.start(), &|at| {
            sequence.step(at, kind).is_some()
        })
        .is_some()
}

/// The shortest way from `from` to a place where `goal` holds.
fn way(sequence: &Sequence, from: Standing, goal: &dyn Fn(Standing) -> bool) -> Option<Vec<usize>> {
    let mut seen = vec![from];
    let mut open = vec![(from, Vec::new())];
    for _ in 0..FAR {
        if let Some((_, way)) = open.iter().find(|(at, _)| goal(*at)) {
            return Some(way.clone());
        }
        let mut further = Vec::new();
        for (at, way) in &open {
            for kind in sequence.expected(*at) {
                if let Some(next) = sequence.step(*at, kind)
                    && !seen.contains(&next)
                {
                    seen.push(next);
                    let mut longer: Vec<usize> = way.clone();
                    longer.push(kind);
                    further.push((next, longer));
                }
            }
        }
        open = further;
    }
    None
}
