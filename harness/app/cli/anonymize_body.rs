//! `renkei anonymize` of messages: `--spec PACK/MESSAGE` (XML), `PACK/OPERATION` or `PACK/API` (JSON).

use renkei_core::anonymize::{
    AnonymousBody, BodySpec, BodyWish, anonymize_json, anonymize_xml, json_faults,
};
use renkei_core::judge::check_message;
use renkei_core::mask::Mask;
use renkei_core::model::{Bilingual, Lang};
use renkei_core::spec::{ApiRules, Operation, Pack, Schema, XmlMessage};
use renkei_run::project_key;
use renkei_run::store::write_file;

use super::anonymize::{AnonymizeArgs, changes, not_onto_itself, of_finding, tell};
use crate::trouble::Trouble;

/// What the file is.
enum Body<'a> {
    Xml(&'a XmlMessage),
    Json(&'a ApiRules, Vec<&'a Schema>),
}

/// Makes a message anonymous when `--spec` names one; nothing when it names something else.
pub(super) fn run(
    args: &AnonymizeArgs,
    (pack, id): (&Pack, &str),
    lang: Lang,
) -> Result<Option<u8>, Trouble> {
    let Some(body) = body_of(pack, id) else {
        return Ok(None);
    };
    if let Some(setting) = args.settings.first() {
        return Err(Trouble::input(
            format!("--set {setting}"),
            Bilingual::new(
                "電文の設定は --set で変えられません",
                "--set does not change settings of messages",
            ),
            Bilingual::new(
                "文字コードはXML宣言または本文から読みます",
                "the encoding is read from the XML declaration or the body",
            ),
        ));
    }
    let old = std::fs::read(&args.file).map_err(|e| Trouble::file(&args.file, &e))?;
    not_onto_itself(args)?;
    let (key, made_key) = project_key(&args.key)?;
    let wish = BodyWish {
        key,
        keep: &args.keep,
        lists: &pack.lists,
    };
    let made = match &body {
        Body::Xml(message) => anonymize_xml(&wish, message, &old),
        Body::Json(rules, schemas) => anonymize_json(&wish, BodySpec { schemas, rules }, &old),
    };
    let help = Bilingual::new(
        "本文を確かめます。匿名化できない本文は渡せません",
        "look at the body; one that cannot be made anonymous cannot be handed on",
    );
    let AnonymousBody { made, kept } =
        made.map_err(|message| Trouble::input(args.file.display().to_string(), message, help))?;
    if let Some(unmet) = args.keep.iter().find(|name| !kept.contains(*name)) {
        return Err(Trouble::input(
            "--keep",
            Bilingual::new(
                format!("項目 {unmet} はこの本文にありません"),
                format!("the body has no item {unmet}"),
            ),
            Bilingual::new(
                "JSONの項目名、XMLの要素名か属性名（接頭辞なし）を書きます",
                "give names of JSON members, or of XML elements and attributes without prefix",
            ),
        ));
    }
    let [before, after] = match &body {
        Body::Json(rules, schemas) => json_faults(BodySpec { schemas, rules }, &old, &made.bytes),
        Body::Xml(message) => [&old, &made.bytes].map(|bytes| {
            let (found, _) = check_message(message, bytes, "", Mask::default());
            found.iter().map(of_finding).collect()
        }),
    };
    let changed = changes(&before, &after);
    write_file(&args.out, &made.bytes)?;
    tell(args, &made, (made_key, &key.name()), &changed, lang).map(Some)
}

/// The XML message, the operation or the API of that name; nothing when the pack has none.
fn body_of<'a>(pack: &'a Pack, id: &str) -> Option<Body<'a>> {
    if let Some(message) = pack.messages.get(id) {
        return Some(Body::Xml(message));
    }
    let api = pack
        .apis
        .iter()
        .find(|(name, api)| name.as_str() == id || api.operations.contains_key(id));
    let (name, api) = api?;
    let operations = api.operations.values();
    let schemas = operations
        .filter(|o| name == id || o.id == id)
        .flat_map(Operation::schemas);
    Some(Body::Json(&api.rules, schemas.collect()))
}
