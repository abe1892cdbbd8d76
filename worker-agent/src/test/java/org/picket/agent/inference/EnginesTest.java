package org.picket.agent.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.picket.agent.bundle.Bundle;
import org.picket.proto.v1.BundleNeeds;

/// What is looked at before a bundle's leases are asked for.
class EnginesTest {
    private static final EngineSettings CPU = EngineSettings.cpu(1);
    private static final BundleNeeds ANYTHING = BundleNeeds.getDefaultInstance();
    private static final BundleNeeds CARD =
            BundleNeeds.newBuilder().addProviders("cuda").build();

    private final Engines engines = new Engines();

    @AfterEach
    void close() {
        engines.close();
    }

    private String refusal(EngineStart start) {
        String words = assertInstanceOf(EngineStart.Refused.class, start).inWords();
        assertEquals(Set.of(), engines.bundles(), words);
        return words;
    }

    @Test
    void bundleThatThisMachineCanRunRuns() {
        Bundle bundle = TestGraphs.needing(ANYTHING);
        assertInstanceOf(EngineStart.Started.class, engines.addFitting(bundle, CPU));
        assertEquals(Set.of(ByteString.copyFrom(bundle.digest())), engines.bundles());
        assertEquals("CPU", engines.provider());
        engines.end(ByteString.copyFrom(bundle.digest()));
        assertEquals(Set.of(), engines.bundles());
    }

    /// What does not fit into the memory would end the process, and with it the bundles that run.
    @Test
    void bundleThatNeedsMoreThanThereIsIsNotEvenLoaded() {
        Bundle huge = TestGraphs.needing(
                BundleNeeds.newBuilder().setMemoryBytes(1L << 60).build());
        String words = refusal(engines.addFitting(huge, CPU));
        assertTrue(words.contains("this machine cannot run it: it needs 1152921504606 MB of memory"), words);
        assertEquals(
                "this machine cannot run it: it needs cuda, and this agent computes by cpu",
                refusal(engines.addFitting(TestGraphs.needing(CARD), CPU)));
    }

    /// A graphics card was found, and refuses this graph: nobody leases the bundle to who computes it by the CPU.
    @Test
    void bundleThatFellBackToTheCpuAndMayNotRunThereIsEnded() {
        assertEquals(
                "this machine cannot run it: it needs cuda, and this agent computes by cpu",
                refusal(engines.addUnlessFallen(TestGraphs.needing(CARD), CPU)));
    }

    @Test
    void bundleWhoseGoldenViewsDifferDoesNotRun() {
        Bundle wrong = TestGraphs.ofFirstRed(1, (_, red) -> red);
        String words = refusal(engines.addFitting(wrong, CPU));
        assertTrue(words.contains("Golden view 0 differs by 1.0"), words);
        assertEquals(List.of(), engines.checks());
    }
}
