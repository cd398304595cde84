//! Bytes as text of 64 letters (RFC 4648), as scripts carry weights.
