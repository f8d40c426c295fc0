//! What is written as CSV is read back, however it was written.

use csv::{QuoteStyle, Terminator, WriterBuilder};
use encoding_rs::WINDOWS_1252;
use portique_shared::Language;
use proptest::prelude::*;
use proptest::sample::select;

use crate::column::Column;
use crate::draft::{Cells, Draft};
use crate::finding::Severity;
use crate::people::People;

/// Letters whose Windows-1252 bytes never look like UTF-8, and all that CSV has to quote.
const NAME: &str = "[A-Za-zéèàçôÉ;,\"'-]([A-Za-zéèàçôÉ;,\"' -]{0,10}[A-Za-zéèàçôÉ;,\"'-])?";

/// A person's cells, in the order of [`Column::ALL`].
fn person() -> impl Strategy<Value = [String; Column::ALL.len()]> {
    let optional = |texts: &'static [&'static str]| select(texts).prop_map(str::to_owned);
    (
        ("[a-zA-Zé;,.]{1,8}", "[a-z]{1,8}@example\\.(fr|org)"),
        optional(&["", "secours@example.org"]),
        optional(&["", "06 12 34 56 78", "+32470123456"]),
        optional(&["", "Mme", "Dr"]),
        (
            NAME,
            NAME,
            prop_oneof![Just(String::new()), NAME.prop_map(String::from)],
        ),
        optional(&["", "10003456786"]),
        optional(&["", "061234567"]),
        optional(&["", "administrateur", "administrateur, donnees-patients"]),
        optional(&["", "fr", "en"]),
    )
        .prop_map(
            |(
                (identifier, email),
                rescue_email,
                phone,
                civility,
                names,
                rpps,
                adeli,
                privileges,
                language,
            )| {
                let (given, family, profession) = names;
                let number = String::new();
                [
                    identifier,
                    email,
                    rescue_email,
                    phone,
                    civility,
                    given,
                    family,
                    profession,
                    number,
                    rpps,
                    adeli,
                    privileges,
                    language,
                ]
            },
        )
}

#[derive(Clone, Copy, Debug)]
enum Encoding {
    Utf8,
    Utf8WithMark,
    Windows1252,
}

fn encoded(text: String, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.into_bytes(),
        Encoding::Utf8WithMark => format!("\u{feff}{text}").into_bytes(),
        Encoding::Windows1252 => WINDOWS_1252.encode(&text).0.into_owned(),
    }
}

proptest! {
    #[test]
    fn a_file_says_the_same_in_any_order_delimiter_encoding_and_line_end(
        mut people in prop::collection::vec(person(), 1..8),
        order in Just(Column::ALL.to_vec()).prop_shuffle(),
        delimiter in select(vec![b';', b',']),
        encoding in select(vec![Encoding::Utf8, Encoding::Utf8WithMark, Encoding::Windows1252]),
        terminator in select(vec![Terminator::CRLF, Terminator::Any(b'\n')]),
        quotes in select(vec![QuoteStyle::Necessary, QuoteStyle::Always]),
        french in any::<bool>(),
    ) {
        for (index, cells) in people.iter_mut().enumerate() {
            cells[Column::Identifier as usize].push_str(&index.to_string());
        }
        let mut writer = WriterBuilder::new()
            .delimiter(delimiter)
            .terminator(terminator)
            .quote_style(quotes)
            .from_writer(Vec::new());
        let name = |column: &Column| if french { column.french_name() } else { column.name() };
        writer.write_record(order.iter().map(name)).expect("memory does not fail");
        for cells in &people {
            let fields = order.iter().map(|column| &cells[*column as usize]);
            writer.write_record(fields).expect("memory does not fail");
        }
        let text = String::from_utf8(writer.into_inner().expect("memory does not fail")).expect("written from texts");

        let read = People::read(&encoded(text, encoding), Language::Fr, &|_, _, _| {}).expect("a table");

        let errors: Vec<String> = read
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(ToString::to_string)
            .collect();
        prop_assert_eq!(errors, Vec::<String>::new());
        prop_assert_eq!(read.rows.len(), people.len());
        for (index, (row, cells)) in read.rows.iter().zip(&people).enumerate() {
            let mut expected = Cells::default();
            for column in Column::ALL {
                expected.set(column, &cells[column as usize]);
            }
            let expected = Draft::read(&expected, &mut Vec::new());
            prop_assert_eq!(row.line, index as u64 + 2);
            prop_assert_eq!(row.draft.person(Language::Fr), expected.person(Language::Fr));
            prop_assert!(expected.record().is_some());
        }
    }

    #[test]
    fn no_file_of_bytes_makes_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), rest in "[a;,\"\r\n]{0,40}") {
        let listen = &|_, _, _| {};
        drop(People::read(&bytes, Language::Fr, listen));
        let mut file = b"identifiant;e-mail\n".to_vec();
        file.extend(rest.into_bytes());
        file.extend(bytes);
        if let Ok(people) = People::read(&file, Language::Fr, listen) {
            prop_assert!(people.rows.is_sorted_by_key(|row| row.line));
        }
    }
}
