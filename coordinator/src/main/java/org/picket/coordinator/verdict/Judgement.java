package org.picket.coordinator.verdict;

import java.util.List;
import org.picket.coordinator.supply.Supplied;
import org.picket.proto.v1.ReportRejected;

/// What a verdict is worth.
sealed interface Judgement {
    /// It fits.
    ///
    /// @param objects that it covers
    /// @param scores of their views, in order
    record Fits(List<Supplied> objects, short[] scores) implements Judgement {}

    /// It does not.
    ///
    /// @param detail for people
    record Unfit(ReportRejected.Reason reason, String detail) implements Judgement {}
}
