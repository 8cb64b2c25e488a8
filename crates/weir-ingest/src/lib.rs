//! What clients send, as [arrivals](weir_core::arrival): Segment's protocol, the native shape, a pixel.
//!
//! Bytes in, values out: no network, no files, no clock. So every parser here can be fed anything at all.
