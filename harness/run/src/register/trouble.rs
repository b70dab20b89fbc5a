//! What can be wrong with a register, in words.

use std::path::Path;

use renkei_core::model::Bilingual;
use rusqlite::ErrorCode;

use crate::error::RunError;

/// An error of the database with what to do about it.
pub(super) fn told(path: &Path, error: &rusqlite::Error) -> RunError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => something_else(path),
        Some(ErrorCode::DatabaseCorrupt) => damaged(path, &error.to_string()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => RunError::Input {
            place: path.display().to_string(),
            message: Bilingual::new(
                "別のプロセスが課題管理簿を使い続けています",
                "another process keeps the register busy",
            ),
            help: Bilingual::new(
                "その処理が終わってからもう一度実行してください。何も変更していません",
                "run again when it is done; nothing was changed",
            ),
        },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            RunError::writing(path, std::io::ErrorKind::PermissionDenied.into())
        }
        Some(ErrorCode::DiskFull) => {
            RunError::writing(path, std::io::ErrorKind::StorageFull.into())
        }
        _ => RunError::writing(path, std::io::Error::other(error.to_string())),
    }
}

fn refused(path: &Path, message: Bilingual, help: Bilingual) -> RunError {
    RunError::Input {
        place: path.display().to_string(),
        message,
        help,
    }
}

/// The file is damaged.
pub(super) fn damaged(path: &Path, detail: &str) -> RunError {
    refused(
        path,
        Bilingual::new(
            format!("課題管理簿が壊れています（{detail}）"),
            format!("the register is damaged ({detail})"),
        ),
        Bilingual::new(
            "控えから戻すか、別の --register に実施記録を issues sync し、書き出してあった kadai.xlsx を取り込んでください",
            "restore a copy, or sync the bundles into another --register and import the kadai.xlsx you exported",
        ),
    )
}

/// Not a register.
pub(super) fn something_else(path: &Path) -> RunError {
    refused(
        path,
        Bilingual::new(
            "renkei の課題管理簿ではありません",
            "this is not a register of renkei",
        ),
        Bilingual::new(
            "--register に課題管理簿のファイル（例 reports/register.sqlite）を指定してください。このファイルには書き込んでいません",
            "give the register with --register (such as reports/register.sqlite); this file was not written to",
        ),
    )
}

/// Made by a newer version.
pub(super) fn newer(path: &Path, found: i32, known: i32) -> RunError {
    refused(
        path,
        Bilingual::new(
            format!("課題管理簿の版が {found} です。この renkei が使えるのは {known} までです"),
            format!("the register is of version {found}; this renkei knows up to {known}"),
        ),
        Bilingual::new(
            "課題管理簿を作った版かそれより新しい renkei を使ってください",
            "use the renkei that made it, or a newer one",
        ),
    )
}

/// There is none.
pub(super) fn none_there(path: &Path) -> RunError {
    refused(
        path,
        Bilingual::new("課題管理簿がありません", "there is no register"),
        Bilingual::new(
            "renkei issues sync 実施記録 で作るか、--register で場所を指定してください",
            "make one with renkei issues sync BUNDLE, or say where it is with --register",
        ),
    )
}

/// A row was changed since it was read. Cannot happen inside an immediate transaction; held all the same.
pub(super) fn overtaken(path: &Path, id: &str) -> RunError {
    refused(
        path,
        Bilingual::new(
            format!("{id} はその間に変更されました。何も変更していません"),
            format!("{id} was changed in the meantime; nothing was written"),
        ),
        Bilingual::new("もう一度実行してください", "run again"),
    )
}
