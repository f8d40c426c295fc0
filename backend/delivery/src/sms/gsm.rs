//! How long a text is as an SMS. What is not in the alphabet of GSM 03.38 costs every letter twice its room.

/// The alphabet's own letters, one septet each.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§\
    ¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// Those behind an escape: two septets each.
const EXTENDED: &str = "^{}\\[~]|€\u{c}";

/// What an SMS costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segments {
    /// In the alphabet of GSM: so many segments.
    Gsm(usize),
    /// In UCS-2, for a letter that it lacks: so many segments.
    Ucs2(usize),
}

impl Segments {
    pub const fn is_gsm(self) -> bool {
        matches!(self, Self::Gsm(_))
    }
}

/// How many SMS the text is sent as: 160 septets in one, 153 each in several; 70 and 67 in UCS-2.
pub fn segments(text: &str) -> Segments {
    match septets(text) {
        Some(septets) => Segments::Gsm(pieces(septets, 160, 153)),
        None => Segments::Ucs2(pieces(text.encode_utf16().count(), 70, 67)),
    }
}

/// Septets that the text takes; `None` where a letter is not in the alphabet.
fn septets(text: &str) -> Option<usize> {
    text.chars()
        .map(|letter| match letter {
            letter if BASIC.contains(letter) => Some(1),
            letter if EXTENDED.contains(letter) => Some(2),
            _ => None,
        })
        .sum()
}

fn pieces(length: usize, alone: usize, each: usize) -> usize {
    if length <= alone { 1 } else { length.div_ceil(each) }
}

/// The text with letters of the alphabet in the place of those that it lacks: `ê` becomes `e`, `’` becomes `'`. What has no
/// stand-in goes.
pub(super) fn in_gsm(text: &str) -> String {
    text.chars().filter_map(stand_in).collect()
}

fn stand_in(letter: char) -> Option<char> {
    Some(match letter {
        letter if BASIC.contains(letter) || EXTENDED.contains(letter) => letter,
        '’' | '‘' | '`' => '\'',
        '«' | '»' | '“' | '”' => '"',
        '–' | '—' | '\u{2010}' | '\u{2011}' => '-',
        'â' | 'á' | 'ã' => 'a',
        'À' | 'Â' | 'Á' | 'Ã' => 'A',
        'ê' | 'ë' => 'e',
        'È' | 'Ê' | 'Ë' => 'E',
        'î' | 'ï' | 'í' => 'i',
        'Î' | 'Ï' | 'Í' => 'I',
        'ô' | 'ó' | 'õ' | 'œ' => 'o',
        'Ô' | 'Ó' | 'Õ' | 'Œ' => 'O',
        'û' | 'ú' => 'u',
        'Ù' | 'Û' | 'Ú' => 'U',
        'ç' => 'c',
        'ÿ' => 'y',
        letter if letter.is_whitespace() => ' ',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_into_as_many_sms_as_operators_cut_it_into() {
        let septets = |count| "é".repeat(count);
        assert_eq!(segments(&septets(160)), Segments::Gsm(1));
        assert_eq!(segments(&septets(161)), Segments::Gsm(2));
        assert_eq!(segments(&septets(306)), Segments::Gsm(2));
        assert_eq!(segments(&septets(307)), Segments::Gsm(3));
        assert_eq!(segments(&"€".repeat(80)), Segments::Gsm(1));
        assert_eq!(segments(&"€".repeat(81)), Segments::Gsm(2));
        assert_eq!(segments(&"ê".repeat(70)), Segments::Ucs2(1));
        assert_eq!(segments(&"ê".repeat(71)), Segments::Ucs2(2));
    }

    #[test]
    fn a_portals_name_keeps_the_accents_that_phones_know_and_loses_the_others() {
        assert_eq!(in_gsm("Portail de santé"), "Portail de santé");
        assert_eq!(
            in_gsm("Normand’e-santé\u{a0}: forêt, ça ☎"),
            "Normand'e-santé : foret, ca "
        );
    }
}
