//! Services that are not renkei's: programs in Python under tests/tools, and the small world that a run against them needs.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::auth::{profile, put};

pub(crate) const TOOLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools");

/// A program that prints its port; it ends when this is dropped.
pub(crate) struct Service {
    pub(crate) child: Child,
    pub(crate) port: u16,
}

impl Service {
    pub(crate) fn start(program: &str, args: &[&str]) -> Self {
        let language = if program.ends_with(".py") {
            "python3"
        } else {
            "node"
        };
        let mut child = Command::new(language)
            .arg(format!("{TOOLS}/{program}"))
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("{language} runs: {e}"));
        let mut line = Vec::new();
        let mut out = BufReader::new(child.stdout.as_mut().expect("a pipe"));
        out.read_until(b'\n', &mut line).expect("a line");
        let line = String::from_utf8_lossy(&line).into_owned();
        let port = line.trim().parse().expect("a port");
        Self { child, port }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What else the world of a run holds.
pub(crate) struct World<'a> {
    /// Id of pack and API.
    pub(crate) id: &'a str,
    /// OpenAPI document.
    pub(crate) api: &'a str,
    /// `api.toml` without its head.
    pub(crate) rules: &'a str,
    /// Cases of the plan.
    pub(crate) cases: &'a str,
    /// `[endpoints.api]` of the provider.
    pub(crate) endpoint: &'a str,
}

impl World<'_> {
    /// A folder with a pack, a plan of one linkage, and two profiles.
    pub(crate) fn make(&self) -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a folder");
        let Self {
            id, rules, cases, ..
        } = self;
        let title = format!("title = {{ ja = \"{id}\", en = \"{id}\" }}\n");
        let pack = format!(
            "id = \"{id}\"\nversion = \"1\"\n{title}document = {{ ja = \"試験用\", en = \"for tests\" }}\ndocument_version = \"1\"\ndocument_date = \"2026-11-01\"\nsource = \"renkei\"\nlicence = \"MIT\"\nfidelity = \"illustrative\"\n"
        );
        let here = dir.path();
        put(here, &format!("packs/{id}/1/pack.toml"), &pack);
        let apis = format!("packs/{id}/1/apis/{id}");
        put(here, &format!("{apis}/openapi.yaml"), self.api);
        let rules = format!("id = \"{id}\"\n{title}{rules}");
        put(here, &format!("{apis}/api.toml"), &rules);
        let plan = format!(
            "schema = \"renkei.plan/v1\"\n{title}data_class = \"fictional\"\npacks = [\"{id}@1\"]\nparty = [{{ id = \"a\", profile = \"a.toml\" }}, {{ id = \"b\", profile = \"b.toml\" }}]\n[[linkage]]\nid = \"L\"\n{title}from = \"a\"\nto = \"b\"\n{cases}"
        );
        put(here, "plan.toml", &plan);
        let endpoint = format!("[endpoints.api]\n{}", self.endpoint);
        put(here, "a.toml", &profile("A", &endpoint));
        put(here, "b.toml", &profile("B", ""));
        dir
    }
}

/// One case that calls an operation.
pub(crate) fn case(id: &str, api: &str, operation: &str, more: &str) -> String {
    format!(
        "[[case]]\nid = \"{id}\"\ntitle = {{ ja = \"{id}\", en = \"{id}\" }}\nlinkage = \"L\"\n[case.api]\napi = \"{api}/{api}\"\noperation = \"{operation}\"\nwait_s = 5\n{more}\n"
    )
}

/// The packs of a world.
pub(crate) fn packs(dir: &Path) -> std::path::PathBuf {
    dir.join("packs")
}
