//! The one runtime for neural networks: `rten`, on the caller's thread.

use std::sync::Arc;

use rten::{Model, ModelOptions, RunOptions, ThreadPool};
use rten_tensor::NdTensor;
use rten_tensor::prelude::{AsView, Layout};

/// A network with its weights.
pub(crate) struct Network {
    model: Model,
    options: RunOptions,
}

/// What a network answered: numbers in rows of channels, by shape.
pub(crate) struct Answer {
    /// Sizes, outermost first.
    pub(crate) shape: Vec<usize>,
    /// Values, the last index fastest.
    pub(crate) values: Vec<f32>,
}

impl Network {
    /// Reads ONNX. `None` if the bytes are no network that the runtime can run;
    /// what is built in is held to be one by a test.
    pub(crate) fn load(onnx: &'static [u8]) -> Option<Self> {
        let mut options = ModelOptions::with_all_ops();
        options.prepack_weights(true);
        let model = options.load_static_slice(onnx).ok()?;
        // one thread a page: parallelism belongs to the workers
        let pool = Arc::new(ThreadPool::with_num_threads(1));
        Some(Self { model, options: RunOptions::default().with_thread_pool(Some(pool)) })
    }

    /// Runs on one input of `[1, channels, height, width]`.
    pub(crate) fn run(&self, shape: [usize; 4], input: Vec<f32>) -> Option<Answer> {
        let input = NdTensor::<f32, 4>::from_data(shape, input);
        let answer = self.model.run_one((&input).into(), Some(self.options.clone())).ok()?;
        let answer: rten_tensor::Tensor<f32> = answer.try_into().ok()?;
        Some(Answer { shape: answer.shape().to_vec(), values: answer.iter().copied().collect() })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::Network;
    use crate::models::{FACE_MESH, FACES_FAR, FACES_NEAR, IRIS, ZONE_LINES};

    #[test]
    fn what_is_built_in_can_be_run() {
        for model in [ZONE_LINES, FACES_NEAR, FACES_FAR, FACE_MESH, IRIS] {
            assert!(Network::load(model.bytes).is_some(), "{}", model.name);
        }
        assert!(Network::load(b"no network").is_none());
    }

    /// `faces-reference.json` holds what TensorFlow Lite answers with the
    /// original networks, before they were converted.
    #[test]
    fn face_networks_answer_as_their_originals_do() {
        let text = include_str!("../../models/faces-reference.json");
        let reference: Value = serde_json::from_str(text).unwrap();
        for model in [FACES_NEAR, FACES_FAR, FACE_MESH, IRIS] {
            let expected = &reference[model.name.trim_end_matches(".onnx")];
            let numbers = |key: &str| -> Vec<f64> {
                expected[key].as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect()
            };
            let size: Vec<usize> = numbers("input").into_iter().map(|n| n as usize).collect();
            let input: Vec<f32> =
                (0..size.iter().product()).map(|i: usize| (i * 97 % 251) as f32 / 250.0).collect();
            let network = Network::load(model.bytes).unwrap();
            let answer = network.run([1, size[0], size[1], size[2]], input).unwrap();
            let sizes: Vec<f64> = answer.shape[1..].iter().map(|n| *n as f64).collect();
            assert_eq!(sizes, numbers("answer"), "{}", model.name);
            for (place, value) in numbers("places").into_iter().zip(numbers("values")) {
                let ours = f64::from(answer.values[place as usize]);
                let off = (ours - value).abs();
                assert!(
                    off <= 1e-3 * value.abs().max(1.0),
                    "{} {place}: {ours} {value}",
                    model.name
                );
            }
        }
    }
}
