package org.picket.agent.intake;

import com.google.protobuf.ByteString;
import java.time.Instant;
import org.picket.proto.seal.Digest;

/// Consecutive objects whose scores are complete.
///
/// @param from the first ordinal
/// @param to one past the last; the end of a segment
/// @param views how many views they have
/// @param viewsDigest SHA-256 over the digests of the views, in order
/// @param scores of each view, in order, as they are reported
/// @param firstView when the first of the lease's views came
public record Passage(int from, int to, int views, Digest viewsDigest, ByteString scores, Instant firstView) {}
