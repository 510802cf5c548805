{% if options.grpc -%}
//! Messages as JSON Schema: what protobuf's JSON looks like.

use prost_reflect::{EnumDescriptor, FieldDescriptor, FileDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

/// The schemas of a message and of those in it, by their names.
#[derive(Default)]
pub struct Schemas(Map<String, Value>);

impl Schemas {
    /// A schema that refers to the message's.
    pub fn of(&mut self, message: &MessageDescriptor) -> Value {
        let name = message.full_name();
        if let Some(schema) = well_known(name) {
            return schema;
        }
        if !self.0.contains_key(name) {
            // A message may hold itself: that it is known must be known before its fields are.
            self.0.insert(name.to_owned(), Value::Null);
            let mut fields = Map::new();
            for field in message.fields() {
                let schema = self.described(&field);
                fields.insert(field.name().to_owned(), schema);
            }
            let mut schema = json!({ "type": "object", "properties": fields });
            if let Some(about) = comment(&message.parent_file(), message.path()) {
                schema["description"] = about.into();
            }
            self.0.insert(name.to_owned(), schema);
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    /// All schemas that were needed.
    pub fn all(self) -> Map<String, Value> {
        self.0
    }

    fn described(&mut self, field: &FieldDescriptor) -> Value {
        let mut schema = self.field(field);
        if let Some(about) = comment(&field.parent_file(), field.path())
            && let Some(schema) = schema.as_object_mut()
        {
            schema.insert("description".to_owned(), about.into());
        }
        schema
    }

    fn field(&mut self, field: &FieldDescriptor) -> Value {
        if let Kind::Message(entry) = field.kind()
            && field.is_map()
        {
            let value = self.field(&entry.map_entry_value_field());
            return json!({ "type": "object", "additionalProperties": value });
        }
        let schema = self.kind(&field.kind());
        if field.is_list() {
            json!({ "type": "array", "items": schema })
        } else {
            schema
        }
    }

    fn kind(&mut self, kind: &Kind) -> Value {
        match kind {
            Kind::Bool => json!({ "type": "boolean" }),
            Kind::Double | Kind::Float => json!({ "type": "number" }),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
                json!({ "type": "integer", "format": "int32" })
            }
            Kind::Uint32 | Kind::Fixed32 => json!({ "type": "integer", "minimum": 0 }),
            // Numbers in JavaScript do not hold them all, so they are written as text.
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => {
                json!({ "type": "string", "format": "int64" })
            }
            Kind::Uint64 | Kind::Fixed64 => json!({ "type": "string", "format": "uint64" }),
            Kind::String => json!({ "type": "string" }),
            Kind::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
            Kind::Enum(values) => names(values),
            Kind::Message(message) => self.of(message),
        }
    }
}

fn names(values: &EnumDescriptor) -> Value {
    if values.full_name() == "google.protobuf.NullValue" {
        return json!({ "type": "null" });
    }
    let names = values.values().map(|value| Value::from(value.name()));
    json!({ "type": "string", "enum": names.collect::<Vec<_>>() })
}

/// Messages that have a form of their own in JSON.
fn well_known(name: &str) -> Option<Value> {
    let nullable = |kind: &str| json!({ "type": [kind, "null"] });
    Some(match name.strip_prefix("google.protobuf.")? {
        "Any" | "Empty" | "Struct" => json!({ "type": "object" }),
        "Timestamp" => json!({ "type": "string", "format": "date-time" }),
        "Duration" => json!({ "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?s$" }),
        "FieldMask" => json!({ "type": "string" }),
        "ListValue" => json!({ "type": "array" }),
        "Value" => json!({}),
        "BoolValue" => nullable("boolean"),
        "DoubleValue" | "FloatValue" => nullable("number"),
        "Int32Value" | "UInt32Value" => nullable("integer"),
        "BytesValue" | "Int64Value" | "StringValue" | "UInt64Value" => nullable("string"),
        _ => return None,
    })
}

/// What is said about something in its `.proto` file, right before it.
pub fn comment(file: &FileDescriptor, path: &[i32]) -> Option<String> {
    let source = file.file_descriptor_proto().source_code_info.as_ref()?;
    let place = source.location.iter().find(|place| place.path == path)?;
    let lines = place.leading_comments.as_deref()?.lines().map(str::trim);
    let text = lines.collect::<Vec<_>>().join(" ");
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
{% endif -%}
