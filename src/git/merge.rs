//! Three-way merges of a file's lines, by git's own rules.

use git2::{FileFavor, MergeFileInput, MergeFileOptions, MergeFileResult};

use crate::error::{Context, Result};

/// What became of three versions of a text.
#[derive(Debug, PartialEq, Eq)]
pub enum Merged {
    /// Both sides' changes together.
    Clean(Vec<u8>),
    /// Both sides only added lines at the same places.
    Additions {
        /// All of them, theirs behind ours.
        both: Vec<u8>,
        /// With conflict markers.
        marked: Vec<u8>,
    },
    /// Both sides changed the same lines: with conflict markers.
    Conflict(Vec<u8>),
}

/// Merges `ours` and `theirs`, which both come from `base`. `labels` name ours and theirs at conflict markers.
///
/// # Errors
/// The texts are too large to compare.
pub fn merge(base: &[u8], ours: &[u8], theirs: &[u8], labels: [&str; 2]) -> Result<Merged> {
    let run = |set: &dyn Fn(&mut MergeFileOptions)| {
        let mut options = MergeFileOptions::new();
        options.our_label(labels[0]).their_label(labels[1]).ancestor_label("base");
        set(&mut options);
        merge_file([base, ours, theirs], &mut options).failed(|| "could not merge")
    };
    let merged = run(&|_| {})?;
    if merged.is_automergeable() {
        return Ok(Merged::Clean(merged.content().to_vec()));
    }
    // Markers as long as these are no line of anybody's.
    let shown = run(&|options| {
        options.style_diff3(true).marker_size(MARKER);
    })?;
    if only_additions(shown.content()) {
        let both = run(&|options| {
            options.favor(FileFavor::Union);
        })?;
        return Ok(Merged::Additions { both: both.content().to_vec(), marked: merged.content().to_vec() });
    }
    Ok(Merged::Conflict(merged.content().to_vec()))
}

const MARKER: u16 = 71;

fn merge_file(texts: [&[u8]; 3], options: &mut MergeFileOptions) -> Result<MergeFileResult, git2::Error> {
    // libgit2 can't allocate before it is initialized, and of all of git2 just this call does not see to that.
    git2::Oid::from_bytes(&[0; 20])?;
    let [base, ours, theirs] = texts.map(|text| {
        let mut input = MergeFileInput::new();
        input.content(text);
        input
    });
    git2::merge_file(&base, &ours, &theirs, Some(options))
}

/// Whether no conflict in `diff3` holds a line of the base.
fn only_additions(diff3: &[u8]) -> bool {
    let marker = |letter: u8| vec![letter; usize::from(MARKER)];
    let (base, end) = (marker(b'|'), marker(b'='));
    let mut lines = diff3.split(|byte| *byte == b'\n');
    while let Some(line) = lines.next() {
        if line.starts_with(&base) && lines.next().is_some_and(|next| !next.starts_with(&end)) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{Merged, merge};

    #[test]
    fn additions_at_one_place_are_told_from_conflicts() {
        let merge = |ours: &str, theirs: &str| match merge(
            b"a\nb\nc\nd\n",
            ours.as_bytes(),
            theirs.as_bytes(),
            ["yours", "new"],
        )
        .unwrap()
        {
            Merged::Clean(text) => format!("clean:\n{}", String::from_utf8(text).unwrap()),
            Merged::Additions { both, .. } => format!("additions:\n{}", String::from_utf8(both).unwrap()),
            Merged::Conflict(text) => format!("conflict:\n{}", String::from_utf8(text).unwrap()),
        };
        assert_eq!(merge("A\nb\nc\nd\n", "a\nb\nc\nD\n"), "clean:\nA\nb\nc\nD\n");
        assert_eq!(merge("a\nb\nmine\nc\nd\n", "a\nb\nx\ny\nc\nd\n"), "additions:\na\nb\nmine\nx\ny\nc\nd\n");
        assert_eq!(
            merge("a\nB\nc\nd\n", "a\n2\nc\nd\n"),
            "conflict:\na\n<<<<<<< yours\nB\n=======\n2\n>>>>>>> new\nc\nd\n"
        );
    }
}
