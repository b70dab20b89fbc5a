//! `renkei mock`: plays a party's system. Its configuration comes as one line of JSON on standard input, so that secrets
//! never stand in the list of processes; it ends when its standard input is closed.

use renkei_core::model::{Lang, exit};
use renkei_core::plan::StandInRole;
use renkei_run::stand_in::{self, MISBEHAVIOURS};

use super::args::{MockArgs, MockRole};
use crate::runtime;
use crate::screen;
use crate::trouble::Trouble;

pub(super) fn run(args: &MockArgs, lang: Lang) -> Result<u8, Trouble> {
    let role = match args.role {
        Some(MockRole::Provider) if !args.list_misbehaviours => StandInRole::Provider,
        Some(MockRole::Receiver) if !args.list_misbehaviours => StandInRole::Receiver,
        Some(MockRole::Authorization) if !args.list_misbehaviours => StandInRole::Authorization,
        Some(MockRole::Consumer) if !args.list_misbehaviours => StandInRole::Consumer,
        _ => return list(lang),
    };
    runtime::block_on(stand_in::mock(role))??;
    Ok(exit::PASSED)
}

fn list(lang: Lang) -> Result<u8, Trouble> {
    let mut text = String::new();
    for misbehaviour in MISBEHAVIOURS {
        text.push_str(&format!(
            "{:<28} {}\n",
            misbehaviour.name,
            match lang {
                Lang::Ja => misbehaviour.ja,
                Lang::En => misbehaviour.en,
            }
        ));
    }
    screen::result(&text)?;
    Ok(exit::PASSED)
}
