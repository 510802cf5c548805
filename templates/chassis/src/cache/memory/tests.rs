//! What is kept, for how long, and who loads it.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::{Memory, Settings};

const LONG: Duration = Duration::from_hours(1);
const ROOM: u64 = 1024 * 1024;

fn cache(bytes: u64, lifetime: Duration) -> Memory {
    Memory::new(&Settings { bytes, lifetime })
}

async fn find(cache: &Memory, id: u32, loads: &AtomicU32) -> Option<u32> {
    let load = async {
        tokio::task::yield_now().await;
        Ok::<_, Infallible>(Some(loads.fetch_add(1, Ordering::Relaxed)))
    };
    let Ok(found) = cache.find("number", id, load).await;
    found
}

#[tokio::test]
async fn of_many_who_ask_one_loads() {
    static LOADS: AtomicU32 = AtomicU32::new(0);
    let cache = cache(ROOM, LONG);
    let mut all = JoinSet::new();
    for _ in 0..100 {
        let cache = cache.clone();
        all.spawn(async move { find(&cache, 1, &LOADS).await });
    }
    assert_eq!(all.join_all().await, [Some(0); 100]);
    assert_eq!(LOADS.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_failure_and_nothing_are_not_kept() {
    let cache = cache(ROOM, LONG);
    let failed = cache.find("number", 1, async { Err::<Option<u32>, _>("down") });
    assert_eq!(failed.await, Err("down"));
    let nothing = cache.find("number", 1, async { Ok::<_, &str>(None::<u32>) });
    assert_eq!(nothing.await, Ok(None));
    assert_eq!(find(&cache, 1, &AtomicU32::new(7)).await, Some(7));
}

#[tokio::test]
async fn what_was_loaded_before_a_write_is_not_kept_after_it() {
    let cache = cache(ROOM, LONG);
    let (loading, written) = (Notify::new(), Notify::new());
    let old = cache.find("number", 1, async {
        loading.notify_one();
        written.notified().await;
        Ok::<_, Infallible>(Some(1))
    });
    let write = async {
        loading.notified().await;
        written.notify_one();
        cache.forget("number", 1).await;
    };
    let (old, ()) = tokio::join!(old, write);
    assert_eq!(old, Ok(Some(1)));
    assert_eq!(find(&cache, 1, &AtomicU32::new(2)).await, Some(2));
}

#[tokio::test]
async fn nothing_is_kept_longer_than_it_may() {
    let (cache, loads) = (cache(ROOM, Duration::from_millis(1)), AtomicU32::new(0));
    assert_eq!(find(&cache, 1, &loads).await, Some(0));
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(find(&cache, 1, &loads).await, Some(1));
}

#[tokio::test]
async fn it_does_not_grow_beyond_its_size() {
    let cache = cache(64 * 1024, LONG);
    for id in 0..1000 {
        let load = async { Ok::<_, Infallible>(Some("x".repeat(1000))) };
        let Ok(found) = cache.find("text", id, load).await;
        assert!(found.is_some());
    }
    cache.records.run_pending_tasks().await;
    assert!(cache.records.weighted_size() <= 64 * 1024);
    assert!(cache.records.entry_count() > 0);
}
