//! The sample: labelled transactions of the past, made up by a seeded generator. The older ones are
//! for training, the younger ones for judging what was trained.
//!
//! `UPDATE_SAMPLE=1 cargo test --package features --test it sample` writes the files anew.

use chassis::{Decimal, Timestamp};
use features::window::{Movement, Question, features};
use uuid::Uuid;

use self::chance::Chance;

mod chance;

const PAST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../training/samples/past.csv");
const HELD_OUT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../scoring/samples/held_out.csv"
);
const HEADER: &str = "amount,hour_count,day_count,day_sum,ratio,new_country,first,night,fraud\n";

const CARDS: u64 = 150;
const DAYS: u64 = 60;
const COUNTRIES: [&str; 4] = ["DE", "FR", "US", "SG"];
const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;
/// The morning of 1 March 2026.
const BEGIN: i64 = 1_772_323_200;

struct Payment {
    card: u64,
    second: i64,
    cents: i64,
    country: usize,
    fraud: bool,
}

/// How a person pays: near a usual amount, mostly by day, at home, now and then in bursts, on
/// travels, and for something dear.
fn honest(card: u64, usual: i64, home: usize, chance: &mut Chance, into: &mut Vec<Payment>) {
    let mut travels_until = 0;
    let mut abroad = home;
    for day in 0..i64::try_from(DAYS).unwrap() {
        if day > travels_until && chance.percent(2) {
            travels_until = day + chance.between(2, 6);
            abroad = usize::try_from(chance.below(4)).unwrap();
        }
        let count = match chance.below(100) {
            0..55 => 0,
            55..85 => 1,
            85..97 => 2,
            _ => chance.between(3, 7),
        };
        // Many on one day are a tour through the shops.
        let begin = chance.between(7 * 60 * MINUTE, 22 * 60 * MINUTE);
        for number in 0..count {
            let mut second = begin + number * chance.between(5, 50) * MINUTE;
            if chance.percent(6) {
                second = chance.between(0, 6 * 60 * MINUTE);
            }
            let mut cents = usual * chance.between(20, 180) / 100;
            if chance.percent(4) {
                cents = usual * chance.between(4, 12);
            }
            let country = if day <= travels_until { abroad } else { home };
            let second = BEGIN + day * DAY + second;
            into.push(Payment {
                card,
                second,
                cents,
                country,
                fraud: false,
            });
        }
    }
}

/// How a thief pays: some try a card with little, many times in a row; some buy something dear from
/// far away; some do as the owner does, and nobody can tell.
fn theft(card: u64, usual: i64, home: usize, chance: &mut Chance, into: &mut Vec<Payment>) {
    let mut second = BEGIN + chance.between(3 * DAY, i64::try_from(DAYS).unwrap() * DAY);
    let kind = chance.below(10);
    let (count, country) = match kind {
        0..4 => (chance.between(4, 9), home),
        4..8 => (
            chance.between(1, 4),
            usize::try_from(chance.below(4)).unwrap(),
        ),
        _ => (chance.between(1, 3), home),
    };
    for _ in 0..count {
        let (cents, pause) = match kind {
            0..4 => (chance.between(100, 2500), chance.between(30, 600)),
            4..8 => (usual * chance.between(3, 15), chance.between(600, 7200)),
            _ => (
                usual * chance.between(40, 220) / 100,
                chance.between(1800, DAY),
            ),
        };
        into.push(Payment {
            card,
            second,
            cents,
            country,
            fraud: true,
        });
        second += pause;
    }
}

/// All payments, in the order of time.
fn payments() -> Vec<Payment> {
    let mut chance = Chance(2026);
    let mut all = Vec::new();
    for card in 0..CARDS {
        let usual = chance.between(800, 12_000);
        let home = usize::try_from(chance.below(4)).unwrap();
        honest(card, usual, home, &mut chance, &mut all);
        if chance.percent(60) {
            theft(card, usual, home, &mut chance, &mut all);
        }
    }
    all.sort_by_key(|payment| (payment.second, payment.card, payment.cents));
    all
}

/// The features of each, by what the card did before, and whether it was fraud.
fn rows() -> Vec<String> {
    let mut known: Vec<Vec<Movement>> = vec![Vec::new(); usize::try_from(CARDS).unwrap()];
    let row = |(number, payment): (usize, &Payment)| {
        let past = &mut known[usize::try_from(payment.card).unwrap()];
        let at = moment(payment.second);
        let question = Question {
            transaction: Uuid::from_u128(u128::try_from(number).unwrap()),
            card: String::new(),
            amount: Decimal::from_units(payment.cents),
            country: COUNTRIES[payment.country].to_owned(),
            at,
        };
        let found = features(past, &question);
        past.push(Movement {
            transaction_id: question.transaction,
            at,
            amount: question.amount,
            country: question.country,
        });
        format!(
            "{:.2},{},{},{:.2},{:.2},{},{},{},{}\n",
            found.amount,
            found.hour_count,
            found.day_count,
            found.day_sum,
            found.ratio,
            found.new_country,
            found.first,
            found.night,
            u8::from(payment.fraud),
        )
    };
    payments().iter().enumerate().map(row).collect()
}

/// A moment, so many seconds after 1970.
fn moment(second: i64) -> Timestamp {
    let begin: Timestamp = "1970-01-01T00:00:00Z".parse().unwrap();
    let span = std::time::Duration::from_secs(u64::try_from(second).unwrap());
    Timestamp::from(begin.get() + span)
}

#[test]
fn sample_is_what_the_generator_makes() {
    let rows = rows();
    // Past and held out differ in time, as training and use do.
    let (past, held_out) = rows.split_at(rows.len() * 2 / 3);
    for (file, rows) in [(PAST, past), (HELD_OUT, held_out)] {
        let made = HEADER.to_owned() + &rows.concat();
        if std::env::var_os("UPDATE_SAMPLE").is_some() {
            std::fs::write(file, &made).unwrap();
        }
        let committed = std::fs::read_to_string(file).unwrap_or_default();
        assert!(committed == made, "{file} differs from what is made here");
    }
}
