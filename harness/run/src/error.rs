use std::io;
use std::path::{Path, PathBuf};

use renkei_core::model::{Bilingual, Lang};

/// What keeps the harness itself from working. A peer that misbehaves is never one of these: that is a recorded fact.
#[derive(Debug)]
pub enum RunError {
    /// A file or folder of the harness could not be read, written or made.
    Storage {
        /// What was tried.
        doing: Doing,
        /// Where.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A folder is not a run bundle this version can read.
    Bundle {
        /// The folder or file.
        path: PathBuf,
        /// What is wrong.
        message: Bilingual,
        /// What to do.
        help: Bilingual,
    },
    /// A stand-in did not start or did not stay.
    StandIn {
        /// Its id in the plan.
        id: String,
        /// What happened.
        message: Bilingual,
        /// What to do.
        help: Bilingual,
    },
    /// Something that a plan, profile or option names cannot be used.
    Input {
        /// File, variable or option.
        place: String,
        /// What is wrong.
        message: Bilingual,
        /// What to do.
        help: Bilingual,
    },
}

/// What was tried with a file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Reading.
    Reading,
    /// Writing or making.
    Writing,
}

impl RunError {
    /// A key that cannot be made for a client.
    pub(crate) fn from_key(client: &str, words: &str) -> Self {
        Self::Input {
            place: format!("clients.{client}"),
            message: Bilingual::new(
                format!("鍵を作れません（{words}）"),
                format!("a key cannot be made ({words})"),
            ),
            help: Bilingual::new(
                "profile.toml の key（PEM）を確かめてください",
                "check key (PEM) in profile.toml",
            ),
        }
    }

    pub(crate) fn reading(path: &Path, source: io::Error) -> Self {
        Self::Storage {
            doing: Doing::Reading,
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn writing(path: &Path, source: io::Error) -> Self {
        Self::Storage {
            doing: Doing::Writing,
            path: path.to_owned(),
            source,
        }
    }

    /// True when an input is at fault (exit code 2), false when the harness could not work (exit code 4).
    pub fn is_input(&self) -> bool {
        matches!(self, Self::Input { .. } | Self::Bundle { .. })
    }

    /// What happened, and where.
    pub fn message(&self) -> Bilingual {
        match self {
            Self::Storage {
                doing,
                path,
                source,
            } => {
                let path = path.display();
                let (ja, en) = match doing {
                    Doing::Reading => ("読めません", "cannot be read"),
                    Doing::Writing => ("書けません", "cannot be written"),
                };
                let words = system_words(source);
                Bilingual::new(
                    format!("{path}: {ja}（{}）", words.ja),
                    format!("{path}: {en} ({})", words.en),
                )
            }
            Self::Bundle { path, message, .. } => prefixed(&path.display().to_string(), message),
            Self::StandIn { id, message, .. } => Bilingual::new(
                format!("スタンドイン {id}: {}", message.ja),
                format!("stand-in {id}: {}", message.en),
            ),
            Self::Input { place, message, .. } => prefixed(place, message),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Bilingual {
        match self {
            Self::Storage { doing, source, .. } => storage_help(*doing, source.kind()),
            Self::Bundle { help, .. } | Self::StandIn { help, .. } | Self::Input { help, .. } => {
                help.clone()
            }
        }
    }

    /// Message and help in one language, the help on its own line.
    pub fn show(&self, lang: Lang) -> String {
        let label = match lang {
            Lang::Ja => "直し方",
            Lang::En => "help",
        };
        format!(
            "{}\n  {label}: {}",
            self.message().get(lang),
            self.help().get(lang)
        )
    }
}

impl std::fmt::Display for RunError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.show(Lang::En))
    }
}

impl std::error::Error for RunError {}

fn prefixed(place: &str, message: &Bilingual) -> Bilingual {
    Bilingual::new(
        format!("{place}: {}", message.ja),
        format!("{place}: {}", message.en),
    )
}

/// The system's words, which are English, with their meaning in Japanese in front where there is one. Paths that a
/// library put into them are left out: the message names the path that people know.
fn system_words(error: &io::Error) -> Bilingual {
    use io::ErrorKind as K;
    let inner = error.get_ref().and_then(std::error::Error::source);
    let words = inner.map_or_else(|| error.to_string(), ToString::to_string);
    let ja = match error.kind() {
        K::StorageFull | K::QuotaExceeded => "空き容量がありません",
        K::PermissionDenied => "権限がありません",
        K::ReadOnlyFilesystem => "読み取り専用です",
        K::NotFound => "見つかりません",
        K::IsADirectory => "フォルダです",
        K::NotADirectory => "途中がフォルダではありません",
        K::AlreadyExists => "同じ名前のものがあります",
        K::InvalidData => "UTF-8ではありません",
        _ => return Bilingual::same(words),
    };
    Bilingual::new(format!("{ja}: {words}"), words)
}

fn storage_help(doing: Doing, kind: io::ErrorKind) -> Bilingual {
    use io::ErrorKind as K;
    match kind {
        K::StorageFull | K::QuotaExceeded => Bilingual::new(
            "空き容量を増やすか、別の場所を指定して（--out）もう一度実行してください。書き終えた記録は残っています",
            "free space or choose another place (--out) and run again; what was recorded before is kept",
        ),
        K::PermissionDenied | K::ReadOnlyFilesystem => Bilingual::new(
            "このフォルダの権限を直すか、権限のある場所を指定してください",
            "fix the permissions of the folder or choose a place you may use",
        ),
        K::NotFound => Bilingual::new(
            "パスの綴りと、計画・プロファイルからの相対位置を確かめてください",
            "check the spelling and the folder it is relative to (the plan's or the profile's)",
        ),
        K::IsADirectory => Bilingual::new(
            "フォルダではなくファイルを指定してください",
            "name a file, not a folder",
        ),
        K::NotADirectory | K::AlreadyExists => Bilingual::new(
            "同じ名前のファイルがあります。名前を変えるか、別の場所を指定してください",
            "a file of that name is in the way: rename it or choose another place",
        ),
        _ if doing == Doing::Reading => Bilingual::new(
            "ファイルが他のプログラムに使われていないか、媒体が壊れていないか確かめてください",
            "check that no other program holds the file and that the medium is sound",
        ),
        _ => Bilingual::new(
            "書き込み先の状態を確かめて、もう一度実行してください",
            "check the place written to and run again",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_with_its_path_and_the_way_out() {
        let full = RunError::writing(
            Path::new("reports/runs/x/blobs"),
            io::Error::from(io::ErrorKind::StorageFull),
        );
        assert!(full.show(Lang::Ja).contains("reports/runs/x/blobs"));
        assert!(full.help().ja.contains("空き容量"));
        assert!(!full.is_input());
    }
}
