package org.picket.crawler.image.structure;

/// The pictures of a video in the order in which they are decoded, each inside the object.
///
/// @param setup what the decoder must know before the first picture; may be empty
/// @param width as the container announces it, in pixels, before it is turned
/// @param height as the container announces it
/// @param orientation as in EXIF, 1 to 8
/// @param samples at least one, the first of them a key frame
public record Track(Compression compression, byte[] setup, int width, int height, int orientation, Samples samples) {}
