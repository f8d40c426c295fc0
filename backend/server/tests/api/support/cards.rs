//! Cards: an installation that takes them, a judge that reads plain words, the way to the host that asks for them and back.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use portique_domain::card::{Card, CardFault, CardJudge, Presented};
use portique_shared::api::card::CardBegun;
use portique_shared::types::NationalId;
use portique_test_authority::{Authority, Spec};
use reqwest::header::HeaderMap;
use serde_json::json;

use super::{Answer, App, Browser, Installation};

/// The host that asks for cards, on every portal that takes them here.
pub const CARD_HOST: &str = "carte.example";

/// The header of [`PROXY`].
pub const HEADER: &str = "x-ssl-client-cert";

/// This machine is the proxy.
pub const PROXY: &str =
    "[cards.proxy]\nlisten = \"127.0.0.1:0\"\nfrom = [\"127.0.0.1/32\"]\nformat = \"haproxy\"\n";

/// The authority that installations here trust.
pub fn root() -> Authority {
    Authority::root(Spec::authority("AC RACINE DE TEST"))
}

/// Has a preset's portal take cards, with these lines in its `[card]`: for two factors where they say nothing else.
pub fn portal_takes_cards(installation: &Installation, preset: &str, lines: &str) {
    let strength = if lines.contains("counts_as") {
        ""
    } else {
        "counts_as = \"two_factors\"\n"
    };
    let card = format!("[card]\nurl = \"https://{CARD_HOST}\"\n{strength}{lines}");
    installation.append(&format!("portals/{preset}.toml"), &card);
}

/// The installation's half, with these tables after its own.
pub fn installation_takes_cards(installation: &Installation, tables: &str) {
    installation.write("root.pem", &root().to_pem());
    let cards = format!(
        "[cards]\nfolder = \"cards\"\n[[cards.authorities]]\nfile = \"root.pem\"\nissues = \"professionals\"\n{tables}"
    );
    installation.append("portique.toml", &cards);
}

/// Both, behind a proxy.
pub fn take_cards(installation: &Installation, preset: &str, lines: &str) {
    installation_takes_cards(installation, PROXY);
    portal_takes_cards(installation, preset, lines);
}

/// Reads certificates that are words: a number, `test` before it for a test card, or what is wrong with it.
pub struct WordsJudge;

#[async_trait]
impl CardJudge for WordsJudge {
    async fn judge(&self, presented: &Presented, _: Timestamp) -> Result<Card, CardFault> {
        let der = presented.chain.first().ok_or(CardFault::NotPresented)?;
        if !presented.is_proved {
            return Err(CardFault::NotProved);
        }
        let word = String::from_utf8(der.clone()).map_err(|_| CardFault::Unreadable)?;
        if let Some(fault) = CardFault::from_word(&word) {
            return Err(fault);
        }
        let number = word.trim_start_matches("test ");
        Ok(Card {
            number: NationalId::parse(number).map_err(|_| CardFault::NotANumber)?,
            family_name: "LEFÈVRE".to_owned(),
            given_name: "JEANNE".to_owned(),
            is_test: word.starts_with("test "),
        })
    }

    fn name_of(&self, presented: &Presented) -> Option<String> {
        let der = presented.chain.first()?.clone();
        String::from_utf8(der).ok().map(|word| format!("01 {word}"))
    }
}

/// A certificate as the proxy's header has it.
pub fn header(card: &str) -> String {
    STANDARD.encode(card)
}

/// What the host that asks for cards answers.
pub struct Shown {
    pub status: u16,
    pub headers: HeaderMap,
}

impl Shown {
    pub fn location(&self) -> &str {
        let location = self.headers.get("location").expect("it goes on somewhere");
        location.to_str().expect("an address")
    }

    /// What stands behind the `#`.
    pub fn token(&self) -> String {
        assert_eq!(self.status, 303);
        let (_, token) = self.location().split_once('#').expect("it has a token");
        token.to_owned()
    }
}

/// Begins at `path`; gives the ceremony's path on the host that asks for cards.
pub async fn begin(browser: &Browser<'_>, path: &str) -> String {
    let begun: CardBegun = browser.post(path, &json!({})).await.ok();
    let on_host = begun.url.strip_prefix(&format!("https://{CARD_HOST}"));
    on_host.expect("it leads to the cards' host").to_owned()
}

/// Goes to the host that asks for cards, with these headers beside its name.
pub async fn go(app: &App, ceremony: &str, headers: &[(&'static str, &str)]) -> Shown {
    let address = app.card_proxy_address.expect("it listens");
    let mut request = app.http.get(format!("http://{address}{ceremony}"));
    request = request.header("host", CARD_HOST);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.expect("the program answers");
    Shown {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
    }
}

/// Shows a card there; gives the answer's token.
pub async fn show(app: &App, ceremony: &str, card: &str) -> String {
    go(app, ceremony, &[(HEADER, &header(card))]).await.token()
}

pub async fn answer(browser: &Browser<'_>, path: &str, token: &str) -> Answer {
    browser.post(path, &json!({ "token": token })).await
}

/// The whole way: begins, shows, comes back.
pub async fn by_card(browser: &Browser<'_>, begin_at: &str, answer_at: &str, card: &str) -> Answer {
    let ceremony = begin(browser, begin_at).await;
    let token = show(browser.app(), &ceremony, card).await;
    answer(browser, answer_at, &token).await
}
