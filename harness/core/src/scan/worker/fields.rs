//! Fields of a record, conditions over them, and what is said of records as a whole.

use super::{Chunk, Worker};
use crate::encoding::{What, units};
use crate::mask::Sensitivity;
use crate::model::Bilingual;
use crate::scan::checks::Check;
use crate::scan::diagnose::Reading;
use crate::scan::ending::Ending;
use crate::scan::evidence::{Cell, View};
use crate::scan::field::{Position, Say, title};
use crate::scan::plan::FILE;
use crate::scan::tally::Detail;
use crate::spec::layout::{Newline, Output, Place};

impl Worker<'_, '_> {
    /// Checks the fields of a record of a known kind, and what goes across them.
    pub(super) fn fields(
        &mut self,
        view: &View<'_>,
        position: Position,
        kind: usize,
        cells: &mut [Cell],
        skipped: Option<usize>,
    ) {
        let plan = self.plan;
        let Some(of) = plan.kinds.get(kind) else {
            return;
        };
        let mut sound = true;
        for (index, cell) in cells.iter_mut().enumerate() {
            if cell.absent {
                continue;
            }
            let ok = Some(index) != skipped
                && self
                    .checker
                    .check(view, position, kind, index, cell, &mut self.out.tally);
            sound &= ok || Some(index) == skipped;
            if let Some(field) = of.fields.get(index).filter(|_| !plan.wide) {
                let (value, spot) = (view.slice(&cell.value), view.spot(position, &cell.value));
                let encoding = plan.settings.encoding;
                self.out.columns.look(field.subject, value, encoding, spot);
            }
            if cell.newline && !plan.settings.newline_in_field && Some(index) != skipped {
                self.newline_in_field(view, position, index);
            }
        }
        let cells = &*cells;
        let place = |index: usize| {
            cells
                .get(index)
                .map_or(view.start..view.end, |c| c.value.clone())
        };
        let texts = self.texts(view, cells);
        let value = |index: usize| match (cells.get(index), &texts) {
            (_, Some(texts)) => texts.get(index).unwrap_or(&[]),
            (Some(cell), None) if !cell.blank => view.slice(&cell.value),
            _ => &[],
        };
        for (field, cell) in of.fields.iter().zip(cells) {
            if let Some(condition) = &field.condition
                && (cell.value.is_empty() || cell.blank)
                && !cell.absent
                && condition.holds(&value)
            {
                let of_layout = plan
                    .layout
                    .kinds
                    .get(kind)
                    .and_then(|k| k.fields.get(field_index(of, field)));
                let text = of_layout.map_or(String::new(), |f| match &f.output {
                    Output::Conditional(_, text) => text.clone(),
                    _ => String::new(),
                });
                let at = &cell.value;
                view.tell(
                    plan,
                    &mut self.out.tally,
                    position,
                    (Check::ConditionalMissing, field.subject),
                    (at, at, field.sensitivity),
                    || Say {
                        expected: text,
                        args: title(plan, field),
                        ..Say::default()
                    },
                );
            }
        }
        self.record_rules(view, position, kind, cells, &value);
        if !plan.orders.is_empty() {
            let (out, record) = (&mut self.out, (view, position, kind));
            out.orders
                .follow(plan, record, &value, &place, &mut out.tally);
        }
        if let Some(texts) = &texts {
            self.beyond(view, position, kind, (cells, texts), sound);
            return;
        }
        self.count_columns(view, kind, &place);
        self.count(view, position, kind, &place, sound);
        self.remember_keys(view, position, kind, &place);
    }

    /// Tells about a record in another encoding, whose fields and quotes say nothing; true when it is one.
    pub(super) fn foreign(&mut self, view: &View<'_>, position: Position, kind: usize) -> bool {
        let foreign = !self.plan.wide && self.is_foreign(view, position);
        if foreign {
            self.damaged(kind, view.spot(position, &(view.start..view.end)));
        }
        foreign
    }

    /// True when the record is in another encoding from its first to its last byte: one hit, and nothing about its fields.
    fn is_foreign(&mut self, view: &View<'_>, position: Position) -> bool {
        let plan = self.plan;
        let settings = plan.settings;
        let bytes = view.slice(&(view.start..view.end));
        if bytes.is_ascii() {
            return false;
        }
        let fault = if crate::scan::diagnose::surely_reads(bytes, settings.encoding) {
            None
        } else {
            units(bytes, settings.encoding, settings.dialect)
                .find(|u| matches!(u.what, What::Fault(_)))
        };
        let diagnosis = &mut self.out.diagnosis;
        let reading = diagnosis.record(bytes, settings.encoding, fault.is_some());
        diagnosis.place(reading, position.record, view.base + view.start as u64);
        if !matches!(reading, Reading::Foreign(_)) {
            return false;
        }
        // The declared encoding may read it by chance: then the first character beyond ASCII is shown.
        let first = || bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
        let fault = fault.map_or_else(|| first()..first() + 1, |fault| fault.bytes);
        let at = view.start + fault.start..view.start + fault.end.max(fault.start + 1);
        view.tell(
            plan,
            &mut self.out.tally,
            position,
            (Check::MixedEncodings, FILE),
            (&at, &at, Sensitivity::Personal),
            || Say {
                expected: settings.encoding.name().to_owned(),
                observed: Some(reading.name().to_owned()),
                exposed: true,
                ..Say::default()
            },
        );
        true
    }

    pub(super) fn record_rules<'v>(
        &mut self,
        view: &View<'_>,
        position: Position,
        kind: usize,
        cells: &[Cell],
        value: &impl Fn(usize) -> &'v [u8],
    ) {
        let plan = self.plan;
        let Some(of) = plan.kinds.get(kind) else {
            return;
        };
        for rule in &of.rules {
            if rule.when.as_ref().is_some_and(|when| !when.holds(value)) || rule.then.holds(value) {
                continue;
            }
            let at = cells
                .get(rule.field)
                .map_or(view.start..view.end, |c| c.value.clone());
            let sensitivity = of
                .fields
                .get(rule.field)
                .map_or(Sensitivity::Personal, |f| f.sensitivity);
            let text = plan.layout.rules.get(rule.rule);
            view.tell(
                plan,
                &mut self.out.tally,
                position,
                (Check::RecordCondition, rule.subject),
                (&at, &at, sensitivity),
                || {
                    let (id, message) = text.map_or((String::new(), Bilingual::default()), |r| {
                        (r.id.clone(), r.message.clone())
                    });
                    Say {
                        expected: text.map_or(String::new(), |r| r.text.clone()),
                        args: vec![("id", id), ("rule_ja", message.ja), ("rule_en", message.en)],
                        ..Say::default()
                    }
                },
            );
        }
    }

    /// A hit about a record as a whole.
    pub(super) fn whole(
        &mut self,
        view: &View<'_>,
        position: Position,
        check: Check,
        say: impl FnOnce() -> Say,
    ) {
        let at = view.start..view.end;
        let plan = self.plan;
        self.out
            .tally
            .hit(check, FILE, view.spot(position, &at), || {
                let say = say();
                // The end of the record is what a wrong length shows; its beginning says which record it is.
                let end = view.end.saturating_sub(1).max(view.start)..view.end;
                Detail {
                    expected: say.expected,
                    observed: say.observed.unwrap_or_default(),
                    args: say.args,
                    ruler: Some(view.ruler(plan, &end, false)),
                    ..Detail::default()
                }
            });
    }

    pub(super) fn unknown_kind(&mut self, view: &View<'_>, position: Position) {
        let plan = self.plan;
        let kinds: Vec<String> = plan
            .layout
            .kinds
            .iter()
            .filter_map(|k| k.discriminator.as_ref().map(|d| d.value.clone()))
            .collect();
        let place = plan.kinds.iter().find_map(|k| k.place);
        let width = plan.kinds.iter().map(|k| k.value.len()).max().unwrap_or(1) * plan.unit;
        let at = match place {
            Some(Place::Byte(at)) => {
                (view.start + at).min(view.end)..(view.start + at + width).min(view.end)
            }
            Some(Place::Field(field)) => {
                let delimited = view.cells.get(field).map(|c| c.value.clone());
                let fixed = plan.kinds.first().and_then(|k| k.fields.get(field));
                delimited
                    .or_else(|| {
                        fixed.map(|f| {
                            (view.start + f.start).min(view.end)
                                ..(view.start + f.start + f.width).min(view.end)
                        })
                    })
                    .unwrap_or(view.start..view.end)
            }
            None => view.start..view.end,
        };
        view.tell(
            plan,
            &mut self.out.tally,
            position,
            (Check::UnknownKind, FILE),
            (&at, &at, Sensitivity::No),
            || Say {
                expected: kinds.join(" "),
                exposed: true,
                ..Say::default()
            },
        );
    }

    /// Newline behind a record.
    pub(super) fn ending(
        &mut self,
        view: &View<'_>,
        position: Position,
        ending: Ending,
        next: usize,
        chunk: &Chunk<'_>,
    ) {
        let at = view.base + view.end as u64;
        let facts = &mut self.out.facts;
        match ending {
            Ending::Crlf => facts.crlf.add(at),
            Ending::Lf => facts.lf.add(at),
            Ending::Cr => facts.cr.add(at),
            Ending::Nothing | Ending::Endless => {}
        }
        let agreed = self.plan.settings.newline;
        let is_end = chunk.last && next >= chunk.bytes.len();
        let wrong = match (agreed, ending) {
            (_, Ending::Nothing) if is_end => false,
            (Newline::None, Ending::Nothing) => false,
            (Newline::None, _) => true,
            _ => !ending.is(agreed),
        };
        if wrong {
            let plan = self.plan;
            let range = view.end..view.end + ending.len() * plan.unit;
            view.tell(
                plan,
                &mut self.out.tally,
                position,
                (Check::Newline, FILE),
                (&range, &range, Sensitivity::No),
                || Say {
                    expected: agreed.name().to_owned(),
                    observed: Some(ending.name().to_owned()),
                    exposed: true,
                    ..Say::default()
                },
            );
        }
        let range = view.end..view.end + ending.len() * self.plan.unit;
        self.out.last_record = Some((view.spot(position, &range), ending));
    }
}

fn field_index(
    kind: &crate::scan::plan::KindPlan<'_>,
    field: &crate::scan::plan::FieldPlan<'_>,
) -> usize {
    kind.fields
        .iter()
        .position(|f| f.subject == field.subject)
        .unwrap_or(0)
}
