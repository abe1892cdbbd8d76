/// Objects become views here, in child processes that may crash, hang or run out of memory without harm.
///
/// Invariant: an object yields either all of its views, made from a picture that was decoded to its end, or a
/// reason why it has none. Never a part of a picture, never a guess from a name. No encoded byte is parsed by
/// native code, and no pixel is decoded, in the process that holds the storage's credentials.
///
/// Fingerprints for hash lists come of the same decoded pictures, so that an object is decoded once.
///
/// The way of an object: [DecoderPool] hands it to a [DecoderChild], over a pipe in frames of [DecoderWire], to
/// [DecoderProcess], which checks the structure (`*Structure`: pure Java, before any native code sees the
/// bytes), decodes ([PictureDecoder] and what it names) and resizes ([Geometry], [Bicubic]). Of animations
/// ([Animation], [AnimationPlayer]) and videos ([VideoPlan], [VideoPlayer]) a choice of frames becomes views
/// ([FrameChoice]). "Formats" in ARCHITECTURE.md says what is decoded of each format, and how.
///
/// A child is taken to be the enemy's from its first object on. [Confinement] puts it where there is nothing to
/// take, by bubblewrap or by [DecoderLauncher] and [Landlock]; once its natives are loaded it enters
/// [Lockdown], after which [CallFilter] lets it read, write its pipes, and compute.
package org.picket.crawler.image;
