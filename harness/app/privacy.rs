//! How far values may be seen in this call of the program: masked, masked with numbers for names, or revealed under an
//! approval. Revealing is written into the audit log before anything is shown.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::Args;
use renkei_core::judge::values_are_shown;
use renkei_core::mask::{Mask, Pseudonyms};
use renkei_core::model::Bilingual;
use renkei_core::plan::Privacy;
use renkei_core::record::ResultDocument;
use renkei_run::project_key;
use renkei_run::store::write_secret;

use crate::screen;
use crate::trouble::Trouble;

/// Options of `check` about values.
#[derive(Debug, Args)]
pub struct PrivacyArgs {
    /// 値の伏字をやめる（--approval と --by が必要。個人番号は示さない） / show values, but no individual number
    #[arg(long, requires = "approval", requires = "by")]
    pub reveal: bool,
    /// 伏字をやめる承認番号 / approval number for --reveal
    #[arg(
        long,
        value_name = "APPROVAL",
        default_value = "",
        hide_default_value = true
    )]
    pub approval: String,
    /// 実施者コード（--reveal の記録に書かれる） / who does it, for the log of --reveal
    #[arg(
        long,
        value_name = "CODE",
        default_value = "",
        hide_default_value = true
    )]
    pub by: String,
    /// --reveal を記録する監査記録の置き場所 / folder of the audit log
    #[arg(long, value_name = "DIR", default_value = "reports")]
    pub audit: PathBuf,
    /// 氏名を番号（人-000123）で見分ける鍵ファイル。番号の表は鍵の隣に置かれる / key file: names get numbers, kept beside the key
    #[arg(long, value_name = "KEY")]
    pub pseudonyms: Option<PathBuf>,
}

/// The numbers of the project, once for the whole program.
struct Numbers {
    book: Pseudonyms,
    table: PathBuf,
}

static NUMBERS: OnceLock<Numbers> = OnceLock::new();

impl PrivacyArgs {
    /// Guards, logs and opens what the options ask for. `what`: the files, for the audit log.
    pub(crate) fn begin(&self, what: &str) -> Result<(), Trouble> {
        if self.reveal {
            if self.approval.trim().is_empty() || self.by.trim().is_empty() {
                return Err(Trouble::PersonalData(Bilingual::new(
                    "--reveal には承認番号 --approval と実施者コード --by が要ります（監査記録に書かれます）。",
                    "--reveal needs --approval and --by: both are written into the audit log.",
                )));
            }
            let told = (self.by.as_str(), what, self.approval.as_str());
            crate::cli::log_reveal(&self.audit, told)?;
        }
        match &self.pseudonyms {
            Some(key) => open(key),
            None => Ok(()),
        }
    }

    /// The policy of this call.
    pub(crate) fn mask(&self) -> Mask {
        mask(self.reveal)
    }

    /// Says in the document that it shows values.
    pub(crate) fn stamp(&self, document: &mut ResultDocument) {
        if self.reveal {
            document.run.revealed.clone_from(&self.approval);
            document.remarks.push(values_are_shown(&self.approval));
        }
    }
}

/// The policy: masked, with numbers for names where a key was opened, or revealed.
pub(crate) fn mask(reveal: bool) -> Mask {
    let mask = if reveal {
        Mask::revealing()
    } else {
        Mask::default()
    };
    mask.naming(NUMBERS.get().map(|numbers| &numbers.book))
}

/// Opens the key (made when missing) and the table of numbers beside it.
pub(crate) fn open(key: &Path) -> Result<(), Trouble> {
    let (secret, made) = project_key(key)?;
    if made {
        let path = key.display();
        screen::note(&format!(
            "鍵ファイル {path} を作りました。報告書とは別に保管してください / key file {path} was made; keep it apart from reports"
        ));
    }
    let table = beside(key);
    let known = match std::fs::read_to_string(&table) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Trouble::file(&table, &error)),
    };
    let book = Pseudonyms::new(secret, &known);
    NUMBERS.get_or_init(|| Numbers { book, table });
    Ok(())
}

/// Opens the key that the plan of a run names, if it still lies where it lay. Judging again makes none: numbers under a new key
/// would be others.
pub(crate) fn open_known(plan: &str, privacy: &Privacy) -> Result<(), Trouble> {
    let key = privacy.key.trim();
    if key.is_empty() || NUMBERS.get().is_some() {
        return Ok(());
    }
    let folder = Path::new(plan).parent().unwrap_or(Path::new(""));
    let path = folder.join(key);
    if path.is_file() {
        return open(&path);
    }
    let path = path.display();
    screen::note(&format!(
        "鍵ファイル {path} がないため、氏名に番号を付けません。--pseudonyms で指定できます / no key file {path}: names get no numbers; name it with --pseudonyms"
    ));
    Ok(())
}

/// Keeps the numbers that were given, with those that somebody else gave meanwhile.
pub(crate) fn keep() -> Result<(), Trouble> {
    let Some(numbers) = NUMBERS.get() else {
        return Ok(());
    };
    let mine = numbers.book.table();
    let there = std::fs::read_to_string(&numbers.table).unwrap_or_default();
    let known = |line: &&str| {
        let digest = line.split('\t').next().unwrap_or_default();
        !mine.contains(digest)
    };
    let theirs: String = there
        .lines()
        .filter(known)
        .map(|line| format!("{line}\n"))
        .collect();
    if there != format!("{mine}{theirs}") {
        write_secret(&numbers.table, format!("{mine}{theirs}").as_bytes())?;
    }
    Ok(())
}

fn beside(key: &Path) -> PathBuf {
    let mut name = key.as_os_str().to_owned();
    name.push(".numbers");
    name.into()
}
