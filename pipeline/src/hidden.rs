//! Types that hold personal data hide it when printed for debugging.

/// Implements `Debug` as the type's name and nothing else.
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
