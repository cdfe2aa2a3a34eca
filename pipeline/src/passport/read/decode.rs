//! Decodes the characters of a zone from their class probabilities and priors.

use super::align::line_alphabets;
use super::character::{best_character, probability};
use super::zone::{Cell, LineProbabilities, ReadLine, ReadZone};
use super::{prior, repair};
use crate::examination::ZoneFormat;
use crate::passport::mrz::Mrz;
use crate::passport::mrz::format::Alphabet;

/// Decodes a zone in the likelier of the formats of its shape.
pub(super) fn decode_zone(format: ZoneFormat, lines: &[LineProbabilities]) -> Option<ReadZone> {
    let first = best_character(lines.first()?.cells.first()?, format.layout().alphabet(0, 0));
    let count = format.layout().length;
    let format = ZoneFormat::from_shape(lines.len(), count, first.byte == b'V')?;
    let mut alphabets: Vec<_> = (0..lines.len()).map(|line| line_alphabets(format, line)).collect();
    let mut decoded = decode_lines(format, lines, &alphabets);
    let mut mrz = parse_mrz(&decoded)?;
    if mrz.document_code() == "PN" && mrz.issuing_state() == "RUS" {
        // Russia's internal passports spell names with digits
        let names = format.layout().names;
        alphabets[names.line][names.from..names.to].fill(Alphabet::All);
        decoded = decode_lines(format, lines, &alphabets);
        mrz = parse_mrz(&decoded)?;
    }
    let score = mean_log_probability(lines, &alphabets);
    let mrz = repair::repair(mrz, &mut decoded);
    Some(ReadZone { mrz, lines: decoded, score, complete: true })
}

/// Decodes every line under the priors.
fn decode_lines(
    format: ZoneFormat,
    lines: &[LineProbabilities],
    alphabets: &[Vec<Alphabet>],
) -> Vec<ReadLine> {
    let mut weighted: Vec<_> = lines.iter().map(|line| line.cells.clone()).collect();
    prior::apply_priors(format, &mut weighted);
    let decoded =
        lines.iter().zip(&weighted).zip(alphabets).map(|((line, weighted), alphabets)| {
            let cells = line.cells.iter().zip(weighted).zip(alphabets);
            let cells = cells.map(|((observed, weighted), alphabet)| {
                let Cell { byte, second, .. } = best_character(weighted, *alphabet);
                // priors do not raise the reported certainty
                let observed = |byte| probability(observed, byte, *alphabet);
                Cell {
                    byte,
                    probability: observed(byte),
                    second: (second.0, observed(second.0)),
                    changed: false,
                }
            });
            ReadLine { strip: line.strip.clone(), cells: cells.collect(), beyond: line.beyond }
        });
    decoded.collect()
}

fn parse_mrz(lines: &[ReadLine]) -> Option<Mrz> {
    let text: Vec<String> = lines.iter().map(ReadLine::text).collect();
    Mrz::parse(&text.join("\n"))
}

/// Returns the mean log probability of the likeliest characters.
fn mean_log_probability(lines: &[LineProbabilities], alphabets: &[Vec<Alphabet>]) -> f32 {
    let cells = lines.iter().zip(alphabets).flat_map(|(line, a)| line.cells.iter().zip(a));
    let logarithms =
        cells.map(|(observed, a)| best_character(observed, *a).probability.max(1e-4).ln());
    let count = lines.iter().map(|line| line.cells.len()).sum::<usize>();
    logarithms.sum::<f32>() / count.max(1) as f32
}
