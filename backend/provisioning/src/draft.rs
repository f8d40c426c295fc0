//! From one person's cells to a record: each cell parsed, and everything that is wrong with them told at once.

use portique_domain::account::{Civility, Privileges, Record};
use portique_domain::phone;
use portique_domain::use_cases::provision::NewPerson;
use portique_shared::Language;
use portique_shared::types::{EmailAddress, Identifier, NationalId, PhoneNumber};

use crate::column::Column;
use crate::finding::{Finding, Severity};
use crate::names::squeeze;

/// Longest name or profession, in characters: the directory's longest are about half of it.
const MAX_TEXT_CHARS: usize = 120;

/// One person as text, by column. A cell that was never set is another thing than an empty one: the source says
/// nothing about it. No `Debug`: it is all personal.
#[derive(Clone, Default)]
pub struct Cells<'a>([Option<&'a str>; Column::ALL.len()]);

impl<'a> Cells<'a> {
    #[must_use]
    pub fn with(mut self, column: Column, text: &'a str) -> Self {
        self.set(column, text);
        self
    }

    /// Sets the cell if there is a text: for options of a command line.
    #[must_use]
    pub fn with_optional(mut self, column: Column, text: Option<&'a str>) -> Self {
        self.0[column as usize] = text;
        self
    }

    pub(crate) fn set(&mut self, column: Column, text: &'a str) {
        self.0[column as usize] = Some(text);
    }

    /// The cell's text without white space around it; `None` when empty.
    fn filled(&self, column: Column) -> Option<&'a str> {
        self.0[column as usize]
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }
}

/// A person from their cells alone, for `portique account create`; a file's rows take the same path.
///
/// `language` is that of mails where the cells give none.
///
/// # Errors
/// Everything that is wrong, one finding a cell (without line), never empty.
pub fn person(cells: &Cells<'_>, language: Language) -> Result<NewPerson, Vec<Finding>> {
    let mut problems = Vec::new();
    let draft = Draft::read(cells, &mut problems);
    draft
        .person(language)
        .filter(|_| problems.is_empty())
        .ok_or_else(|| {
            problems
                .into_iter()
                .map(|(column, reason)| Finding {
                    line: None,
                    column: Some(column.name().into()),
                    severity: Severity::Error,
                    reason,
                })
                .collect()
        })
}

/// A cell that can't be read, and why.
pub(crate) type Problem = (Column, String);

/// What could be read of a person; what could not is `None` and has its [`Problem`].
#[derive(Clone, Default)]
pub(crate) struct Draft {
    pub(crate) identifier: Option<Identifier>,
    pub(crate) email: Option<EmailAddress>,
    pub(crate) rescue_email: Option<EmailAddress>,
    pub(crate) rescue_phone: Option<PhoneNumber>,
    pub(crate) civility: Option<Civility>,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) profession: Option<String>,
    pub(crate) national_id: Option<NationalId>,
    /// Where the number stood.
    pub(crate) number_column: Option<Column>,
    pub(crate) privileges: Privileges,
    language: Option<Language>,
}

impl Draft {
    pub(crate) fn read(cells: &Cells<'_>, problems: &mut Vec<Problem>) -> Self {
        let mut reader = Reader { cells, problems };
        let identifier = reader.required(Column::Identifier, Identifier::parse);
        let email = reader.required(Column::Email, EmailAddress::parse);
        let rescue_email = reader.optional(Column::RescueEmail, EmailAddress::parse);
        let rescue_phone = reader.optional(Column::RescuePhone, phone::parse);
        let civility = reader.optional(Column::Civility, str::parse);
        let given_name = reader.optional(Column::GivenName, plain_text);
        let family_name = reader.optional(Column::FamilyName, plain_text);
        let profession = reader.optional(Column::Profession, plain_text);
        // Each is read, so that none goes unjudged; an RPPS number stands before the ADELI one that it replaced.
        let (national_id, number_column) = Column::NUMBERS
            .map(|column| Some((reader.optional(column, NationalId::parse)?, column)))
            .into_iter()
            .flatten()
            .min_by_key(|(number, _)| matches!(number, NationalId::Adeli(_)))
            .unzip();
        let privileges = reader.optional(Column::Privileges, str::parse);
        let language = reader.optional(Column::Language, language);
        Self {
            identifier,
            email,
            rescue_email,
            rescue_phone,
            civility,
            given_name: given_name.unwrap_or_default(),
            family_name: family_name.unwrap_or_default(),
            profession,
            national_id,
            number_column,
            privileges: privileges.unwrap_or_default(),
            language,
        }
    }

    /// The person, if what no record can lack is there.
    pub(crate) fn person(&self, language: Language) -> Option<NewPerson> {
        Some(NewPerson {
            record: self.record()?,
            language: self.language.unwrap_or(language),
        })
    }

    pub(crate) fn record(&self) -> Option<Record> {
        Some(Record {
            identifier: self.identifier.clone()?,
            email: self.email.clone()?,
            rescue_email: self.rescue_email.clone(),
            rescue_phone: self.rescue_phone.clone(),
            civility: self.civility,
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            profession: self.profession.clone(),
            national_id: self.national_id.clone(),
            privileges: self.privileges.clone(),
        })
    }
}

struct Reader<'r, 'c> {
    cells: &'r Cells<'c>,
    problems: &'r mut Vec<Problem>,
}

impl Reader<'_, '_> {
    fn optional<T, E: ToString>(
        &mut self,
        column: Column,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.cells.filled(column)?;
        // Most often the sign of a quotation mark that is not closed; said before a parser says something vaguer.
        let parsed = if text.contains(['\n', '\r']) {
            Err("holds a line break".to_owned())
        } else {
            parse(text).map_err(|error| error.to_string())
        };
        parsed.map_err(|reason| self.problems.push((column, reason))).ok()
    }

    fn required<T, E: ToString>(
        &mut self,
        column: Column,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        if self.cells.filled(column).is_none() {
            self.problems
                .push((column, "is empty, and no account can do without it".to_owned()));
        }
        self.optional(column, parse)
    }
}

/// A name: runs of white space become one space.
fn plain_text(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_control) {
        return Err("holds a control character".to_owned());
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > MAX_TEXT_CHARS {
        return Err(format!("has more than {MAX_TEXT_CHARS} characters"));
    }
    Ok(text)
}

fn language(text: &str) -> Result<Language, String> {
    match squeeze(text).as_str() {
        "francais" | "french" => Ok(Language::Fr),
        "anglais" | "english" => Ok(Language::En),
        _ => Language::from_tag(text).ok_or_else(|| format!("unknown language «{text}» (expected fr or en)")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells() -> Cells<'static> {
        Cells::default()
            .with(Column::Identifier, " jeanne.martin ")
            .with(Column::Email, "jeanne@CHU.fr")
    }

    #[test]
    fn an_identifier_and_an_address_are_enough_for_an_account() {
        let person = person(&cells(), Language::Fr).unwrap();
        assert_eq!(person.record.identifier.as_str(), "jeanne.martin");
        assert_eq!(person.record.email.as_str(), "jeanne@chu.fr");
        assert_eq!(person.language, Language::Fr);
    }

    #[test]
    fn every_cell_is_parsed() {
        let cells = cells()
            .with(Column::RescueEmail, "jeanne@example.org")
            .with(Column::RescuePhone, "06 12 34 56 78")
            .with(Column::Civility, "Madame")
            .with(Column::GivenName, "Jeanne \u{a0} Marie")
            .with(Column::FamilyName, "Martin")
            .with(Column::Profession, "Médecin")
            .with(Column::Rpps, "1000 3456 786")
            .with(Column::Adeli, "061234567")
            .with(Column::Privileges, "administrateur")
            .with_optional(Column::Language, Some("Anglais"));
        let NewPerson { record, language } = person(&cells, Language::Fr).unwrap();
        assert_eq!(record.rescue_phone.unwrap().as_str(), "+33612345678");
        assert_eq!(record.civility, Some(Civility::Mrs));
        assert_eq!(record.given_name, "Jeanne Marie");
        assert_eq!(record.national_id, Some(NationalId::Rpps("10003456786".into())));
        assert!(record.privileges.any());
        assert_eq!(language, Language::En);
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let cells = Cells::default()
            .with(Column::Identifier, "jeanne martin")
            .with(Column::RescuePhone, "bonjour")
            .with(Column::Civility, "Comte")
            .with(Column::FamilyName, "Mar\ntin")
            .with(Column::NationalId, "10003456784")
            .with(Column::Privileges, "chef")
            .with(Column::Language, "de");
        let findings = person(&cells, Language::Fr).unwrap_err();
        let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "identifier: the identifier holds ' '",
                "e-mail: is empty, and no account can do without it",
                "rescue phone: this is no phone number (expected for example 06 12 34 56 78 or +33 6 12 34 56 78)",
                "civility: unknown civility «Comte» (expected M., Mme, Dr or Pr)",
                "family name: holds a line break",
                "RPPS or ADELI: the RPPS number's check digit does not match: a digit was mistyped",
                "privileges: unknown privilege «chef» (expected administrateur or donnees-patients)",
                "language: unknown language «de» (expected fr or en)",
            ]
        );
    }

    #[test]
    fn an_adeli_number_in_front_does_not_hide_a_mistyped_rpps_number() {
        let cells = cells()
            .with(Column::NationalId, "061234567")
            .with(Column::Rpps, "10003456784");
        assert_eq!(person(&cells, Language::Fr).unwrap_err().len(), 1);
    }
}
