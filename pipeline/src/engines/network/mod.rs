//! Runs the built-in neural networks, on the caller's thread, with the same bits as
//! the answer on every processor.

mod convolve;
mod layers;
mod onnx;
mod step;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::onnx::Graph;
use self::step::{Operation, Step};

/// A network with its weights.
pub(crate) struct Network {
    steps: Vec<Step>,
    /// Number of values: the input is the first.
    values: usize,
    output: usize,
}

/// The output of a network: a tensor with its shape.
#[derive(Clone)]
pub(crate) struct Tensor {
    /// Sizes, outermost first.
    pub(crate) shape: Vec<usize>,
    /// Values, the last index fastest.
    pub(crate) values: Vec<f32>,
}

impl Network {
    /// Loads ONNX. `None` if the bytes are not a network of known operations with one
    /// input and one output; a test checks the built-in ones.
    pub(crate) fn load(onnx: &[u8]) -> Option<Self> {
        let graph = Graph::parse(onnx)?;
        let ([input], [output]) = (&graph.inputs[..], &graph.outputs[..]) else { return None };
        let mut places = BTreeMap::from([(*input, 0)]);
        let mut steps = Vec::new();
        for node in &graph.nodes {
            let operation = Operation::of_node(node, &graph)?;
            let computed = node.inputs.iter().filter(|name| graph.tensor(name).is_none());
            let inputs = computed.map(|name| places.get(name).copied()).collect::<Option<_>>()?;
            let [name] = node.outputs[..] else { return None };
            places.insert(name, steps.len() + 1);
            steps.push(Step { operation, inputs, done: Vec::new() });
        }
        let output = *places.get(output)?;
        let values = steps.len() + 1;
        for value in (0..values).filter(|value| *value != output) {
            let last = steps.iter_mut().rfind(|step| step.inputs.contains(&value));
            last.into_iter().for_each(|step| step.done.push(value));
        }
        Some(Self { steps, values, output })
    }

    /// Runs on one input of `[1, channels, height, width]`.
    pub(crate) fn run(&self, shape: [usize; 4], input: Vec<f32>) -> Option<Tensor> {
        if shape.iter().product::<usize>() != input.len() {
            return None;
        }
        let mut values: Vec<Option<Tensor>> = vec![None; self.values];
        values[0] = Some(Tensor { shape: shape.to_vec(), values: input });
        for (i, step) in self.steps.iter().enumerate() {
            values[i + 1] = Some(step.run(&mut values)?);
        }
        values[self.output].take()
    }
}
