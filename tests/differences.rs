//! Promise: every difference from the documents names a test that shows it, and that test exists.

mod support;

use std::path::Path;
use support::{Section, WORKSPACE, sections};

#[test]
fn every_test_that_a_readme_names_exists() {
    for section in sections() {
        let differences = differences(&section);
        for name in code_spans(&differences) {
            if let Some(case) = name.strip_prefix("tests/ui/") {
                for end in ["fail.rs", "pass.rs"] {
                    let path = Path::new(WORKSPACE).join(format!("tests/ui/{case}.{end}"));
                    assert!(path.is_file(), "{}: no {}", section.name, path.display());
                }
            } else if let Some((file, test)) = name.split_once("::")
                && section.all_parts().any(|part| part == file)
            {
                let source = section.source(file);
                assert!(source.contains(&format!("fn {test}()")), "{}: no {name}", section.name);
            }
        }
    }
}

/// A correction is a claim too.
#[test]
fn every_section_that_differs_shows_it_by_a_test() {
    for section in sections() {
        let differences = differences(&section);
        let spans = code_spans(&differences);
        let shown = spans.iter().any(|name| name.contains("::") || name.starts_with("tests/ui/"));
        assert!(shown || differences.is_empty(), "{}: {differences}", section.name);
    }
}

/// What stands below `## Differences from the document`.
fn differences(section: &Section) -> String {
    let readme = section.readme();
    let (_, differences) =
        readme.split_once("## Differences from the document").unwrap_or_default();
    differences.trim().to_string()
}

fn code_spans(markdown: &str) -> Vec<&str> {
    markdown.split('`').skip(1).step_by(2).collect()
}
