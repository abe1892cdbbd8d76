package org.picket.model.graph;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.picket.model.onnx.ModelProto;
import org.picket.model.onnx.NodeProto;
import org.picket.model.onnx.TensorProto;

/// Checks where a model says that its weights lie. Only plain files in the model's own folder will do, whatever a
/// model says.
final class ExternalWeights {
    private final Path model;
    private final Path folder;
    private final Map<String, Long> sizes = new HashMap<>();

    private ExternalWeights(Path model) {
        this.model = model;
        this.folder = Optional.ofNullable(model.toAbsolutePath().normalize().getParent())
                .orElse(Path.of("/"));
    }

    /// The model with all files that it consists of.
    static OnnxModel checked(Path model, ModelProto proto) {
        if (proto.getGraph().getNodeList().stream().anyMatch(ExternalWeights::holdsExternal)) {
            throw new ModelFault(model + " keeps constants of single operations outside of the file."
                    + " Export it again with its weights in one place.");
        }
        ExternalWeights weights = new ExternalWeights(model);
        proto.getGraph().getInitializerList().stream()
                .filter(PlacedWeights::has)
                .forEach(weights::check);
        String own = String.valueOf(model.getFileName());
        List<Path> files = new ArrayList<>(List.of(model));
        weights.sizes.keySet().stream()
                .filter(name -> !name.equals(own))
                .sorted()
                .map(model::resolveSibling)
                .forEach(files::add);
        return new OnnxModel(model.toString(), proto, files);
    }

    private static boolean holdsExternal(NodeProto node) {
        return node.getAttributeList().stream()
                .anyMatch(attribute -> PlacedWeights.has(attribute.getT())
                        || attribute.getG().getInitializerList().stream().anyMatch(PlacedWeights::has));
    }

    private void check(TensorProto tensor) {
        PlacedWeights placed;
        try {
            placed = PlacedWeights.of(tensor);
        } catch (NumberFormatException | ArithmeticException cause) {
            throw new ModelFault(
                    model + " says where its weights lie in words that are no numbers. Export it again.", cause);
        }
        long size = Optional.ofNullable(sizes.get(placed.file())).orElseGet(() -> {
            long found = size(placed.file());
            sizes.put(placed.file(), found);
            return found;
        });
        if (placed.offset() < 0 || placed.length() < 0 || placed.offset() > size - placed.length()) {
            throw new ModelFault("The weights " + folder.resolve(placed.file()) + " end before " + model
                    + " says they do: the file is cut short or of another export. Fetch both again.");
        }
    }

    private long size(String name) {
        Path file = folder.resolve(name).normalize();
        if (name.isEmpty() || !folder.equals(file.getParent())) {
            throw new ModelFault(model + " says that its weights lie outside of its own folder, at \"" + name
                    + "\". Put both files into one folder, or do not trust this export.");
        }
        if (!Files.isRegularFile(file)) {
            throw new ModelFault(model + " keeps its weights in " + file
                    + ", which is not there. Fetch that file too, into the same folder.");
        }
        try {
            return Files.size(file);
        } catch (IOException cause) {
            throw new ModelFault(file + " cannot be read (" + cause + "). Check the path and its permissions.", cause);
        }
    }
}
