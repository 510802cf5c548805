//! Which paths lead to which services, and how. This file is yours.
//!
//! A path keeps its name on the way unless the route says [`Route::at`]. A service is found at the
//! address that the setting `<SERVICE>_URL` holds.

use crate::route::Route;

/// All routes; of two that fit, the one with the longer path is taken.
#[must_use]
pub fn table() -> Vec<Route> {
    vec![
        // One method, by the name that people use.
        Route::new("/place_order", "orders")
            .at("/order.Order/PlaceOrder")
            .grpc(),
        // All others: `POST /orders/ListOrders` and so on.
        Route::new("/orders", "orders")
            .at("/orders.v1.OrderService")
            .grpc(),
    ]
}
