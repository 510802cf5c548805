//! Which cluster: a context of the kubeconfig, or the cluster that this process runs in.

use kube::Config;
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};

use super::CONNECT;
use crate::error::{Context as _, Error, Result, nearest};

/// The connection's settings, and the name of the context they come from.
///
/// # Errors
/// There is no such context, or no kubeconfig at all (exit code 2); a kubeconfig that can't be read.
pub(super) async fn load(context: Option<&str>) -> Result<(Config, Option<String>)> {
    let kubeconfig = match Kubeconfig::read() {
        Ok(kubeconfig) => kubeconfig,
        Err(e) => return without_kubeconfig(context, &e),
    };
    let Some(name) = context.map(str::to_owned).or_else(|| kubeconfig.current_context.clone()) else {
        return match Config::incluster() {
            Ok(config) => Ok((limited(config), None)),
            Err(_) => Err(Error::usage("the kubeconfig has no current context")
                .hint("name one in msvc.yaml: `environments: { NAME: { context: CONTEXT } }`")),
        };
    };
    let known: Vec<&str> = kubeconfig.contexts.iter().map(|c| c.name.as_str()).collect();
    if !known.contains(&name.as_str()) {
        return Err(unknown(&name, &known));
    }
    let options = KubeConfigOptions { context: Some(name.clone()), ..KubeConfigOptions::default() };
    let config = Config::from_custom_kubeconfig(kubeconfig, &options).await;
    let config = config.failed(|| format!("could not use context `{name}` of the kubeconfig"))?;
    Ok((limited(config), Some(name)))
}

fn limited(mut config: Config) -> Config {
    config.connect_timeout = Some(CONNECT);
    config
}

/// Inside a cluster there is no kubeconfig, and a context means nothing there.
fn without_kubeconfig(context: Option<&str>, why: &KubeconfigError) -> Result<(Config, Option<String>)> {
    match Config::incluster() {
        Ok(config) if context.is_none() => Ok((limited(config), None)),
        _ => {
            let error = Error::usage("no cluster is set up: there is no usable kubeconfig").cause(match why {
                KubeconfigError::ReadConfig(e, path) => format!("{}: {e}", path.display()),
                other => other.to_string(),
            });
            let wanted = context.map(|c| format!("msvc.yaml wants its context `{c}`"));
            let error = wanted.into_iter().fold(error, Error::cause);
            Err(error.hint("KUBECONFIG or ~/.kube/config names the clusters that kubectl and msvc know"))
        }
    }
}

fn unknown(name: &str, known: &[&str]) -> Error {
    let error = Error::usage(format!("the kubeconfig has no context `{name}`"));
    let error = match nearest(name, known.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => error.hint("it has none at all; KUBECONFIG says which file is read"),
        None => error.hint(format!("its contexts: {}", known.join(", "))),
    };
    error.hint("`context` of the environment in msvc.yaml says which is used")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_context_names_the_nearest_or_all() {
        let near = unknown("testbad", &["testbed", "production"]);
        assert_eq!(near.hints[0], "did you mean `testbed`?");
        let far = unknown("elsewhere", &["testbed", "production"]);
        assert_eq!(far.hints[0], "its contexts: testbed, production");
        assert_eq!(far.kind.exit_code(), 2);
    }
}
