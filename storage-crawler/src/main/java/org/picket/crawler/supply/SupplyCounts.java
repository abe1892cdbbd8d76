package org.picket.crawler.supply;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.picket.proto.v1.SuppliedObject;
import org.picket.runtime.telemetry.Label;
import org.picket.runtime.telemetry.Meters;

/// What became of the objects of leases, since the start. Safe for any number of threads; counted a segment at a
/// time.
final class SupplyCounts {
    private final AtomicLongArray outcomes = new AtomicLongArray(SuppliedObject.OutcomeCase.values().length);
    private final LongAdder readBytes = new LongAdder();

    void add(List<SuppliedObject> segment) {
        long read = 0;
        for (SuppliedObject object : segment) {
            outcomes.incrementAndGet(object.getOutcomeCase().ordinal());
            // Whose hash is known was read.
            read += object.getSha256().isEmpty() ? 0 : object.getBytes();
        }
        readBytes.add(read);
    }

    void meters(Meters meters) {
        meters.counter("picket_crawler_read_bytes_total", "Bytes of objects that were read.", readBytes::sum);
        Arrays.stream(SuppliedObject.OutcomeCase.values())
                .filter(outcome -> outcome != SuppliedObject.OutcomeCase.OUTCOME_NOT_SET)
                .forEach(outcome -> meters.counter(
                        "picket_crawler_objects_total",
                        "Objects of leases, by what became of them at the storage.",
                        () -> outcomes.get(outcome.ordinal()),
                        Label.of("outcome", outcome)));
    }
}
