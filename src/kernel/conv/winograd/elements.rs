//! Elements of a register, all of them or the first few.

use crate::kernel::lanes::Lanes;

/// How many elements of a register are read and written: all if `WHOLE`, else the first `count`,
/// which are fewer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Elements<const WHOLE: bool> {
    pub(super) count: usize,
}

impl<const WHOLE: bool> Elements<WHOLE> {
    /// # Safety
    /// The CPU has the features of `V`; the elements can be read at `from`.
    #[inline(always)]
    pub(super) unsafe fn load<V: Lanes>(self, from: *const f32) -> V {
        debug_assert!(WHOLE || self.count < V::COUNT);
        // SAFETY: the caller's promise, and that of the type.
        unsafe { if WHOLE { V::load(from) } else { V::load_first(from, self.count) } }
    }

    /// Loads `N` registers, `stride` elements apart.
    ///
    /// # Safety
    /// The CPU has the features of `V`; the elements can be read at each of these places.
    #[inline(always)]
    pub(super) unsafe fn load_row<V: Lanes, const N: usize>(
        self,
        from: *const f32,
        stride: usize,
    ) -> [V; N] {
        // SAFETY: the caller's promise.
        unsafe {
            let mut row = [V::splat(0.0); N];
            for (i, value) in row.iter_mut().enumerate() {
                *value = self.load(from.add(i * stride));
            }
            row
        }
    }

    /// # Safety
    /// The CPU has the features of `V`; the elements can be written at `to`.
    #[inline(always)]
    pub(super) unsafe fn store<V: Lanes>(self, value: V, to: *mut f32) {
        debug_assert!(WHOLE || self.count < V::COUNT);
        // SAFETY: the caller's promise, and that of the type.
        unsafe { if WHOLE { value.store(to) } else { value.store_first(to, self.count) } }
    }
}

/// Runs `$work` for each of the registers that together hold `$count` elements. `$at` is the
/// register's first element; `$elements` says how many elements it holds.
macro_rules! for_registers {
    ($lanes:ty, $count:expr, |$at:ident, $elements:ident| $work:expr) => {{
        let count: usize = $count;
        let whole = count / <$lanes>::COUNT * <$lanes>::COUNT;
        for $at in (0..whole).step_by(<$lanes>::COUNT) {
            let $elements = Elements::<true> { count: <$lanes>::COUNT };
            $work
        }
        if whole < count {
            let $at = whole;
            let $elements = Elements::<false> { count: count - whole };
            $work
        }
    }};
}
pub(super) use for_registers;
