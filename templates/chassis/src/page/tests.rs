//! Pages of lists that can be filtered and sorted, and of those that can't.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Everything, PageRequest};
use crate::Decimal;

#[derive(Debug, Deserialize, ToSchema)]
struct Filter {
    open: Option<bool>,
    number: Option<i64>,
    price: Option<Decimal<4, 2>>,
    name: Option<String>,
    sort: Option<Sort>,
}

#[derive(Debug, PartialEq, Deserialize, ToSchema)]
enum Sort {
    #[serde(rename = "name")]
    Name,
    #[serde(rename = "-name")]
    NameDescending,
}

fn request<Q>(query: &str) -> Result<PageRequest<i64, Q>, Vec<String>>
where
    Q: for<'de> Deserialize<'de> + ToSchema + 'static,
{
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    PageRequest::parse("/things", pairs.into_owned().collect()).map_err(|errors| {
        let errors = serde_json::to_value(errors).unwrap();
        let line = |error: &serde_json::Value| {
            format!("{} {}", error["field"], error["detail"]).replace('"', "")
        };
        errors.as_array().unwrap().iter().map(line).collect()
    })
}

/// The query behind the `?` of the next page's address, if there is a next page.
fn next<Q>(request: &PageRequest<i64, Q>, entries: Vec<i64>) -> Option<String> {
    let next = request.of(entries, |key| *key).next?;
    let address = next.strip_prefix("</things?")?;
    Some(address.strip_suffix(">; rel=\"next\"")?.to_owned())
}

#[test]
fn links_to_the_next_page_only_if_there_is_one() {
    let first = request::<Everything>("limit=2").unwrap();
    assert_eq!((first.rows(), first.after), (3, None));
    assert_eq!(next(&first, vec![1, 2]), None);
    let query = next(&first, vec![1, 2, 3]).unwrap();
    let second = request::<Everything>(&query).unwrap();
    assert_eq!((second.limit, second.after), (2, Some(2)));
}

#[test]
fn links_keep_filters_and_order() {
    let first = request::<Filter>("limit=1&name=a%26b+c&sort=-name&open=true").unwrap();
    let query = next(&first, vec![1, 2]).unwrap();
    assert!(query.starts_with("name=a%26b+c&sort=-name&open=true&limit=1&cursor="));
    let second = request::<Filter>(&query).unwrap();
    assert_eq!(second.query.name.as_deref(), Some("a&b c"));
    assert_eq!(second.query.sort, Some(Sort::NameDescending));
    assert_eq!((second.query.open, second.after), (Some(true), Some(1)));

    let numbers = request::<Filter>("number=-7&price=9.5").unwrap().query;
    assert_eq!(numbers.number, Some(-7));
    assert_eq!(numbers.price, Some(Decimal::from_units(950)));

    let other_order = query.replace("sort=-name", "sort=name");
    let errors = request::<Filter>(&other_order).err().unwrap();
    assert_eq!(errors, ["cursor is not a cursor of this list"]);
}

#[test]
fn names_every_wrong_parameter() {
    let query = "limit=0&open=maybe&number=1.5&price=1.005&name=%00&sort=up&size=1&name=b";
    let expected = [
        "limit must be a number from 1 to 100",
        "open must be true or false",
        "number must be a whole number",
        "price must match ^-?[0-9]{1,2}(\\\\.[0-9]{1,2})?$",
        "name must not contain the character U+0000",
        "sort must be one of name, -name",
        "size is not a parameter",
    ];
    assert_eq!(request::<Filter>(query).err().unwrap(), expected);
    let twice = request::<Filter>("number=1&price=9.50&number=2");
    assert_eq!(twice.err().unwrap(), ["number must be given only once"]);
}
