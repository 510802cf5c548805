//! Looking images up, in a registry that answers as it is told.

use std::fs::Permissions;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use msvc::error::Error;
use msvc::registry::{Digest, digest_of};
use serde_json::json;

use crate::support::registry::Scripted;
use crate::support::service::Service;
use crate::support::{Msvc, Output};

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Starts a registry whose answer to `METHOD /path` and the authorization is what `answer` returns: status line,
/// headers, body. Returns its address.
fn registry(answer: impl Fn(&str, &str, &str) -> (u16, String, String) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let own = address.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
            let Some(request) = lines.next() else { continue };
            let request = request.rsplit_once(' ').unwrap().0.to_owned();
            let auth = lines.filter_map(|l| l.strip_prefix("authorization: ").map(str::to_owned)).last();
            let (status, headers, body) = answer(&own, &request, &auth.unwrap_or_default());
            let length = body.len();
            let body = if request.starts_with("HEAD") { String::new() } else { body };
            let _ = write!(
                &stream,
                "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
            );
        }
    });
    address
}

fn look_up(reference: &str) -> Result<Option<Digest>, Error> {
    tokio::runtime::Runtime::new().unwrap().block_on(digest_of(reference))
}

fn found() -> (u16, String, String) {
    (200, format!("docker-content-digest: {DIGEST}\r\n"), "{}".to_owned())
}

fn plain(status: u16, body: &str) -> (u16, String, String) {
    (status, String::new(), body.to_owned())
}

#[test]
fn a_tag_is_looked_up_and_a_missing_one_is_no_error() {
    let address = registry(|_, request, _| match request {
        "GET /v2/" => plain(200, ""),
        "HEAD /v2/acme/orders/manifests/v1" => found(),
        _ => plain(404, r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{}}]}"#),
    });
    assert_eq!(look_up(&format!("{address}/acme/orders:v1")).unwrap().unwrap().as_str(), DIGEST);
    assert_eq!(look_up(&format!("{address}/acme/orders:v2")).unwrap(), None);
    assert_eq!(look_up(&format!("{address}/acme/other:v1")).unwrap(), None);
}

#[test]
fn a_token_is_fetched_where_the_registry_wants_one() {
    let address = registry(|own, request, auth| match request {
        "GET /v2/" => {
            (401, format!("www-authenticate: Bearer realm=\"http://{own}/token\",service=\"own\"\r\n"), String::new())
        }
        request if request.starts_with("GET /token?") => plain(200, r#"{"token":"opened"}"#),
        _ if auth == "Bearer opened" => found(),
        _ => plain(401, ""),
    });
    assert_eq!(look_up(&format!("{address}/acme/orders:v1")).unwrap().unwrap().as_str(), DIGEST);
}

#[test]
fn refusals_and_failures_are_told_apart() {
    let wants = registry(|_, _, _| (401, "www-authenticate: Basic realm=\"own\"\r\n".to_owned(), String::new()));
    let broken = registry(|_, _, _| plain(500, "out of order"));
    let denied = registry(|_, request, _| match request {
        "GET /v2/" => plain(200, ""),
        _ => plain(403, r#"{"errors":[{"code":"DENIED","message":"not yours","detail":{}}]}"#),
    });
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    for (address, message, cause) in [
        (wants, "wants credentials, and the Docker config has none for it", ""),
        (broken, "gave no proper answer", "out of order"),
        (denied, "refused to look up", "not yours"),
        (closed, "could not reach the registry", "Connection refused"),
        ("nowhere.invalid".to_owned(), "could not reach the registry nowhere.invalid", ""),
    ] {
        let error = look_up(&format!("{address}/acme/orders:v1")).unwrap_err();
        assert!(error.message.contains(message), "{error:?}");
        assert!(cause.is_empty() || error.causes.iter().any(|c| c.contains(cause)), "{error:?}");
    }
}

/// `msvc deploy` of an image in `registry`, with this Docker config; there is no cluster to go on with.
fn deploy(service: &Service, registry: &str, config: &serde_json::Value) -> Output {
    service.write("config.json", &config.to_string());
    let dir = service.dir().to_str().unwrap();
    let path = format!("{dir}:{}", std::env::var("PATH").unwrap());
    let image = format!("{registry}/acme/orders:v1");
    let msvc = Msvc::new(service.dir(), &["deploy", "--image", &image]);
    msvc.env("DOCKER_CONFIG", dir).env("PATH", &path).env("KUBECONFIG", "/nowhere").run()
}

#[test]
fn credentials_come_from_the_config_and_from_helpers_and_are_never_shown() {
    // `ada:s?cret>~`
    let address = registry(|_, _, auth| match auth {
        "Basic YWRhOnM/Y3JldD5+" => found(),
        _ => (401, "www-authenticate: Basic realm=\"own\"\r\n".to_owned(), String::new()),
    });
    let service = Service::new();
    let helper = |name: &str, does: &str| {
        let file = format!("docker-credential-{name}");
        service.write(&file, &format!("#!/bin/sh\ncat >/dev/null\n{does}\n"));
        std::fs::set_permissions(service.dir().join(file), Permissions::from_mode(0o755)).unwrap();
    };
    helper("knows", r#"echo '{"ServerURL":"","Username":"ada","Secret":"s?cret>~"}'"#);
    helper("empty", "echo credentials not found in native keychain; exit 1");
    helper("broken", "echo the keychain is locked >&2; exit 1");
    for (config, expected) in [
        (json!({ "auths": { &address: { "auth": "YWRhOnM/Y3JldD5+" } } }), "no cluster is set up"),
        (json!({ "credHelpers": { &address: "knows" } }), "no cluster is set up"),
        (json!({ "credsStore": "knows" }), "no cluster is set up"),
        (json!({ "credsStore": "empty" }), "wants credentials, and the Docker config has none for it"),
        (json!({ "credsStore": "broken" }), "the keychain is locked"),
        (json!({ "auths": { &address: { "auth": "YWRhOndyb25n" } } }), "refused the credentials"),
        (json!({}), "wants credentials, and the Docker config has none for it"),
    ] {
        let output = deploy(&service, &address, &config);
        assert!(output.stderr.contains(expected), "{config}: {output}");
        assert!(!output.stderr.contains("s?cret"), "{output}");
    }
}

#[test]
fn an_identity_token_is_exchanged_and_shown_to_nobody_else() {
    let (good, revoked) = ("ident+ity/token", "revoked-token");
    let registry = Scripted::start(move |request, _| {
        let body = String::from_utf8(request.body.clone()).unwrap();
        assert!(!format!("{} {}", request.path, request.authorization).contains("ident"), "{request:?}");
        let challenge =
            format!("www-authenticate: Bearer realm=\"http://{}/token\",service=\"own registry\"\r\n", request.host);
        let parts = [
            "grant_type=refresh_token",
            "service=own+registry",
            "scope=repository%3Aacme%2Forders%3Apull",
            "refresh_token=ident%2Bity%2Ftoken",
        ];
        let is_asked = request.method == "POST" && parts.iter().all(|part| body.split('&').any(|given| given == *part));
        match request.path.as_str() {
            "/token" if is_asked => Some((200, String::new(), br#"{"access_token":"opened"}"#.to_vec())),
            "/token" => Some((401, String::new(), body.into_bytes())),
            _ if request.authorization == "Bearer opened" => {
                Some((200, format!("docker-content-digest: {DIGEST}\r\n"), b"{}".to_vec()))
            }
            _ => Some((401, challenge, Vec::new())),
        }
    });
    let service = Service::new();
    service.write(
        "docker-credential-tokens",
        &format!(
            "#!/bin/sh\ncat >/dev/null\necho '{{\"ServerURL\":\"\",\"Username\":\"<token>\",\"Secret\":\"{good}\"}}'\n"
        ),
    );
    std::fs::set_permissions(service.dir().join("docker-credential-tokens"), Permissions::from_mode(0o755)).unwrap();
    let kept = |token: &str| json!({ "auths": { &registry.address: { "identitytoken": token } } });
    for (config, expected) in [
        (kept(good), "no cluster is set up"),
        (json!({ "credsStore": "tokens" }), "no cluster is set up"),
        (kept(revoked), "refused the credentials that the Docker config has for it"),
    ] {
        let output = deploy(&service, &registry.address, &config);
        assert!(output.stderr.contains(expected), "{config}: {output}");
        assert!(!output.stderr.contains(good) && !output.stderr.contains(revoked), "{output}");
    }
}
