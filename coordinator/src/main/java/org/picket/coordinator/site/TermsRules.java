package org.picket.coordinator.site;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.picket.coordinator.policy.Fault;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.policy.PolicyEpoch;
import org.picket.coordinator.policy.PolicyParsed;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.coordinator.ruling.FurtherBundle;
import org.picket.proto.bundle.Needs;
import org.picket.proto.bundle.Scoring;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.BundleManifest;

/// From the text of terms to terms. Pure: a policy that names list files is told to write them into its text.
public final class TermsRules {
    private static final int MOST_PROVIDERS = 16;
    private static final Pattern PROVIDER = Pattern.compile("[a-z0-9]{1,32}");

    private TermsRules() {}

    public static TermsRead read(TermsText text) {
        var faults = new ArrayList<String>();
        var manifests = new ArrayList<BundleManifest>();
        manifest(text.bundleManifest(), faults).ifPresent(manifests::add);
        text.further().forEach(bytes -> manifest(bytes, faults).ifPresent(manifests::add));
        if (!faults.isEmpty()) {
            return new TermsRead.Faulty(faults);
        }
        return switch (Policy.parse(text.policy())) {
            case PolicyParsed.Faults refused -> new TermsRead.Faulty(words(refused.faults()));
            case PolicyParsed.Valid(Policy policy) -> {
                var first = manifests.getFirst();
                var others = manifests.subList(1, manifests.size());
                faults.addAll(words(policy.checkAgainst(first.getConceptsList())));
                faults.addAll(FurtherRules.faults(policy, first, others));
                yield faults.isEmpty() ? sound(text, policy, first, others) : new TermsRead.Faulty(faults);
            }
        };
    }

    private static Optional<BundleManifest> manifest(ByteString bytes, List<String> faults) {
        try {
            var manifest = BundleManifest.parseFrom(bytes);
            var fault = faultOf(manifest);
            if (!fault.isEmpty()) {
                faults.add("the bundle \"" + manifest.getName() + "\" " + fault);
            }
            return Optional.of(manifest);
        } catch (InvalidProtocolBufferException e) {
            faults.add("the bundle's manifest cannot be read: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static List<String> words(List<Fault> faults) {
        return faults.stream().map(Fault::toString).toList();
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
        return faultOf(manifest.getNeeds().getProvidersList());
    }

    private static String faultOf(List<String> providers) {
        boolean words = providers.size() <= MOST_PROVIDERS
                && providers.stream().allMatch(word -> PROVIDER.matcher(word).matches());
        return words ? "" : "needs providers that are none: words such as cuda, at most " + MOST_PROVIDERS;
    }

    private static Map<Digest, Needs> needs(TermsText text, BundleManifest first, List<BundleManifest> others) {
        var needs = new HashMap<Digest, Needs>();
        needs.put(Digest.of(text.bundleManifest()), Needs.of(first.getNeeds()));
        for (int i = 0; i < others.size(); i++) {
            needs.put(Digest.of(text.further().get(i)), Needs.of(others.get(i).getNeeds()));
        }
        needs.values().removeIf(Needs::none);
        return needs;
    }

    private static TermsRead sound(
            TermsText text, Policy policy, BundleManifest manifest, List<BundleManifest> others) {
        var scoring = Scoring.of(Digest.of(text.bundleManifest()), manifest);
        var further = new ArrayList<FurtherBundle>();
        for (int i = 0; i < others.size(); i++) {
            var other = others.get(i);
            further.add(new FurtherBundle(
                    other.getName(),
                    other.getConceptsList(),
                    Scoring.of(Digest.of(text.further().get(i)), other)));
        }
        return new TermsRead.Sound(new Terms(
                CompiledPolicy.of(policy, manifest.getConceptsList(), further),
                scoring,
                PolicyEpoch.of(
                        policy.digest(),
                        scoring.bundle(),
                        scoring.preprocessingDigest(),
                        further.stream().map(one -> one.scoring().bundle()).toList()),
                text.mode(),
                text.circle(),
                needs(text, manifest, others)));
    }
}
