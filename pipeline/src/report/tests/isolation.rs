//! The page runs nothing and requests nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::{attribute, outside_quotes, page, tags, words};
use crate::report::specimen::{quiet, troubled};

#[test]
fn the_page_has_no_script_and_no_request() {
    for html in [page(&troubled(), false), page(&troubled(), true), page(&quiet(), false)] {
        for tag in tags(&html) {
            let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap_or_default();
            for forbidden in ["script", "link", "iframe", "object", "embed", "form", "base", "svg"]
            {
                assert_ne!(name, forbidden, "{tag}");
            }
            let names = outside_quotes(tag);
            assert!(!names.contains(" on") && !names.contains("style="), "{tag}");
            assert!(attribute(tag, "href").is_none_or(|href| href.starts_with('#')), "{tag}");
            assert!(
                attribute(tag, "src").is_none_or(|src| src.starts_with("data:image/")),
                "{tag}"
            );
        }
        assert!(!html.contains("http:") && !html.contains("https:"));
        assert!(!html.contains("url(") && !html.contains("@import"));
        for word in ["approv", "refus", "reject"] {
            assert!(!words(&html).to_lowercase().contains(word), "{word}");
        }
    }
}

#[test]
fn the_policy_allows_only_this_style() {
    let html = page(&troubled(), false);
    let style = html.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let hash = STANDARD.encode(Sha256::digest(style));
    let policy = format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; \
         img-src data:; style-src &#39;sha256-{}&#39;;",
        hash
    );
    assert!(html.contains(&policy), "{policy}");
}
