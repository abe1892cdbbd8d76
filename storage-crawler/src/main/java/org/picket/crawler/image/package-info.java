/// Objects become views here, in child processes that may crash, hang or run out of memory without harm.
///
/// Invariant: an object yields either all of its views, made from a picture that was decoded to its end, or a
/// reason why it has none. Never a part of a picture, never a guess from a name. No encoded byte is parsed by
/// native code, and no pixel is decoded, in the process that holds the storage's credentials.
///
/// Fingerprints for hash lists come of the same decoded pictures, so that an object is decoded once.
///
/// The way of an object: [DecoderPool] hands it to a [DecoderChild], over a pipe in frames of [DecoderWire], to
/// [DecoderProcess], the child. That checks its structure (package `structure`: pure Java, before any native code
/// sees the bytes), decodes it and makes views (package `picture`, which runs in children alone). "Formats" in
/// ARCHITECTURE.md says what is decoded of each format, and how.
///
/// A child is taken to be the enemy's from its first object on; package `confinement` puts it where there is nothing to
/// take. Arrows go from this package to those three, and from `picture` to `structure`.
package org.picket.crawler.image;
