//! A strict reader of JSON (RFC 8259), and what text needs to stand in it.
