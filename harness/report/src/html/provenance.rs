//! What the run was made of: packs, parties, inputs.

use renkei_core::model::Lang;
use renkei_core::record::{Input, PackStamp, Party, ResultDocument};
use serde::Serialize;

use crate::{view, words};

#[derive(Debug, Serialize)]
pub(super) struct Pack {
    id: String,
    version: String,
    fidelity: String,
    source: String,
    sha256: String,
}

#[derive(Debug, Serialize)]
pub(super) struct PartyRow {
    id: String,
    name: String,
    role: String,
    product: String,
    version: String,
    stand_in: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct InputRow {
    name: String,
    case: String,
    bytes: String,
    records: String,
    sha256: String,
}

pub(super) fn packs(doc: &ResultDocument, lang: Lang) -> Vec<Pack> {
    let pack = |pack: &PackStamp| Pack {
        id: pack.id.clone(),
        version: pack.version.clone(),
        fidelity: words::of(lang, "fidelity", &pack.fidelity),
        source: pack.source.clone(),
        sha256: pack.sha256.clone(),
    };
    doc.packs.iter().map(pack).collect()
}

pub(super) fn parties(doc: &ResultDocument, lang: Lang) -> Vec<PartyRow> {
    let party = |party: &Party| PartyRow {
        id: party.id.clone(),
        name: view::party_name(doc, &party.id, lang),
        role: words::of(lang, "role", &party.role),
        product: party.product.clone(),
        version: party.version.clone(),
        stand_in: party.stand_in,
    };
    doc.parties.iter().map(party).collect()
}

pub(super) fn inputs(doc: &ResultDocument) -> Vec<InputRow> {
    let input = |input: &Input| InputRow {
        name: input.name.clone(),
        case: input.case.clone(),
        bytes: view::number(input.bytes),
        records: input.records.map(view::number).unwrap_or_default(),
        sha256: input.sha256.clone(),
    };
    doc.inputs.iter().map(input).collect()
}
