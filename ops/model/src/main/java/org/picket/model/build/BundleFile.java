package org.picket.model.build;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.picket.model.BundleDraft;
import org.picket.model.BundleWriter;
import org.picket.model.StoredGraph;
import org.picket.model.graph.ModelFault;

/// Tries a composed graph and writes its bundle.
public final class BundleFile {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,63}");
    private static final int WRITE_BUFFER = 1 << 20;

    private BundleFile() {}

    /// What was written.
    ///
    /// @param bytes of the bundle
    /// @param trial how its graph did
    public record Written(long bytes, Trial trial) {}

    /// Refuses names that no bundle may have, before any work is done.
    public static void check(Label label) {
        if (!NAME.matcher(label.name()).matches()
                || !NAME.matcher(label.version()).matches()) {
            throw new ModelFault("The name \"" + label.name() + "\" and version \"" + label.version()
                    + "\" must be 1 to 64 lower-case letters, digits, dots and hyphens each.");
        }
        if (Files.isDirectory(label.out())) {
            throw new ModelFault(label.out() + " is a folder. Name the bundle's file by --out.");
        }
    }

    /// Tries the graph, then writes the whole file or none.
    public static Written write(
            Label label,
            Composed composed,
            Sources sources,
            Account account,
            Scratch scratch,
            Consumer<String> progress) {
        Path model = scratch.file("model.onnx");
        progress.accept("trying the composed graph on " + composed.golden().size() + " golden views");
        Trial trial = Trial.of(composed, model);
        progress.accept("writing " + label.out());
        StoredGraph graph = new StoredGraph(
                new StoredGraph.Content.InFile(model),
                Math.toIntExact(composed.graph().opset()),
                composed.precision(),
                trial.tolerance(),
                label.needs());
        BundleDraft draft = new BundleDraft(
                label.name(),
                label.version(),
                composed.viewSize(),
                composed.concepts(),
                graph,
                new BundleDraft.Golden(composed.golden(), composed.reference()),
                new BundleDraft.Text(
                        account.notice(label.name()),
                        Card.text(label, composed, sources, account, trial),
                        sources.digests()));
        Path whole = scratch.file("whole.bundle");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(whole), WRITE_BUFFER)) {
                BundleWriter.write(draft, out);
            }
            Files.move(whole, label.out(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return new Written(Files.size(label.out()), trial);
        } catch (IOException cause) {
            throw new ModelFault(
                    label.out() + " cannot be written (" + cause + "). Check the free space and the permissions"
                            + " there, or name another place by --out.",
                    cause);
        }
    }

    /// What kind of model this is, for notice and card.
    ///
    /// @param what completes "scores so many concepts ..."
    /// @param lines sentences on how scores come about
    /// @param remarks what to heed
    public record Account(String what, List<String> lines, List<String> remarks) {
        public Account {
            lines = List.copyOf(lines);
            remarks = List.copyOf(remarks);
        }

        String notice(String name) {
            return "The bundle " + name + " " + what + ". It was built by picket bundle build from exports of others;"
                    + " nobody has measured here how often it is right. Evaluate it with your policy on labelled"
                    + " pictures before you rely on it.";
        }
    }
}
