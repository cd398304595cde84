// The three products of a layer, as in cpu/linear.rs. A thread computes four values at a time, which
// share what it loads. Rows are units and columns are samples; a row is ROW long, an odd number, so that
// threads that read one column of different rows use different memory banks.

/// z[j..j + 4, c] = b[j] + sum_i W[j, i] a[i, c], in the order of i. Rows beyond the last repeat it.
fn affine_tile(layer: Layer, j: u32, c: u32) -> vec4<f32> {
    let rows = min(vec4<u32>(j, j + 1u, j + 2u, j + 3u), vec4<u32>(layer.n_out - 1u));
    let w = layer.weights + rows * layer.n_in;
    let b = layer.biases + rows;
    var sums = vec4<f32>(get_p(b.x), get_p(b.y), get_p(b.z), get_p(b.w));
    var a = layer.in_row * ROW + c;
    for (var i = 0u; i < layer.n_in; i++) {
        sums += get_a(a) * vec4<f32>(get_p(w.x + i), get_p(w.y + i), get_p(w.z + i), get_p(w.w + i));
        a += ROW;
    }
    return sums;
}

/// dL/da[i..i + 4, c] = sum_j W[j, i] delta[j, c], in the order of j, a being this layer's input.
fn pull_back_tile(layer: Layer, i: u32, c: u32) -> vec4<f32> {
    let columns = min(vec4<u32>(i, i + 1u, i + 2u, i + 3u), vec4<u32>(layer.n_in - 1u));
    var w = layer.weights + columns;
    var delta = layer.unit_row * ROW + c;
    var sums = vec4<f32>(0.0f);
    for (var j = 0u; j < layer.n_out; j++) {
        sums += get_slope(delta) * vec4<f32>(get_p(w.x), get_p(w.y), get_p(w.z), get_p(w.w));
        w += layer.n_in;
        delta += ROW;
    }
    return sums;
}

/// dL/dW[j, i] = sum over samples of delta[j, :] a[i, :]; dL/db[j] = sum over samples of delta[j, :].
fn weight_gradients(me: u32, layer: Layer, n: u32) {
    let n_tiles = (layer.n_in + 3u) / 4u;
    for (var tile = me; tile < layer.n_out * n_tiles; tile += WORKGROUP) {
        let j = tile / n_tiles;
        let i = 4u * (tile % n_tiles);
        let columns = min(vec4<u32>(i, i + 1u, i + 2u, i + 3u), vec4<u32>(layer.n_in - 1u));
        let a = (layer.in_row + columns) * ROW;
        let delta_row = (layer.unit_row + j) * ROW;
        var sums = vec4<f32>(0.0f);
        var d_bias = 0.0f;
        for (var c = 0u; c < n; c++) {
            let delta = get_slope(delta_row + c);
            sums += delta * vec4<f32>(get_a(a.x + c), get_a(a.y + c), get_a(a.z + c), get_a(a.w + c));
            d_bias += delta;
        }
        let d_w = layer.weights + j * layer.n_in + i;
        set_g(d_w, sums.x);
        if i + 1u < layer.n_in {
            set_g(d_w + 1u, sums.y);
        }
        if i + 2u < layer.n_in {
            set_g(d_w + 2u, sums.z);
        }
        if i + 3u < layer.n_in {
            set_g(d_w + 3u, sums.w);
        }
        if i == 0u {
            set_g(layer.biases + j, d_bias);
        }
    }
}
