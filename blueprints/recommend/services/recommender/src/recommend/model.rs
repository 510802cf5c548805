//! Recommendations by what users have in common: item-to-item collaborative filtering.
//!
//! Two products are the more alike, the more users have to do with both, compared to how many have
//! to do with either (the cosine of their columns). A product is recommended to a user by how alike
//! it is to each one in their history. Source: Sarwar and others, Item-Based Collaborative Filtering
//! Recommendation Algorithms, 2001.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::types::Uuid;

/// Who buys says more than who looks.
const VIEWED: f64 = 1.0;
const BOUGHT: f64 = 3.0;

/// What a user has to do with a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Interaction {
    pub user: Uuid,
    pub product: Uuid,
    pub bought: bool,
}

/// A product, and how strongly it is recommended.
pub type Scored = (Uuid, f64);

/// All interactions. Maps are in order, so that equal data gives equal sums, to the last digit.
#[derive(Debug, Default)]
pub struct Model {
    users: BTreeMap<Uuid, BTreeMap<Uuid, f64>>,
    products: BTreeMap<Uuid, BTreeMap<Uuid, f64>>,
    lengths: BTreeMap<Uuid, f64>,
    bought: BTreeSet<(Uuid, Uuid)>,
}

impl Model {
    /// Reads interactions, of each user and product one.
    #[must_use]
    pub fn new(interactions: impl IntoIterator<Item = Interaction>) -> Self {
        let mut model = Self::default();
        for Interaction {
            user,
            product,
            bought,
        } in interactions
        {
            let weight = if bought { BOUGHT } else { VIEWED };
            model.users.entry(user).or_default().insert(product, weight);
            model
                .products
                .entry(product)
                .or_default()
                .insert(user, weight);
            if bought {
                model.bought.insert((user, product));
            }
        }
        let length = |users: &BTreeMap<Uuid, f64>| {
            let squares = users.values().map(|weight| weight * weight);
            squares.sum::<f64>().sqrt()
        };
        let products = model.products.iter();
        model.lengths = products
            .map(|(product, users)| (*product, length(users)))
            .collect();
        model
    }

    /// What a user may like, best first, by what they have looked at and bought; what they have
    /// bought is not among it.
    #[must_use]
    pub fn for_user(&self, user: Uuid) -> Vec<Scored> {
        let mut scores = BTreeMap::new();
        for (product, weight) in self.users.get(&user).into_iter().flatten() {
            self.add_alike(*product, *weight, Some(user), &mut scores);
        }
        scores.retain(|product, _| !self.bought.contains(&(user, *product)));
        ranked(scores)
    }

    /// The products that are most like this one, best first.
    #[must_use]
    pub fn like(&self, product: Uuid) -> Vec<Scored> {
        let mut scores = BTreeMap::new();
        self.add_alike(product, 1.0, None, &mut scores);
        ranked(scores)
    }

    /// What most have to do with, best first; without what the user has bought.
    #[must_use]
    pub fn popular(&self, user: Uuid) -> Vec<Scored> {
        let products = self.products.iter();
        let products = products.filter(|(product, _)| !self.bought.contains(&(user, **product)));
        ranked(
            products
                .map(|(product, users)| (*product, users.values().sum()))
                .collect(),
        )
    }

    /// Adds to all other products how alike they are to this one, as all but `except` see it: what
    /// a user has in common with themselves says nothing.
    fn add_alike(
        &self,
        product: Uuid,
        weight: f64,
        except: Option<Uuid>,
        scores: &mut BTreeMap<Uuid, f64>,
    ) {
        let length = |product: &Uuid| self.lengths.get(product).copied().unwrap_or(1.0);
        let users = self.products.get(&product).into_iter().flatten();
        for (user, own) in users.filter(|(user, _)| Some(**user) != except) {
            for (other, theirs) in self.users.get(user).into_iter().flatten() {
                if *other != product {
                    let cosine = own * theirs / (length(&product) * length(other));
                    *scores.entry(*other).or_default() += weight * cosine;
                }
            }
        }
    }
}

/// Best first; of equals the one with the smaller id, so that all replicas give the same answer.
fn ranked(scores: BTreeMap<Uuid, f64>) -> Vec<Scored> {
    let mut ranked: Vec<Scored> = scores.into_iter().collect();
    ranked.sort_by(|one, other| other.1.total_cmp(&one.1));
    ranked
}

#[cfg(test)]
mod tests;
