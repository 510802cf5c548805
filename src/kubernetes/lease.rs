//! One deploy at a time for a project in a namespace: a Lease that expires, is renewed while we work, and is taken
//! over when its holder fell silent, so that a crash never blocks the next deploy for longer than the lease.

use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use rand::Rng as _;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::client::Cluster;
use super::own::{self, Record};
use crate::error::{Error, Result};
use crate::progress::Progress;

/// How long a silent holder keeps others out, in seconds.
const DURATION: i32 = 15;
/// How often a waiting deploy looks whether the lease is free.
const LOOK: Duration = Duration::from_secs(1);
/// How long giving it back may take when we are leaving in a hurry.
const GOODBYE: Duration = Duration::from_secs(2);

/// The lease, held. Given back when dropped.
pub struct Held {
    cluster: Cluster,
    name: String,
    holder: String,
    renewal: tokio::task::JoinHandle<()>,
    lost: watch::Receiver<Option<String>>,
    given_back: bool,
}

/// The name of a project's lease.
pub(super) fn name(project: &str) -> String {
    format!("msvc-{project}")
}

/// Takes the lease, waiting for its holder as long as they are alive.
///
/// # Errors
/// No rights; no answer.
pub async fn take(cluster: &Cluster, project: &str, who: &str, progress: &dyn Progress) -> Result<Held> {
    let name = name(project);
    // The same user may deploy twice at once; the number tells the two apart.
    let holder = format!("{who}/{:06x}", rand::rng().random::<u32>() & 0x00ff_ffff);
    let mut waiting = None;
    let mut seen: Option<(Option<LeaseSpec>, Instant)> = None;
    loop {
        let Some(mut lease) = cluster.find::<Lease>(&name).await? else {
            let metadata = own::metadata(name.clone(), project, Record::Lease);
            let lease = Lease { metadata, spec: Some(spec(&holder, 0)) };
            if cluster.create(&lease).await?.is_some() {
                break;
            }
            continue;
        };
        let held_by = lease.spec.as_ref().and_then(|s| s.holder_identity.clone()).filter(|h| !h.is_empty());
        // Clocks differ between machines: what counts is how long we saw the lease stand still.
        if seen.as_ref().is_none_or(|(spec, _)| *spec != lease.spec) {
            seen = Some((lease.spec.clone(), Instant::now()));
        }
        let still = seen.as_ref().map_or(Duration::ZERO, |(_, since)| since.elapsed());
        if held_by.is_none() || still >= duration(&lease) {
            let transitions = lease.spec.as_ref().and_then(|s| s.lease_transitions).unwrap_or(0);
            lease.spec = Some(spec(&holder, transitions + 1));
            if cluster.replace(&lease).await?.is_some() {
                break;
            }
            continue;
        }
        let task = waiting.get_or_insert_with(|| {
            let by = held_by.as_deref().map_or("someone", shown);
            progress.message(&format!("{by} is deploying {project} just now; waiting for them to end"));
            progress.task(&format!("waiting for {by}"))
        });
        task.update(&format!("for at most {}s after they fall silent", duration(&lease).as_secs()));
        sleep(LOOK).await;
    }
    Ok(Held::new(cluster.clone(), name, holder))
}

impl Held {
    fn new(cluster: Cluster, name: String, holder: String) -> Self {
        let (tell, lost) = watch::channel(None);
        let renewal = tokio::spawn(renew(cluster.clone(), name.clone(), holder.clone(), tell));
        Self { cluster, name, holder, renewal, lost, given_back: false }
    }

    /// Ends, with the reason, when the lease could not be kept: whoever works under it must stop.
    pub async fn lost(&self) -> Error {
        let mut lost = self.lost.clone();
        let why = lost.wait_for(Option::is_some).await.ok().and_then(|why| why.clone());
        Error::failed("lost the lease of this project, so another deploy may be at work")
            .cause(why.unwrap_or_default())
            .hint("run the same command again: it continues where this one ended")
    }

    /// Removes the lease altogether: the project is gone.
    ///
    /// # Errors
    /// No rights; no answer.
    pub async fn remove(mut self) -> Result<()> {
        self.given_back = true;
        self.renewal.abort();
        self.cluster.remove::<Lease>(&self.name).await
    }

    /// Gives the lease back. That others may have to wait for it to expire is the worst that can happen otherwise.
    pub async fn give_back(mut self) {
        self.given_back = true;
        self.renewal.abort();
        give_back(&self.cluster, &self.name, &self.holder).await;
    }
}

impl Drop for Held {
    /// Interrupted or failed: others should not have to wait for the lease to expire.
    fn drop(&mut self) {
        self.renewal.abort();
        if self.given_back {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if runtime.runtime_flavor() == tokio::runtime::RuntimeFlavor::MultiThread {
            let giving = tokio::time::timeout(GOODBYE, give_back(&self.cluster, &self.name, &self.holder));
            let _ = tokio::task::block_in_place(|| runtime.block_on(giving));
        }
    }
}

async fn give_back(cluster: &Cluster, name: &str, holder: &str) {
    if let Ok(Some(mut lease)) = cluster.find::<Lease>(name).await
        && let Some(spec) = &mut lease.spec
        && spec.holder_identity.as_deref() == Some(holder)
    {
        spec.holder_identity = None;
        let _ = cluster.replace(&lease).await;
    }
}

/// Renews three times within the lease's duration; tells when that failed for so long that it ran out.
async fn renew(cluster: Cluster, name: String, holder: String, tell: watch::Sender<Option<String>>) {
    let mut renewed = Instant::now();
    let lasting = Duration::from_secs(DURATION.unsigned_abs().into());
    loop {
        sleep(lasting / 3).await;
        match renew_once(&cluster, &name, &holder).await {
            Ok(None) => renewed = Instant::now(),
            Ok(Some(other)) => {
                tell.send_replace(Some(format!("it went to {}", shown(&other))));
                return;
            }
            Err(e) if renewed.elapsed() >= lasting => {
                tell.send_replace(Some(format!("it could not be renewed in time: {}", e.message)));
                return;
            }
            Err(_) => {}
        }
    }
}

/// Renews; or says who has the lease now.
async fn renew_once(cluster: &Cluster, name: &str, holder: &str) -> Result<Option<String>> {
    for _ in 0..3 {
        let Some(mut lease) = cluster.find::<Lease>(name).await? else { return Ok(Some("nobody".to_owned())) };
        match &mut lease.spec {
            Some(spec) if spec.holder_identity.as_deref() == Some(holder) => {
                spec.renew_time = Some(MicroTime(Timestamp::now()));
            }
            other => {
                let holder = other.as_ref().and_then(|s| s.holder_identity.clone());
                return Ok(Some(holder.unwrap_or_else(|| "nobody".to_owned())));
            }
        }
        if cluster.replace(&lease).await?.is_some() {
            return Ok(None);
        }
    }
    Err(Error::failed("the lease keeps changing"))
}

fn spec(holder: &str, transitions: i32) -> LeaseSpec {
    let now = Some(MicroTime(Timestamp::now()));
    LeaseSpec {
        holder_identity: Some(holder.to_owned()),
        lease_duration_seconds: Some(DURATION),
        acquire_time: now.clone(),
        renew_time: now,
        lease_transitions: Some(transitions),
        ..LeaseSpec::default()
    }
}

fn duration(lease: &Lease) -> Duration {
    let seconds = lease.spec.as_ref().and_then(|s| s.lease_duration_seconds).unwrap_or(DURATION);
    Duration::from_secs(seconds.clamp(1, 300).unsigned_abs().into())
}

/// The holder without the number that tells two of theirs apart.
fn shown(holder: &str) -> &str {
    holder.rsplit_once('/').map_or(holder, |(who, _)| who)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_is_shown_without_its_number() {
        assert_eq!(shown("mara@laptop/0a1b2c"), "mara@laptop");
        assert_eq!(shown("nobody"), "nobody");
    }
}
