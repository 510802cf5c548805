//! `msvc secret`: the Secrets that the project refers to. Values come from standard input or a prompt, and are never
//! printed or written to a file.

use std::io::Read as _;

use console::style;
use schemars::JsonSchema;
use serde::Serialize;

use super::environment::Environment;
use super::{Context, Outcome};
use crate::error::{Context as _, Error, Result, nearest};
use crate::kubernetes::client::Cluster;
use crate::kubernetes::secret::{self, Declared};
use crate::project::API_VERSION;
use crate::ui::{Prompt, Report};

/// Arguments of `msvc secret`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Set a key of a Secret; the value comes from standard input, or is asked for
    Set(SetArgs),
    /// List the Secrets that the project refers to, and whether they exist
    List(ListArgs),
}

#[derive(Debug, clap::Args)]
struct SetArgs {
    /// Name of the Secret, or of the variable that is taken from it
    name: String,
    /// Key in the Secret; may be left out where the project refers to only one
    key: Option<String>,
    #[command(flatten)]
    environment: Environment,
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    #[command(flatten)]
    environment: Environment,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    match &args.command {
        Command::Set(args) => set(args, context),
        Command::List(args) => list(args, context),
    }
}

fn set(args: &SetArgs, context: &Context) -> Result<Outcome> {
    let settings = args.environment.settings(context)?;
    let target = target(&secret::declared(&settings), &args.name, args.key.as_deref())?;
    let value = value(&target, context)?;
    let created = context.block_on(async {
        let cluster = Cluster::connect(settings.context.as_deref(), &settings.namespace).await?;
        secret::set(&cluster, &settings, &target.secret, &target.key, value.as_bytes(), &context.printer).await
    })?;
    let report = SetReport {
        api_version: API_VERSION,
        kind: "SecretSet",
        secret: target.secret,
        key: target.key,
        action: if created { "created" } else { "updated" },
    };
    context.printer.report(&report)?;
    Ok(Outcome::Done)
}

/// The key that is meant by the name of a Secret, or of a variable.
fn target(declared: &[Declared], name: &str, key: Option<&str>) -> Result<Declared> {
    let variable = |d: &&Declared| d.used_by.iter().any(|u| u.ends_with(&format!(": {name}")));
    let mut fitting: Vec<&Declared> = declared.iter().filter(|d| d.secret == name).collect();
    if fitting.is_empty() {
        fitting = declared.iter().filter(variable).collect();
    }
    if fitting.is_empty() {
        let error = Error::usage(format!("the project refers to no Secret `{name}`"));
        let hint = "`deploy: { secrets: { VARIABLE: { name: SECRET, key: KEY } } }` in msvc.yaml refers to one";
        return Err(match nearest(name, declared.iter().map(|d| d.secret.as_str())) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint(hint),
        });
    }
    let keys: Vec<&str> = fitting.iter().map(|d| d.key.as_str()).collect();
    match key {
        None if fitting.len() == 1 => Ok(fitting[0].clone()),
        None => Err(Error::usage(format!("which key of `{name}`?")).hint(format!("its keys: {}", keys.join(", ")))),
        Some(key) => fitting.iter().find(|d| d.key == key).map(|d| (*d).clone()).ok_or_else(|| {
            Error::usage(format!("the project refers to no key `{key}` of `{name}`"))
                .hint(format!("its keys: {}", keys.join(", ")))
        }),
    }
}

fn value(target: &Declared, context: &Context) -> Result<String> {
    if context.printer.interactive() {
        return Prompt::secret(&format!("Value of {} in Secret {}", target.key, target.secret));
    }
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text).failed(|| "could not read the value from standard input")?;
    // `echo` and editors end what they write with a newline that is not meant.
    let value = text.strip_suffix('\n').map_or(text.as_str(), |t| t.strip_suffix('\r').unwrap_or(t));
    if value.is_empty() {
        return Err(Error::usage("standard input has no value")
            .hint(format!("printf %s \"$VALUE\" | msvc secret set {} {}", target.secret, target.key)));
    }
    Ok(value.to_owned())
}

fn list(args: &ListArgs, context: &Context) -> Result<Outcome> {
    let settings = args.environment.settings(context)?;
    let declared = secret::declared(&settings);
    let existing = context.block_on(async {
        let cluster = Cluster::connect(settings.context.as_deref(), &settings.namespace).await?;
        secret::existing(&cluster, &declared).await
    })?;
    let secrets = declared.into_iter().zip(existing);
    let secrets =
        secrets.map(|(d, exists)| SecretRow { secret: d.secret, key: d.key, exists, used_by: d.used_by }).collect();
    context.printer.report(&SecretList {
        api_version: API_VERSION,
        kind: "SecretList",
        environment: settings.environment,
        secrets,
    })?;
    Ok(Outcome::Done)
}

/// What `secret set` did.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SetReport {
    api_version: &'static str,
    kind: &'static str,
    secret: String,
    key: String,
    action: &'static str,
}

impl Report for SetReport {
    fn text(&self) -> String {
        format!("{} key {} of Secret {}\n", self.action, self.key, self.secret)
    }
}

/// The Secrets that a project refers to.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SecretList {
    api_version: &'static str,
    kind: &'static str,
    environment: Option<String>,
    secrets: Vec<SecretRow>,
}

/// A key of a Secret that the project refers to.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SecretRow {
    secret: String,
    key: String,
    exists: bool,
    used_by: Vec<String>,
}

impl Report for SecretList {
    fn text(&self) -> String {
        if self.secrets.is_empty() {
            return "the project refers to no Secrets\n".to_owned();
        }
        let line = |row: &SecretRow| {
            let state = if row.exists { style("exists ").green() } else { style("missing").red() };
            format!("{state}  {} {}  ({})\n", row.secret, row.key, row.used_by.join(", "))
        };
        self.secrets.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared() -> Vec<Declared> {
        let one = |secret: &str, key: &str, variable: &str| Declared {
            secret: secret.to_owned(),
            key: key.to_owned(),
            used_by: vec![format!("orders: {variable}")],
        };
        vec![
            one("orders-db", "url", "DATABASE_URL"),
            one("mail", "user", "MAIL_USER"),
            one("mail", "word", "MAIL_WORD"),
        ]
    }

    #[test]
    fn a_secret_is_named_by_itself_or_by_its_variable() {
        let found = |name, key| target(&declared(), name, key).map(|d| (d.secret, d.key));
        assert_eq!(found("orders-db", None).unwrap(), ("orders-db".into(), "url".into()));
        assert_eq!(found("MAIL_WORD", None).unwrap(), ("mail".into(), "word".into()));
        assert_eq!(found("mail", Some("user")).unwrap(), ("mail".into(), "user".into()));
    }

    #[test]
    fn what_is_unclear_is_asked_back_with_the_choices() {
        assert_eq!(target(&declared(), "mail", None).unwrap_err().hints, ["its keys: user, word"]);
        assert_eq!(target(&declared(), "orders-bd", None).unwrap_err().hints, ["did you mean `orders-db`?"]);
    }
}
