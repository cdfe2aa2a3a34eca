//! Where uploads are fetched from and results are put: S3-compatible stores, or a folder.
