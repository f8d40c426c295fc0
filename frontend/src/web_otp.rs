//! Codes read out of SMS by the browser (WebOTP), where it can and the person lets it.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use crate::dom;

/// A wait for one SMS. Dropped, the browser stops waiting, and asks the person nothing any more.
pub struct Listening(AbortController);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Waits for the SMS that ends with this origin's `@host #code`: the wait, and what comes of it. `None` where the browser
/// can't; nothing comes where the person declines, or no SMS does.
pub fn listen() -> Option<(Listening, impl Future<Output = Option<String>>)> {
    let window = dom::window();
    if !Reflect::has(&window, &"OTPCredential".into()).unwrap_or(false) {
        return None;
    }
    let navigator = Reflect::get(&window, &"navigator".into()).ok()?;
    let credentials = Reflect::get(&navigator, &"credentials".into()).ok()?;
    let get: Function = Reflect::get(&credentials, &"get".into()).ok()?.dyn_into().ok()?;
    let controller = AbortController::new().ok()?;
    let (options, otp) = (Object::new(), Object::new());
    set(&otp, "transport", &Array::of1(&"sms".into()));
    set(&options, "otp", &otp);
    set(&options, "signal", &controller.signal());
    let promise: Promise = get.call1(&credentials, &options).ok()?.dyn_into().ok()?;
    let code = async move {
        let credential = JsFuture::from(promise).await.ok()?;
        Reflect::get(&credential, &"code".into()).ok()?.as_string()
    };
    Some((Listening(controller), code))
}

/// On an object made here, which refuses nothing.
fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}
