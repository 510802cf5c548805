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
        Route::new("/profiles", "profiles"),
        // Products are changed inside. Old ones are better than none.
        Route::new("/products", "catalog")
            .read_only()
            .stale_for(Duration::from_mins(5)),
        Route::new("/search", "catalog"),
        Route::new("/views", "events"),
        Route::new("/orders", "orders"),
        Route::new("/recommendations", "recommender")
            .read_only()
            .timeout(Duration::from_secs(3))
            .stale_for(Duration::from_mins(5)),
        Route::new("/alike", "recommender").read_only(),
    ]
}
