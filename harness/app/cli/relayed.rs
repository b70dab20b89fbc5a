//! The bundle of a relay: what it was told is kept beside what it saw, so that it can be judged by the bundle alone.

use renkei_core::judge::{RelayJudge, RelayParties};
use renkei_core::model::{Bilingual, Problems};
use renkei_core::record::{Event, PackStamp, ResultDocument, RunStamp};
use renkei_core::spec::{Api, ApiFiles, Library};
use renkei_run::store::{Bundle, Tape};
use serde_json::{Value, json};

use crate::judging::BundleEvidence;
use crate::trouble::Trouble;

/// What the relay was told, in the bundle's inputs.
const TOLD: &str = "relay.json";
/// An OpenAPI document that is of no pack.
const OPENAPI: &str = "openapi.yaml";

/// By what a relay's exchanges are judged.
#[derive(Default)]
pub(super) struct Specification {
    /// The API; none: exchanges are only recorded.
    pub(super) api: Option<Api>,
    /// Its pack, and `pack@version/api`.
    pub(super) pack: Option<(PackStamp, String)>,
    /// Where the pack's files are within the library, `pack/version`, or the document itself.
    pub(super) files: Vec<(String, Vec<u8>)>,
}

impl Specification {
    /// The API `PACK/API` or `PACK@VERSION/API`.
    pub(super) fn of_pack(
        library: &Library,
        files: &renkei_core::spec::Files,
        reference: &str,
    ) -> Result<Self, Trouble> {
        let mut problems = Problems::new();
        let (coordinate, id) = reference.split_once('/').unwrap_or((reference, ""));
        let Some(mut pack) = library
            .load(coordinate, "--spec", &mut problems)
            .filter(|_| problems.is_empty())
        else {
            return Err(Trouble::Inputs(problems));
        };
        let stamp = pack.stamp();
        let known: Vec<String> = pack
            .apis
            .keys()
            .map(|a| format!("{}/{a}", pack.head.id))
            .collect();
        let Some(api) = pack.apis.remove(id) else {
            return Err(Trouble::input(
                "--spec",
                Bilingual::new(
                    format!("API \"{reference}\" がありません"),
                    format!("there is no API \"{reference}\""),
                ),
                Bilingual::new(
                    format!("あるもの: {}", known.join(", ")),
                    format!("there are: {}", known.join(", ")),
                ),
            ));
        };
        let folder = format!("{}/{}", stamp.id, stamp.version);
        let own = files.below(&folder);
        let files = own
            .iter()
            .map(|(path, bytes)| (format!("packs/{folder}/{path}"), bytes.to_vec()))
            .collect();
        let name = format!("{}@{}/{id}", stamp.id, stamp.version);
        Ok(Self {
            api: Some(api),
            pack: Some((stamp, name)),
            files,
        })
    }

    /// An OpenAPI document of its own, without what a pack adds to it.
    pub(super) fn of_document(name: &str, bytes: Vec<u8>) -> Result<Self, Trouble> {
        const RULES: &[u8] = b"id = \"api\"\ntitle = { ja = \"API\", en = \"API\" }\n";
        let mut problems = Problems::new();
        let files = ApiFiles {
            openapi: (name, &bytes),
            rules: ("api.toml", RULES),
        };
        match Api::load(files, &mut problems).filter(|_| problems.is_empty()) {
            Some(api) => Ok(Self {
                api: Some(api),
                pack: None,
                files: vec![(OPENAPI.to_owned(), bytes)],
            }),
            None => Err(Trouble::Inputs(problems)),
        }
    }
}

/// Keeps what the relay was told.
pub(super) fn keep(tape: &Tape, about: &RelayParties, spec: &Specification) -> Result<(), Trouble> {
    let named = spec.pack.as_ref().map(|(_, name)| name);
    let told = json!({ "schema": "renkei.relay/v1", "about": about, "spec": named });
    tape.input(
        TOLD,
        &serde_json::to_vec_pretty(&told).map_err(std::io::Error::from)?,
    )?;
    for (path, bytes) in &spec.files {
        tape.input(path, bytes)?;
    }
    Ok(())
}

/// True for the bundle of a relay.
pub(super) fn is_one(bundle: &Bundle) -> bool {
    bundle.folder().join("inputs").join(TOLD).is_file()
}

/// Judges a relay's bundle from what it holds.
pub(super) fn judge(bundle: &Bundle) -> Result<ResultDocument, Trouble> {
    let (about, spec) = told(bundle)?;
    let evidence = BundleEvidence(bundle);
    let judge = RelayJudge::new(spec.api.as_ref(), &about, &evidence);
    let mut judge = judge.naming(crate::privacy::mask(false));
    let mut run = RunStamp {
        id: bundle.header().run.clone(),
        title: about.title.clone(),
        started_at: bundle.header().created_at.clone(),
        finished_at: bundle.header().created_at.clone(),
        data_class: about.data_class.clone(),
        reproduce: about.reproduce.clone(),
        revealed: String::new(),
    };
    let mut ended = false;
    let mut remarks = Vec::new();
    let torn = bundle.each_event(&mut |stamped| {
        run.finished_at.clone_from(&stamped.at);
        match &stamped.event {
            // What cannot be read is counted by the judge and told in the document.
            Event::Exchanged(exchange) => drop(judge.add(exchange)),
            Event::RunEnded { .. } => ended = true,
            _ => {}
        }
        Ok(())
    })?;
    if !ended {
        remarks.push(Bilingual::new(
            "実施記録が途中で終わっています。残っていた分だけを判定しています。",
            "The record of the run ends early; only what it holds was judged.",
        ));
    }
    remarks.extend(torn);
    let packs = spec.pack.map(|(stamp, _)| stamp).into_iter().collect();
    Ok(judge.document(run, packs, remarks))
}

/// What the relay was told, read back from its bundle.
pub(super) fn told(bundle: &Bundle) -> Result<(RelayParties, Specification), Trouble> {
    let files = bundle.inputs()?;
    let value: Value =
        serde_json::from_slice(files.get(TOLD).unwrap_or_default()).unwrap_or_default();
    let about = value.get("about").cloned().unwrap_or_default();
    let about: RelayParties = serde_json::from_value(about).map_err(|e| {
        Trouble::input(
            bundle
                .folder()
                .join("inputs")
                .join(TOLD)
                .display()
                .to_string(),
            Bilingual::new(format!("読めません: {e}"), format!("cannot be read: {e}")),
            Bilingual::new(
                "別に保存した記録を使ってください",
                "use another copy of the bundle",
            ),
        )
    })?;
    let spec = match (
        value.get("spec").and_then(Value::as_str),
        files.get(OPENAPI),
    ) {
        (Some(name), _) => {
            let packs = files.below("packs");
            Specification::of_pack(&Library::new(packs.clone()), &packs, name)?
        }
        (None, Some(bytes)) => Specification::of_document(OPENAPI, bytes.to_vec())?,
        (None, None) => Specification::default(),
    };
    Ok((about, spec))
}
