package org.picket.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.picket.agent.bundle.Bundle;
import org.picket.coordinator.policy.Further;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.policy.PolicyCheck;
import org.picket.coordinator.ruling.CompiledPolicy;
import org.picket.coordinator.ruling.FurtherBundle;
import org.picket.coordinator.site.FurtherRules;
import org.picket.model.StandIn;
import org.picket.proto.v1.BundleManifest;

/// What is ruled with: bundles and a policy that go together.
///
/// @param first scores every object
/// @param further score what the policy asks them for, in the policy's order
record Means(Bundle first, List<Bundle> further, Policy policy) {
    Means {
        further = List.copyOf(further);
    }

    /// Bundles that are at hand.
    record Bundles(Bundle first, List<Bundle> further) {
        Bundles {
            further = List.copyOf(further);
        }

        /// All of them, the first one first.
        Stream<Bundle> all() {
            return Stream.concat(Stream.of(first), further.stream());
        }
    }

    /// The bundles that the setting names, else the stand-in, loudly.
    ///
    /// @throws UsageFault with all that is wrong with them
    static Bundles bundles(Setting setting) {
        FaultList unsound = new FaultList();
        Optional<Bundles> opened = bundles(setting, unsound);
        unsound.orThrow();
        return opened.orElseThrow();
    }

    private static Optional<Bundles> bundles(Setting setting, FaultList unsound) {
        Optional<Bundle> first = unsound.taken(
                Keys.BUNDLE.name(),
                () -> setting.bundles().first().map(BundleCommand::open).orElseGet(Means::standIn));
        List<Bundle> further = setting.bundles().further().stream()
                .map(file -> unsound.taken(Keys.FURTHER_BUNDLES.name(), () -> BundleCommand.open(file)))
                .flatMap(Optional::stream)
                .toList();
        return first.map(one -> new Bundles(one, further));
    }

    /// What speaks against ruling by a policy with these bundles, in words.
    static List<String> faults(Policy policy, BundleManifest first, List<BundleManifest> further) {
        List<String> faults = new ArrayList<>();
        policy.checkBundle(first.getName()).ifPresent(faults::add);
        policy.checkAgainst(first.getConceptsList()).forEach(fault -> faults.add(fault.toString()));
        faults.addAll(FurtherRules.faults(policy, first, further));
        return faults;
    }

    /// Those that the setting names, else the stand-in's, loudly.
    ///
    /// @throws UsageFault with all that does not go together
    static Means of(Setting setting) {
        FaultList unsound = new FaultList();
        Optional<Bundles> opened = bundles(setting, unsound);
        Optional<Policy> named = unsound.taken(
                        Keys.POLICY.name(), () -> setting.policy().map(Means::sound))
                .flatMap(policy -> policy);
        unsound.orThrow();
        Bundle first = opened.orElseThrow().first();
        List<Bundle> further = opened.orElseThrow().further();
        Policy policy = named.orElseGet(() -> standInsPolicy(setting, first));
        List<String> faults = faults(
                policy, first.manifest(), further.stream().map(Bundle::manifest).toList());
        if (!faults.isEmpty()) {
            throw new UsageFault(setting.policy().map(PolicyChoice::toString).orElse("the stand-in's policy")
                    + " and the bundles do not go together:\n  " + String.join("\n  ", faults));
        }
        policy.idle().forEach(idle -> System.err.println("picket: warning: in the policy, " + idle));
        List<String> order = policy.further().stream().map(Further::bundle).toList();
        return new Means(
                first,
                further.stream()
                        .sorted(Comparator.comparingInt(
                                bundle -> order.indexOf(bundle.manifest().getName())))
                        .toList(),
                policy);
    }

    private static Bundle standIn() {
        System.err.println(
                "picket: this is the stand-in bundle: it knows synthetic lighthouses and is NO detector of anything"
                        + " else. Name a real one by --bundle.");
        return builtIn();
    }

    /// The stand-in, for those who say themselves what it is.
    static Bundle builtIn() {
        try (InputStream file = StandIn.open()) {
            return Bundle.read("the stand-in bundle", file).orThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("the stand-in bundle cannot be read", e);
        }
    }

    private static Policy standInsPolicy(Setting setting, Bundle first) {
        if (setting.bundles().first().isPresent()
                && !first.concepts().containsAll(Policy.standIn().concepts())) {
            throw new UsageFault("the stand-in's policy does not fit this bundle; name a policy by --policy");
        }
        return Policy.standIn();
    }

    private static Policy sound(PolicyChoice choice) {
        return switch (choice) {
            case PolicyChoice.OfFile(Path path) -> sound(path);
            case PolicyChoice.OfCollective _ ->
                throw new UsageFault(choice + " is for 'picket crawler run' alone; name a file here");
        };
    }

    private static Policy sound(Path path) {
        PolicyCheck check = PolicyCheck.of(path);
        return check.policy()
                .orElseThrow(
                        () -> new UsageFault("the policy is not in order:\n  " + String.join("\n  ", check.lines())));
    }

    /// All bundles, the first one first.
    List<Bundle> all() {
        return Stream.concat(Stream.of(first), further.stream()).toList();
    }

    /// The policy, ready for the bundles.
    CompiledPolicy compiled() {
        return CompiledPolicy.of(
                policy, first.concepts(), further.stream().map(Means::further).toList());
    }

    private static FurtherBundle further(Bundle bundle) {
        return new FurtherBundle(bundle.manifest().getName(), bundle.concepts(), bundle.scoring());
    }

    /// The bundles by name, version and digest.
    String named() {
        return named(all().stream());
    }

    /// Bundles by name, version and digest.
    static String named(Stream<Bundle> bundles) {
        return bundles.map(bundle -> bundle.manifest().getName() + " "
                        + bundle.manifest().getVersion() + " "
                        + HexFormat.of().formatHex(bundle.digest()))
                .collect(Collectors.joining(", "));
    }
}
