use std::path::{Component, Path};

use renkei_core::model::Bilingual;
use renkei_core::plan::{Action, ApiCase, Case, FileCase, Scenario};
use renkei_core::record::Check;

use super::outcome;
use crate::error::RunError;
use crate::http::explain;
use crate::perform::places::{inbox, outbox, receipt};
use crate::perform::wanted;
use crate::session::Session;

type Seen = Result<Bilingual, (Bilingual, Bilingual)>;

/// One check a case: what it sends is there and can be made.
pub(super) fn checks(session: &Session<'_>) -> Vec<Check> {
    let scene = session.scene;
    let check = |case: &Case| {
        let linkage = scene.plan.linkage(&case.linkage)?;
        let (party, seen) = match &case.action {
            Action::File(file) => (&linkage.from, file_input(session, file)),
            Action::Api(api) => (&linkage.to, api_input(session, api)),
            Action::Scenario(scenario) => (&linkage.to, scenario_input(session, scenario)),
            Action::NotApplicable(_) => return None,
        };
        Some(outcome(
            format!("input:{}", case.id),
            party,
            Bilingual::new(
                format!("{} の入力データ", case.id),
                format!("input data of {}", case.id),
            ),
            seen,
            vec![case.id.clone()],
        ))
    };
    scene.plan.cases.iter().filter_map(check).collect()
}

fn told(error: &RunError) -> (Bilingual, Bilingual) {
    (error.message(), error.help())
}

fn file_input(session: &Session<'_>, case: &FileCase) -> Seen {
    let scene = &session.scene;
    if !is_file_name(&case.name) {
        return Err((
            Bilingual::new(
                format!("name \"{}\" はファイル名ではありません", case.name),
                format!("name \"{}\" is not a file name", case.name),
            ),
            Bilingual::new(
                "フォルダを含まない名前だけを書いてください（フォルダは outbox と inbox に）",
                "write the name only; folders belong into outbox and inbox",
            ),
        ));
    }
    let look = outbox(scene, case).map_err(|e| told(&e))?.look(&case.name);
    let look = look.map_err(|fault| {
        let (seen, fix) = explain(&fault);
        let place = format!("{}/{}", case.outbox, case.name);
        let seen = Bilingual::new(
            format!("{place}: {}", seen.ja),
            format!("{place}: {}", seen.en),
        );
        (seen, fix)
    })?;
    for folder in [
        inbox(scene, case),
        receipt(scene, case).map(|r| r.map(|r| r.folder)),
    ] {
        let Some(folder) = folder.map_err(|e| told(&e))? else {
            continue;
        };
        if !folder.own && !folder.path.is_dir() {
            let path = folder.path.display();
            return Err((
                Bilingual::new(
                    format!("フォルダ {path} がありません"),
                    format!("folder {path} is not there"),
                ),
                Bilingual::new(
                    "受信側のフォルダを作るか（または接続するか）、計画の inbox と receipt を直してください",
                    "make or mount the receiver's folder, or correct inbox and receipt in the plan",
                ),
            ));
        }
    }
    let bytes = look.bytes;
    Ok(Bilingual::new(
        format!("{} {bytes} バイト", case.name),
        format!("{} {bytes} bytes", case.name),
    ))
}

fn is_file_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == name)
}

fn api_input(session: &Session<'_>, case: &ApiCase) -> Seen {
    let scene = &session.scene;
    let Some(api) = scene.apis.get(&case.api) else {
        return Err((
            Bilingual::new(
                format!("API {} がパックにありません", case.api),
                format!("no API {} in the packs", case.api),
            ),
            Bilingual::new(
                "計画の packs と api を確かめてください",
                "check packs and api in the plan",
            ),
        ));
    };
    if !api.operations.contains_key(&case.operation) {
        return Err(told(&crate::perform::outgoing::unusable(case)));
    }
    let calls = wanted::calls(scene, case).map_err(|e| told(&e))?;
    let length = calls
        .first()
        .and_then(|c| c.made.body.as_ref())
        .map_or(0, Vec::len);
    let name = match case.body.as_str() {
        "" => &case.operation,
        file => file,
    };
    let (number, variation) = (calls.len(), case.variation.as_str());
    if number == 1 {
        return Ok(Bilingual::new(
            format!("{name} から {length} バイトの本文（{variation}）"),
            format!("body of {length} bytes from {name} ({variation})"),
        ));
    }
    Ok(Bilingual::new(
        format!("{name} から {number} 件の呼出し"),
        format!("{number} calls from {name}"),
    ))
}

/// What a scenario sends is only known when it runs; what it names must be there before.
fn scenario_input(session: &Session<'_>, scenario: &Scenario) -> Seen {
    let scene = &session.scene;
    for call in scenario.calls().filter(|c| !c.body.is_empty()) {
        let path = scene.path(&call.body, "body").map_err(|e| told(&e))?;
        std::fs::metadata(&path).map_err(|e| told(&RunError::reading(&path, e)))?;
    }
    let steps = scenario.all().count();
    Ok(Bilingual::new(
        format!("{steps} 手順"),
        format!("{steps} steps"),
    ))
}
