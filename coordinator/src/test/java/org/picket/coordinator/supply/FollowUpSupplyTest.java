package org.picket.coordinator.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.shard.FollowUp;
import org.picket.coordinator.shard.WaitingObject;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.SuppliedObject;
import org.picket.proto.v1.SupplyReport;

class FollowUpSupplyTest {
    private static final Digest CONTENT = Digest.of(ByteString.copyFromUtf8("content"));
    private static final FollowUp FOLLOW_UP = new FollowUp(1, 0, 0, List.of(object("b"), object("d"), object("f")));

    private static WaitingObject object(String key) {
        return new WaitingObject(key, "v", CONTENT, 1, new short[] {1});
    }

    @Test
    void pickedObjectsComeInOrderAndOnceAndNoOther() {
        assertEquals(List.of("d", "f"), FollowUpSupply.left(FOLLOW_UP, "b"));
        assertEquals(Optional.empty(), FollowUpSupply.fault(FOLLOW_UP, "", report("b", "f")));
        assertTrue(FollowUpSupply.fault(FOLLOW_UP, "", report("b", "c")).isPresent());
        assertTrue(FollowUpSupply.fault(FOLLOW_UP, "", report("d", "b")).isPresent());
        assertTrue(FollowUpSupply.fault(FOLLOW_UP, "", report("d", "d")).isPresent());
        assertTrue(FollowUpSupply.fault(FOLLOW_UP, "d", report("d")).isPresent());
    }

    private static SupplyReport report(String... keys) {
        SupplyReport.Builder report = SupplyReport.newBuilder();
        for (String key : keys) {
            report.addObjects(SuppliedObject.newBuilder().setKey(key));
        }
        return report.build();
    }
}
