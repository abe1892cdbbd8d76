package org.picket.coordinator.site;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.picket.coordinator.policy.Policy;
import org.picket.proto.limit.Limits;
import org.picket.proto.v1.BundleManifest;

/// Which further bundles go with a policy. Pure.
///
/// All faults are told at once and at the start: an object that waits for a bundle that nobody has would be
/// INCONCLUSIVE, and there may be thousands of them.
public final class FurtherRules {
    private FurtherRules() {}

    /// What is wrong, in words; nothing where each bundle that the policy asks is there, and no other.
    ///
    /// @param first the bundle that scores every object
    public static List<String> faults(Policy policy, BundleManifest first, List<BundleManifest> further) {
        var faults = new ArrayList<String>();
        Map<String, List<String>> given = new LinkedHashMap<>();
        long concepts = first.getConceptsCount();
        for (var manifest : further) {
            String name = manifest.getName();
            concepts += manifest.getConceptsCount();
            if (given.put(name, manifest.getConceptsList()) != null) {
                faults.add("two further bundles are named \"" + name + "\"; a policy asks for them by name");
            }
            if (policy.further().stream().noneMatch(asked -> asked.bundle().equals(name))) {
                faults.add("the policy never asks for the further bundle \"" + name + "\"");
            }
            if (manifest.getPreprocessingVersion() != first.getPreprocessingVersion()) {
                faults.add("the bundles \"" + first.getName() + "\" and \"" + name
                        + "\" are for different preprocessing: " + first.getPreprocessingVersion() + " and "
                        + manifest.getPreprocessingVersion());
            }
        }
        for (var name : policy.lacking(given.keySet())) {
            faults.add("the policy asks for the further bundle \"" + name
                    + "\", which is not given; give its file with --further-bundle");
        }
        faults.addAll(policy.checkFurther(given));
        if (concepts > Limits.BUNDLE_CONCEPTS) {
            faults.add(
                    "the bundles have " + concepts + " concepts together; " + Limits.BUNDLE_CONCEPTS + " are possible");
        }
        return List.copyOf(faults);
    }
}
