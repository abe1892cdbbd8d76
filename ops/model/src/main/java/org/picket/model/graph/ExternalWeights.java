package org.picket.model.graph;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.picket.model.onnx.AttributeProto;
import org.picket.model.onnx.GraphProto;
import org.picket.model.onnx.ModelProto;
import org.picket.model.onnx.NodeProto;
import org.picket.model.onnx.SparseTensorProto;
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
        // Wherever else a tensor may stand, the runtime would look for its file by itself.
        boolean elsewhere =
                holdsExternal(proto.getGraph().toBuilder().clearInitializer().build())
                        || proto.getFunctionsList().stream()
                                .flatMap(function -> function.getNodeList().stream())
                                .anyMatch(ExternalWeights::holdsExternal);
        if (elsewhere) {
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
        return node.getAttributeList().stream().anyMatch(ExternalWeights::holdsExternal);
    }

    private static boolean holdsExternal(AttributeProto attribute) {
        return Stream.concat(Stream.of(attribute.getT()), attribute.getTensorsList().stream())
                        .anyMatch(PlacedWeights::has)
                || Stream.concat(Stream.of(attribute.getSparseTensor()), attribute.getSparseTensorsList().stream())
                        .anyMatch(ExternalWeights::holdsExternal)
                || Stream.concat(Stream.of(attribute.getG()), attribute.getGraphsList().stream())
                        .anyMatch(ExternalWeights::holdsExternal);
    }

    private static boolean holdsExternal(SparseTensorProto sparse) {
        return PlacedWeights.has(sparse.getValues()) || PlacedWeights.has(sparse.getIndices());
    }

    private static boolean holdsExternal(GraphProto inner) {
        return inner.getInitializerList().stream().anyMatch(PlacedWeights::has)
                || inner.getSparseInitializerList().stream().anyMatch(ExternalWeights::holdsExternal)
                || inner.getNodeList().stream().anyMatch(ExternalWeights::holdsExternal);
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
            if (!isBeside(file)) {
                throw new ModelFault(file + " is a link that leads out of the folder of " + model
                        + ". Put the weights themselves there, or do not trust this export.");
            }
            return Files.size(file);
        } catch (IOException cause) {
            throw new ModelFault(file + " cannot be read (" + cause + "). Check the path and its permissions.", cause);
        }
    }

    /// Whether the weights are where the model is, also after links: the caches of download tools link both from
    /// a folder of names into one of contents. A link to anywhere else would put some other file of this machine
    /// into the bundle, which others get.
    private boolean isBeside(Path file) throws IOException {
        Path place = file.toRealPath().getParent();
        return place.equals(folder.toRealPath())
                || place.equals(model.toRealPath().getParent());
    }
}
