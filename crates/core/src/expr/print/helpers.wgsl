// Functions that WGSL lacks or does not promise to be stable, in f32. The formulas and coefficients
// are those of the CPU's vector_math; exp and log are the device's.

fn expm1(x: f32) -> f32 {
    let near = x + x * x * (0.49999997f + x * (0.16666543f + x * (0.0416672f
        + x * (0.0083665475f + x * 0.0013882517f))));
    return select(exp(x) - 1.0f, near, abs(x) < 0.34f);
}

fn log1p(x: f32) -> f32 {
    let near = x - 0.5f * x * x + x * x * x * (0.3333333f + x * (-0.25000826f + x * (0.20001236f
        + x * (-0.16623144f + x * (0.14201368f + x * (-0.13162003f + x * (0.12765428f
        + x * -0.07634389f)))))));
    return select(log(1.0f + x), near, x > -0.29f && x < 0.41f);
}

fn sigmoid(x: f32) -> f32 {
    let e = exp(-abs(x));
    return select(1.0f, e, x < 0.0f) / (1.0f + e);
}

fn stable_tanh(x: f32) -> f32 {
    let m = expm1(-2.0f * abs(x));
    return sign(x) * (-m / (2.0f + m));
}

fn sech2(x: f32) -> f32 {
    let e = exp(-2.0f * abs(x));
    return 4.0f * e / ((1.0f + e) * (1.0f + e));
}

fn softplus(x: f32) -> f32 {
    return max(x, 0.0f) + log1p(exp(-abs(x)));
}

fn erf(x: f32) -> f32 {
    let u = x * x;
    let above = 1.1283792f + u * (0.19040707f + u * (0.052748807f + u * (0.003765644f
        + u * (0.0002848836f + u * 0.0000020500859f))));
    let below = 1.0f + u * (0.5020766f + u * (0.11410936f + u * (0.01496927f
        + u * (0.0011625426f + u * 0.000038091748f))));
    return select(clamp(x * above / below, -1.0f, 1.0f), sign(x), abs(x) > 3.92f);
}

fn square(x: f32) -> f32 {
    return x * x;
}

fn cube(x: f32) -> f32 {
    return x * x * x;
}

fn whole_power(x: f32, n: i32) -> f32 {
    var power = 1.0f;
    var factor = x;
    for (var rest = abs(n); rest > 0i; rest = rest / 2i) {
        if rest % 2i == 1i {
            power = power * factor;
        }
        factor = factor * factor;
    }
    return select(power, 1.0f / power, n < 0i);
}

fn power(x: f32, y: f32) -> f32 {
    let size = exp(y * log(abs(x)));
    let is_whole = floor(y) == y;
    let is_odd = is_whole && floor(y * 0.5f) != y * 0.5f;
    let signed_size = select(size, -size, x < 0.0f && is_odd);
    let value = select(signed_size, not_a_number(x), x < 0.0f && !is_whole);
    return select(value, 1.0f, y == 0.0f || x == 1.0f);
}

// Computed, because WGSL has no text for them.
fn infinity(x: f32) -> f32 {
    return (abs(x) + 1.0f) * 3.0e38f * 10.0f;
}

fn not_a_number(x: f32) -> f32 {
    return sqrt(-1.0f - abs(x));
}

// Those of the device may be off by 5e-4.
fn stable_sin(x: f32) -> f32 {
    return sin_with_phase(x, 0i);
}

fn stable_cos(x: f32) -> f32 {
    return sin_with_phase(x, 1i);
}

fn sin_with_phase(x: f32, quarter_turns: i32) -> f32 {
    let inner = select(x, 0.0f, abs(x) > 5.0e6f);
    let k = round(inner * 0.63661975f);
    let r = inner - k * 1.5703125f - k * 4.837513e-4f - k * 7.54979e-8f;
    let square_r = r * r;
    let sin_r = r + r * square_r * (-0.16666655f + square_r * (0.008332156f
        + square_r * -0.00019514632f));
    let cos_r = square_r * square_r * (0.041666646f + square_r * (-0.001388731f
        + square_r * 0.000024432413f)) + (1.0f - square_r * 0.5f);
    let quadrant = (i32(k) + quarter_turns) & 3i;
    let value = select(sin_r, cos_r, (quadrant & 1i) == 1i);
    // Infinite or NaN times 0 is NaN.
    return select(value, -value, quadrant >= 2i) + x * 0.0f;
}
