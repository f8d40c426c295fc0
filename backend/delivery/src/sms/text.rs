//! The words of an SMS: few, in the alphabet of GSM, so that one segment holds them.

use jiff::{SignedDuration, Timestamp};
use portique_domain::portal::Portal;
use portique_domain::reference::Reference;
use portique_shared::Language;
use portique_shared::types::OneTimeCode;

use super::gsm::{Segments, in_gsm, segments};
use crate::one_line::one_line;

/// Fewer letters of a name tell nobody whose it is.
const LEAST_LETTERS: usize = 4;

/// The text that brings a code. Its last line binds the code to the portal's origin, so that browsers offer it there and
/// nowhere else (WebOTP: `@host #code`).
///
/// What would make two segments of it goes: first the portal's name is cut, since the last line says whose it is.
pub fn sign_in_code(
    portal: &Portal,
    code: &OneTimeCode,
    reference: &Reference,
    language: Language,
    expires_at: Timestamp,
    now: Timestamp,
) -> String {
    let title = in_gsm(&one_line(portal.title.get(language)));
    let minutes = minutes(expires_at.duration_since(now));
    let whole = |name: &str| {
        let words = match language {
            Language::Fr => format!(
                "{name}: {code} est votre code, valable {minutes} min. Ne le donnez à personne. Réf. {reference}"
            ),
            Language::En => format!(
                "{name}: {code} is your code, good for {minutes} min. Give it to nobody. Ref. {reference}"
            ),
        };
        format!("{words}\n\n@{} #{code}", host(&portal.public_url))
    };
    let letters: Vec<char> = title.chars().collect();
    (LEAST_LETTERS.min(letters.len())..=letters.len())
        .rev()
        .map(|kept| whole(&cut(&letters, kept)))
        .find(|text| segments(text) == Segments::Gsm(1))
        .unwrap_or_else(|| whole(&title))
}

/// The first `kept` letters, which tell that others are missing.
fn cut(letters: &[char], kept: usize) -> String {
    let text: String = letters[..kept].iter().collect();
    if kept == letters.len() {
        text
    } else {
        format!("{}.", text.trim_end())
    }
}

/// A person reads minutes, not seconds: up to a quarter of one is given away, so that a code that left in a moment has all its
/// five. One at least.
fn minutes(left: SignedDuration) -> i64 {
    ((left.as_secs() + 15) / 60).max(1)
}

/// `www.norm-uni.fr` of `https://www.norm-uni.fr:8443`.
fn host(public_url: &str) -> &str {
    let authority = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use portique_domain::testing;
    use portique_shared::Localized;

    use super::*;

    fn text(title: &str, url: &str, language: Language, left: i64) -> String {
        let portal = Portal {
            title: Localized::new(title, title),
            public_url: url.into(),
            ..testing::portal("paca")
        };
        sign_in_code(
            &portal,
            &OneTimeCode::parse("012345").unwrap(),
            &Reference::parse("K7QM2XPA").unwrap(),
            language,
            Timestamp::UNIX_EPOCH + SignedDuration::from_secs(left),
            Timestamp::UNIX_EPOCH,
        )
    }

    #[test]
    fn a_code_comes_with_its_portal_its_life_its_reference_and_its_origin() {
        assert_eq!(
            text(
                "Portail de santé PACA",
                "https://www.sante-paca.fr",
                Language::Fr,
                300
            ),
            "Portail de santé PACA: 012345 est votre code, valable 5 min. Ne le donnez à personne. Réf. K7QM-2XPA\n\n\
             @www.sante-paca.fr #012345"
        );
        assert_eq!(
            text("Sisra", "http://aura.localhost:8080", Language::En, 200),
            "Sisra: 012345 is your code, good for 3 min. Give it to nobody. Ref. K7QM-2XPA\n\n@aura.localhost #012345"
        );
    }

    #[test]
    fn one_segment_holds_it_whatever_the_portals_name() {
        for language in Language::ALL {
            for (title, host) in [
                ("Portail de santé PACA", "www.sante-paca.fr"),
                ("Sisra", "www.sante-ra.fr"),
                ("NORM'UNI", "www.norm-uni.fr"),
                ("Portique", "portique.example"),
                (
                    "Plateforme régionale de coordination des parcours de l’Île-de-France ☎",
                    "connexion.parcours.sante-idf.fr",
                ),
            ] {
                let text = text(title, &format!("https://{host}"), language, 300);
                assert_eq!(segments(&text), Segments::Gsm(1), "{text}");
                assert!(text.ends_with(&format!("\n@{host} #012345")), "{text}");
                assert!(text.starts_with(&title[..5]), "{text}");
            }
        }
    }

    #[test]
    fn a_host_that_leaves_no_room_costs_a_second_segment_and_no_word() {
        let host = format!("{}.example", "a".repeat(70));
        let text = text("Portique", &format!("https://{host}"), Language::Fr, 300);
        assert_eq!(segments(&text), Segments::Gsm(2), "{text}");
        assert!(
            text.contains("Portique: ") && text.contains("K7QM-2XPA"),
            "{text}"
        );
    }
}
