//! Fields as in the `csv` crate, line numbers, and quotes that are not closed.

use super::*;
use crate::rng::{Purpose, stream};

fn read(text: &[u8], quotes: Quotes) -> (Vec<Vec<Vec<u8>>>, Vec<StrayQuote>) {
    let mut records = Records::new(text, b',', quotes);
    let mut record = Record::new(1000);
    let (mut all, mut strays) = (Vec::new(), Vec::new());
    loop {
        match records.next(&mut record).unwrap() {
            Next::End => return (all, strays),
            Next::Stray(stray) => strays.push(stray),
            Next::Record => all.push((0..record.count).map(|i| record.field(i).into()).collect()),
        }
    }
}

fn lines(text: &[u8]) -> Vec<(u64, u64, usize)> {
    let mut records = Records::new(text, b',', Quotes::Strict);
    let mut record = Record::new(1000);
    let mut lines = Vec::new();
    while records.next(&mut record).unwrap() == Next::Record {
        lines.push((record.line, record.last_line, record.count));
    }
    lines
}

#[test]
fn fields_are_those_of_the_csv_crate() {
    let mut random = stream(1, Purpose::Synthetic, 0, 0);
    let letters = b"ab,,\"\"\"\n\r \n";
    let mut strict_ones = 0;
    for _ in 0..3_000 {
        let length = random.below(24) as usize;
        let text: Vec<u8> =
            (0..length).map(|_| letters[random.below(letters.len() as u32) as usize]).collect();
        let mut builder = csv::ReaderBuilder::new();
        let theirs = builder.has_headers(false).flexible(true).from_reader(&text[..]);
        let theirs: Vec<Vec<Vec<u8>>> = theirs
            .into_byte_records()
            .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
            .collect();
        assert_eq!(read(&text, Quotes::Lenient).0, theirs, "{:?}", String::from_utf8_lossy(&text));
        let (strict, strays) = read(&text, Quotes::Strict);
        if strays.is_empty() {
            strict_ones += 1;
            assert_eq!(strict, theirs);
        }
    }
    assert!(strict_ones > 1_500, "{strict_ones}");
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["a,b", "", "1,\"x", "y\"", "2,3"].join(end);
        let expected = [(1, 1, 2), (3, 4, 2), (5, 5, 2)];
        assert_eq!(lines(text.as_bytes()), expected, "{end:?}");
        assert_eq!(lines((text + end).as_bytes()), expected, "{end:?}");
    }
}

#[test]
fn a_quote_that_is_never_closed_takes_its_line_alone() {
    let text = b"a,b\n1,\"x\n2,y\n3,\"\"z\"\"\n4,w\n";
    let (records, strays) = read(text, Quotes::Strict);
    assert_eq!(strays[0].end, StrayEnd::Never { lines_after: 3 }, "two quotes are one in a text");
    assert_eq!(records.len(), 4);
    for end in [&b""[..], b"\n", b"\r\n"] {
        let text = [b"a,b\r\n1,\"x\r\n2,y\r\n3,z", end].concat();
        let (records, strays) = read(&text, Quotes::Strict);
        let stray = StrayQuote { line: 2, opened: 2, end: StrayEnd::Never { lines_after: 2 } };
        assert_eq!(strays, [stray]);
        assert_eq!(records.len(), 3, "the header and the two lines behind the quote");
        assert_eq!(records[2], [b"3", b"z"]);
    }
    let (records, strays) = read(b"a,b\n1,\"x", Quotes::Strict);
    assert_eq!((records.len(), &strays[0].end), (1, &StrayEnd::Never { lines_after: 0 }));
}

#[test]
fn a_quote_that_closes_what_another_line_opened_by_mistake_is_no_end() {
    let text = b"label,x\n\"a,1\nb,2\n\"a,3\nb,4\n";
    let (records, strays) = read(text, Quotes::Strict);
    let within = StrayQuote { line: 2, opened: 2, end: StrayEnd::Within { line: 4 } };
    let never = StrayQuote { line: 4, opened: 4, end: StrayEnd::Never { lines_after: 1 } };
    assert_eq!(strays, [within, never]);
    assert_eq!(records[1..], [[b"b", b"2"], [b"b", b"4"]]);
}

#[test]
fn a_line_of_any_length_takes_no_more_memory_than_a_record_may() {
    let header = b"a,b\n".chain(io::repeat(b','));
    let mut records = Records::new(header, b',', Quotes::Strict);
    let mut record = Record::new(4);
    assert_eq!(records.next(&mut record).unwrap(), Next::Record);
    let problem = records.next(&mut record).unwrap_err().to_string();
    assert_eq!(problem, "has a line of more than 16 MiB, line 2");
    assert!(records.buffer.capacity() <= 4 * MOST_RECORD_BYTES);
    assert!(record.ends.len() <= 4 && record.count > MOST_RECORD_BYTES);
}

#[test]
fn a_quote_that_closes_too_far_away_takes_its_line_alone() {
    let text = b"1,\"x\n".chain(b"2,y\n".repeat(MOST_RECORD_BYTES / 4 + CHUNK).leak() as &[u8]);
    let mut records = Records::new(text, b',', Quotes::Strict);
    let mut record = Record::new(4);
    let stray = StrayQuote { line: 1, opened: 1, end: StrayEnd::TooFar };
    assert_eq!(records.next(&mut record).unwrap(), Next::Stray(stray));
    assert_eq!(records.next(&mut record).unwrap(), Next::Record);
    assert_eq!((record.line, record.field(1)), (2, &b"y"[..]));
}

#[test]
fn behind_a_closing_quote_only_blanks_may_stand() {
    let is_glued = |text: &[u8]| {
        let mut records = Records::new(text, b',', Quotes::Strict);
        let mut record = Record::new(4);
        assert_eq!(records.next(&mut record).unwrap(), Next::Record);
        record.is_glued
    };
    for text in [&b"\"cat\" dog,1\n"[..], b"\"cat\"dog,1", b"\"cat\" \t\"dog\",1\n", b"1,\"a\" b"] {
        assert!(is_glued(text), "{}", String::from_utf8_lossy(text));
    }
    for text in [
        &b"\"cat\" \t,1\n"[..],
        b"\"cat\" ",
        b"\"a \"\"b\"\" c\"  \r\n",
        b"cat dog,1\n",
        b"a \"b\"",
    ] {
        assert!(!is_glued(text), "{}", String::from_utf8_lossy(text));
    }
}
