//! Which paths lead to which services, and how. This file is yours.
//!
//! A path keeps its name on the way: `/orders/1` is asked for as `/orders/1`, unless the route says
//! [`Route::at`]. A service is found at the address that the setting `<SERVICE>_URL` holds.

use std::time::Duration;

use crate::route::Route;

/// All routes; of two that fit, the one with the longer path is taken.
#[must_use]
pub fn table() -> Vec<Route> {
    vec![
        // Here people get their tokens; all other routes but the shop window ask for one.
        Route::new("/register", "users").public(),
        Route::new("/login", "users").public(),
        Route::new("/refresh", "users").public(),
        // Products are changed inside. Old prices are better than none.
        Route::new("/products", "products")
            .public()
            .read_only()
            .stale_for(Duration::from_mins(5)),
        Route::new("/place_order", "orders"),
        Route::new("/orders", "orders"),
    ]
}
