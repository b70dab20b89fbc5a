//! Calls through the program, to a provider of renkei's own, that deviate from their agreement in one item each, beside a
//! conforming twin. Each row is a linkage of its own in one plan.

use std::fmt::Write;

use crate::agreement_exchanges::{answer, by_linkage, compare, linkage, run};
use crate::agreement_pairs::{STANDARD, profile};
use crate::harness::{Bench, root};

/// Item, what was agreed, the client and the body that are used, how the provider misbehaves, the rules that may tell;
/// nothing for a call as agreed.
struct Row {
    item: &'static str,
    agreed: &'static str,
    auth: &'static str,
    body: &'static str,
    provider: &'static str,
    variation: &'static str,
    rule: &'static str,
}

const USUAL: Row = Row {
    item: "",
    agreed: "",
    auth: "client_secret_jwt",
    body: "null",
    provider: "good",
    variation: "none",
    rule: "",
};

const fn as_agreed(item: &'static str, agreed: &'static str) -> Row {
    Row {
        item,
        agreed,
        ..USUAL
    }
}

const fn deviates(item: &'static str, agreed: &'static str, rule: &'static str) -> Row {
    Row {
        rule,
        ..as_agreed(item, agreed)
    }
}

const fn by(provider: &'static str, row: Row) -> Row {
    Row { provider, ..row }
}

const fn with(body: &'static str, row: Row) -> Row {
    Row { body, ..row }
}

/// Stands for the id of the client of the row. A token is kept for later calls of a client, so each row has its own.
const OWN_ID: &str = "own";
const OTHER_ID: &str = "BAGREEOTHER000000000000000000009";
const SCOPE: &str = "031:app_submit/v10/jutogaishaatenabangofuban:Create";

const ROWS: &[Row] = &[
    as_agreed("T09", "1.3"),
    deviates("T09", "1.2", "AGR-007"),
    as_agreed("T10", "1.1"),
    deviates("T10", "2", "AGR-007"),
    deviates("T03", "https://elsewhere.example/api", "AGR-007"),
    as_agreed("A01", "client_secret_jwt"),
    deviates("A01", "client_secret_basic", "AGR-007"),
    Row {
        auth: "client_secret_basic",
        ..as_agreed("A01", "client_secret_basic")
    },
    Row {
        auth: "client_secret_basic",
        ..deviates("A01", "client_secret_jwt", "AGR-007")
    },
    as_agreed("A02", OWN_ID),
    deviates("A02", OTHER_ID, "AGR-007"),
    as_agreed("A03", "40文字、毎年更新"),
    deviates("A03", "64文字", "AGR-007"),
    as_agreed("A04", "HS256"),
    Row {
        auth: "private_key_jwt",
        ..deviates("A04", "HS256", "AGR-007")
    },
    as_agreed("A06", SCOPE),
    deviates("A06", "031:app_submit/v10/other:Read", "AGR-007"),
    as_agreed("A07", "300"),
    by("lifetime", deviates("A07", "300", "AUT-002")),
    deviates("A07", "200", "AUT-002"),
    as_agreed("A09", "yes"),
    by("refresh", deviates("A09", "yes", "AUT-003")),
    as_agreed("F25", "null"),
    with("absent", as_agreed("F25", "absent")),
    with("absent", deviates("F25", "null", "AGR-007")),
    deviates("F25", "absent", "AGR-007"),
    with("empty", deviates("F25", "null", "AGR-007")),
    with("time", as_agreed("F21", "hh:mm")),
    deviates("F21", "hh:mm", "AGR-007"),
    with("time", deviates("F21", "hh:mm:ss", "AGR-007")),
    as_agreed("X12", "30"),
    by("slow", deviates("X12", "2", "API-008")),
    Row {
        variation: "no-token",
        ..as_agreed("X13", "api-2.0")
    },
    Row {
        variation: "no-token",
        ..by("errors", deviates("X13", "api-2.0", "API-003"))
    },
];

/// The providers: name, misbehaviour.
const PROVIDERS: &[(&str, &str)] = &[
    ("good", ""),
    ("lifetime", "token-lifetime-3600"),
    ("refresh", "refresh-token-issued"),
    ("slow", "slow"),
    ("errors", "non-json-error"),
];

/// The client of a row in the consumer's profile.
fn client(at: usize) -> String {
    format!("c{at:02}")
}

fn client_id(at: usize) -> String {
    format!("BAGREE{at:026}")
}

fn plan() -> String {
    let mut plan = "schema = \"renkei.plan/v1\"\ntitle = { ja = \"試\", en = \"t\" }\ndata_class = \"fictional\"\n\
        packs = [\"jutogai-fuban-api@2.0\"]\nagreement_items = [\"linkage-items@1\"]\n\
        [[party]]\nid = \"b\"\nprofile = \"b.toml\"\n"
        .to_owned();
    for (name, misbehave) in PROVIDERS {
        let list = if misbehave.is_empty() {
            String::new()
        } else {
            format!("\"{misbehave}\"")
        };
        let rows = (0..ROWS.len()).filter(|at| ROWS.get(*at).is_some_and(|r| r.provider == *name));
        let rows: Vec<String> = rows.map(client).collect();
        let clients: Vec<String> = rows.iter().map(|c| format!("\"b.{c}\"")).collect();
        let lifetimes: Vec<String> = rows.iter().map(|c| format!("{c} = 300")).collect();
        let _ = write!(
            plan,
            "[[party]]\nid = \"{name}\"\nprofile = \"{name}.toml\"\nstand_in = true\n\
             [[stand_in]]\nid = \"{name}-api\"\nrole = \"provider\"\napi = \"jutogai-fuban-api/fuban\"\n\
             clients = [{}]\ntoken_lifetime_s = {{ {} }}\nmisbehave = [{list}]\n",
            clients.join(", "),
            lifetimes.join(", "),
        );
    }
    plan
}

/// What an item that is not given may be null for, by the API's document.
const NULLABLE: &str = "atenabango kojinbango shimei uji_nihonjin na_nihonjin shimei_gaikokujinromaji shimei_gaikokujinkanji \
    shimei_furigana uji_nihonjin_furigana na_nihonjin_furigana tsusho tsusho_furigana tsusho_furiganakakuninjokyo seibetsu \
    seinengappi seinengappi_fushofuragu seinengappi_fushohyoki jusho_shikuchosonkodo jusho_choazakodo \
    shiteitoshi_gyoseikutokodo jusho_todofuken jusho_shikugunchosonmei jusho_choaza jusho_banchigohyoki jusho_katagaki \
    jusho_katagaki_furigana jusho_yubinbango jusho_kokumeikodo jusho_kokumeito jusho_kokugaijusho gyomuid \
    dokujishisakushisutemutoid nayosesakiatenabango";

fn bodies(bench: &Bench) {
    let given = serde_json::json!({
        "shorikubun": "0", "shikuchosonkodo": "131016", "shimei": "見本　花子", "seibetsu": "2",
        "seinengappi": "1980-04-01", "gyomuid": "010", "nayosemotofuragu": "0", "tagyomusanshofukafuragu": "0",
        "sosashaid": "OP0001", "sosanengappi": "2026-11-01", "sosajikoku": "09:00:00",
    });
    let mut null = given.clone();
    for name in NULLABLE
        .split_whitespace()
        .filter(|name| given.get(name).is_none())
    {
        null[name] = serde_json::Value::Null;
    }
    let with = |key: &str, value: &str| {
        let mut body = null.clone();
        body[key] = value.into();
        body
    };
    for (name, body) in [
        ("absent", given.clone()),
        ("empty", with("jusho_katagaki", "")),
        ("time", with("sosajikoku", "09:00")),
        ("null", null.clone()),
    ] {
        bench.write(&format!("{name}.json"), body.to_string());
    }
}

/// The profiles of the providers.
fn providers(bench: &Bench, both: &str) {
    for (name, ..) in PROVIDERS {
        let at = format!("{{stand_in.{name}-api.url}}");
        let ca = format!("ca = \"{{stand_in.{name}-api.ca}}\"\n");
        let endpoints = format!(
            "[endpoints.api]\nurl = \"{at}\"\n{ca}[endpoints.token]\nurl = \"{at}/oauth/v1/token\"\n{ca}"
        );
        bench.write(&format!("{name}.toml"), format!("{both}{endpoints}"));
    }
}

#[test]
fn each_call_that_deviates_in_one_item_is_told_of_and_its_twin_is_not() {
    let bench = Bench::new();
    bench.write("packs/README.md", "");
    bodies(&bench);
    let mut plan = plan();
    let (mut answers, mut clients, mut wanted) = (String::new(), String::new(), Vec::new());
    for (at, row) in ROWS.iter().enumerate() {
        let kind = if row.rule.is_empty() { "G" } else { "D" };
        let id = format!("{kind}{at:02}-{}", row.item);
        let case = format!(
            "[case.api]\napi = \"jutogai-fuban-api/fuban\"\noperation = \"jutogaishaatenabangofuban\"\nclient = \"{}\"\n\
             body = \"{}.json\"\nvariation = \"{}\"\ntarget = \"{}\"\nwait_s = 20\n",
            client(at),
            row.body,
            row.variation,
            if row.variation == "too-long" {
                "/shimei"
            } else {
                ""
            },
        );
        linkage(&mut plan, &id, row.provider, &case);
        let agreed = if row.agreed == OWN_ID {
            client_id(at)
        } else {
            row.agreed.to_owned()
        };
        answers.push_str(&answer(row.item, &agreed, &id));
        let _ = write!(
            clients,
            "[clients.{}]\nauth = \"{}\"\nclient_id = \"{}\"\n{}\n",
            client(at),
            row.auth,
            client_id(at),
            match row.auth {
                "private_key_jwt" => "key = { file = \"key.pem\" }",
                _ => "secret = { file = \"secret.txt\" }",
            },
        );
        if row.auth == "client_secret_basic" && row.item != "A01" {
            answers.push_str(&answer("A01", "client_secret_basic", &id));
        }
        wanted.push((
            id,
            if row.rule.is_empty() {
                Vec::new()
            } else {
                vec![(row.rule, row.item)]
            },
        ));
    }
    let both = profile(STANDARD, &[]) + &answers;
    bench.write("plan.toml", plan);
    let key = root().join("tests/tools/client-key.pem");
    bench.write("key.pem", std::fs::read(key).expect("a key of the tests"));
    bench.write("secret.txt", "0123456789abcdefghijABCDEFGHIJ0123456789");
    bench.write("b.toml", format!("{both}{clients}"));
    providers(&bench, &both);
    let document = run(&bench);
    let found = by_linkage(&document);
    let wrong: Vec<String> = wanted
        .iter()
        .filter_map(|(id, wanted)| compare(&found, id, wanted))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A token is kept for a second linkage of the same client: its rows say where the token call was seen.
#[test]
fn a_linkage_whose_token_was_kept_says_which_case_asked_for_it() {
    let bench = Bench::new();
    bench.write("packs/README.md", "");
    bodies(&bench);
    let mut plan = plan();
    for id in ["K1", "K2"] {
        let case = "[case.api]\napi = \"jutogai-fuban-api/fuban\"\noperation = \"jutogaishaatenabangofuban\"\n\
            client = \"c00\"\nbody = \"null.json\"\nwait_s = 20\n";
        linkage(&mut plan, id, "good", case);
    }
    let both = profile(STANDARD, &[("A07", "300")]);
    let client = |at: usize| {
        let (name, id) = (client(at), client_id(at));
        format!(
            "[clients.{name}]\nauth = \"client_secret_jwt\"\nclient_id = \"{id}\"\nsecret = {{ file = \"secret.txt\" }}\n"
        )
    };
    let clients: String = (0..ROWS.len()).map(client).collect();
    bench.write("plan.toml", plan);
    bench.write("secret.txt", "0123456789abcdefghijABCDEFGHIJ0123456789");
    bench.write("b.toml", format!("{both}{clients}"));
    providers(&bench, &both);
    let document = run(&bench);
    let row = |item: &str, linkage: &str| {
        let rows = document["agreement"].as_array().into_iter().flatten();
        let mut rows = rows.filter(|r| r["id"] == item && r["linkage"] == linkage);
        rows.next().cloned().unwrap_or_default()
    };
    assert_eq!(row("A07", "K1")["observed"], "300");
    for item in ["A01", "A07", "A09"] {
        let row = row(item, "K2");
        let why = row["not_observed"]["ja"].as_str().unwrap_or_default();
        assert_eq!(row["observed"], "", "{item}");
        assert!(why.starts_with("トークンは C-K1（LOG-"), "{item}: {why}");
    }
    // What the call itself shows is seen there, too.
    assert_eq!(row("T10", "K2")["observed"], "1.1");
}
