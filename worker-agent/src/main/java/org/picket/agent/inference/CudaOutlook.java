package org.picket.agent.inference;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/// Whether CUDA could compute on this machine, as far as can be told before anything is fetched for it.
public sealed interface CudaOutlook {
    /// There is no NVIDIA card, or nobody tells of one.
    record NoCard() implements CudaOutlook {}

    /// There is a card, and something that computing on it needs is not there.
    ///
    /// @param inWords what that is and what to do
    record Lacking(String inWords) implements CudaOutlook {}

    /// All is there but the natives of ONNX Runtime.
    record Able() implements CudaOutlook {}

    /// Looks on this machine.
    ///
    /// @param platform in the words of ONNX Runtime's folders
    static CudaOutlook here(String platform) {
        return of(GraphicsCards.nvidia(), NvidiaTool.property("memory.total"), () -> CudaLibraries.here(platform));
    }

    /// Pure but for what it is given.
    ///
    /// @param cards on the bus; a driver that answers has one that no bus shows, as on Windows
    /// @param driver what it answers
    /// @param libraries looked for where there is a card alone
    static CudaOutlook of(
            OptionalInt cards, NvidiaTool.Answer driver, Supplier<Optional<CudaLibraries.Report>> libraries) {
        boolean answers = driver instanceof NvidiaTool.Answer.Said;
        if (cards.orElse(0) == 0 && !answers) {
            return new NoCard();
        }
        if (driver instanceof NvidiaTool.Answer.Silent) {
            return new Lacking("there is an NVIDIA card, and its driver does not answer (nvidia-smi): install or"
                    + " update it, and in a container or a service pass the card through");
        }
        Optional<CudaLibraries.Report> report = libraries.get();
        if (report.isEmpty()) {
            return new Lacking("there is an NVIDIA card, and ONNX Runtime has no CUDA for this platform");
        }
        return report.get()
                .advice()
                .<CudaOutlook>map(advice -> new Lacking("there is an NVIDIA card, and not all that it needs: "
                        + report.get().inWords() + "; " + advice))
                .orElseGet(Able::new);
    }
}
