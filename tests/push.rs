//! Pushing to registries that stumble, forget and refuse; pulling from those that lie.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use msvc::error::Result;
use msvc::registry::{Blob, Reference, Session};
use serde_json::{Value, json};

use crate::support::registry::{Answer, HANGS_UP, HANGS_UP_HALFWAY, Scripted, State, sha256};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";

fn reference(registry: &Scripted) -> Reference {
    format!("{}/acme/orders:v1", registry.address).parse().unwrap()
}

fn run<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

/// Pushes an image of one layer, which goes out in two pieces.
async fn push(to: &Reference) -> Result<Blob> {
    let session = Session::push(to).await?;
    let (config, layer) = (b"{\"rootfs\":{\"diff_ids\":[\"sha256:0\"]}}".to_vec(), vec![7; 5 << 20]);
    let blobs = [Blob::of("application/vnd.oci.image.config.v1+json", &config), Blob::of(LAYER, &layer)];
    for (blob, bytes) in blobs.iter().zip([config, layer]) {
        if !session.has(blob).await? {
            session.put(blob, bytes).await?;
        }
    }
    let manifest = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": blobs[0], "layers": [blobs[1]] });
    let manifest = manifest.to_string().into_bytes();
    session.name(MANIFEST, manifest.clone()).await?;
    Ok(Blob::of(MANIFEST, &manifest))
}

fn plain(status: u16) -> Answer {
    (status, String::new(), Vec::new())
}

#[test]
fn a_registry_that_stumbles_has_all_in_the_end() {
    // Busy, then it forgets an upload between two pieces, then it is killed, then it has too many requests.
    let registry = Scripted::start(|request, state: &State| match request.method.as_str() {
        "POST" if state.times("POST", "/uploads/") == 1 => Some(plain(503)),
        "PATCH" if state.times("PATCH", "/uploads/") == 3 => Some(plain(404)),
        "GET" if state.times("GET", "/uploads/") == 1 => Some(plain(404)),
        "PATCH" if state.times("PATCH", "/uploads/") == 5 => Some(plain(HANGS_UP)),
        "PUT" if state.times("PUT", "/manifests/v1") == 1 => Some(plain(429)),
        _ => None,
    });
    let manifest = run(push(&reference(&registry))).unwrap();
    let state = registry.state();
    assert_eq!(sha256(&state.manifests["v1"].1), manifest.digest);
    assert_eq!(state.blobs.len(), 2);
    assert!(state.times("POST", "/uploads/") > 2, "{:?}", state.asked);
}

#[test]
fn an_upload_that_broke_goes_on_where_it_stopped() {
    let ranges = Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = Arc::clone(&ranges);
    let registry = Scripted::start(move |request, state| {
        if request.method == "PATCH" && request.body.len() > 1000 {
            seen.lock().unwrap().push(request.range.clone());
        }
        match (request.method.as_str(), state.times("PATCH", "/uploads/")) {
            ("PATCH", 2 | 4) => Some(plain(HANGS_UP_HALFWAY)),
            ("PATCH", 3) => Some(plain(503)),
            // The layer is whole, and nobody heard of it.
            ("PUT", _) if state.times("PUT", "/uploads/") == 2 => Some(plain(HANGS_UP)),
            _ => None,
        }
    });
    let manifest = run(push(&reference(&registry))).unwrap();
    let state = registry.state();
    assert_eq!(sha256(&state.manifests["v1"].1), manifest.digest);
    let (half, all) = (2 << 20, 5 << 20);
    let rest = half + (all - half) / 2;
    let expected = [
        format!("0-{}", (4 << 20) - 1),
        format!("{half}-{}", all - 1),
        format!("{half}-{}", all - 1),
        format!("{rest}-{}", all - 1),
    ];
    assert_eq!(*ranges.lock().unwrap(), expected);
    assert_eq!(state.times("POST", "/uploads/"), 2, "{:?}", state.asked);
}

#[test]
fn an_upload_goes_on_as_long_as_something_arrives() {
    // It breaks off oftener than a request is tried again.
    let registry = Scripted::start(|request, _| {
        (request.method == "PATCH" && request.body.len() > 5_000).then(|| plain(HANGS_UP_HALFWAY))
    });
    run(push(&reference(&registry))).unwrap();
    let state = registry.state();
    assert!(state.times("PATCH", "/uploads/") > 10, "{:?}", state.asked);
    assert_eq!(state.times("POST", "/uploads/"), 2);
}

#[test]
fn a_token_that_runs_out_is_renewed() {
    let given = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&given);
    let registry = Scripted::start(move |request, state| {
        if request.path.starts_with("/token") {
            let number = count.fetch_add(1, Ordering::SeqCst);
            return Some((200, String::new(), format!(r#"{{"token":"t{number}"}}"#).into_bytes()));
        }
        // The first two are good until the layer is being sent.
        let sending = state.times("PATCH", "") > 1;
        let number = request.authorization.strip_prefix("Bearer t").and_then(|number| number.parse().ok());
        let good = number.is_some_and(|number: usize| !sending || number > 1);
        let realm = format!("www-authenticate: Bearer realm=\"http://{}/token\"\r\n", request.host);
        (!good).then_some((401, realm, Vec::new()))
    });
    let manifest = run(push(&reference(&registry))).unwrap();
    assert_eq!(sha256(&registry.state().manifests["v1"].1), manifest.digest);
    assert_eq!(given.load(Ordering::SeqCst), 4, "two for a start, two more");
}

#[test]
fn nothing_has_the_name_where_a_part_was_refused() {
    let denied = br#"{"errors":[{"code":"DENIED","message":"read-only"}]}"#;
    let registry = Scripted::start(move |request, _| match request.method.as_str() {
        "PATCH" if request.body.len() > 1000 => Some((403, String::new(), denied.to_vec())),
        _ => None,
    });
    let error = run(push(&reference(&registry))).unwrap_err();
    assert!(error.message.contains("refused to push"), "{error:?}");
    assert_eq!(error.causes, ["read-only"]);
    assert!(registry.state().manifests.is_empty());
    // What arrived is not sent again.
    let again = run(push(&reference(&registry)));
    assert!(again.is_err());
    assert_eq!(registry.state().blobs.len(), 1);
}

#[test]
fn what_is_said_of_an_image_is_found_with_and_without_a_list_of_referrers() {
    let without = Scripted::start(|_, _| None);
    let with = Scripted::start(|request, state| {
        let list = || {
            let told = state.manifests.iter().filter(|(name, (_, bytes))| {
                name.starts_with("sha256:") && bytes.windows(9).any(|part| part == b"\"subject\"")
            });
            let entry = |(name, (kind, bytes)): (&String, &(String, Vec<u8>))| json!({ "mediaType": kind, "digest": name, "size": bytes.len() });
            json!({ "schemaVersion": 2, "manifests": told.map(entry).collect::<Vec<_>>() }).to_string().into_bytes()
        };
        let kind = "content-type: application/vnd.oci.image.index.v1+json\r\n".to_owned();
        request.path.contains("/referrers/").then(|| (200, kind, list()))
    });
    for (registry, by_tag) in [(&without, true), (&with, false)] {
        let reference = reference(registry);
        let image = run(async {
            let image = push(&reference).await?;
            let session = Session::push(&reference).await?;
            for text in [&b"{}"[..], b"{\"bomFormat\":\"CycloneDX\"}"] {
                session.attach(&image, "application/vnd.cyclonedx+json", "2023-11-14T22:13:20Z", text).await?;
            }
            Ok(image)
        });
        let image = image.unwrap();
        let state = registry.state();
        let index = state.manifests.get(&image.digest.replace(':', "-"));
        assert_eq!(index.is_some(), by_tag);
        if let Some((_, index)) = index {
            let index: Value = serde_json::from_slice(index).unwrap();
            let digest = index["manifests"][1]["digest"].as_str().unwrap();
            let told: Value = serde_json::from_slice(&state.manifests[digest].1).unwrap();
            assert_eq!(told["subject"]["digest"], image.digest);
            assert_eq!(told["artifactType"], "application/vnd.cyclonedx+json");
        }
    }
}

/// A registry with an image whose manifest and configuration are these.
fn lying(manifest: impl Fn(Blob) -> Value, config: &Value) -> Scripted {
    let registry = Scripted::start(|_, _| None);
    let config = config.to_string().into_bytes();
    let blob = Blob::of("application/vnd.oci.image.config.v1+json", &config);
    let manifest = manifest(blob.clone()).to_string().into_bytes();
    let mut state = registry.state();
    state.blobs.insert(blob.digest, config);
    state.manifests.insert("v1".to_owned(), (MANIFEST.to_owned(), manifest));
    drop(state);
    registry
}

fn told(registry: &Scripted) -> String {
    let reference = reference(registry);
    let pulled = run(async { Session::pull(&reference).await?.image("amd64").await });
    let error = pulled.unwrap_err();
    format!("{}: {}", error.message, error.causes.join("; "))
}

#[test]
fn images_beyond_all_bounds_are_no_bases() {
    let layer = |size: i64| json!({ "mediaType": LAYER, "digest": format!("sha256:{}", "a".repeat(64)), "size": size });
    let image = move |config: Blob, layers: Vec<Value>| json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers });
    let diffs = |count: usize| json!({ "rootfs": { "diff_ids": vec!["sha256:0"; count] } });

    let many = lying(move |config| image(config, vec![layer(1); 5000]), &diffs(5000));
    assert!(told(&many).ends_with("it has 5000 layers, and may have 127"), "{}", told(&many));
    let huge = lying(move |config| image(config, vec![layer(1 << 50)]), &diffs(1));
    assert!(told(&huge).contains("is said to have 1125899906842624 bytes"), "{}", told(&huge));
    let other = lying(move |config| image(config, vec![layer(1)]), &diffs(2));
    assert!(told(&other).ends_with("its manifest has 1 layers, its configuration 2"), "{}", told(&other));
    let larger = lying(move |config| image(Blob { size: 3, ..config }, vec![layer(1)]), &diffs(1));
    assert!(told(&larger).contains("more than the 3 bytes"), "{}", told(&larger));
    let none = lying(|_| json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": 7 }), &diffs(1));
    assert!(told(&none).contains("gave no proper answer"), "{}", told(&none));
}
