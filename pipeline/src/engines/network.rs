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

/// The output of a network: a tensor with its shape.
pub(crate) struct Tensor {
    /// Sizes, outermost first.
    pub(crate) shape: Vec<usize>,
    /// Values, the last index fastest.
    pub(crate) values: Vec<f32>,
}

impl Network {
    /// Loads ONNX. `None` if the runtime cannot run the bytes as a network; a test
    /// checks the built-in ones.
    pub(crate) fn load(onnx: &'static [u8]) -> Option<Self> {
        let mut options = ModelOptions::with_all_ops();
        options.prepack_weights(true);
        let model = options.load_static_slice(onnx).ok()?;
        // one thread per page: the workers run in parallel
        let pool = Arc::new(ThreadPool::with_num_threads(1));
        Some(Self { model, options: RunOptions::default().with_thread_pool(Some(pool)) })
    }

    /// Runs on one input of `[1, channels, height, width]`.
    pub(crate) fn run(&self, shape: [usize; 4], input: Vec<f32>) -> Option<Tensor> {
        let input = NdTensor::<f32, 4>::from_data(shape, input);
        let answer = self.model.run_one((&input).into(), Some(self.options.clone())).ok()?;
        let answer: rten_tensor::Tensor<f32> = answer.try_into().ok()?;
        Some(Tensor { shape: answer.shape().to_vec(), values: answer.iter().copied().collect() })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::Network;
    use crate::models::{FACE_MESH, FACES_FAR, FACES_NEAR, IRIS, ZONE_LINES};

    #[test]
    fn built_in_networks_can_be_run() {
        for model in [ZONE_LINES, FACES_NEAR, FACES_FAR, FACE_MESH, IRIS] {
            assert!(Network::load(model.bytes).is_some(), "{}", model.name);
        }
        assert!(Network::load(b"not a network").is_none());
    }

    /// `faces-reference.json` has the outputs of the original networks, before their
    /// conversion, in TensorFlow Lite.
    #[test]
    fn face_networks_have_the_outputs_of_their_originals() {
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
