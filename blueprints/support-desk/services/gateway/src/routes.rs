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
        // Customers.
        Route::new("/conversations", "dialogue"),
        Route::new("/questions", "dialogue"),
        // Articles are written inside. Old ones are better than none.
        Route::new("/articles", "knowledge")
            .read_only()
            .stale_for(Duration::from_mins(5)),
        Route::new("/search", "knowledge"),
        // People who answer questions. Mind who can get here.
        Route::new("/tickets", "agents"),
    ]
}
