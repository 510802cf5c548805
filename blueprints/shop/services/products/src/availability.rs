//! Whether there is enough of a product. Inventory knows; while it does not answer, a shop that
//! shows its products is better than none.

use axum::extract::State;
use axum::{Extension, Json};
use chassis::cache::Memory;
use chassis::client::{self, Caller};
use chassis::{Database, Id, Problem, Result};
use inventory_client::types::ListItemsQuery;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::clients::Clients;
use crate::product::store;

/// Less than this is told to customers.
const LOW: i64 = 5;

/// How much there is of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stock {
    Enough,
    Low,
    None,
    /// Inventory does not answer.
    Unknown,
}

/// What customers are told.
#[derive(Debug, Serialize, ToSchema)]
pub struct Availability {
    pub product: Uuid,
    pub stock: Stock,
}

/// The route of availability.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new().routes(routes!(read))
}

#[utoipa::path(
    get,
    path = "/products/{id}/availability",
    tag = "products",
    operation_id = "read_availability",
    summary = "Read whether there is enough of a product",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "As far as is known", body = Availability)),
)]
async fn read(
    State(db): State<Database>,
    Extension(cache): Extension<Memory>,
    Extension(clients): Extension<Clients>,
    caller: Caller,
    Id(id): Id<Uuid>,
) -> Result<Json<Availability>> {
    let product = store::show(&db, &cache, id).await?;
    let product = product.ok_or_else(Problem::not_found)?.id;
    let inventory = clients.inventory.on_behalf_of(&caller);
    let stock = stock(&inventory, product).await.unwrap_or_else(|failure| {
        tracing::warn!(%failure, "nobody knows how much there is");
        Stock::Unknown
    });
    Ok(Json(Availability { product, stock }))
}

async fn stock(inventory: &inventory_client::Client, product: Uuid) -> client::Result<Stock> {
    let query = ListItemsQuery {
        product: Some(product),
        ..ListItemsQuery::default()
    };
    let page = inventory.list_items(&query).await?;
    let available = page.entries.first().map_or(0, |item| item.available);
    Ok(match available {
        ..=0 => Stock::None,
        1..LOW => Stock::Low,
        _ => Stock::Enough,
    })
}
