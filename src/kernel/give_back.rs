//! Memory that was freed goes back to the system: glibc keeps it, so that a server which once made a large page
//! would hold what that took for ever.

/// Gives the pages of memory that hold nothing back to the system, where the C library keeps them. It takes some
/// milliseconds.
pub fn give_back_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        unsafe extern "C" {
            fn malloc_trim(pad: usize) -> i32; // malloc_trim(3)
        }
        // SAFETY: glibc has had this function since 2.0 with this signature; any thread may call it at any time, and
        // it changes no block that is in use.
        let gave = unsafe { malloc_trim(0) };
        let _ = gave; // nothing depends on whether there was any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_in_use_stay_as_they_are() {
        let blocks: Vec<Vec<u8>> = (0..100).map(|byte| vec![byte; 50_000]).collect();
        let kept: Vec<Vec<u8>> = blocks.into_iter().step_by(2).collect();
        give_back_memory();
        let is_whole = |(at, block): (usize, &Vec<u8>)| block.iter().all(|b| *b == 2 * at as u8);
        assert!(kept.iter().enumerate().all(is_whole));
    }
}
