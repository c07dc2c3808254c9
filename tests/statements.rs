//! Promise: every statement of both documents has one row, in its section. That each has its proof,
//! which names the row in return, is `written.rs`.

use std::collections::BTreeSet;
use tour::data::{Document, documents};

/// How many statements the inventory has of each section of the guide.
const GUIDE: [(&str, usize); 44] = [
    ("0", 2),
    ("1.1", 2),
    ("1.2", 10),
    ("1.3", 10),
    ("2.1", 4),
    ("2.2", 4),
    ("2.3", 6),
    ("2.4", 6),
    ("2.5", 6),
    ("3.1", 5),
    ("3.2", 3),
    ("3.3", 4),
    ("3.4", 5),
    ("3.5", 6),
    ("4.1", 5),
    ("4.2", 4),
    ("4.3", 4),
    ("4.4", 3),
    ("4.5", 6),
    ("5.1", 4),
    ("5.2", 3),
    ("5.3", 3),
    ("6.1", 2),
    ("6.2", 4),
    ("7.1", 4),
    ("7.2", 5),
    ("8.1", 11),
    ("8.2", 6),
    ("8.3", 8),
    ("9.1", 7),
    ("9.2", 3),
    ("9.3", 7),
    ("9.4", 4),
    ("10.1", 5),
    ("10.2", 2),
    ("10.3", 2),
    ("10.4", 4),
    ("Q1", 3),
    ("Q2", 4),
    ("Q3", 4),
    ("Q4", 5),
    ("Q5", 3),
    ("Q6", 5),
    ("まとめ", 6),
];
/// The same of each chapter of the deep dive, from 0, the TL;DR.
const DEEP_DIVE: [usize; 20] =
    [12, 12, 12, 10, 10, 5, 17, 6, 7, 11, 11, 11, 13, 9, 8, 5, 5, 3, 9, 8];

#[test]
fn every_statement_of_the_inventory_has_one_row() {
    let guide = GUIDE.iter().flat_map(|(section, count)| {
        (1..=*count).map(move |number| format!("G-{section}-{number}"))
    });
    let deep_dive = DEEP_DIVE.iter().enumerate().flat_map(|(chapter, count)| {
        (1..=*count).map(move |number| format!("D-{chapter}-{number}"))
    });
    let (guide, deep_dive): (BTreeSet<_>, BTreeSet<_>) = (guide.collect(), deep_dive.collect());
    let statements = statements();
    for (document, expected) in [("guide", guide), ("deep dive", deep_dive)] {
        let ids = statements.iter().filter(|it| it.1 == document).map(|it| it.0.to_string());
        let rows: BTreeSet<_> = ids.clone().collect();
        let differs: Vec<_> = rows.symmetric_difference(&expected).collect();
        assert_eq!((differs, ids.count()), (Vec::<&String>::new(), expected.len()), "{document}");
    }
}

/// A section without statements says why, or the tour would not start.
#[test]
fn every_row_stands_in_its_section() {
    for (id, _, section) in statements() {
        let (place, _) = id[2..].rsplit_once('-').unwrap();
        let (chapter, _) = section.split_once('.').unwrap_or((section, ""));
        let is_there = match id.split_at(2) {
            ("G-", _) => place == section,
            _ if section == "TL;DR" => place == "0",
            _ => place == chapter,
        };
        assert!(is_there, "{id} in {section}");
    }
}

/// The id, the document and the section of each.
fn statements() -> Vec<(&'static str, &'static str, &'static str)> {
    let of = |document: &'static Document| {
        document.ledger().flat_map(|section| {
            section.statements.iter().map(|it| (it.id, document.name, section.id))
        })
    };
    documents().iter().flat_map(of).collect()
}
