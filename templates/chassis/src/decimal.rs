//! Exact decimals, such as money, of a fixed number of digits.

use std::fmt;

use rust_decimal::Decimal as Number;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A decimal of up to `DIGITS` digits (18 at most), `SCALE` of them behind the point.
///
/// In JSON it is a string, because many clients read numbers as binary fractions; numbers are
/// accepted, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal<const DIGITS: u32, const SCALE: u32>(Number);

/// What is said to those who send something else.
pub(crate) const NO_NUMBER: &str = "must be a decimal number such as \"12.50\"";

/// The exact number that a JSON string or number stands for. The shortest text that reads as a
/// binary fraction is the one that the client wrote.
pub(crate) fn from_json(value: &Value) -> Option<Number> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => number.as_f64()?.to_string(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    // Plain digits only: no spaces, underscores or exponents, as the schema's pattern has it.
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let is_plain = digits
        .split('.')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    is_plain
        .then(|| Number::from_str_exact(&text).ok())
        .flatten()
}

impl<const DIGITS: u32, const SCALE: u32> Decimal<DIGITS, SCALE> {
    /// Takes a number if it fits without rounding.
    ///
    /// # Errors
    /// Says how many digits there may be.
    pub fn new(number: Number) -> Result<Self, String> {
        const {
            assert!(
                SCALE <= DIGITS && DIGITS <= 18,
                "at most 18 digits fit the integer that SQLite stores"
            );
        }
        let mut number = number.normalize();
        if number.scale() > SCALE {
            return Err(format!("must have at most {SCALE} decimal places"));
        }
        number.rescale(SCALE);
        if number.mantissa().unsigned_abs() >= 10_u128.pow(DIGITS) {
            return Err(format!(
                "must have at most {} digits before the point",
                DIGITS - SCALE
            ));
        }
        Ok(Self(number))
    }

    /// So many units of the last place: with two places, 1250 is 12.50.
    #[must_use]
    pub fn from_units(units: i64) -> Self {
        Self(Number::from_i128_with_scale(units.into(), SCALE))
    }

    /// The number, to calculate with.
    #[must_use]
    pub fn get(self) -> Number {
        self.0
    }
}

impl<const DIGITS: u32, const SCALE: u32> fmt::Display for Decimal<DIGITS, SCALE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const DIGITS: u32, const SCALE: u32> Serialize for Decimal<DIGITS, SCALE> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, const DIGITS: u32, const SCALE: u32> Deserialize<'de> for Decimal<DIGITS, SCALE> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = from_json(&Value::deserialize(deserializer)?).ok_or(NO_NUMBER);
        number
            .and_then(|number| Self::new(number).map_err(|_| NO_NUMBER))
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    type Money = Decimal<10, 2>;

    #[test]
    fn reads_text_and_numbers_exactly() {
        for (json, text) in [
            ("\"12.5\"", "12.50"),
            ("12.1", "12.10"),
            ("-3", "-3.00"),
            ("\"0.10\"", "0.10"),
        ] {
            let money: Money = serde_json::from_str(json).unwrap();
            assert_eq!(money.to_string(), text);
            assert_eq!(
                serde_json::to_string(&money).unwrap(),
                format!("\"{text}\"")
            );
        }
    }

    #[test]
    fn refuses_what_it_would_have_to_round() {
        for json in [
            "\"0.001\"",
            "0.001",
            "\"100000000\"",
            "\"ten\"",
            "true",
            "\"NaN\"",
            "1e30",
        ] {
            assert!(serde_json::from_str::<Money>(json).is_err(), "{json}");
        }
    }
}
