//! The only place that calls `navigator.credentials`: the browser's dialogs for passkeys. What goes in and what comes out is
//! the API's JSON, which browsers read and write themselves.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::dom;

/// How a dialog ended without a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialogEnd {
    /// Closed, timed out, or no key was there: browsers don't say which, so that a site can't ask what keys there are.
    Cancelled,
    /// The device has a key of this account already.
    Known,
    /// The device can't verify its person, or makes no such key.
    Unable,
    /// Anything else: the page stands where no key may be used, or the browser failed.
    Failed,
}

const KEYS: &str = "PublicKeyCredential";
const READ_CREATION: &str = "parseCreationOptionsFromJSON";
const READ_REQUEST: &str = "parseRequestOptionsFromJSON";

/// Whether this browser knows passkeys, and reads what the API sends.
pub fn is_supported() -> bool {
    let keys = Reflect::get(&dom::window(), &KEYS.into());
    let knows = |name: &str| keys.as_ref().is_ok_and(|keys| method(keys, name).is_ok());
    knows(READ_CREATION) && knows(READ_REQUEST)
}

/// Has a device make a key. `options`: `PublicKeyCredentialCreationOptionsJSON`; gives `RegistrationResponseJSON`.
pub async fn create(options: &str) -> Result<String, DialogEnd> {
    dialog(options, READ_CREATION, "create")
        .await
        .map_err(|error| end(&error))
}

/// Has a device sign. `options`: `PublicKeyCredentialRequestOptionsJSON`; gives `AuthenticationResponseJSON`.
pub async fn get(options: &str) -> Result<String, DialogEnd> {
    dialog(options, READ_REQUEST, "get")
        .await
        .map_err(|error| end(&error))
}

async fn dialog(options: &str, read: &str, ask: &str) -> Result<String, JsValue> {
    let window = dom::window();
    let keys = Reflect::get(&window, &KEYS.into())?;
    let asked = Object::new();
    let options = call(&keys, read, &JSON::parse(options)?)?;
    Reflect::set(&asked, &"publicKey".into(), &options)?;
    let credentials = Reflect::get(
        &Reflect::get(&window, &"navigator".into())?,
        &"credentials".into(),
    )?;
    let answer: Promise = call(&credentials, ask, &asked)?.dyn_into()?;
    let key = JsFuture::from(answer).await?;
    let json = method(&key, "toJSON")?.call0(&key)?;
    JSON::stringify(&json).map(String::from)
}

fn call(object: &JsValue, name: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    method(object, name)?.call1(object, argument)
}

fn method(object: &JsValue, name: &str) -> Result<Function, JsValue> {
    Reflect::get(object, &name.into())?.dyn_into()
}

fn end(error: &JsValue) -> DialogEnd {
    let name = Reflect::get(error, &"name".into())
        .ok()
        .and_then(|name| name.as_string());
    ending(name.as_deref().unwrap_or_default())
}

/// What the names of the browser's errors mean here (WebAuthn 3, 5.1.3 and 5.1.4).
fn ending(name: &str) -> DialogEnd {
    match name {
        "NotAllowedError" | "AbortError" => DialogEnd::Cancelled,
        "InvalidStateError" => DialogEnd::Known,
        "ConstraintError" | "NotSupportedError" => DialogEnd::Unable,
        _ => DialogEnd::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialog_that_was_closed_is_told_from_one_that_failed() {
        assert_eq!(ending("NotAllowedError"), DialogEnd::Cancelled);
        assert_eq!(ending("InvalidStateError"), DialogEnd::Known);
        assert_eq!(ending("NotSupportedError"), DialogEnd::Unable);
        assert_eq!(ending("SecurityError"), DialogEnd::Failed);
        assert_eq!(ending(""), DialogEnd::Failed);
    }
}
