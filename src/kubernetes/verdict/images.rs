//! Images that can't be pulled.

use jiff::SignedDuration;
use k8s_openapi::api::core::v1::Pod;

use super::pod::Seen;
use super::{Look, Problem, when};

/// How long a pull that fails for a reason that may pass is tried again.
const PATIENCE: SignedDuration = SignedDuration::from_secs(45);

/// What a container waits for by `reason`, if it is its image.
pub(super) fn see(pod: &Pod, image: &str, reason: &str, message: &str, look: &Look<'_>) -> Option<Seen> {
    match reason {
        "InvalidImageName" => Some(Seen::Fatal(
            Problem::new(reason, format!("`{image}` is not the name of an image"))
                .hint("see `image.repository` and `registry` in msvc.yaml"),
        )),
        "ErrImagePull" | "ImagePullBackOff" | "ErrImageNeverPull" | "RegistryUnavailable" => {
            Some(pull(pod, image, message, look))
        }
        _ => None,
    }
}

fn pull(pod: &Pod, image: &str, message: &str, look: &Look<'_>) -> Seen {
    // Backing off, the container no longer says why; its events do.
    let events = look.events.iter().filter(|e| {
        e.involved_object.uid == pod.metadata.uid && e.reason.as_deref() == Some("Failed") && e.message.is_some()
    });
    let told = events.filter_map(|e| e.message.as_deref()).find(|m| m.contains("ailed to pull"));
    let details = format!("{message} {}", told.unwrap_or_default()).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| details.contains(w));
    if has(&["unauthorized", "authentication required", "no basic auth", "denied", "authorization failed", "forbidden"])
    {
        return Seen::Fatal(
            Problem::new("ImagePullUnauthorized", format!("the registry does not let the cluster pull {image}")).hint(
                "`pullSecrets` of the environment in msvc.yaml names a Secret with the registry's login, which \
                     `kubectl create secret docker-registry` makes",
            ),
        );
    }
    if has(&["not found", "manifest unknown", "name unknown", "does not exist"]) {
        return Seen::Fatal(
            Problem::new("ImageNotFound", format!("the image {image} is not in its registry"))
                .hint("`msvc build --push` brings it there"),
        );
    }
    let cause = told.unwrap_or(message).rsplit(": ").next().unwrap_or_default().to_owned();
    let problem = Problem::new("ImagePullFailed", format!("the image {image} can't be pulled ({cause})"))
        .hint("can the nodes reach the registry under that name?");
    let since = when::time(pod.metadata.creation_timestamp.as_ref()).unwrap_or(look.since).max(look.since);
    if look.now.duration_since(since) > PATIENCE { Seen::Fatal(problem) } else { Seen::Worry(problem) }
}
