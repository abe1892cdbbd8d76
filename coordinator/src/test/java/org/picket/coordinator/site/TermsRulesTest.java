package org.picket.coordinator.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.picket.coordinator.policy.Policy;
import org.picket.proto.bundle.Needs;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.BundleManifest;
import org.picket.proto.v1.BundleNeeds;

class TermsRulesTest {
    private static final BundleManifest BUNDLE = BundleManifest.newBuilder()
            .setName("stand-in")
            .setViewSize(224)
            .setPreprocessingVersion(1)
            .addAllConcepts(List.of("lighthouse", "snow", "night", "drawing"))
            .build();

    private static TermsText text(String policy, BundleManifest bundle) {
        return new TermsText(StorageMode.QUARANTINE, policy, bundle.toByteString());
    }

    private static Terms sound(BundleManifest bundle) {
        return assertInstanceOf(TermsRead.Sound.class, TermsRules.read(text(Policy.standInText(), bundle)))
                .terms();
    }

    private static List<String> faults(String policy, BundleManifest bundle) {
        return assertInstanceOf(TermsRead.Faulty.class, TermsRules.read(text(policy, bundle)))
                .faults();
    }

    @Test
    void termsNameTheBundleByTheBytesOfItsManifest() {
        var terms = sound(BUNDLE);

        assertEquals(Digest.of(BUNDLE.toByteString()), terms.scoring().bundle());
        assertEquals(224, terms.scoring().preprocessing().getViewSize());
        assertEquals(4, terms.policy().concepts());
        assertEquals(StorageMode.QUARANTINE, terms.mode());
    }

    @Test
    void epochFollowsBundleAndPreprocessing() {
        var epoch = sound(BUNDLE).epoch();

        assertEquals(epoch, sound(BUNDLE).epoch());
        assertNotEquals(epoch, sound(BUNDLE.toBuilder().setVersion("2").build()).epoch());
        assertNotEquals(
                epoch, sound(BUNDLE.toBuilder().setViewSize(256).build()).epoch());
    }

    @Test
    void needsAreThoseOfTheManifest() {
        var needy = BUNDLE.toBuilder()
                .setNeeds(BundleNeeds.newBuilder().setMemoryBytes(4_000).addProviders("cuda"))
                .build();

        assertEquals(Map.of(), sound(BUNDLE).needs());
        assertEquals(
                Map.of(Digest.of(needy.toByteString()), new Needs(4_000, Set.of("cuda"))),
                sound(needy).needs());
        assertEquals(
                1,
                faults(
                                Policy.standInText(),
                                BUNDLE.toBuilder()
                                        .setNeeds(BundleNeeds.newBuilder().addProviders("any GPU"))
                                        .build())
                        .size());
    }

    @Test
    void policyFaultsComeWithLineAndColumn() {
        assertEquals(
                List.of("1:1: the policy needs a `version` of 1 or more"),
                faults("id: \"p\" rule { id: \"r\" category: \"c\" all { concept: \"snow\" gte: 1 } }", BUNDLE));
        assertTrue(faults("# x\nid 5", BUNDLE).getFirst().startsWith("2:"));
    }

    @Test
    void listFilesAreRefusedForThereIsNoFolderHere() {
        var policy = "id: \"p\" version: 1 list { id: \"l\" kind: DENY category: \"k\" file: \"l.txt\" }";

        assertEquals(1, faults(policy, BUNDLE).size());
    }

    @Test
    void unusableBundlesAreRefused() {
        var standIn = Policy.standInText();

        assertEquals(
                1, faults(standIn, BUNDLE.toBuilder().clearConcepts().build()).size());
        assertEquals(
                1,
                faults(standIn, BUNDLE.toBuilder().addConcepts("snow").build()).size());
        assertEquals(
                1, faults(standIn, BUNDLE.toBuilder().setViewSize(0).build()).size());
        assertEquals(
                1,
                faults(standIn, BUNDLE.toBuilder().setConcepts(0, "other").build())
                        .size());
        assertInstanceOf(
                TermsRead.Faulty.class,
                TermsRules.read(new TermsText(StorageMode.OBSERVE, standIn, ByteString.copyFromUtf8("\u0007"))));
    }
}
