{% if options.cache == "memory" -%}
//! A cache of each test's own.

use std::time::Duration;

use chassis::cache::{Memory, memory};

/// An empty one.
pub fn cache() -> Memory {
    let settings = memory::Settings {
        bytes: 1024 * 1024,
        lifetime: Duration::from_hours(1),
    };
    Memory::new(&settings)
}
{%- elif options.cache == "redis" -%}
//! A cache of each test's own, in the Redis that `TEST_REDIS_URL` names, or nowhere.

use std::time::Duration;

use chassis::cache::{Redis, redis};
use uuid::Uuid;

/// One with records of its own.
pub fn cache() -> Redis {
    let settings = redis::Settings {
        url: std::env::var("TEST_REDIS_URL").unwrap_or_default(),
        lifetime: Duration::from_hours(1),
    };
    let name = Uuid::new_v4().to_string();
    Redis::new(&settings, &name).unwrap()
}
{%- endif %}
