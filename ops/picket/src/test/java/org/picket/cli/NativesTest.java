package org.picket.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.picket.agent.inference.CudaOutlook;
import org.picket.agent.inference.Provider;
import org.picket.agent.pack.Platform;
import org.picket.agent.pack.ProviderPack;

/// How an agent comes to its native libraries.
class NativesTest extends NativesFixture {
    private static final String LIBRARIES = "onnxruntime.native.path";

    @Test
    void programWithoutNativesWaitsForACoordinatorThatIsAway() throws InterruptedException {
        PacksFake away = packs("cpu");
        away.wants.addAll(List.of(Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.UNAVAILABLE));
        ProviderPack pack = natives().fetched(shelf(away));
        assertTrue(Files.exists(pack.folder().resolve("libonnxruntime.so")));
        assertFalse(Files.exists(data.resolve("providers").resolve("fetched.zip")), "it is unpacked");
    }

    @Test
    void otherCoordinatorIsAskedAtOnceWhereOneIsAway() throws InterruptedException {
        PacksFake away = packs("cpu");
        for (int i = 0; i < 1_000; i++) {
            away.wants.add(Status.UNAVAILABLE);
        }
        assertEquals("cpu", natives().fetched(shelf(away, packs("cpu"))).provider());
        assertEquals(999, away.wants.size());
    }

    /// An agent that has what it needs is not held up by a coordinator that is away, or of an earlier version.
    @Test
    void programWithNativesGoesOnWithThem() throws InterruptedException {
        assertTrue(Platform.here().builtIn());
        for (Status status : List.of(Status.UNAVAILABLE, Status.UNIMPLEMENTED)) {
            PacksFake away = packs("cpu");
            away.wants.addAll(List.of(status, status));
            Natives natives = natives(Optional.of(Provider.CUDA), true, Platform.here(), new CudaOutlook.NoCard());
            String lack = natives.ready(Optional.empty(), shelf(away)).getFirst();
            assertTrue(lack.contains("does not say which provider packs it has (" + status.getCode()), lack);
            assertEquals(1, away.wants.size(), "asked more than once");
        }
    }

    @Test
    void programWithoutNativesIsToldWhatToDoByAnEarlierCoordinator() {
        PacksFake earlier = packs("cpu");
        earlier.wants.addAll(List.of(Status.UNIMPLEMENTED, Status.UNIMPLEMENTED));
        UsageFault fault = assertThrows(UsageFault.class, () -> natives().fetched(shelf(earlier)));
        assertTrue(fault.getMessage().contains("--provider-pack FILE"), fault::getMessage);
    }

    /// A coordinator hands out eight files at once, and every new agent comes for its pack.
    @Test
    void downloadWaitsForItsTurn() throws InterruptedException {
        PacksFake crowded = packs("cpu");
        for (int i = 0; i < 3 * TWO.most() + 1; i++) {
            crowded.fetches.add(Status.RESOURCE_EXHAUSTED);
        }
        assertEquals("cpu", natives().fetched(shelf(crowded)).provider());
        assertEquals(List.of(), List.copyOf(crowded.fetches));
    }

    private static final CudaOutlook ABLE = new CudaOutlook.Able();

    private List<String> ready(Natives natives, PacksFake coordinator) throws InterruptedException {
        return natives.ready(Optional.empty(), shelf(coordinator));
    }

    /// Nobody has to ask for what the machine has.
    @Test
    void cardThatCouldComputeGetsItsPackWithoutAWish() throws InterruptedException {
        PacksFake both = packs("cpu", "cuda");
        assertEquals(List.of(), ready(natives(ABLE), both));
        assertEquals(List.of("cuda"), used);
        both.wants.add(Status.UNAVAILABLE);
        assertEquals(List.of(), ready(natives(ABLE), both));
        assertEquals(1, both.wants.size(), "what is there is not asked for again");
    }

    @Test
    void packForTheCpuThatLiesThereIsNoReasonToLeaveTheCardAlone() throws InterruptedException {
        ready(natives(), packs("cpu", "cuda"));
        assertEquals(List.of("cpu"), used);
        assertEquals(List.of(), ready(natives(ABLE), packs("cpu", "cuda")));
        assertEquals(List.of("cpu", "cuda"), used);
    }

    @Test
    void withoutACardOrWithTheCpuAskedForNothingIsFetchedForOne() throws InterruptedException {
        assertEquals(List.of(), ready(natives(), packs("cuda", "cpu")));
        assertEquals(List.of(), ready(natives(Optional.of(Provider.CPU), true, ELSEWHERE, ABLE), packs("cuda", "cpu")));
        assertEquals(List.of("cpu", "cpu"), used);
    }

    @Test
    void cardThatLacksSomethingIsToldAndTheCpuComputes() throws InterruptedException {
        assertEquals(
                List.of("CUDA is not used: install cuDNN 9"),
                ready(natives(new CudaOutlook.Lacking("install cuDNN 9")), packs("cuda", "cpu")));
        assertEquals(List.of("cpu"), used);
    }

    @Test
    void whereNoPackForTheCardIsHandedOutTheCpuComputesAndWhyIsTold() throws InterruptedException {
        String lack = ready(natives(ABLE), packs("cpu")).getFirst();
        assertTrue(lack.startsWith("CUDA is not used: the coordinator hands out no provider pack with it for"), lack);
        assertEquals(List.of("cpu"), used);
    }

    @Test
    void packForTheCardThatDoesNotLoadIsLeftAndWhyIsTold() throws InterruptedException {
        unloadable.add("cuda");
        String fetched = ready(natives(ABLE), packs("cpu", "cuda")).getFirst();
        assertTrue(fetched.contains("the provider pack natives cuda, "), fetched);
        assertTrue(fetched.endsWith(" does not load here: its C library is too new"), fetched);
        String lying = ready(natives(ABLE), packs("cpu", "cuda")).getFirst();
        assertTrue(lying.contains("does not load here: its C library is too new; give another one by"), lying);
        assertEquals(List.of("cpu", "cpu"), used);
    }

    /// A service cannot be asked, and has to go on with what it has.
    @Test
    void packForTheCardThatWasNotAgreedToIsNotFetched() throws InterruptedException {
        ready(natives(), packs("cpu"));
        PacksFake both = packs("cpu", "cuda");
        String lack =
                ready(natives(Optional.empty(), false, ELSEWHERE, ABLE), both).getFirst();
        assertTrue(lack.contains("was not agreed to: start the agent once with --yes"), lack);
        assertEquals(List.of("cpu", "cpu"), used);
    }

    @Test
    void downloadForTheCardThatFailsIsTakenUpByTheNextStart() throws InterruptedException {
        PacksFake failing = packs("cpu", "cuda");
        for (int i = 0; i < TWO.most(); i++) {
            failing.fetches.add(Status.UNAVAILABLE);
        }
        String lack = ready(natives(ABLE), failing).getFirst();
        assertTrue(lack.contains("natives cuda cannot be fetched") && lack.contains("by the next"), lack);
        assertEquals(List.of("cpu"), used);
        assertEquals(List.of(), ready(natives(ABLE), failing));
        assertEquals(List.of("cpu", "cuda"), used);
    }

    /// What lies there runs as whoever runs the agent.
    @Test
    void libraryThatOthersMayWriteIsNotLoaded() throws IOException {
        Optional<String> before = Optional.ofNullable(System.getProperty(LIBRARIES));
        for (String rights : List.of("rwxrwx---", "rwx----w-")) {
            Path folder = Files.createDirectory(data.resolve(rights));
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(rights));
            ProviderPack pack = new ProviderPack(folder, ELSEWHERE.name(), "cpu", ProviderPack.RUNTIME);
            UsageFault fault = assertThrows(UsageFault.class, () -> Natives.load(pack));
            assertTrue(fault.getMessage().contains("others may write to it"), fault::getMessage);
        }
        assertEquals(before, Optional.ofNullable(System.getProperty(LIBRARIES)));
    }
}
