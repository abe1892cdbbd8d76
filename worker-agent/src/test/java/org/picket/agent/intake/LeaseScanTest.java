package org.picket.agent.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.runtime.channel.ViewFrame;

class LeaseScanTest {
    private final LeaseScan scan = new LeaseScan(3);

    private void segments(int from, int to) {
        for (int i = from; i < to; i++) {
            scan.arrived(new ViewFrame.Segment(i, i + 1));
        }
    }

    @Test
    void crawlerThatSendsSegmentsWithoutEndFillsNoMemory() {
        segments(0, LeaseScan.MAX_SEGMENTS);
        assertEquals(Optional.empty(), scan.trouble());
        segments(LeaseScan.MAX_SEGMENTS, LeaseScan.MAX_SEGMENTS + 1);
        assertTrue(scan.trouble().isPresent());
        assertEquals(LeaseScan.MAX_SEGMENTS, scan.cursor(), "it was taken in all the same");
    }

    @Test
    void segmentsThatWereReportedMakeRoom() {
        segments(0, LeaseScan.MAX_SEGMENTS);
        scan.reported(scan.passage().orElseThrow());
        segments(LeaseScan.MAX_SEGMENTS, 2 * LeaseScan.MAX_SEGMENTS);
        assertEquals(Optional.empty(), scan.trouble());
    }
}
