//! Accounts and tokens, as a client sees them.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chassis::auth::Passwords;
use serde_json::{Value, json};

use crate::support::{Answer, Service, auth};

/// A route that needs a token.
const PATH: &str = "{% if entities | length > 0 %}{= entities[0].path =}{% else %}/account{% endif %}";
const PASSWORD: &str = "correct horse";

fn credentials(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password})
}

/// Asks with this in the header `authorization`.
async fn call_as(service: &Service, authorization: &str) -> Answer {
    let request = Request::builder().uri(PATH);
    let request = request.header(header::AUTHORIZATION, authorization);
    service.send(request.body(Body::empty()).unwrap()).await
}

async fn log_in(service: &Service) -> Answer {
    let ada = credentials("Ada@example.org", PASSWORD);
    let registered = service.call_with("POST", "/register", &ada).await;
    assert_eq!(
        registered.status,
        StatusCode::CREATED,
        "{}",
        registered.body
    );
    assert_eq!(registered.body["email"], "ada@example.org");
    assert_eq!(registered.body.as_object().unwrap().len(), 3, "no password");
    let tokens = service.call_with("POST", "/login", &ada).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    assert_eq!(tokens.header("cache-control"), "no-store");
    tokens
}

async fn refresh(service: &Service, tokens: &Answer) -> Answer {
    let body = json!({"refresh_token": tokens.body["refresh_token"]});
    service.call_with("POST", "/refresh", &body).await
}

#[tokio::test]
async fn who_registered_logs_in_and_is_let_in() {
    let service = Service::start().await;
    let tokens = log_in(&service).await;
    let token = tokens.body["access_token"].as_str().unwrap();
    for scheme in ["Bearer", "bearer"] {
        let answer = call_as(&service, &format!("{scheme} {token}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
    let ada = credentials("ada@example.org", "another one");
    let again = service.call_with("POST", "/register", &ada).await;
    assert_eq!(again.problem(StatusCode::CONFLICT), ["email"]);
    let weak = credentials("nobody", "short");
    let weak = service.call_with("POST", "/register", &weak).await;
    assert_eq!(weak.problem(StatusCode::BAD_REQUEST), ["email", "password"]);
}

#[tokio::test]
async fn nobody_is_let_in_without_a_valid_token() {
    let service = Service::start().await;
    let tokens = log_in(&service).await;
    let token = tokens.body["access_token"].as_str().unwrap();
    let refresh_token = tokens.body["refresh_token"].as_str().unwrap();
    for (authorization, challenge) in [
        (String::new(), "Bearer"),
        (format!("Basic {token}"), "Bearer"),
        (token.to_owned(), "Bearer"),
        (format!("Bearer {token}x"), "Bearer error=\"invalid_token\""),
        (
            format!("Bearer {refresh_token}"),
            "Bearer error=\"invalid_token\"",
        ),
    ] {
        let answer = call_as(&service, &authorization).await;
        answer.problem(StatusCode::UNAUTHORIZED);
        assert_eq!(answer.header("www-authenticate"), challenge);
    }
}

#[tokio::test]
async fn whether_there_is_an_account_is_not_told() {
    let service = Service::start().await;
    log_in(&service).await;
    let wrong = credentials("ada@example.org", "battery staple");
    let wrong = service.call_with("POST", "/login", &wrong).await;
    let unknown = credentials("eve@example.org", PASSWORD);
    let unknown = service.call_with("POST", "/login", &unknown).await;
    wrong.problem(StatusCode::UNAUTHORIZED);
    unknown.problem(StatusCode::UNAUTHORIZED);
    assert_eq!(wrong.body, unknown.body);
    let names = |answer: &Answer| {
        let headers = answer.headers.keys();
        headers.map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(names(&wrong), names(&unknown));
}

#[tokio::test]
async fn a_password_is_checked_even_where_there_is_no_account() {
    let mut auth = auth();
    // So that it shows: whose password is checked waits for its turn, which never comes.
    auth.passwords = Passwords::new(0, Duration::ZERO);
    let service = Service::start_with(auth).await;
    let eve = credentials("eve@example.org", PASSWORD);
    let unknown = service.call_with("POST", "/login", &eve).await;
    unknown.problem(StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_refresh_token_is_good_for_one_use() {
    let service = Service::start().await;
    let first = log_in(&service).await;
    let second = refresh(&service, &first).await;
    assert_eq!(second.status, StatusCode::OK, "{}", second.body);
    let third = refresh(&service, &second).await;
    assert_eq!(third.status, StatusCode::OK, "{}", third.body);

    // Somebody has the second one, too: the session is over for both.
    let stolen = refresh(&service, &second).await;
    stolen.problem(StatusCode::UNAUTHORIZED);
    let own = refresh(&service, &third).await;
    own.problem(StatusCode::UNAUTHORIZED);
    let invented = json!({"refresh_token": "invented"});
    let invented = service.call_with("POST", "/refresh", &invented).await;
    invented.problem(StatusCode::UNAUTHORIZED);

    // A new login begins another.
    let ada = credentials("ada@example.org", PASSWORD);
    let again = service.call_with("POST", "/login", &ada).await;
    let next = refresh(&service, &again).await;
    assert_eq!(next.status, StatusCode::OK, "{}", next.body);
}

#[tokio::test]
async fn of_two_uses_at_a_time_one_is_too_many() {
    let service = Service::start().await;
    let tokens = log_in(&service).await;
    let (one, other) = tokio::join!(refresh(&service, &tokens), refresh(&service, &tokens));
    let (good, bad) = match one.status {
        StatusCode::OK => (one, other),
        _ => (other, one),
    };
    assert_eq!(good.status, StatusCode::OK, "{}", good.body);
    bad.problem(StatusCode::UNAUTHORIZED);
    let next = refresh(&service, &good).await;
    next.problem(StatusCode::UNAUTHORIZED);
}
