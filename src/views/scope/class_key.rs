use leptos::prelude::*;

use crate::memo::Memo;
use crate::plot::charts::field::class_key_scene;
use crate::plot::kit::geometry::Size;
use crate::plot::kit::theme::Theme;
use crate::run::Run;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::erased::Show;

/// Which colour and shape is which class, where there are more than two.
#[component]
pub fn ClassKey() -> impl IntoView {
    let run = expect_context::<Run>();
    let n_classes = Memo::new(move |_| {
        run.loaded
            .with(|loaded| loaded.as_ref().map_or(0, |loaded| loaded.n_classes))
    });
    let draw =
        move |size: Size, theme: &Theme| class_key_scene(size, theme, n_classes.get_untracked());
    view! {
        <Show when=move || { n_classes.get() > 2 }>
            <div class="picture class-key">
                <Canvas label="Classes by colour and shape" depends=move || n_classes.track() draw=draw />
            </div>
        </Show>
    }
}
