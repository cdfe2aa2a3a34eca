//! Decodes the characters of a zone from their class probabilities and priors.

use super::align::line_alphabets;
use super::character::{best_character, probability};
use super::zone::{Cell, LineProbabilities, ReadLine, ReadZone};
use super::{completeness, prior, repair};
use crate::examination::ZoneFormat;
use crate::passport::line::{BLANK, ClassProbabilities};
use crate::passport::mrz::Mrz;
use crate::passport::mrz::format::Alphabet;
use crate::passport::pyramid::Pyramid;

/// With more hidden characters than this share of all, hidden ones count against a zone.
const MOST_HIDDEN: f32 = 0.25;
/// The log probability of a hidden character that counts.
const LOG_OF_HIDDEN: f32 = -9.2;

/// Decodes a zone in the likelier of the formats of its shape.
pub(super) fn decode_zone(
    page: &Pyramid<'_>,
    format: ZoneFormat,
    lines: &[LineProbabilities],
) -> Option<ReadZone> {
    let layout = format.layout();
    let mut first = *lines.first()?.cells.first()?;
    prior::favour_passports(layout, &mut first);
    let visa = best_character(&first, layout.alphabet(0, 0)).byte == b'V';
    let format = ZoneFormat::from_shape(lines.len(), layout.length, visa)?;
    let mut alphabets: Vec<_> = (0..lines.len()).map(|line| line_alphabets(format, line)).collect();
    let mut decoded = decode_lines(format, lines, &alphabets);
    let mut mrz = parse_mrz(&decoded)?;
    if mrz.is_internal_passport() {
        // Russia's internal passports spell names with digits
        let names = format.layout().names;
        alphabets[names.line][names.from..names.to].fill(Alphabet::All);
        decoded = decode_lines(format, lines, &alphabets);
        mrz = parse_mrz(&decoded)?;
    }
    let mut damage = completeness::find_damage(page, mrz.format(), &mut decoded);
    damage.covered |= !damage.is_cut() && decoded.iter().any(ReadLine::has_hidden);
    mrz = parse_mrz(&decoded)?;
    if !decoded.iter().any(ReadLine::has_hidden) {
        mrz = repair::repair(mrz, &mut decoded);
    }
    let [score, score_of_all] = mean_log_probabilities(lines, &alphabets, &decoded);
    Some(ReadZone { mrz, lines: decoded, score, score_of_all, damage })
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
                    hidden: false,
                }
            });
            let mut cells: Vec<Cell> = cells.collect();
            let beyond_edge = |observed: &ClassProbabilities| observed[BLANK] >= 1.0;
            let hidden = cells.iter_mut().zip(&line.cells).filter(|(_, o)| beyond_edge(o));
            hidden.for_each(|(cell, _)| cell.hide());
            ReadLine { strip: line.strip.clone(), cells, beyond: line.beyond }
        });
    decoded.collect()
}

fn parse_mrz(lines: &[ReadLine]) -> Option<Mrz> {
    let text: Vec<String> = lines.iter().map(ReadLine::text).collect();
    Mrz::parse(&text.join("\n"))
}

/// Returns the mean log probability of the likeliest characters: of the visible ones,
/// unless too many are hidden, and of all.
fn mean_log_probabilities(
    lines: &[LineProbabilities],
    alphabets: &[Vec<Alphabet>],
    decoded: &[ReadLine],
) -> [f32; 2] {
    let (mut sum, mut visible, mut hidden) = (0.0f32, 0.0f32, 0.0f32);
    for ((line, alphabets), decoded) in lines.iter().zip(alphabets).zip(decoded) {
        for ((observed, alphabet), cell) in line.cells.iter().zip(alphabets).zip(&decoded.cells) {
            if cell.hidden {
                hidden += 1.0;
            } else {
                visible += 1.0;
                sum += best_character(observed, *alphabet).probability.max(1e-4).ln();
            }
        }
    }
    let of_all = (sum + LOG_OF_HIDDEN * hidden) / (visible + hidden).max(1.0);
    let few = hidden <= MOST_HIDDEN * (visible + hidden);
    [if few { sum / visible.max(1.0) } else { of_all }, of_all]
}
