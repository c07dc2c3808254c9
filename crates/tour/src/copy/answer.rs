//! Reads cargo's answers in JSON. A field that a value does not have is null, or empty.

use tinyjson::JsonValue;

pub trait Answer {
    /// The value of a key.
    fn at(&self, key: &str) -> &JsonValue;
    fn text(&self) -> Option<&str>;
    fn list(&self) -> &[JsonValue];

    /// The texts of a list.
    fn texts(&self) -> impl Iterator<Item = &str> {
        self.list().iter().filter_map(Answer::text)
    }

    fn is(&self, text: &str) -> bool {
        self.text() == Some(text)
    }
}

impl Answer for JsonValue {
    fn at(&self, key: &str) -> &JsonValue {
        match self {
            Self::Object(fields) => fields.get(key).unwrap_or(&Self::Null),
            _ => &Self::Null,
        }
    }

    fn text(&self) -> Option<&str> {
        self.get::<String>().map(String::as_str)
    }

    fn list(&self) -> &[JsonValue] {
        self.get::<Vec<_>>().map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_null_or_empty() {
        let value: JsonValue = r#"{ "a": { "b": ["x", 1, "y"] }, "c": "z" }"#.parse().unwrap();
        assert_eq!(value.at("a").at("b").texts().collect::<Vec<_>>(), ["x", "y"]);
        assert!(value.at("c").is("z") && !value.at("c").is("x"));
        assert!(value.at("d").at("e").is_null() && value.at("c").list().is_empty());
    }
}
