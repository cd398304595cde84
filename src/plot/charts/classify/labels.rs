//! Texts that keep out of each other's way.

use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::{Point, Rect, Size};
use crate::plot::kit::label::label_box;
use crate::plot::kit::sketch::{Sketch, TextLook};

/// Air between texts beside each other.
const GAP_PX: f64 = 3.0;

/// The texts of a picture, what matters most first: one that would lie on an earlier one is left out.
pub(super) struct Labels {
    picture: Rect,
    taken: Vec<Rect>,
}

impl Labels {
    pub(super) fn new(picture: Size) -> Self {
        Self {
            picture: Rect::of_size(picture),
            taken: Vec::new(),
        }
    }

    /// No text may lie here.
    pub(super) fn keep_free(&mut self, space: Rect) {
        self.taken.push(space);
    }

    /// Writes at the first of `places` that is free; false where none is.
    pub(super) fn write(
        &mut self,
        sketch: &mut Sketch,
        text: &str,
        places: &[(Point, TextLook)],
    ) -> bool {
        let Some((at, look, space)) = self.free(text, places) else {
            return false;
        };
        self.taken.push(space);
        sketch.text(text, at, look);
        true
    }

    /// The same, on paper that sets the text off from lines below it.
    pub(super) fn write_over(
        &mut self,
        sketch: &mut Sketch,
        paper: Color,
        text: &str,
        places: &[(Point, TextLook)],
    ) -> bool {
        if let Some((_, _, space)) = self.free(text, places) {
            sketch.fill(space.inset(-1.0), 3.0, paper.fade(0.8));
        }
        self.write(sketch, text, places)
    }

    fn free(&self, text: &str, places: &[(Point, TextLook)]) -> Option<(Point, TextLook, Rect)> {
        let boxes = places.iter().map(|(at, look)| {
            let space = label_box(text, *at, look.font_px, look.is_bold, look.align);
            (*at, *look, space)
        });
        let is_free = |space: &Rect| {
            let wide = Rect::new(
                space.x - GAP_PX,
                space.y,
                space.width + 2.0 * GAP_PX,
                space.height,
            );
            !self.taken.iter().any(|other| wide.overlaps(other))
        };
        boxes
            .into_iter()
            .find(|(_, _, space)| self.picture.encloses(space) && is_free(space))
    }
}
