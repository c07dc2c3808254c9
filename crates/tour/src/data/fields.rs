//! The tables of a file of the data, field by field.
//!
//! Without serde, whose derive would be a third of what a fresh clone builds before it shows the map.

use crate::language::Text;
use crate::near::near;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

type Result<T> = std::result::Result<T, String>;

/// A file of the data: its path from the root of the workspace, and its text.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    pub path: &'static str,
    pub text: &'static str,
}

/// A table.
pub struct Fields {
    source: Source,
    /// Where it begins in the text.
    start: usize,
    table: DeTable<'static>,
}

impl Source {
    pub fn fields(self) -> Result<Fields> {
        let table = DeTable::parse(self.text).map_err(|error| {
            self.wrong(error.span().map_or(0, |span| span.start), error.message())
        })?;
        Ok(Fields { source: self, start: 0, table: table.into_inner() })
    }

    fn wrong(self, at: usize, why: &str) -> String {
        let line = self.text.get(..at).unwrap_or_default().matches('\n').count() + 1;
        format!("{}, line {line}: {why}", self.path)
    }
}

impl Fields {
    /// That of its file.
    pub fn path(&self) -> &'static str {
        self.source.path
    }

    /// Says where this table is, and what is wrong with it.
    pub fn wrong(&self, why: &str) -> String {
        self.source.wrong(self.start, why)
    }

    fn read<T>(
        &self,
        name: &'static str,
        kind: &str,
        read: impl FnOnce(&DeValue<'static>) -> Option<T>,
    ) -> Result<Option<T>> {
        let Some(value) = self.table.get(name) else { return Ok(None) };
        let wrong = || self.source.wrong(value.span().start, &format!("`{name}` is not {kind}"));
        read(value.get_ref()).ok_or_else(wrong).map(Some)
    }

    fn required<T>(&self, name: &str, value: Option<T>) -> Result<T> {
        value.ok_or_else(|| self.wrong(&format!("this table lacks `{name}`")))
    }

    pub fn text(&self, name: &'static str) -> Result<&'static str> {
        self.required(name, self.optional_text(name)?)
    }

    pub fn optional_text(&self, name: &'static str) -> Result<Option<&'static str>> {
        self.read(name, "a text", text)
    }

    /// In both languages: `says`, and `ja.says`.
    pub fn both(&self, name: &'static str) -> Result<Text> {
        self.required(name, self.optional_both(name)?)
    }

    pub fn optional_both(&self, name: &'static str) -> Result<Option<Text>> {
        let Some(en) = self.optional_text(name)? else { return Ok(None) };
        let ja = match self.japanese()? {
            Some(japanese) => japanese.optional_text(name)?.unwrap_or_default(),
            None => "",
        };
        Ok(Some(Text { en, ja }))
    }

    /// The table `ja`: the Japanese of fields of this one.
    pub fn japanese(&self) -> Result<Option<Self>> {
        let table = |value: &DeValue<'static>| value.as_table().cloned();
        let table = self.read("ja", "a table", table)?;
        Ok(table.map(|table| Self { source: self.source, start: self.start, table }))
    }

    pub fn number(&self, name: &'static str) -> Result<usize> {
        let number = |value: &DeValue<'_>| value.as_integer()?.as_str().parse().ok();
        self.required(name, self.read(name, "a whole number", number)?)
    }

    /// None if there is no such field.
    pub fn texts(&self, name: &'static str) -> Result<Vec<&'static str>> {
        Ok(self.read(name, "a list of texts", texts)?.unwrap_or_default())
    }

    /// The fields of the table `name` with their values, or none.
    pub fn entries(&self, name: &'static str) -> Result<Vec<(&'static str, Entry)>> {
        let entry = |value: &DeValue<'static>| {
            text(value).map(Entry::Text).or_else(|| texts(value).map(Entry::Texts))
        };
        let entries = |value: &DeValue<'static>| {
            let table = value.as_table()?.iter();
            table.map(|(key, value)| Some((kept(key.get_ref()), entry(value.get_ref())?))).collect()
        };
        Ok(self.read(name, "a table of texts", entries)?.unwrap_or_default())
    }

    /// The tables `[[name]]`.
    pub fn tables(&self, name: &'static str) -> Result<Vec<Self>> {
        let table = |value: &Spanned<DeValue<'static>>| {
            let table = value.get_ref().as_table()?.clone();
            Some(Self { source: self.source, start: value.span().start, table })
        };
        let tables = |value: &DeValue<'static>| value.as_array()?.iter().map(table).collect();
        Ok(self.read(name, "a list of tables", tables)?.unwrap_or_default())
    }

    /// Refuses any other field: it would be a misspelt one. The Japanese of a field stands in `ja`.
    pub fn only(&self, known: &[&str]) -> Result<()> {
        self.no_other(known, "", |name| known.contains(&name) || name == "ja")?;
        let own: Vec<&str> = self.table.keys().map(|key| key.get_ref().as_ref()).collect();
        match self.japanese()? {
            Some(japanese) => japanese.no_other(&own, "ja.", |name| own.contains(&name)),
            None => Ok(()),
        }
    }

    fn no_other(
        &self,
        known: &[&str],
        before: &str,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<()> {
        let other = self.table.keys().find(|key| !is_known(key.get_ref()));
        let Some(other) = other else { return Ok(()) };
        let name = other.get_ref();
        let tip = match near(name, known.iter().copied()).as_slice() {
            [] => format!("there are {}", known.join(", ")),
            near => format!("did you mean {before}{}?", near.join(" or ")),
        };
        let what = format!("no field is called `{before}{name}`; {tip}");
        Err(self.source.wrong(other.span().start, &what))
    }
}

/// A value in [`Fields::entries`].
pub enum Entry {
    Text(&'static str),
    Texts(Vec<&'static str>),
}

fn text(value: &DeValue<'static>) -> Option<&'static str> {
    match value {
        DeValue::String(text) => Some(kept(text)),
        _ => None,
    }
}

fn texts(value: &DeValue<'static>) -> Option<Vec<&'static str>> {
    value.as_array()?.iter().map(|value| text(value.get_ref())).collect()
}

/// Without the newline before the closing quotes, and with lines that end with `\n` whatever a
/// checkout has made of them. It stays until the process ends, as the data does.
fn kept(text: &str) -> &'static str {
    let text: &str = text.replace("\r\n", "\n").leak();
    text.strip_suffix('\n').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &'static str) -> Fields {
        Source { path: "a.toml", text }.fields().unwrap()
    }

    #[test]
    fn each_field_is_what_it_is() {
        let all = fields(
            "a = 'one'\nb = ['x', 'y']\nc = 7\nd = { k = 'v', l = ['w'] }\n[[e]]\na = '''\ntwo\n'''\n[[e]]",
        );
        assert_eq!((all.text("a"), all.optional_text("z")), (Ok("one"), Ok(None)));
        assert_eq!((all.texts("b"), all.texts("z")), (Ok(vec!["x", "y"]), Ok(vec![])));
        assert_eq!(all.number("c"), Ok(7));
        let entries = all.entries("d").unwrap();
        assert!(matches!(entries[0], ("k", Entry::Text("v"))));
        assert!(matches!(&entries[1], ("l", Entry::Texts(texts)) if *texts == ["w"]));
        let tables = all.tables("e").unwrap();
        assert_eq!((tables.len(), tables[0].text("a")), (2, Ok("two")));
        assert_eq!(all.only(&["a", "b", "c", "d", "e"]), Ok(()));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let all = fields("a = 1\nb = ['x', 2]\nc = -1\n[[e]]\n[f]\nx = 1");
        assert_eq!(all.text("a").unwrap_err(), "a.toml, line 1: `a` is not a text");
        assert_eq!(all.texts("b").unwrap_err(), "a.toml, line 2: `b` is not a list of texts");
        assert_eq!(all.number("c").unwrap_err(), "a.toml, line 3: `c` is not a whole number");
        let table = &all.tables("e").unwrap()[0];
        assert_eq!(table.text("id").unwrap_err(), "a.toml, line 4: this table lacks `id`");
        assert!(all.entries("f").is_err_and(|it| it.contains("is not a table of texts")));
        assert!(all.tables("f").is_err_and(|it| it.contains("is not a list of tables")));
        let broken = Source { path: "a.toml", text: "a = 1\nb = \n" }.fields().err().unwrap();
        assert!(broken.starts_with("a.toml, line 2: "), "{broken}");
    }

    #[test]
    fn any_other_field_is_told_with_what_is_near() {
        let other = |text: &'static str| fields(text).only(&["id", "says"]).unwrap_err();
        assert_eq!(
            other("says = ''\nasys = ''"),
            "a.toml, line 2: no field is called `asys`; did you mean says?"
        );
        assert!(
            other("says = ''\nxyzzy = 1")
                .ends_with("no field is called `xyzzy`; there are id, says")
        );
    }
}
