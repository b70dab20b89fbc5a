use super::*;
use crate::model::Problems;
use crate::spec::Files;

const ITEMS: &str = "\
id,kind,title_ja,title_en,question_ja,question_en,values,standard,standard_source,method,mandatory,blocking,setting,observe,rules,note,choice,usual
F03,設定,改行,Newline,,,crlf|lf,,,file,yes,no,newline,bytes,LAY-004,,,
F02,設定,BOM,BOM,,,forbid|allow,,,file,no,no,bom,bytes,,,provider,
F07,設定,囲み,Quoting,,,any|always,,,file,no,no,quoting,bytes,,,consumer,
X12,協議,時間切れ,Time-out,,,int,,,api,no,no,api.timeout_s,,,,,30
T02,協議,経路,Path,,,sftp|share,,,file,no,no,,,,,,
A07,設定,有効期間,Lifetime,,,int,<=600,S,api,no,no,auth.token_lifetime_s,token,AUT-002,,,
A04,設定,alg,alg,,,HS256|RS256,HS256,S 2.2.5,both,no,no,,token,,,,
";
const DEMANDS: &str = "\
item,when,status,values,reason_ja,reason_en,source
T02,not (provider_site = on-premises and consumer_kind = on-premises),,sftp,共有はオンプレミスどうしに限る,shares only on premises,S
F02,form = fixed,not_applicable,,固定長にBOMはない,no BOM in fixed files,S
";

fn profile(system: &str, answers: &str) -> Profile {
    let text = format!(
        "schema = \"renkei.profile/v1\"\nname = {{ ja = \"社\", en = \"v\" }}\n\
             system = {{ {system}, product = \"p\", version = \"1\" }}\n{answers}"
    );
    let mut problems = Problems::new();
    let profile = Profile::load("p.toml", text.as_bytes(), &mut problems);
    assert_eq!(problems, []);
    profile.expect("the profile is right")
}

fn answer(item: &str, values: &str) -> String {
    format!("[[answer]]\nitem = \"{item}\"\nvalues = {values}\n")
}

fn catalogue() -> Catalogue {
    let mut files = Files::new();
    files.insert("agreement-items.csv", ITEMS);
    files.insert("agreement-demands.csv", DEMANDS);
    let mut problems = Problems::new();
    let catalogue = Catalogue::load(&files, "pack", &mut problems);
    assert_eq!(problems, []);
    catalogue
}

fn between(a: &Profile, b: &Profile, form: &str, negotiated: Option<&Negotiated>) -> Vec<Settled> {
    let sides = Sides {
        linkage: "L",
        exchange: "",
        provider: ("a", a),
        consumer: ("b", b),
        method: "both",
        form,
        negotiated,
    };
    join(&catalogue(), sides)
}

fn row(item: &str, a: Option<&str>, b: Option<&str>) -> AgreementRow {
    let of = |values: Option<&str>| {
        profile(
            "kind = \"standard\"",
            &values.map(|v| answer(item, v)).unwrap_or_default(),
        )
    };
    let settled = between(&of(a), &of(b), "", None);
    settled
        .iter()
        .find(|s| s.item.id == item)
        .expect("the item is in the catalogue")
        .row()
}

fn state(item: &str, a: Option<&str>, b: Option<&str>) -> (AgreementState, String) {
    let row = row(item, a, b);
    (row.state, row.agreed)
}

#[test]
fn the_states_of_an_item() {
    use AgreementState::{Agreed, Conflict, OneSide, Open, Outside, Silent, Standard};
    let both = |a, b| state("F03", Some(a), Some(b));
    assert_eq!(both("['crlf']", "['lf', 'crlf']"), (Agreed, "crlf".into()));
    assert_eq!(
        both("['crlf', 'lf']", "['lf', 'crlf']"),
        (Open, String::new())
    );
    assert_eq!(both("['crlf']", "['lf']"), (Conflict, String::new()));
    assert_eq!(both("['crlf']", "['cr']"), (Outside, String::new()));
    assert_eq!(state("F03", None, Some("['lf']")), (OneSide, String::new()));
    assert_eq!(state("F03", None, None), (Silent, String::new()));
    assert_eq!(state("A04", None, None), (Standard, "HS256".into()));
    assert_eq!(
        state("A04", Some("['RS256']"), None),
        (Outside, String::new())
    );
    assert_eq!(
        state("A07", Some("['300']"), Some("['300']")),
        (Agreed, "300".into())
    );
    assert_eq!(
        state("A07", Some("['900']"), Some("['900']")),
        (Outside, String::new())
    );
}

#[test]
fn ranges_and_preferences() {
    use AgreementState::{Agreed, Conflict, Open, Outside};
    let x12 = |a, b| row("X12", Some(a), Some(b));
    assert_eq!(
        (
            x12("['10..60']", "['30']").state,
            x12("['10..60']", "['30']").agreed.as_str()
        ),
        (Agreed, "30")
    );
    assert_eq!(
        (
            x12("['10..60']", "['20..90']").state,
            x12("['10..60']", "['20..90']").proposal.as_str()
        ),
        (Open, "30")
    );
    assert_eq!(x12("['40..60']", "['20..90']").proposal, "40");
    assert_eq!(x12("['10..20']", "['30..']").state, Conflict);
    assert_eq!(
        state("A07", Some("['300..900']"), Some("['300']")),
        (Outside, String::new())
    );
    // The catalogue names the side whose order decides.
    assert_eq!(
        state(
            "F02",
            Some("['allow', 'forbid']"),
            Some("['forbid', 'allow']")
        ),
        (Agreed, "allow".into())
    );
    assert_eq!(
        state("F07", Some("['any', 'always']"), Some("['always', 'any']")),
        (Agreed, "always".into())
    );
}

#[test]
fn a_pair_is_held_to_what_its_kinds_demand() {
    use AgreementState::{Agreed, Outside};
    let share = answer("T02", "['share']");
    let state = |a: &str, b: &str| {
        let settled = between(&profile(a, &share), &profile(b, &share), "", None);
        let one = settled
            .iter()
            .find(|s| s.item.id == "T02")
            .expect("it is asked");
        one.state
    };
    let on_site = "kind = \"standard\", site = \"on-premises\"";
    assert_eq!(state(on_site, "kind = \"on-premises\""), Agreed);
    assert_eq!(
        state("kind = \"standard\"", "kind = \"on-premises\""),
        Outside
    );
    let plain = profile("kind = \"standard\"", "");
    let asked = |form| {
        between(&plain, &plain, form, None)
            .iter()
            .any(|s| s.item.id == "F02")
    };
    assert!(asked("") && asked("delimited") && !asked("fixed"));
}

#[test]
fn what_was_decided_before_settles_what_is_open() {
    use AgreementState::{Agreed, Conflict};
    let decided = |value: &str, a: &str, b: &str| {
        let record = Negotiated {
            version: 3,
            decisions: vec![super::super::Decision {
                item: "F03".into(),
                value: value.into(),
                ..Default::default()
            }],
            ..Negotiated::default()
        };
        let (a, b) = (
            profile("kind = \"standard\"", &answer("F03", a)),
            profile("kind = \"local\"", &answer("F03", b)),
        );
        let settled = between(&a, &b, "", Some(&record));
        let one = settled
            .into_iter()
            .find(|s| s.item.id == "F03")
            .expect("it is asked");
        (one.state, one.value, one.overruled)
    };
    let open = "['crlf', 'lf']";
    assert_eq!(decided("lf", open, open), (Agreed, Some("lf".into()), None));
    assert_eq!(decided("cr", open, open).2, Some("cr".into()));
    assert_eq!(
        decided("lf", "['crlf']", "['lf']"),
        (Conflict, None, Some("lf".into()))
    );
    assert_eq!(
        decided("lf", "['crlf']", "['crlf']"),
        (Agreed, Some("crlf".into()), Some("lf".into()))
    );
}
