//! Reads the part of ONNX that the built-in networks use: one graph of nodes with
//! whole-number attributes, and tensors stored as raw bytes.
//!
//! ONNX is a protocol buffer; the field numbers are those of `onnx.proto`.

/// A graph.
#[derive(Default)]
pub(super) struct Graph<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) tensors: Vec<Constant<'a>>,
    /// Names of inputs and outputs.
    pub(super) inputs: Vec<&'a [u8]>,
    pub(super) outputs: Vec<&'a [u8]>,
}

/// One operation.
#[derive(Default)]
pub(super) struct Node<'a> {
    pub(super) operation: &'a [u8],
    pub(super) inputs: Vec<&'a [u8]>,
    pub(super) outputs: Vec<&'a [u8]>,
    attributes: Vec<(&'a [u8], Vec<u64>)>,
}

/// A stored tensor.
#[derive(Default)]
pub(super) struct Constant<'a> {
    pub(super) name: &'a [u8],
    pub(super) shape: Vec<usize>,
    raw: &'a [u8],
    kind: u64,
}

impl<'a> Graph<'a> {
    /// `None` if the bytes are not a model, or have a field that cannot be read.
    pub(super) fn parse(model: &'a [u8]) -> Option<Self> {
        let mut graph = None;
        for field in Fields(model) {
            if let (7, Value::Bytes(bytes)) = field? {
                graph = Some(bytes);
            }
        }
        let mut parsed = Self::default();
        for field in Fields(graph?) {
            match field? {
                (1, Value::Bytes(bytes)) => parsed.nodes.push(Node::parse(bytes)?),
                (5, Value::Bytes(bytes)) => parsed.tensors.push(Constant::parse(bytes)?),
                (11, Value::Bytes(bytes)) => parsed.inputs.push(name(bytes)?),
                (12, Value::Bytes(bytes)) => parsed.outputs.push(name(bytes)?),
                _ => {}
            }
        }
        Some(parsed)
    }

    /// Returns the stored tensor of a name.
    pub(super) fn tensor(&self, name: &[u8]) -> Option<&Constant<'a>> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }
}

/// Returns the first field of a description of a value: its name.
fn name(bytes: &[u8]) -> Option<&[u8]> {
    match Fields(bytes).next()?? {
        (1, Value::Bytes(name)) => Some(name),
        _ => None,
    }
}

impl<'a> Node<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut node = Self::default();
        for field in Fields(bytes) {
            match field? {
                (1, Value::Bytes(name)) => node.inputs.push(name),
                (2, Value::Bytes(name)) => node.outputs.push(name),
                (4, Value::Bytes(name)) => node.operation = name,
                (5, Value::Bytes(attribute)) => node.attributes.push(attribute_of(attribute)?),
                _ => {}
            }
        }
        Some(node)
    }

    /// Returns the numbers of an attribute.
    pub(super) fn numbers(&self, name: &str) -> Option<Vec<usize>> {
        let (_, numbers) = self.attributes.iter().find(|(known, _)| *known == name.as_bytes())?;
        numbers.iter().map(|number| usize::try_from(*number).ok()).collect()
    }

    /// Returns the numbers of an attribute that has exactly so many.
    pub(super) fn exactly<const N: usize>(&self, name: &str) -> Option<[usize; N]> {
        self.numbers(name)?.try_into().ok()
    }
}

fn attribute_of(bytes: &[u8]) -> Option<(&[u8], Vec<u64>)> {
    let (mut name, mut numbers): (&[u8], _) = (&[], Vec::new());
    for field in Fields(bytes) {
        match field? {
            (1, Value::Bytes(bytes)) => name = bytes,
            (3 | 8, Value::Number(number)) => numbers.push(number),
            (8, Value::Bytes(mut packed)) => {
                while !packed.is_empty() {
                    numbers.push(varint(&mut packed)?);
                }
            }
            _ => {}
        }
    }
    Some((name, numbers))
}

impl<'a> Constant<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut tensor = Self::default();
        for field in Fields(bytes) {
            match field? {
                (1, Value::Number(size)) => tensor.shape.push(usize::try_from(size).ok()?),
                (1, Value::Bytes(mut packed)) => {
                    while !packed.is_empty() {
                        tensor.shape.push(usize::try_from(varint(&mut packed)?).ok()?);
                    }
                }
                (2, Value::Number(kind)) => tensor.kind = kind,
                (8, Value::Bytes(name)) => tensor.name = name,
                (9, Value::Bytes(raw)) => tensor.raw = raw,
                _ => {}
            }
        }
        Some(tensor)
    }

    /// Returns single-precision values, if it has them: `TensorProto.FLOAT`.
    pub(super) fn floats(&self) -> Option<Vec<f32>> {
        let (values, rest) = self.raw.as_chunks();
        let size: usize = self.shape.iter().product();
        let values: Vec<f32> = values.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        (self.kind == 1 && rest.is_empty() && values.len() == size).then_some(values)
    }

    /// Returns whole numbers from zero, if it has them: `TensorProto.INT64`.
    pub(super) fn sizes(&self) -> Option<Vec<usize>> {
        let (values, rest) = self.raw.as_chunks();
        let sizes = values.iter().map(|bytes| usize::try_from(i64::from_le_bytes(*bytes)).ok());
        (self.kind == 7 && rest.is_empty()).then(|| sizes.collect())?
    }
}

enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The fields of a message. An item is `None` where the message is broken.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Option<(u64, Value<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.read();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn read(&mut self) -> Option<(u64, Value<'a>)> {
        let tag = varint(&mut self.0)?;
        let value = match tag & 7 {
            0 => Value::Number(varint(&mut self.0)?),
            1 => Value::Bytes(self.0.split_off(..8)?),
            2 => {
                let length = usize::try_from(varint(&mut self.0)?).ok()?;
                Value::Bytes(self.0.split_off(..length)?)
            }
            5 => Value::Bytes(self.0.split_off(..4)?),
            _ => return None,
        };
        Some((tag >> 3, value))
    }
}

/// Reads a number of seven bits a byte, the lowest first.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.split_off_first()?;
        number |= u64::from(byte & 127) << shift;
        if byte < 128 {
            return Some(number);
        }
    }
    None
}
