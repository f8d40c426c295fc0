//! One pass over the extraction, keeping only the people asked for.

use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::sync::Arc;

use memchr::memchr_iter;
use portique_domain::account::Civility;

use super::DirectoryError;
use super::layout::{Layout, SEPARATOR};
use super::lines::Lines;
use crate::progress::{Phase, Progress};

/// People asked for, under their «identification nationale»; those that the directory does not have stay as they are.
pub(super) type Entries = HashMap<Box<[u8]>, Entry>;

/// What the directory says of one person, over all their lines.
#[derive(Default)]
pub(super) struct Entry {
    /// Names of exercise (family, given), each once; empty when the directory does not have the number.
    pub(super) names: Vec<(String, String)>,
    /// Labels, each once, in the order of the lines.
    pub(super) professions: Vec<Arc<str>>,
    /// «Docteur», «Professeur»: the civility of exercise, before the plain one.
    exercise_civility: Option<Civility>,
    civility: Option<Civility>,
}

impl Entry {
    pub(super) fn civility(&self) -> Option<Civility> {
        self.exercise_civility.or(self.civility)
    }
}

/// How many bytes pass between two steps of progress.
const BYTES_A_STEP: u64 = 8 << 20;

const ZIP_MARK: &[u8] = b"PK\x03\x04";

/// Fills `entries` from an extraction of `size` bytes (0 if not known).
pub(super) fn scan(
    input: impl Read,
    size: u64,
    entries: &mut Entries,
    progress: &dyn Progress,
) -> Result<(), DirectoryError> {
    let mut lines = Lines::new(input);
    let layout = match lines.next()? {
        None => return Err(DirectoryError::Empty),
        Some(line) if line.starts_with(ZIP_MARK) => return Err(DirectoryError::Zipped),
        Some(line) => Layout::read(str::from_utf8(line).map_err(|_| DirectoryError::NotUtf8 { line: 1 })?)?,
    };
    let mut professions = HashSet::new();
    let mut next_step = 0;
    let mut people = false;
    loop {
        if lines.bytes >= next_step {
            progress.step(Phase::Directory, lines.bytes, size);
            next_step = lines.bytes + BYTES_A_STEP;
        }
        let number = lines.number + 1;
        let Some(line) = lines.next()? else { break };
        if line.is_empty() {
            continue;
        }
        let text = str::from_utf8(line).map_err(|_| DirectoryError::NotUtf8 { line: number })?;
        let separators = memchr_iter(SEPARATOR, line).count();
        let found = layout.columns(separators, line.ends_with(&[SEPARATOR]));
        if found != layout.width {
            return Err(DirectoryError::Width {
                line: number,
                found,
                expected: layout.width,
            });
        }
        people = true;
        if let Some(entry) = entries.get_mut(nth_column(line, layout.number)) {
            entry.add(text, &layout, &mut professions);
        }
    }
    progress.step(Phase::Directory, lines.bytes, size);
    if people {
        Ok(())
    } else {
        Err(DirectoryError::Empty)
    }
}

/// The column at `position`, which the line is known to have.
fn nth_column(line: &[u8], position: usize) -> &[u8] {
    let mut separators = memchr_iter(SEPARATOR, line);
    let start = match position.checked_sub(1) {
        None => 0,
        Some(before) => separators.nth(before).map_or(line.len(), |at| at + 1),
    };
    &line[start..separators.next().unwrap_or(line.len())]
}

impl Entry {
    fn add(&mut self, line: &str, layout: &Layout, known_professions: &mut HashSet<Arc<str>>) {
        let columns: Vec<&str> = line.split(char::from(SEPARATOR)).map(str::trim).collect();
        let family_name = columns[layout.family_name];
        let given_name = columns[layout.given_name];
        if !self
            .names
            .iter()
            .any(|(family, given)| family == family_name && given == given_name)
        {
            self.names.push((family_name.to_owned(), given_name.to_owned()));
        }
        let profession = columns[layout.profession];
        if !profession.is_empty() && !self.professions.iter().any(|known| **known == *profession) {
            // A few dozen professions for a hundred thousand people: each label is kept once.
            let label = known_professions.get(profession).cloned().unwrap_or_else(|| {
                let label: Arc<str> = profession.into();
                known_professions.insert(label.clone());
                label
            });
            self.professions.push(label);
        }
        // Ranks of military doctors and the like are civilities of exercise too, and none of ours: the plain one then holds.
        self.exercise_civility = self
            .exercise_civility
            .or_else(|| columns[layout.exercise_civility].parse().ok());
        self.civility = self.civility.or_else(|| columns[layout.civility].parse().ok());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "Type d'identifiant PP|Identifiant PP|Identification nationale PP|Code civilité d'exercice|Code civilité|Nom d'exercice|Prénom d'exercice|Libellé profession|Adresse e-mail (coord. structure)|";

    fn scanned(lines: &[&str]) -> Result<Entry, DirectoryError> {
        let text = [&[HEADER], lines].concat().join("\n");
        let mut entries = Entries::from([(b"810003456786".as_slice().into(), Entry::default())]);
        scan(text.as_bytes(), 0, &mut entries, &|_, _, _| {})?;
        Ok(entries.remove(b"810003456786".as_slice()).unwrap_or_default())
    }

    #[test]
    fn the_lines_of_one_person_are_put_together() {
        let entry = scanned(&[
            "8|10000000017|810000000017|PR|M|AUTRE|PAUL|Sage-femme|x@y.fr|",
            "8|10003456786|810003456786|MG|MME|LEFEVRE|JEANNE|Médecin||",
            "8|10003456786|810003456786|DR|MME|LEFEVRE|JEANNE|Médecin||",
            "8|10003456786|810003456786||MME|LEFEVRE|JEANNE|Pharmacien||",
        ])
        .unwrap();
        assert_eq!(entry.names, [("LEFEVRE".into(), "JEANNE".into())]);
        assert_eq!(
            entry.professions.iter().map(|label| &**label).collect::<Vec<_>>(),
            ["Médecin", "Pharmacien"]
        );
        assert_eq!(entry.civility(), Some(Civility::Doctor));
    }

    #[test]
    fn the_plain_civility_holds_where_there_is_none_of_exercise() {
        let entry = scanned(&["8|10003456786|810003456786||MME|LEFEVRE|JEANNE|Médecin||"]).unwrap();
        assert_eq!(entry.civility(), Some(Civility::Mrs));
    }

    #[test]
    fn a_number_that_is_not_there_leaves_an_empty_entry() {
        let entry = scanned(&["0|061234567|0061234567||M|A|B|Opticien-lunetier||"]).unwrap();
        assert!(entry.names.is_empty());
    }

    #[test]
    fn a_cut_line_is_told_with_its_number() {
        let error = scanned(&[
            "8|10000000017|810000000017|PR|M|AUTRE|PAUL|Sage-femme|x@y.fr|",
            "8|10003456786|810003456786|DR|MME|LEF",
        ])
        .err()
        .map(|error| error.to_string());
        assert_eq!(
            error.as_deref(),
            Some(
                "the directory's extraction is broken at line 3: 5 columns where its first line has 9 (was it downloaded whole?)"
            )
        );
    }

    #[test]
    fn bytes_that_are_not_utf8_are_told_with_their_line() {
        let mut bytes = format!("{HEADER}\n").into_bytes();
        bytes.extend_from_slice(b"8|10003456786|810003456786|DR|MME|LEF\xc8VRE|JEANNE|M|x|\n");
        let result = scan(bytes.as_slice(), 0, &mut Entries::new(), &|_, _, _| {});
        assert!(matches!(result, Err(DirectoryError::NotUtf8 { line: 2 })));
    }

    #[test]
    fn an_archive_or_an_extraction_of_nobody_is_refused() {
        let scan = |bytes: &[u8]| scan(bytes, 0, &mut Entries::new(), &|_, _, _| {});
        assert!(matches!(scan(b"PK\x03\x04"), Err(DirectoryError::Zipped)));
        assert!(matches!(scan(b""), Err(DirectoryError::Empty)));
        assert!(matches!(scan(HEADER.as_bytes()), Err(DirectoryError::Empty)));
    }
}
