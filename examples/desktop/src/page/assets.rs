//! The page's files, which are part of the program.

/// A file of the page.
pub struct Asset {
    /// Its path.
    pub path: &'static str,
    /// Its media type.
    pub kind: &'static str,
    /// What is in it.
    pub text: &'static str,
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

macro_rules! assets {
    ($($path:literal $kind:ident),* $(,)?) => {
        &[$(Asset {
            path: concat!("/", $path),
            kind: $kind,
            text: include_str!(concat!("../../page/", $path)),
        }),*]
    };
}

/// Those that every page has.
pub const SHARED: &[Asset] = &[
    Asset { path: "/parts.css", kind: CSS, text: design::PARTS },
    Asset { path: "/draw.js", kind: JS, text: design::DRAW },
    Asset { path: "/icons.js", kind: JS, text: design::ICONS },
];

/// Its own.
pub const ASSETS: &[Asset] = assets![
    "desk.html" HTML,
    "phone.css" CSS,
    "desk.css" CSS,
    "desk.js" JS,
    "calls.js" JS,
    "words.js" JS,
    "japanese.js" JS,
    "map.js" JS,
    "evidence.js" JS,
    "till.js" JS,
    "phone.js" JS,
    "here.js" JS,
    "pay.js" JS,
    "camera.js" JS,
    "money.js" JS,
    "notices.js" JS,
];
