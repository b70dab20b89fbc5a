//! Examples that are answers of two sides to one item of a small catalogue.

use crate::agreement::{Profile, Sides, join};
use crate::check::{Example, Sink, agr};
use crate::model::Problems;
use crate::spec::load_items;

/// Judges the answers `a` (provider) and `b` (consumer) to `item`; alternatives are separated by `|`, `-` is no answer.
pub(super) fn examine(example: &Example, out: &mut Sink) -> Result<(), String> {
    let mut problems = Problems::new();
    let items = load_items("items.csv", include_bytes!("items.csv"), &mut problems);
    let id = example
        .attribute("item")
        .ok_or("the attribute `item` is missing")?;
    let item: Vec<_> = items.into_iter().filter(|item| item.id == id).collect();
    let method = item
        .first()
        .map(|i| i.method.clone())
        .ok_or_else(|| format!("no item {id}"))?;
    let mut profile = |side: &str| {
        let values = example.attribute(side).unwrap_or("-");
        let text = profile_text(id, values);
        Profile::load(
            &format!("vendor-{side}/profile.toml"),
            text.as_bytes(),
            &mut problems,
        )
    };
    let (a, b) = (profile("a"), profile("b"));
    let (Some(a), Some(b)) = (a, b) else {
        return Err(format!("{problems:?}"));
    };
    let sides = Sides {
        linkage: "L-01",
        provider: ("a", &a),
        consumer: ("b", &b),
    };
    let settled = join(&item, sides, &method);
    agr::examine(&settled, out);
    if let (Some(observed), Some(settled)) = (example.attribute("observed"), settled.first()) {
        agr::examine_observed(settled, observed, "LOG-0001", out);
    }
    Ok(())
}

fn profile_text(item: &str, values: &str) -> String {
    let head = "schema = \"renkei.profile/v1\"\nname = { ja = \"社\", en = \"vendor\" }\n\
                system = { kind = \"standard\", product = \"p\", version = \"1\" }\n";
    if values == "-" {
        return head.to_owned();
    }
    let list: Vec<String> = values.split('|').map(|v| format!("\"{v}\"")).collect();
    format!(
        "{head}[[answer]]\nitem = \"{item}\"\nvalues = [{}]\n",
        list.join(", ")
    )
}
