//! A layout compiled for one file: what to check in each field, ready for the scanner.

use super::character::{Profile, Width};
use super::condition::{Test, literal};
use super::order::OrderPlan;
use super::quick::{Quick, Tables};
use super::{Job, Options};
use crate::check::{Rule, rule};
use crate::encoding::diagnosis::MARKS;
use crate::encoding::{Encoding, Repertoire};
use crate::mask::{Mask, Sensitivity};
use crate::spec::layout::{
    CodeList, Date, FieldType, FileSettings, Form, Format, Layout, Newline, Output, Pad, Place,
    WidthClass, WidthUnit,
};

/// A compiled layout.
pub(super) struct Plan<'j> {
    pub(super) layout: &'j Layout,
    pub(super) settings: &'j FileSettings,
    pub(super) mask: Mask,
    pub(super) file_name: &'j str,
    pub(super) as_of: Date,
    pub(super) occurrences: bool,
    /// Threads that scan, at least one.
    pub(super) threads: usize,
    pub(super) kinds: Vec<KindPlan<'j>>,
    pub(super) profiles: Vec<Profile>,
    pub(super) subjects: Vec<Subject>,
    /// First subject of the totals.
    pub(super) totals_at: u32,
    /// The quick path, where there is one.
    pub(super) quick: Option<Quick>,
    /// Bytes of a record, 0 for delimited files.
    pub(super) record_length: usize,
    /// Records are cut on a shadow and values are compared as UTF-8: UTF-16 and ISO-2022-JP.
    pub(super) wide: bool,
    /// Positions of fixed records are found by walking over characters.
    pub(super) measured: bool,
    /// Record numbers and sort orders.
    pub(super) orders: Vec<OrderPlan>,
    /// Bytes of a delimiter, a quote, a control character.
    pub(super) unit: usize,
    /// Keys that records give: the unique ones of the layout, then those that are collected.
    pub(super) key_count: usize,
}

/// A record kind.
pub(super) struct KindPlan<'j> {
    pub(super) place: Option<Place>,
    pub(super) value: Vec<u8>,
    pub(super) fields: Vec<FieldPlan<'j>>,
    /// By kind: true when a record of it may stand directly behind one of this kind. The order of records allows it at some
    /// place, or the layout tells no order.
    pub(super) followers: Vec<bool>,
    /// Some field is there under a condition.
    pub(super) has_variants: bool,
    /// Some field is required under a condition.
    pub(super) has_conditions: bool,
    /// Unique keys of the kind: index in the layout and fields.
    pub(super) keys: Vec<(usize, Vec<usize>)>,
    /// Conditions for each record: index in the layout.
    pub(super) rules: Vec<RulePlan>,
    /// Totals that count or sum this kind.
    pub(super) counted: Vec<CountedPlan>,
    /// Totals that this kind holds: index in the layout and field.
    pub(super) claimed: Vec<(usize, usize)>,
}

/// A condition for each record.
pub(super) struct RulePlan {
    pub(super) subject: u32,
    pub(super) when: Option<Test>,
    pub(super) then: Test,
    /// Field that a hit points at.
    pub(super) field: usize,
    /// Index in the layout.
    pub(super) rule: usize,
}

/// What a total counts in records of a kind.
pub(super) struct CountedPlan {
    pub(super) total: usize,
    /// Field to sum; `None`: count.
    pub(super) field: Option<usize>,
    pub(super) when: Option<Test>,
}

/// A field.
pub(super) struct FieldPlan<'j> {
    pub(super) subject: u32,
    pub(super) kind: FieldType,
    pub(super) length: Option<u32>,
    pub(super) fraction: u32,
    pub(super) required: bool,
    pub(super) condition: Option<Test>,
    /// When the field is there at all; `None`: always.
    pub(super) when: Option<Test>,
    pub(super) profile: usize,
    pub(super) codes: Option<&'j CodeList>,
    pub(super) format: &'j Format,
    pub(super) unknown_date: bool,
    pub(super) fixed_value: Option<Vec<u8>>,
    pub(super) sensitivity: Sensitivity,
    pub(super) start: usize,
    pub(super) width: usize,
    pub(super) pad: Pad,
}

/// What a hit is about: the file, a field, a record rule, a total.
pub(super) struct Subject {
    /// Name of the field in locations.
    pub(super) field: Option<String>,
    pub(super) field_no: Option<u32>,
    /// データ項目, for messages.
    pub(super) title: String,
    /// Separates findings without a field of their own.
    pub(super) key: String,
    pub(super) requirement: String,
}

impl Subject {
    fn plain(key: &str) -> Self {
        Self {
            field: None,
            field_no: None,
            title: String::new(),
            key: key.to_owned(),
            requirement: String::new(),
        }
    }
}

/// The subject of hits without a field.
pub(super) const FILE: u32 = 0;

/// A repertoire of the layout that cannot be compiled.
#[derive(Debug)]
pub(super) struct BadRepertoire(pub(super) String);

impl<'j> Plan<'j> {
    /// Compiles the layout of a job.
    pub(super) fn new(job: &Job<'j>, options: &Options<'_>) -> Result<Self, BadRepertoire> {
        let mut plan = Self {
            layout: job.layout,
            settings: job.settings,
            mask: job.mask,
            file_name: job.file_name,
            as_of: job.as_of,
            occurrences: job.occurrences.is_some(),
            threads: job.threads.max(1),
            kinds: Vec::new(),
            profiles: Vec::new(),
            subjects: vec![Subject::plain("")],
            totals_at: 0,
            quick: None,
            wide: !job.settings.encoding.is_splittable_on_bytes(),
            measured: job.layout.form != Form::Delimited
                && (job.layout.width_unit == WidthUnit::Chars
                    || !job.settings.encoding.is_splittable_on_bytes()),
            orders: Vec::new(),
            unit: super::wide::unit_of(job.settings.encoding),
            key_count: job.layout.unique.len() + options.collect.len(),
            record_length: match job.layout.form {
                Form::Delimited => 0,
                Form::Fixed { record_length } => record_length as usize,
            },
        };
        for kind in 0..job.layout.kinds.len() {
            let compiled = plan.kind(kind, job, options)?;
            plan.kinds.push(compiled);
        }
        plan.compile_rules();
        plan.compile_totals();
        plan.orders = super::order::plans(&mut plan);
        plan.quick = if options.quick == Some(false) || plan.measured {
            None
        } else {
            Quick::new(&plan)
        };
        Ok(plan)
    }

    /// The rule of a check; `None` while no page has it.
    pub(super) fn rule_of(check: super::checks::Check) -> Option<&'static Rule> {
        rule(check.code())
    }

    pub(super) fn subject(&mut self, subject: Subject) -> u32 {
        self.subjects.push(subject);
        u32::try_from(self.subjects.len() - 1).unwrap_or(FILE)
    }

    fn kind(
        &mut self,
        at: usize,
        job: &Job<'j>,
        options: &Options<'_>,
    ) -> Result<KindPlan<'j>, BadRepertoire> {
        let layout = self.layout;
        let kind = &layout.kinds[at];
        let mut fields = Vec::with_capacity(kind.fields.len());
        for (index, field) in kind.fields.iter().enumerate() {
            let subject = self.subject(Subject {
                field: Some(layout.field_name(at, index)),
                field_no: Some(field.no),
                title: field.name.clone(),
                requirement: field.item_id.clone(),
                ..Subject::plain("")
            });
            let required = matches!(field.output, Output::Required);
            let condition = match &field.output {
                Output::Conditional(Some(condition), _) => {
                    Some(Test::new(condition, self.settings))
                }
                _ => None,
            };
            let codes = job
                .code_lists
                .get(field.code.as_str())
                .filter(|_| !field.code.is_empty());
            fields.push(FieldPlan {
                subject,
                kind: field.kind,
                length: field.length,
                fraction: field.fraction,
                required,
                condition,
                when: field.when.as_ref().map(|c| Test::new(c, self.settings)),
                profile: self.profile(field, options)?,
                codes,
                format: &field.format,
                unknown_date: field.unknown_date,
                fixed_value: field
                    .fixed_value
                    .as_ref()
                    .map(|v| literal(v, self.settings)),
                sensitivity: field.sensitive,
                start: field.start,
                width: field.width,
                pad: field.pad,
            });
        }
        let keys = layout
            .unique
            .iter()
            .enumerate()
            .filter(|(_, key)| key.kind == at && options.unique)
            .map(|(index, key)| (index, key.fields.clone()));
        let wishes = options.collect.iter().map(|c| c.wish()).enumerate();
        let wishes = wishes
            .filter(|(_, wish)| wish.kind == at)
            .map(|(index, wish)| (layout.unique.len() + index, wish.fields.clone()));
        Ok(KindPlan {
            place: kind.discriminator.as_ref().map(|d| d.place),
            value: kind
                .discriminator
                .as_ref()
                .map_or(Vec::new(), |d| literal(&d.value, self.settings)),
            followers: (0..layout.kinds.len())
                .map(|next| {
                    let sequence = layout.sequence.as_ref();
                    sequence.is_none_or(|s| s.step(s.resume(at), next).is_some())
                })
                .collect(),
            has_variants: fields.iter().any(|f| f.when.is_some()),
            has_conditions: fields.iter().any(|f| f.condition.is_some()),
            fields,
            keys: keys.chain(wishes).collect(),
            rules: Vec::new(),
            counted: Vec::new(),
            claimed: Vec::new(),
        })
    }

    fn profile(
        &mut self,
        field: &crate::spec::layout::Field,
        options: &Options<'_>,
    ) -> Result<usize, BadRepertoire> {
        let is_text = matches!(field.kind, FieldType::X | FieldType::C | FieldType::N);
        let width = match (field.width_class, field.kind) {
            (Some(WidthClass::Half), _) if is_text => Width::Half,
            (Some(WidthClass::Full), _) if is_text => Width::Full,
            (Some(WidthClass::Mixed), _) => Width::Any,
            (_, FieldType::X | FieldType::C) => Width::Half,
            (_, FieldType::N) => Width::Full,
            _ => Width::Any,
        };
        let expression = match (is_text, field.repertoire.as_str()) {
            (false, _) => "",
            (true, "") => self.settings.repertoire.as_str(),
            (true, own) => own,
        };
        let agreed = &self.settings.substitution_marks;
        let marks = if field.is_name_like {
            MARKS.into_iter().filter(|c| !agreed.contains(*c)).collect()
        } else {
            String::new()
        };
        let mut profile = Profile {
            width,
            repertoire: None,
            expression: expression.trim().to_owned(),
            ivs: self.settings.ivs,
            collection: None,
            svs: self.settings.svs.unwrap_or(self.settings.ivs),
            gaiji: None,
            duplicates: (self.settings.duplicates)
                .filter(|_| is_text && self.settings.encoding == Encoding::Cp932),
            private_use: self.settings.private_use,
            private_planes: self.settings.private_planes,
            nfc_stable: self.settings.nfc_stable,
            unicode: matches!(
                self.settings.encoding,
                Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be
            ),
            marks,
            newline: self.record_length == 0,
            filler: field.kind == FieldType::Dummy,
        };
        if let Some(known) = self.profiles.iter().position(|p| p.same_as(&profile)) {
            return Ok(known);
        }
        let listed = |id: &str| {
            let set = Repertoire::compile(id, self.settings.dialect, options.repertoires);
            set.map_err(|_| BadRepertoire(id.to_owned()))
        };
        if !self.settings.ivs_list.is_empty() {
            profile.collection = Some(listed(&self.settings.ivs_list)?);
        }
        if !self.settings.private_use_list.is_empty() {
            profile.gaiji = Some(listed(&self.settings.private_use_list)?);
        }
        if !profile.expression.is_empty() {
            let compiled = Repertoire::compile(
                &profile.expression,
                self.settings.dialect,
                options.repertoires,
            );
            let compiled = compiled.map_err(|_| BadRepertoire(profile.expression.clone()))?;
            profile.repertoire = Some(compiled);
        }
        self.profiles.push(profile);
        Ok(self.profiles.len() - 1)
    }

    fn compile_rules(&mut self) {
        let layout = self.layout;
        for (index, rule) in layout.rules.iter().enumerate() {
            let field = rule.then.fields().first().copied().unwrap_or(0);
            let title = layout
                .kinds
                .get(rule.kind)
                .and_then(|k| k.fields.get(field));
            let subject = self.subject(Subject {
                field: Some(layout.field_name(rule.kind, field)),
                field_no: title.map(|f| f.no),
                title: title.map_or(String::new(), |f| f.name.clone()),
                ..Subject::plain(&rule.id)
            });
            let plan = RulePlan {
                subject,
                when: rule.when.as_ref().map(|c| Test::new(c, self.settings)),
                then: Test::new(&rule.then, self.settings),
                field,
                rule: index,
            };
            if let Some(kind) = self.kinds.get_mut(rule.kind) {
                kind.rules.push(plan);
            }
        }
    }

    fn compile_totals(&mut self) {
        use crate::spec::layout::TotalOf;
        let layout = self.layout;
        self.totals_at = u32::try_from(self.subjects.len()).unwrap_or(FILE);
        for (index, total) in layout.totals.iter().enumerate() {
            let field = layout
                .kinds
                .get(total.kind)
                .and_then(|k| k.fields.get(total.field));
            self.subject(Subject {
                field: Some(layout.field_name(total.kind, total.field)),
                field_no: field.map(|f| f.no),
                title: field.map_or(String::new(), |f| f.name.clone()),
                ..Subject::plain(&total.text)
            });
            if let Some(kind) = self.kinds.get_mut(total.kind) {
                kind.claimed.push((index, total.field));
            }
            let (kind, field) = match total.of {
                TotalOf::Count(kind) => (kind, None),
                TotalOf::Sum(kind, field) => (kind, Some(field)),
                TotalOf::Parts(_) => continue,
            };
            let when = total.when.as_ref().map(|c| Test::new(c, self.settings));
            if let Some(kind) = self.kinds.get_mut(kind) {
                kind.counted.push(CountedPlan {
                    total: index,
                    field,
                    when,
                });
            }
        }
    }

    /// The tables of the quick path for a profile, where there are some.
    pub(super) fn tables_of(&self, profile: usize) -> Option<(&Tables, u8)> {
        self.quick.as_ref()?.tables_of(profile)
    }

    /// True when a record of `kind` may stand directly behind one of `before`.
    pub(super) fn may_follow(&self, before: usize, kind: usize) -> bool {
        let known = self.kinds.get(before).and_then(|k| k.followers.get(kind));
        known.copied().unwrap_or(true)
    }

    /// True when records end with a newline.
    pub(super) fn has_lines(&self) -> bool {
        self.settings.newline != Newline::None
    }
}
