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
