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
        Route::new("/transactions", "ingest"),
        Route::new("/cases", "cases"),
        // Who may see the rules need not be allowed to change them: that is done inside.
        Route::new("/rules", "scoring").read_only(),
        Route::new("/models", "scoring").read_only(),
        Route::new("/cards", "features").read_only(),
        Route::new("/trainings", "training").timeout(Duration::from_mins(1)),
        Route::new("/candidates", "training").read_only(),
    ]
}
