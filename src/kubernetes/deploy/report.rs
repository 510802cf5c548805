//! What a deploy reports.

use schemars::JsonSchema;
use serde::Serialize;

use super::Request;
use crate::kubernetes::apply::{Action, Applied};
use crate::kubernetes::difference::Difference;
use crate::kubernetes::object::ObjectId;
use crate::kubernetes::plan::Plan;
use crate::kubernetes::rollout::Ended;
use crate::kubernetes::verdict::Verdict;

/// What a deploy did.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deployed {
    /// Version of this document: `msvc/v1`.
    pub api_version: &'static str,
    /// `Deploy`.
    pub kind: &'static str,
    /// The environment; `null` where the project declares none.
    pub environment: Option<String>,
    /// The number of the deploy.
    pub revision: u32,
    /// Whether nothing was changed: only looked.
    pub dry_run: bool,
    /// What was done to each object.
    pub changes: Vec<Changed>,
    /// How each service came up.
    pub services: Vec<Judged>,
}

/// What was done to an object.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Changed {
    /// `Deployment/orders`.
    pub object: String,
    /// What was done.
    pub action: Action,
    /// The fields that changed, where the object was there before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Difference>,
}

/// How a service came up.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Judged {
    /// The service; for backing, its Deployment.
    pub name: String,
    /// `done`, `failed`, or `waiting` where others failed first.
    pub verdict: &'static str,
    /// Why, where it is not done.
    pub reason: Option<String>,
    /// Seconds until the verdict.
    pub seconds: f64,
}

impl Deployed {
    /// Whether anything was changed, or with a dry run would be.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.changes.iter().any(|c| c.action != Action::Unchanged)
    }
}

pub(super) fn report(request: &Request<'_>, plan: &Plan, applied: &[Applied], ended: &[Ended]) -> Deployed {
    let applied = applied.iter().map(|a| (&a.id, a.action, a.fields.clone()));
    let pruned = plan.prune.iter().map(|e| (&e.id, Action::Pruned, Vec::new()));
    let told =
        |(id, action, fields): (&ObjectId, Action, Vec<Difference>)| Changed { object: id.to_string(), action, fields };
    let changes = applied.chain(pruned).map(told).collect();
    Deployed {
        api_version: crate::project::API_VERSION,
        kind: "Deploy",
        environment: request.settings.environment.clone(),
        revision: plan.revision,
        dry_run: request.dry_run,
        changes,
        services: ended.iter().map(judged).collect(),
    }
}

fn judged(ended: &Ended) -> Judged {
    let (verdict, reason) = match &ended.verdict {
        Verdict::Done { .. } => ("done", None),
        Verdict::Waiting { text, .. } => ("waiting", Some(text.clone())),
        Verdict::Failed(problem) => ("failed", Some(problem.sentence())),
    };
    Judged { name: ended.target.name.clone(), verdict, reason, seconds: ended.seconds }
}
