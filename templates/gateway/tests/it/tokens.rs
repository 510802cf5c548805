{% if options.auth == "jwt" -%}
//! Who is let in, and what services learn of who asks.

use axum::body::Body;
use axum::http::Request as Builder;
use axum::http::request::Builder as Head;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp};
use serde_json::{Value, json};

use crate::support::{Answer, Gateway, Route, SECRET, Service, tokens};

const ADA: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const INVALID: &str = "Bearer error=\"invalid_token\"";

/// A gateway with a route that needs a token, and one that does not.
async fn to(service: &Service) -> Gateway {
    let table = vec![
        Route::new("/orders", "users"),
        Route::new("/login", "users").public(),
    ];
    Gateway::with_tokens(table, &[("users", service)]).await
}

async fn send(gateway: &Gateway, head: Head) -> Answer {
    gateway.send(head.body(Body::empty()).unwrap()).await
}

fn claims() -> Value {
    let now = get_current_timestamp();
    json!({ "iss": "users", "aud": "users", "sub": ADA, "iat": now, "exp": now + 60 })
}

fn signed(algorithm: Algorithm, key: Option<&str>, secret: &[u8], claims: &Value) -> String {
    let mut header = Header::new(algorithm);
    header.kid = key.map(str::to_owned);
    encode(&header, claims, &EncodingKey::from_secret(secret)).unwrap()
}

#[tokio::test]
async fn a_service_learns_whose_the_token_is() {
    let service = Service::start().await;
    let gateway = to(&service).await;
    let token = signed(Algorithm::HS256, Some("a"), &SECRET, &claims());
    let request = Builder::get("/orders/1").header("authorization", format!("Bearer {token}"));
    assert_eq!(send(&gateway, request).await.status.as_u16(), 200);
    let seen = service.seen_once();
    assert_eq!(seen.header("x-identity"), ADA);
    assert_eq!(seen.header("authorization"), format!("Bearer {token}"));

    let other = uuid::Uuid::new_v4();
    let token = tokens()
        .issue(other, std::time::Duration::from_mins(1))
        .unwrap();
    let request = Builder::get("/orders").header("authorization", format!("bearer {token}"));
    assert_eq!(send(&gateway, request).await.status.as_u16(), 200);
    assert_eq!(service.seen()[1].header("x-identity"), other.to_string());
}

#[tokio::test]
async fn nobody_says_who_they_are_by_themselves() {
    let service = Service::start().await;
    let gateway = to(&service).await;
    let token = signed(Algorithm::HS256, Some("a"), &SECRET, &claims());
    let authorization = format!("Bearer {token}");
    for (path, authorization, expected) in [
        ("/login", "", ""),
        ("/login", "Bearer x", ""),
        ("/orders", authorization.as_str(), ADA),
    ] {
        let mut request = Builder::get(path)
            .header("x-identity", "somebody-else")
            .header("x-identity", "and-another")
            .header("x_identity", "somebody-else")
            .header("connection", "x-identity");
        if !authorization.is_empty() {
            request = request.header("authorization", authorization);
        }
        assert_eq!(send(&gateway, request).await.status.as_u16(), 200);
        let seen = service.seen().pop().unwrap();
        let told = seen.headers.get_all("x-identity").iter();
        let told: Vec<&str> = told.map(|value| value.to_str().unwrap()).collect();
        assert_eq!(told.concat(), expected, "{path}");
        assert_eq!(seen.header("x_identity"), "");
    }
}

#[tokio::test]
async fn forged_and_foreign_tokens_get_no_further() {
    let service = Service::start().await;
    let gateway = to(&service).await;
    let (hs256, key) = (Algorithm::HS256, Some("a"));
    let good = signed(hs256, key, &SECRET, &claims());
    let changed = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        signed(hs256, key, &SECRET, &claims)
    };
    let parts: Vec<&str> = good.split('.').collect();
    let unsigned = |head: &str| format!("{}.{}.", URL_SAFE_NO_PAD.encode(head), parts[1]);
    let expired = get_current_timestamp() - 60;
    let later = get_current_timestamp() + 60;
    for (what, token) in [
        ("foreign key", signed(hs256, key, &[9; 32], &claims())),
        ("unknown kid", signed(hs256, Some("b"), &SECRET, &claims())),
        ("no kid", signed(hs256, None, &SECRET, &claims())),
        (
            "other alg",
            signed(Algorithm::HS512, key, &SECRET, &claims()),
        ),
        ("alg none", unsigned(r#"{"alg":"none","kid":"a"}"#)),
        ("no signature", unsigned(r#"{"alg":"HS256","kid":"a"}"#)),
        (
            "alg of public keys",
            unsigned(r#"{"alg":"RS256","kid":"a"}"#),
        ),
        ("expired", changed("exp", expired.into())),
        ("no expiry", changed("exp", Value::Null)),
        ("not yet good", changed("nbf", later.into())),
        ("foreign audience", changed("aud", "others".into())),
        ("foreign issuer", changed("iss", "others".into())),
        ("nobody's", changed("sub", "root".into())),
        ("cut off", format!("{}.{}", parts[0], parts[1])),
        (
            "changed",
            format!("{}.{}x.{}", parts[0], parts[1], parts[2]),
        ),
        ("nothing", String::new()),
    ] {
        let request = Builder::get("/orders").header("authorization", format!("Bearer {token}"));
        let answer = send(&gateway, request).await;
        answer.problem(401);
        let challenge = answer.header("www-authenticate");
        assert!(
            challenge == INVALID || token.is_empty(),
            "{what}: {challenge}"
        );
    }
    let bearer = format!("Bearer {good}");
    for headers in [
        &[][..],
        &[""],
        &["Basic eDp5"],
        &[&good],
        &[&bearer, &bearer],
    ] {
        let add = |head: Head, value: &&str| head.header("authorization", *value);
        let request = headers.iter().fold(Builder::get("/orders"), add);
        let answer = send(&gateway, request).await;
        answer.problem(401);
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{headers:?}");
    }
    assert!(service.seen().is_empty());
}

#[tokio::test]
async fn the_document_says_where_a_token_is_needed() {
    let document = json!({ "paths": { "/orders": { "get": {} }, "/login": { "post": {} } } });
    let service = axum::Router::new().route(
        "/openapi.json",
        axum::routing::get(async || axum::Json(document)),
    );
    let gateway = to(&Service::with(service).await).await;
    let merged = gateway.get("/openapi.json").await.json;
    let needed = json!([{ "token": [] }]);
    assert_eq!(merged["paths"]["/orders"]["get"]["security"], needed);
    assert_eq!(merged["paths"]["/login"]["post"].get("security"), None);
    let scheme = &merged["components"]["securitySchemes"]["token"]["scheme"];
    assert_eq!(scheme, "bearer");
}
{% endif -%}
