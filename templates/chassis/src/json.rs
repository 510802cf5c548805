//! JSON in messages: `google.protobuf.Value`.

use prost_types::value::Kind;
use prost_types::{ListValue, Struct};
use serde_json::Value;

/// Whole numbers up to this survive as the binary fractions that messages hold.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What a message holds as JSON.
///
/// # Errors
/// It holds a number that JSON has not.
pub fn from_message(value: prost_types::Value) -> Result<Value, String> {
    Ok(match value.kind {
        None | Some(Kind::NullValue(_)) => Value::Null,
        Some(Kind::BoolValue(truth)) => truth.into(),
        Some(Kind::StringValue(text)) => text.into(),
        Some(Kind::NumberValue(number)) => from_number(number)?,
        Some(Kind::ListValue(list)) => {
            let items: Result<Vec<_>, _> = list.values.into_iter().map(from_message).collect();
            items?.into()
        }
        Some(Kind::StructValue(members)) => {
            let members = members.fields.into_iter();
            let members = members.map(|(name, value)| Ok((name, from_message(value)?)));
            Value::Object(members.collect::<Result<_, String>>()?)
        }
    })
}

/// A number that is whole stays whole.
fn from_number(number: f64) -> Result<Value, &'static str> {
    if number.fract() == 0.0 && number.abs() <= EXACT {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is whole, and small enough"
        )]
        return Ok(Value::from(number as i64));
    }
    let number = serde_json::Number::from_f64(number);
    let number = number.ok_or("must hold finite numbers only")?;
    Ok(Value::Number(number))
}

/// JSON as a message holds it.
#[must_use]
pub fn to_message(value: Value) -> prost_types::Value {
    let kind = match value {
        Value::Null => Kind::NullValue(0),
        Value::Bool(truth) => Kind::BoolValue(truth),
        Value::String(text) => Kind::StringValue(text),
        Value::Number(number) => Kind::NumberValue(number.as_f64().unwrap_or_default()),
        Value::Array(items) => Kind::ListValue(ListValue {
            values: items.into_iter().map(to_message).collect(),
        }),
        Value::Object(members) => {
            let members = members.into_iter();
            let members = members.map(|(name, value)| (name, to_message(value)));
            Kind::StructValue(Struct {
                fields: members.collect(),
            })
        }
    };
    prost_types::Value { kind: Some(kind) }
}

#[cfg(test)]
mod tests {
    use prost_types::value::Kind;
    use serde_json::json;

    use super::{from_message, to_message};

    #[test]
    fn comes_back_as_it_was() {
        let whole = 9_007_199_254_740_992_i64;
        let value = json!({ "a": [1, -2.5, null, true, "text"], "b": {}, "c": whole });
        assert_eq!(from_message(to_message(value.clone())), Ok(value));
        let infinite = prost_types::Value {
            kind: Some(Kind::NumberValue(f64::INFINITY)),
        };
        assert!(from_message(infinite).is_err());
    }
}
