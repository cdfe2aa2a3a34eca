//! Built-in weights; `models/README.md` states the origin of each.

/// The weights of a model and their file name.
pub struct Model {
    /// The file's name in `models/`.
    pub name: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
}

/// Recognises lines of machine readable zones.
pub const ZONE_LINES: Model =
    Model { name: "zone-lines.onnx", bytes: include_bytes!("../models/zone-lines.onnx") };

/// Detects faces that fill much of a picture.
pub const FACES_NEAR: Model = Model {
    name: "face-short-range.onnx",
    bytes: include_bytes!("../models/face-short-range.onnx"),
};

/// Detects smaller faces.
pub const FACES_FAR: Model =
    Model { name: "face-back.onnx", bytes: include_bytes!("../models/face-back.onnx") };

/// Detects faces by another method, as a second opinion.
pub const FACES_SECOND: Model = Model {
    name: "seeta_fd_frontal_v1.0.bin",
    bytes: include_bytes!("../models/seeta_fd_frontal_v1.0.bin"),
};

/// Fits a mesh to a face.
pub const FACE_MESH: Model =
    Model { name: "face-landmark.onnx", bytes: include_bytes!("../models/face-landmark.onnx") };

/// Locates the iris of a left eye.
pub const IRIS: Model =
    Model { name: "iris-landmark.onnx", bytes: include_bytes!("../models/iris-landmark.onnx") };

/// Every built-in model.
pub const ALL: [Model; 6] = [ZONE_LINES, FACES_NEAR, FACES_FAR, FACES_SECOND, FACE_MESH, IRIS];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::sha256;

    #[test]
    fn every_model_is_listed_with_its_hash() {
        let readme = include_str!("../models/README.md");
        for model in ALL {
            let section = readme.split("## ").find(|part| part.starts_with(model.name));
            assert!(
                section.is_some_and(|part| part.contains(&sha256(model.bytes))),
                "{}",
                model.name
            );
        }
    }
}
