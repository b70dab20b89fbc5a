//! The parent's side with real processes: scripts that behave as stand-ins do, or do not.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Instant;

use renkei_core::agreement::Profile;
use renkei_core::plan::Plan;

use super::*;
use crate::scene::numbering;
use crate::store::tests_support::scratch;
use crate::store::write_file;

const READY: &str = r#"{"ready":true,"url":"https://127.0.0.1:1","ca":"/ca.pem"}"#;
const SECRET: &str = "CANARY-SECRET-0123456789abcdef0123456789";

const PROFILE: &str = r#"
schema = "renkei.profile/v1"
name = { ja = "団体", en = "party" }
[system]
kind = "standard"
product = "P"
version = "1"
[endpoints.token]
url = "{stand_in.a-api.url}/auth/token"
audience = "{stand_in.a-api.url}/aud"
[endpoints.api]
url = "{stand_in.a-api.url}/base/"
[clients.main]
auth = "client_secret_basic"
client_id = "ID"
secret = { file = "secret.txt" }
"#;

/// A script that is being written must not be inherited by another test's child: the system then refuses to run it.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

struct Stage {
    dir: tempfile::TempDir,
    plan: Plan,
    profiles: BTreeMap<String, Profile>,
}

fn stage(stand_in: &str) -> Stage {
    let dir = scratch();
    assert!(write_file(&dir.path().join("v/secret.txt"), SECRET.as_bytes()).is_ok());
    let text = format!(
        r#"
schema = "renkei.plan/v1"
title = {{ ja = "試", en = "t" }}
data_class = "fictional"
packs = []
party = [{{ id = "a", profile = "v/profile.toml" }}]
linkage = [{{ id = "L", title = {{ ja = "連", en = "l" }}, from = "a", to = "a" }}]
case = []
[[stand_in]]
id = "a-api"
role = "provider"
api = "p/fuban"
{stand_in}
"#
    );
    let mut problems = Vec::new();
    let plan = Plan::load("plan.toml", text.as_bytes(), &mut problems);
    let profile = Profile::load("profile.toml", PROFILE.as_bytes(), &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    Stage {
        dir,
        plan: plan.unwrap_or_else(|| panic!("no plan")),
        profiles: profile.into_iter().map(|p| ("a".to_owned(), p)).collect(),
    }
}

impl Stage {
    fn script(&self, text: &str) -> PathBuf {
        let path = self.dir.path().join("stand-in.sh");
        assert!(write_file(&path, format!("#!/bin/sh\n{text}\n").as_bytes()).is_ok());
        let set = std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755));
        assert!(set.is_ok());
        path
    }

    async fn start(&self, exe: &Path) -> Result<(StandIns, Variables), RunError> {
        let api = numbering();
        let apis = BTreeMap::from([("p/fuban".to_owned(), &api)]);
        let variables = Variables::default();
        let scene = Scene {
            plan: &self.plan,
            profiles: &self.profiles,
            apis: &apis,
            base: self.dir.path(),
            variables: &variables,
        };
        StandIns::start(&scene, exe, self.dir.path(), &BTreeMap::new()).await
    }

    async fn refused(&self, script: &str) -> String {
        match self.start(&self.script(script)).await {
            Ok(_) => panic!("started"),
            Err(e) => e.message().en,
        }
    }
}

#[tokio::test]
async fn it_is_started_configured_over_stdin_and_ended_by_closing_it() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let stage =
        stage("clients = [\"a.main\"]\ntoken_lifetime_s = { main = 7 }\nmisbehave = [\"slow\"]");
    let script = format!(
        "read -r line; echo \"$line\" > \"$0.config\"; echo \"$@\" > \"$0.args\"\necho '{READY}'\ncat >/dev/null"
    );
    let exe = stage.script(&script);
    let started = stage.start(&exe).await;
    let Ok((stand_ins, variables)) = started else {
        panic!()
    };
    assert_eq!(
        variables.0.get("stand_in.a-api.url").map(String::as_str),
        Some("https://127.0.0.1:1")
    );
    assert_eq!(
        variables.0.get("stand_in.a-api.ca").map(String::as_str),
        Some("/ca.pem")
    );
    assert!(variables.0.contains_key("work"));
    let since = Instant::now();
    assert!(stand_ins.stop().await.is_ok());
    assert!(
        since.elapsed() < Duration::from_secs(1),
        "it ends when its stdin is closed"
    );
    let read = |suffix: &str| {
        std::fs::read_to_string(format!("{}{suffix}", exe.display())).unwrap_or_default()
    };
    assert_eq!(read(".args").trim(), "mock provider");
    let config: serde_json::Value = serde_json::from_str(&read(".config")).unwrap_or_default();
    assert_eq!(config["token_path"], "/auth/token");
    assert_eq!(config["api_path"], "/base");
    assert_eq!(config["audiences"][0], "{url}/aud");
    assert_eq!(config["clients"][0]["token_lifetime_s"], 7);
    assert_eq!(config["clients"][0]["secret"], SECRET);
    assert_eq!(config["misbehave"][0], "slow");
}

#[tokio::test]
async fn one_that_does_not_get_ready_is_told_with_its_last_words() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let stage = stage("");
    let told = stage
        .refused("echo 'port 8443 is in use' >&2; exit 4")
        .await;
    assert!(
        told.contains("port 8443 is in use") && told.contains("exit status: 4"),
        "{told}"
    );
    let told = stage.refused("read -r line; sleep 60").await;
    assert!(told.contains("not ready within"), "{told}");
    let told = stage.refused("echo hello; exit 0").await;
    assert!(told.contains("before it was ready"), "{told}");
    let nowhere = stage.start(Path::new("/no/such/binary")).await;
    assert!(nowhere.is_err_and(|e| e.message().en.contains("cannot be started")));
}

#[tokio::test]
async fn one_that_ends_on_its_own_is_noticed_and_a_stubborn_one_is_killed() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let stage = stage("");
    let started = stage
        .start(&stage.script(&format!("read -r l; echo '{READY}'; echo gone >&2; exit 3")))
        .await;
    let Ok((mut stand_ins, _)) = started else {
        panic!()
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    let told = stand_ins
        .check()
        .err()
        .map(|e| e.message().en)
        .unwrap_or_default();
    assert!(
        told.contains("gone") && told.contains("exit status: 3"),
        "{told}"
    );
    assert!(stand_ins.stop().await.is_err());
    let script = format!(
        "trap '' TERM INT HUP; read -r l; echo '{READY}'; echo $$ > \"$0.pid\"; while :; do sleep 1; done"
    );
    let exe = stage.script(&script);
    let Ok((mut stubborn, _)) = stage.start(&exe).await else {
        panic!()
    };
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(stubborn.check().is_ok());
    assert!(stubborn.stop().await.is_ok());
    let pid = std::fs::read_to_string(format!("{}.pid", exe.display())).unwrap_or_default();
    assert!(!Path::new("/proc").join(pid.trim()).join("exe").exists());
}

#[tokio::test]
async fn what_the_plan_gets_wrong_is_told_before_anything_starts() {
    let _alone = ONE_AT_A_TIME.lock().await;
    for (stand_in, words) in [
        ("misbehave = [\"sleepy\"]", "no misbehaviour \"sleepy\""),
        ("clients = [\"a.none\"]", "no client \"a.none\""),
        ("clients = [\"main\"]", "no client \"main\""),
    ] {
        let stage = stage(stand_in);
        let told = stage.refused("exit 0").await;
        assert!(told.contains(words), "{told}");
    }
    let mut stage = stage("");
    if let Some(stand_in) = stage.plan.stand_ins.first_mut() {
        stand_in.api = "p/none".to_owned();
    }
    let told = stage.refused("exit 0").await;
    assert!(told.contains("no API \"p/none\""), "{told}");
}
