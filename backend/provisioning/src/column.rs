//! The columns of the agency's file, and the names they go by.

use crate::names::squeeze;

/// A column of the agency's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    Identifier,
    Email,
    RescueEmail,
    RescuePhone,
    Civility,
    GivenName,
    FamilyName,
    Profession,
    /// Holds RPPS numbers, or ADELI ones where a person has no other; so do the two that follow.
    NationalId,
    Rpps,
    Adeli,
    Privileges,
    Language,
}

impl Column {
    pub const ALL: [Self; 13] = [
        Self::Identifier,
        Self::Email,
        Self::RescueEmail,
        Self::RescuePhone,
        Self::Civility,
        Self::GivenName,
        Self::FamilyName,
        Self::Profession,
        Self::NationalId,
        Self::Rpps,
        Self::Adeli,
        Self::Privileges,
        Self::Language,
    ];

    /// Where a number may stand; the first that is not empty counts.
    pub const NUMBERS: [Self; 3] = [Self::NationalId, Self::Rpps, Self::Adeli];

    /// Columns that no file may lack.
    pub const REQUIRED: [Self; 2] = [Self::Identifier, Self::Email];

    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identifier => "identifier",
            Self::Email => "e-mail",
            Self::RescueEmail => "rescue e-mail",
            Self::RescuePhone => "rescue phone",
            Self::Civility => "civility",
            Self::GivenName => "given name",
            Self::FamilyName => "family name",
            Self::Profession => "profession",
            Self::NationalId => "RPPS or ADELI",
            Self::Rpps => "RPPS",
            Self::Adeli => "ADELI",
            Self::Privileges => "privileges",
            Self::Language => "language",
        }
    }

    /// The name that a file in French gives it first; for messages that tell how to mend a header.
    pub const fn french_name(self) -> &'static str {
        match self {
            Self::Identifier => "identifiant",
            Self::Email => "e-mail",
            Self::RescueEmail => "e-mail de secours",
            Self::RescuePhone => "téléphone de secours",
            Self::Civility => "civilité",
            Self::GivenName => "prénom",
            Self::FamilyName => "nom",
            Self::Profession => "profession",
            Self::NationalId => "RPPS ou ADELI",
            Self::Rpps => "RPPS",
            Self::Adeli => "ADELI",
            Self::Privileges => "privilèges",
            Self::Language => "langue",
        }
    }

    /// The names it goes by, squeezed: without case, accents, spaces or punctuation.
    const fn spellings(self) -> &'static [&'static str] {
        match self {
            Self::Identifier => &[
                "identifiant",
                "identifiantportail",
                "identifier",
                "login",
                "username",
                "nomdutilisateur",
                "nomutilisateur",
                "compte",
            ],
            Self::Email => &[
                "email",
                "mail",
                "courriel",
                "adresseemail",
                "adressemail",
                "adressecourriel",
                "adresseelectronique",
                "emailaddress",
            ],
            Self::RescueEmail => &[
                "emaildesecours",
                "emailsecours",
                "maildesecours",
                "mailsecours",
                "courrieldesecours",
                "courrielsecours",
                "adresseemaildesecours",
                "adressemaildesecours",
                "rescueemail",
                "rescuemail",
                "recoveryemail",
            ],
            Self::RescuePhone => &[
                "telephonedesecours",
                "telephonesecours",
                "teldesecours",
                "telsecours",
                "telephone",
                "tel",
                "telephoneportable",
                "telephonemobile",
                "telportable",
                "telmobile",
                "portable",
                "mobile",
                "numerodetelephone",
                "rescuephone",
                "recoveryphone",
                "mobilephone",
                "phone",
            ],
            Self::Civility => &["civilite", "titre", "civility", "title"],
            Self::GivenName => &["prenom", "prenoms", "prenomdexercice", "givenname", "firstname"],
            Self::FamilyName => &[
                "nom",
                "nomdefamille",
                "nomdexercice",
                "nomdusage",
                "familyname",
                "lastname",
                "surname",
            ],
            Self::Profession => &["profession", "libelleprofession", "metier"],
            Self::NationalId => &[
                "rppsouadeli",
                "rppsadeli",
                "adelirpps",
                "adeliourpps",
                "numero",
                "numerorppsouadeli",
                "numerorppsadeli",
                "nrppsouadeli",
                "nrppsadeli",
                "numeronational",
                "identifiantnational",
                "nationalid",
                "nationalnumber",
                "rppsoradeli",
            ],
            Self::Rpps => &["rpps", "numerorpps", "nrpps", "norpps", "idrpps", "rppsnumber"],
            Self::Adeli => &[
                "adeli",
                "numeroadeli",
                "nadeli",
                "noadeli",
                "idadeli",
                "adelinumber",
            ],
            Self::Privileges => &["privileges", "privilege", "droits", "droit", "rights"],
            Self::Language => &["langue", "language", "lang"],
        }
    }

    /// The column that a header's name means, whatever its case, accents, spaces and punctuation.
    pub fn from_header(name: &str) -> Option<Self> {
        let squeezed = squeeze(name);
        Self::ALL
            .into_iter()
            .find(|column| column.spellings().contains(&squeezed.as_str()))
    }
}

/// Some of the columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ColumnSet(u16);

impl ColumnSet {
    pub fn insert(&mut self, column: Column) {
        self.0 |= 1 << column as u16;
    }

    pub fn contains(self, column: Column) -> bool {
        self.0 & (1 << column as u16) != 0
    }

    pub fn contains_any(self, columns: &[Column]) -> bool {
        columns.iter().any(|column| self.contains(*column))
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// In the order of [`Column::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Column> {
        Column::ALL
            .into_iter()
            .filter(move |column| self.contains(*column))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn headers_are_known_in_french_and_english_whatever_their_case_and_accents() {
        for (name, column) in [
            ("Identifiant", Column::Identifier),
            ("LOGIN", Column::Identifier),
            ("e-mail", Column::Email),
            ("Courriel", Column::Email),
            ("E-mail de secours", Column::RescueEmail),
            ("Téléphone portable", Column::RescuePhone),
            ("TELEPHONE DE SECOURS", Column::RescuePhone),
            ("Civilité", Column::Civility),
            ("Prénom", Column::GivenName),
            (" nom ", Column::FamilyName),
            ("N° RPPS", Column::Rpps),
            ("RPPS ou ADELI", Column::NationalId),
            ("RPPS/ADELI", Column::NationalId),
            ("Numéro", Column::NationalId),
            ("Droits", Column::Privileges),
            ("given_name", Column::GivenName),
            ("Language", Column::Language),
        ] {
            assert_eq!(Column::from_header(name), Some(column), "{name}");
        }
        assert_eq!(Column::from_header("Service"), None);
        assert_eq!(Column::from_header(""), None);
    }

    #[test]
    fn every_column_is_known_by_the_names_that_reports_give_it() {
        for column in Column::ALL {
            assert_eq!(Column::from_header(column.name()), Some(column));
            assert_eq!(Column::from_header(column.french_name()), Some(column));
        }
    }

    #[test]
    fn no_name_means_two_columns_and_each_is_written_squeezed() {
        let mut seen = BTreeSet::new();
        for name in Column::ALL.into_iter().flat_map(Column::spellings) {
            assert!(seen.insert(*name), "{name} stands twice");
            assert_eq!(squeeze(name), **name);
        }
    }

    #[test]
    fn a_set_gives_its_columns_back_in_order() {
        let mut set = ColumnSet::default();
        assert!(set.is_empty());
        set.insert(Column::Language);
        set.insert(Column::Email);
        assert_eq!(set.iter().collect::<Vec<_>>(), [Column::Email, Column::Language]);
        assert!(set.contains_any(&[Column::Adeli, Column::Email]));
    }
}
