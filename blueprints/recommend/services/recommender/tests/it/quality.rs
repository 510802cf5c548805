//! How good recommendations are: the last two purchases of each user with four or more are held
//! out, and looked for among the first five products. README.md says what comes out;
//! `cargo test -p recommender quality -- --nocapture` shows it.

use std::collections::{BTreeMap, BTreeSet};

use recommender::recommend::model::{Interaction, Model, Scored};
use recommender::sample_data::interactions;
use uuid::Uuid;

/// What is known of users, and what is held out.
fn split() -> (Vec<Interaction>, BTreeMap<Uuid, BTreeSet<Uuid>>) {
    let all: Vec<_> = interactions().collect();
    let users: BTreeSet<Uuid> = all.iter().map(|known| known.user).collect();
    let mut held_out = BTreeMap::new();
    for user in users {
        let bought = all
            .iter()
            .filter(|known| known.user == user && known.bought);
        let bought: Vec<Uuid> = bought.map(|known| known.product).collect();
        if bought.len() >= 4 {
            let last = bought[bought.len() - 2..].iter().copied();
            held_out.insert(user, last.collect::<BTreeSet<_>>());
        }
    }
    let is_held_out = |known: &Interaction| {
        held_out
            .get(&known.user)
            .is_some_and(|held_out| held_out.contains(&known.product))
    };
    let known = all.into_iter().filter(|known| !is_held_out(known));
    (known.collect(), held_out)
}

#[test]
fn quality() {
    let (known, held_out) = split();
    let model = Model::new(known);
    let hits = |recommend: &dyn Fn(Uuid) -> Vec<Scored>| -> usize {
        let of = |(user, wanted): (&Uuid, &BTreeSet<Uuid>)| {
            let first = recommend(*user).into_iter().take(5);
            first
                .filter(|(product, _)| wanted.contains(product))
                .count()
        };
        held_out.iter().map(of).sum()
    };
    let (alike, popular) = (
        hits(&|user| model.for_user(user)),
        hits(&|user| model.popular(user)),
    );
    let shown = held_out.len() * 5;
    println!(
        "recommender: of {shown} products recommended to {} users,",
        held_out.len()
    );
    println!("  {alike} were bought next by likeness, {popular} by popularity");
    assert_eq!(
        (alike, popular, shown),
        (46, 23, 215),
        "README.md says other numbers"
    );
}
