package org.picket.crawler.image;

/// What is asked for with an object, beside its views.
///
/// @param maxPixels larger pictures are [Reason#TOO_MANY_PIXELS]
/// @param fingerprinted whether fingerprints come with the views
record DecoderWish(long maxPixels, boolean fingerprinted) {}
