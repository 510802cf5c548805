//! Names in the forms that code and prose need.

use heck::{ToKebabCase, ToPascalCase, ToSnakeCase};
use serde_json::Value;

use crate::project::name::is_keyword;

/// Types that generated modules have in scope: an entity of that name gets another type name.
const TYPES_IN_SCOPE: &[&str] = &[
    "Answer",
    "Box",
    "Database",
    "Decimal",
    "Deserialize",
    "Err",
    "FieldError",
    "FromRow",
    "Id",
    "IfMatch",
    "IfNoneMatch",
    "IntoParams",
    "IntoResponse",
    "Json",
    "NaiveDate",
    "None",
    "ObjectBuilder",
    "Ok",
    "OpenApiRouter",
    "Option",
    "Page",
    "PageRequest",
    "Problem",
    "Response",
    "Result",
    "Select",
    "Self",
    "Serialize",
    "Service",
    "Some",
    "State",
    "StatusCode",
    "String",
    "Tagged",
    "Timestamp",
    "ToSchema",
    "Uuid",
    "ValidJson",
    "Value",
    "Vec",
    "Version",
];

/// Modules and crates that an entity's module would hide or clash with, and those inside it: clippy wants no module
/// to be called like the one it is in.
const MODULES_IN_SCOPE: &[&str] = &[
    "alloc",
    "anyhow",
    "axum",
    "bin",
    "changes",
    "chassis",
    "chrono",
    "clients",
    "convert",
    "core",
    "events",
    "every_call",
    "every_route",
    "lib",
    "lists",
    "main",
    "model",
    "proto",
    "prost",
    "prost_types",
    "query",
    "references",
    "routes",
    "rpc",
    "serde",
    "serde_json",
    "sqlx",
    "std",
    "store",
    "support",
    "tests",
    "tokio",
    "tonic",
    "tonic_prost",
    "tracing",
    "utoipa",
    "utoipa_axum",
    "uuid",
];

/// The type of an entity: `order-item` -> `OrderItem`.
pub(super) fn type_name(entity: &str) -> String {
    let name = entity.to_pascal_case();
    if TYPES_IN_SCOPE.contains(&name.as_str()) { name + "Record" } else { name }
}

/// The module of an entity: `order-item` -> `order_item`.
pub(super) fn module(entity: &str) -> String {
    let name = entity.to_snake_case();
    if MODULES_IN_SCOPE.contains(&name.as_str()) || is_keyword(&name) { name + "_entity" } else { name }
}

/// The modules of all entities and those of others that are there, sorted as rustfmt sorts them.
pub(super) fn modules<'a>(entities: &'a [Value], others: &[(&'a str, bool)]) -> Vec<&'a str> {
    let mut modules: Vec<&str> = entities.iter().filter_map(|entity| entity["module"].as_str()).collect();
    modules.extend(others.iter().filter(|(_, is_there)| *is_there).map(|(name, _)| *name));
    modules.sort_unstable();
    modules
}

/// As in a sentence: `order-item` -> `order item`.
pub(super) fn title(name: &str) -> String {
    name.to_kebab_case().replace('-', " ")
}

/// With a capital at its beginning.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// With the article: `an order`, `a customer`. By spelling, which is right nearly always.
pub(super) fn with_article(title: &str) -> String {
    let sounds_like_you = ["uni", "use", "usa", "uti", "eu", "one"].iter().any(|start| title.starts_with(start));
    let vowel = title.starts_with(['a', 'e', 'i', 'o', 'u']) && !sounds_like_you;
    format!("{} {title}", if vowel { "an" } else { "a" })
}

/// The regular English plural of the last word: `order` -> `orders`, `category` -> `categories`.
pub(super) fn plural(word: &str) -> String {
    let vowel_before_y = ["ay", "ey", "oy", "uy"].iter().any(|end| word.ends_with(end));
    match word {
        w if w.ends_with('y') && !vowel_before_y => format!("{}ies", &w[..w.len() - 1]),
        w if ["s", "x", "z", "ch", "sh"].iter().any(|end| w.ends_with(end)) => format!("{w}es"),
        w => format!("{w}s"),
    }
}

/// The names of one `use`: braces stand around several.
pub(super) fn imported(names: &[&str]) -> String {
    match names {
        [one] => (*one).to_owned(),
        [] => String::new(),
        all => format!("{{{}}}", all.join(", ")),
    }
}

/// As an identifier of Rust: keywords in their raw form.
pub(super) fn identifier(field: &str) -> String {
    if is_keyword(field) { format!("r#{field}") } else { field.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_like_english() {
        let plurals = ["order", "category", "day", "box", "branch", "status"].map(plural);
        assert_eq!(plurals, ["orders", "categories", "days", "boxes", "branches", "statuses"]);
        let articles = ["order", "customer", "user", "unit", "item"].map(with_article);
        assert_eq!(articles, ["an order", "a customer", "a user", "a unit", "an item"]);
        assert_eq!(sentence(&title("order-item")), "Order item");
    }

    #[test]
    fn names_that_are_taken_are_avoided() {
        assert_eq!((type_name("page"), type_name("order-item")), ("PageRecord".to_owned(), "OrderItem".to_owned()));
        assert_eq!((module("main"), module("order-item")), ("main_entity".to_owned(), "order_item".to_owned()));
        assert_eq!((identifier("type"), identifier("total")), ("r#type".to_owned(), "total".to_owned()));
    }
}
