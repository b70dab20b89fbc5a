//! Renders a result document into every format: `cargo run -p renkei-report --example render -- result.json OUT [ja|en]`.

use std::error::Error;
use std::path::PathBuf;

use renkei_core::model::Lang;
use renkei_report::{Format, Options, render};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [source, out, rest @ ..] = args.as_slice() else {
        return Err("give a result.json and a folder".into());
    };
    let lang = if rest.first().is_some_and(|word| word == "en") {
        Lang::En
    } else {
        Lang::Ja
    };
    let doc = serde_json::from_slice(&std::fs::read(source)?)?;
    let out = PathBuf::from(out);
    std::fs::create_dir_all(&out)?;
    for format in Format::ALL {
        for artifact in render(&doc, format, lang, &Options::default())? {
            std::fs::write(out.join(artifact.name), artifact.bytes)?;
        }
    }
    Ok(())
}
