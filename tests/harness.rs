//! Runs the program in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A folder of its own for one test, removed at the end.
pub(crate) struct Bench {
    folder: tempfile::TempDir,
}

/// What a call of the program gave.
pub(crate) struct Called {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder can be made"),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Copies a folder of the repository into the bench under its own last name.
    pub(crate) fn copy(&self, folder: &str) -> PathBuf {
        let from = root().join(folder);
        let to = self
            .path()
            .join(from.file_name().expect("the folder has a name"));
        copy_all(&from, &to);
        to
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder"))
            .expect("the folder can be made");
        std::fs::write(&path, content).expect("the file can be written");
        path
    }

    /// Calls the program in the bench, in Japanese and without colour.
    pub(crate) fn renkei(&self, args: &[&str]) -> Called {
        self.renkei_with(args, &[])
    }

    pub(crate) fn renkei_with(&self, args: &[&str], environment: &[(&str, &str)]) -> Called {
        let mut command = Command::new(env!("CARGO_BIN_EXE_renkei"));
        command
            .args(args)
            .current_dir(self.path())
            .env("RENKEI_LANG", "ja")
            .env("NO_COLOR", "1")
            .env("TZ", "Asia/Tokyo");
        command.envs(environment.iter().copied());
        called(command.output().expect("the program can be started"))
    }
}

fn called(output: Output) -> Called {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    Called {
        code: output.status.code().expect("the program ends by itself"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

impl Called {
    /// Asserts the exit code, showing everything that was printed when it is another.
    #[track_caller]
    pub(crate) fn expect_code(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.stdout, self.stderr
        );
        self
    }

    /// Standard output as a result document that conforms to the published schema.
    #[track_caller]
    pub(crate) fn result(&self) -> Value {
        let document: Value = serde_json::from_str(&self.stdout).unwrap_or_else(|e| {
            panic!(
                "standard output is not JSON ({e}):\n{}\n{}",
                self.stdout, self.stderr
            )
        });
        expect_schema(&document);
        document
    }
}

/// Asserts that a result document conforms to the schema that `renkei schema result` prints.
#[track_caller]
pub(crate) fn expect_schema(document: &Value) {
    let schema: Value =
        serde_json::from_str(renkei_core::record::schema_text()).expect("the schema is JSON");
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("the schema is valid");
    let errors: Vec<String> = validator
        .iter_errors(document)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .take(5)
        .collect();
    assert!(
        errors.is_empty(),
        "the document breaks its schema:\n{}",
        errors.join("\n")
    );
}

fn copy_all(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the folder can be made");
    for entry in std::fs::read_dir(from)
        .expect("the folder is there")
        .flatten()
    {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("the file can be copied");
        }
    }
}

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)
        .expect("the folder is there")
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}
