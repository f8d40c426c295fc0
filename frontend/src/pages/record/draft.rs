use portique_shared::api::contacts::ContactsRequest;
use serde::{Deserialize, Serialize};

use crate::dom;

/// Its name among what the tab keeps.
const NAME: &str = "record";

/// What was typed before the person had to prove anew who they are, on other pages: kept by the tab until they are back.
#[derive(Serialize, Deserialize)]
struct Draft {
    email: Option<String>,
    phone: Option<String>,
}

pub(super) fn keep(typed: &ContactsRequest) {
    let draft = Draft {
        email: typed.rescue_email.clone(),
        phone: typed.rescue_phone.clone(),
    };
    if let Ok(text) = serde_json::to_string(&draft) {
        dom::stash(NAME, &text);
    }
}

/// What was kept, once: it is the tab's no more.
pub(super) fn take() -> Option<(Option<String>, Option<String>)> {
    let Draft { email, phone } = serde_json::from_str(&dom::unstash(NAME)?).ok()?;
    Some((email, phone))
}
