//! What the `.proto` files of a project say: the numbers that its clients know.

use prost_types::field_descriptor_proto::Type;
use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto};

use crate::error::{Context, Result};
use crate::scaffold::tree::Tree;

/// The `.proto` files as they are, and as the template wrote them last.
#[derive(Debug, Default)]
pub struct Committed {
    ours: Vec<FileDescriptorProto>,
    base: Vec<FileDescriptorProto>,
}

/// The fields of a message, or the values of an enum.
#[derive(Debug, Default)]
pub(super) struct Message {
    /// Those that are there, or that the template wrote.
    pub(super) all: Vec<Known>,
    /// Those that the template wrote.
    pub(super) of_template: Vec<Known>,
    /// What the template reserved.
    pub(super) reserved_numbers: Vec<i32>,
    pub(super) reserved_names: Vec<String>,
    /// The highest number that the user reserved.
    pub(super) highest_reserved: Option<i32>,
}

/// A field, or a value of an enum.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) name: String,
    pub(super) number: i32,
    kind: String,
}

impl Committed {
    /// Reads the files of a project that end in `.proto`.
    ///
    /// # Errors
    /// One that can't be parsed (exit code 2, with its place).
    pub fn read(ours: &Tree, base: &Tree) -> Result<Self> {
        let parse = |tree: &Tree| {
            let files = tree.iter().filter(|(path, _)| path.rsplit('.').next() == Some("proto"));
            files.map(|(path, entry)| parse(path, &entry.bytes)).collect::<Result<Vec<_>>>()
        };
        Ok(Self { ours: parse(ours)?, base: parse(base)? })
    }

    pub(super) fn message(&self, name: &str) -> Message {
        let of = |files: &[FileDescriptorProto]| {
            let messages = files.iter().flat_map(|file| &file.message_type);
            messages.filter(|message| message.name() == name).map(of_message).next().unwrap_or_default()
        };
        Message::both(of(&self.ours), of(&self.base))
    }

    /// An enum inside a message.
    pub(super) fn enumeration(&self, message: &str, name: &str) -> Message {
        let of = |files: &[FileDescriptorProto]| {
            let messages = files.iter().flat_map(|file| &file.message_type).filter(|m| m.name() == message);
            let mut enums = messages.flat_map(|message| &message.enum_type);
            enums.find(|declared| declared.name() == name).map(of_enum).unwrap_or_default()
        };
        Message::both(of(&self.ours), of(&self.base))
    }
}

fn parse(path: &str, bytes: &[u8]) -> Result<FileDescriptorProto> {
    let unreadable = || format!("{path} can't be read: its numbers must be known before it is changed");
    let text = std::str::from_utf8(bytes).invalid(unreadable)?;
    protox_parse::parse(path, text).invalid(unreadable)
}

impl Message {
    fn both(ours: Self, base: Self) -> Self {
        let reserved = ours.highest_reserved.into_iter().chain(base.highest_reserved).max();
        let all = ours.all.into_iter().chain(base.all.iter().cloned()).collect();
        Self { all, of_template: base.all, highest_reserved: reserved, ..base }
    }

    /// The number of what has this name and type.
    pub(super) fn number(&self, name: &str, kind: &str) -> Option<i32> {
        let known = self.all.iter().find(|known| known.name == name)?;
        (known.kind == kind).then_some(known.number)
    }

    /// The highest number that was ever given.
    pub(super) fn highest(&self) -> Option<i32> {
        let numbers = self.all.iter().map(|known| known.number);
        numbers.chain(self.highest_reserved).max()
    }
}

fn of_message(message: &DescriptorProto) -> Message {
    let known = |field: &FieldDescriptorProto| Known {
        name: field.name().to_owned(),
        number: field.number(),
        kind: kind(field),
    };
    // Ends of ranges in messages are exclusive.
    let reserved: Vec<(i32, i32)> = message.reserved_range.iter().map(|r| (r.start(), r.end() - 1)).collect();
    of(message.field.iter().map(known).collect(), &reserved, &message.reserved_name)
}

fn of_enum(declared: &EnumDescriptorProto) -> Message {
    let values = declared.value.iter();
    let known = values.map(|v| Known { name: v.name().to_owned(), number: v.number(), kind: String::new() });
    let reserved: Vec<(i32, i32)> = declared.reserved_range.iter().map(|r| (r.start(), r.end())).collect();
    of(known.collect(), &reserved, &declared.reserved_name)
}

fn of(all: Vec<Known>, reserved: &[(i32, i32)], names: &[String]) -> Message {
    let singles = reserved.iter().filter(|(start, end)| start == end).map(|(start, _)| *start);
    // `reserved 100 to max` is no reason to stop counting.
    let highest = reserved.iter().filter(|(start, end)| end - start < 1000).map(|(_, end)| *end).max();
    Message {
        all,
        of_template: Vec::new(),
        reserved_numbers: singles.collect(),
        reserved_names: names.to_vec(),
        highest_reserved: highest,
    }
}

/// A field's type as it is written.
fn kind(field: &FieldDescriptorProto) -> String {
    let named = field.type_name().trim_start_matches('.').to_owned();
    match field.r#type.and_then(|number| Type::try_from(number).ok()) {
        Some(Type::Message | Type::Enum) | None => named,
        Some(scalar) => scalar.as_str_name().trim_start_matches("TYPE_").to_lowercase(),
    }
}
