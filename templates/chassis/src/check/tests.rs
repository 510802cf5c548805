//! The rules of fields, and what is said to those who break them.

use chrono::NaiveDate;
use serde_json::Value;
use tonic::Code;
use tonic_types::StatusExt;
use uuid::Uuid;

use super::FieldCheck;
use crate::{Decimal, Timestamp};

/// What is wrong with a message, one line for each field.
fn complaints(check: FieldCheck) -> Vec<String> {
    let Err(status) = check.finish(()) else {
        return Vec::new();
    };
    assert_eq!(status.code(), Code::InvalidArgument);
    let details = status.get_details_bad_request().unwrap();
    let line = |v: &tonic_types::FieldViolation| format!("{} {}", v.field, v.description);
    details.field_violations.iter().map(line).collect()
}

#[test]
fn reads_what_keeps_all_rules() {
    let mut check = FieldCheck::default();
    let price: Decimal<4, 2> = check.required("price", "9.5".to_owned());
    assert_eq!(price.to_string(), "9.50");
    let discount: Option<Decimal<4, 2>> = check.optional("discount", None);
    assert_eq!(discount, None);
    let since: Timestamp = check.or("since", None, Timestamp::default());
    assert_eq!(since, Timestamp::default());
    check.length("name", "äöü", 2..=3);
    check.range("count", 9, 1..=9);
    check.range("price", price, Decimal::from_units(0)..);
    check.pattern("code", "AB", "^[A-Z]{2}$");
    check.email("email", "ada@example.com");
    check.uri("link", "https://example.com/");
    check.length("note", None, 1..);
    assert_eq!(complaints(check), [""; 0]);
}

#[test]
fn names_everything_that_is_wrong() {
    let mut check = FieldCheck::within("thing");
    let _: Decimal<4, 2> = check.required("price", "0.001".to_owned());
    let _: Option<Decimal<4, 2>> = check.optional("discount", "much".to_owned());
    let _: Uuid = check.required("id", String::new());
    let _: NaiveDate = check.required("day", "26-1-2".to_owned());
    let _: Timestamp = check.required("since", None);
    let _: String = check.required("name", "a\0".to_owned());
    let infinite = prost_types::Value::from(f64::INFINITY);
    let _: Value = check.required("extra", infinite);
    check.length("name", "", 1..);
    check.length("title", "", 1..);
    check.length("city", "a", 2..);
    check.length("short", "abc", ..=2);
    check.range("count", 10, ..=9);
    check.range(
        "amount",
        Decimal::<4, 2>::from_units(-1),
        Decimal::from_units(0)..,
    );
    check.pattern("code", "ABC", "^[A-Z]{2}$");
    check.email("email", "nobody");
    check.uri("link", "nowhere");
    let expected = [
        "thing.price must have at most 2 decimal places",
        "thing.discount must be a decimal number such as \"12.50\"",
        "thing.id is missing",
        "thing.day must be a valid date",
        "thing.since is missing",
        "thing.name must not contain the character U+0000",
        "thing.extra must hold finite numbers only",
        "thing.title must not be empty",
        "thing.city must have at least 2 characters",
        "thing.short must have at most 2 characters",
        "thing.count must be at most 9",
        "thing.amount must be at least 0.00",
        "thing.code must match ^[A-Z]{2}$",
        "thing.email must be a valid email",
        "thing.link must be a valid uri",
    ];
    assert_eq!(complaints(check), expected);
}
