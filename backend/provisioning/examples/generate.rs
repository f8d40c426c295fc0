//! Writes a file of people and a national directory's extraction that knows them all, made up from a seed:
//!
//! ```text
//! cargo run --release -p portique-provisioning --example generate -- people.csv 100000 extraction.txt 2000000 [seed]
//! ```
//!
//! Streams both; the same numbers and seed give the same files. The people of the first are spread evenly over the
//! second, where each has one to three lines.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};

/// The directory's columns, in the order of 2026.
const COLUMNS: &str = "Type d'identifiant PP|Identifiant PP|Identification nationale PP|Code civilité d'exercice|Libellé civilité d'exercice|Code civilité|Libellé civilité|Nom d'exercice|Prénom d'exercice|Code profession|Libellé profession|Code catégorie professionnelle|Libellé catégorie professionnelle|Code type savoir-faire|Libellé type savoir-faire|Code savoir-faire|Libellé savoir-faire|Code mode exercice|Libellé mode exercice|Numéro SIRET site|Numéro SIREN site|Numéro FINESS site|Numéro FINESS établissement juridique|Identifiant technique de la structure|Raison sociale site|Enseigne commerciale site|Complément destinataire (coord. structure)|Complément point géographique (coord. structure)|Numéro Voie (coord. structure)|Indice répétition voie (coord. structure)|Code type de voie (coord. structure)|Libellé type de voie (coord. structure)|Libellé Voie (coord. structure)|Mention distribution (coord. structure)|Bureau cedex (coord. structure)|Code postal (coord. structure)|Code commune (coord. structure)|Libellé commune (coord. structure)|Code pays (coord. structure)|Libellé pays (coord. structure)|Téléphone (coord. structure)|Téléphone 2 (coord. structure)|Télécopie (coord. structure)|Adresse e-mail (coord. structure)|Code département (coord. structure)|Libellé département (coord. structure)|Ancien identifiant de la structure|Autorité d'enregistrement|Code secteur d'activité|Libellé secteur d'activité|Code section tableau pharmaciens|Libellé section tableau pharmaciens|Code fonction|Libellé fonction|Code genre d'activité|Libellé genre d'activité|";

const FAMILY_NAMES: [&str; 16] = [
    "Lefèvre",
    "Martin",
    "Le Goff",
    "D'Artois",
    "Müller",
    "Nguyen",
    "Benoît-Durand",
    "Garcia",
    "Çelik",
    "Roux",
    "Étienne",
    "Petit",
    "Da Silva",
    "Moreau",
    "Hénaff",
    "Bœuf",
];
const GIVEN_NAMES: [&str; 12] = [
    "Jeanne",
    "Jean-Pierre",
    "Hélène",
    "Noël",
    "Marie Claire",
    "Inès",
    "Paul",
    "Anaïs",
    "François",
    "Zoé",
    "Yann",
    "Lucie",
];
const PROFESSIONS: [(&str, &str); 8] = [
    ("10", "Médecin"),
    ("21", "Pharmacien"),
    ("28", "Opticien-lunetier"),
    ("40", "Chirurgien-dentiste"),
    ("50", "Sage-femme"),
    ("60", "Infirmier"),
    ("70", "Masseur-kinésithérapeute"),
    ("91", "Orthophoniste"),
];
/// Most lines a person has.
const MOST_LINES: u64 = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let ([people, people_count, extraction, line_count], seed) = match arguments.as_slice() {
        [a, b, c, d] => ([a, b, c, d], 1),
        [a, b, c, d, seed] => ([a, b, c, d], seed.parse()?),
        _ => return Err("expected: PEOPLE.csv COUNT EXTRACTION.txt LINES [SEED]".into()),
    };
    let people_count: u64 = people_count.parse()?;
    let line_count: u64 = line_count.parse()?;
    let stride = line_count / MOST_LINES / people_count.max(1);
    if stride == 0 {
        return Err(format!("the extraction needs at least {MOST_LINES} lines for each person").into());
    }
    let everybody = (0_u64..).map(|index| Person { seed, index });
    let mut file = BufWriter::new(File::create(people)?);
    file.write_all("Identifiant;E-mail;E-mail de secours;Téléphone de secours;Civilité;Nom;Prénom;Profession;N° RPPS;Privilèges\r\n".as_bytes())?;
    for index in 0..people_count {
        Person {
            seed,
            index: index * stride,
        }
        .write_row(&mut file)?;
    }
    file.flush()?;

    let mut file = BufWriter::new(File::create(extraction)?);
    writeln!(file, "{COLUMNS}")?;
    let mut left = line_count;
    for person in everybody {
        for _ in 0..person.lines().min(left) {
            person.write_line(&mut file)?;
            left -= 1;
        }
        if left == 0 {
            break;
        }
    }
    Ok(file.flush()?)
}

/// A person, all of whom follows from these two numbers.
#[derive(Clone, Copy)]
struct Person {
    seed: u64,
    index: u64,
}

impl Person {
    /// A number below `bound` of this person's own, another for each `trait_`.
    fn draw(self, trait_: u64, bound: usize) -> usize {
        // SplitMix64's mixing: neighbours in, strangers out.
        let mut mixed = self.seed ^ self.index.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (trait_ << 56);
        for (shift, factor) in [(30, 0xbf58_476d_1ce4_e5b9), (27, 0x94d0_49bb_1331_11eb_u64)] {
            mixed = (mixed ^ (mixed >> shift)).wrapping_mul(factor);
        }
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap_or_default() % bound
    }

    fn lines(self) -> u64 {
        1 + self.draw(0, 3) as u64
    }

    fn family_name(self) -> &'static str {
        FAMILY_NAMES[self.draw(1, FAMILY_NAMES.len())]
    }

    fn given_name(self) -> &'static str {
        GIVEN_NAMES[self.draw(2, GIVEN_NAMES.len())]
    }

    /// An RPPS number: ten digits and their check digit.
    fn number(self) -> String {
        let stem = format!("1{:09}", self.index);
        let sum: u32 = stem
            .bytes()
            .rev()
            .enumerate()
            .map(|(position, byte)| {
                let digit = u32::from(byte - b'0');
                if position % 2 == 0 {
                    digit * 2 / 10 + digit * 2 % 10
                } else {
                    digit
                }
            })
            .sum();
        format!("{stem}{}", (10 - sum % 10) % 10)
    }

    /// A row of the agency's file; half of the professions and civilities are left for the directory to complete.
    fn write_row(self, file: &mut impl Write) -> std::io::Result<()> {
        let index = self.index;
        let complete = self.draw(3, 2) == 0;
        let (_, profession) = PROFESSIONS[self.draw(4, PROFESSIONS.len())];
        write!(
            file,
            "p{index};p{index}@example.org;{};{};{};{};\"{}\";{};{};{}\r\n",
            if self.draw(5, 3) == 0 {
                format!("p{index}@secours.example")
            } else {
                String::new()
            },
            if self.draw(6, 3) == 0 {
                format!("06 12 {:02} 56 78", self.draw(7, 90) + 10)
            } else {
                String::new()
            },
            if complete { "Mme" } else { "" },
            self.family_name(),
            self.given_name(),
            if complete { profession } else { "" },
            self.number(),
            if self.draw(8, 20) == 0 {
                "donnees-patients"
            } else {
                ""
            },
        )
    }

    /// A line of the extraction, in the length of a real one.
    fn write_line(self, file: &mut impl Write) -> std::io::Result<()> {
        let number = self.number();
        let (code, profession) = PROFESSIONS[self.draw(4, PROFESSIONS.len())];
        let title = if code == "10" { "DR|Docteur" } else { "|" };
        let family = self.family_name().to_uppercase();
        let given = self.given_name().to_uppercase();
        let house = self.draw(9, 200);
        write!(
            file,
            "8|{number}|8{number}|{title}|MME|Madame|{family}|{given}|{code}|{profession}|C|Civil|S|Spécialité ordinale|SM26|Qualifié en Médecine Générale|L|Libéral, indépendant, artisan, commerçant|"
        )?;
        // Those who are registered and work nowhere at present have no structure.
        if self.draw(10, 5) < 2 {
            file.write_all(&[b'|'; 27])?;
        } else {
            write!(
                file,
                "{number}0017|{number}|130786049|130001647|R10100000{number}|CABINET DE {family}|CABINET DU DR {family}||RESIDENCE LES OLIVIERS|{house}||AV|Avenue|DE LA RÉPUBLIQUE||13005 MARSEILLE|13005|13205|Marseille 5e Arrondissement|99000|France|0491000000||0491000001|cabinet{house}@example.org|13|Bouches-du-Rhône|"
            )?;
        }
        writeln!(
            file,
            "13078604900017|CNOM/CNOM/CNOM|SA07|Cabinet individuel|||FON-01|Titulaire de cabinet|GENR01|Activité standard de soins|"
        )
    }
}
