//! TFRecord framing: length, its checksum, the content, its checksum
//! (<https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details>).

use prost::Message;

use crate::output::export::tensorboard::messages::EventMessage;

/// The polynomial of CRC-32C (RFC 3720, appendix B.4), with its lowest power in the highest bit.
const CASTAGNOLI: u32 = 0x82f6_3b78;
/// What the eight bits of each byte add to a checksum.
const OF_BYTE: [u32; 256] = of_bytes();

/// Added to a rotated checksum, so that a checksum over data that contains checksums is still useful.
const MASK_DELTA: u32 = 0xa282_ead8;

/// Appends an event to a file.
pub(super) fn push_record(file: &mut Vec<u8>, event: &EventMessage) {
    let content = event.encode_to_vec();
    let length = (content.len() as u64).to_le_bytes();
    file.extend(length);
    file.extend(masked_crc(&length).to_le_bytes());
    file.extend(&content);
    file.extend(masked_crc(&content).to_le_bytes());
}

fn masked_crc(bytes: &[u8]) -> u32 {
    crc32c(bytes).rotate_right(15).wrapping_add(MASK_DELTA)
}

/// CRC-32C. An export has some hundred kilobytes of them, for which a table is fast enough.
fn crc32c(bytes: &[u8]) -> u32 {
    let add =
        |crc: u32, byte: &u8| (crc >> 8) ^ OF_BYTE[((crc ^ u32::from(*byte)) & 0xff) as usize];
    !bytes.iter().fold(u32::MAX, add)
}

const fn of_bytes() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ CASTAGNOLI } else { crc >> 1 };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
}

/// Reads files back, for tests.
#[cfg(test)]
pub(super) mod testing {
    use super::*;

    /// The events of a file; every checksum must be right.
    #[track_caller]
    pub(crate) fn events_of(mut file: &[u8]) -> Vec<EventMessage> {
        let mut events = Vec::new();
        while let Some((length, rest)) = file.split_at_checked(8) {
            let (crc, rest) = rest.split_at(4);
            assert_eq!(crc, masked_crc(length).to_le_bytes());
            let length = u64::from_le_bytes(length.try_into().unwrap());
            let (content, rest) = rest.split_at(usize::try_from(length).unwrap());
            let (crc, rest) = rest.split_at(4);
            assert_eq!(crc, masked_crc(content).to_le_bytes());
            events.push(EventMessage::decode(content).unwrap());
            file = rest;
        }
        assert!(file.is_empty());
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::export::tensorboard::records::testing::events_of;

    #[test]
    fn checksums_are_pinned() {
        // RFC 3720, B.4, which writes them from the lowest byte; then masked as TFRecord does.
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(&[0xff; 32]), 0x62a8_ab43);
        assert_eq!(crc32c(&std::array::from_fn::<u8, 32, _>(|i| i as u8)), 0x46dd_794e);
        assert_eq!(
            masked_crc(&[0; 32]),
            0x8a91_36aa_u32.rotate_right(15).wrapping_add(0xa282_ead8)
        );
    }

    #[test]
    fn first_record_is_pinned() {
        // The first event of `tensorboard.summary.writer.event_file_writer.EventFileWriter`, with a
        // wall time of 0, which is omitted.
        let mut file = Vec::new();
        let version = Some("brain.Event:2".to_owned());
        push_record(&mut file, &EventMessage { file_version: version, ..EventMessage::default() });
        assert_eq!(
            crate::runs::folder::hex(&file),
            "0f000000000000006d532b091a0d627261696e2e4576656e743a32fc985129"
        );
        assert_eq!(events_of(&file).len(), 1);
    }
}
