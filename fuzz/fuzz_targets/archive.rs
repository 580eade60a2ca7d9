//! `data fetch --from` with a hostile `.tar.gz`. The first byte says which dataset it stands for,
//! and whether the rest is the gzip file itself or a tar file that is still to be packed, whose
//! header checksums are put right: random changes would hardly ever get past either.
#![no_main]

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use runner_fuzz::{import, scratch, small_cifar};

const BLOCK: usize = 512;

fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else { return };
    let archive = small_cifar(if first & 1 == 0 { "cifar10" } else { "cifar100" });
    let content = if first & 2 == 0 { pack(rest) } else { rest.to_vec() };
    let home = scratch();
    let path = home.join("hostile.tar.gz");
    fs::write(&path, content).expect("writable");
    import(&archive, &home, &path, &["hostile.tar.gz"]);
});

fn pack(tar: &[u8]) -> Vec<u8> {
    let mut tar = tar.to_vec();
    let mut at = 0;
    while let Some(header) = tar.get_mut(at..at + BLOCK) {
        if header.iter().all(|&byte| byte == 0) {
            break;
        }
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let digits = header[124..136].iter().take_while(|byte| matches!(byte, b'0'..=b'7'));
        let size = digits.fold(0usize, |size, digit| size * 8 + usize::from(digit - b'0'));
        at = at.saturating_add(BLOCK).saturating_add(size.div_ceil(BLOCK) * BLOCK);
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&tar).expect("memory is writable");
    encoder.finish().expect("memory is writable")
}
