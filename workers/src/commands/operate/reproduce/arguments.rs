//! Arguments of `tekseru reproduce`.

use std::path::PathBuf;

use clap::Args;

use crate::application_key::ApplicationKey;
use crate::services::config::{RegistryArguments, StoreArguments};
use crate::services::examiner_arguments::ExaminerArguments;

/// Compute a stored verdict again, and say whether it is equal, or what differs.
///
/// First it is judged again from the inputs that the registry stores with each revision:
/// the form, the examinations, the day. Then its uploads are fetched, their hashes are
/// compared, each is examined again on this machine, and the result is judged. Nothing
/// is changed. Use the same limits on files as the workers: the name of the examiner
/// contains them. The audit log records who reproduced which verdict.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru reproduce A-104                    the newest verdict, from its uploads
  tekseru reproduce A-104 --revision 2       an earlier one
  tekseru reproduce A-104 --judge-only       from the registry alone; opens no file
  tekseru reproduce A-104 --programme 2025.toml   judged by a programme that is not built in
  tekseru reproduce A-104 --database-url sqlite:state/registry.db --folder inbox/A-104
                                             a verdict of `tekseru check --state state`

Of values that may be personal only the place is shown, unless --unmask is given.

Exit status:
  0  equal
  1  something differs; each difference is listed
  2  the command line or the configuration is wrong
  3  it cannot be computed again: no such verdict, withdrawn, an upload is gone, the
     programme is unknown, or the revision is of a version that stored no inputs
  4  tekseru itself failed"
))]
pub(crate) struct Arguments {
    /// The application: PORTAL/ID, or the ID of the portal `portal`
    #[arg(value_name = "APPLICATION")]
    pub(super) application: ApplicationKey,
    /// The verdict of a document that was judged before its application arrived
    #[arg(long, value_name = "DOCUMENT_ID", default_value = "", hide_default_value = true)]
    pub(super) document: String,
    /// Number of the revision [default: the newest]
    #[arg(long, value_name = "N")]
    pub(super) revision: Option<u32>,
    /// Judge the stored inputs again, and do not examine the uploads
    #[arg(long)]
    pub(super) judge_only: bool,
    /// Folder with the documents, instead of the object store
    #[arg(long, value_name = "DIR", conflicts_with = "judge_only")]
    pub(super) folder: Option<PathBuf>,
    /// Programme file to find the verdict's programme in, besides the built-in ones; may be
    /// repeated
    #[arg(long, env = "TEKSERU_PROGRAMME", value_name = "FILE", value_delimiter = ',')]
    pub(super) programme: Vec<PathBuf>,
    /// Format of the output: human, or json in one line
    #[arg(long, value_name = "FORMAT", value_parser = ["human", "json"], default_value = "human")]
    pub(super) format: String,
    /// Most differences to list for each comparison
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) limit: usize,
    /// Show values that may be personal
    #[arg(long)]
    pub(super) unmask: bool,
    #[command(flatten)]
    pub(super) examiner: ExaminerArguments,
    #[command(flatten)]
    pub(super) store: StoreArguments,
    #[command(flatten)]
    pub(super) registry: RegistryArguments,
}
