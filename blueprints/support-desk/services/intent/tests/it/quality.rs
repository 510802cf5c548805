//! How good the classifier is: taught by the samples, asked what it has not seen. README.md says
//! what comes out; `cargo test -p intent quality -- --nocapture` shows it.

use intent::classify::bayes::Model;
use intent::sample_data::samples;

/// Questions that are no samples, each with its intent.
const HELD_OUT: &str = include_str!("../../samples/held_out.tsv");

#[test]
fn quality() {
    let model = Model::train(samples().map(|(intent, text)| (text, intent)));
    let (mut right, mut all) = (0, 0);
    for (intent, text) in HELD_OUT.lines().filter_map(|line| line.split_once('\t')) {
        let guesses = model.classify(text);
        let guess = guesses.first().map_or("none", |guess| &guess.intent);
        all += 1;
        if guess == intent {
            right += 1;
        } else {
            println!("{intent}, taken for {guess}: {text}");
        }
    }
    println!("intent: {right} of {all} held-out questions are classified right");
    assert_eq!((right, all), (36, 42), "README.md says another number");
}
