//! What is known of somebody who has not looked at anything: their favourite category.

use std::collections::BTreeSet;
use std::time::Duration;

use catalog_client::types::ListProductsQuery;
use chassis::client::{self, Caller, Failure};
use sqlx::types::Uuid;
use tokio::time::timeout;

use crate::clients::Clients;

/// A recommendation that comes late is none.
const PATIENCE: Duration = Duration::from_millis(800);

/// The products of a user's favourite category: none if they have none, or are not known. Popular
/// products are better than an error, so whoever does not answer is left out, which is told.
pub async fn favourites(
    clients: &Clients,
    caller: &Caller,
    user: Uuid,
) -> (BTreeSet<Uuid>, Option<&'static str>) {
    let profiles = clients.profiles.on_behalf_of(caller);
    let profile = timeout(PATIENCE, profiles.read_profile(user)).await;
    let category = match profile.unwrap_or(Err(Failure::TimedOut)) {
        Ok(profile) => profile.record.favourite,
        Err(failure) if failure.is_not_found() => None,
        Err(failure) => return missing("profiles", &failure),
    };
    let Some(category) = category else {
        return (BTreeSet::new(), None);
    };
    let products = timeout(PATIENCE, products(clients, caller, category)).await;
    match products.unwrap_or(Err(Failure::TimedOut)) {
        Ok(products) => (products, None),
        Err(failure) => missing("catalog", &failure),
    }
}

/// The first hundred products of a category.
async fn products(
    clients: &Clients,
    caller: &Caller,
    category: String,
) -> client::Result<BTreeSet<Uuid>> {
    let query = ListProductsQuery {
        category: Some(category),
        limit: Some(100),
        ..ListProductsQuery::default()
    };
    let page = clients
        .catalog
        .on_behalf_of(caller)
        .list_products(&query)
        .await?;
    Ok(page.entries.iter().map(|product| product.id).collect())
}

fn missing(service: &'static str, failure: &Failure) -> (BTreeSet<Uuid>, Option<&'static str>) {
    tracing::warn!(service, %failure, "recommended without it");
    (BTreeSet::new(), Some(service))
}
