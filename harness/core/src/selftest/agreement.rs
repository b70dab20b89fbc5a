//! Examples that are answers of two sides to items of a small catalogue.

use crate::agreement::{Decision, Negotiated, Profile, Sides, join, join_scopes};
use crate::check::{Example, Sink, agr};
use crate::model::Problems;
use crate::spec::{Catalogue, Files};

/// Judges the answers `a` (provider) and `b` (consumer) to `item`; alternatives are separated by `|`, `-` is no answer.
/// `and=ITEM:a:b` answers a further item; `names=a:b` is the linkage that each side answers for; `site` is where both systems run; `decided` is what a negotiated record says.
pub(super) fn examine(example: &Example, out: &mut Sink) -> Result<(), String> {
    let mut problems = Problems::new();
    let mut answers = vec![(
        example
            .attribute("item")
            .ok_or("the attribute `item` is missing")?,
        example.attribute("a").unwrap_or("-"),
        example.attribute("b").unwrap_or("-"),
    )];
    if let Some(further) = example.attribute("and") {
        let mut parts = further.splitn(3, ':');
        let mut part = || parts.next().ok_or("`and` is ITEM:a:b");
        answers.push((part()?, part()?, part()?));
    }
    let catalogue = catalogue(&answers, &mut problems);
    let site = example.attribute("site").unwrap_or("");
    let names = example.attribute("names").and_then(|n| n.split_once(':'));
    let mut profile = |side: &str| {
        let of = answers
            .iter()
            .map(|(id, a, b)| (*id, if side == "a" { *a } else { *b }));
        let linkage = names.map_or("-", |(a, b)| if side == "a" { a } else { b });
        let text = profile_text(of, site, linkage);
        Profile::load(
            &format!("vendor-{side}/profile.toml"),
            text.as_bytes(),
            &mut problems,
        )
    };
    let (a, b) = (profile("a"), profile("b"));
    let (Some(a), Some(b), true) = (a, b, problems.is_empty()) else {
        return Err(format!("{problems:?}"));
    };
    let negotiated = example.attribute("decided").map(|value| Negotiated {
        version: 1,
        decisions: vec![Decision {
            item: answers[0].0.to_owned(),
            value: value.to_owned(),
            ..Decision::default()
        }],
        ..Negotiated::default()
    });
    let sides = Sides {
        linkage: if names.is_some() { "" } else { "L-01" },
        exchange: "",
        provider: ("a", &a),
        consumer: ("b", &b),
        method: "both",
        form: "",
        negotiated: negotiated.as_ref(),
    };
    let settled = match names {
        Some(_) => join_scopes(&catalogue, sides),
        None => join(&catalogue, sides),
    };
    agr::examine(&settled, out);
    if let (Some(observed), Some(settled)) = (example.attribute("observed"), settled.first()) {
        agr::examine_observed(settled, observed, "LOG-0001", out);
    }
    Ok(())
}

/// The catalogue of examples, with only the items that the example answers.
fn catalogue(answers: &[(&str, &str, &str)], problems: &mut Problems) -> Catalogue {
    let mut files = Files::default();
    for (name, text) in [
        (
            "agreement-items.csv",
            include_bytes!("items.csv").as_slice(),
        ),
        (
            "agreement-demands.csv",
            include_bytes!("demands.csv").as_slice(),
        ),
        (
            "agreement-implications.csv",
            include_bytes!("implications.csv").as_slice(),
        ),
    ] {
        files.insert(name, text.to_vec());
    }
    let mut catalogue = Catalogue::load(&files, "selftest", problems);
    catalogue
        .items
        .retain(|item| answers.iter().any(|(id, ..)| *id == item.id));
    catalogue
}

fn profile_text<'a>(
    answers: impl Iterator<Item = (&'a str, &'a str)>,
    site: &str,
    linkage: &str,
) -> String {
    let site = if site.is_empty() {
        String::new()
    } else {
        format!(", site = \"{site}\"")
    };
    let mut text = format!(
        "schema = \"renkei.profile/v1\"\nname = {{ ja = \"社\", en = \"vendor\" }}\n\
         system = {{ kind = \"standard\", product = \"p\", version = \"1\"{site} }}\n"
    );
    for (item, values) in answers.filter(|(_, values)| *values != "-") {
        let list: Vec<String> = values.split('|').map(|v| format!("\"{v}\"")).collect();
        text.push_str(&format!(
            "[[answer]]\nitem = \"{item}\"\nvalues = [{}]\n",
            list.join(", ")
        ));
        if linkage != "-" {
            text.push_str(&format!("linkage = \"{linkage}\"\n"));
        }
    }
    text
}
