//! What a server gives to tell a changed document from an unchanged one.

/// The validators of one answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`, verbatim.
    pub etag: Option<String>,
    /// `Last-Modified`, verbatim.
    pub last_modified: Option<String>,
    /// The address that gave them. They mean nothing to any other.
    pub url: String,
}
