//! Makes the interactions again from their source: all views and orders there are.

use chassis::Database;
use chassis::client::{Caller, Page};
use events_client::types::{ListViewsQuery, View};
use orders_client::types::{ListOrdersQuery, Order};

use super::store::{self, Action};
use crate::clients::Clients;

/// Reads all views and orders, and keeps what is not known yet; tells how many there are. It can be
/// done again, and while events come in.
pub async fn rebuild(db: &Database, clients: &Clients, caller: &Caller) -> chassis::Result<usize> {
    let (mut read, mut cursor) = (0, None);
    loop {
        let query = ListViewsQuery {
            limit: Some(100),
            cursor,
            ..ListViewsQuery::default()
        };
        let page: Page<View> = clients
            .events
            .on_behalf_of(caller)
            .list_views(&query)
            .await?;
        let mut transaction = db.begin().await?;
        for view in &page.entries {
            store::keep(&mut transaction, view.user, view.product, Action::Viewed).await?;
        }
        transaction.commit().await?;
        read += page.entries.len();
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    loop {
        let query = ListOrdersQuery {
            limit: Some(100),
            cursor,
            ..ListOrdersQuery::default()
        };
        let page: Page<Order> = clients
            .orders
            .on_behalf_of(caller)
            .list_orders(&query)
            .await?;
        let mut transaction = db.begin().await?;
        for order in &page.entries {
            store::keep(&mut transaction, order.user, order.product, Action::Bought).await?;
        }
        transaction.commit().await?;
        read += page.entries.len();
        cursor = page.next;
        if cursor.is_none() {
            return Ok(read);
        }
    }
}
