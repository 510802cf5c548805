//! The search finds what there is now.

use axum::http::StatusCode;
use catalog::{sample_data, search};
use chassis::resource::Resource;
use chassis::{Database, execute, read};
use serde_json::{Value, json};
use sqlx::{query, query_scalar};
use uuid::Uuid;

use crate::support::Service;

const LOSE: &str = r#"DELETE FROM "products_search" WHERE "name" LIKE '%tent'"#;
const TENTS: &str = r#"
    SELECT COUNT(*) FROM "products_search" WHERE "products_search" MATCH 'hiker'
"#;

async fn names(service: &Service, text: &str) -> Vec<String> {
    let search = json!({ "text": text });
    let found = service.call_with("POST", "/search", &search).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.body);
    let hits = found.body.as_array().unwrap().iter();
    hits.map(|hit| hit["name"].as_str().unwrap().to_owned())
        .collect()
}

fn product(name: &str, description: &str) -> Value {
    json!({ "name": name, "description": description, "category": "garden", "price": "1.00" })
}

#[tokio::test]
async fn products_are_found_from_when_they_are_stored_until_they_are_gone() {
    let service = Service::start().await;
    let store = |body: Value| {
        let service = &service;
        async move {
            let stored = service.call_with("POST", "/products", &body).await;
            assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.body);
            stored.header("location").to_owned()
        }
    };
    let rake = store(product("Rake", "Moves leaves.")).await;
    store(product("Leaf blower", "Blows them away.")).await;
    store(product("Hose", "Brings water.")).await;
    // Forms of a word are one word, and a name counts more than a description.
    assert_eq!(names(&service, "LEAVES").await.first().unwrap(), "Rake");
    assert_eq!(names(&service, "blowing, blower?").await, ["Leaf blower"]);
    assert_eq!(names(&service, "water or rake").await, ["Rake", "Hose"]);
    assert!(names(&service, "moon").await.is_empty());
    assert!(names(&service, "?\" OR *").await.is_empty());

    let moon = product("Moon rake", "Moves dust.");
    let changed = service.call_with("PUT", &rake, &moon).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    assert_eq!(names(&service, "moon").await, ["Moon rake"]);
    assert!(
        names(&service, "leaves")
            .await
            .iter()
            .all(|name| name != "Moon rake")
    );
    service.call("DELETE", &rake).await;
    assert!(names(&service, "moon").await.is_empty());
}

#[tokio::test]
async fn what_is_looked_for_has_words_and_an_end() {
    let service = Service::start().await;
    for text in ["", &"a".repeat(201)] {
        let search = json!({ "text": text });
        let refused = service.call_with("POST", "/search", &search).await;
        assert_eq!(refused.problem(StatusCode::BAD_REQUEST), ["text"]);
    }
}

#[tokio::test]
async fn an_index_that_is_lost_is_made_again() {
    // PostgreSQL computes it from each row: there is nothing to lose.
    let file = std::env::temp_dir().join(format!("{}.db", Uuid::now_v7()));
    let url = format!("sqlite://{}", file.display());
    let database = Database::connect(&url, 1, &catalog::migrations()).await;
    let database = database.unwrap();
    sample_data::load(&database).await.unwrap();
    assert!(
        !search::repair(&database).await.unwrap(),
        "nothing is missing"
    );
    let mut transaction = database.begin().await.unwrap();
    execute!(transaction, query(LOSE)).unwrap();
    transaction.commit().await.unwrap();
    assert!(search::repair(&database).await.unwrap());
    let found: i64 = read!(&database, |pool| query_scalar(TENTS).fetch_one(pool)).unwrap();
    assert_eq!(found, 1);
    database.close().await;
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
}
