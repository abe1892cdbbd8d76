package org.picket.model;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.picket.model.graph.Graph;
import org.picket.proto.v1.BundleNeeds;
import org.picket.proto.v1.BundlePrecision;

/// A bundle's graph as it goes into the file, and the arithmetic that it is written for.
///
/// @param content the ONNX file
/// @param opset version of the standard operator set that it is written against
/// @param precision of its heavy operations
/// @param tolerance how far a score may be from its reference, absolute and relative to it alike
/// @param needs of whoever runs it
public record StoredGraph(Content content, int opset, BundlePrecision precision, float tolerance, BundleNeeds needs) {
    /// Of fp32 on a CPU.
    public static final float FP32_TOLERANCE = 1e-4f;

    /// A graph of [Graph]'s own operations in fp32.
    public static StoredGraph of(byte[] graph) {
        return new StoredGraph(
                new Content.InMemory(graph),
                Graph.OPSET,
                BundlePrecision.BUNDLE_PRECISION_FP32,
                FP32_TOLERANCE,
                BundleNeeds.getDefaultInstance());
    }

    /// Where the bytes are.
    public sealed interface Content {
        /// A small graph.
        record InMemory(byte[] bytes) implements Content {}

        /// A graph of any size, in a file.
        record InFile(Path path) implements Content {}

        /// To be closed by the caller.
        default InputStream open() throws IOException {
            return switch (this) {
                case InMemory memory -> new ByteArrayInputStream(memory.bytes());
                case InFile file -> Files.newInputStream(file.path());
            };
        }
    }
}
