//! The maps of F(2 x 2, 3 x 3) for `W` channels at once. Each goes down the columns first, then along the
//! rows; additions go from left to right. No operation is fused, so that every path gives the same bits.

/// Numbers of `W` channels.
type Channels<const W: usize> = [f32; W];

/// A square of them, row by row.
pub(super) type Square<const N: usize, const W: usize> = [[Channels<W>; N]; N];

/// The `W` elements of `from` at `at`.
#[inline(always)]
pub(super) fn load<const W: usize>(from: &[f32], at: usize) -> Channels<W> {
    let mut channels = [0.0; W];
    channels.copy_from_slice(&from[at..at + W]);
    channels
}

/// The `count` elements of `from` at `at`, then zeros.
#[inline(always)]
pub(super) fn load_first<const W: usize>(from: &[f32], at: usize, count: usize) -> Channels<W> {
    let mut channels = [0.0; W];
    channels[..count].copy_from_slice(&from[at..at + count]);
    channels
}

#[inline(always)]
fn add<const W: usize>(a: &Channels<W>, b: &Channels<W>) -> Channels<W> {
    let mut sum = *a;
    for i in 0..W {
        sum[i] += b[i];
    }
    sum
}

#[inline(always)]
fn sub<const W: usize>(a: &Channels<W>, b: &Channels<W>) -> Channels<W> {
    let mut difference = *a;
    for i in 0..W {
        difference[i] -= b[i];
    }
    difference
}

#[inline(always)]
fn half<const W: usize>(a: &Channels<W>) -> Channels<W> {
    a.map(|x| 0.5 * x)
}

/// Row `place` of `Bᵀ`: `[d0 - d2, d1 + d2, d2 - d1, d1 - d3]`. It reads the rows of [`needs`].
#[inline(always)]
fn source_row<const W: usize>(d: [&Channels<W>; 2], place: usize) -> Channels<W> {
    match place {
        0 | 3 => sub(d[0], d[1]),
        1 => add(d[0], d[1]),
        _ => sub(d[1], d[0]),
    }
}

/// The rows of the source that row `place` of its transform depends on.
#[inline(always)]
pub(super) fn needs(place: usize) -> [usize; 2] {
    match place {
        0 => [0, 2],
        3 => [1, 3],
        _ => [1, 2],
    }
}

/// Row `place` of `Bᵀ d B`, of the two rows of `d` that it needs.
#[inline(always)]
pub(super) fn source<const W: usize>(
    d: [&[Channels<W>; 4]; 2],
    place: usize,
) -> [Channels<W>; 4] {
    let mut down = [[0.0; W]; 4];
    for (col, down) in down.iter_mut().enumerate() {
        *down = source_row([&d[0][col], &d[1][col]], place);
    }
    let mut along = [[0.0; W]; 4];
    for (place, along) in along.iter_mut().enumerate() {
        *along = source_row(needs(place).map(|col| &down[col]), place);
    }
    along
}

/// `Aᵀ m`: `[m0 + m1 + m2, m1 - m2 - m3]`.
#[inline(always)]
fn target_rows<const W: usize>(m: [&Channels<W>; 4]) -> [Channels<W>; 2] {
    [add(&add(m[0], m[1]), m[2]), sub(&sub(m[1], m[2]), m[3])]
}

/// `Aᵀ m A`.
#[inline(always)]
pub(super) fn target<const W: usize>(m: &Square<4, W>) -> Square<2, W> {
    let mut down = [[[0.0; W]; 4]; 2];
    for col in 0..4 {
        [down[0][col], down[1][col]] = target_rows([0, 1, 2, 3].map(|row| &m[row][col]));
    }
    let [first, second] = &down;
    [first, second].map(|row| target_rows([0, 1, 2, 3].map(|col| &row[col])))
}

/// Row `place` of `A`: `[y0, y0 + y1, y0 - y1, -y1]`.
#[inline(always)]
fn grad_row<const W: usize>(y: [&Channels<W>; 2], place: usize) -> Channels<W> {
    match place {
        0 => *y[0],
        1 => add(y[0], y[1]),
        2 => sub(y[0], y[1]),
        _ => y[1].map(|y| -y),
    }
}

/// Row `place` of `A y Aᵀ`.
#[inline(always)]
pub(super) fn grad<const W: usize>(y: &Square<2, W>, place: usize) -> [Channels<W>; 4] {
    let down = [0, 1].map(|col| grad_row([&y[0][col], &y[1][col]], place));
    [0, 1, 2, 3].map(|place| grad_row([&down[0], &down[1]], place))
}

/// `G g`: `[g0, (g0 + g2 + g1) / 2, (g0 + g2 - g1) / 2, g2]`.
#[inline(always)]
fn weight_rows<const W: usize>(g: [&Channels<W>; 3]) -> [Channels<W>; 4] {
    let outer = add(g[0], g[2]);
    [*g[0], half(&add(&outer, g[1])), half(&sub(&outer, g[1])), *g[2]]
}

/// `G g Gᵀ`.
#[inline(always)]
pub(super) fn weight<const W: usize>(g: &Square<3, W>) -> Square<4, W> {
    let mut down = [[[0.0; W]; 3]; 4];
    for col in 0..3 {
        let rows = weight_rows([0, 1, 2].map(|row| &g[row][col]));
        for (down, row) in down.iter_mut().zip(rows) {
            down[col] = row;
        }
    }
    down.map(|row| weight_rows([0, 1, 2].map(|col| &row[col])))
}

/// `Gᵀ u`: `[u0 + (u1 + u2) / 2, (u1 - u2) / 2, (u1 + u2) / 2 + u3]`.
#[inline(always)]
fn weight_grad_rows<const W: usize>(u: [&Channels<W>; 4]) -> [Channels<W>; 3] {
    let inner = half(&add(u[1], u[2]));
    [add(u[0], &inner), half(&sub(u[1], u[2])), add(&inner, u[3])]
}

/// `Gᵀ u G`.
#[inline(always)]
pub(super) fn weight_grad<const W: usize>(u: &Square<4, W>) -> Square<3, W> {
    let mut down = [[[0.0; W]; 4]; 3];
    for col in 0..4 {
        let rows = weight_grad_rows([0, 1, 2, 3].map(|row| &u[row][col]));
        for (down, row) in down.iter_mut().zip(rows) {
            down[col] = row;
        }
    }
    down.map(|row| weight_grad_rows([0, 1, 2, 3].map(|col| &row[col])))
}
