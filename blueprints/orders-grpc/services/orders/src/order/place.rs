//! Placing an order: one call, whose contract is `proto/order.proto`.

use chassis::rpc::{Answer, Limits};
use chassis::{Database, status};
use tonic::{Request, Response, Status};

use super::model::OrderInput;
use super::store;
use crate::placing::order_server::{Order, OrderServer};
use crate::placing::{OrderRequest, OrderResponse};
use crate::proto;

/// Answers calls.
pub struct Placing(Database);

/// The service where orders are placed.
#[must_use]
pub fn placing(database: &Database, limits: Limits) -> OrderServer<Placing> {
    OrderServer::new(Placing(database.clone())).max_decoding_message_size(limits.message)
}

#[tonic::async_trait]
impl Order for Placing {
    async fn place_order(&self, request: Request<OrderRequest>) -> Answer<OrderResponse> {
        let sent = request.into_inner();
        // Held to the same rules as an order that is stored by `orders.v1`.
        let input = OrderInput::try_from(proto::Order {
            customer_id: sent.customer_id,
            product_id: sent.product_id,
            quantity: sent.quantity.into(),
            ..proto::Order::default()
        })?;
        let placed = store::insert(&self.0, &input)
            .await
            .map_err(status::refused)?;
        let order_id = i32::try_from(placed.id)
            .map_err(|_| Status::resource_exhausted("the contract has no more numbers"))?;
        Ok(Response::new(OrderResponse { order_id }))
    }
}
