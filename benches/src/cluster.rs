//! Uploads to send through a cluster, and the resources that processes use.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use fixtures::paper::{self, Paper};
use fixtures::passport::{self, Specimen};
use fixtures::portrait::{self, Portrait};
use image::RgbImage;
use pipeline::open::Limits;
use serde_json::json;
use tests::cluster::Cluster;

/// A file with its declared kind.
pub struct Upload {
    /// The declared kind.
    pub kind: pipeline::kind::Kind,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Upload {
    /// Writes the file into the store of a cluster, under a key.
    ///
    /// # Panics
    /// When the store's folder is gone.
    pub fn put(&self, cluster: &Cluster, key: &str) {
        let file = cluster.store().file("uploads-portal", key);
        fs::write(file, &self.bytes).expect("the store's folder is there");
    }

    /// Uploads the file as the only document of an application, and returns when its command
    /// was sent.
    pub fn send(&self, cluster: &Cluster, routing_key: &str, id: &str) -> Instant {
        self.put(cluster, id);
        let data = json!({"application_id": id, "stage": "residence-permit", "document": {
            "document_id": "D-1", "kind": self.kind.name(),
            "object": {"bucket": "uploads-portal", "key": id}}});
        cluster.publish(routing_key, id, "document.submitted", data)
    }

    /// Sends the file and returns the time to its attached verdict.
    pub fn time(&self, cluster: &Cluster, routing_key: &str, id: &str) -> Duration {
        let key = format!("applications/{id}/documents/D-1/latest/verdict.json");
        let verdict = cluster.store().file("verdicts-portal", &key);
        let start = self.send(cluster, routing_key, id);
        while !verdict.exists() {
            sleep(Duration::from_millis(1));
        }
        start.elapsed()
    }
}

/// Kinds of uploads with different costs.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A drawn page, 1300x915.
    Passport,
    /// 413x531.
    Portrait,
    /// A PDF of text.
    Text,
    /// A PDF of one scanned page.
    Scan,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Portrait, Self::Passport, Self::Text, Self::Scan];

    /// Returns the label for a table.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Passport => "passport, 1300x915 JPEG",
            Self::Portrait => "portrait, 413x531 JPEG",
            Self::Text => "questionnaire, PDF of text",
            Self::Scan => "police clearance, scanned PDF",
        }
    }

    /// Returns the routing key.
    #[must_use]
    pub fn routing_key(self) -> &'static str {
        match self {
            Self::Passport => "passport.submitted",
            Self::Portrait => "portrait.submitted",
            Self::Text | Self::Scan => "paper.submitted",
        }
    }

    /// Returns `count` files, all with different bytes.
    ///
    /// # Panics
    /// When a font is missing.
    #[must_use]
    pub fn uploads(self, count: usize) -> Vec<Upload> {
        use pipeline::kind::Kind as Declared;
        let of = Specimen::eriksson();
        let page = passport::draw(&of).expect("fonts are installed");
        let face = portrait::draw(&Portrait::default()).0;
        let scan = paper::scanned(Paper::PoliceClearance, &of, 0).expect("fonts are installed");
        let text = paper::text_pdf(Paper::Questionnaire, &of);
        // each run differs too: files with known bytes would not be examined again
        let seed = std::process::id() as usize * 1_000_003;
        (0..count)
            .map(|i| {
                let i = seed + i + count * 1000;
                let (kind, bytes) = match self {
                    Self::Passport => (Declared::Passport, number_picture(&page, i)),
                    Self::Portrait => (Declared::Portrait, number_picture(&face, i)),
                    Self::Text => (Declared::Questionnaire, number_document(&text, i)),
                    Self::Scan => (Declared::PoliceClearance, number_document(&scan, i)),
                };
                Upload { kind, bytes }
            })
            .collect()
    }
}

/// Returns the picture with a number encoded in a corner.
fn number_picture(original: &RgbImage, number: usize) -> Vec<u8> {
    let mut own = original.clone();
    for bit in 0..32 {
        let value = if number >> bit & 1 == 1 { 250 } else { 200 };
        own.put_pixel(8 * (bit % 8), 8 * (bit / 8), image::Rgb([value; 3]));
    }
    fixtures::encode::jpeg(&own, 92)
}

fn number_document(original: &[u8], number: usize) -> Vec<u8> {
    let mut own = original.to_vec();
    own.extend_from_slice(format!("\n% {number}\n").as_bytes());
    own
}

/// Returns the CPU time of examining all uploads in this process.
#[must_use]
pub fn cpu_of_examining(uploads: &[Upload]) -> Duration {
    let examine = |upload: &Upload| {
        pipeline::examine(&upload.bytes, upload.kind, &Limits::for_kind(upload.kind))
    };
    let _warm = uploads.first().map(examine);
    let before = own_cpu();
    for upload in uploads {
        std::hint::black_box(examine(upload));
    }
    own_cpu() - before
}

fn own_cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Returns the CPU time of a process and of its children that have ended, in
/// steps of a hundredth of a second.
#[must_use]
pub fn cpu_of_process(process: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields: Vec<u64> =
        after_name.split_whitespace().map(|field| field.parse().unwrap_or(0)).collect();
    // utime, stime, cutime, cstime: fields 14 to 17 of proc(5), the first two are before the name's end
    let ticks: u64 = fields.get(11..15).unwrap_or_default().iter().sum();
    Duration::from_millis(ticks * 10)
}

/// Returns the proportional set size of a process in MiB.
#[must_use]
pub fn pss(process: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kib: u64 = line
        .and_then(|line| line.split_whitespace().next())
        .and_then(|kib| kib.parse().ok())
        .unwrap_or(0);
    kib >> 10
}
