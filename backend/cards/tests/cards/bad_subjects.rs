//! Certificates that a good authority issued to who can't be told.

use portique_domain::card::CardFault::{
    self, CheckDigit, NoCommonName, NotANumber, NotPlainText, OtherCountry, SeveralCommonNames,
    SubjectUnclear,
};
use portique_test_authority::{Attribute, Name, Rdn, Spec, Tag, Text};

use crate::stage::{RPPS, Stage, refused};

fn set(attributes: Vec<Attribute>) -> Name {
    Name::holder("Médecin", attributes)
}

fn number(text: impl Into<Text>) -> Name {
    set(vec![
        Attribute::common_name(text),
        Attribute::surname("MARTIN"),
        Attribute::given_name("Claire"),
    ])
}

fn names(surname: impl Into<Text>, given_name: impl Into<Text>) -> Name {
    set(vec![
        Attribute::common_name(RPPS),
        Attribute::surname(surname),
        Attribute::given_name(given_name),
    ])
}

fn without(kept: impl Fn(&Attribute) -> bool) -> Name {
    let mut name = number(RPPS);
    for rdn in &mut name.0 {
        rdn.attributes.retain(&kept);
    }
    name.0.retain(|rdn| !rdn.attributes.is_empty());
    name
}

fn with(more: Attribute) -> Name {
    let mut name = number(RPPS);
    name.0.push(Rdn::from(more));
    name
}

fn with_in_set(more: Attribute) -> Name {
    let mut name = number(RPPS);
    name.0.last_mut().expect("the holder's set").attributes.push(more);
    name
}

fn id(attribute: &Attribute) -> String {
    attribute.id.to_string()
}

/// Judges a card of each subject, and complains of all that were not refused as they should be.
async fn all_refused(cases: Vec<(&str, CardFault, Name)>) {
    let stage = Stage::new();
    let issued = |subject| stage.people.issue(Spec::card(subject)).chain();
    let cases = cases
        .into_iter()
        .map(|(sentence, fault, subject)| (sentence, fault, issued(subject)));
    refused(&stage, cases.collect()).await;
}

#[tokio::test]
async fn a_subject_in_which_something_stands_twice_or_not_at_all_is_refused() {
    let second = || Attribute::common_name("810004567899");
    all_refused(vec![
        (
            "two common names, one after the other",
            SeveralCommonNames,
            with(second()),
        ),
        (
            "two common names in one set",
            SeveralCommonNames,
            with_in_set(second()),
        ),
        (
            "the same common name twice",
            SeveralCommonNames,
            with(Attribute::common_name(RPPS)),
        ),
        ("no common name", NoCommonName, without(|it| id(it) != "2.5.4.3")),
        ("no surname", SubjectUnclear, without(|it| id(it) != "2.5.4.4")),
        (
            "no given name",
            SubjectUnclear,
            without(|it| id(it) != "2.5.4.42"),
        ),
        ("no country", SubjectUnclear, without(|it| id(it) != "2.5.4.6")),
        ("nothing at all", NoCommonName, Name(vec![])),
        ("two surnames", SubjectUnclear, with(Attribute::surname("DURAND"))),
        (
            "two given names",
            SubjectUnclear,
            with(Attribute::given_name("Paul")),
        ),
        ("two countries", SubjectUnclear, with(Attribute::country("BE"))),
        ("another country", OtherCountry, {
            let mut name = without(|it| id(it) != "2.5.4.6");
            name.0.push(Attribute::country("BE").into());
            name
        }),
    ])
    .await;
}

#[tokio::test]
async fn a_subject_that_can_t_be_read_whole_is_refused() {
    all_refused(vec![
        (
            "a NUL within the number",
            NotPlainText,
            number("8100034\u{0}56786"),
        ),
        (
            "a NUL and more behind the number",
            NotPlainText,
            number("810003456786\u{0}.example.org"),
        ),
        (
            "a line end behind the number",
            NotPlainText,
            number("810003456786\n"),
        ),
        (
            "a NUL in the surname",
            NotPlainText,
            names("MAR\u{0}TIN", "Claire"),
        ),
        (
            "a given name that turns the writing",
            NotPlainText,
            names("MARTIN", "Cl\u{202e}aire"),
        ),
        ("a surname of blanks", SubjectUnclear, names("  ", "Claire")),
        (
            "an endless surname",
            SubjectUnclear,
            names(&*"M".repeat(200), "Claire"),
        ),
        (
            "a number in bytes that are no text",
            NotPlainText,
            number(Text::raw(Tag::OctetString, RPPS.as_bytes())),
        ),
        (
            "a number in broken UTF-8",
            NotPlainText,
            number(Text::raw(Tag::Utf8String, b"81000345678\xff")),
        ),
        (
            "half a character of two bytes",
            NotPlainText,
            number(Text::raw(Tag::BmpString, b"\x008\x001\x000\x00")),
        ),
        (
            "a lone surrogate",
            NotPlainText,
            number(Text::raw(Tag::BmpString, b"\xd8\x00\x008")),
        ),
        ("an empty number", SubjectUnclear, number("")),
    ])
    .await;
}

#[tokio::test]
async fn a_common_name_that_is_no_national_number_is_refused() {
    all_refused(vec![
        (
            "twelve digits that begin otherwise",
            NotANumber,
            number("712345678901"),
        ),
        ("the number alone", NotANumber, number("10003456786")),
        ("a digit more", NotANumber, number("8100034567860")),
        ("a digit less", NotANumber, number("81000345678")),
        ("blanks between the digits", NotANumber, number("8 10003456786")),
        (
            "digits of another script",
            NotANumber,
            number("8\u{661}0003456786"),
        ),
        (
            "digits of full width",
            NotANumber,
            number("８１０００３４５６７８６"),
        ),
        ("a name", NotANumber, number("MARTIN Claire")),
        (
            "an ADELI number under the RPPS's digit",
            NotANumber,
            number("8061234567"),
        ),
        (
            "an ADELI number with a letter out of place",
            NotANumber,
            number("0612A4567"),
        ),
        ("a wrong check digit", CheckDigit, number("810003456784")),
        ("two digits exchanged", CheckDigit, number("810003465786")),
    ])
    .await;
}
