//! Filling the page's template.

use anyhow::Context as _;
use minijinja::value::Serde;
use minijinja::{Environment, context};
use portique_shared::Language;
use portique_shared::api::front::FrontView;
use portique_shared::words::ShellWords;

use super::compact::compact;
use crate::client::built_index;
use crate::site::Site;

const TEMPLATE: &str = include_str!("../../templates/shell.html");
const CRITICAL_CSS: &str = include_str!("../../../../style/critical.css");

/// What Trunk put between these two in the built page is the client.
const CLIENT_START: &str = "<!--portique:client-->";
const CLIENT_END: &str = "<!--/portique:client-->";

/// Renders pages around the client that was built in.
pub struct Renderer {
    templates: Environment<'static>,
    client_head: String,
    critical_css: String,
}

impl Renderer {
    pub fn new() -> anyhow::Result<Self> {
        let mut templates = Environment::new();
        templates
            .add_template("shell.html", TEMPLATE)
            .context("the page's template is broken")?;
        let client_head = match built_index() {
            Some(index) => between(index, CLIENT_START, CLIENT_END)
                .context("the built index.html lacks the client's marks")?
                .to_owned(),
            None => "<!-- this server was built without the client -->".to_owned(),
        };
        Ok(Self {
            templates,
            client_head,
            critical_css: compact(CRITICAL_CSS),
        })
    }

    /// The page of one portal in one language.
    pub fn page(&self, site: &Site, language: Language, sign_in: bool) -> anyhow::Result<String> {
        // `<` could end the script element that holds the JSON.
        // The sign-in page's bundle reads no more than the front, and its first load has a budget.
        let portal_json = if sign_in {
            serde_json::to_string(&FrontView::from(&site.view))?
        } else {
            serde_json::to_string(&site.view)?
        };
        let portal_json = portal_json.replace('<', "\\u003c");
        let page = self.templates.get_template("shell.html")?.render(context! {
            lang => language.tag(),
            portal => Serde(&site.view),
            portal_json,
            critical_css => self.critical_css.as_str(),
            portal_css => site.css.as_str(),
            client_head => self.client_head.as_str(),
            sign_in,
            open_way => site.view.sign_in.open_way(),
            words => Serde(ShellWords::of(language)),
        })?;
        Ok(page)
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(inside, _)| inside)
}
