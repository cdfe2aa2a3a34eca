//! Writes objects in the syntax of PDF.

use hayro::hayro_syntax::object::{Dict, MaybeRef, Object, ObjectIdentifier};

/// Objects nested deeper than this are written as null.
const MAX_DEPTH: u32 = 32;

/// Writes an object. Streams are written as their dictionaries: they are never inside
/// other objects.
pub(super) fn write_object(out: &mut Vec<u8>, object: &Object<'_>) {
    write_at(out, object, 0);
}

/// Writes a value of a dictionary or array.
pub(super) fn write_value(out: &mut Vec<u8>, value: &MaybeRef<Object<'_>>) {
    write_value_at(out, value, 0);
}

/// Writes a name; bytes that would end it are escaped.
pub(super) fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for byte in name {
        if byte.is_ascii_alphanumeric() || b"-_.+*:".contains(byte) {
            out.push(*byte);
        } else {
            out.extend(format!("#{byte:02x}").bytes());
        }
    }
}

/// Writes the entries of a dictionary without those that are left out.
pub(super) fn write_entries(out: &mut Vec<u8>, dictionary: &Dict<'_>, leave_out: &[&[u8]]) {
    write_entries_at(out, dictionary, leave_out, 0);
}

fn write_at(out: &mut Vec<u8>, object: &Object<'_>, depth: u32) {
    if depth > MAX_DEPTH {
        out.extend(b"null");
        return;
    }
    match object {
        Object::Null(_) => out.extend(b"null"),
        Object::Boolean(value) => out.extend(value.to_string().bytes()),
        Object::Number(number) => out.extend(self::number(number.as_f64()).bytes()),
        Object::String(string) => {
            out.push(b'<');
            out.extend(
                string.as_bytes().iter().flat_map(|byte| format!("{byte:02x}").into_bytes()),
            );
            out.push(b'>');
        }
        Object::Name(name) => write_name(out, name.as_ref()),
        Object::Dict(dictionary) => write_dictionary(out, dictionary, depth),
        Object::Stream(stream) => write_dictionary(out, stream.dict(), depth),
        Object::Array(array) => {
            out.push(b'[');
            for item in array.raw_iter() {
                write_value_at(out, &item, depth + 1);
                out.push(b' ');
            }
            out.push(b']');
        }
    }
}

fn write_dictionary(out: &mut Vec<u8>, dictionary: &Dict<'_>, depth: u32) {
    out.extend(b"<<");
    write_entries_at(out, dictionary, &[], depth);
    out.extend(b">>");
}

fn write_entries_at(out: &mut Vec<u8>, dictionary: &Dict<'_>, leave_out: &[&[u8]], depth: u32) {
    for (key, value) in dictionary.entries() {
        if !leave_out.contains(&key.as_ref()) {
            write_name(out, key.as_ref());
            out.push(b' ');
            write_value_at(out, &value, depth + 1);
            out.push(b' ');
        }
    }
}

fn write_value_at(out: &mut Vec<u8>, value: &MaybeRef<Object<'_>>, depth: u32) {
    match value {
        MaybeRef::Ref(reference) => out.extend(reference.to_string().bytes()),
        MaybeRef::NotRef(object) => write_at(out, object, depth),
    }
}

/// Returns a reference to an object.
pub(super) fn reference(id: ObjectIdentifier) -> String {
    format!("{} {} R", id.obj_number, id.gen_number)
}

/// Returns a number without exponent, with at most five decimals.
pub(super) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.5}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use hayro::hayro_syntax::object::FromBytes;

    use super::*;

    #[test]
    fn objects_are_written_as_they_are_read() {
        let source = b"<</A#20b[1 -0.25 true null(x)<ff>]/C<</D 4 0 R>>/E/F>>";
        let dictionary = Dict::from_bytes(source).unwrap();
        let mut out = Vec::new();
        write_entries(&mut out, &dictionary, &[b"E"]);
        let written = b"/A#20b [1 -0.25 true null <78> <ff> ] /C <</D 4 0 R >> ";
        assert_eq!(String::from_utf8(out).unwrap(), String::from_utf8(written.to_vec()).unwrap());
    }

    #[test]
    fn numbers_have_no_exponent() {
        let texts = [1e-7, 12.5, f64::NAN, -3.0, 1e15].map(number);
        assert_eq!(texts, ["0", "12.5", "0", "-3", "1000000000000000"]);
    }
}
