//! The rules of a type, and what is said to those who break them.

use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::Rules;
use crate::{Decimal, Timestamp};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema matters")]
struct Thing {
    #[schema(min_length = 2, max_length = 3)]
    name: String,
    #[schema(minimum = 1, maximum = 9)]
    count: i64,
    #[schema(schema_with = Decimal::<4, 2>::input_schema)]
    price: Decimal<4, 2>,
    #[schema(schema_with = Decimal::<4, 2>::optional_input_schema)]
    discount: Option<Decimal<4, 2>>,
    since: Option<Timestamp>,
    #[schema(pattern = "^[A-Z]{2}$")]
    code: Option<String>,
    #[schema(format = "email")]
    email: Option<String>,
    #[schema(format = "uri")]
    link: Option<String>,
}

fn check(body: &serde_json::Value) -> Vec<String> {
    let errors = serde_json::to_value(Rules::of::<Thing>().check(body)).unwrap();
    let line = |error: &serde_json::Value| {
        format!("{} {}", error["field"], error["detail"]).replace('"', "")
    };
    errors.as_array().unwrap().iter().map(line).collect()
}

#[test]
fn accepts_what_keeps_all_rules() {
    let none: [&str; 0] = [];
    let body = json!({ "name": "äöü", "count": 9, "price": "99.99" });
    assert_eq!(check(&body), none);
    let body = json!({ "name": "ab", "count": 1, "price": 0.1, "discount": null, "code": "AB",
        "email": "ada@example.com", "link": "https://example.com/", "since": "2026-01-01T00:00:00Z" });
    assert_eq!(check(&body), none);
}

#[test]
fn names_everything_that_is_wrong() {
    let body = json!({ "name": "a", "price": "0.001", "discount": 100, "since": "now", "more": 1 });
    let expected = [
        "count is missing",
        "more is not a field",
        "discount must be below 100",
        "name must have at least 2 characters",
        "price must be a multiple of 0.01",
        "since must be a valid date-time",
    ];
    assert_eq!(check(&body), expected);
    let body = json!({ "name": "a\0", "count": 10, "price": "1", "since": 5 });
    let expected = [
        "count must be at most 9",
        "name must not contain the character U+0000",
        "since must be of type string",
    ];
    assert_eq!(check(&body), expected);
    assert_eq!(check(&json!([])), [" must be an object"]);
}

#[test]
fn knows_forms_of_text() {
    let body = json!({
        "name": "abc", "count": 1, "price": 1, "code": "ABC", "email": "nobody", "link": "nowhere",
    });
    let expected = [
        "code must match ^[A-Z]{2}$",
        "email must be a valid email",
        "link must be a valid uri",
    ];
    assert_eq!(check(&body), expected);
}
