// Dropout, as in cpu/dropout.rs: a and f'(z) of hidden layers times m, which is 0 or 1 / (1 - p).

/// Updates made before, beginning again at 2^32.
var<private> mask_step: u32;

/// m of unit j of layer l for sample c.
fn mask(lane: u32, l: u32, j: u32, c: u32) -> f32 {
    let row = l * GROUPS_PER_LAYER + j / GROUP;
    let words = pcg4d(vec4<u32>(c, row, mask_step, rules[lane].mask_seed));
    return select(rules[lane].mask_scale, 0.0f, words[j % GROUP] < rules[lane].mask_threshold);
}

fn pcg4d(counter: vec4<u32>) -> vec4<u32> {
    let v = mix_words(counter * 1664525u + 1013904223u);
    return mix_words(v ^ (v >> vec4<u32>(16u)));
}

fn mix_words(words: vec4<u32>) -> vec4<u32> {
    var v = words;
    v.x += v.y * v.w;
    v.y += v.z * v.x;
    v.z += v.x * v.y;
    v.w += v.y * v.z;
    return v;
}
