//! Protocol Buffers on the wire: varints, four kinds of fields.
