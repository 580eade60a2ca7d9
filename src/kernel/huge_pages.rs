//! Memory in pages of two megabytes: images are picked from a dataset in random order, and with pages of four
//! kilobytes nearly each picked row costs the CPU a walk through its page tables.

use std::alloc::{GlobalAlloc, Layout, System};

/// The system's allocator, which asks for huge pages where a block is large enough for them.
///
/// Linux gives them to whoever asks (`madvise` in `/sys/kernel/mm/transparent_hugepage/enabled`, which most
/// distributions choose); other systems ignore it. What the memory holds is the same.
#[derive(Debug, Clone, Copy)]
pub struct HugePages;

/// Bytes of a huge page on x86-64 and most others.
const PAGE: usize = 2 << 20;
/// Blocks below this size have too few whole pages within them.
const FROM: usize = 2 * PAGE;

// SAFETY: every call is handed on to the system's allocator as it came, and its answer is handed back as it came; in
// between, `advise` changes neither the block nor what it holds.
unsafe impl GlobalAlloc for HugePages {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is the same.
        advise(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        advise(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        advise(unsafe { System.realloc(block, layout, size) }, size)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

/// Asks for huge pages in the `size` bytes at `block`, which may be null, and gives it back.
#[inline]
fn advise(block: *mut u8, size: usize) -> *mut u8 {
    if size >= FROM && !block.is_null() {
        ask(block, size);
    }
    block
}

#[cfg(target_os = "linux")]
#[cold]
fn ask(block: *mut u8, size: usize) {
    use rustix::mm::{Advice, madvise};

    // Only pages that lie within the block, so that it takes no more memory than before.
    let before = block.align_offset(PAGE);
    let pages = size.saturating_sub(before) / PAGE;
    if pages > 0 {
        // SAFETY: the bytes from `before` on, `pages` whole pages of them, lie within the block, which is ours alone.
        // This advice decides how the kernel backs them and leaves what they hold as it is.
        let advised =
            unsafe { madvise(block.add(before).cast(), pages * PAGE, Advice::LinuxHugepage) };
        let _ = advised; // A kernel without huge pages refuses, and all goes on as it would have.
    }
}

#[cfg(not(target_os = "linux"))]
fn ask(_block: *mut u8, _size: usize) {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes, grows, shrinks and frees blocks around the sizes where huge pages begin.
    #[test]
    fn blocks_hold_what_is_written() {
        for size in [64, FROM - 1, FROM, FROM + 4097, 5 * PAGE + 1] {
            let layout = Layout::from_size_align(size, 64).unwrap();
            // SAFETY: the layout has a size above 0; each block is freed once, with the layout that it has by then.
            unsafe {
                let block = HugePages.alloc_zeroed(layout);
                assert!(!block.is_null() && block.addr().is_multiple_of(64));
                let bytes = std::slice::from_raw_parts_mut(block, size);
                assert!(bytes.iter().all(|byte| *byte == 0));
                for (at, byte) in bytes.iter_mut().enumerate() {
                    *byte = at as u8;
                }
                let grown = HugePages.realloc(block, layout, 2 * size);
                assert!(!grown.is_null());
                let bytes = std::slice::from_raw_parts(grown, size);
                assert!(bytes.iter().enumerate().all(|(at, byte)| *byte == at as u8));
                HugePages.dealloc(grown, Layout::from_size_align(2 * size, 64).unwrap());
            }
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn large_blocks_are_marked_for_huge_pages() {
        let layout = Layout::from_size_align(16 * PAGE, 64).unwrap();
        // SAFETY: as above; the block is only asked for, never read.
        let block = unsafe { HugePages.alloc(layout) };
        let middle = block.addr() + 8 * PAGE;
        let flags = flags_at(middle);
        // SAFETY: as above.
        unsafe { HugePages.dealloc(block, layout) };
        let supported =
            std::path::Path::new("/sys/kernel/mm/transparent_hugepage/enabled").exists();
        assert_eq!(flags.split_whitespace().any(|flag| flag == "hg"), supported, "{flags}");
    }

    /// The kernel's flags of the mapping that holds this address.
    #[cfg(target_os = "linux")]
    fn flags_at(address: usize) -> String {
        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let mut holds = false;
        for line in maps.lines() {
            let range = line.split_whitespace().next().and_then(|word| word.split_once('-'));
            let ends = range.and_then(|(from, to)| {
                Some((usize::from_str_radix(from, 16).ok()?, usize::from_str_radix(to, 16).ok()?))
            });
            if let Some((from, to)) = ends {
                holds = (from..to).contains(&address);
            } else if let (true, Some(flags)) = (holds, line.strip_prefix("VmFlags:")) {
                return flags.to_owned();
            }
        }
        panic!("no mapping holds the address")
    }
}
