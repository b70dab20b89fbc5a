//! What was settled for one exchange, as those need it who read its bytes.

use super::{Decision, Negotiated, Settled};
use crate::model::{Bilingual, Problem, Problems};
use crate::record::AgreementState;
use crate::spec::{Basis, Catalogue, FileSettings, Item, Layout};

/// The items of one exchange.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms<'a>(pub &'a [Settled]);

impl<'a> Terms<'a> {
    /// The value that holds for a setting (`auth.token_lifetime_s`).
    pub fn agreed(self, setting: &str) -> Option<&'a str> {
        self.0
            .iter()
            .find(|s| s.item.setting == setting)?
            .value
            .as_deref()
    }

    /// The settings of a file: the layout's own, overridden by what was agreed.
    ///
    /// Items that are open, in conflict or unanswered decide nothing; the layout's value holds and says so by its basis.
    pub fn file_settings(self, layout: &Layout) -> FileSettings {
        let mut settings = layout.file.clone();
        for settled in self.0 {
            if let Some(value) = &settled.value {
                let basis = Basis::Agreement(settled.item.id.clone());
                // Values outside what the layout can use were told when the answers were checked.
                let _ = settings.set_from(&settled.item.setting, value, basis);
                settings.plus_sign |= is(settled, "form.sign", "plus-minus");
                settings.private_planes |= is(settled, "form.additional", "keep");
            }
        }
        settings
    }

    /// A layout with the forms of values that were agreed.
    pub fn layout(self, declared: &Layout) -> Layout {
        declared.as_agreed(&|setting| self.agreed(setting))
    }
}

fn is(settled: &Settled, setting: &str, value: &str) -> bool {
    settled.item.setting == setting && settled.value.as_deref() == Some(value)
}

/// The items that a negotiated record decides, where no declarations stand beside it. Each value that its item does not allow
/// or that its setting cannot be is a problem.
pub fn decided(
    catalogue: &Catalogue,
    record: &Negotiated,
    (linkage, exchange): (&str, &str),
    problems: &mut Problems,
) -> Vec<Settled> {
    let mut settled = Vec::new();
    for item in &catalogue.items {
        if let Some(decision) = record.decision(&item.id, linkage, exchange) {
            let usable = usable(&item.setting, &decision.value);
            if let (false, _) | (_, Err(_)) = (item.allowed.accepts(&decision.value), &usable) {
                problems.push(not_allowed(record, item, decision, usable.err()));
            }
            settled.push(of_decision(record, item, decision));
        }
    }
    settled
}

/// Whether a setting of files can have a value.
fn usable(setting: &str, value: &str) -> Result<(), Bilingual> {
    match FileSettings::KEYS.contains(&setting) {
        true => FileSettings::default().set_from(setting, value, Basis::default()),
        false => Ok(()),
    }
}

fn of_decision(record: &Negotiated, item: &Item, decision: &Decision) -> Settled {
    Settled {
        item: item.clone(),
        linkage: decision.linkage.clone(),
        exchange: decision.exchange.clone(),
        pair: record.pair.clone(),
        state: AgreementState::Agreed,
        provider: None,
        consumer: None,
        value: Some(decision.value.clone()),
        common: Vec::new(),
        proposal: None,
        outside: Vec::new(),
        contradictions: Vec::new(),
        overruled: None,
        named_by: None,
        basis: Bilingual::new(
            format!("合意設定書 第{}版による", record.version),
            format!("as in version {} of the negotiated record", record.version),
        ),
    }
}

fn not_allowed(
    record: &Negotiated,
    item: &Item,
    decision: &Decision,
    why: Option<Bilingual>,
) -> Problem {
    let (id, value) = (&decision.item, &decision.value);
    Problem::of_file(
        &record.file,
        Bilingual::new(
            format!("{id} {} の値 {value} は許されていません", item.title.ja),
            format!("{value} is not allowed for {id} {}", item.title.en),
        ),
        why.unwrap_or_else(|| {
            Bilingual::new(
                format!("書ける値: {}", item.allowed),
                format!("it may be: {}", item.allowed),
            )
        }),
    )
}
