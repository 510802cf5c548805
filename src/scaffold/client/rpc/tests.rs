//! Clients of contracts as services write them.

use std::collections::BTreeMap;

use super::of_grpc;

/// Files by their paths and texts -> the files of the client.
fn files(protos: &[(&str, &str)]) -> String {
    let protos: BTreeMap<String, String> =
        protos.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let files = of_grpc("stock", "../../services/stock/proto", &protos).unwrap();
    let shown = files.iter().map(|(path, entry)| format!("=== {path}\n{}", String::from_utf8_lossy(&entry.bytes)));
    shown.collect()
}

const ITEMS: &str = r#"
syntax = "proto3";
package stock.v1;
import "google/protobuf/empty.proto";

service ItemService {
  // Stores a new item.
  //
  // It may be one that is there.
  rpc CreateItem(CreateItemRequest) returns (Item);
  rpc GetItem(.stock.v1.GetItemRequest) returns (Item) {
    option idempotency_level = NO_SIDE_EFFECTS;
  }
  rpc DeleteItem(Item.Id) returns (google.protobuf.Empty);
  rpc CountEverythingThatIsThereToBeCountedInAllShelves(google.protobuf.Empty) returns (Item);
  rpc WatchItems(google.protobuf.Empty) returns (stream Item);
  rpc New(Item) returns (elsewhere.Thing);
}
message Item {
  message Id { string id = 1; }
}
message GetItemRequest { string id = 1; }
message CreateItemRequest { Item item = 1; }
"#;

#[test]
fn each_method_is_a_method() {
    insta::assert_snapshot!(files(&[("stock/v1/item.proto", ITEMS)]));
}

#[test]
fn packages_are_modules() {
    let shelves = "syntax = \"proto3\";\npackage stock.shelves;\nimport \"google/protobuf/timestamp.proto\";\nmessage \
                   Shelf {}\nservice Shelves { rpc GetItem(Shelf) returns (v1.Item); rpc New(Shelf) returns \
                   (google.protobuf.Timestamp); }\n";
    insta::assert_snapshot!(files(&[("shelves.proto", shelves), ("stock/v1/item.proto", ITEMS)]));
}

#[test]
fn what_is_no_contract_is_refused() {
    let protos = BTreeMap::from([("a.proto".to_owned(), "message".to_owned())]);
    let error = of_grpc("stock", "proto", &protos).unwrap_err();
    assert_eq!(error.message, "proto/a.proto can't be read");
}
