package org.picket.coordinator.site;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.picket.coordinator.policy.Fault;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.policy.PolicyEpoch;
import org.picket.coordinator.policy.PolicyParsed;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.BundleManifest;
import org.picket.proto.v1.Preprocessing;

/// From the text of terms to terms. Pure: a policy that names list files is told to write them into its text.
public final class TermsRules {
    /// No list file is ever looked for here: the coordinator has no folder of the site's.
    private static final Path NO_FOLDER = Path.of("no-list-files-at-the-coordinator");

    private TermsRules() {}

    public static TermsRead read(TermsText text) {
        BundleManifest manifest;
        try {
            manifest = BundleManifest.parseFrom(text.bundleManifest());
        } catch (InvalidProtocolBufferException e) {
            return new TermsRead.Faulty(List.of("the bundle's manifest cannot be read: " + e.getMessage()));
        }
        var fault = faultOf(manifest);
        if (!fault.isEmpty()) {
            return new TermsRead.Faulty(List.of("the bundle \"" + manifest.getName() + "\" " + fault));
        }
        return switch (Policy.parse(text.policy(), NO_FOLDER)) {
            case PolicyParsed.Faults refused -> faulty(refused.faults());
            case PolicyParsed.Valid valid -> {
                var missing = valid.policy().checkAgainst(manifest.getConceptsList());
                yield missing.isEmpty() ? sound(text, valid.policy(), manifest) : faulty(missing);
            }
        };
    }

    private static TermsRead faulty(List<Fault> faults) {
        return new TermsRead.Faulty(faults.stream().map(Fault::toString).toList());
    }

    private static String faultOf(BundleManifest manifest) {
        int concepts = manifest.getConceptsCount();
        if (concepts < 1 || concepts > Limits.BUNDLE_CONCEPTS) {
            return "has " + concepts + " concepts; 1 to " + Limits.BUNDLE_CONCEPTS + " are possible";
        }
        if (new HashSet<>(manifest.getConceptsList()).size() != concepts) {
            return "names a concept twice";
        }
        if (manifest.getViewSize() < 1 || manifest.getViewSize() > Limits.VIEW_SIZE) {
            return "takes views of " + Integer.toUnsignedString(manifest.getViewSize()) + " pixels a side; 1 to "
                    + Limits.VIEW_SIZE + " are possible";
        }
        return "";
    }

    private static TermsRead sound(TermsText text, Policy policy, BundleManifest manifest) {
        var bundle = Digest.of(text.bundleManifest());
        var preprocessing = Preprocessing.newBuilder()
                .setVersion(manifest.getPreprocessingVersion())
                .setViewSize(manifest.getViewSize())
                .build();
        var preprocessingDigest = Digest.of(preprocessing.toByteString());
        return new TermsRead.Sound(new Terms(
                CompiledPolicy.of(policy, manifest.getConceptsList()),
                bundle,
                preprocessing,
                preprocessingDigest,
                PolicyEpoch.of(policy, bundle, preprocessingDigest),
                text.mode()));
    }
}
