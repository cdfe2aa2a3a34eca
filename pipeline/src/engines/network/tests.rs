use serde_json::Value;

use super::bend::Bend;
use super::convolve::Convolution;
use super::spare::Spare;
use super::{Network, Tensor};
use crate::engines::vector::{VectorPath, fastest};
use crate::models::{FACE_MESH, FACES_FAR, FACES_NEAR, IRIS, ZONE_LINES};

#[test]
fn built_in_networks_can_be_run() {
    for model in [ZONE_LINES, FACES_NEAR, FACES_FAR, FACE_MESH, IRIS] {
        assert!(Network::load(model.bytes).is_some(), "{}", model.name);
        let cut = &model.bytes[..model.bytes.len() - 99];
        assert!(Network::load(cut).is_none(), "{}", model.name);
    }
    assert!(Network::load(b"not a network").is_none());
    assert!(Network::load(b"").is_none());
}

/// `faces-reference.json` has the outputs of the original networks, before their
/// conversion, in TensorFlow Lite.
#[test]
fn face_networks_have_the_outputs_of_their_originals() {
    let text = include_str!("../../../models/faces-reference.json");
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
            assert!(off <= 1e-3 * value.abs().max(1.0), "{} {place}: {ours} {value}", model.name);
        }
    }
}

/// Outputs, inputs and groups; kernel; strides; pads; size of the input.
type Sizes = ([usize; 3], [usize; 2], [usize; 2], [usize; 4], [usize; 2]);

const SIZES: &[Sizes] = &[
    ([5, 3, 1], [5, 5], [2, 2], [1, 1, 2, 2], [19, 41]),
    ([37, 11, 1], [1, 1], [1, 1], [0; 4], [7, 33]),
    ([4, 2, 1], [4, 3], [1, 1], [0, 1, 0, 1], [4, 300]),
    ([3, 7, 1], [3, 3], [2, 1], [1, 1, 1, 1], [6, 9]),
    // the last tiles go over to the next row, and end as far beyond the last value
    ([3, 2, 1], [3, 3], [1, 1], [1, 1, 1, 1], [6, 5]),
    ([3, 2, 1], [3, 3], [1, 1], [1, 1, 1, 1], [3, 10]),
    ([9, 4, 1], [2, 2], [2, 2], [0; 4], [2, 2]),
    ([6, 1, 6], [3, 3], [1, 1], [1, 1, 1, 1], [5, 37]),
    ([6, 1, 6], [3, 3], [2, 2], [0, 0, 1, 1], [8, 66]),
    ([2, 1, 2], [3, 3], [1, 1], [0; 4], [3, 11]),
    ([2, 1, 2], [3, 3], [3, 3], [2, 1, 0, 3], [7, 10]),
    ([2, 1, 2], [1, 1], [1, 1], [0; 4], [3, 5]),
    ([5, 2, 1], [3, 3], [3, 3], [0; 4], [10, 10]),
];

/// Numbers whose sums depend on the order in which they are added.
fn values(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0 - 0.4
    };
    (0..count).map(next).collect()
}

/// The sum of one output value as documented, one number at a time.
fn one_value(sizes: &Sizes, parts: [&[f32]; 3], [channel, y, x]: [usize; 3]) -> f32 {
    let &([_, inputs, groups], [high, wide], strides, pads, [height, width]) = sizes;
    let [weights, bias, input] = parts;
    let mut sum = bias[channel];
    for (i, weight) in
        weights[channel * inputs * high * wide..][..inputs * high * wide].iter().enumerate()
    {
        let plane = if groups > 1 { channel } else { i / (high * wide) };
        let (row, column) = (y * strides[0] + i / wide % high, x * strides[1] + i % wide);
        let inside = row >= pads[0]
            && row < height + pads[0]
            && column >= pads[1]
            && column < width + pads[1];
        let pixel = if inside {
            input[(plane * height + row - pads[0]) * width + column - pads[1]]
        } else {
            0.0
        };
        let product = weight * pixel;
        sum += product;
    }
    sum
}

#[test]
fn every_path_adds_the_products_of_a_convolution_in_the_documented_order() {
    for sizes in SIZES {
        let &([outputs, inputs, groups], kernel, strides, pads, [height, width]) = sizes;
        let weights = values(outputs * inputs * kernel[0] * kernel[1], 1);
        let (bias, channels) = (values(outputs, 2), inputs * groups);
        let input = values(channels * height * width, 3);
        let shape = [outputs, inputs, kernel[0], kernel[1]];
        let convolution =
            Convolution::new(&weights, shape, bias.clone(), groups, strides, pads).unwrap();
        let mut spare = Spare::default();
        for path in [VectorPath::Baseline, fastest()] {
            let tensor = Tensor { shape: vec![1, channels, height, width], values: input.clone() };
            // buffers hold whatever was in them
            spare.give(vec![f32::NAN; 40_000]);
            let answer = convolution.run(&tensor, None, path, &mut spare).unwrap();
            let [1, _, rows, columns] = answer.shape[..] else { panic!("{:?}", answer.shape) };
            for (i, value) in answer.values.iter().enumerate() {
                let place = [i / (rows * columns), i / columns % rows, i % columns];
                let expected = one_value(sizes, [&weights, &bias, &input], place);
                assert_eq!(value.to_bits(), expected.to_bits(), "{sizes:?} {path:?} {place:?}");
            }
        }
    }
}

#[test]
fn a_convolution_adds_and_bends_as_steps_of_their_own_do() {
    for &([outputs, inputs, groups], kernel, strides, pads, [height, width]) in SIZES {
        let weights = values(outputs * inputs * kernel[0] * kernel[1], 1);
        let channels = inputs * groups;
        let tensor = Tensor {
            shape: vec![1, channels, height, width],
            values: values(channels * height * width, 3),
        };
        let slopes = values(outputs, 4);
        for path in [VectorPath::Baseline, fastest()] {
            for which in 0..6 {
                let shape = [outputs, inputs, kernel[0], kernel[1]];
                let bias = values(outputs, 2);
                let mut joined =
                    Convolution::new(&weights, shape, bias, groups, strides, pads).unwrap();
                let mut spare = Spare::default();
                let mut expected = joined.run(&tensor, None, path, &mut spare).unwrap();
                let other = Tensor { values: values(expected.values.len(), 5), ..expected.clone() };
                let other = (which % 2 == 1).then_some(other);
                if let Some(other) = &other {
                    expected = expected.add(other).unwrap();
                }
                (expected, joined.bend) = match which / 2 {
                    0 => (expected, Bend::Nothing),
                    1 => (expected.rectify(), Bend::Rectify),
                    _ => (expected.rectify_by(&slopes).unwrap(), Bend::RectifyBy(slopes.clone())),
                };
                let answer = joined.run(&tensor, other.as_ref(), path, &mut spare).unwrap();
                let bits = |tensor: &Tensor| -> Vec<u32> {
                    tensor.values.iter().map(|value| value.to_bits()).collect()
                };
                assert_eq!(bits(&answer), bits(&expected), "{shape:?} {path:?} {which}");
            }
        }
    }
}

#[test]
fn a_convolution_refuses_what_does_not_fit() {
    let convolution = |groups, bias, strides| {
        Convolution::new(&[1.0; 36], [2, 2, 3, 3], vec![0.0; bias], groups, strides, [0; 4])
    };
    assert!(convolution(2, 2, [1, 1]).is_none() && convolution(1, 1, [1, 1]).is_none());
    assert!(convolution(1, 2, [0, 1]).is_none());
    let fitting = convolution(1, 2, [1, 1]).unwrap();
    for (shape, fits) in [([1, 2, 3, 3], true), ([1, 2, 3, 2], false), ([1, 3, 3, 3], false)] {
        let tensor = Tensor { shape: shape.to_vec(), values: vec![0.0; shape.iter().product()] };
        let run = |other: Option<&Tensor>| {
            fitting.run(&tensor, other, VectorPath::Baseline, &mut Spare::default()).is_some()
        };
        assert_eq!(run(None), fits, "{shape:?}");
        assert!(!run(Some(&tensor)), "{shape:?}");
    }
}

#[test]
fn other_operations_move_and_compare() {
    let tensor =
        |shape: &[usize], values: &[f32]| Tensor { shape: shape.to_vec(), values: values.to_vec() };
    let one = tensor(&[1, 2, 2, 2], &[1.0, -2.0, 3.0, -4.0, -5.0, 6.0, 7.0, 8.0]);
    assert_eq!(one.clone().rectify().values, [1.0, 0.0, 3.0, 0.0, 0.0, 6.0, 7.0, 8.0]);
    let bent = one.clone().rectify_by(&[0.5, 0.1]).unwrap();
    assert_eq!(bent.values, [1.0, -1.0, 3.0, -2.0, -0.5, 6.0, 7.0, 8.0]);
    assert!(one.clone().rectify_by(&[0.5]).is_none());
    assert_eq!(one.halve().unwrap().values, [3.0, 8.0]);
    assert_eq!(one.clone().add(&one).unwrap().values[1], -4.0);
    assert!(one.clone().add(&tensor(&[1, 2, 4], &one.values)).is_none());
    let more = one.clone().add_channels(1).unwrap();
    assert_eq!((&more.shape[..], more.values.len()), (&[1, 3, 2, 2][..], 12));
    let last = one.channels_last().unwrap();
    assert_eq!(last.values, [1.0, -5.0, -2.0, 6.0, 3.0, 7.0, -4.0, 8.0]);
    assert!(one.clone().reshape(&[3, 3]).is_none());
    let rows = one.reshape(&[1, 4, 2]).unwrap();
    let joined = Tensor::concatenate(&[&rows, &tensor(&[1, 4, 1], &[0.0; 4])], 2).unwrap();
    assert_eq!(
        (&joined.shape[..], &joined.values[..4]),
        (&[1, 4, 3][..], &[1.0, -2.0, 0.0, 3.0][..])
    );
    assert!(Tensor::concatenate(&[&rows, &tensor(&[1, 3, 1], &[0.0; 3])], 2).is_none());
}
