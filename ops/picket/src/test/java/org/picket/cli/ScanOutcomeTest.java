package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.CheckpointResponse;
import org.picket.proto.v1.ScanProgress;

class ScanOutcomeTest {
    private static final ScanProgress WHOLE = ScanProgress.newBuilder()
            .setListed(10)
            .setListingFinished(true)
            .setKnown(1)
            .setCleared(5)
            .setFlagged(2)
            .setInconclusive(1)
            .setGone(1)
            .setQuarantined(2)
            .setComplete(true)
            .build();

    @Test
    void jsonHasEveryFieldThatProgramsRelyOn() {
        String json = outcome(WHOLE).json().toString();
        for (String field : List.of(
                "storage",
                "mode",
                "epoch",
                "bundle",
                "listed",
                "known",
                "cleared",
                "flagged",
                "inconclusive",
                "gone",
                "quarantined",
                "purged",
                "refused",
                "failed",
                "bytes",
                "seconds",
                "ledgerSize",
                "ledgerRoot")) {
            assertTrue(json.contains("\"" + field + "\":"), field + " in " + json);
        }
        assertFalse(json.contains("\n"));
    }

    @Test
    void nothingLeftIsComplete() {
        assertTrue(outcome(WHOLE).complete());
    }

    @Test
    void eachThingThatIsLeftIsSaid() {
        for (ScanProgress left : List.of(
                WHOLE.toBuilder().setListingFinished(false).build(),
                WHOLE.toBuilder().setOpen(3).build(),
                WHOLE.toBuilder().setOrdersOpen(1).build(),
                WHOLE.toBuilder().setFailed(1).build(),
                WHOLE.toBuilder().setRefused(1).build(),
                WHOLE.toBuilder().setHeld(1).build())) {
            assertFalse(outcome(left).complete());
            assertEquals(1, outcome(left).left().size());
            assertTrue(outcome(left).text().contains("left: "), outcome(left).text());
        }
    }

    private static ScanOutcome outcome(ScanProgress progress) {
        return new ScanOutcome(
                "folder:/x",
                ScanMode.QUARANTINE,
                "00",
                "stand-in",
                progress,
                Duration.ofMillis(1_500),
                CheckpointResponse.newBuilder()
                        .setSize(4)
                        .setRoot(ByteString.copyFrom(new byte[32]))
                        .build());
    }
}
