use actiscope_page::{last_words, ui::Page};

fn main() {
    last_words::prepare();
    leptos::mount::mount_to_body(Page);
}
