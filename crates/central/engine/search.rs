//! Search text as a pattern of LIKE.

/// Matches what contains the text, whatever its case; every character stands for itself (ESCAPE '\').
pub(crate) fn contains(text: &str) -> String {
    format!("%{}%", literal(&text.trim().to_lowercase()))
}

fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_stands_for_itself() {
        assert_eq!(contains(" 50%_Off\\ "), "%50\\%\\_off\\\\%");
    }
}
