//! One operation of a network: from its node to its result.

use super::Tensor;
use super::convolve::Convolution;
use super::onnx::{Graph, Node};
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
    /// Runs on the values before it, and drops those that are not needed any more.
    pub(super) fn run(&self, values: &mut [Option<Tensor>]) -> Option<Tensor> {
        if let Operation::Concatenate(axis) = self.operation {
            let parts =
                self.inputs.iter().map(|i| values.get(*i)?.as_ref()).collect::<Option<Vec<_>>>()?;
            let joined = Tensor::concatenate(&parts, axis);
            self.done.iter().for_each(|i| values[*i] = None);
            return joined;
        }
        let first = *self.inputs.first()?;
        let input = if self.done.contains(&first) && self.inputs[1..] != [first] {
            values.get_mut(first)?.take()?
        } else {
            values.get(first)?.clone()?
        };
        let result = match &self.operation {
            Operation::Convolve(convolution) => convolution.run(input, vector::path()),
            Operation::Rectify => Some(input.rectify()),
            Operation::RectifyBy(slopes) => input.rectify_by(slopes),
            Operation::Add => input.add(values.get(*self.inputs.get(1)?)?.as_ref()?),
            Operation::Halve => input.halve(),
            Operation::AddChannels(count) => input.add_channels(*count),
            Operation::Reshape(shape) => input.reshape(shape),
            Operation::ChannelsLast => input.channels_last(),
            Operation::Concatenate(_) => None,
        };
        self.done.iter().for_each(|i| values[*i] = None);
        result
    }
}
