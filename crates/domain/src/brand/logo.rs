//! Whether bytes are a picture that may be shown as a logo. It is told by what they are, never by what they are called.

/// A logo has this many bytes at most.
pub const MOST_BYTES: usize = 256 * 1024;
/// Pixels of a side at most: unpacked, the largest one takes 8 MiB.
pub const MOST_SIDE: u32 = 1_024;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Why bytes are no logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    #[error("the file has {0} bytes, and a logo may have 262,144 (256 KiB). Save it smaller")]
    TooLarge(usize),
    #[error("the file is not a PNG picture. Save the logo as PNG")]
    NotPng,
    #[error("the picture has {width} x {height} pixels, and a logo may have 1 to 1,024 on each side. Make it smaller")]
    Size { width: u32, height: u32 },
    #[error("the PNG picture is damaged: {0}. Save it again")]
    Damaged(&'static str),
}

struct Chunk<'a> {
    kind: [u8; 4],
    data: &'a [u8],
}

/// Walks the whole file: its signature, its size, each chunk with its checksum, and nothing behind the last one.
pub fn check(png: &[u8]) -> Result<(), LogoError> {
    if png.len() > MOST_BYTES {
        return Err(LogoError::TooLarge(png.len()));
    }
    let rest = png.strip_prefix(SIGNATURE).ok_or(LogoError::NotPng)?;
    let (first, mut rest) = chunk(rest)?;
    if first.kind != *b"IHDR" {
        return Err(LogoError::Damaged("it does not begin with its size"));
    }
    let needs_palette = header(first.data)?;
    let (mut palette, mut pixels) = (false, false);
    loop {
        let (next, behind) = chunk(rest)?;
        match &next.kind {
            b"IEND" if !next.data.is_empty() || !behind.is_empty() => {
                return Err(LogoError::Damaged("something stands behind its end"));
            }
            b"IEND" if !pixels => return Err(LogoError::Damaged("it has no pixels")),
            b"IEND" => return Ok(()),
            b"PLTE"
                if palette
                    || pixels
                    || next.data.is_empty()
                    || !next.data.len().is_multiple_of(3)
                    || next.data.len() > 768 =>
            {
                return Err(LogoError::Damaged("its palette is not right"));
            }
            b"PLTE" => palette = true,
            b"IDAT" if needs_palette && !palette => return Err(LogoError::Damaged("it has no palette")),
            b"IDAT" => pixels = true,
            // What must be understood to show the picture begins with a capital.
            [b'A'..=b'Z', ..] => return Err(LogoError::Damaged("it has a part that is unknown")),
            _ => {}
        }
        rest = behind;
    }
}

/// The next chunk, and what stands behind it.
fn chunk(bytes: &[u8]) -> Result<(Chunk<'_>, &[u8]), LogoError> {
    let short = LogoError::Damaged("it breaks off");
    let (length, rest) = bytes.split_first_chunk::<4>().ok_or(short)?;
    let (kind, rest) = rest.split_first_chunk::<4>().ok_or(short)?;
    if !kind.iter().all(u8::is_ascii_alphabetic) {
        return Err(LogoError::Damaged("it has a part without a name"));
    }
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| short)?;
    let (data, rest) = rest.split_at_checked(length).ok_or(short)?;
    let (sum, rest) = rest.split_first_chunk::<4>().ok_or(short)?;
    if checksum(kind, data) != u32::from_be_bytes(*sum) {
        return Err(LogoError::Damaged("a checksum does not fit"));
    }
    Ok((Chunk { kind: *kind, data }, rest))
}

/// Checks the size and the kind of pixels; true where they need a palette.
fn header(data: &[u8]) -> Result<bool, LogoError> {
    let data: &[u8; 13] = data.try_into().map_err(|_| LogoError::Damaged("its header is not right"))?;
    let [w0, w1, w2, w3, h0, h1, h2, h3, depth, colour, packing, filter, interlace] = *data;
    let (width, height) = (u32::from_be_bytes([w0, w1, w2, w3]), u32::from_be_bytes([h0, h1, h2, h3]));
    if !(1..=MOST_SIDE).contains(&width) || !(1..=MOST_SIDE).contains(&height) {
        return Err(LogoError::Size { width, height });
    }
    let known = matches!((colour, depth), (0, 1 | 2 | 4 | 8 | 16) | (3, 1 | 2 | 4 | 8) | (2 | 4 | 6, 8 | 16));
    if !known || packing != 0 || filter != 0 || interlace > 1 {
        return Err(LogoError::Damaged("its header is not right"));
    }
    Ok(colour == 3)
}

/// CRC-32 over the kind and the data of a chunk.
fn checksum(kind: &[u8], data: &[u8]) -> u32 {
    let sum = kind.iter().chain(data).fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 })
    });
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(kind: &[u8], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).expect("short").to_be_bytes();
        [&length[..], kind, data, &checksum(kind, data).to_be_bytes()].concat()
    }

    fn ihdr(width: u32, height: u32, colour: u8) -> Vec<u8> {
        let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
        part(b"IHDR", &[&size[..], &[8, colour, 0, 0, 0]].concat())
    }

    fn png(parts: &[Vec<u8>]) -> Vec<u8> {
        [SIGNATURE, &parts.concat()].concat()
    }

    fn good() -> Vec<u8> {
        png(&[ihdr(2, 1, 6), part(b"tEXt", b"Title\0Logo"), part(b"IDAT", b"pixels"), part(b"IEND", b"")])
    }

    #[test]
    fn the_checksum_is_the_one_of_the_specification() {
        assert_eq!(checksum(b"IEND", b""), 0xae42_6082);
    }

    #[test]
    fn a_whole_picture_is_taken_and_no_part_of_one() {
        assert_eq!(check(&good()), Ok(()));
        for end in 0..good().len() {
            assert!(check(&good()[..end]).is_err(), "{end} bytes");
        }
        let mut behind = good();
        behind.push(b'x');
        assert_eq!(check(&behind), Err(LogoError::Damaged("something stands behind its end")));
    }

    #[test]
    fn a_bit_that_flipped_is_found_wherever_it_is() {
        for at in 0..good().len() {
            let mut damaged = good();
            damaged[at] ^= 1;
            assert!(check(&damaged).is_err(), "byte {at}");
        }
    }

    #[test]
    fn other_files_and_pictures_that_are_too_large_are_told_apart() {
        assert_eq!(check(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), Err(LogoError::NotPng));
        assert_eq!(check(b"\xff\xd8\xff\xe0JFIF"), Err(LogoError::NotPng));
        assert_eq!(check(&vec![0; MOST_BYTES + 1]), Err(LogoError::TooLarge(MOST_BYTES + 1)));
        let sized = |width, height| check(&png(&[ihdr(width, height, 6), part(b"IDAT", b"x"), part(b"IEND", b"")]));
        assert_eq!(sized(1_024, 1_024), Ok(()));
        for (width, height) in [(1_025, 1), (1, 1_025), (0, 1), (u32::MAX, 1)] {
            assert_eq!(sized(width, height), Err(LogoError::Size { width, height }));
        }
    }

    #[test]
    fn what_a_viewer_could_not_show_is_refused() {
        let (pixels, end) = (part(b"IDAT", b"x"), part(b"IEND", b""));
        let palette = part(b"PLTE", &[1, 2, 3]);
        assert_eq!(check(&png(&[ihdr(1, 1, 3), palette.clone(), pixels.clone(), end.clone()])), Ok(()));
        for parts in [
            vec![ihdr(1, 1, 3), pixels.clone(), end.clone()],
            vec![ihdr(1, 1, 6), end.clone()],
            vec![ihdr(1, 1, 6), pixels.clone(), palette, end.clone()],
            vec![ihdr(1, 1, 6), part(b"ABCD", b""), pixels.clone(), end.clone()],
            vec![ihdr(1, 1, 5), pixels.clone(), end.clone()],
            vec![pixels, ihdr(1, 1, 6), end],
        ] {
            assert!(matches!(check(&png(&parts)), Err(LogoError::Damaged(_))));
        }
    }
}
