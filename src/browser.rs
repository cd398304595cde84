//! The few things that are asked of the browser itself, with errors turned into "it is not there".

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement, Storage, Window};

pub fn window() -> Window {
    web_sys::window().expect("a page runs in a window")
}

pub fn document() -> Document {
    window().document().expect("a page has a document")
}

/// Milliseconds since the page was opened; never goes back.
pub fn now_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

pub fn is_hidden() -> bool {
    document().hidden()
}

/// What a published page's links to styles of views that were not opened yet are (xtask/src/post_build.rs).
const STYLE_TO_COME: &str = "style-to-come";

/// Asks for the style sheets of a view, `VIEW.css` and `VIEW-PART.css`, where the page has not loaded them already, and
/// returns what waits for them.
///
/// # Errors
/// If one cannot be fetched. It may be tried again.
pub fn load_styles(view: &str) -> impl Future<Output = Result<(), JsValue>> + use<> {
    let selector = format!("link[rel={STYLE_TO_COME}][href*='/{view}-']");
    let mut loading = Vec::new();
    // Each is none of those to come once it is asked for.
    while let Ok(Some(link)) = document().query_selector(&selector) {
        let link: HtmlElement = link.unchecked_into();
        let loaded = js_sys::Promise::new(&mut |resolve, reject| {
            link.set_onload(Some(&resolve));
            link.set_onerror(Some(&reject));
        });
        if link.set_attribute("rel", "stylesheet").is_err() {
            break;
        }
        loading.push((link, loaded));
    }
    async move {
        let mut all = Ok(());
        for (link, loaded) in loading {
            if let Err(why) = wasm_bindgen_futures::JsFuture::from(loaded).await {
                link.set_attribute("rel", STYLE_TO_COME)?;
                all = Err(why);
            }
        }
        all
    }
}

/// The text of one of the page's own files.
///
/// # Errors
/// Why it cannot be had, in words.
pub async fn fetch_text(path: &str) -> Result<String, String> {
    let words = |error: JsValue| words(&error);
    let response = wasm_bindgen_futures::JsFuture::from(window().fetch_with_str(path));
    let response: web_sys::Response = response.await.map_err(words)?.unchecked_into();
    if !response.ok() {
        return Err(format!("{path} is not there"));
    }
    let text = wasm_bindgen_futures::JsFuture::from(response.text().map_err(words)?);
    Ok(text.await.map_err(words)?.as_string().unwrap_or_default())
}

/// Value of `data-NAME` of the element that carries it: what the build tells the page.
pub fn data_attribute(name: &str) -> Option<String> {
    let name = format!("data-{name}");
    document()
        .query_selector(&format!("[{name}]"))
        .ok()??
        .get_attribute(&name)
}

/// The part of the address between `?` and `#`, without either.
pub fn search() -> String {
    let search = window().location().search().unwrap_or_default();
    search.strip_prefix('?').unwrap_or(&search).to_owned()
}

/// The part of the address after `#`, without it.
pub fn hash() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_owned()
}

/// Replaces the part after `#` without a new entry in the history. `state` stays with the entry.
pub fn replace_hash(hash: &str, state: f64) {
    if let Ok(history) = window().history() {
        // A browser may refuse too many changes a second; the next one brings it up to date.
        let _ = history.replace_state_with_url(&state.into(), "", Some(&with_hash(hash)));
    }
}

/// The same as a new entry in the history.
pub fn push_hash(hash: &str, state: f64) {
    if let Ok(history) = window().history() {
        let _ = history.push_state_with_url(&state.into(), "", Some(&with_hash(hash)));
    }
}

/// What was left with the present entry of the history.
pub fn history_state() -> Option<f64> {
    window().history().ok()?.state().ok()?.as_f64()
}

fn with_hash(hash: &str) -> String {
    let location = window().location();
    let path = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    if hash.is_empty() {
        path
    } else {
        format!("{path}#{hash}")
    }
}

/// Milliseconds since 1970: a number that no earlier visit has had.
pub fn epoch_ms() -> f64 {
    js_sys::Date::now()
}

pub fn set_title(title: &str) {
    document().set_title(title);
}

/// The address without query and `#`.
pub fn page_address() -> String {
    let address = address();
    let end = address.find(['?', '#']).unwrap_or(address.len());
    address[..end].to_owned()
}

fn address() -> String {
    window().location().href().unwrap_or_default()
}

/// Stored text, where the browser lets a page store any.
pub fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps a text from visit to visit. False where the browser's storage is full or forbidden: it then lasts
/// as long as the page.
pub fn store(key: &str, value: &str) -> bool {
    KEEPS.get() == Keeps::Nothing
        || storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// Removes everything that was stored.
pub fn forget_all() {
    let Some(storage) = storage() else { return };
    let names = (0..storage.length().unwrap_or(0)).filter_map(|i| storage.key(i).ok().flatten());
    let names: Vec<String> = names.filter(|name| name.starts_with(PREFIX)).collect();
    for name in names {
        // What cannot be removed was not stored by this page.
        let _ = storage.remove_item(&name);
    }
}

/// Of the names of all that the page stores.
const PREFIX: &str = "actiscope.";

#[derive(Clone, Copy, PartialEq)]
enum Keeps {
    Everything,
    Nothing,
}

thread_local! {
    static KEEPS: std::cell::Cell<Keeps> = const { std::cell::Cell::new(Keeps::Everything) };
}

/// From now on nothing is stored, and nothing that was stored is read: within another's page.
pub fn keep_nothing() {
    KEEPS.set(Keeps::Nothing);
}

fn storage() -> Option<Storage> {
    if KEEPS.get() == Keeps::Nothing {
        return None;
    }
    window().local_storage().ok()?
}

pub fn matches_media(query: &str) -> bool {
    window()
        .match_media(query)
        .ok()
        .flatten()
        .is_some_and(|list| list.matches())
}

/// Calls back whenever a media query begins or ceases to match, as long as the page lives.
pub fn on_media_change(query: &str, then: impl Fn() + 'static) {
    let Ok(Some(list)) = window().match_media(query) else {
        return;
    };
    let callback = Closure::<dyn FnMut()>::new(then).into_js_value();
    list.set_onchange(Some(callback.unchecked_ref()));
    // The list ends with its last reference, and its callbacks with it.
    std::mem::forget(list);
}

/// Calls back before anything else hears of an event, as long as the page lives.
pub fn before_all(event: &str, then: impl Fn() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(then).into_js_value();
    // A window takes listeners of any name.
    let _ =
        window().add_event_listener_with_callback_and_bool(event, callback.unchecked_ref(), true);
}

/// Where the browser lets a page copy.
fn clipboard() -> Option<web_sys::Clipboard> {
    let clipboard = window().navigator().clipboard();
    (!clipboard.is_undefined()).then_some(clipboard)
}

thread_local! {
    static ZOOM: std::cell::Cell<f64> = const { std::cell::Cell::new(1.0) };
}

/// How many times as large the style sheet shows the page.
pub fn set_zoom(zoom: f64) {
    ZOOM.set(zoom);
}

/// Pixels of the screen for one of the page's.
pub fn pixel_ratio() -> f64 {
    window().device_pixel_ratio() * ZOOM.get()
}

/// Width and height of the window, in CSS pixels.
pub fn window_size() -> (f64, f64) {
    let size = |value: Result<JsValue, JsValue>| value.ok().and_then(|v| v.as_f64()).unwrap_or(0.0);
    (size(window().inner_width()), size(window().inner_height()))
}

pub fn is_full_screen() -> bool {
    document().fullscreen_element().is_some()
}

/// Asks the browser for full screen, or out of it. False where it has none to give or to take.
pub fn set_full_screen(is_on: bool) -> bool {
    let document = document();
    if is_on {
        document.fullscreen_enabled() && root_element().request_fullscreen().is_ok()
    } else if document.fullscreen_element().is_some() {
        document.exit_fullscreen();
        true
    } else {
        false
    }
}

/// Copies a text. False where the browser does not let the page.
pub async fn copy(text: &str) -> bool {
    match clipboard() {
        Some(clipboard) => wasm_bindgen_futures::JsFuture::from(clipboard.write_text(text))
            .await
            .is_ok(),
        None => false,
    }
}

pub fn root_element() -> Element {
    document()
        .document_element()
        .expect("a document has a root element")
}

/// Lasts as long as the page.
pub fn set_interval(callback: &Closure<dyn FnMut()>, every_ms: i32) {
    let _ = window().set_interval_with_callback_and_timeout_and_arguments_0(
        callback.as_ref().unchecked_ref(),
        every_ms,
    );
}

/// Threads that run at one time on this machine, as far as the browser tells.
pub fn n_cores() -> usize {
    window().navigator().hardware_concurrency() as usize
}

/// A JavaScript error in words.
pub fn words(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => error
            .as_string()
            .unwrap_or_else(|| "the browser gives no reason".into()),
    }
}

/// A seed that a person can remember and type.
pub fn new_seed() -> u32 {
    (js_sys::Math::random() * 10_000.0) as u32
}
