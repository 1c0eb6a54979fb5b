//! Draws a QR code (ISO/IEC 18004) as the path of an SVG.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc};

/// The blank border that a reader needs, in modules (section 9.1).
const BORDER: i32 = 4;

/// The path of the dark modules and the width of the whole in modules; nothing when the content is too long.
pub(super) fn draw(content: &str) -> Option<(String, i32)> {
    let code = QrCode::encode_text(content, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let length = (x..size).take_while(|x| code.get_module(*x, y)).count() as i32;
            if length > 0 {
                // Writing into a String does not fail.
                let _ = write!(path, "M{} {}h{length}v1h-{length}z", x + BORDER, y + BORDER);
            }
            x += length.max(1);
        }
    }
    Some((path, size + 2 * BORDER))
}

/// A QR code as an SVG image of its own; nothing when the content is too long.
pub fn qr_code_svg(content: &str) -> Option<String> {
    let (path, modules) = draw(content)?;
    Some(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {modules} {modules}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{modules}v{modules}H0z"/><path fill="#000" d="{path}"/></svg>"##
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_with_its_border() {
        let (path, modules) = draw("otpauth://totp/x").unwrap();
        assert_eq!(modules, 25 + 8);
        assert!(path.starts_with("M4 4h7v1h-7z"), "{path}");
        assert!(draw(&"x".repeat(5_000)).is_none());
        let image = qr_code_svg("otpauth://totp/x").unwrap();
        assert!(image.contains(r#"viewBox="0 0 33 33""#) && image.contains(&path), "{image}");
    }
}
