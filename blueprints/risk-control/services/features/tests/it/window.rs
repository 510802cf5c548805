//! Features worked out by hand, windows at their edges above all.

use chassis::Decimal;
use features::window::{Features, Movement, Question, features};
use uuid::Uuid;

/// A movement, in hundredths.
fn movement(id: u128, at: &str, amount: i64, country: &str) -> Movement {
    Movement {
        transaction_id: Uuid::from_u128(id),
        at: at.parse().unwrap(),
        amount: Decimal::from_units(amount),
        country: country.to_owned(),
    }
}

/// A payment of 60.00 in Germany, at noon.
fn noon() -> Question {
    Question {
        transaction: Uuid::from_u128(99),
        card: "c-1".to_owned(),
        amount: Decimal::from_units(6000),
        country: "DE".to_owned(),
        at: "2026-03-31T12:00:00Z".parse().unwrap(),
    }
}

#[test]
fn a_card_that_was_never_used_has_no_past() {
    let expected = Features {
        amount: 60.0,
        ratio: 1.0,
        first: 1.0,
        ..Features::default()
    };
    assert_eq!(features(&[], &noon()), expected);
}

#[test]
fn windows_hold_their_beginning_and_not_their_end() {
    let movements = [
        movement(1, "2026-03-31T11:00:00Z", 1000, "DE"), // an hour before: in the hour
        movement(2, "2026-03-31T10:59:59.999999Z", 2000, "DE"), // a moment more: in the day only
        movement(3, "2026-03-30T12:00:00Z", 3000, "DE"), // a day before: in the day
        movement(4, "2026-03-30T11:59:59.999999Z", 4000, "DE"), // in the month only
        movement(5, "2026-03-01T12:00:00Z", 5000, "DE"), // 30 days before: in the month
        movement(6, "2026-03-01T11:59:59.999999Z", 900_000, "FR"), // too old
        movement(7, "2026-03-31T12:00:00Z", 900_000, "FR"), // the same moment
        movement(8, "2026-03-31T12:00:00.000001Z", 900_000, "FR"), // later
        movement(99, "2026-03-31T11:30:00Z", 900_000, "FR"), // itself
    ];
    let expected = Features {
        amount: 60.0,
        hour_count: 1.0,
        day_count: 3.0,
        day_sum: 60.0,
        // The mean is 150.00 / 5.
        ratio: 2.0,
        ..Features::default()
    };
    assert_eq!(features(&movements, &noon()), expected);
    let mut abroad = noon();
    abroad.country = "FR".to_owned();
    let expected = Features {
        new_country: 1.0,
        ..expected
    };
    assert_eq!(features(&movements, &abroad), expected);
}

#[test]
fn the_night_ends_at_six() {
    let night = |at: &str| {
        let mut question = noon();
        question.at = at.parse().unwrap();
        features(&[], &question).night > 0.0
    };
    assert!(night("2026-03-31T00:00:00Z"));
    assert!(night("2026-03-31T05:59:59.999999Z"));
    assert!(!night("2026-03-31T06:00:00Z"));
    assert!(!night("2026-03-31T23:59:59Z"));
}
