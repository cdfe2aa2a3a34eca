//! Hides personal data in `Debug` output.

/// Implements `Debug` as the type's name only.
macro_rules! hidden_debug {
    ($($type:ident),+ $(,)?) => {$(
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($type), "(hidden)"))
            }
        }
    )+};
}

pub(crate) use hidden_debug;
