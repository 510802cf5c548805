//! The features by name, as rules and models speak of them.

use features_client::types::Features;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A feature; what it means is written where it is made, in the service `features`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    Amount,
    HourCount,
    DayCount,
    DaySum,
    Ratio,
    NewCountry,
    First,
    Night,
}

impl Feature {
    /// What it is.
    #[must_use]
    pub fn of(self, features: &Features) -> f64 {
        match self {
            Self::Amount => features.amount,
            Self::HourCount => features.hour_count,
            Self::DayCount => features.day_count,
            Self::DaySum => features.day_sum,
            Self::Ratio => features.ratio,
            Self::NewCountry => features.new_country,
            Self::First => features.first,
            Self::Night => features.night,
        }
    }

    /// How people call it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Amount => "the amount",
            Self::HourCount => "the number of payments in the hour before",
            Self::DayCount => "the number of payments in the day before",
            Self::DaySum => "the sum of the day before",
            Self::Ratio => "the multiple of the card's mean",
            Self::NewCountry => "a country new to the card",
            Self::First => "a card that was not used of late",
            Self::Night => "the night",
        }
    }
}
