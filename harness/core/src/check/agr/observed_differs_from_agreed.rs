use super::{hit, of_scope, source};
use crate::agreement::Settled;
use crate::check::rule::Rule;
use crate::check::sink::{Hit, Sink};
use crate::model::{Bilingual, Cause, CauseKind, Confidence, Location};
use crate::record::AgreementRow;

/// AGR-007
pub(super) const RULE: Rule = Rule {
    code: "AGR-007",
    name: "observed-differs-from-agreed",
    source: include_str!("observed_differs_from_agreed.md"),
};

/// What an exchange (`log`) showed of an item against the value that holds.
pub fn check(settled: &Settled, observed: &str, log: &str, out: &mut Sink) {
    if settled
        .value
        .as_deref()
        .is_none_or(|value| value == observed)
    {
        return;
    }
    let at = Location {
        log: (!log.is_empty()).then(|| log.to_owned()),
        ..Location::default()
    };
    tell(settled, &(observed.to_owned(), at), None, out);
}

/// A value that was seen and is not what was agreed, with the place that showed it. `side`: whose it is, where that is known.
pub fn tell(
    settled: &Settled,
    (observed, at): &(String, Location),
    side: Option<CauseKind>,
    out: &mut Sink,
) {
    let Some(agreed) = settled.value.as_deref() else {
        return;
    };
    let answer = settled.provider.as_ref().or(settled.consumer.as_ref());
    let source = match answer {
        Some(_) => source(answer),
        None => settled.item.source.clone(),
    };
    let mut hit = hit(&RULE, settled, answer)
        .expected(agreed)
        .observed(observed)
        .arg("source", source.clone());
    hit.at.log.clone_from(&at.log);
    hit.at.field.clone_from(&at.field);
    if hit.at.file.is_none() {
        hit.at.file.clone_from(&at.file);
    }
    if at.record.is_some() {
        // The place in the data says more than the line of the declaration, which the proof names.
        hit.at.file.clone_from(&at.file);
        hit.at.line = None;
        hit.at.record = at.record;
    }
    hit.cause = side.map(|kind| Cause {
        kind,
        confidence: Confidence::Probable,
        proof: Bilingual::new(
            format!("合意の値の出典は {source} です。観測は交換の記録によります"),
            format!("the agreed value comes from {source}; what was observed is in the record of the exchange"),
        ),
    });
    out.push(hit);
}

/// As [`tell`], of a row of the comparison with what it holds as observed; the consumer's doing.
pub fn tell_row(row: &AgreementRow, at: Location, out: &mut Sink) {
    let source = row.sources.join(", ");
    let at = Location {
        item: Some(row.id.clone()),
        ..at
    };
    let mut hit = of_scope(Hit::new(&RULE, at), &row.linkage, &row.exchange)
        .key(format!("{}|{}", row.linkage, row.pair))
        .expected(row.agreed.clone())
        .observed(row.observed.clone())
        .arg("title_ja", row.title.ja.clone())
        .arg("title", row.title.en.clone())
        .arg("source", source);
    hit.cause = Some(Cause {
        kind: CauseKind::Receiver,
        confidence: Confidence::Probable,
        proof: Bilingual::new(
            "要求を送り直すのは利用側です。観測は交換の記録によります",
            "it is the consumer who sends a request again; what was observed is in the record",
        ),
    });
    out.push(hit);
}
