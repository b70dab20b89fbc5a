//! Record numbers and sort order: each record is compared with the one before it that counts, across chunks.

use super::checks::Check;
use super::evidence::View;
use super::field::Position;
use super::number::{compare, integer};
use super::plan::{Plan, Subject};
use super::tally::{Detail, Spot, Tally};
use crate::mask::Sensitivity;
use crate::spec::layout::OrderOf;
use std::cmp::Ordering;
use std::ops::Range;

/// An order of the layout, compiled.
pub(super) struct OrderPlan {
    check: Check,
    subject: u32,
    of: OrderOf,
    /// By kind of record: the fields that are compared, `None` for kinds that do not count.
    fields: Vec<Option<Vec<usize>>>,
    /// Kinds whose records begin anew.
    restart: Vec<usize>,
}

type Key = Vec<Vec<u8>>;

/// What went before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Before {
    /// Nothing in this chunk yet.
    #[default]
    Elsewhere,
    /// A new file or group.
    Start,
    Key(Key),
    /// A record that could not be read.
    Unsure,
}

/// The first record of a chunk, which only the merge can compare.
#[derive(Clone, Debug)]
struct Pending {
    key: Key,
    spot: Spot,
    detail: Detail,
}

/// Where one order stands.
#[derive(Clone, Debug, Default)]
struct State {
    pending: Option<Pending>,
    before: Before,
}

/// Where all orders of a layout stand, in a chunk or in the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Orders(Vec<State>);

/// Compiles the orders of a plan's layout.
pub(super) fn plans(plan: &mut Plan<'_>) -> Vec<OrderPlan> {
    let layout = plan.layout;
    let compiled = layout.orders.iter().map(|order| {
        let first = order.fields.iter().zip(0..).find_map(|(fields, kind)| {
            let field = *fields.as_ref()?.first()?;
            Some((kind, field))
        });
        let (kind, field) = first.unwrap_or((0, 0));
        let of = layout.kinds.get(kind).and_then(|k| k.fields.get(field));
        let subject = plan.subject(Subject {
            field: Some(layout.field_name(kind, field)),
            field_no: of.map(|f| f.no),
            title: of.map_or(String::new(), |f| f.name.clone()),
            key: order.text.clone(),
            requirement: String::new(),
        });
        let restart = layout.sequence.as_ref().filter(|_| order.by_group);
        OrderPlan {
            check: match order.of {
                OrderOf::Number(_) => Check::RecordNumber,
                OrderOf::Sorted(_) => Check::SortOrder,
            },
            subject,
            of: order.of.clone(),
            fields: order.fields.clone(),
            restart: restart.map_or(Vec::new(), |s| s.group_starts(kind).to_vec()),
        }
    });
    compiled.collect()
}

impl OrderPlan {
    /// What a record must hold behind `before`; `None` when it holds.
    fn broken(&self, before: &Before, key: &Key) -> Option<String> {
        match (&self.of, before) {
            (_, Before::Elsewhere | Before::Unsure) => None,
            (OrderOf::Number(_), _) => {
                let expected = self.expected(before)?;
                let found = key.first().and_then(|k| integer(k))?;
                (found != expected).then(|| expected.to_string())
            }
            (OrderOf::Sorted(descending), Before::Key(before)) => {
                let order = before.iter().zip(key).zip(descending).fold(
                    Ordering::Equal,
                    |order, ((a, b), down)| {
                        let next = if *down { compare(b, a) } else { compare(a, b) };
                        order.then(next)
                    },
                );
                order.is_gt().then(String::new)
            }
            (OrderOf::Sorted(_), Before::Start) => None,
        }
    }

    fn expected(&self, before: &Before) -> Option<i128> {
        match (&self.of, before) {
            (OrderOf::Number(from), Before::Start) => Some(i128::from(*from)),
            (OrderOf::Number(_), Before::Key(key)) => {
                key.first().and_then(|k| integer(k))?.checked_add(1)
            }
            _ => None,
        }
    }

    /// The record as what goes before the next one.
    fn after(&self, key: Key) -> Before {
        let readable = match self.of {
            OrderOf::Number(_) => key
                .first()
                .is_some_and(|k| !k.is_empty() && integer(k).is_some()),
            OrderOf::Sorted(_) => true,
        };
        if readable {
            Before::Key(key)
        } else {
            Before::Unsure
        }
    }
}

impl Orders {
    /// The state at the start of a chunk.
    pub(super) fn chunk(plan: &Plan<'_>) -> Self {
        Self(vec![State::default(); plan.orders.len()])
    }

    /// The state at the start of a file.
    pub(super) fn file(plan: &Plan<'_>) -> Self {
        let start = State {
            pending: None,
            before: Before::Start,
        };
        Self(vec![start; plan.orders.len()])
    }

    /// Follows a record; `value` gives the values to compare, `place` where they stand in the file.
    pub(super) fn follow<'v>(
        &mut self,
        plan: &Plan<'_>,
        (view, position, kind): (&View<'_>, Position, usize),
        value: &impl Fn(usize) -> &'v [u8],
        place: &impl Fn(usize) -> Range<usize>,
        tally: &mut Tally,
    ) {
        for (order, state) in plan.orders.iter().zip(&mut self.0) {
            if order.restart.contains(&kind) {
                state.before = Before::Start;
            }
            let Some(Some(fields)) = order.fields.get(kind) else {
                continue;
            };
            let key: Key = fields.iter().map(|f| value(*f).to_vec()).collect();
            let at = fields.first().map_or(view.start..view.end, |f| place(*f));
            let spot = view.spot(position, &at);
            let of = plan.kinds.get(kind);
            let sensitivity = |index: &usize| {
                of.and_then(|k| k.fields.get(*index))
                    .map_or(Sensitivity::Personal, |f| f.sensitivity)
            };
            let all = fields.iter().map(sensitivity);
            let sensitivity = all.max_by_key(|s| *s as u8).unwrap_or(Sensitivity::No);
            let sensitivity = match fields.len() {
                1 => sensitivity,
                _ => sensitivity.without_kind(),
            };
            let detail = |expected: String| Detail {
                expected,
                observed: shown(plan, &key, sensitivity),
                hex: view.hex(plan, &at, sensitivity, false),
                ruler: Some(view.ruler(plan, &at, false)),
                ..Detail::default()
            };
            if state.before == Before::Elsewhere {
                state.pending = Some(Pending {
                    key: key.clone(),
                    spot,
                    detail: detail(String::new()),
                });
            } else if let Some(expected) = order.broken(&state.before, &key) {
                let expected = match &state.before {
                    Before::Key(before) if expected.is_empty() => shown(plan, before, sensitivity),
                    _ => expected,
                };
                tally.hit(order.check, order.subject, spot, || detail(expected));
            }
            state.before = order.after(key);
        }
    }

    /// A record whose values cannot be read; `None`: nor its kind.
    pub(super) fn skip(&mut self, plan: &Plan<'_>, kind: Option<usize>) {
        for (order, state) in plan.orders.iter().zip(&mut self.0) {
            let counts = kind.is_none_or(|kind| matches!(order.fields.get(kind), Some(Some(_))));
            if counts && matches!(order.of, OrderOf::Number(_)) {
                state.before = Before::Unsure;
            }
        }
    }

    /// Adds the next chunk, which follows `records` records and `lines` lines.
    pub(super) fn merge(
        &mut self,
        plan: &Plan<'_>,
        later: Self,
        (records, lines): (u64, u64),
        tally: &mut Tally,
    ) {
        for ((order, mine), theirs) in plan.orders.iter().zip(&mut self.0).zip(later.0) {
            if let Some(pending) = theirs.pending
                && let Some(expected) = order.broken(&mine.before, &pending.key)
            {
                let expected = match &mine.before {
                    Before::Key(before) if expected.is_empty() => {
                        shown(plan, before, Sensitivity::Personal)
                    }
                    _ => expected,
                };
                let spot = pending.spot.shifted(records, lines);
                tally.hit(order.check, order.subject, spot, || Detail {
                    expected,
                    ..pending.detail
                });
            }
            if theirs.before != Before::Elsewhere {
                mine.before = theirs.before;
            }
        }
    }
}

fn shown(plan: &Plan<'_>, key: &Key, sensitivity: Sensitivity) -> String {
    let encoding = super::wide::comparing(plan.settings.encoding);
    let dialect = plan.settings.dialect;
    let parts = key.iter().map(|part| {
        plan.mask
            .bytes(part, encoding, dialect, sensitivity, &(0..0), 20)
    });
    parts.collect::<Vec<_>>().join(" / ")
}
