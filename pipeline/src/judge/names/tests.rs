use proptest::prelude::*;

use super::{Class, NameComparison, NameSide, Scope, compare};

fn whole(left: &str, right: &str, issuer: Option<&str>) -> NameComparison {
    compare(NameSide::new(left), NameSide::new(right), issuer, Scope::Whole)
}

fn class(name: &str) -> Class {
    match name {
        "equal" => Class::Equal,
        "equivalent" => Class::Equivalent,
        "close" => Class::Close,
        "different" => Class::Different,
        other => panic!("no class {other}"),
    }
}

#[test]
fn every_vector_has_its_class_and_its_rule() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in include_str!("vectors.tsv").lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [left, right, issuer, wanted, rule] = columns[..] else { panic!("{line}") };
        count += 1;
        let found = whole(left, right, Some(issuer).filter(|state| !state.is_empty()));
        if (found.class, found.rule.as_str()) != (class(wanted), rule) {
            wrong.push(format!("{line}: {:?} {}", found.class, found.rule));
        }
    }
    assert_eq!(count, 47);
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_letters_that_differ_are_marked_on_both_sides() {
    for (left, right, of_left, of_right) in [
        ("Иванова Анна", "IVANOV ANNA", &[6][..], &[][..]),
        ("Chen Wei", "Cheng Wei", &[], &[4]),
        ("Сафронов Тимур", "SAFRONOV TIMOFEI", &[12, 13], &[12, 13, 14, 15]),
        ("Ким Анна", "KIM ANNA-MARIA", &[], &[9, 10, 11, 12, 13]),
        ("Ким Анна", "КИМ АНHА", &[], &[6]),
        ("Müller", "Muellar", &[4], &[5]),
    ] {
        let found = whole(left, right, None);
        let marks = (found.left_differs.as_slice(), found.right_differs.as_slice());
        assert_eq!(marks, (of_left, of_right), "{left} and {right}: {}", found.rule);
    }
}

#[test]
fn names_that_cannot_be_compared_say_why() {
    for (left, right, rule) in [
        ("", "IVANOV", "empty"),
        ("Иванов", " . ", "empty"),
        ("محمد", "MUHAMMAD", "script-without-scheme"),
        ("李伟", "LI WEI", "script-without-scheme"),
        ("Иванов ნინო", "IVANOV NINO", "script-without-scheme"),
        (&"A".repeat(200), "A", "too-long"),
    ] {
        let found = whole(left, right, None);
        assert_eq!((found.class, found.rule.as_str()), (Class::NotComparable, rule), "{left}");
    }
    assert_eq!(whole("李伟", "李伟", None).class, Class::Equal);
    assert_eq!(whole("ნინო ბერიძე", "BERIDZE NINO", Some("GEO")).rule, "geo-2002+order");
}

#[test]
fn a_truncated_name_is_a_prefix_and_only_where_the_zone_is_full() {
    let left = NameSide::new("Nilavadhanananda Chayapa Dejthamrong Krasuang");
    let text = "NILAVADHANANANDA CHAYAPA DEJTHAMRONG K";
    let cut = |truncated| NameSide { truncated, ..NameSide::new(text) };
    let found = compare(left, cut(true), None, Scope::Whole);
    assert_eq!((found.class, found.rule.as_str()), (Class::Close, "mrz-truncated"));
    assert!(compare(left, cut(false), None, Scope::Whole).class >= Class::Close);
    let swapped = compare(cut(true), left, None, Scope::Whole);
    assert_eq!((swapped.class, swapped.rule), (found.class, found.rule));
}

#[test]
fn a_patronymic_that_the_form_names_needs_no_ending() {
    let text = "Ким Анна Чхоль";
    let left = NameSide { patronymic_from: Some(9), ..NameSide::new(text) };
    let right = NameSide::new("KIM ANNA");
    let found = compare(left, right, Some("RUS"), Scope::Whole);
    assert_eq!(found.rule, "rus-icao-2013+patronymic-one-side");
    assert_eq!(whole(text, "KIM ANNA", Some("RUS")).class, Class::Close);
    // a surname that looks like one is no patronymic
    assert_eq!(whole("Абрамович Роман", "ROMAN", Some("RUS")).class, Class::Close);
}

/// Names of two people that a loose rule would make one.
#[test]
fn neighbours_are_not_made_equal() {
    for (left, right, issuer) in [
        ("Сунь Вэй", "SONG WEI", "CHN"),
        ("Янь Вэй", "YANG WEI", "CHN"),
        ("Чэнь Вэй", "CHENG WEI", "CHN"),
        ("Чжань Вэй", "ZHANG WEI", "CHN"),
        ("Сунь Вэй", "SONG WEI", "DEU"),
        ("Лю Вэй", "LYU WEI", "CHN"),
        ("Тан Вэй", "TAN WEI", "CHN"),
        ("Дан Иван", "DANG IVAN", "DEU"),
    ] {
        let found = whole(left, right, Some(issuer));
        assert!(found.class >= Class::Close, "{left} {right} {issuer}: {}", found.rule);
    }
    for (left, right) in
        [("Сунь Вэй", "SUN WEI"), ("Сун Вэй", "SONG WEI"), ("Чэнь Ян", "CHEN YANG")]
    {
        let found = whole(left, right, Some("CHN"));
        assert_eq!((found.class, found.rule.as_str()), (Class::Equivalent, "palladius"), "{left}");
    }
    // a passport of China may be spelled as Russia does: near, and no more
    assert_eq!(whole("Иванов Иван", "IVANOV IVAN", Some("CHN")).class, Class::Close);
}

#[test]
fn words_of_one_field_keep_their_order() {
    for (left, right, scope, wanted) in [
        ("Min Ji", "JIMIN", Scope::GivenNames, Class::Different),
        ("Min Ji", "MINJI", Scope::GivenNames, Class::Equal),
        ("Mei Li", "LI MEI", Scope::GivenNames, Class::Close),
        ("García López", "LOPEZ GARCIA", Scope::Surname, Class::Close),
        ("Lee Min Ji", "JIMIN LEE", Scope::Whole, Class::Different),
        ("Lee Min Ji", "MINJI LEE", Scope::Whole, Class::Equal),
        ("Lee Min Ji", "JI MIN LEE", Scope::Whole, Class::Close),
        ("van der Berg Anna", "ANNA VANDERBERG", Scope::Whole, Class::Equal),
    ] {
        let found = compare(NameSide::new(left), NameSide::new(right), Some("KOR"), scope);
        assert_eq!(found.class, wanted, "{left} and {right}: {}", found.rule);
    }
}

#[test]
fn no_border_between_surname_and_given_names_moves() {
    let fields = |left: &str, right: &str| {
        let side = |text| NameSide { surname_to: 4, ..NameSide::new(text) };
        compare(side(left), side(right), None, Scope::Fields).class
    };
    assert!(fields("Wan Gang", "WANG ANG") >= Class::Close);
    assert_eq!(fields("Wang Ang", "ANG WANG"), Class::Equal);
}

#[test]
fn a_name_is_no_patronymic_where_there_are_none() {
    let given = |left: &str, right: &str, issuer| {
        compare(NameSide::new(left), NameSide::new(right), Some(issuer), Scope::GivenNames).class
    };
    assert_eq!(given("Maimouna Aissatou", "AISSATOU", "GIN"), Class::Close);
    assert_eq!(given("Anne Shauna", "ANNE", "USA"), Class::Close);
    assert_eq!(given("Ивановна Анна", "ANNA", "RUS"), Class::Close, "it follows the given name");
    assert_eq!(given("Анна Ивановна", "ANNA", "RUS"), Class::Equivalent);
    assert_eq!(given("Anna Ivanovna", "ANNA", "UKR"), Class::Equivalent);
    let surname = NameSide { surname_to: 10, ..NameSide::new("Abramovich Roman Arkadiev") };
    let found = compare(surname, NameSide::new("ARKADIEV ROMAN"), Some("RUS"), Scope::Fields);
    assert!(found.class >= Class::Close, "{}", found.rule);
}

/// A comparison that tries all combinations of spellings would not end.
#[test]
fn hostile_names_are_compared_to_the_end() {
    let words = |word: &str| [word; 16].join(" ");
    for (left, right) in [
        ("Ü".repeat(128), "U".repeat(128)),
        ("Ü".repeat(128), "UE".repeat(64)),
        ("ЮЙ".repeat(64), "YU".repeat(64)),
        ("А".repeat(128), "B".repeat(128)),
        (words("ЩЮЯЁШЖ"), words("SHCHIU")),
        (words("Иванович"), words("IVANOVICH")),
        (words("Ü"), words("U")),
        ("<".repeat(100_000), "A".repeat(100_000)),
    ] {
        let _ = whole(&left, &right, None);
    }
}

fn name() -> impl Strategy<Value = String> {
    "[A-Ea-eÜÖ]{1,4}( [A-EÜç]{1,3}){0,2}|[А-Еа-еюяьъ]{1,5}( [А-Е]{1,3}){0,2}(вич)?"
}

proptest! {
    #[test]
    fn any_two_texts_are_compared_without_panic(left in ".{0,60}", right in ".{0,60}") {
        let found = whole(&left, &right, Some("KAZ"));
        let length = |text: &str| text.chars().count() * 3;
        prop_assert!(found.left_differs.iter().all(|at| *at < length(&left) + 1));
        prop_assert!(found.right_differs.iter().all(|at| *at < length(&right) + 1));
    }

    #[test]
    fn the_sides_may_be_swapped(left in name(), right in name()) {
        let (one, other) = (whole(&left, &right, None), whole(&right, &left, None));
        prop_assert_eq!(one.class, other.class, "{} and {}: {} {}", left, right, one.rule, other.rule);
    }

    #[test]
    fn a_name_is_equal_to_itself_in_capitals(name in name()) {
        prop_assert_eq!(whole(&name, &name.to_uppercase(), None).class, Class::Equal);
    }
}
