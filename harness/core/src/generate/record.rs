//! One record: a value for every field, then what goes across them.

use std::collections::BTreeMap;

use super::file::{Places, is_there};
use super::random::Random;
use super::text::Limits;
use super::{Record, Wish, condition, value};
use crate::encoding::{Repertoire, Target};
use crate::model::Bilingual;
use crate::spec::layout::{Condition, Field, FieldType, Form, Output, Place};

/// Draws records of one kind.
pub(super) struct Maker<'a> {
    wish: &'a Wish<'a>,
    kind: usize,
    target: Target,
    repertoires: &'a BTreeMap<String, Repertoire>,
}

impl<'a> Maker<'a> {
    pub(super) fn new(
        wish: &'a Wish<'a>,
        kind: usize,
        target: Target,
        repertoires: &'a BTreeMap<String, Repertoire>,
    ) -> Self {
        Self {
            wish,
            kind,
            target,
            repertoires,
        }
    }

    /// A record that conforms by itself; an error says what did not come about this time.
    pub(super) fn draw(&self, random: &mut Random) -> Result<Record, Bilingual> {
        let layout = self.wish.layout;
        let fields = layout.kinds.get(self.kind).map_or(&[][..], |k| &k.fields);
        let mut values = Vec::with_capacity(fields.len());
        for (index, field) in fields.iter().enumerate() {
            let wanted = matches!(field.output, Output::Required)
                || field.primary_key
                || field.fixed_value.is_some()
                || random.chance(3, 4);
            let value = match self.discriminator(index, field) {
                Some(value) => value,
                None if wanted => self.value(field, random)?,
                None => String::new(),
            };
            values.push(value);
        }
        self.conditions(&mut values, fields, random)?;
        self.alternatives(&mut values, fields, random)?;
        let record = Record {
            kind: self.kind,
            values,
        };
        match self.broken(&record) {
            None => Ok(record),
            Some(text) => Err(Bilingual::new(
                format!("条件「{text}」を満たす値が見つかりません"),
                format!("no values were found for which `{text}` holds"),
            )),
        }
    }

    /// What tells the kind, when it is this field.
    fn discriminator(&self, index: usize, field: &Field) -> Option<String> {
        let known = self
            .wish
            .layout
            .kinds
            .get(self.kind)?
            .discriminator
            .as_ref()?;
        let here = match known.place {
            Place::Field(at) => at == index,
            Place::Byte(at) => at == field.start && known.value.len() == field.width,
        };
        here.then(|| known.value.clone())
    }

    fn value(&self, field: &Field, random: &mut Random) -> Result<String, Bilingual> {
        let list = self.wish.code_lists.get(&field.code);
        let context = (self.wish.layout.form, self.wish.as_of);
        value::of(field, list, context, &self.limits(field), random).ok_or_else(|| {
            Bilingual::new(
                format!(
                    "項目「{}」（{}）に入る値が見つかりません",
                    field.name, field.roman
                ),
                format!(
                    "no value was found for field {} ({})",
                    field.roman, field.name
                ),
            )
        })
    }

    fn limits(&self, field: &Field) -> Limits<'a> {
        let settings = self.wish.settings;
        let is_text = matches!(field.kind, FieldType::X | FieldType::N | FieldType::C);
        let expression = match (is_text, field.repertoire.as_str()) {
            (false, _) => "",
            (true, "") => settings.repertoire.as_str(),
            (true, own) => own,
        };
        let measured = is_text && self.wish.layout.form == Form::Delimited;
        Limits {
            unit: settings.length_unit,
            length: field.length.filter(|_| measured).map(|l| l as usize),
            width: if self.wish.layout.form == Form::Delimited {
                0
            } else {
                field.width
            },
            places: Places::of(self.wish.layout, settings),
            settings,
            target: self.target,
            repertoire: self.repertoires.get(expression),
        }
    }

    /// Fills what the conditions ask for. A value may wake another condition, so this is done until nothing changes.
    fn conditions(
        &self,
        values: &mut [String],
        fields: &[Field],
        random: &mut Random,
    ) -> Result<(), Bilingual> {
        for _ in 0..8 {
            let mut changed = false;
            for rule in self
                .wish
                .layout
                .rules
                .iter()
                .filter(|r| r.kind == self.kind)
            {
                if applies(rule.when.as_ref(), values) && !condition::holds(&rule.then, values) {
                    condition::make_hold(&rule.then, values);
                    changed = true;
                }
            }
            for (index, field) in fields.iter().enumerate() {
                let Output::Conditional(Some(when), _) = &field.output else {
                    continue;
                };
                let empty = values.get(index).is_some_and(String::is_empty);
                if empty && condition::holds(when, values) {
                    let value = self.value(field, random)?;
                    if let Some(slot) = values.get_mut(index) {
                        *slot = value;
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
        Ok(())
    }

    /// Of alternatives that share a place, the one whose condition holds keeps its value.
    fn alternatives(
        &self,
        values: &mut [String],
        fields: &[Field],
        random: &mut Random,
    ) -> Result<(), Bilingual> {
        for (at, field) in fields.iter().enumerate().filter(|(_, f)| f.when.is_some()) {
            let there = is_there(field, values);
            let Some(slot) = values.get_mut(at) else {
                continue;
            };
            if !there {
                slot.clear();
            } else if slot.is_empty() && field.output == Output::Required {
                *slot = self.value(field, random)?;
            }
        }
        Ok(())
    }

    /// The first condition that does not hold, or field that is missing.
    fn broken(&self, record: &Record) -> Option<String> {
        let rules = self
            .wish
            .layout
            .rules
            .iter()
            .filter(|r| r.kind == self.kind);
        let mut broken = rules.filter(|rule| {
            applies(rule.when.as_ref(), &record.values)
                && !condition::holds(&rule.then, &record.values)
        });
        if let Some(rule) = broken.next() {
            return Some(rule.text.clone());
        }
        let fields = self.wish.layout.kinds.get(self.kind)?.fields.iter();
        let mut missing = fields.zip(&record.values).filter(|(field, value)| {
            value.is_empty()
                && field.kind != FieldType::Dummy
                && is_there(field, &record.values)
                && match &field.output {
                    Output::Required => true,
                    Output::Conditional(Some(when), _) => condition::holds(when, &record.values),
                    _ => false,
                }
        });
        missing.next().map(|(field, _)| field.roman.clone())
    }
}

fn applies(when: Option<&Condition>, values: &[String]) -> bool {
    when.is_none_or(|when| condition::holds(when, values))
}
