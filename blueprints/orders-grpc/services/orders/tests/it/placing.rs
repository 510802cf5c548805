//! Orders are placed by the contract that clients have compiled in.

use axum::Router;
use orders::placing::OrderRequest;
use orders::placing::order_client::OrderClient;
use tonic::Code;

use crate::support::proto::order_service_client::OrderServiceClient;
use crate::support::{Service, blamed, proto};

fn request() -> OrderRequest {
    OrderRequest {
        customer_id: "ada".to_owned(),
        product_id: "lamp".to_owned(),
        quantity: 2,
    }
}

#[tokio::test]
async fn a_placed_order_is_kept_under_its_number() {
    let service = Service::start().await;
    let mut client: OrderClient<Router> = OrderClient::new(service.router.clone());
    let first = client.place_order(request()).await.unwrap().into_inner();
    let second = client.place_order(request()).await.unwrap().into_inner();
    assert_eq!((first.order_id, second.order_id), (1, 2));

    let mut orders = OrderServiceClient::new(service.router);
    let get = proto::GetOrderRequest { id: 1 };
    let kept = orders.get_order(get).await.unwrap().into_inner();
    assert_eq!((kept.id, kept.quantity), (1, 2));
    assert_eq!(kept.customer_id + &kept.product_id, "adalamp");
}

#[tokio::test]
async fn what_is_wrong_with_an_order_is_told_by_field() {
    let service = Service::start().await;
    let mut client: OrderClient<Router> = OrderClient::new(service.router);
    let empty = OrderRequest::default();
    let answer = client.place_order(empty).await;
    assert_eq!(
        blamed(answer, Code::InvalidArgument),
        ["order.customer_id", "order.product_id", "order.quantity"]
    );
}
