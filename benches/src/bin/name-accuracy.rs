//! The binary `name-accuracy`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use pipeline::application::Name;
use pipeline::judge::names::Class;
use pipeline::judge::{ZoneNames, compare_names};
use rustix::time::{ClockId, clock_gettime};

/// Counts false alarms and misses of the comparison of names, as a verdict makes it.
///
/// FOLDER has `same.tsv`, `written.tsv`, `strangers.tsv` and `near.tsv`: name in the form and in the
/// zone, issuing state, origin; `|` parts surname, given names and patronymic. A pair has
/// the class of the field that agrees less. A false alarm is a pair of one person that is
/// not equal or equivalent; a miss is a pair of two people that is. Times are processor
/// time of one comparison.
///
/// Exit status: 0; 1 if a file cannot be read; 2 if there is a miss, or more than 0.5 %
/// false alarms.
#[derive(Parser)]
#[command(name = "name-accuracy", version)]
struct Arguments {
    /// Folder with the pairs.
    #[arg(default_value = "benches/names")]
    folder: PathBuf,
    /// List the false alarms and the misses.
    #[arg(long)]
    pairs: bool,
}

struct Pair {
    line: String,
    class: Class,
    rules: String,
    microseconds: f64,
    origin: String,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "name-accuracy: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> std::io::Result<bool> {
    // the tables are made at first use
    let _ = judge("Щукин|А\tROE|A\t\t");
    let mut same = read(&arguments.folder.join("same.tsv"))?;
    same.extend(read(&arguments.folder.join("written.tsv"))?);
    let mut strangers = read(&arguments.folder.join("strangers.tsv"))?;
    strangers.extend(read(&arguments.folder.join("near.tsv"))?);
    let mut out = std::io::stdout().lock();
    let passes = |pair: &&Pair| pair.class <= Class::Equivalent;
    let alarms: Vec<&Pair> = same.iter().filter(|pair| !passes(pair)).collect();
    let misses: Vec<&Pair> = strangers.iter().filter(passes).collect();
    writeln!(out, "one person: {} pairs, {}", same.len(), classes(&same))?;
    let mut by_origin: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for pair in &same {
        let (all, wrong) = by_origin.entry(&pair.origin).or_default();
        *all += 1;
        *wrong += usize::from(!passes(&pair));
    }
    for (origin, (all, wrong)) in by_origin {
        writeln!(out, "  {origin}: {wrong} of {all} false alarms")?;
    }
    writeln!(out, "two people: {} pairs, {}", strangers.len(), classes(&strangers))?;
    #[expect(clippy::cast_precision_loss, reason = "counts of pairs are small")]
    let share = alarms.len() as f64 / same.len().max(1) as f64;
    writeln!(
        out,
        "false alarms: {} ({:.2} %); misses: {}",
        alarms.len(),
        share * 100.0,
        misses.len()
    )?;
    let mut times: Vec<f64> = same.iter().chain(&strangers).map(|p| p.microseconds).collect();
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times.get(times.len() * part / 1000).or(times.last()).copied();
    let [median, most, max] = [500, 990, 1000].map(|part| at(part).unwrap_or_default());
    writeln!(out, "microseconds: median {median:.0}, 99 % {most:.0}, most {max:.0}")?;
    if arguments.pairs {
        for pair in alarms.iter().chain(&misses) {
            writeln!(out, "{}: {:?} {}", pair.line, pair.class, pair.rules)?;
        }
    }
    Ok(misses.is_empty() && share <= 0.005)
}

fn read(path: &Path) -> std::io::Result<Vec<Pair>> {
    let text = std::fs::read_to_string(path)?;
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    Ok(rows.filter_map(judge).collect())
}

fn judge(line: &str) -> Option<Pair> {
    let mut columns = line.split('\t');
    let (left, right, issuer) = (columns.next()?, columns.next()?, columns.next()?);
    let issuer = Some(issuer).filter(|state| !state.is_empty());
    let origin = columns.next().unwrap_or_default().to_owned();
    let (form, zone): (Vec<&str>, Vec<&str>) =
        (left.split('|').collect(), right.split('|').collect());
    let part = |parts: &[&str], at: usize| parts.get(at).map(|part| (*part).to_owned());
    let names = [Name {
        script: String::new(),
        surname: part(&form, 0)?,
        given_names: part(&form, 1)?,
        patronymic: part(&form, 2),
    }];
    let (surname, given) = (zone.first()?, zone.get(1)?);
    let zone = ZoneNames { surname, given, issuer, truncated: false };
    let start = cpu_microseconds();
    let compared = compare_names(&names, &zone).ok()?;
    let microseconds = cpu_microseconds() - start;
    let fields = || compared.iter().flatten().map(|field| &field.result);
    let class = fields().map(|result| result.class).max()?;
    let rules: Vec<&str> = fields().map(|result| result.rule.as_str()).collect();
    let rules = rules.join(", ");
    Some(Pair { line: line.to_owned(), class, rules, microseconds, origin })
}

/// Returns the time that this thread has used: other programs do not count.
#[expect(clippy::cast_precision_loss, reason = "microseconds of a short program")]
fn cpu_microseconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}

fn classes(pairs: &[Pair]) -> String {
    let all = [
        (Class::Equal, "equal"),
        (Class::Equivalent, "equivalent"),
        (Class::Close, "close"),
        (Class::Different, "different"),
        (Class::NotComparable, "not comparable"),
    ];
    let count = |class| pairs.iter().filter(|pair| pair.class == class).count();
    let words = all.map(|(class, word)| format!("{} {word}", count(class)));
    words.join(", ")
}
