//! `renkei spec show`
use renkei_core::model::Lang;
use renkei_core::spec::Library;
use crate::trouble::Trouble;
/// Arguments of `spec show`.
#[derive(Debug, clap::Args)]
pub struct ShowArgs { /// x
 pub part: String }
pub(super) fn run(_: &ShowArgs, _: &Library, _: Lang) -> Result<u8, Trouble> { Ok(0) }
