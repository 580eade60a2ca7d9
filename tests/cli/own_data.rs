//! Data of the user's own, made here: pictures of two colours in folders, and tables of numbers.

use std::fs;
use std::path::Path;

use image_webp::WebPEncoder;

use crate::workspace::Workspace;

/// A network that learns two colours in a moment.
pub(crate) fn experiment(dataset: &str) -> String {
    format!(
        "[dataset]\n{dataset}\n\
         [network]\nkind = \"mlp\"\nhidden_sizes = [8]\n\
         [optimizer]\nkind = \"adam\"\nlearning_rate = 0.01\n\
         [training]\nepochs = 6\nbatch_size = 5\n"
    )
}

/// A picture's pixels: red, green, blue.
pub(crate) struct Picture {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

/// A picture that is mostly of one colour; `shade` makes each another one.
pub(crate) fn picture(width: u32, height: u32, red: bool, shade: u8) -> Picture {
    let pixel = |x: u32, y: u32| {
        let noise = shade.wrapping_mul(31).wrapping_add((x * 7 + y * 13) as u8) % 60;
        let strong = 150 + noise;
        if red { [strong, noise, 40] } else { [40, noise, strong] }
    };
    let rgb = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y))).collect();
    Picture { width, height, rgb }
}

/// As WebP without losses if `name` ends so, else as PNG.
pub(crate) fn save(workspace: &Workspace, name: &str, picture: &Picture) {
    let path = workspace.path(name);
    fs::create_dir_all(path.parent().expect("inside the folder")).expect("writable");
    let bytes = if name.ends_with(".webp") { webp(picture) } else { png(picture) };
    fs::write(path, bytes).expect("writable");
}

fn png(Picture { width, height, rgb }: &Picture) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, *width, *height);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().expect("encoded");
    writer.write_image_data(rgb).expect("encoded");
    writer.finish().expect("encoded");
    bytes
}

fn webp(Picture { width, height, rgb }: &Picture) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = WebPEncoder::new(&mut bytes);
    encoder.encode(rgb, *width, *height, image_webp::ColorType::Rgb8).expect("encoded");
    bytes
}

/// `photos/red` and `photos/blue`, `count` pictures each, all sizes, PNG and WebP.
pub(crate) fn photos(workspace: &Workspace, folder: &str, count: u8) {
    for i in 0..count {
        let (width, height) = (9 + u32::from(i), 20 - u32::from(i % 7));
        let ending = if i % 3 == 0 { "webp" } else { "png" };
        for (class, is_red) in [("red", true), ("blue", false)] {
            let picture = picture(width, height, is_red, i);
            save(workspace, &format!("{folder}/{class}/{i:03}.{ending}"), &picture);
        }
    }
}

/// A table of two numbers that tell the class, one that does not change, and an index.
pub(crate) fn flowers(lines: u32) -> String {
    let line = |i: u32| {
        let class = if i.is_multiple_of(2) { "rose" } else { "lily" };
        let length = f64::from(i % 2) * 3.0 + f64::from(i * 7 % 5) / 10.0;
        format!("{i},{length},{},5,{class}\n", f64::from(i * 3 % 11) * 1000.0)
    };
    let header = ",length,width,constant,species\n".to_owned();
    (0..lines).map(line).fold(header, |text, line| text + &line)
}

/// Files that are no pictures, each wrong in its own way.
pub(crate) fn hostile_files(workspace: &Workspace, folder: &str) {
    let place = |name: &str| format!("{folder}/{name}");
    workspace.write(&place("empty.png"), "");
    workspace.write(&place("text.png"), "this is no picture");
    workspace.write(&place("notes.txt"), "not by its name either");
    let whole = png(&picture(40, 30, true, 3));
    workspace.write(&place("cut.png"), &whole[..whole.len() / 2]);
    let mut huge = whole.clone();
    huge[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]); // 65536 x 65536
    let mut checksum = flate2::Crc::new();
    checksum.update(&huge[12..29]);
    huge[29..33].copy_from_slice(&checksum.sum().to_be_bytes());
    workspace.write(&place("bomb.png"), huge);
    workspace.write(&place("wrong.jpg"), [&b"\xff\xd8\xff\xe0"[..], &[7; 50]].concat());
    workspace.write(&place("half.webp"), &b"RIFF\xff\0\0\0WEBPVP8 "[..]);
    fs::create_dir_all(workspace.path(&place("folder.png"))).expect("writable");
    link(Path::new("loop.png"), &workspace.path(&place("loop.png")));
    link(Path::new("/nowhere/at/all.png"), &workspace.path(&place("dangling.png")));
}

pub(crate) fn link(target: &Path, at: &Path) {
    std::os::unix::fs::symlink(target, at).expect("links can be made");
}
