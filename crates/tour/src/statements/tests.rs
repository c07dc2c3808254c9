//! Which statements a filter takes.

use super::*;

fn ids(filter: Filter) -> Result<Vec<&'static str>, Failure> {
    let parts = chosen(documents(), &filter)?;
    Ok(parts.iter().flat_map(|part| &part.statements).map(|statement| statement.id).collect())
}

fn section(id: &str) -> Filter {
    Filter { section: Some(id.into()), ..Filter::default() }
}

#[test]
fn the_command_line_says_what_holds_for_all_of_them() {
    let given = |line: &str| command().try_get_matches_from(line.split_whitespace());
    let mut matches = given("statements --json --section 6 --wrong").unwrap();
    let filter = Filter { verdict: Some(Verdict::Wrong), ..section("6") };
    assert!(matches.get_flag("json"));
    assert_eq!(Filter::given(&mut matches), filter);
    let mut matches = given("statements --id D-6-3 --verdict wrong").unwrap();
    let (id, verdict) = (Some("D-6-3".into()), Some(Verdict::Wrong));
    assert_eq!(Filter::given(&mut matches), Filter { id, verdict, ..Filter::default() });
}

#[test]
fn an_unknown_verdict_is_answered_with_all_there_are() {
    let refused = |line: &str| {
        let refused = command().try_get_matches_from(line.split_whitespace()).unwrap_err();
        assert_eq!(refused.exit_code(), 2);
        refused.to_string()
    };
    let known = "[possible values: true, imprecise, wrong, does-not-compile, racy, outdated, opinion, unproven, unsaid]";
    assert!(refused("statements --verdict false").contains(known));
    assert!(refused("statements --wrong --verdict true").contains("cannot be used with"));
}

#[test]
fn a_section_is_that_of_both_documents_and_a_chapter_all_of_it() {
    let both = ids(section("6.2")).unwrap();
    assert_eq!(both[0], "G-6.2-1");
    assert!(both.iter().any(|id| id.starts_with("D-6-")), "{both:?}");
    let chapter = ids(section("6")).unwrap();
    assert!(chapter.contains(&"G-6.1-1") && chapter.len() > both.len(), "{chapter:?}");
    // Not 10.1, 10.2, …
    assert!(!ids(section("1")).unwrap().iter().any(|id| id.starts_with("G-10")));
    let faq = ids(section("faq")).unwrap();
    assert_eq!((faq[0], faq.last()), ("G-Q1-1", Some(&"G-Q6-5")));
}

#[test]
fn a_section_without_statements_is_shown_with_its_reason() {
    let parts = chosen(documents(), &section("次に読むべきガイド")).unwrap();
    assert!(!parts[0].section.note.is_empty());
    let wrong = Filter { verdict: Some(Verdict::Wrong), ..section("次に読むべきガイド") };
    assert!(chosen(documents(), &wrong).unwrap().is_empty());
}

#[test]
fn a_document_has_its_own_statements_only() {
    let of = |name: &str| ids(Filter { documents: vec![name.into()], ..Filter::default() });
    let (guide, deep_dive) = (of("guide").unwrap(), of("deep-dive").unwrap());
    assert!(guide.iter().all(|id| id.starts_with("G-")) && guide.len() > 100);
    assert!(deep_dive.iter().all(|id| id.starts_with("D-")) && deep_dive.len() > 100);
}

#[test]
fn the_wrong_ones_are_those_of_that_verdict() {
    let by = |verdict| ids(Filter { verdict: Some(verdict), ..Filter::default() }).unwrap();
    let mut matches = command().try_get_matches_from(["statements", "--wrong"]).unwrap();
    let wrong = ids(Filter::given(&mut matches)).unwrap();
    assert_eq!(wrong, by(Verdict::Wrong));
}

#[test]
fn an_id_is_found_in_any_case_and_a_near_one_is_suggested() {
    let id = |id: &str| ids(Filter { id: Some(id.into()), ..Filter::default() });
    assert_eq!(id("g-4.1-1").unwrap(), ["G-4.1-1"]);
    let unknown = format!("{:?}", id("G-4.1-9").unwrap_err());
    assert!(unknown.contains("did you mean G-4.1-"), "{unknown}");
    for section in ["G-4.1", "g-4.1"] {
        let unknown = format!("{:?}", id(section).unwrap_err());
        assert!(unknown.contains("did you mean G-4.1-1?"), "{unknown}");
    }
    let unknown = format!("{:?}", ids(section("4.11")).unwrap_err());
    assert!(unknown.contains("did you mean 4.1?"), "{unknown}");
}

#[test]
fn what_the_other_document_has_is_said_to_be_there() {
    let refused = |document: &str, id: &str| {
        let documents = vec![document.into()];
        let failure = chosen(crate::map::documents(), &Filter { documents, ..section(id) });
        format!("{:?}", failure.err().unwrap())
    };
    let said = refused("guide", "13");
    assert!(said.contains("code: 2") && said.contains("the guide has no section 13"), "{said}");
    assert!(said.contains("`cargo run -- statements deep-dive --section 13`"), "{said}");
    assert!(refused("guide", "4.11").contains("did you mean 4.1?"));
    let of = |document: &str, id: &str| {
        ids(Filter { documents: vec![document.into()], id: Some(id.into()), ..Filter::default() })
    };
    assert_eq!(of("deep-dive", "D-6-3").unwrap(), ["D-6-3"]);
    let said = format!("{:?}", of("guide", "D-6-3").unwrap_err());
    assert!(said.contains("code: 2") && said.contains("no statement D-6-3"), "{said}");
    let said = format!("{:?}", of("guide", "xx").unwrap_err());
    assert!(said.contains("`cargo run -- statements guide` lists them"), "{said}");
}
