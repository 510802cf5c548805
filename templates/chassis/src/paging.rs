//! Lists in pages (AIP-158), filtered and sorted (AIP-132).

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::check::FieldCheck;
use crate::cursor;

const DEFAULT_SIZE: i64 = 20;
const MAXIMUM_SIZE: i64 = 100;

/// Which page of a list is asked for. A page begins behind the entry that its token names: unlike
/// with offsets, entries that come or go in between shift nothing, and the last page costs no more
/// than the first.
pub struct PageRequest<K> {
    /// A token holds for one order only.
    order: Option<String>,
    /// At most so many entries.
    size: i64,
    /// Where the page before ended.
    pub after: Option<K>,
}

impl<K: Serialize + DeserializeOwned> PageRequest<K> {
    /// Reads the fields that all lists have. `order` is what the list is sorted by, if that is not
    /// the id.
    pub fn read(check: &mut FieldCheck, size: i32, token: &str, order: Option<&str>) -> Self {
        let size = match i64::from(size) {
            0 => DEFAULT_SIZE,
            size => size.min(MAXIMUM_SIZE),
        };
        if size < 0 {
            check.refuse("page_size", "must not be negative");
        }
        let after = cursor::decode(order, token);
        if after.is_none() && !token.is_empty() {
            check.refuse("page_token", "is not a token of this list");
        }
        Self {
            order: order.map(str::to_owned),
            size,
            after,
        }
    }

    /// One more than the page holds: its presence tells that there is a next page.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.size + 1
    }

    /// Makes the page out of up to [`PageRequest::rows`] entries, with the token of the next one,
    /// which is empty if this is the last.
    pub fn of<T>(&self, mut entries: Vec<T>, place: impl Fn(&T) -> K) -> (Vec<T>, String) {
        let size = usize::try_from(self.size).unwrap_or_default();
        let has_next = entries.len() > size;
        entries.truncate(size);
        let last = entries.last().filter(|_| has_next);
        let token = last.map(|last| cursor::encode(self.order.as_deref(), &place(last)));
        (entries, token.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::PageRequest;
    use crate::check::FieldCheck;

    fn read(size: i32, token: &str, order: Option<&str>) -> Option<PageRequest<i64>> {
        let mut check = FieldCheck::default();
        let page = PageRequest::read(&mut check, size, token, order);
        check.finish(page).ok()
    }

    #[test]
    fn there_is_a_token_only_if_there_is_a_next_page() {
        let first = read(2, "", Some("name")).unwrap();
        assert_eq!((first.rows(), first.after), (3, None));
        assert_eq!(first.of(vec![1, 2], |key| *key).1, "");
        let (entries, token) = first.of(vec![1, 2, 3], |key| *key);
        assert_eq!(entries, [1, 2]);
        assert_eq!(read(2, &token, Some("name")).unwrap().after, Some(2));
        assert!(read(2, &token, None).is_none(), "another order");
    }

    #[test]
    fn sizes_are_bounded() {
        assert_eq!(read(0, "", None).unwrap().rows(), 21);
        assert_eq!(read(5000, "", None).unwrap().rows(), 101);
        assert!(read(-1, "", None).is_none());
    }
}
