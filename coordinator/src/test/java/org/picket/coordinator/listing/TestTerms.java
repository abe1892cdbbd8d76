package org.picket.coordinator.listing;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.List;
import org.picket.coordinator.finding.Enforcement;
import org.picket.coordinator.fleet.OwnerId;
import org.picket.coordinator.policy.Action;
import org.picket.coordinator.policy.ContentHashes;
import org.picket.coordinator.policy.Fuses;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.proto.bundle.Scoring;
import org.picket.proto.id.StorageId;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.Preprocessing;

/// Terms of a storage whose policy has one rule, for tests that need some.
public final class TestTerms {
    /// Its epoch, and its bundle.
    public static final Digest ANY = Digest.of(ByteString.copyFromUtf8("any"));

    private static final String POLICY = """
            id: "p"
            version: 1
            rule { id: "r" category: "test.lighthouse" all { concept: "lighthouse" gte: 0.5 } action: QUARANTINE }
            """;

    private TestTerms() {}

    /// Made anew each time.
    public static StorageTerms terms() {
        Policy policy = Policy.parse(POLICY, Path.of(".")).orThrow();
        return new StorageTerms(
                new StorageId(1),
                "folder:/1",
                new OwnerId(1),
                ANY,
                new Scoring(ANY, Preprocessing.getDefaultInstance()),
                new StorageTerms.Rules(
                        CompiledPolicy.of(policy, List.of("lighthouse")),
                        ContentHashes.NONE,
                        new Enforcement(Action.OBSERVE, Fuses.DEFAULT)),
                StorageTerms.Matching.NONE,
                StorageTerms.Admission.EVERYONE);
    }
}
