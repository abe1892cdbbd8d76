package org.picket.coordinator.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.BundleManifest;

class FurtherRulesTest {
    private static final String POLICY = """
            id: "p"
            version: 1
            further { bundle: "tagger" concept: "odd" when { concept: "boat" gte: 0.5 } }
            further { bundle: "depth" concept: "deep" when { concept: "boat" gte: 0.5 } }
            rule { id: "r" category: "c" all { bundle: "tagger" concept: "odd" gte: 0.5 }
                   all { bundle: "depth" concept: "deep" gte: 0.5 } }
            """;
    private static final BundleManifest FIRST = bundle("first", 224, "boat");
    private static final BundleManifest TAGGER = bundle("tagger", 448, "calm", "odd");
    private static final BundleManifest DEPTH = bundle("depth", 224, "deep");

    private static BundleManifest bundle(String name, int viewSize, String... concepts) {
        return BundleManifest.newBuilder()
                .setName(name)
                .setViewSize(viewSize)
                .setPreprocessingVersion(2)
                .addAllConcepts(List.of(concepts))
                .build();
    }

    private static TermsRead read(BundleManifest... further) {
        return TermsRules.read(new TermsText(
                StorageMode.OBSERVE,
                POLICY,
                FIRST.toByteString(),
                Stream.of(further).map(BundleManifest::toByteString).toList()));
    }

    private static List<String> faults(BundleManifest... further) {
        return assertInstanceOf(TermsRead.Faulty.class, read(further)).faults();
    }

    @Test
    void bundlesAreFoundByTheirNamesAndMakeThemOwnViews() {
        var terms = assertInstanceOf(TermsRead.Sound.class, read(TAGGER, DEPTH)).terms();
        assertEquals(2, terms.policy().further().size());
        assertEquals(
                448,
                terms.policy().further().getFirst().scoring().preprocessing().getViewSize());
        assertEquals(1, terms.policy().place("depth").orElseThrow());
        assertEquals(4, terms.policy().after(3).concepts());
    }

    @Test
    void everythingThatLacksOrIsTooMuchIsToldAtOnce() {
        List<String> faults = faults(bundle("tagger", 224, "calm"), bundle("other", 224, "x"));
        assertEquals(3, faults.size());
        assertTrue(faults.get(0).contains("never asks for the further bundle \"other\""), faults.toString());
        assertTrue(faults.get(1).contains("\"depth\", which is not given"), faults.toString());
        assertTrue(faults.get(2).contains("\"tagger\" has no concept \"odd\""), faults.toString());
        assertEquals(2, faults().size());
    }

    @Test
    void twoOfOneNameAndUnreadableOnesAreRefused() {
        assertTrue(faults(TAGGER, TAGGER, DEPTH).getFirst().contains("two further bundles"));
        assertInstanceOf(
                TermsRead.Faulty.class,
                TermsRules.read(new TermsText(
                        StorageMode.OBSERVE,
                        POLICY,
                        FIRST.toByteString(),
                        List.of(ByteString.copyFromUtf8("\n\u0007")))));
    }

    @Test
    void epochFollowsEachBundle() {
        var one = assertInstanceOf(TermsRead.Sound.class, read(TAGGER, DEPTH))
                .terms()
                .epoch();
        var other = assertInstanceOf(
                        TermsRead.Sound.class,
                        read(TAGGER.toBuilder().setVersion("2").build(), DEPTH))
                .terms()
                .epoch();
        assertNotEquals(one, other);
    }
}
