//! What a card did of late, as numbers that rules and models judge by.
//!
//! They depend on the card's movements and the moment that is asked about, on nothing else: not on
//! the order in which movements arrived, nor on how often.

use chassis::{Decimal, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use sqlx::types::Uuid;
use utoipa::ToSchema;
use utoipa::openapi::ObjectBuilder;

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;
/// What was longer ago than this says nothing about a card's habits.
const MONTH: i64 = 30 * DAY;
/// The hours of the night end with this one, in UTC.
const MORNING: i64 = 6;

/// A payment that was made with a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow, ToSchema)]
pub struct Movement {
    pub transaction_id: Uuid,
    pub at: Timestamp,
    pub amount: Decimal<18, 2>,
    pub country: String,
}

/// A payment that is to be judged. It may be among the movements already: it is no part of its own
/// past.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Which transaction it is.
    pub transaction: Uuid,
    #[schema(min_length = 1, max_length = 64)]
    pub card: String,
    #[schema(schema_with = amount_schema)]
    pub amount: Decimal<18, 2>,
    #[schema(min_length = 2, max_length = 2)]
    pub country: String,
    /// When it was made.
    pub at: Timestamp,
}

fn amount_schema() -> ObjectBuilder {
    Decimal::<18, 2>::input_schema().minimum(Some(0.01))
}

/// The numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Features {
    /// Its amount.
    pub amount: f64,
    /// Movements of the card in the hour before.
    pub hour_count: f64,
    /// Movements of the card in the day before.
    pub day_count: f64,
    /// Their amounts.
    pub day_sum: f64,
    /// The amount as a multiple of the card's mean of the last 30 days; 1 if there is none.
    pub ratio: f64,
    /// 1 if the card was used in the last 30 days, but not in this country, else 0.
    pub new_country: f64,
    /// 1 if the card was not used in the last 30 days, else 0.
    pub first: f64,
    /// 1 from midnight to six in the morning (UTC), else 0.
    pub night: f64,
}

/// The features of a payment, by the movements of its card.
#[must_use]
pub fn features(movements: &[Movement], asked: &Question) -> Features {
    let age = |movement: &Movement| (asked.at.get() - movement.at.get()).num_microseconds();
    // A window ends before the moment itself: of two payments in one, neither is the other's past.
    let within = |seconds: i64| {
        let others = movements
            .iter()
            .filter(|movement| movement.transaction_id != asked.transaction);
        others.filter(move |movement| {
            age(movement).is_some_and(|age| age > 0 && age <= seconds * 1_000_000)
        })
    };
    let amount = number(asked.amount);
    let (count, sum) = total(within(MONTH));
    let (day_count, day_sum) = total(within(DAY));
    let is_known = within(MONTH).any(|movement| movement.country == asked.country);
    let second = asked.at.get().timestamp().rem_euclid(DAY);
    Features {
        amount,
        hour_count: total(within(HOUR)).0,
        day_count,
        day_sum,
        ratio: if sum > 0.0 { amount * count / sum } else { 1.0 },
        new_country: flag(count > 0.0 && !is_known),
        first: flag(count == 0.0),
        night: flag(second < MORNING * HOUR),
    }
}

/// How many there are, and how much they come to.
fn total<'m>(movements: impl Iterator<Item = &'m Movement>) -> (f64, f64) {
    movements.fold((0.0, 0.0), |(count, sum), movement| {
        (count + 1.0, sum + number(movement.amount))
    })
}

fn number(amount: Decimal<18, 2>) -> f64 {
    f64::try_from(amount.get()).unwrap_or_default()
}

fn flag(is: bool) -> f64 {
    f64::from(u8::from(is))
}
