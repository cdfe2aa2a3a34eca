//! `tekseru portal`: what a new portal needs at the broker and at the object store.

mod definitions;
mod policies;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::Value;

use crate::broker::Senders;
use crate::cli::{Exit, Failure, Terminal};
use crate::portal::Portal;
use crate::services::config::BucketArguments;

use definitions::definitions;
use policies::{portal_policy, workers_policy};

/// Print what a new portal needs, for an administrator to apply.
///
/// A portal is a user of the broker. It has its own applications, a bucket for its uploads, a
/// bucket with its verdicts and a queue with its events, and sees nothing of another portal.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Print the broker's definitions, the buckets and the rights of a portal
    ///
    /// Nothing is changed: this command has no administrator's rights. Workers need no
    /// setting and no restart; the names of buckets follow from TEKSERU_UPLOADS and
    /// TEKSERU_VERDICTS.
    #[command(after_long_help = concat!(
        "Examples:
  tekseru portal add kz-consulates                 everything, with the steps
  head -c 24 /dev/urandom | base64 | tr '+/' '-_' > kz.password
  tekseru portal add kz-consulates --password-file kz.password --only definitions |
      rabbitmqctl import_definitions               user, rights, queue and binding

",
        exit_help!()
    ))]
    Add(Box<Add>),
}

#[derive(Args)]
struct Add {
    /// Name of the portal and of its user at the broker: 1 to 32 of a-z 0-9 -, a letter first
    #[arg(value_name = "NAME")]
    portal: Portal,
    /// File with the password of that user; without it the definitions contain no user
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Virtual host of the broker
    #[arg(long, value_name = "NAME", default_value = "tekseru")]
    vhost: String,
    /// Print only this part, as JSON
    #[arg(long, value_name = "PART")]
    only: Option<Part>,
    #[command(flatten)]
    buckets: BucketArguments,
}

#[derive(Clone, Copy, ValueEnum)]
enum Part {
    /// For `rabbitmqctl import_definitions`
    Definitions,
    /// Policy of the portal's key at the store
    PortalPolicy,
    /// Policy of the workers' key for the buckets of this portal
    WorkersPolicy,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Action::Add(add) = &arguments.action;
    let is_ours = |user: &String| user == add.portal.as_str();
    if Senders::default().service_users.iter().any(is_ours) {
        let problem = format!("{} is a user of workers, maintenance or operators", add.portal);
        return Err(Failure::Usage(problem));
    }
    let password = add.password_file.as_deref().map(definitions::read_password).transpose()?;
    let buckets = add.buckets.names();
    let problems = buckets.problems();
    if !problems.is_empty() {
        return Err(Failure::Usage(problems.join("\n")));
    }
    let (uploads, verdicts) = (buckets.uploads.of(&add.portal), buckets.verdicts.of(&add.portal));
    let part = |part| match part {
        Part::Definitions => definitions(&add.portal, &add.vhost, password.as_deref()),
        Part::PortalPolicy => portal_policy(&uploads, &verdicts),
        Part::WorkersPolicy => workers_policy(&uploads, &verdicts),
    };
    if let Some(only) = add.only {
        return terminal.print(&pretty(&part(only))).map(|()| Exit::Success);
    }
    let portal = &add.portal;
    let user = match password {
        Some(_) => "The definitions contain the user with the hash of its password.".to_owned(),
        None => format!(
            "Create the user first, with a password of its own: rabbitmqctl add_user {portal}"
        ),
    };
    terminal.print(&format!(
        "Portal {portal}. An administrator applies these steps; workers need no restart.

1. Broker. {user}
   Then: tekseru portal add {portal} --only definitions | rabbitmqctl import_definitions

{}

2. Store. Create the buckets {uploads} and {verdicts}. The portal's key has this policy:

{}

3. Add to the policy of the workers' key:

{}

   Garage has no policies. There, with the names of both keys:
   garage bucket allow --read --write {uploads} --key PORTAL
   garage bucket allow --read {verdicts} --key PORTAL
   garage bucket allow --read {uploads} --key WORKERS
   garage bucket allow --read --write {verdicts} --key WORKERS

4. Check, as a worker: tekseru doctor --portal {portal}

The portal connects as user {portal}, sets the property user-id to {portal} in each message,
and reads its events from the queue verdicts.{portal}.",
        pretty(&part(Part::Definitions)),
        pretty(&part(Part::PortalPolicy)),
        pretty(&part(Part::WorkersPolicy)),
    ))?;
    Ok(Exit::Success)
}

fn pretty(json: &Value) -> String {
    format!("{json:#}")
}
