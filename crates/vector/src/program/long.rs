//! Loops over rows with functions that take long: exponentials, logarithms and what is made of them.
//!
//! Such a function is a chain of operations each of which waits for the last, some hundred cycles long; so two vectors
//! are in flight, as one of sixteen. Each loop is a function of its own: in the midst of all others its constants would
//! be read from memory in each turn.

use fearless_simd::{Simd, f32x8, f32x16, prelude::*};

use super::run::Vector;

/// `to[i] = f(a[i])`.
#[inline(never)]
pub fn each<S: Simd>(simd: S, a: &[Vector], to: &mut [Vector], f: impl Fn(f32x16<S>) -> f32x16<S>) {
    simd.vectorize(
        #[inline(always)]
        || {
            for (a, to) in a.chunks(2).zip(to.chunks_mut(2)) {
                write(f(read(simd, a)), to);
            }
        },
    )
}

/// `(to[i], to2[i]) = f(a[i])`.
#[inline(never)]
pub fn each_pair<S: Simd>(
    simd: S,
    a: &[Vector],
    [to, to2]: [&mut [Vector]; 2],
    f: impl Fn(f32x16<S>) -> (f32x16<S>, f32x16<S>),
) {
    simd.vectorize(
        #[inline(always)]
        || {
            for ((a, to), to2) in a.chunks(2).zip(to.chunks_mut(2)).zip(to2.chunks_mut(2)) {
                let (first, second) = f(read(simd, a));
                write(first, to);
                write(second, to2);
            }
        },
    )
}

/// Two vectors, or the last one twice.
#[inline(always)]
fn read<S: Simd>(simd: S, vectors: &[Vector]) -> f32x16<S> {
    match vectors {
        [_, _] => f32x16::from_slice(simd, vectors.as_flattened()),
        _ => {
            let last = f32x8::from_slice(simd, &vectors[0]);
            last.combine(last)
        }
    }
}

/// As many as there are.
#[inline(always)]
fn write<S: Simd>(value: f32x16<S>, vectors: &mut [Vector]) {
    match vectors {
        [_, _] => value.store_slice(vectors.as_flattened_mut()),
        _ => value.split().0.store_slice(&mut vectors[0]),
    }
}
