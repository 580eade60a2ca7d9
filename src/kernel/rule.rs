//! Update rules of optimizers, applied to slices.

use super::split::Slices;
use super::vectorise::vectorise;

/// How one step changes an element of a parameter, given its gradient.
pub trait Rule: Sync {
    /// Numbers of state for each element, at most 2.
    const STATE: usize;

    /// The new value and state of an element. State beyond `STATE` numbers is ignored. `decay` says
    /// whether weight decay applies.
    fn update(&self, value: f32, grad: f32, state: [f32; 2], decay: bool) -> (f32, [f32; 2]);
}

/// Applies `rule` to the elements of `slices`.
///
/// # Panics
/// If `grad` or the state is shorter than the value.
pub fn update<R: Rule>(rule: &R, slices: Slices<'_>, grad: &[f32], decay: bool) {
    let Slices { value, state: [first, second] } = slices;
    let n = value.len();
    let grad = &grad[..n];
    vectorise(
        #[inline(always)]
        || match R::STATE {
            0 => {
                for (w, g) in value.iter_mut().zip(grad) {
                    *w = rule.update(*w, *g, [0.0; 2], decay).0;
                }
            }
            1 => {
                for ((w, g), s) in value.iter_mut().zip(grad).zip(&mut first[..n]) {
                    (*w, [*s, _]) = rule.update(*w, *g, [*s, 0.0], decay);
                }
            }
            _ => {
                let state = first[..n].iter_mut().zip(&mut second[..n]);
                for ((w, g), (s, t)) in value.iter_mut().zip(grad).zip(state) {
                    (*w, [*s, *t]) = rule.update(*w, *g, [*s, *t], decay);
                }
            }
        },
    );
}
