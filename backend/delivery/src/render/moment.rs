//! A moment, in the words of a mail: «mardi 24 novembre 2026 à 14 h 30 (heure de Paris)».

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use portique_shared::Language;

const FRENCH_MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// The day and minute of `at` in `zone`, with the zone's name, so that nobody overseas is off by hours. Seconds are
/// left out: an end is told at most a minute early, never late. Spaces that must not break a line are no-break ones.
pub fn in_words(at: Timestamp, zone: &TimeZone, language: Language) -> String {
    let moment = at.to_zoned(zone.clone());
    match language {
        Language::Fr => french(&moment),
        Language::En => english(&moment),
    }
}

fn french(moment: &Zoned) -> String {
    let weekday = match moment.weekday() {
        Weekday::Monday => "lundi",
        Weekday::Tuesday => "mardi",
        Weekday::Wednesday => "mercredi",
        Weekday::Thursday => "jeudi",
        Weekday::Friday => "vendredi",
        Weekday::Saturday => "samedi",
        Weekday::Sunday => "dimanche",
    };
    let day = match moment.day() {
        1 => "1er".to_owned(),
        day => day.to_string(),
    };
    let month = usize::try_from(moment.month() - 1)
        .ok()
        .and_then(|index| FRENCH_MONTHS.get(index))
        .copied()
        .unwrap_or_default();
    let minute = match moment.minute() {
        0 => String::new(),
        minute => format!("\u{a0}{minute:02}"),
    };
    let (year, hour) = (moment.year(), moment.hour());
    let zone = match zone_name(moment) {
        Zone::City(city) => format!("heure {}", of_city(&city)),
        Zone::Offset(offset) => offset,
    };
    format!("{weekday} {day}\u{a0}{month} {year} à {hour}\u{a0}h{minute} ({zone})")
}

fn english(moment: &Zoned) -> String {
    let zone = match zone_name(moment) {
        Zone::City(city) => format!("{city} time"),
        Zone::Offset(offset) => offset,
    };
    let day = moment.strftime("%A %-d\u{a0}%B %Y at %H:%M");
    format!("{day} ({zone})")
}

enum Zone {
    City(String),
    /// «UTC», «UTC+02:00».
    Offset(String),
}

fn zone_name(moment: &Zoned) -> Zone {
    let name = moment.time_zone().iana_name().unwrap_or_default();
    match name.rsplit_once('/') {
        // The database's names have no accents.
        Some((_, "Reunion")) => Zone::City("La Réunion".to_owned()),
        Some((_, "Noumea")) => Zone::City("Nouméa".to_owned()),
        Some((region, city)) if region != "Etc" => Zone::City(city.replace('_', " ")),
        _ if moment.offset().seconds() == 0 => Zone::Offset("UTC".to_owned()),
        _ => Zone::Offset(format!("UTC{}", moment.strftime("%:z"))),
    }
}

/// «de Paris», «d'Athènes».
fn of_city(city: &str) -> String {
    if city.starts_with(['A', 'E', 'I', 'O', 'U']) {
        format!("d’{city}")
    } else {
        format!("de {city}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(at: &str, zone: &str, language: Language) -> String {
        in_words(at.parse().unwrap(), &TimeZone::get(zone).unwrap(), language).replace('\u{a0}', " ")
    }

    #[test]
    fn a_moment_is_told_in_the_portals_time_whatever_the_season() {
        for (at, words) in [
            (
                "2026-11-24T13:30:59Z",
                "mardi 24 novembre 2026 à 14 h 30 (heure de Paris)",
            ),
            (
                "2026-08-01T07:05:00Z",
                "samedi 1er août 2026 à 9 h 05 (heure de Paris)",
            ),
            (
                "2026-12-31T23:00:00Z",
                "vendredi 1er janvier 2027 à 0 h (heure de Paris)",
            ),
        ] {
            assert_eq!(told(at, "Europe/Paris", Language::Fr), words);
        }
        assert_eq!(
            told("2026-11-24T13:05:59Z", "Europe/Paris", Language::En),
            "Tuesday 24 November 2026 at 14:05 (Paris time)"
        );
    }

    #[test]
    fn a_zone_is_named_as_people_name_it() {
        for (zone, words) in [
            ("Indian/Reunion", "heure de La Réunion"),
            ("America/Martinique", "heure de Martinique"),
            ("Europe/Amsterdam", "heure d’Amsterdam"),
            ("UTC", "UTC"),
        ] {
            let told = told("2026-01-05T08:00:00Z", zone, Language::Fr);
            assert!(told.ends_with(&format!("({words})")), "{told}");
        }
        let fixed = TimeZone::fixed(jiff::tz::offset(2));
        let told = in_words(Timestamp::UNIX_EPOCH, &fixed, Language::En);
        assert!(told.ends_with("(UTC+02:00)"), "{told}");
    }
}
