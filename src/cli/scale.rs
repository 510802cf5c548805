//! `msvc scale`: another number of pods, until the next deploy.

use std::time::Duration;

use super::deploy::{duration, user};
use super::environment::Environment;
use super::{Context, Outcome};
use crate::error::Result;
use crate::kubernetes::scale::{Pods, Request, Scaled, scale};
use crate::ui::Report;

/// Arguments of `msvc scale`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The service
    #[arg(value_name = "SERVICE")]
    service: String,
    /// How many pods: a number, or MIN..MAX for the bounds of its autoscaler
    #[arg(value_name = "PODS", value_parser = pods)]
    pods: Pods,
    #[command(flatten)]
    environment: Environment,
    /// How long to wait until the pods are ready, for example 90s or 5m
    #[arg(long, value_name = "D", default_value = "5m", value_parser = duration, env = "MSVC_TIMEOUT", hide_env = true)]
    timeout: Duration,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let settings = args.environment.settings(context)?;
    let settings = settings.select(std::slice::from_ref(&args.service))?;
    let request = Request { settings: &settings, pods: args.pods, user: user(), timeout: args.timeout };
    let scaled = context.block_on(scale(&request, &context.printer))?;
    context.printer.report(&scaled)?;
    Ok(Outcome::Done)
}

fn pods(text: &str) -> Result<Pods, String> {
    let number = |text: &str| text.parse::<u32>().map_err(|_| format!("`{text}` is not a number of pods"));
    let Some((min, max)) = text.split_once("..") else { return number(text).map(Pods::Exactly) };
    match (number(min)?, number(max)?) {
        (0, _) => Err("an autoscaler keeps at least 1 pod; `0` alone ends all pods".to_owned()),
        (min, max) if min > max => Err(format!("{min} is more than {max}")),
        (min, max) => Ok(Pods::Between(min, max)),
    }
}

impl Report for Scaled {
    fn text(&self) -> String {
        let Self { service, ready, min, max, .. } = self;
        let bounds = if self.autoscaler { format!(", and may have {min} to {max}") } else { String::new() };
        let pods = if *ready == 1 { "pod" } else { "pods" };
        format!("{service} has {ready} {pods}{bounds}; the next deploy returns to what msvc.yaml says\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_bounds_are_told_apart() {
        assert_eq!(pods("3"), Ok(Pods::Exactly(3)));
        assert_eq!(pods("2..5"), Ok(Pods::Between(2, 5)));
        assert!(pods("5..2").unwrap_err().contains("more than"));
        assert!(pods("0..2").unwrap_err().contains("at least 1"));
        assert!(pods("many").unwrap_err().contains("`many`"));
    }
}
