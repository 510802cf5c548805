//! What holds for every route: errors are problems, nobody is let in without a token, the committed
//! API document is the true one.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chassis::client::Address;

use crate::support::database::TestDatabase;
use crate::support::others::Others;
use crate::support::{Service, auth, clients};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

#[test]
fn openapi_json_is_up_to_date() {
    let api = orders::api(&auth(), &clients(&Address::local(1)));
    let document = api.into_openapi();
    let current = chassis::docs::to_json(document);
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(FILE, &current).unwrap();
    }
    let committed = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        committed == current,
        "openapi.json differs from the code; `just openapi` writes it anew"
    );
}

#[tokio::test]
async fn errors_of_the_framework_are_problems() {
    let database = TestDatabase::create().await;
    let others = Others::start(0, 0, None).await;
    let service = Service::start(&database.url, &others).await;
    let nowhere = service.call("GET", "/no/such/route").await;
    nowhere.problem(StatusCode::NOT_FOUND);
    let patched = service.call("PATCH", "/orders").await;
    patched.problem(StatusCode::METHOD_NOT_ALLOWED);
    let no_id = service.call("GET", "/orders/not-an-id").await;
    assert_eq!(no_id.problem(StatusCode::BAD_REQUEST), ["id"]);
    let list = "/orders?limit=0&cursor=nowhere&no=such";
    let list = service.call("GET", list).await;
    let blamed = list.problem(StatusCode::BAD_REQUEST);
    assert_eq!(blamed, ["cursor", "limit", "no"]);
    let text = Request::post("/place_order").header(header::CONTENT_TYPE, "text/plain");
    let text = service.send(text.body(Body::from("{}")).unwrap()).await;
    text.problem(StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn nobody_is_let_in_without_a_token() {
    let database = TestDatabase::create().await;
    let others = Others::start(0, 0, None).await;
    let service = Service::start(&database.url, &others).await;
    for (method, path) in [
        ("POST", "/place_order"),
        ("GET", "/orders"),
        ("GET", "/orders/0197a1b2-c3d4-7e5f-8a6b-000000000001"),
    ] {
        for token in ["", "Bearer x"] {
            let request = Request::builder().method(method).uri(path);
            let request = request.header(header::AUTHORIZATION, token);
            let request = request.body(Body::empty()).unwrap();
            let answer = service.send_without_token(request).await;
            answer.problem(StatusCode::UNAUTHORIZED);
        }
    }
}
