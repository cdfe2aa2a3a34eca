//! One operation of a network: from its node to its result.

use super::Tensor;
use super::bend::Bend;
use super::convolve::Convolution;
use super::onnx::{Graph, Node};
use super::spare::Spare;
use crate::engines::vector;

/// An operation with its constants.
pub(super) enum Operation {
    Convolve(Convolution),
    Rectify,
    RectifyBy(Vec<f32>),
    Add,
    Halve,
    AddChannels(usize),
    Reshape(Vec<usize>),
    ChannelsLast,
    Concatenate(usize),
}

/// An operation and its place in the network.
pub(super) struct Step {
    pub(super) operation: Operation,
    /// The values that it reads, by number.
    pub(super) inputs: Vec<usize>,
    /// The values among them that no later step reads.
    pub(super) done: Vec<usize>,
}

impl Operation {
    /// `None` for an operation, or a form of one, that no built-in network has.
    pub(super) fn of_node(node: &Node<'_>, graph: &Graph<'_>) -> Option<Self> {
        let constant = |i: usize| graph.tensor(node.inputs.get(i)?);
        Some(match node.operation {
            b"Conv" => Self::Convolve(convolution(node, graph)?),
            b"Relu" => Self::Rectify,
            b"PRelu" => Self::RectifyBy(constant(1)?.floats()?),
            b"Add" if node.inputs.len() == 2 => Self::Add,
            b"MaxPool" => {
                let same = node.exactly("kernel_shape")? == [2, 2]
                    && node.exactly("strides")? == [2, 2]
                    && node.exactly("pads")? == [0; 4];
                same.then_some(Self::Halve)?
            }
            b"Pad" => match constant(1)?.sizes()?[..] {
                [0, 0, 0, 0, 0, channels, 0, 0] => Self::AddChannels(channels),
                _ => return None,
            },
            b"Reshape" => Self::Reshape(constant(1)?.sizes()?),
            b"Transpose" if node.exactly("perm")? == [0, 2, 3, 1] => Self::ChannelsLast,
            b"Concat" => Self::Concatenate(node.exactly::<1>("axis")?[0]),
            _ => return None,
        })
    }
}

fn convolution(node: &Node<'_>, graph: &Graph<'_>) -> Option<Convolution> {
    let constant = |i: usize| graph.tensor(node.inputs.get(i)?);
    let (weights, bias) = (constant(1)?, constant(2)?.floats()?);
    let shape = weights.shape.clone().try_into().ok()?;
    let groups = node.exactly::<1>("group").map_or(1, |[groups]| groups);
    Convolution::new(
        &weights.floats()?,
        shape,
        bias,
        groups,
        node.exactly("strides")?,
        node.exactly("pads")?,
    )
}

impl Step {
    /// Takes over an operation that reads only the result of this step, which no other
    /// step reads, and values from before it. Gives it back where it cannot.
    pub(super) fn absorb(&mut self, next: Operation, others: &[usize]) -> Option<Operation> {
        let Operation::Convolve(convolution) = &mut self.operation else { return Some(next) };
        if !matches!(convolution.bend, Bend::Nothing) {
            return Some(next);
        }
        match (next, others) {
            (Operation::Rectify, []) => convolution.bend = Bend::Rectify,
            (Operation::RectifyBy(slopes), []) if convolution.outputs() == slopes.len() => {
                convolution.bend = Bend::RectifyBy(slopes);
            }
            (Operation::Add, [other]) if self.inputs.len() == 1 => self.inputs.push(*other),
            (next, _) => return Some(next),
        }
        None
    }

    /// Runs on the values before it, and drops those that are not needed any more.
    pub(super) fn run(&self, values: &mut [Option<Tensor>], spare: &mut Spare) -> Option<Tensor> {
        let result = self.result(values, spare);
        for done in &self.done {
            values[*done].take().into_iter().for_each(|tensor| spare.give(tensor.values));
        }
        result
    }

    fn result(&self, values: &mut [Option<Tensor>], spare: &mut Spare) -> Option<Tensor> {
        let first = *self.inputs.first()?;
        let tensor = |i: usize| values.get(*self.inputs.get(i)?)?.as_ref();
        match &self.operation {
            Operation::Convolve(convolution) => {
                return convolution.run(tensor(0)?, tensor(1), vector::path(), spare);
            }
            Operation::Concatenate(axis) => {
                let parts = (0..self.inputs.len()).map(tensor).collect::<Option<Vec<_>>>()?;
                return Tensor::concatenate(&parts, *axis);
            }
            Operation::Halve => return tensor(0)?.halve(),
            Operation::ChannelsLast => return tensor(0)?.channels_last(),
            _ => {}
        }
        let input = if self.done.contains(&first) && self.inputs[1..] != [first] {
            values.get_mut(first)?.take()?
        } else {
            values.get(first)?.clone()?
        };
        match &self.operation {
            Operation::Rectify => Some(input.rectify()),
            Operation::RectifyBy(slopes) => input.rectify_by(slopes),
            Operation::Add => input.add(values.get(*self.inputs.get(1)?)?.as_ref()?),
            Operation::AddChannels(count) => input.add_channels(*count),
            Operation::Reshape(shape) => input.reshape(shape),
            _ => None,
        }
    }
}
