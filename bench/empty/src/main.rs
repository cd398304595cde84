//! The least that a Leptos page is.

use leptos::prelude::*;

fn main() {
    leptos::mount::mount_to_body(|| view! { <p id="word">"Ready."</p> });
}
