//! What all replicas share, and what happens without it. Most of it needs a Redis, whose address is
//! in `TEST_REDIS_URL`; without that variable it is not tested.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{Redis, Settings};

fn at(url: &str, name: &str) -> anyhow::Result<Redis> {
    let settings = Settings {
        url: url.to_owned(),
        lifetime: Duration::from_hours(1),
    };
    Redis::new(&settings, name)
}

/// Two replicas of a service with records of its own, if there is a Redis.
fn replicas() -> Option<[Redis; 2]> {
    let url = std::env::var("TEST_REDIS_URL").ok()?;
    let name = Uuid::new_v4().to_string();
    Some([&name, &name].map(|name| at(&url, name).unwrap()))
}

async fn find(cache: &Redis, loads: &AtomicU32) -> Option<u32> {
    let load = async {
        tokio::time::sleep(Duration::from_millis(5)).await;
        Ok::<_, Infallible>(Some(loads.fetch_add(1, Ordering::Relaxed)))
    };
    let Ok(found) = cache.find("number", 1, load).await;
    found
}

#[tokio::test]
async fn of_many_who_ask_any_replica_one_loads() {
    static LOADS: AtomicU32 = AtomicU32::new(0);
    let Some(replicas) = replicas() else { return };
    let mut all = JoinSet::new();
    for number in 0..100 {
        let replica = replicas[number % 2].clone();
        all.spawn(async move { find(&replica, &LOADS).await });
    }
    assert_eq!(all.join_all().await, [Some(0); 100]);
}

#[tokio::test]
async fn a_failure_and_nothing_are_not_kept() {
    let Some([cache, _]) = replicas() else { return };
    let failed = cache.find("number", 1, async { Err::<Option<u32>, _>("down") });
    assert_eq!(failed.await, Err("down"));
    let nothing = cache.find("number", 1, async { Ok::<_, &str>(None::<u32>) });
    assert_eq!(nothing.await, Ok(None));
    assert_eq!(find(&cache, &AtomicU32::new(7)).await, Some(7));
}

#[tokio::test]
async fn what_was_loaded_before_a_write_of_another_replica_is_not_kept_after_it() {
    let Some([cache, other]) = replicas() else {
        return;
    };
    let (loading, written) = (Notify::new(), Notify::new());
    let old = cache.find("number", 1, async {
        loading.notify_one();
        written.notified().await;
        Ok::<_, Infallible>(Some(1))
    });
    let write = async {
        loading.notified().await;
        other.forget("number", 1).await;
        written.notify_one();
    };
    let (old, ()) = tokio::join!(old, write);
    assert_eq!(old, Ok(Some(1)));
    assert_eq!(find(&cache, &AtomicU32::new(2)).await, Some(2));
    assert_eq!(find(&other, &AtomicU32::new(3)).await, Some(2));
}

#[tokio::test]
async fn what_another_release_has_kept_is_loaded_anew() {
    let Some([cache, _]) = replicas() else { return };
    let load = async { Ok::<_, Infallible>(Some("a text".to_owned())) };
    cache.find("number", 1, load).await.unwrap();
    assert_eq!(find(&cache, &AtomicU32::new(2)).await, Some(2));
    assert_eq!(find(&cache, &AtomicU32::new(3)).await, Some(2));
}

#[tokio::test]
async fn without_redis_everybody_loads() {
    let loads = AtomicU32::new(0);
    // One that never answers, one that nobody is at, and none.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = format!("redis://{}", silent.local_addr().unwrap());
    for url in [silent.as_str(), "redis://127.0.0.1:9", ""] {
        let cache = at(url, "shop").unwrap();
        let first = find(&cache, &loads).await.unwrap();
        cache.forget("number", 1).await;
        assert_eq!(find(&cache, &loads).await, Some(first + 1));
    }
    assert!(at("nowhere", "shop").is_err());
}
