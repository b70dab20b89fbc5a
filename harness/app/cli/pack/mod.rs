//! `renkei pack`: a bundle as one file that can travel.

mod names;
mod places;
mod public;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use renkei_core::model::{Bilingual, Lang, exit};
use renkei_core::record::ResultDocument;
use renkei_run::Clock;
use renkei_run::store::Bundle;
use renkei_run::travel::{Contents, Edition, SigningKey, generate, pack};

use super::report::stored;
use crate::files::gather;
use crate::screen;
use crate::trouble::Trouble;

/// Arguments of `pack`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct PackArgs {
    /// What to do instead of packing.
    #[command(subcommand)]
    pub action: Option<PackAction>,
    /// 実施記録のフォルダ / folder of the run
    #[arg(required = true)]
    pub bundle: Option<PathBuf>,
    /// 書き出すファイル / the packed bundle (default: RUN.renkei.zip)
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// 署名する鍵 / sign with this key
    #[arg(long, value_name = "KEY")]
    pub sign: Option<PathBuf>,
    /// 公開版（ベンダー名を符号にし、証跡を含めない） / public edition: vendors as codes, no evidence
    #[arg(long)]
    pub public: bool,
    /// 実データの持ち出しの承認番号 / approval number for personal data
    #[arg(long, value_name = "APPROVAL")]
    pub allow_personal: Option<String>,
}

/// Other things to do.
#[derive(Debug, Subcommand)]
pub enum PackAction {
    /// 署名の鍵を作る（FILE と FILE.pub） / make a signing key
    Keygen {
        /// 鍵のファイル / the private key
        #[arg(value_name = "FILE")]
        key: PathBuf,
    },
}

pub(super) fn run(args: &PackArgs, lang: Lang) -> Result<u8, Trouble> {
    if let Some(PackAction::Keygen { key }) = &args.action {
        let public = generate(key)?;
        screen::result(&format!("{}\n{}\n", key.display(), public.display()))?;
        return Ok(exit::PASSED);
    }
    let Some(folder) = &args.bundle else {
        return Ok(exit::USAGE);
    };
    let key = args.sign.as_deref().map(SigningKey::read).transpose()?;
    let bundle = Bundle::open(folder)?;
    if let Some(difference) = bundle.verify()?.differences.into_iter().next() {
        return Err(Trouble::input(
            folder.display().to_string(),
            difference,
            Bilingual::new(
                "実施時と違う記録は持ち出せません。renkei verify で確かめてください",
                "a bundle that is not as it was written cannot be packed; see renkei verify",
            ),
        ));
    }
    let document = stored(folder)?;
    let files = contents_of(folder)?;
    let approval = guard(&document, &files, args, lang)?;
    let out = args
        .out
        .clone()
        .unwrap_or_else(|| format!("{}.renkei.zip", document.run.id).into());
    let mut contents = Contents {
        run: document.run.id.clone(),
        edition: Edition::Full,
        data_class: document.run.data_class.clone(),
        approval,
        packed_at: Clock::system().text(),
        files,
        made: BTreeMap::new(),
    };
    if args.public {
        contents.edition = Edition::Public;
        contents.made = public::parts(&document, &bundle)?;
        contents.files.clear();
    } else if !contents.files.contains_key("reports/result.json") {
        let text = serde_json::to_vec_pretty(&document).map_err(std::io::Error::from)?;
        contents.made.insert("reports/result.json".to_owned(), text);
    }
    let manifest = pack(&contents, key.as_ref(), &out)?;
    let count = manifest.files.len();
    let line = Bilingual::new(
        format!("{}（{count}個のファイル）", out.display()),
        format!("{} ({count} files)", out.display()),
    );
    screen::result(&format!("{}\n", line.get(lang)))?;
    Ok(exit::PASSED)
}

/// Every file of a finished bundle; `work/` is scratch of the run.
fn contents_of(folder: &Path) -> Result<BTreeMap<String, PathBuf>, Trouble> {
    let mut problems = Vec::new();
    let mut paths = vec![folder.join("header.json"), folder.join("events.jsonl")];
    for part in ["manifest.json", "blobs", "inputs", "reports"] {
        let path = folder.join(part);
        if path.exists() {
            paths.push(path);
        }
    }
    let mut files = BTreeMap::new();
    for path in paths {
        let prefix = if path.is_dir() {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
            format!("{}/", name.unwrap_or_default())
        } else {
            String::new()
        };
        for (name, place) in gather(&[path], &mut problems).files {
            let name = name.strip_prefix(&prefix).unwrap_or(&name).to_owned();
            files.insert(format!("{prefix}{name}"), place);
        }
    }
    if problems.is_empty() {
        Ok(files)
    } else {
        Err(Trouble::Inputs(problems))
    }
}

/// Personal data leave only with an approval; anonymised data are listed all the same.
fn guard(
    document: &ResultDocument,
    files: &BTreeMap<String, PathBuf>,
    args: &PackArgs,
    lang: Lang,
) -> Result<String, Trouble> {
    let class = document.run.data_class.as_str();
    if class == "fictional" {
        return Ok(args.allow_personal.clone().unwrap_or_default());
    }
    let listed: Vec<&str> = files
        .keys()
        .filter(|path| path.starts_with("blobs/") || path.starts_with("inputs/"))
        .map(String::as_str)
        .collect();
    let word = Bilingual::new(
        renkei_report::words::of(Lang::Ja, "data_class", class),
        renkei_report::words::of(Lang::En, "data_class", class),
    );
    let list = listed.join("\n  ");
    let told = if args.public {
        Bilingual::new(
            format!(
                "データ区分が「{}」の実施記録から公開版を作ります。証跡は含めません",
                word.ja
            ),
            format!(
                "a public edition of a run with {} data; evidence stays behind",
                word.en
            ),
        )
    } else {
        Bilingual::new(
            format!(
                "データ区分が「{}」の実施記録です。個人情報を含むことがあるファイル:\n  {list}",
                word.ja
            ),
            format!(
                "the run holds {} data; files that may hold personal data:\n  {list}",
                word.en
            ),
        )
    };
    let approval = args
        .allow_personal
        .as_deref()
        .map(str::trim)
        .unwrap_or_default();
    if class == "anonymised" || !approval.is_empty() {
        screen::note(told.get(lang));
        return Ok(approval.to_owned());
    }
    Err(Trouble::PersonalData(Bilingual::new(
        format!(
            "{}\n持ち出すには --allow-personal に承認番号を指定してください",
            told.ja
        ),
        format!(
            "{}\ngive the approval number with --allow-personal to let it leave",
            told.en
        ),
    )))
}
