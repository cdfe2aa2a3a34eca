//! Runs the built-in neural networks, on the caller's thread, with the same bits as
//! the answer on every processor.

mod bend;
mod convolve;
mod layers;
mod onnx;
mod planes;
mod spare;
mod step;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::BTreeMap;

use self::onnx::Graph;
use self::spare::Spare;
use self::step::{Operation, Step};

thread_local! {
    /// The buffers of earlier runs in this thread.
    static SPARE: RefCell<Spare> = RefCell::default();
}

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

/// Gives back the buffers of this thread: a child that is forked would copy their pages.
pub(crate) fn give_back_buffers() {
    SPARE.take();
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
            let inputs =
                computed.map(|name| places.get(name).copied()).collect::<Option<Vec<_>>>()?;
            let [name] = node.outputs[..] else { return None };
            let place = match join(operation, inputs, &mut steps, &places, &graph) {
                Ok(joined) => joined,
                Err(step) => {
                    steps.push(*step);
                    steps.len()
                }
            };
            // a value that was joined to another is not kept
            places.retain(|_, known| *known != place);
            places.insert(name, place);
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
        SPARE.with_borrow_mut(|spare| self.run_with(spare, shape, input))
    }

    fn run_with(&self, spare: &mut Spare, shape: [usize; 4], input: Vec<f32>) -> Option<Tensor> {
        let mut values: Vec<Option<Tensor>> = vec![None; self.values];
        values[0] = Some(Tensor { shape: shape.to_vec(), values: input });
        for (i, step) in self.steps.iter().enumerate() {
            values[i + 1] = Some(step.run(&mut values, spare)?);
        }
        values[self.output].take()
    }
}

/// Joins an operation to the step that it reads where it is its only reader, so that
/// values are finished while they are in registers; returns the step's value, or a step
/// of its own.
fn join(
    operation: Operation,
    inputs: Vec<usize>,
    steps: &mut [Step],
    places: &BTreeMap<&[u8], usize>,
    graph: &Graph<'_>,
) -> Result<usize, Box<Step>> {
    let value = inputs.iter().copied().max().unwrap_or(0);
    let is_value = |name: &&[u8]| places.get(*name) == Some(&value);
    let reads = graph.nodes.iter().flat_map(|node| &node.inputs).filter(|name| is_value(name));
    let is_only_reader = reads.count() == 1 && !graph.outputs.iter().any(is_value);
    let others: Vec<usize> = inputs.iter().copied().filter(|input| *input != value).collect();
    let step = value.checked_sub(1).and_then(|at| steps.get_mut(at)).filter(|_| is_only_reader);
    let operation = match step {
        Some(step) => match step.absorb(operation, &others) {
            Some(operation) => operation,
            None => return Ok(value),
        },
        None => operation,
    };
    Err(Box::new(Step { operation, inputs, done: Vec::new() }))
}
