use super::*;

/// A CMap with this program.
fn embedded(program: &[u8]) -> CMap {
    let mut run = Program::default();
    run.run(Tokens::new(program));
    CMap::Embedded(Box::new(Embedded::of(run, None)))
}

#[track_caller]
fn check(program: &[u8], characters: &[(u32, &str)]) {
    let cmap = embedded(program);
    for (code, expected) in characters {
        assert_eq!(cmap.characters(*code).as_deref().unwrap_or(""), *expected, "{code:x}");
    }
}

#[test]
fn characters_of_lists_ligatures_and_pairs() {
    let program = b"1 beginbfrange <0001> <0002> [<0041> <00660069> <0043>] endbfrange \
        2 beginbfchar<0003><04 16>\r<0004>\t<430>endbfchar beginbfchar <05> <62> endbfchar \
        1 beginbfrange <0010> <0012> <D83DDE00> endbfrange";
    let characters = [(1, "A"), (2, "fi"), (3, "Ж"), (4, "а"), (5, "b"), (6, "")];
    check(program, &characters);
    check(program, &[(0x10, "\u{1f600}"), (0x12, "\u{1f602}"), (0x13, "")]);
}

#[test]
fn a_range_counts_up_across_its_last_byte() {
    check(b"beginbfrange <00FE> <0102> <0061> endbfrange", &[(0xff, "b"), (0x102, "e")]);
}

#[test]
fn codes_have_the_lengths_of_their_spaces() {
    let program = b"2 begincodespacerange <00> <80> <8140> <9FFC> endcodespacerange \
        1 begincidrange <20> <7e> 1 endcidrange 1 begincidchar <8141> 634 endcidchar";
    let cmap = embedded(program);
    assert_eq!((cmap.code(b"A\x81\x41"), cmap.code(b"\x81\x41")), ((0x41, 1), (0x8141, 2)));
    assert_eq!((cmap.glyph(0x41, 1), cmap.glyph(0x8141, 2)), (Some(34), Some(634)));
    // a byte of no space, and a string that ends within a code
    assert_eq!((cmap.code(b"\xff"), cmap.code(b"\x81")), ((0xff, 1), (0x81, 1)));
}

#[test]
fn predefined_cmaps_are_read_by_name() {
    let glyph = |name: &[u8], string: &[u8]| {
        let cmap = CMap::named(name).unwrap();
        let (code, length) = cmap.code(string);
        let collection = collection(cmap.ordering().unwrap()).unwrap();
        (length, collected(&collection, cmap.glyph(code, length).unwrap()).unwrap())
    };
    assert_eq!(glyph(b"90ms-RKSJ-H", b"\x93\x8c"), (2, "東".into()));
    assert_eq!(glyph(b"GBK-EUC-H", b"\xb1\xb1"), (2, "北".into()));
    assert_eq!(glyph(b"KSCms-UHC-H", b"\xbc\xad"), (2, "서".into()));
    assert_eq!(glyph(b"ETen-B5-H", b"\xa5\x5f"), (2, "北".into()));
    assert!(CMap::named(b"UniJIS-UCS2-V").unwrap().is_vertical());
}

#[test]
fn codes_of_unknown_unicode_cmaps_are_characters() {
    for (name, string, length, character) in [
        (b"UniAKR-UTF16-H".as_slice(), b"\xc1\x1c".as_slice(), 2, "서"),
        (b"UniJIS-UTF32-V", b"\0\x01\xf6\x00", 4, "\u{1f600}"),
        (b"UniGB-UTF8-H", "北".as_bytes(), 3, "北"),
        (b"UniJIS2004-UTF16-H", b"\xd8\x3d\xde\x00", 4, "\u{1f600}"),
    ] {
        let cmap = CMap::named(name).unwrap();
        let (code, read) = cmap.code(string);
        assert_eq!((read, cmap.characters(code).as_deref()), (length, Some(character)));
    }
}
