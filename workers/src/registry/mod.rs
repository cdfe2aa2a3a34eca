//! Applications, documents, examinations and verdicts: what must outlast a worker.
