//! Cursors: where a page ended, as text that clients hand back without looking inside.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::nul::contains_nul;

/// The cursor behind the entry at `place` in a list of this order.
pub fn encode<K: Serialize>(sort: Option<&str>, place: &K) -> String {
    let json = serde_json::to_vec(&(sort, place)).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(json)
}

/// The place that a cursor stands for; none if it is not one of a list of this order.
pub fn decode<K: DeserializeOwned>(sort: Option<&str>, cursor: &str) -> Option<K> {
    let json = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (order, place): (Option<String>, Value) = serde_json::from_slice(&json).ok()?;
    if order.as_deref() != sort || contains_nul(&place) {
        return None;
    }
    serde_json::from_value(place).ok()
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn cursors_belong_to_their_order() {
        let cursor = encode(Some("-total"), &("9.50", 7));
        let back = decode(Some("-total"), &cursor);
        assert_eq!(back, Some(("9.50".to_owned(), 7)));
        for other in [None, Some("total")] {
            assert_eq!(decode::<(String, i64)>(other, &cursor), None);
        }
        assert_eq!(decode::<i64>(None, &encode(None, &7)), Some(7));
    }

    #[test]
    fn what_was_tampered_with_is_no_cursor() {
        for text in ["", "nowhere", "%%", &encode(None, &"seven")] {
            assert_eq!(decode::<i64>(None, text), None, "{text}");
        }
        assert_eq!(decode::<String>(None, &encode(None, &"a\0")), None);
    }
}
