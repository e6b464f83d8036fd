//! How names and types of the core are written in Kotlin and in Swift.

use heck::{ToLowerCamelCase, ToShoutySnakeCase, ToUpperCamelCase};
use uniffi_bindgen::{ComponentInterface, interface::Type};

/// A language the apps are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Kotlin on the JVM and on Android.
    Kotlin,
    /// Swift 6.
    Swift,
}

/// Both of them.
pub const ALL: [Language; 2] = [Language::Kotlin, Language::Swift];

impl Language {
    /// The name of the file that holds its surface.
    pub const fn surface_file(self) -> &'static str {
        match self {
            Self::Kotlin => "kotlin.txt",
            Self::Swift => "swift.txt",
        }
    }

    /// The folders of its hand-written layer, below `bindings`.
    pub const fn layer(self) -> &'static [&'static str] {
        match self {
            Self::Kotlin => &["kotlin/src/main/kotlin", "kotlin/src/android/kotlin"],
            Self::Swift => &["swift/Sources/Tillsight"],
        }
    }

    /// The ending of its source files.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Kotlin => "kt",
            Self::Swift => "swift",
        }
    }

    /// The name of a type as the generator writes it: Kotlin calls errors exceptions.
    pub fn type_name(self, core: &ComponentInterface, name: &str) -> String {
        let name = name.to_upper_camel_case();
        match self {
            Self::Kotlin if core.is_name_used_as_error(&name) => match name.strip_suffix("Error") {
                Some(stem) => format!("{stem}Exception"),
                None => name,
            },
            _ => name,
        }
    }

    /// The name of a field, function or argument.
    pub fn value_name(self, name: &str) -> String {
        name.to_lower_camel_case()
    }

    /// The name of one case of an enumeration.
    pub fn case_name(self, name: &str, of_error: bool, flat: bool) -> String {
        match self {
            Self::Kotlin if flat && !of_error => name.to_shouty_snake_case(),
            Self::Kotlin => name.to_upper_camel_case(),
            Self::Swift if of_error => name.to_upper_camel_case(),
            Self::Swift => name.to_lower_camel_case(),
        }
    }

    /// A type as it is written in a signature.
    pub fn written(self, core: &ComponentInterface, kind: &Type) -> String {
        let inner = |kind: &Type| self.written(core, kind);
        let (kotlin, swift) = match kind {
            Type::Int8 => ("Byte", "Int8"),
            Type::Int16 => ("Short", "Int16"),
            Type::Int32 => ("Int", "Int32"),
            Type::Int64 => ("Long", "Int64"),
            Type::UInt8 => ("UByte", "UInt8"),
            Type::UInt16 => ("UShort", "UInt16"),
            Type::UInt32 => ("UInt", "UInt32"),
            Type::UInt64 => ("ULong", "UInt64"),
            Type::Float32 => ("Float", "Float"),
            Type::Float64 => ("Double", "Double"),
            Type::Boolean => ("Boolean", "Bool"),
            Type::String => ("String", "String"),
            Type::Bytes => ("ByteArray", "Data"),
            Type::Timestamp => ("Instant", "Date"),
            Type::Duration => ("Duration", "TimeInterval"),
            Type::Optional { inner_type } => return format!("{}?", inner(inner_type)),
            Type::Sequence { inner_type } => {
                return match self {
                    Self::Kotlin => format!("List<{}>", inner(inner_type)),
                    Self::Swift => format!("[{}]", inner(inner_type)),
                };
            }
            Type::Map { key_type, value_type } => {
                return match self {
                    Self::Kotlin => format!("Map<{}, {}>", inner(key_type), inner(value_type)),
                    Self::Swift => format!("[{}: {}]", inner(key_type), inner(value_type)),
                };
            }
            other => return self.type_name(core, other.name().unwrap_or("?")),
        };
        match self {
            Self::Kotlin => kotlin.to_owned(),
            Self::Swift => swift.to_owned(),
        }
    }
}
