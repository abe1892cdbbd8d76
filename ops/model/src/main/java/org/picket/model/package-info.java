/// How a bundle is made: the bundle file, the instant bundle for benches, and the stand-in that ships.
///
/// Nothing in here is a detector of anything: every picture is synthetic, and every concept harmless.
package org.picket.model;
